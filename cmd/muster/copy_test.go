//go:build unix

package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"muster/internal/client"
	"muster/internal/pgtest"
)

// passing is what an answer has of the moment: tokens that are made anew each
// time, and the address of the server.
var passing = regexp.MustCompile(`127\.0\.0\.1:\d+|zak=[\w.-]+|"next_page_token":"[\w-]+"`)

// answer is what a server answers to a GET, without what passes.
func (s *served) answer(bearer, path string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	status, body := exchange(s.t, req)
	return fmt.Sprint(status, " ", passing.ReplaceAllString(body, "…"))
}

// once registers a person under an Idempotency-Key and returns the answer.
func (s *served) once(bearer, meeting, key string) string {
	s.t.Helper()
	body := `{"email": "` + key + `@example.org", "first_name": "Once"}`
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+s.address+"/v2/meetings/"+meeting+"/registrants", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	status, answer := exchange(s.t, req)
	return fmt.Sprint(status, " ", passing.ReplaceAllString(answer, "…"))
}

// A world is what a server holds: meetings of all kinds, with people.
type world struct {
	bearer   string
	meetings []string
	reads    []string // paths whose answers tell all of it
}

// kinds are requests for meetings of all kinds.
func kinds() []map[string]any {
	series := map[string]any{"type": 1, "repeat_interval": 1, "end_times": 3}
	return []map[string]any{
		{"type": 2, "start_time": "2099-01-01T10:00:00Z", "duration": 60, "settings": map[string]any{"approval_type": 0}},
		{"type": 2, "start_time": "2099-02-01T10:00:00Z", "duration": 60, "settings": map[string]any{"approval_type": 1}},
		{"type": 3, "settings": map[string]any{}}, // takes nobody
		{"type": 8, "start_time": "2099-03-01T10:00:00Z", "duration": 30, "recurrence": series, "settings": map[string]any{"approval_type": 0, "registration_type": 1}},
		{"type": 8, "start_time": "2099-03-01T10:00:00Z", "duration": 30, "recurrence": series, "settings": map[string]any{"approval_type": 0, "registration_type": 2}},
		{"type": 8, "start_time": "2099-03-01T10:00:00Z", "duration": 30, "recurrence": series, "settings": map[string]any{"approval_type": 0, "registration_type": 3}},
	}
}

// furnish fills a server with meetings of all kinds.
func furnish(s *served) *world {
	t, c := s.t, s.client(s.vars)
	t.Helper()
	w := &world{bearer: token(t, s, s.vars)}
	for _, m := range kinds() {
		m["topic"] = "Łódź \"quoted\""
		var made struct {
			ID          int64 `json:"id"`
			Occurrences []struct {
				ID string `json:"occurrence_id"`
			} `json:"occurrences"`
		}
		if err := c.Do(t.Context(), http.MethodPost, "/users/me/meetings", m, &made, nil); err != nil {
			t.Fatal(err)
		}
		meeting := fmt.Sprint(made.ID)
		w.meetings, w.reads = append(w.meetings, meeting), append(w.reads, "/v2/meetings/"+meeting)
		if m["type"] == 3 {
			continue
		}
		var occurrences []string
		for _, o := range made.Occurrences[:min(2, len(made.Occurrences))] {
			occurrences = append(occurrences, o.ID)
		}
		switch m["settings"].(map[string]any)["registration_type"] {
		case 1:
			occurrences = nil
		case 2: // takes one
			occurrences = occurrences[:1]
		}
		for i := range 7 {
			who := client.Person{"email": fmt.Sprintf("p%d@example.org", i), "first_name": "Ünïcode", "last_name": "O'Hara\n"}
			if _, err := c.Register(t.Context(), meeting, occurrences, who, fmt.Sprint("key", meeting, i)); err != nil {
				t.Fatal(err)
			}
		}
		cancel := map[string]any{"action": "cancel", "registrants": []map[string]any{{"email": "p3@example.org"}}}
		query := url.Values{}
		if m["type"] == 8 && len(occurrences) > 0 {
			query.Set("occurrence_id", occurrences[0])
		}
		if err := c.Do(t.Context(), http.MethodPut, "/meetings/"+meeting+"/registrants/status?"+query.Encode(), cancel, nil, nil); err != nil {
			t.Fatal(err)
		}
		for _, status := range []string{"approved", "pending", "denied"} {
			w.reads = append(w.reads, "/v2/meetings/"+meeting+"/registrants?status="+status)
			for _, o := range occurrences {
				w.reads = append(w.reads, "/v2/meetings/"+meeting+"/registrants?status="+status+"&occurrence_id="+o)
			}
		}
	}
	var page struct {
		Next string `json:"next_page_token"`
	}
	first := "/v2/meetings/" + w.meetings[0] + "/registrants?page_size=3"
	if err := c.Do(t.Context(), http.MethodGet, strings.TrimPrefix(first, "/v2"), nil, &page, nil); err != nil || page.Next == "" {
		t.Fatalf("got %v %v, want a page token", err, page)
	}
	w.reads = append(w.reads, "/v2/users/me", "/v2/users/me/meetings", first, first+"&next_page_token="+url.QueryEscape(page.Next))
	return w
}

// TestCopy moves a server with meetings of all kinds to Postgres and asks both
// for everything.
func TestCopy(t *testing.T) {
	t.Parallel()
	at := pgtest.Database(t, nil)
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	first := s.vars
	w := furnish(s)
	replay := s.once(w.bearer, w.meetings[0], "once")
	want := map[string]string{}
	for _, path := range w.reads {
		want[path] = s.answer(w.bearer, path)
		if !strings.HasPrefix(want[path], "200 ") {
			t.Errorf("%s: got %s", path, want[path])
		}
	}
	before, _, _ := s.people(s.client(first), w.meetings[0], "approved")

	code, _, errOut := invoke(t, []string{"MUSTER_TO=" + at}, "copy", "--data", folder)
	if code != 1 {
		t.Errorf("beside a server: got %d, want 1", code)
	}
	wantText(t, errOut, "a server is running on this folder: stop it first")
	s.stop()
	code, out, errOut := invoke(t, []string{"MUSTER_TO=" + at}, "copy", "--data", folder)
	if code != 0 || errOut != "" || strings.Contains(out, "DIFFERS") || strings.Count(out, " ok\n") < 13 {
		t.Fatalf("copy: got %d %s%s", code, out, errOut)
	}

	s = beginServer(t, folder, []string{"MUSTER_DATABASE=" + at})
	defer s.stop()
	for _, path := range w.reads {
		if got := s.answer(w.bearer, path); got != want[path] {
			t.Errorf("%s: got %s\nwant %s", path, got, want[path])
		}
	}
	if got := s.once(w.bearer, w.meetings[0], "once"); got != replay || !strings.HasPrefix(got, "201 ") {
		t.Errorf("the same Idempotency-Key: got %s, want %s", got, replay)
	}
	if status, _ := fetch(t, "http://"+s.address+path(t, before["p0@example.org"])); status != 200 {
		t.Errorf("an old link: got %d, want 200", status)
	}
	s.once(w.bearer, w.meetings[0], "late")
	var rows []string
	if err := s.client(first).Registrants(t.Context(), w.meetings[0], "approved", "", func(page []client.Registrant, _ int) error {
		for _, r := range page {
			rows = append(rows, r.Fields["email"])
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(before)+1 || rows[len(rows)-1] != "late@example.org" {
		t.Errorf("got %v, want the new one at the end", rows)
	}

	code, out, errOut = invoke(t, nil, "copy", "--data", folder, "--to", at)
	if code != 1 || out != "" || !strings.Contains(errOut, "is not empty") {
		t.Errorf("a second time: got %d %s%s", code, out, errOut)
	}
}

// TestKilledCopy ends a copy in the middle, twice; the third one is complete.
func TestKilledCopy(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a large database")
	}
	at := pgtest.Database(t, nil)
	folder, _ := firstDatabase(t)
	change(t, folder, heavy)
	before := files(t, folder)
	db, err := sql.Open("pgx", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // it only read
	has := func(query string) bool {
		var n int
		if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n > 0
	}
	for _, how := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		p := begin(t, nil, "copy", "--data", folder, "--to", at)
		p.await("copy under way", func() bool {
			return has(`SELECT COUNT(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database() AND mode = 'ExclusiveLock' AND locktype = 'relation'`)
		})
		p.signal(how)
		if code := p.wait(); code != -1 && code != 130 {
			t.Fatalf("%v came too late: %d %s", how, code, &p.out)
		}
		if how == syscall.SIGTERM {
			wantText(t, p.errOut.String(), "is empty as before")
		}
		if names := differ(before, files(t, folder)); slices.ContainsFunc(names, func(n string) bool { return filepath.Ext(n) == ".db" }) {
			t.Errorf("%v: the source has changed: %v", how, names)
		}
		if has(`SELECT COUNT(*) FROM accounts`) || has(`SELECT COUNT(*) FROM events`) || has(`SELECT COUNT(*) FROM secrets`) {
			t.Errorf("%v: the target is not empty", how)
		}
	}
	code, out, errOut := invoke(t, nil, "copy", "--data", folder, "--to", at)
	if code != 0 {
		t.Fatalf("got %d %s", code, errOut)
	}
	wantText(t, out, "100,0")
	if !has(`SELECT COUNT(*) FROM accounts`) {
		t.Error("nothing was copied")
	}
}

func TestCopyCommandRefuses(t *testing.T) {
	t.Parallel()
	folder, _ := firstDatabase(t)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no target":     {nil, 2, "--to must be the URL"},
		"not Postgres":  {[]string{"--to", "mysql://u:hidden@x/y"}, 2, "--to must be the URL"},
		"no database":   {[]string{"--to", "postgres://u:hidden@127.0.0.1:1/x", "--data", "nowhere"}, 1, "there is no database"},
		"nobody there":  {[]string{"--to", "postgres://u:hidden@127.0.0.1:1/x", "--data", folder}, 1, "127.0.0.1"},
		"a broken URL":  {[]string{"--to", "postgres://u:hidden@127.0.0.1:port/x", "--data", folder}, 1, "postgres://user@host:5432/name"},
		"a bad setting": {[]string{"--to", "postgres://u:hidden@127.0.0.1/x?sslmode=hidden", "--data", folder}, 1, "postgres://user@host:5432/name"},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: each locks the folder
			p := begin(t, nil, append([]string{"copy"}, test.args...)...)
			if code := p.wait(); code != test.code || p.out.String() != "" || strings.Contains(p.errOut.String(), "u:hidden") {
				t.Errorf("got %d, want %d; output %s%s", code, test.code, &p.out, &p.errOut)
			}
			wantText(t, p.errOut.String(), test.want)
			empty(t, p.work)
		})
	}
}
