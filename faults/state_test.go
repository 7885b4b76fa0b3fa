//go:build linux

package faults

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
)

// A querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// A state is what a database holds, as the auditor reads it.
type state struct {
	rows     map[string]row   // by meeting and email
	tallies  map[string]tally // by meeting and occurrence
	counted  map[string]tally // the same, counted from the people themselves
	events   map[string]int   // by eventKey, those of meetings made by a load
	eventIDs map[string]bool  // all
	problems []string         // what cannot be, whoever wrote it
}

type row struct {
	id, status, name string
	dates            int
}

// A tally is how many are pending, approved, denied, cancelled and waitlisted.
// Made is how many there ever were, of a whole meeting only.
type tally struct {
	by   [5]int
	made int
}

var statuses = []string{"pending", "approved", "denied", "cancelled", "waitlisted"}

func personKey(meeting int64, email string) string { return fmt.Sprintf("%d %s", meeting, email) }

// read reads all that the auditor looks at.
func read(ctx context.Context, q querier) (*state, error) {
	s := &state{rows: map[string]row{}, tallies: map[string]tally{}, counted: map[string]tally{}, events: map[string]int{}, eventIDs: map[string]bool{}}
	for _, f := range []func(context.Context, querier) error{s.readPeople, s.readChoices, s.readTallies, s.readEvents} {
		if err := f(ctx, q); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func each(ctx context.Context, q querier, query string, f func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *state) complain(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

func (s *state) readPeople(ctx context.Context, q querier) error {
	ids, pins := map[string]bool{}, map[string]bool{}
	return each(ctx, q, `
		SELECT r.meeting_id, r.slot, r.id, r.status, r.person, COUNT(c.occurrence_id)
		FROM registrants r LEFT JOIN choices c ON c.meeting_id = r.meeting_id AND c.registrant_id = r.id
		GROUP BY r.meeting_id, r.slot, r.id, r.status, r.person`, func(rows *sql.Rows) error {
		var r row
		var meeting, slot int64
		var text string
		if err := rows.Scan(&meeting, &slot, &r.id, &r.status, &text, &r.dates); err != nil {
			return err
		}
		var said struct {
			Email string `json:"email"`
			Name  string `json:"first_name"`
			PIN   int64  `json:"pin"`
		}
		if err := json.Unmarshal([]byte(text), &said); err != nil {
			return err
		}
		r.name = said.Name
		key := personKey(meeting, said.Email)
		if slot != 0 {
			key = fmt.Sprintf("%s %d", key, slot)
			s.count(meeting, slot, r.status, 1)
		}
		s.count(meeting, 0, r.status, 1)
		for name, seen := range map[string]map[string]bool{"id " + r.id: ids, fmt.Sprintf("telephone code %d of meeting %d", said.PIN, meeting): pins} {
			if seen[name] {
				s.complain("two people have the %s", name)
			}
			seen[name] = true
		}
		if _, twice := s.rows[key]; twice {
			s.complain("%s is there twice", key)
		}
		s.rows[key] = r
		return nil
	})
}

func (s *state) readChoices(ctx context.Context, q querier) error {
	return each(ctx, q, `SELECT meeting_id, occurrence_id, status, COUNT(*) FROM choices GROUP BY meeting_id, occurrence_id, status`, func(rows *sql.Rows) error {
		var meeting, occurrence int64
		var status string
		var n int
		err := rows.Scan(&meeting, &occurrence, &status, &n)
		s.count(meeting, occurrence, status, n)
		return err
	})
}

func (s *state) count(meeting, occurrence int64, status string, n int) {
	key := fmt.Sprintf("%d %d", meeting, occurrence)
	t := s.counted[key]
	t.by[slices.Index(statuses, status)] += n
	s.counted[key] = t
}

func (s *state) readTallies(ctx context.Context, q querier) error {
	err := each(ctx, q, `SELECT meeting_id, occurrence_id, pending, approved, denied, cancelled, waitlisted, made FROM tallies`, func(rows *sql.Rows) error {
		var meeting, occurrence int64
		var t tally
		err := rows.Scan(&meeting, &occurrence, &t.by[0], &t.by[1], &t.by[2], &t.by[3], &t.by[4], &t.made)
		s.tallies[fmt.Sprintf("%d %d", meeting, occurrence)] = t
		return err
	})
	for key := range s.counted {
		if _, ok := s.tallies[key]; !ok {
			s.complain("counters of %s: there are none, want %v %v", key, statuses, s.counted[key].by)
		}
	}
	for key, t := range s.tallies {
		if got := s.counted[key].by; got != t.by {
			s.complain("counters of %s: got %v %v, want the counted rows %v", key, statuses, t.by, got)
		}
	}
	return err
}

func (s *state) readEvents(ctx context.Context, q querier) error {
	return each(ctx, q, `SELECT id, kind, meeting_id, subjects FROM events`, func(rows *sql.Rows) error {
		var id, kind, subjects string
		var meeting int64
		if err := rows.Scan(&id, &kind, &meeting, &subjects); err != nil {
			return err
		}
		var ids []string
		if err := json.Unmarshal([]byte(subjects), &ids); err != nil {
			return err
		}
		s.eventIDs[id] = true
		s.events[eventKey(kind, meeting, ids)]++
		return nil
	})
}
