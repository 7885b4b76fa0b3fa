package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A clock stands still but for the waits that it is asked for.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waits = append(c.waits, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

// An answer is what the fake server says to one call.
type answer struct {
	status int
	body   string
	header map[string]string
}

// A fake is some other server of this API: it gives tokens and the answers of
// a script, the last one again and again.
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	script  []answer
	tokens  int
	calls   []string // method, path with query, token, key
	refuse  bool     // give no token
	apiURL  string
	tokenOp string // what the last request for a token was
}

func newFake(t *testing.T, script ...answer) *fake {
	t.Helper()
	f := &fake{script: script}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	f.apiURL = f.URL
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/oauth/token" {
		id, secret, _ := r.BasicAuth()
		f.tokenOp = r.Method + " " + r.URL.RawQuery + " " + id + ":" + secret
		if f.refuse {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"reason":"Invalid client_id or client_secret","error":"invalid_client"}`)
			return
		}
		f.tokens++
		w.Header().Set("Connection", "close") // a used connection that breaks is tried again by net/http itself
		fmt.Fprintf(w, `{"access_token":"t%d","token_type":"bearer","expires_in":3600,"scope":"x","api_url":%q}`, f.tokens, f.apiURL)
		return
	}
	f.calls = append(f.calls, strings.Join([]string{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get("Idempotency-Key")}, " "))
	a := f.script[min(len(f.calls), len(f.script))-1]
	if a.status == 0 { // hang up
		panic(http.ErrAbortHandler)
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	fmt.Fprint(w, a.body)
}

func (f *fake) client(t *testing.T, c *clock) *Client {
	t.Helper()
	client, err := New(Config{URL: f.URL, AccountID: "acc", ClientID: "id", ClientSecret: "secret", Now: c.Now, Sleep: c.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

const okBody = `{"registrant_id":"r1","join_url":"https://example.com/w/1"}`

func TestRegister(t *testing.T) {
	t.Parallel()
	f := newFake(t, answer{status: 201, body: okBody})
	got, err := f.client(t, newClock()).Register(t.Context(), "123", []string{"1", "2"}, Person{"email": "a@example.com"}, "k1")
	if err != nil || got.ID != "r1" || got.JoinURL != "https://example.com/w/1" {
		t.Fatalf("got %+v %v", got, err)
	}
	if want := "POST /v2/meetings/123/registrants?occurrence_ids=1%2C2 Bearer t1 k1"; f.calls[0] != want {
		t.Errorf("got %q, want %q", f.calls[0], want)
	}
	if want := "POST account_id=acc&grant_type=account_credentials id:secret"; f.tokenOp != want {
		t.Errorf("got %q, want %q", f.tokenOp, want)
	}
}

func TestPatience(t *testing.T) {
	t.Parallel()
	ok := answer{status: 201, body: okBody}
	sec := time.Second
	tests := map[string]struct {
		script []answer
		waits  []time.Duration
		calls  int
		fails  string // a part of the error, "" for success
	}{
		"seconds":           {[]answer{{429, `{"code":429,"message":"slow"}`, map[string]string{"Retry-After": "3"}}, ok}, []time.Duration{3 * sec}, 2, ""},
		"date-time":         {[]answer{{429, `{}`, map[string]string{"Retry-After": "2026-01-20T12:00:30Z"}}, ok}, []time.Duration{30 * sec}, 2, ""},
		"HTTP date":         {[]answer{{429, `{}`, map[string]string{"Retry-After": "Tue, 20 Jan 2026 12:00:10 GMT"}}, ok}, []time.Duration{10 * sec}, 2, ""},
		"reset":             {[]answer{{429, `{}`, map[string]string{"X-RateLimit-Type": "QPS", "X-RateLimit-Reset": "1768910402"}}, ok}, []time.Duration{2 * sec}, 2, ""},
		"no hint":           {[]answer{{429, `{}`, nil}, {429, `{}`, nil}, ok}, []time.Duration{sec, 2 * sec}, 3, ""},
		"zero seconds":      {[]answer{{429, `{}`, map[string]string{"Retry-After": "0"}}, ok}, []time.Duration{sec}, 2, ""},
		"until tomorrow":    {[]answer{{429, `{"code":429,"message":"daily"}`, map[string]string{"Retry-After": "2026-01-21T00:00:00Z"}}}, nil, 1, "try again after 2026-01-21 00:00:00 UTC"},
		"daily, no hint":    {[]answer{{429, `{"code":429,"message":"You have reached the maximum daily limit."}`, nil}}, nil, 1, "maximum daily limit"},
		"never enough":      {[]answer{{429, `{}`, map[string]string{"Retry-After": "100"}}}, slices.Repeat([]time.Duration{100 * sec}, 12), 13, "429"},
		"busy":              {[]answer{{503, `{}`, map[string]string{"Retry-After": "7"}}, ok}, []time.Duration{7 * sec}, 2, ""},
		"broken for long":   {[]answer{{500, `oops`, nil}}, []time.Duration{sec / 2, sec, 2 * sec, 4 * sec, 8 * sec}, 6, "500"},
		"hangs up":          {[]answer{{}, ok}, []time.Duration{sec / 2}, 2, ""},
		"still in flight":   {[]answer{{409, `{"code":3000,"message":"in flight"}`, nil}, ok}, []time.Duration{sec / 2}, 2, ""},
		"token lapsed":      {[]answer{{401, `{"code":124,"message":"Invalid access token."}`, nil}, ok}, nil, 2, ""},
		"token never taken": {[]answer{{401, `{"code":124,"message":"Invalid access token."}`, nil}}, nil, 2, "Invalid access token."},
		"refused":           {[]answer{{400, `{"code":300,"message":"Validation Failed.","errors":[{"field":"email","message":"No."}]}`, nil}}, nil, 1, "code 300: Validation Failed. email: No."},
		"refused with 200":  {[]answer{{200, `{"code":200,"message":"Paid only."}`, nil}}, nil, 1, "Paid only."},
		"redirect":          {[]answer{{302, ``, map[string]string{"Location": "https://other.example/x?y"}}}, nil, 1, "give that server's address as --url"},
		"not this API":      {[]answer{{200, `<html>`, nil}}, nil, 1, "check --url"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, f := newClock(), newFake(t, tt.script...)
			_, err := f.client(t, c).Register(t.Context(), "123", nil, Person{"email": "a@example.com"}, "k")
			if (err == nil) != (tt.fails == "") || (err != nil && !strings.Contains(err.Error(), tt.fails)) {
				t.Errorf("got error %v, want %q", err, tt.fails)
			}
			if !slices.Equal(c.waits, tt.waits) || len(f.calls) != tt.calls {
				t.Errorf("got %d calls, waits %v; want %d, %v", len(f.calls), c.waits, tt.calls, tt.waits)
			}
		})
	}
}

func TestUnkeyedPostIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first answer
		calls int
	}{
		"lost answer": {answer{}, 1},
		"500":         {answer{status: 500, body: `{}`}, 1},
		"503":         {answer{status: 503, body: `{}`}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, tt.first, answer{status: 201, body: `{"id":1}`})
			_, err := f.client(t, newClock()).CreateMeeting(t.Context(), "a@example.com", map[string]any{"topic": "x"})
			f.mu.Lock() // the fake hangs up before it has left its handler
			calls := len(f.calls)
			f.mu.Unlock()
			if calls != tt.calls || (err == nil) != (tt.calls == 2) {
				t.Errorf("got %d calls and %v, want %d calls", calls, err, tt.calls)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	c, f := newClock(), newFake(t, answer{status: 201, body: okBody})
	client := f.client(t, c)
	register := func() {
		if _, err := client.Register(t.Context(), "1", nil, Person{}, ""); err != nil {
			t.Error(err)
		}
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(register)
	}
	all.Wait()
	if f.tokens != 1 {
		t.Errorf("got %d tokens for eight calls at once, want 1", f.tokens)
	}
	if err := c.Sleep(t.Context(), 59*time.Minute+time.Second); err != nil {
		t.Fatal(err)
	}
	register()
	if f.tokens != 2 {
		t.Errorf("got %d tokens after an hour, want 2", f.tokens)
	}
}

func TestNoToken(t *testing.T) {
	t.Parallel()
	f := newFake(t, answer{status: 201, body: okBody})
	f.refuse = true
	_, err := f.client(t, newClock()).Register(t.Context(), "1", nil, Person{}, "")
	if err == nil || !strings.Contains(err.Error(), "check --account-id, --client-id and --client-secret") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(fmt.Sprint(err), "secret:") || len(f.calls) != 0 {
		t.Errorf("the error shows the secret or a call was made: %v", err)
	}
}

func TestAPIRoot(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ url, named, want string }{
		"other host":     {"https://zoom.example", "https://api.zoom.example", "https://api.zoom.example"},
		"with v2":        {"https://zoom.example", "https://api.zoom.example/v2/", "https://api.zoom.example"},
		"none":           {"https://zoom.example/", "", "https://zoom.example"},
		"no downgrade":   {"https://zoom.example", "http://api.zoom.example", "https://zoom.example"},
		"strange scheme": {"https://zoom.example", "file:///etc", "https://zoom.example"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := New(Config{URL: tt.url, AccountID: "a", ClientID: "b", ClientSecret: "c"})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.api(tt.named); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for want, cfg := range map[string]Config{
		"--url":                             {URL: "zoom.us"},
		"--account-id or MUSTER_ACCOUNT_ID": {URL: "https://x.example"},
		"--client-secret or MUSTER_CLIENT_SECRET": {URL: "https://x.example", AccountID: "a", ClientID: "b"},
	} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

func TestCancelledWait(t *testing.T) {
	t.Parallel()
	f := newFake(t, answer{429, `{}`, map[string]string{"Retry-After": "60"}})
	ctx, cancel := context.WithCancel(t.Context())
	c, err := New(Config{
		URL: f.URL, AccountID: "a", ClientID: "b", ClientSecret: "c",
		Sleep: func(ctx context.Context, d time.Duration) error { cancel(); return sleep(ctx, d) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Register(ctx, "1", nil, Person{}, "k"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestRegistrants(t *testing.T) {
	t.Parallel()
	f := newFake(
		t,
		answer{200, `{"total_records":2,"next_page_token":"n1","registrants":[{"id":"a","zip":53111,"org":null,"custom_questions":[{"title":"Q","value":"A"}]}]}`, nil},
		answer{200, `{"total_records":2,"next_page_token":"","registrants":[{"id":"b","participant_pin_code":7}]}`, nil},
	)
	client := f.client(t, newClock())
	client.cfg.SubAccount = "sub"
	var got []Registrant
	err := client.Registrants(t.Context(), "1", "approved", "", func(page []Registrant, _ int) error {
		got = append(got, page...)
		return nil
	})
	if err != nil || len(got) != 2 || got[0].Fields["zip"] != "53111" || got[0].Answers[0] != (Answer{"Q", "A"}) || got[1].Fields["id"] != "b" {
		t.Errorf("got %+v %v", got, err)
	}
	if want := "GET /v2/accounts/sub/meetings/1/registrants?next_page_token=n1&page_size=300&status=approved Bearer t1 "; f.calls[1] != want {
		t.Errorf("got %q, want %q", f.calls[1], want)
	}
}

func TestEndlessList(t *testing.T) {
	t.Parallel()
	f := newFake(t, answer{200, `{"next_page_token":"same","registrants":[]}`, nil})
	err := f.client(t, newClock()).Registrants(t.Context(), "1", "", "", func([]Registrant, int) error { return nil })
	if err == nil || len(f.calls) != 2 {
		t.Errorf("got %v after %d calls, want an error after 2", err, len(f.calls))
	}
}

func TestRefusalNamesFields(t *testing.T) {
	t.Parallel()
	f := newFake(t, answer{400, `{"code":300,"message":"Validation Failed.","errors":[{"field":"registrants[3].email","message":"No."}]}`, nil})
	_, err := f.client(t, newClock()).RegisterBatch(t.Context(), "1", Batch{Registrants: []Person{{}}}, "")
	e := Refused(err)
	if e == nil || e.Code != 300 || e.Status != 400 || !slices.Equal(e.Fields, []Field{{"registrants[3].email", "No."}}) {
		t.Errorf("got %+v", e)
	}
	if data, err := json.Marshal(Batch{Registrants: []Person{{"email": "a"}}}); err != nil || string(data) != `{"auto_approve":false,"registrants":[{"email":"a"}]}` {
		t.Errorf("got %s %v", data, err)
	}
}
