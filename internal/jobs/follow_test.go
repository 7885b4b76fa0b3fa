package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"muster/internal/app"
	"muster/internal/jobs"
	"muster/internal/mustertest"
	"muster/internal/store"
)

// eventIDs returns the ids of all events, in order, read from the database itself.
func eventIDs(t *testing.T, s *mustertest.Server) []string {
	t.Helper()
	return s.Texts(`SELECT id FROM events ORDER BY id`)
}

// A follower keeps the ids of the events that it was told of.
type follower struct {
	app  *app.App
	mu   sync.Mutex
	seen map[string]int
}

func (f *follower) handle(ctx context.Context, list []store.Job) error {
	ids := make([]string, len(list))
	for i, j := range list {
		ids[i] = j.Subject
	}
	events, err := f.app.Events(ctx, ids)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		f.seen[e.ID]++
	}
	return nil
}

// TestEveryEventReachesItsFollower sends 300 requests, ten at a time, half of
// which are refused or of other kinds than registering.
func TestEveryEventReachesItsFollower(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	before := eventIDs(t, s) // of the first account, before anybody follows
	f := &follower{app: s.App, seen: map[string]int{}}
	w := run(t, s.App.DB, map[string]jobs.Handler{app.JobEvent: {DoAll: f.handle}})
	s.App.Followed, s.App.Wake = true, w.Wake
	meeting, token := s.Meeting(`"settings":{"approval_type":1}`), s.Token()
	var wg sync.WaitGroup
	for worker := range 10 {
		wg.Go(func() {
			for i := range 5 {
				who := fmt.Sprintf("p%d-%d@example.com", worker, i)
				for _, r := range []struct {
					method, path, body string
					status             int
				}{
					{"POST", meeting + "/registrants", `{"email":"` + who + `","first_name":"P"}`, 201},
					{"POST", meeting + "/batch_registrants", `{"registrants":[{"email":"a` + who + `"},{"email":"b` + who + `"}]}`, 200},
					{"PUT", meeting + "/registrants/status", `{"action":"approve","registrants":[{"email":"` + who + `"}]}`, 204},
					{"PATCH", meeting, fmt.Sprintf(`{"topic":"Topic %d %d"}`, worker, i), 204},
					{"POST", meeting + "/registrants", `{"email":"owner@muster.test"}`, 400},
					{"POST", "/v2/users/me/meetings", `{"topic":"More","type":2,"start_time":"2026-04-01T10:00:00Z"}`, 201},
				} {
					if a := s.As(token, r.method, r.path, r.body); a.Status != r.status {
						t.Errorf("%s %s: got %d %s, want %d", r.method, r.path, a.Status, a.Body, r.status)
					}
				}
			}
		})
	}
	wg.Wait()
	var want []string
	for _, id := range eventIDs(t, s) {
		if !slices.Contains(before, id) {
			want = append(want, id)
		}
	}
	missed := func() (ids []string) {
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, id := range want {
			if f.seen[id] == 0 {
				ids = append(ids, id)
			}
		}
		return ids
	}
	for len(missed()) > 0 { // each line of the log is of a claim that is done
		w.line("kind=event")
	}
	w.stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(want) < 250 || len(f.seen) != len(want) {
		t.Errorf("got %d events of %d", len(f.seen), len(want))
	}
	if left := claim(t, s.App.DB, app.JobEvent, 0); len(left) != 0 {
		t.Errorf("left in the queue: %d", len(left))
	}
}

// TestNoJobForNobodyOrNothing has no job made where nobody would do it, nor of
// what did not happen.
func TestNoJobForNobodyOrNothing(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.App.Wake = func(kind string) { t.Errorf("woken for %s", kind) }
	m := s.Meeting("")
	s.App.Followed = true
	s.Refused(400, 3027, "POST", m+"/registrants", `{"email":"owner@muster.test"}`)
	if left := claim(t, s.App.DB, app.JobEvent, 0); len(left) != 0 {
		t.Errorf("got %+v, want no job", left)
	}
}
