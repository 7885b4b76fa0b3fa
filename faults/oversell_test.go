//go:build linux

package faults

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// The places of TestOversell's meeting, and how many are left when the race begins.
const (
	capacity  = 150
	lastOnes  = 50
	racers    = 200
	perRacer  = 4 // people of its own whom a racer has approved
	fullCode  = 3043
	raceTries = 5
)

// TestOversell lets 200 clients race for the last 50 places of a meeting: some
// register one person at a time, some batches, some approve people who had been
// denied, on all servers of the database. Every now and then somebody who got
// a place gives it back. There are never more than 50, and in the end 50.
func TestOversell(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		var apis []*api
		for range d.nodes {
			apis = append(apis, d.serve(t, "--meeting-capacity", fmt.Sprint(capacity)).signIn(t))
		}
		r := newRace(t, apis)
		tries := times(raceTries, 100_000/racers)
		watching := r.watch(t, d)
		var all sync.WaitGroup
		for i := range racers {
			all.Go(func() { r.racer(t, i, tries) })
		}
		all.Wait()
		fill := 0
		for ; r.addOne(t, apis[0], fmt.Sprintf("last-%d@example.com", fill)); fill++ {
		}
		watching()
		s, err := read(t.Context(), d.open(t))
		if err != nil {
			t.Fatal(err)
		}
		fail(t, s.problems)
		by := s.counted[fmt.Sprintf("%d 0", r.meeting)].by
		if places := by[0] + by[1]; places != capacity || r.taken.Load() != lastOnes {
			t.Errorf("places taken: got %d and %d answers, want %d and %d", places, r.taken.Load(), capacity, lastOnes)
		}
		t.Logf("%d attempts of %d clients on %d servers for the last %d places: %d were given, %d given back, %d taken after the race",
			r.attempts.Load(), racers, d.nodes, lastOnes, r.given.Load(), r.given.Load()-r.taken.Load(), fill)
	})
}

// A race is for the last places of a meeting.
type race struct {
	apis    []*api
	meeting int64
	denied  [racers][]string // ids of whom each client may approve

	attempts, given, taken atomic.Int64 // asked; places ever given by answers; places held by answers
}

// newRace makes a meeting with all but the last places taken, by people of
// whom the host has to approve some, and others denied.
func newRace(t *testing.T, apis []*api) *race {
	t.Helper()
	r := &race{apis: apis, meeting: apis[0].meeting(t, 1)}
	for i := 2; i < racers; i += 3 { // those who approve
		ids := r.register(t, fmt.Sprintf("denied-%d", i), perRacer)
		r.status(t, apis[0], "deny", ids)
		r.denied[i] = ids
	}
	for i := range (capacity - lastOnes) / 25 {
		r.register(t, fmt.Sprintf("before-%d", i), 25)
	}
	r.attempts.Store(0)
	r.given.Store(0)
	r.taken.Store(0)
	return r
}

// register registers n new people, who have to fit.
func (r *race) register(t *testing.T, name string, n int) (ids []string) {
	t.Helper()
	var got struct{ Registrants []told }
	r.apis[0].must(t, 200, http.MethodPost, fmt.Sprintf("/meetings/%d/batch_registrants", r.meeting), batchOf(name, n), &got)
	for _, p := range got.Registrants {
		ids = append(ids, p.ID)
	}
	return ids
}

func batchOf(name string, n int) map[string]any {
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = map[string]any{"email": fmt.Sprintf("%s-%d@example.com", name, i), "first_name": "Ann"}
	}
	return map[string]any{"registrants": rows}
}

// racer is one client: it tries for places in its own way.
func (r *race) racer(t *testing.T, i, tries int) {
	a := r.apis[i%len(r.apis)]
	for try := range tries {
		email := fmt.Sprintf("racer-%d-%d", i, try)
		switch i % 3 {
		case 0:
			if r.addOne(t, a, email+"@example.com") && rand.IntN(3) == 0 {
				r.status(t, a, "cancel", nil, email+"@example.com")
			}
		case 1:
			n := 1 + rand.IntN(6)
			ans := a.call(http.MethodPost, fmt.Sprintf("/meetings/%d/batch_registrants", r.meeting), batchOf(email, n), "")
			if r.got(t, ans, n) {
				var emails []string
				for p := range n {
					emails = append(emails, fmt.Sprintf("%s-%d@example.com", email, p))
				}
				r.status(t, a, "deny", nil, emails...)
			}
		case 2:
			ids := r.denied[i][:1+rand.IntN(perRacer)]
			if r.status(t, a, "approve", ids) && try < tries-1 {
				r.status(t, a, "deny", ids)
			}
		}
	}
}

func (r *race) addOne(t *testing.T, a *api, email string) bool {
	ans := a.call(http.MethodPost, fmt.Sprintf("/meetings/%d/registrants", r.meeting), map[string]any{"email": email, "first_name": "Ann"}, "")
	return r.got(t, ans, 1)
}

// status changes people and reports whether it was done.
func (r *race) status(t *testing.T, a *api, action string, ids []string, emails ...string) bool {
	var who []map[string]any
	for _, id := range ids {
		who = append(who, map[string]any{"id": id})
	}
	for _, e := range emails {
		who = append(who, map[string]any{"email": e})
	}
	ans := a.call(http.MethodPut, fmt.Sprintf("/meetings/%d/registrants/status", r.meeting), map[string]any{"action": action, "registrants": who}, "")
	if action == "approve" {
		return r.got(t, ans, len(who))
	}
	if !ans.ok() {
		t.Errorf("%s: got %v, want 204", action, ans)
	}
	r.taken.Add(int64(-len(who)))
	return ans.ok()
}

// got counts n places where an answer gives them. Another answer must be that
// there is none left.
func (r *race) got(t *testing.T, ans answer, n int) bool {
	r.attempts.Add(1)
	if ans.ok() {
		r.given.Add(int64(n))
		r.taken.Add(int64(n))
		return true
	}
	if ans.code() != fullCode {
		t.Errorf("no place: got %v, want the code %d", ans, fullCode)
	}
	return false
}

// watch looks all the time whether more places are taken than there are, until
// the function that it returns is called.
func (r *race) watch(t *testing.T, d *database) (stop func()) {
	t.Helper()
	db := d.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			query := fmt.Sprintf(`SELECT COUNT(*) FROM registrants WHERE meeting_id = %d AND status IN ('pending', 'approved')`, r.meeting)
			err := each(ctx, db, query, func(rows *sql.Rows) error {
				var n int
				err := rows.Scan(&n)
				if n > capacity {
					t.Errorf("places taken: got %d, want %d at most", n, capacity)
				}
				return err
			})
			if err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}
