//go:build linux

package faults

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// An oldAnswers is what testdata/old.sh noted beside a dump.
type oldAnswers struct {
	token              string // of the first app
	path, body, answer string // of a write under the Idempotency-Key old-key
	asked              []asked
}

type asked struct{ path, answer string }

func readAnswers(t *testing.T, file string) *oldAnswers {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	scan := bufio.NewScanner(bytes.NewReader(b))
	for scan.Buffer(nil, 1<<20); scan.Scan(); {
		lines = append(lines, scan.Text())
	}
	o := &oldAnswers{token: lines[0], path: lines[1], body: lines[2], answer: lines[3]}
	for pair := range slices.Chunk(lines[4:], 2) {
		o.asked = append(o.asked, asked{pair[0], pair[1]})
	}
	return o
}

// TestOldDatabase opens the database that an earlier program left behind: it
// is migrated, and what it holds is answered as it was then.
func TestOldDatabase(t *testing.T) {
	faulty(t)
	dumps, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(dumps) == 0 {
		t.Fatalf("dumps: got %q %v, want some", dumps, err)
	}
	for _, dump := range dumps {
		name := dump[:len(dump)-len(".sql")]
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			d := newSQLite(t)
			old := readAnswers(t, name+".answers")
			was := d.load(t, dump)
			if n := d.twins(t); n != 1 {
				t.Fatalf("users with another's personal number before: got %d, want 1", n)
			}
			s := d.serve(t, "--public-url", "https://muster.test")
			a := newAPI(s.base)
			a.token = old.token
			links := old.check(t, a)
			if links < 10 {
				t.Errorf("links opened: got %d, want more: the dump has more people", links)
			}
			oldAudit(t, a)
			// What was new then goes on: the auditor counts the old people, too.
			a = s.signIn(t)
			l := newLoad(t, a, 4)
			l.run([]*api{a}, 60, func() {})
			l.audit(t, d, a)
			s.stop(t)
			fresh := newSQLite(t)
			fresh.serve(t).stop(t)
			if got, want := d.schema(t), fresh.schema(t); got != want {
				t.Errorf("schema after the migration: got\n%s\nwant that of a new database\n%s", got, want)
			}
			if n := d.twins(t); n != 0 {
				t.Errorf("users with another's personal number: got %d, want none", n)
			}
			is := d.version(t)
			if is < was {
				t.Errorf("version of the schema: got %d, want %d at least", is, was)
			}
			t.Logf("migrated from version %d to %d; %d answers as before, %d links open", was, is, len(old.asked), links)
		})
	}
}

// oldAudit wants what an old program wrote about administration in the audit,
// which came later: by kind, by what was made, and by the app that asked.
func oldAudit(t *testing.T, a *api) {
	t.Helper()
	type event struct {
		ID, Kind string
		Objects  []string
		Actor    struct {
			App string `json:"app_id"`
		}
	}
	find := func(query string) []event {
		ans := a.call(http.MethodGet, "/muster/audit?page_size=300"+query, nil, "")
		var page struct{ Events []event }
		if err := json.Unmarshal(ans.body, &page); err != nil || !ans.ok() {
			t.Fatalf("audit%s: got %v (%v)", query, ans, err)
		}
		return page.Events
	}
	for _, kind := range []string{"account.created", "app.added", "user.created"} {
		events := find("&kind=" + kind)
		if len(events) == 0 {
			t.Errorf("audit of what was there before: got no %s", kind)
		}
		for _, e := range events {
			queries := []string{"&object=" + e.Objects[0]}
			if e.Actor.App != "" {
				queries = append(queries, "&actor="+e.Actor.App)
			}
			for _, query := range queries {
				if !slices.ContainsFunc(find(query), func(f event) bool { return f.ID == e.ID }) {
					t.Errorf("audit%s: got no %s %s", query, e.Kind, e.ID)
				}
			}
		}
	}
}

// oldTwin is a user of another account who drew the personal number of one whom
// the answers tell of. Numbers became unique later.
const oldTwin = `
	INSERT INTO users (id, account_id, email, email_key, first_name, last_name, display_name, type, status, role, action, pmi, timezone, created_at, updated_at)
	SELECT 'twin', b.id, 'twin@example.com', 'twin@example.com', '', '', '', u.type, u.status, u.role, u.action, u.pmi, u.timezone, u.created_at, u.updated_at
	FROM users u, accounts b
	WHERE u.email = 'jo@example.com' AND b.name = 'Branch'`

// twins returns how many users have a personal number that another has, too.
func (d *database) twins(t *testing.T) (n int) {
	t.Helper()
	db := d.open(t)
	defer func() { _ = db.Close() }() // it only read
	if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) - COUNT(DISTINCT pmi) FROM users`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// load makes d from a dump. What expires is made young: the dump grows older.
func (d *database) load(t *testing.T, dump string) (version int) {
	t.Helper()
	text, err := os.ReadFile(dump)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	db := d.open(t)
	db.SetMaxOpenConns(1) // pragmas are for a connection
	for _, statement := range []string{
		"PRAGMA page_size = 8192", "PRAGMA journal_mode = WAL", string(text),
		"UPDATE tokens SET expires_at = (unixepoch() + 1800) * 1000", "UPDATE idempotency SET created_at = unixepoch() * 1000",
		oldTwin,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return d.version(t)
}

// version returns the version of d's schema.
func (d *database) version(t *testing.T) (n int) {
	t.Helper()
	db := d.open(t)
	defer func() { _ = db.Close() }() // it only read
	if err := db.QueryRowContext(t.Context(), `SELECT version FROM schema_version`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// schema lists the columns and indexes of d's tables in words that do not
// depend on how they came about.
func (d *database) schema(t *testing.T) string {
	t.Helper()
	db := d.open(t)
	defer func() { _ = db.Close() }() // it only read
	var all []string
	err := each(t.Context(), db, `
		SELECT m.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk
		FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table'
		UNION
		SELECT m.tbl_name || ' ' || (SELECT group_concat(i.name || ' ' || i."desc") FROM pragma_index_xinfo(m.name) i)
		FROM sqlite_master m
		WHERE m.type = 'index'
		ORDER BY 1`, func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		all = append(all, line)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

var joinURL = regexp.MustCompile(`"status":"([a-z]+)"[^{}]*"join_url":"https://muster.test(/w/[^"]+)"`)

// check asks what was asked then and opens the links that were told then. It
// returns how many.
func (o *oldAnswers) check(t *testing.T, a *api) (links int) {
	t.Helper()
	for _, q := range o.asked {
		got := a.call(http.MethodGet, q.path, nil, "")
		if !got.ok() {
			t.Errorf("GET %s: got %v, want 200", q.path, got)
			continue
		}
		if lacks := lacks(decoded(t, got.body), decoded(t, []byte(q.answer)), ""); lacks != "" {
			t.Errorf("GET %s: %s", q.path, lacks)
		}
		for _, m := range joinURL.FindAllStringSubmatch(q.answer, -1) {
			p := person{status: m[1], link: m[2]}
			if problem := p.visit(a); problem != "" {
				t.Errorf("%s: %s", m[2], problem)
			}
			links++
		}
	}
	got := a.call(http.MethodPost, o.path, json.RawMessage(o.body), "old-key")
	if got.header.Get("Idempotent-Replayed") != "true" || string(got.body) != o.answer {
		t.Errorf("a write of before under its key: got %v, want %s again", got, o.answer)
	}
	return links
}

func decoded(t *testing.T, b []byte) (v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return v
}

// lacks says what of want is not in got, "" for nothing. Got may have more fields.
func lacks(got, want any, at string) string {
	switch want := want.(type) {
	case map[string]any:
		have, _ := got.(map[string]any)
		for name, w := range want {
			if _, ok := have[name]; !ok {
				return fmt.Sprintf("%s.%s is missing", at, name)
			}
			if l := lacks(have[name], w, at+"."+name); l != "" {
				return l
			}
		}
		return ""
	case []any:
		have, _ := got.([]any)
		if len(have) != len(want) {
			return fmt.Sprintf("%s: got %d, want %d", at, len(have), len(want))
		}
		for i, w := range want {
			if l := lacks(have[i], w, fmt.Sprintf("%s[%d]", at, i)); l != "" {
				return l
			}
		}
		return ""
	}
	if got != want {
		return fmt.Sprintf("%s: got %v, want %v", at, got, want)
	}
	return ""
}
