//go:build linux

package faults

import (
	"context"
	"database/sql"
	"strings"
	"testing"
)

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
			"an event twice":               {`INSERT INTO events SELECT 'new', account_id, at, kind, app_id, user_id, meeting_id, subjects, data FROM events WHERE id = (SELECT MIN(id) FROM events WHERE kind = 'registrants.added' AND ` + minded + `)`, "event registrants.added"}, // once more than answered: some people were sent twice
			"somebody nobody registered":   {`UPDATE registrants SET person = '{"email":"new@example.com"}' WHERE id = (SELECT MIN(id) FROM registrants WHERE ` + minded + `)`, "nobody registered them"},
			"two with one telephone code":  {`UPDATE registrants SET person = substr(person, 1, length(person) - 1) || ',"pin":7}'`, "telephone code 7"},
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
