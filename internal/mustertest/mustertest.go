// Package mustertest runs a whole server inside a test: the real handler on
// a real socket over a real database in a temporary folder, with a clock and
// a source of random bytes that the test rules.
package mustertest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/blob"
	"muster/internal/muster"
	"muster/internal/pgtest"
	"muster/internal/server"
	"muster/internal/settings"
	"muster/internal/store"
)

// Options are for New. The zero value is a server without limits.
type Options struct {
	Plan     string
	Capacity int64
	Durable  bool // sync to disk as in production
}

// A Server is a running server with one primary account.
type Server struct {
	URL  string
	App  *app.App
	Cred app.Credentials // of the first app, which has every scope
	Log  *Log            // what the server logged
	// Database is SQLite's file or the URL of a Postgres.
	Database string
	Files    string // the folder of uploaded files

	*clock
	t       testing.TB
	http    *httptest.Server
	options Options

	issuing sync.Mutex // a test may send from many goroutines
	token   string
}

// Base is the public URL of test servers, so that links read alike in every run.
const Base = "https://muster.test"

// Start is the time at which the clock of test servers stands.
var Start = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// template is a migrated empty database, made once for all tests of a binary.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "muster-template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover in the system's own folder
	file := filepath.Join(dir, "muster.db")
	if err := migrate(file); err != nil { // its close folds the log into the file
		return nil, err
	}
	return os.ReadFile(file)
})

// Database returns the name of a migrated empty database of the test's own.
func Database(t testing.TB) string {
	t.Helper()
	if pgtest.On() {
		return pgtest.Database(t, migrate)
	}
	blank, err := template()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "muster.db")
	if err := os.WriteFile(file, blank, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func migrate(database string) error {
	db, err := store.Open(context.Background(), database, store.Options{Unsafe: true})
	if err != nil {
		return err
	}
	return db.Close()
}

// New starts a server that ends with the test. In a test that pgtest.Again
// runs it is on Postgres.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{t: t, Database: Database(t), clock: &clock{now: Start}, Log: &Log{}, options: o}
	s.open(s.Database, 0)
	made, _, err := s.App.Bootstrap(t.Context(), app.NewAccount{
		ID: "primary", OwnerEmail: "owner@muster.test", ClientID: "client", ClientSecret: "a-secret-of-the-tests",
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Cred = *made
	s.serve()
	return s
}

// open opens the database with a source of random bytes that the seed tells
// from others.
func (s *Server) open(database string, seed byte) {
	s.t.Helper()
	db, err := store.Open(s.t.Context(), database, store.Options{Unsafe: !s.options.Durable})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			s.t.Error(err)
		}
	})
	db.Now = s.Now
	if s.Files == "" {
		s.Files = filepath.Join(s.t.TempDir(), "blobs")
	}
	s.App = &app.App{DB: db, Blobs: blob.New(s.Files), IDs: muster.IDs{Random: &random{src: rand.NewChaCha8([32]byte{seed})}}, Capacity: s.options.Capacity}
	s.App.CheckPage = func(kept, fresh []byte) {
		if !bytes.Equal(kept, fresh) {
			s.t.Errorf("a page that was kept is not what it would be:\n got %s\nwant %s", kept, fresh)
		}
	}
	if err := s.App.LoadKeys(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// serve starts the HTTP side.
func (s *Server) serve() {
	s.t.Helper()
	srv, err := server.New(server.Config{
		App: s.App, Base: Base, Plan: s.options.Plan, Version: "test", Log: slog.New(slog.NewTextHandler(s.Log, nil)),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.http = httptest.NewServer(srv.Handler)
	s.URL = s.http.URL
	s.t.Cleanup(s.http.Close) // before the database is closed
}

// Token returns a fresh access token of an app with the given scopes, made
// for it in the primary account; no scopes mean all.
func (s *Server) Token(scopes ...string) string {
	s.t.Helper()
	return s.TokenFor("primary", scopes...)
}

// TokenFor returns a fresh access token for an account, of an app of it with
// the given scopes; no scopes mean all.
func (s *Server) TokenFor(account string, scopes ...string) string {
	s.t.Helper()
	cred, err := s.App.AddApp(s.t.Context(), account, "test", scopes)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.issue(*cred)
}

// UserToken returns a fresh access token that stands for a user, of an app of
// their account with the given scopes; no scopes mean all.
func (s *Server) UserToken(account, user string, scopes ...string) string {
	s.t.Helper()
	cred, err := s.App.AddApp(s.t.Context(), account, "test", scopes)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.issueFor(*cred, user)
}

// issue returns a fresh access token of an app.
func (s *Server) issue(cred app.Credentials) string {
	s.t.Helper()
	return s.issueFor(cred, "")
}

func (s *Server) issueFor(cred app.Credentials, user string) string {
	s.t.Helper()
	c, err := s.App.Client(s.t.Context(), cred.ClientID, cred.ClientSecret)
	if err != nil {
		s.t.Fatal(err)
	}
	token, err := s.App.IssueTokenFor(s.t.Context(), c, user)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// SubAccount makes a sub account of the primary account with the given id.
func (s *Server) SubAccount(id string) {
	s.t.Helper()
	s.account(id, "primary")
}

// Account makes a further primary account with the given id.
func (s *Server) Account(id string) {
	s.t.Helper()
	s.account(id, "")
}

func (s *Server) account(id, parent string) {
	s.t.Helper()
	_, err := s.App.AddAccount(s.t.Context(), app.NewAccount{ID: id, Parent: parent, OwnerEmail: "owner@" + id + ".test"})
	if err != nil {
		s.t.Fatal(err)
	}
}

// Security sets members of the primary account's settings about security.
func (s *Server) Security(members string) {
	s.t.Helper()
	body := map[string]any{}
	if err := json.Unmarshal([]byte(members), &body); err != nil {
		s.t.Fatal(err)
	}
	by := muster.Actor{Account: "primary", Home: "primary", Admin: true}
	err := s.App.SetOwnerSettings(s.t.Context(), by, app.OwnerRef{Level: settings.Account}, settings.Security, map[string]any{settings.Security: body})
	if err != nil {
		s.t.Fatal(err)
	}
}

// An Answer is what a request got.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON returns the body decoded, nil for none.
func (a Answer) JSON(t testing.TB) map[string]any {
	t.Helper()
	if len(a.Body) == 0 {
		return nil
	}
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("not a JSON object: %v\n%s", err, a.Body)
	}
	return v
}

// Code returns the code of a failure's envelope, 0 where there is none.
func (a Answer) Code(t testing.TB) int {
	t.Helper()
	var e struct{ Code int }
	if err := json.Unmarshal(a.Body, &e); err != nil && len(a.Body) > 0 {
		t.Fatalf("not JSON: %v\n%s", err, a.Body)
	}
	return e.Code
}

// Send sends a request and returns the answer. A header is "Name: value".
func (s *Server) Send(method, path, body string, headers ...string) Answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		req.Header.Set(name, strings.TrimSpace(value))
	}
	res, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // it was read
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, b}
}

// client follows no redirects: the server must send none.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Do sends a JSON request with a token that has every scope.
func (s *Server) Do(method, path, body string) Answer {
	s.t.Helper()
	return s.As(s.allScopes(), method, path, body)
}

// As sends a request with the given token. The body is JSON, or a multipart
// form such as Form returns.
func (s *Server) As(token, method, path, body string) Answer {
	s.t.Helper()
	headers := []string{"Authorization: Bearer " + token}
	if boundary, _, form := strings.Cut(body, "\r\n"); form && strings.HasPrefix(boundary, "--") {
		headers = append(headers, "Content-Type: multipart/form-data; boundary="+strings.TrimPrefix(boundary, "--"))
	} else if body != "" {
		headers = append(headers, "Content-Type: application/json")
	}
	return s.Send(method, path, body, headers...)
}

// allScopes returns a token of the first app, renewed when the clock has moved.
func (s *Server) allScopes() string {
	s.t.Helper()
	s.issuing.Lock()
	defer s.issuing.Unlock()
	if s.token != "" {
		if _, err := s.App.Authenticate(s.t.Context(), s.token); err == nil {
			return s.token
		}
	}
	s.token = s.issue(s.Cred)
	return s.token
}

// Must sends a request like Do and fails the test unless the answer has the
// status. It returns the decoded body.
func (s *Server) Must(status int, method, path, body string) map[string]any {
	s.t.Helper()
	a := s.Do(method, path, body)
	if a.Status != status {
		s.t.Fatalf("%s %s: got %d %s, want %d", method, path, a.Status, a.Body, status)
	}
	return a.JSON(s.t)
}

// Refused sends a request like Do and fails the test unless it is refused
// with the status and code. It returns the message with the field errors.
func (s *Server) Refused(status, code int, method, path, body string) string {
	s.t.Helper()
	a := s.Do(method, path, body)
	if a.Status != status || a.Code(s.t) != code {
		s.t.Fatalf("%s %s: got %d %s, want %d with code %d", method, path, a.Status, a.Body, status, code)
	}
	return string(a.Body)
}

// Meeting schedules a meeting of type 2 in a week that asks for registration,
// with further members of the body (`"settings":{…}` replaces the default),
// and returns its path.
func (s *Server) Meeting(more string) string {
	s.t.Helper()
	body := fmt.Sprintf(`{"topic":"Open day","type":2,"start_time":%q,"settings":{"approval_type":0}}`, s.Now().AddDate(0, 0, 7).Format(time.RFC3339))
	if more != "" {
		var base, extra map[string]any
		for text, into := range map[string]*map[string]any{body: &base, "{" + more + "}": &extra} {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				s.t.Fatalf("%v: %s", err, text)
			}
		}
		for k, v := range extra {
			base[k] = v
		}
		b, err := json.Marshal(base)
		if err != nil {
			s.t.Fatal(err)
		}
		body = string(b)
	}
	m := s.Must(201, "POST", "/v2/users/me/meetings", body)
	return "/v2/meetings/" + m["id"].(json.Number).String()
}

// Events returns the event log as kind and subjects, in order of time, read
// from the database file itself.
func (s *Server) Events() []string {
	s.t.Helper()
	place := "rowid" // where a row was put, for what happened at one time
	if store.IsPostgres(s.Database) {
		place = "ctid"
	}
	return s.Texts("SELECT kind || ' ' || subjects || ' ' || data FROM events ORDER BY at, " + place)
}

// Texts returns the one column of a query's rows from the database itself.
func (s *Server) Texts(query string, args ...any) (all []string) {
	s.t.Helper()
	db := s.sql()
	defer func() { _ = db.Close() }() // it only read
	rows, err := db.QueryContext(s.t.Context(), query, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// Number returns the one number that a query answers from the database itself.
func (s *Server) Number(query string, args ...any) (n int64) {
	s.t.Helper()
	db := s.sql()
	defer func() { _ = db.Close() }() // it only read
	if err := db.QueryRowContext(s.t.Context(), query, args...).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// sql opens the server's database past the server, for reading.
func (s *Server) sql() *sql.DB {
	s.t.Helper()
	driver, name := "sqlite", "file:"+s.Database+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)"
	if store.IsPostgres(s.Database) {
		driver, name = "pgx", s.Database
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		s.t.Fatal(err)
	}
	return db
}
