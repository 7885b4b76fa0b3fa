//go:build linux

package faults

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSecondServe starts a second server on the data of one that runs.
func TestSecondServe(t *testing.T) {
	faulty(t)
	d := newSQLite(t)
	s := d.serve(t)
	wantText(t, refuses(t, d), d.folder, "another muster serve is running on this folder")
	s.signIn(t).meeting(t, 0) // the first one did not mind
	s.kill()
	d.serve(t).stop(t) // and its lock died with it
}

// TestLockedDatabase has another process lock the database while clients
// write. They wait, and none is refused.
func TestLockedDatabase(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		s := d.serve(t)
		a := s.signIn(t)
		l := newLoad(t, a, 6)
		db := d.open(t)
		for range times(1, 20) {
			var unlock func()
			l.run([]*api{a}, 10, func() {
				unlock = d.lock(t, db)
				acks := l.acks.Load()
				time.Sleep(time.Second) // so long nothing may happen: there is nothing to wait for
				if got := l.acks.Load() - acks; got > int64(len(l.clients)) {
					t.Errorf("writes while the database was locked: got %d, want those at most that were under way", got)
				}
				unlock()
			})
			l.run([]*api{a}, 10, func() {})
		}
		l.audit(t, d, a)
		if n := l.failed.Load(); n > 0 {
			t.Errorf("answers of 5xx: got %d, want none", n)
		}
	})
}

// lock keeps all others from writing until the function that it returns is called.
func (d *database) lock(t *testing.T, db *sql.DB) (unlock func()) {
	statements := []string{"BEGIN IMMEDIATE"}
	if d.engine == "postgres" {
		statements = []string{"BEGIN", "LOCK TABLE registrants IN EXCLUSIVE MODE"}
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Error(err)
		return func() {}
	}
	for _, s := range statements {
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Error(err)
		}
	}
	return func() {
		if _, err := conn.ExecContext(t.Context(), "ROLLBACK"); err != nil {
			t.Error(err)
		}
		_ = conn.Close() // back to the pool
	}
}

// TestLockedTooLong has another process lock the database for longer than a
// server waits. Who writes is told so, nothing is done, and what can be read is.
func TestLockedTooLong(t *testing.T) {
	faulty(t)
	if !long {
		t.Skip("takes half a minute: only in the long runs")
	}
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		s := d.serve(t)
		a := s.signIn(t)
		a.http.Timeout = 3 * patience
		meeting := a.meeting(t, 0)
		add := func() answer {
			return a.call(http.MethodPost, fmt.Sprintf("/meetings/%d/batch_registrants", meeting), batchOf("late", 3), "")
		}
		unlock := d.lock(t, d.open(t))
		begin := time.Now()
		refused := add()
		if refused.status != http.StatusServiceUnavailable || refused.code() != 503 || refused.header.Get("Retry-After") == "" {
			t.Errorf("a write while the database is locked: got %v, want 503 with Retry-After", refused)
		}
		t.Logf("refused after %v: %s", time.Since(begin).Round(time.Second), refused.body)
		if all, _, err := a.registrants(meeting); err != nil || len(all) != 0 {
			t.Errorf("a list while the database is locked: got %v (%v), want nobody", all, err)
		}
		unlock()
		if all, _, err := a.registrants(meeting); err != nil || len(all) != 0 {
			t.Errorf("a list afterwards: got %v (%v), want nobody", all, err)
		}
		if got := add(); !got.ok() {
			t.Errorf("a write afterwards: got %v, want 200", got)
		}
	})
}

// TestNewerDatabase opens a database that a newer program has migrated.
func TestNewerDatabase(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		d.serve(t).stop(t)
		db := d.open(t)
		if _, err := db.ExecContext(t.Context(), `UPDATE schema_version SET version = version + 1000`); err != nil {
			t.Fatal(err)
		}
		wantText(t, refuses(t, d), "its schema has version 10", "newer than this program's")
		if _, err := db.ExecContext(t.Context(), `UPDATE schema_version SET version = version - 1000`); err != nil {
			t.Fatal(err)
		}
		d.serve(t).stop(t)
	})
}

// TestDamagedFile starts servers on SQLite files with something wrong. Either
// the server refuses to start, or it serves what is whole and answers 5xx
// about the rest; it never takes what is left for all there is.
func TestDamagedFile(t *testing.T) {
	faulty(t)
	d := newSQLite(t)
	s := d.serve(t)
	a := s.signIn(t)
	meeting := a.meeting(t, 0)
	const people = 600
	for i := range people / 30 {
		a.must(t, 200, http.MethodPost, fmt.Sprintf("/meetings/%d/batch_registrants", meeting), batchOf(fmt.Sprintf("b%d", i), 30), nil)
	}
	s.stop(t)
	whole, err := os.ReadFile(filepath.Join(d.folder, "muster.db"))
	if err != nil {
		t.Fatal(err)
	}
	const page = 8192
	type damage struct {
		damage func(b []byte) []byte
		wal    string
		want   string // of a refusal; "": it may start
	}
	cases := map[string]damage{
		"another file's content": {func([]byte) []byte { return bytes.Repeat([]byte("no database\n"), 2000) }, "", "file is not a database"},
		"header overwritten":     {func(b []byte) []byte { return overwritten(b, 0, 100) }, "", "file is not a database"},
		"cut within a page":      {func(b []byte) []byte { return b[:1000] }, "", "muster.db"},
		"cut in the middle":      {func(b []byte) []byte { return b[:len(b)/2/page*page] }, "", ""},
		"all but the first page": {func(b []byte) []byte { return overwritten(b, page, len(b)) }, "", "malformed"},
		"second half":            {func(b []byte) []byte { return overwritten(b, len(b)/2, len(b)) }, "", ""},
		"a page in the middle":   {func(b []byte) []byte { return overwritten(b, len(b)/2/page*page, len(b)/2/page*page+page) }, "", ""},
		"last page":              {func(b []byte) []byte { return overwritten(b, len(b)-page, len(b)) }, "", ""},
		"a log that is none":     {bytes.Clone, strings.Repeat("no log\n", 5000), ""},
	}
	for range times(3, 100) {
		at := rand.IntN(len(whole)/page) * page
		cases[fmt.Sprintf("the page at %d", at)] = damage{func(b []byte) []byte { return overwritten(b, at, at+page) }, "", ""}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			write := func(name string, content []byte) {
				if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("muster.db", c.damage(bytes.Clone(whole)))
			if c.wal != "" {
				write("muster.db-wal", []byte(c.wal))
			}
			damaged(t, sqliteIn(folder), meeting, people, c.want)
		})
	}
}

func overwritten(b []byte, from, to int) []byte {
	for i := from; i < to; i++ {
		b[i] = byte(i*7 + 3)
	}
	return b
}

// damaged starts a server on a damaged database.
func damaged(t *testing.T, d *database, meeting int64, people int, want string) {
	t.Helper()
	p := run(t, d.serveCommand(t, "damaged"))
	started := false
	await(t, "a start or an end", func() bool {
		select {
		case <-p.ended:
			return true
		default:
			started = listening.MatchString(p.out.String())
			return started
		}
	})
	if !started {
		said := p.out.String()
		wantText(t, said, d.folder, want)
		if !strings.Contains(said, "not a database") && !strings.Contains(said, "malformed") {
			t.Errorf("refusal: got %q, want that it says what is wrong", said)
		}
		return
	}
	if want != "" {
		t.Fatalf("the server started, want a refusal with %q", want)
	}
	s := &server{process: p}
	s.listens(t)
	a := newAPI(s.base)
	if err := a.renew(accountID, clientID, clientSecret); err != nil {
		wantText(t, err.Error(), "500")
		wantLog(t, s, "malformed")
		return
	}
	all, total, err := a.registrants(meeting)
	if err != nil {
		wantText(t, err.Error(), "500")
		wantLog(t, s, "malformed")
		return
	}
	if len(all) != people || total != people {
		t.Errorf("people: got %d listed and %d counted without an error, want %d or an error", len(all), total, people)
	}
}
