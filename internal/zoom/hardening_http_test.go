package zoom_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// raw sends bytes over a socket and returns the answer to them. half closes
// the sending side after them, as a client does that is cut off.
func raw(t *testing.T, s *mustertest.Server, method, request string, half bool) (mustertest.Answer, error) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // its answer was read
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return mustertest.Answer{}, err
	}
	if half {
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return mustertest.Answer{}, err
	}
	defer func() { _ = res.Body.Close() }() // it was read
	body, err := io.ReadAll(res.Body)
	return mustertest.Answer{Status: res.StatusCode, Header: res.Header, Body: body}, err
}

// TestHardeningRoutes: what is no operation is told so by the dialect and
// never by the router.
func TestHardeningRoutes(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	before := v.dump()
	id := v.names["meetingId"][0]
	for _, line := range []string{
		"GET /", "GET /v2", "GET /v2/", "GET /v2/nothing", "GET /v3/users", "GET /V2/users", "GET /v2/Users", "GET /v2/users/", "GET /v2//users/",
		"GET /v2/../v2/users", "GET /v2/./users", "GET /v2/users/..", "GET /..", "GET /../../etc/passwd", "GET /v2/users/a/b/c/d",
		"GET /v2/users%2F", "GET /v2%2Fusers", "GET /v2/meetings/" + id + "%2Fregistrants/x/y", "GET /v2/meetings/" + id + "/registrants/",
		"GET /v2/meetings/" + id + "/batch_registrants", "PUT /v2/meetings/" + id, "POST /v2/meetings/" + id, "DELETE /v2/users", "PUT /v2/users",
		"PATCH /v2/meetings/" + id + "/status", "DELETE /v2/meetings/" + id + "/registrants", "OPTIONS /v2/users", "OPTIONS /", "TRACE /v2/users",
		"TRACE /v2/meetings/" + id, "PROPFIND /v2/users", "X" + strings.Repeat("Y", 3000) + " /v2/users", "get /v2/users",
		"PUT /v2/accounts", "GET /v2/accounts/", "GET /v2/accounts//users/", "POST /accounts/me", "GET /accounts/", "GET /v2/v2/users", "GET /oauth/token",
		"GET /oauth", "POST /oauth/", "DELETE /oauth/token", "POST /healthz", "POST /docs", "DELETE /w/" + id, "POST /w/" + id, "GET /w/", "GET /w/1/2",
		"GET /favicon.ico", "GET /v2/users\\", "GET /" + strings.Repeat("a/", 5000), "GET *", "POST *", "GET http://muster.test", "GET http://muster.test/",
		"GET /%00", "GET /%ff", "GET /v2/%c3%28", "GET /v2/users;a=b", "GET /:80/v2/users", "GET /v2/users%20", "GET /v2/\xff\xfe",
		"CONNECT /v2/users", "CONNECT muster.test:443",
	} {
		method, _, _ := strings.Cut(line, " ")
		a, err := raw(t, s, method, line+" HTTP/1.1\r\nHost: muster.test\r\nAuthorization: Bearer "+v.token+"\r\nContent-Length: 0\r\n\r\n", false)
		if err != nil {
			t.Errorf("%.100s: %v", line, err)
			continue
		}
		what := fmt.Sprintf("%.100s", line)
		if a.Header.Get("Location") != "" || a.Status != 404 {
			t.Errorf("%s: got %d to %q %.300s, want 404", what, a.Status, a.Header.Get("Location"), a.Body)
			continue
		}
		if code := refusal(t, what, a); code != 2300 {
			t.Errorf("%s: got %.300s, want code 2300", what, a.Body)
		}
	}
	v.unchanged(before, "a request that is no operation")
}

// TestHardeningPaths: odd spellings of a path reach the operation that they
// mean, without a redirect.
func TestHardeningPaths(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	id := v.names["meetingId"][0]
	for _, path := range []string{
		"/v2/users", "//v2//users", "///v2/users", "/v2/accounts/me/users", "//accounts//me//users", "/v2/%75sers", "/v2/users?", "/v2/users?&&",
		"/v2/meetings/" + id, "/v2//meetings//" + id, "/v2/meetings/%3" + id[:1] + id[1:], "http://muster.test/v2/users", "/v2/users?page_size=",
	} {
		a, err := raw(t, s, "GET", "GET "+path+" HTTP/1.1\r\nHost: muster.test\r\nAuthorization: bearer  "+v.token+" \r\n\r\n", false)
		if err != nil || a.Status != 200 {
			t.Errorf("%s: got %d %.200s %v, want 200", path, a.Status, a.Body, err)
		}
	}
	head, err := raw(t, s, "HEAD", "HEAD /v2/users HTTP/1.1\r\nHost: muster.test\r\nAuthorization: Bearer "+v.token+"\r\n\r\n", false)
	if err != nil || head.Status != 200 || len(head.Body) != 0 {
		t.Errorf("HEAD: got %d with %d bytes, %v; want 200 without a body", head.Status, len(head.Body), err)
	}
}

// TestHardeningQueries: a query that cannot be read is refused. To pass over
// the part that names one date would delete them all.
func TestHardeningQueries(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	before := v.dump()
	one := v.meeting + "/registrants/" + v.names["registrantId"][0]
	for _, query := range []string{"occurrence_id=%zz", "occurrence_id=1;x=2", "%=1", "occurrence_id=%", "a=%f"} {
		for _, line := range []string{"GET /v2/users", "DELETE " + one, "DELETE " + v.meeting, "GET " + v.meeting} {
			method, path, _ := strings.Cut(line, " ")
			a := v.s.As(v.token, method, path+"?"+query, "")
			if code := refusal(t, line+"?"+query, a); a.Status != 400 || code != 300 {
				t.Errorf("%s?%s: got %d %s, want 400 with code 300", line, query, a.Status, a.Body)
			}
		}
	}
	v.unchanged(before, "a request with an unreadable query")
}

// TestHardeningCutOff sends half of a good request.
func TestHardeningCutOff(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		if o.Method == "GET" || !takesBody(o.In) || takesFile(o) {
			continue
		}
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			v := newTenant(t, mustertest.New(t, mustertest.Options{}), "primary")
			before := v.dump()
			body := bodyOf(t, o, v)
			head := o.Method + " " + (&hardening{t: t, v: v, o: o}).path() + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + v.token + "\r\nContent-Type: application/json\r\n"
			for name, request := range map[string]string{
				"half the body":           head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", 2*len(body), body),
				"no body":                 head + "Content-Length: 10\r\n\r\n",
				"half a chunk":            head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s", len(body)+5, body),
				"no last chunk":           head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(body), body),
				"garbage for a chunk":     head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body + "\r\n0\r\n\r\n",
				"a chunk of endless size": head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + body,
			} {
				a, err := raw(t, v.s, o.Method, request, true)
				if err != nil {
					continue // cut off for good: there is nobody to answer
				}
				if code := refusal(t, name, a); code != 300 {
					t.Errorf("%s: got %d %s, want code 300", name, a.Status, a.Body)
				}
			}
			v.unchanged(before, "half a request")
			whole := head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
			if a, err := raw(t, v.s, o.Method, whole, false); err != nil || a.Status != o.Success && fruitless[o.ID] == "" && o.ID != "switchUserAccount" { // there is nowhere to go
				t.Errorf("the whole in chunks: got %d %s %v, want %d", a.Status, a.Body, err, o.Success)
			}
		})
	}
}

// TestHardeningHeads: what net/http refuses itself is no failure of ours, and
// the server goes on.
func TestHardeningHeads(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	before := v.dump()
	head := "GET /v2/users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + v.token + "\r\n"
	for name, c := range map[string]struct {
		request string
		want    int
	}{
		"many headers":            {head + strings.Repeat("X-Many: x\r\n", 20_000) + "\r\n", 200},
		"a long header":           {head + "X-Long: " + strings.Repeat("x", 500_000) + "\r\n\r\n", 200},
		"too long a header":       {head + "X-Long: " + strings.Repeat("x", 2<<20) + "\r\n\r\n", 431},
		"a header without colon":  {head + "nonsense\r\n\r\n", 400},
		"two lengths":             {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
		"length and chunks":       {head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200},
		"unknown coding":          {head + "Transfer-Encoding: gzip\r\n\r\n", 501},
		"no host":                 {"GET /v2/users HTTP/1.1\r\n\r\n", 400},
		"a broken escape":         {"GET /v2/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		"expectation of its own":  {head + "Expect: a-miracle\r\n\r\n", 417},
		"an unknown version":      {"GET /v2/users HTTP/7.5\r\nHost: x\r\n\r\n", 505},
		"an upgrade":              {head + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n\r\n", 200},
		"a forged client address": {head + "X-Forwarded-For: 1.2.3.4, x, ::, " + strings.Repeat(",", 1000) + "\r\n\r\n", 200},
	} {
		a, err := raw(t, s, "GET", c.request, false)
		if err != nil && c.want != 431 { // whose sender may still write when the answer comes
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && a.Status != c.want {
			t.Errorf("%s: got %d %.200s, want %d", name, a.Status, a.Body, c.want)
		}
	}
	v.unchanged(before, "a broken head")
}

// TestHardeningTokens: without a live token that has the scope there is no answer.
func TestHardeningTokens(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	before := v.dump()
	basic := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Cred.ClientID+":"+s.Cred.ClientSecret))
	fresh := s.Send("POST", "/oauth/token?grant_type=account_credentials&account_id="+s.Cred.AccountID, "", basic)
	if fresh.Status != 200 {
		t.Fatalf("token: got %d %s", fresh.Status, fresh.Body)
	}
	revoked := text(fresh.JSON(t)["access_token"])
	if a := s.Send("POST", "/oauth/revoke?token="+revoked, "", basic); a.Status != 200 {
		t.Fatalf("revoke: got %d %s", a.Status, a.Body)
	}
	for _, o := range operations(t) {
		path := (&hardening{t: t, v: v, o: o}).path()
		for name, c := range map[string]struct {
			header       string
			status, code int
		}{
			"none":              {"X-No: token", 401, 4700},
			"empty":             {"Authorization: Bearer ", 401, 4700},
			"basic":             {basic, 401, 4700},
			"no kind":           {"Authorization: " + v.token, 401, 4700},
			"unknown":           {"Authorization: Bearer " + strings.Repeat("a", 43), 401, 124},
			"revoked":           {"Authorization: Bearer " + revoked, 401, 124},
			"cut":               {"Authorization: Bearer " + v.token[1:], 401, 124},
			"in other letters":  {"Authorization: Bearer " + strings.ToUpper(v.token), 401, 124},
			"not UTF-8":         {"Authorization: Bearer \xff\xfe", 401, 124},
			"long":              {"Authorization: Bearer " + strings.Repeat("a", 100_000), 401, 124},
			"without the scope": {"Authorization: Bearer " + s.Token("nothing:read"), 400, 4711},
		} {
			a := s.Send(o.Method, path, bodyOf(t, o, v), c.header, "Content-Type: application/json")
			if code := refusal(t, o.ID+" "+name, a); a.Status != c.status || code != c.code {
				t.Errorf("%s: %s: got %d %s, want %d with code %d", o.ID, name, a.Status, a.Body, c.status, c.code)
			}
		}
		if a := s.Send(o.Method, path+"?access_token="+v.token, bodyOf(t, o, v)); a.Status != 401 || a.Code(t) != 4700 {
			t.Errorf("%s: a token in the query: got %d %s, want 401", o.ID, a.Status, a.Body)
		}
	}
	v.unchanged(before, "a request without a good token")
	s.Advance(time.Hour)
	for _, o := range operations(t) {
		a := s.As(v.token, o.Method, (&hardening{t: t, v: v, o: o}).path(), bodyOf(t, o, v))
		if code := refusal(t, o.ID+" expired", a); a.Status != 401 || code != 124 {
			t.Errorf("%s: an expired token: got %d %s, want 401 with code 124", o.ID, a.Status, a.Body)
		}
	}
}

// TestHardeningPageTokens: a page token dies after 15 minutes.
func TestHardeningPageTokens(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	newTenant(t, s, "primary")
	next := "/v2/users?page_size=1&next_page_token=" + text(s.Must(200, "GET", "/v2/users?page_size=1", "")["next_page_token"])
	s.Advance(15*time.Minute - time.Second)
	s.Must(200, "GET", next, "")
	s.Advance(time.Second)
	s.Refused(400, 300, "GET", next, "")
}
