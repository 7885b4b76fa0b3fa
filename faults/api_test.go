//go:build linux

package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// An api speaks to one server and tries nothing twice.
type api struct {
	at    atomic.Pointer[string] // the server's origin
	token string
	http  *http.Client
}

// An answer is what a request got. Err says that none came: whether the
// server did what it was asked is unknown then.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
}

func (a answer) ok() bool { return a.err == nil && a.status >= 200 && a.status < 300 }

// code returns the code of a failure's envelope, 0 where the body is none.
func (a answer) code() int {
	var e struct {
		Code    int
		Message string
	}
	if json.Unmarshal(a.body, &e) != nil || e.Message == "" {
		return 0
	}
	return e.Code
}

func (a answer) String() string {
	if a.err != nil {
		return a.err.Error()
	}
	return fmt.Sprintf("%d %s", a.status, a.body)
}

// signIn returns an api with a fresh token.
func (s *server) signIn(t *testing.T) *api {
	t.Helper()
	a := newAPI(s.base)
	if err := a.renew(accountID, clientID, clientSecret); err != nil {
		t.Fatalf("%v\n%s", err, s.out.tail())
	}
	return a
}

func newAPI(base string) *api {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 256
	a := &api{http: &http.Client{Transport: transport, Timeout: patience}}
	a.moves(base)
	return a
}

// moves leads a to a server that was started again: under load, too.
func (a *api) moves(base string) { a.at.Store(&base) }

func (a *api) base() string { return *a.at.Load() }

// renew gets a new token.
func (a *api) renew(account, id, secret string) error {
	req, err := http.NewRequest(http.MethodPost, a.base()+"/oauth/token?"+url.Values{
		"grant_type": {"account_credentials"}, "account_id": {account},
	}.Encode(), nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth(id, secret)
	ans := a.send(req)
	var got struct {
		Token string `json:"access_token"`
	}
	if !ans.ok() || json.Unmarshal(ans.body, &got) != nil || got.Token == "" {
		return fmt.Errorf("a token: got %v", ans)
	}
	a.token = got.Token
	return nil
}

// call sends in, if not nil, as JSON to a path below /v2, under an
// Idempotency-Key if key is not "".
func (a *api) call(method, path string, in any, key string) answer {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return answer{err: err}
		}
	}
	req, err := http.NewRequest(method, a.base()+"/v2"+path, bytes.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	return a.send(req)
}

func (a *api) send(req *http.Request) answer {
	// A request with a key would be sent again by the transport itself.
	req.GetBody = nil
	resp, err := a.http.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	body, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, body, err}
}

// must calls and fails the test unless the answer has the status. It decodes
// the answer into out, if not nil.
func (a *api) must(t *testing.T, status int, method, path string, in, out any) {
	t.Helper()
	ans := a.call(method, path, in, "")
	if ans.err != nil || ans.status != status {
		t.Fatalf("%s %s: got %v, want %d", method, path, ans, status)
	}
	if out != nil {
		if err := json.Unmarshal(ans.body, out); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, ans.body)
		}
	}
}

// meeting makes a meeting far in the future and returns its number. Approval
// is 0 where people are approved at once and 1 where the host does it.
func (a *api) meeting(t *testing.T, approval int) int64 {
	t.Helper()
	var made struct{ ID int64 }
	a.must(t, 201, http.MethodPost, "/users/me/meetings", map[string]any{
		"topic": "Faults", "type": 2, "start_time": "2099-01-01T10:00:00Z", "duration": 60,
		"settings": map[string]any{"approval_type": approval},
	}, &made)
	return made.ID
}

// series makes a series whose people choose their dates and returns its number
// and its dates.
func (a *api) series(t *testing.T) (id int64, dates []string) {
	t.Helper()
	var made struct {
		ID          int64
		Occurrences []struct {
			ID string `json:"occurrence_id"`
		}
	}
	a.must(t, 201, http.MethodPost, "/users/me/meetings", map[string]any{
		"topic": "Faults", "type": 8, "start_time": "2099-01-01T10:00:00Z", "duration": 60,
		"recurrence": map[string]any{"type": 1, "end_times": 3},
		"settings":   map[string]any{"approval_type": 0, "registration_type": 3},
	}, &made)
	for _, o := range made.Occurrences {
		dates = append(dates, o.ID)
	}
	return made.ID, dates
}

// A listed is one row of a list of registrants.
type listed struct {
	ID      string `json:"id"`
	Email   string `json:"email"`
	Name    string `json:"first_name"`
	Status  string `json:"status"`
	JoinURL string `json:"join_url"`
}

// registrants returns everybody of a meeting and how many the server counts.
func (a *api) registrants(meeting int64) (all []listed, total int, err error) {
	next := ""
	for {
		var page struct {
			Total       int    `json:"total_records"`
			Next        string `json:"next_page_token"`
			Registrants []listed
		}
		query := url.Values{"status": {"all"}, "page_size": {"300"}, "next_page_token": {next}}
		ans := a.call(http.MethodGet, fmt.Sprintf("/meetings/%d/registrants?%s", meeting, query.Encode()), nil, "")
		if !ans.ok() {
			return nil, 0, fmt.Errorf("list registrants: got %v", ans)
		}
		if err := json.Unmarshal(ans.body, &page); err != nil {
			return nil, 0, err
		}
		all = append(all, page.Registrants...)
		if page.Next == "" {
			return all, page.Total, nil
		}
		next = page.Next
	}
}

// ready waits until the server says that it can serve.
func (s *server) ready(t *testing.T) {
	t.Helper()
	quick := &http.Client{Timeout: 6 * time.Second}
	await(t, "/readyz 200", func() bool {
		resp, err := quick.Get(s.base + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close() // only the status matters
		return resp.StatusCode == http.StatusOK
	})
}
