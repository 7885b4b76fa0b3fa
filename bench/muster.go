package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"

	"muster/bench/people"
)

// The first account of every Muster that the benchmark starts.
const (
	accountID    = "benchaccount"
	clientID     = "benchclient"
	clientSecret = "benchsecretbenchsecret"
)

// musterAPI spells Muster's requests.
type musterAPI struct {
	token   string
	meeting string // the meeting's URL
}

// freshMuster starts a Muster with an empty SQLite database and a meeting.
func (b *bench) freshMuster(ctx context.Context) (*server, error) {
	dir, err := b.folder("muster")
	if err != nil {
		return nil, err
	}
	s, _, err := b.startMuster(ctx, "muster", dir, "")
	if err != nil {
		return nil, err
	}
	s.cleanup = remover(dir)
	return s, openMeeting(ctx, s)
}

// freshMusterOnPostgres starts a Muster with an empty database in Postgres.
func (b *bench) freshMusterOnPostgres(ctx context.Context) (*server, error) {
	c, err := b.postgres(ctx)
	if err != nil {
		return nil, err
	}
	name, err := c.create(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := b.folder("muster-on-postgres")
	if err != nil {
		return nil, err
	}
	s, _, err := b.startMuster(ctx, "muster-on-postgres", dir, c.url(name))
	if err != nil {
		return nil, err
	}
	s.also = c.cpu
	s.cleanup = func() error { return firstOf(c.drop(name), remover(dir)()) }
	return s, openMeeting(ctx, s)
}

// startMuster starts Muster on a folder and, unless database is "", on a
// database elsewhere, and returns how long it took until it was ready.
func (b *bench) startMuster(ctx context.Context, name, dir, database string) (*server, time.Duration, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	args := []string{"serve", "--data", dir, "--listen", address, "--meeting-capacity", "0"}
	if database != "" {
		args = append(args, "--database", database)
	}
	env := []string{
		"MUSTER_ACCOUNT_ID=" + accountID, "MUSTER_CLIENT_ID=" + clientID, "MUSTER_CLIENT_SECRET=" + clientSecret,
		"MUSTER_OWNER_EMAIL=owner@example.com",
	}
	begin := time.Now()
	c, err := b.spawn(name, &syscall.SysProcAttr{}, env, b.musterBin, args...)
	if err != nil {
		return nil, 0, err
	}
	if err := c.ready(ctx, "http://"+address+"/readyz"); err != nil {
		return nil, 0, err
	}
	long := time.Since(begin)
	api := &musterAPI{meeting: "http://" + address}
	return &server{child: c, dialect: api, cleanup: func() error { return nil }, dir: dir, database: database}, long, nil
}

// startAgain ends a Muster and starts it anew on what it has stored, so that
// nothing is left of what it did to get there but that.
func (b *bench) startAgain(ctx context.Context, s *server) (*server, error) {
	if err := s.stop(); err != nil {
		return nil, err
	}
	anew, _, err := b.startMuster(ctx, s.name+"-again", s.dir, s.database)
	if err != nil {
		return nil, err
	}
	anew.also, anew.cleanup = s.also, s.cleanup
	api := anew.dialect.(*musterAPI)
	base := api.meeting
	_, meeting, _ := strings.Cut(s.dialect.(*musterAPI).meeting, "/v2/")
	api.meeting = base + "/v2/" + meeting
	return anew, api.authorize(ctx, base)
}

// openMeeting fetches a token and makes the meeting that people register for.
// At its first start Muster is ready before it has made its first account, so
// this waits for what it logs afterwards.
func openMeeting(ctx context.Context, s *server) error {
	if err := s.logs(ctx, "msg=serving"); err != nil {
		return err
	}
	api := s.dialect.(*musterAPI)
	base := api.meeting
	if err := api.authorize(ctx, base); err != nil {
		return err
	}
	var meeting struct{ ID int64 }
	err := ask(ctx, api.header(), call{
		method: "POST", url: base + "/v2/users/me/meetings", status: http.StatusCreated, body: []byte(
			`{"topic":"Benchmark","type":2,"start_time":"2090-01-01T09:00:00Z","duration":60,"settings":{"approval_type":0}}`),
	}, &meeting)
	api.meeting = fmt.Sprintf("%s/v2/meetings/%d", base, meeting.ID)
	return err
}

func (a *musterAPI) authorize(ctx context.Context, base string) error {
	form := url.Values{
		"grant_type": {"account_credentials"}, "account_id": {accountID}, "client_id": {clientID}, "client_secret": {clientSecret},
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	err := ask(ctx, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, call{
		method: "POST", url: base + "/oauth/token", body: []byte(form.Encode()), status: http.StatusOK,
	}, &token)
	a.token = token.AccessToken
	return err
}

// ask makes one call and decodes its answer.
func ask(ctx context.Context, header http.Header, c call, into any) error {
	client := newClient(nil)
	defer client.CloseIdleConnections()
	var answer bytes.Buffer
	if err := do(ctx, client, header, c, &answer); err != nil {
		return err
	}
	return json.Unmarshal(answer.Bytes(), into)
}

func (a *musterAPI) header() http.Header {
	return http.Header{"Authorization": {"Bearer " + a.token}, "Content-Type": {"application/json"}}
}

func (a *musterAPI) register(n int) (call, *people.Body, error) {
	if n == 1 {
		body, err := people.NewBody(somebody())
		return call{method: "POST", url: a.meeting + "/registrants", status: 201, units: 1, mark: `"registrant_id":`, marks: 1}, body, err
	}
	list := make([]people.Person, n)
	for i := range list {
		list[i] = somebody()
	}
	body, err := people.NewBody(map[string]any{"registrants": list})
	return call{method: "POST", url: a.meeting + "/batch_registrants", status: 200, units: n, mark: `"registrant_id":`, marks: n}, body, err
}

var registrantID = regexp.MustCompile(`"registrant_id":"([^"]+)"`)

func (a *musterAPI) ids(answer []byte) []string { return found(registrantID, answer) }

func (a *musterAPI) change(ids []string, approve bool) call {
	action := "deny"
	if approve {
		action = "approve"
	}
	body := `{"action":"` + action + `","registrants":[{"id":"` + strings.Join(ids, `"},{"id":"`) + `"}]}`
	return call{method: "PUT", url: a.meeting + "/registrants/status", status: 204, units: len(ids), body: []byte(body)}
}

func (a *musterAPI) list() call { return a.page("") }

// page returns a call for a page by the token that the page before it had.
func (a *musterAPI) page(token string) call {
	query := url.Values{"page_size": {fmt.Sprint(pageSize)}, "status": {"approved"}}
	if token != "" {
		query.Set("next_page_token", token)
	}
	return call{method: "GET", url: a.meeting + "/registrants?" + query.Encode(), status: 200, units: 1, mark: `"email":`, marks: pageSize}
}

// walk follows the tokens of pages from one on and returns the token of the
// page that is steps further.
func (a *musterAPI) walk(ctx context.Context, token string, steps int) (string, error) {
	return walk(ctx, a.header(), a.page, token, steps)
}

// walk is musterAPI.walk for the pages of any list.
func walk(ctx context.Context, header http.Header, page func(token string) call, token string, steps int) (string, error) {
	client := newClient(nil)
	defer client.CloseIdleConnections()
	var answer bytes.Buffer
	for range steps {
		if err := do(ctx, client, header, page(token), &answer); err != nil {
			return "", err
		}
		next := found(nextPage, answer.Bytes())
		if len(next) != 1 {
			return "", fmt.Errorf("the list ends too early: %.200s", &answer)
		}
		token = next[0]
	}
	return token, nil
}

var nextPage = regexp.MustCompile(`"next_page_token":"([^"]+)"`)

func found(e *regexp.Regexp, text []byte) []string {
	var all []string
	for _, m := range e.FindAllSubmatch(text, -1) {
		all = append(all, string(m[1]))
	}
	return all
}
