//go:build linux

package faults

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKill ends the server with SIGKILL under load, again and again, and holds
// what is there after the restart to what had been acknowledged.
func TestKill(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		log, flags := newEventLog(t)
		kills, open, replays := times(3, 100), 0, 0
		s := d.serve(t, flags...)
		a := s.signIn(t)
		l := newLoad(t, a, 8)
		for n := range kills {
			if n%10 == 9 {
				l.renewMeetings(t, a)
			}
			l.run([]*api{a}, 1+rand.IntN(150), s.kill)
			killed := s
			s = d.serve(t, flags...)
			d.settle(t, killed)
			a.moves(s.base)
			a.must(t, 200, http.MethodGet, "/users/me", nil, nil) // the token of before
			a = s.signIn(t)
			found := l.audit(t, d, a)
			open += len(found.did) + len(found.didNot)
			again, problems := l.replay(a, found)
			fail(t, problems)
			replays += again
		}
		l.audit(t, d, a)
		log.complete(t, d)
		s.stop(t)
		if n := l.failed.Load(); n > 0 {
			t.Errorf("answers of 5xx: got %d, want none", n)
		}
		t.Logf("%d kills, %d acknowledged writes with %d people, %d in flight, %d sent again under their key: nothing lost",
			kills, l.acks.Load(), l.people(), open, replays)
	})
}

// people is how many people were registered.
func (l *load) people() (n int) {
	for _, c := range l.clients {
		for _, p := range c.people {
			if p.id != "" {
				n++
			}
		}
	}
	return n
}

// An eventLog is what muster serve --event-log wrote, one file for each node.
type eventLog struct{ files []string }

// newEventLog returns a log and the flags that a server writes it by: nil
// where it knows none.
func newEventLog(t *testing.T) (*eventLog, []string) {
	t.Helper()
	if !knows(t, "event-log") {
		return nil, nil
	}
	file := filepath.Join(t.TempDir(), "events.jsonl")
	return &eventLog{[]string{file}}, []string{"--event-log", file}
}

// complete waits until every event of d is in the log. A nil log is of a
// server that has none.
func (e *eventLog) complete(t *testing.T, d *database) {
	t.Helper()
	if e == nil {
		return
	}
	s, err := read(t.Context(), d.open(t))
	if err != nil {
		t.Fatal(err)
	}
	await(t, "every event in --event-log", func() bool {
		have := e.read(t)
		for id := range s.eventIDs {
			if !have[id] {
				return false
			}
		}
		return true
	})
}

// read returns the ids in the log. A line that a kill cut short is none.
func (e *eventLog) read(t *testing.T) map[string]bool {
	t.Helper()
	have := map[string]bool{}
	for _, file := range e.files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var event struct{ ID string }
			if json.Unmarshal(lines.Bytes(), &event) == nil {
				have[event.ID] = true
			}
		}
		_ = f.Close() // it was read
	}
	return have
}

// TestAuditorComplains shows that the auditor finds what it is there to find:
// in a transaction that is taken back, each kind of loss is brought about.
func TestAuditorComplains(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		s := d.serve(t)
		a := s.signIn(t)
		l := newLoad(t, a, 2)
		l.run([]*api{a}, 60, func() {})
		l.audit(t, d, a)
		s.stop(t)
		db := d.open(t)
		minded := `meeting_id IN (SELECT meeting_id FROM registrants GROUP BY meeting_id HAVING COUNT(*) > 12)`
		for name, c := range map[string]struct{ damage, complaint string }{
			"somebody is gone":             {`DELETE FROM registrants WHERE id = (SELECT MIN(id) FROM registrants WHERE ` + minded + `)`, "got {id: status: name: dates:0}, want"},
			"another id":                   {`UPDATE registrants SET id = 'other' WHERE id = (SELECT MIN(id) FROM registrants WHERE person NOT LIKE '%shared%' AND id NOT IN (SELECT registrant_id FROM choices))`, "{id:other"},
			"another status":               {`UPDATE registrants SET status = 'waitlisted' WHERE id = (SELECT MIN(id) FROM registrants WHERE ` + minded + `)`, "status:waitlisted"},
			"a counter is off":             {`UPDATE tallies SET approved = approved + 1`, "counters of"},
			"a counter is gone":            {`DELETE FROM tallies`, "there are none"},
			"the count of everybody":       {`UPDATE tallies SET made = made + 1`, "people ever registered"},
			"an event is gone":             {`DELETE FROM events WHERE id = (SELECT MIN(id) FROM events WHERE kind = 'registrants.added' AND ` + minded + `)`, "event registrants.added"},
			"an event without a change":    {`INSERT INTO events SELECT 'new', account_id, at, 'registrants.denied', app_id, user_id, meeting_id, subjects, data FROM events WHERE id = (SELECT MIN(id) FROM events WHERE kind = 'registrants.added' AND ` + minded + `)`, "event registrants.denied"},
			"an event twice":               {`INSERT INTO events SELECT 'new', account_id, at, kind, app_id, user_id, meeting_id, subjects, data FROM events WHERE id = (SELECT MIN(id) FROM events WHERE kind = 'registrants.added' AND ` + minded + `)`, "got 2, want 1"},
			"somebody nobody registered":   {`UPDATE registrants SET person = '{"email":"new@example.com"}' WHERE id = (SELECT MIN(id) FROM registrants WHERE ` + minded + `)`, "nobody registered them"},
			"two with one telephone code":  {`UPDATE registrants SET pin = 7`, "telephone code 7"},
			"an occurrence nobody chose":   {`DELETE FROM choices WHERE registrant_id = (SELECT MIN(registrant_id) FROM choices)`, "counters of"},
			"somebody under an old name":   {`UPDATE registrants SET person = REPLACE(person, '"first_name":"', '"first_name":"old ') WHERE ` + minded, "name:old "},
			"an account that was not made": {`DELETE FROM events WHERE kind = 'meeting.created'`, "event meeting.created"},
		} {
			t.Run(name, func(t *testing.T) {
				got := strings.Join(l.complaints(t, db, c.damage), "\n")
				if !strings.Contains(got, c.complaint) {
					t.Errorf("got %q, want a complaint with %q", got, c.complaint)
				}
			})
		}
		t.Run("half of a batch", func(t *testing.T) { l.halfBatch(t, db) })
		if got := l.complaints(t, db, `UPDATE tallies SET made = made`); len(got) > 0 {
			t.Errorf("undamaged: got %q, want no complaint", got)
		}
	})
}

// complaints does damage in a transaction, audits, and takes it back.
func (l *load) complaints(t *testing.T, db *sql.DB, damage string) []string {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }() // that is what the transaction is for
	if _, err := tx.ExecContext(t.Context(), damage); err != nil {
		t.Fatal(err)
	}
	s, err := read(context.Background(), tx)
	if err != nil {
		t.Fatal(err)
	}
	return l.compare(s)
}

// halfBatch opens a batch that is there, as if its answer had been lost, and takes half of it away.
func (l *load) halfBatch(t *testing.T, db *sql.DB) {
	t.Helper()
	c := l.clients[0]
	m := &l.meetings[0]
	s, err := read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	r := &request{kind: "registrants.added", meeting: m, by: c}
	for _, p := range c.people {
		if got, ok := s.rows[personKey(m.id, p.email)]; ok && p.meeting.id == m.id {
			r.people, r.after = append(r.people, &person{meeting: m, email: p.email}), append(r.after, person{status: got.status, name: got.name})
		}
	}
	if len(r.people) < 2 {
		t.Fatalf("got %d people of one client, want some", len(r.people))
	}
	delete(s.rows, personKey(m.id, r.people[0].email))
	c.open = append(c.open, r)
	_, _, problems := l.settle(s)
	if len(problems) != 1 || !strings.Contains(problems[0], "by half") {
		t.Errorf("got %q, want that the batch was done by half", problems)
	}
}
