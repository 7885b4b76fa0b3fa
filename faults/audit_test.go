//go:build linux

package faults

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// settle finds out what became of the requests whose answers were lost. Each
// must have been done wholly or not at all. It returns those of either kind.
func (l *load) settle(s *state) (did, didNot []*request, problems []string) {
	for _, c := range l.clients {
		for _, r := range c.open {
			before, after := true, true
			for i, p := range r.people {
				got := s.rows[personKey(r.meeting.id, p.email)]
				before = before && p.matches(got)
				next := r.after[i]
				next.id = p.id
				after = after && next.matches(got)
			}
			switch {
			case after:
				r.happened(s, c)
				did = append(did, r)
			case before:
				didNot = append(didNot, r)
			default:
				problems = append(problems, fmt.Sprintf("%s of %d people in meeting %d was done by half", r.kind, len(r.people), r.meeting.id))
			}
			for _, p := range r.people {
				p.busy = false
			}
		}
		c.open = nil
	}
	return did, didNot, problems
}

func (p person) matches(r row) bool {
	if p.status == "" || r.status == "" {
		return p.status == r.status
	}
	return p.status == r.status && p.name == r.name && p.dates == r.dates && (p.id == "" || p.id == r.id)
}

// happened takes r, whose answer was lost, for done.
func (r *request) happened(s *state, c *client) {
	ids := make([]string, len(r.people))
	for i, p := range r.people {
		p.become(r.after[i])
		if p.status != "" {
			p.id = s.rows[personKey(r.meeting.id, p.email)].id
		}
		ids[i] = p.id
	}
	c.events[eventKey(r.kind, r.meeting.id, ids)]++
}

// compare returns what a database lacks, or has too much, for what the clients
// were told. No request may be open.
func (l *load) compare(s *state) []string {
	problems := slices.Clone(s.problems)
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	events, made, known := maps.Clone(l.made), map[string]int{}, map[string]bool{}
	for _, c := range l.clients {
		for key, n := range c.events {
			events[key] += n
		}
		for _, p := range c.people {
			key := personKey(p.meeting.id, p.email)
			known[key] = true
			if p.id != "" {
				made[fmt.Sprintf("%d 0", p.meeting.id)]++
			}
			if got := s.rows[key]; !p.matches(got) {
				complain("%s: got %+v, want %+v", key, got, row{p.id, p.status, p.name, p.dates})
			}
		}
	}
	for key := range s.rows {
		if meeting, _, _ := strings.Cut(key, " "); !known[key] && l.minds(meeting) {
			complain("%s is there and nobody registered them", key)
		}
	}
	for key, want := range made {
		if got := s.tallies[key].made; got != want {
			complain("people ever registered for %s: got %d, want %d", key, got, want)
		}
	}
	return append(problems, l.compareEvents(s, events)...)
}

func (l *load) compareEvents(s *state, want map[string]int) (problems []string) {
	for key, n := range want {
		if s.events[key] != n {
			problems = append(problems, fmt.Sprintf("event %.200s: got %d, want %d", key, s.events[key], n))
		}
	}
	for key, n := range s.events {
		fields := strings.Fields(key)
		if want[key] == 0 && l.minds(fields[1]) {
			problems = append(problems, fmt.Sprintf("event %.200s: got %d without a change", key, n))
		}
	}
	return problems
}

// minds reports whether the load knows what a meeting should hold.
func (l *load) minds(meeting string) bool {
	_, ok := l.made[fmt.Sprintf("meeting.created %s ", meeting)]
	return ok
}

// audited is what an audit found out.
type audited struct{ did, didNot []*request }

// audit holds a database to what the clients of l were told, in the tables and
// through the API.
func (l *load) audit(t *testing.T, d *database, a *api) audited {
	t.Helper()
	db := d.open(t)
	defer func() { _ = db.Close() }() // it only read
	s, err := read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	did, didNot, problems := l.settle(s)
	problems = append(problems, l.compare(s)...)
	for _, c := range l.clients {
		problems = append(problems, c.problems...)
	}
	if d.engine == "sqlite" {
		problems = append(problems, integrity(t, db)...)
	}
	problems = append(problems, l.auditAPI(a)...)
	fail(t, problems)
	return audited{did, didNot}
}

// fail fails the test with the first of the problems.
func fail(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems[:min(len(problems), 20)] {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.Fatalf("the auditor has %d complaints", len(problems))
	}
}

// integrity asks SQLite itself.
func integrity(t *testing.T, q querier) (problems []string) {
	t.Helper()
	for _, pragma := range []string{"integrity_check", "foreign_key_check"} {
		err := each(t.Context(), q, `SELECT * FROM pragma_`+pragma, func(rows *sql.Rows) error {
			var said string
			if err := rows.Scan(&said); err != nil || said != "ok" {
				problems = append(problems, fmt.Sprintf("%s: %s %v", pragma, said, err))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return problems
}

// auditAPI holds the lists and links of the current meetings to what the clients were told.
func (l *load) auditAPI(a *api) (problems []string) {
	complain := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	rows := map[string]listed{}
	for _, m := range l.meetings {
		all, total, err := a.registrants(m.id)
		if err != nil {
			return append(problems, err.Error())
		}
		if total != len(all) {
			complain("total_records of %d: got %d, want the %d listed", m.id, total, len(all))
		}
		for _, r := range all {
			rows[personKey(m.id, r.Email)] = r
		}
	}
	visits := 0
	for _, c := range l.clients {
		for _, p := range c.people {
			if !slices.ContainsFunc(l.meetings, func(m meeting) bool { return m.id == p.meeting.id }) {
				continue
			}
			if problem := p.differs(rows[personKey(p.meeting.id, p.email)]); problem != "" {
				complain("%d %s: %s", p.meeting.id, p.email, problem)
			} else if p.link != "" && visits < 5 && present(p) {
				visits++
				if problem := p.visit(a); problem != "" {
					complain("%d %s: %s", p.meeting.id, p.email, problem)
				}
			}
		}
	}
	return problems
}
