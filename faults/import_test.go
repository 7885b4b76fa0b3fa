//go:build linux

package faults

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKillImport ends muster import with SIGKILL, again and again, and starts
// it once more. In the end exactly the people of the file are registered, each
// by one request.
func TestKillImport(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		people := times(2000, 20_000)
		d := e.make(t)
		s := d.serve(t)
		a := s.signIn(t)
		meeting := a.meeting(t, 0)
		file := filepath.Join(t.TempDir(), "people.csv")
		var csv strings.Builder
		csv.WriteString("Email,First Name,Last Name\n")
		for i := range people {
			fmt.Fprintf(&csv, "p%d@example.com,Ann,Lee %d\n", i, i)
		}
		if err := os.WriteFile(file, []byte(csv.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		result := filepath.Join(filepath.Dir(file), "people.result.csv")
		importer := func() *process {
			env := append([]string{"MUSTER_URL=" + s.base}, credentials[:3]...)
			return run(t, muster(t, env, "import", "--meeting", fmt.Sprint(meeting), file))
		}
		kills, most := 0, times(5, 100)
		for kills < most {
			p := importer()
			// Killed when some more people are registered than there were.
			goal := lines(result) + 1 + rand.IntN(2*people/most)
			if !killedAt(t, p, func() bool { return lines(result) >= goal }) {
				break
			}
			kills++
		}
		if kills < 2 {
			t.Errorf("got %d kills before the import had ended, want more", kills)
		}
		p := importer()
		if code := p.wait(t); code != 0 {
			t.Fatalf("exit code of the last import: got %d, want 0\n%s", code, p.out.tail())
		}
		a = s.signIn(t)
		registeredOnce(t, d, a, meeting, people)
		t.Logf("%d kills of an import of %d people: nobody lost, nobody twice", kills, people)
	})
}

// killedAt kills p once ready is true. It returns false where p ended by itself.
func killedAt(t *testing.T, p *process, ready func() bool) bool {
	t.Helper()
	for end := time.Now().Add(2 * patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		select {
		case <-p.ended:
			return false
		default:
		}
		if ready() {
			p.kill()
			return p.cmd.ProcessState.ExitCode() == -1
		}
	}
	t.Fatalf("the import gets nowhere:\n%s", p.out.tail())
	return false
}

// lines counts the lines of a file, 0 where there is none.
func lines(file string) int {
	b, _ := os.ReadFile(file) // there is none yet
	return bytes.Count(b, []byte("\n"))
}

// registeredOnce checks that the people p0, p1 … are registered, each once
// and by one request only.
func registeredOnce(t *testing.T, d *database, a *api, meeting int64, people int) {
	t.Helper()
	all, total, err := a.registrants(meeting)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != people || total != people {
		t.Errorf("people: got %d listed and %d counted, want %d", len(all), total, people)
	}
	have := map[string]bool{}
	for _, r := range all {
		have[r.Email] = true
	}
	for i := range people {
		if email := fmt.Sprintf("p%d@example.com", i); !have[email] {
			t.Errorf("%s is lost", email)
		}
	}
	db := d.open(t)
	defer func() { _ = db.Close() }() // it only read
	times := map[string]int{}
	err = each(context.Background(), db, `SELECT subjects FROM events WHERE kind = 'registrants.added'`, func(rows *sql.Rows) error {
		var text string
		var ids []string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &ids)
		for _, id := range ids {
			times[id]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was registered by %d requests, want 1", id, n)
		}
	}
	s, err := read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	fail(t, s.problems)
}
