package zoom_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/jobs"
	"muster/internal/mustertest"
	"muster/internal/store"
)

// TestNodesShareScheduledWork: one of two nodes purges, and where a node that
// has taken the work is gone another does it once the lease has ended.
func TestNodesShareScheduledWork(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	done := make(chan error, 9)
	// work has the first two nodes at work until the purge was done once.
	work := func() {
		ctx, cancel := context.WithCancel(t.Context())
		var both sync.WaitGroup
		for _, n := range all[:2] {
			w := jobs.New(n.App.DB, slog.New(slog.DiscardHandler), map[string]jobs.Handler{
				app.JobPurge: {Every: time.Hour, Lease: 10 * time.Minute, Do: func(ctx context.Context, _ store.Job) error {
					err := n.App.Purge(ctx)
					done <- err
					return err
				}},
			})
			both.Go(func() { w.Run(ctx) })
		}
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Error("nobody does the work")
		}
		cancel()
		both.Wait()
		if len(done) != 0 {
			t.Errorf("the work was done %d times too often", len(done))
		}
	}
	all[0].Must(204, "DELETE", all[0].path, "")
	all[0].Advance(31 * 24 * time.Hour)
	work()
	if left := all[2].Number(`SELECT COUNT(*) FROM meetings`); left != 0 {
		t.Errorf("%d meetings are left", left)
	}
	ctx := t.Context()
	claim := func() (n int) {
		t.Helper()
		err := all[2].App.DB.Write(ctx, func(tx *store.Tx) error {
			taken, err := tx.ClaimJobs(ctx, app.JobPurge, 10*time.Minute, 9)
			n = len(taken)
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return n
	}
	all[0].Advance(time.Hour - time.Millisecond)
	if n := claim(); n != 0 {
		t.Errorf("the work is due again before its hour is over")
	}
	all[0].Advance(time.Millisecond)
	if n := claim(); n != 1 { // by a node that ends then
		t.Fatalf("got %d jobs, want the one", n)
	}
	all[0].Advance(10*time.Minute - time.Millisecond)
	if n := claim(); n != 0 {
		t.Errorf("somebody else gets the work within the lease")
	}
	all[0].Advance(time.Millisecond)
	work()
}

// A crowd does at random, at several nodes, whatever the API allows.
type crowd struct {
	t     *testing.T
	all   []*room
	token string
	paths []string // of its meetings
	dates []string // of those that are series

	mu     sync.Mutex
	counts map[string]int // by operation and status
}

// TestNodesUnderStress has nine clients do everything at once for a while.
// Then all that is stored fits together, and no answer was a failure of the
// server's.
func TestNodesUnderStress(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{Capacity: 20}, `"approval_type":1`)
	c := &crowd{t: t, all: all, token: all[0].Token(), paths: []string{all[0].path}, counts: map[string]int{}}
	for kind := 1; kind <= 3; kind++ {
		path := all[0].Meeting(fmt.Sprintf(`"type":8,"start_time":"2026-03-10T10:00:00Z","recurrence":{"type":2,"weekly_days":"3","end_times":4},
			"settings":{"approval_type":0,"registration_type":%d}`, kind))
		c.paths = append(c.paths, path)
		if kind == 3 {
			for _, o := range all[0].Must(200, "GET", path, "")["occurrences"].([]any) {
				c.dates = append(c.dates, o.(map[string]any)["occurrence_id"].(string))
			}
		}
	}
	span, least := 2*time.Second, 100
	if testing.Short() {
		span, least = span/4, 10
	}
	end := time.Now().Add(span)
	rush(9, func(i int) {
		dice := rand.New(rand.NewPCG(uint64(i), 7))
		for n := 0; n < least || time.Now().Before(end); n++ {
			c.act(all[i%3], dice)
		}
	})
	t.Log(c.counts)
	for _, kind := range []string{"register 201", "batch 200", "status 204", "edit 200", "remove 204", "update 204", "end 204", "delete 204", "recover 204"} {
		if c.counts[kind] == 0 && !testing.Short() {
			t.Errorf("never seen: %s", kind)
		}
	}
	consistent(t, all[0].Server)
	if over := all[0].Texts(`SELECT CAST(t AS TEXT) FROM tallies t JOIN meetings m ON m.id = t.meeting_id
		WHERE t.pending + t.approved > 20 AND (t.occurrence_id <> 0) = (m.type = 8 AND m.registration_type <> 1)`); len(over) > 0 {
		t.Errorf("oversold: %v", over)
	}
	c.eventsFit()
}

// act does one thing at random.
func (c *crowd) act(n *room, dice *rand.Rand) {
	pick := func(list []string) string { return list[dice.IntN(len(list))] }
	path := pick(c.paths)
	person := func() string { return fmt.Sprintf("p%d@example.com", dice.IntN(60)) }
	date := pick(slices.Concat(c.dates, []string{"", "", ""}))
	var what, method, body string
	switch roll := dice.IntN(100); {
	case roll < 40:
		what, method, path, body = "register", "POST", path+"/registrants?occurrence_ids="+date, fmt.Sprintf(`{"email":%q,"city":"c%d"}`, person(), dice.IntN(9))
	case roll < 50:
		what, method, path, body = "batch", "POST", c.paths[0]+"/batch_registrants?report="+pick([]string{"", "rows"}), batch(person(), person(), person())
	case roll < 66:
		what, method, path = "status", "PUT", path+"/registrants/status?occurrence_id="+date
		body = change(pick([]string{"approve", "deny", "cancel"}), person(), person(), person(), person())
	case roll < 84:
		id := c.somebody(n, path, person())
		what, method, body = "remove", "DELETE", ""
		if dice.IntN(3) > 0 {
			what, method, body = "edit", "PATCH", fmt.Sprintf(`{"email":%q,"reset_link":true}`, person())
		}
		path += "/registrants/" + id
	case roll < 88:
		what, method, body = "update", "PATCH", fmt.Sprintf(`{"topic":"t%d","settings":{"registration_type":%d}}`, dice.IntN(9), 1+dice.IntN(3))
	case roll < 90:
		what, method, path, body = "end", "PUT", path+"/status", `{"action":"end"}`
	case roll < 93: // a new start opens what has ended
		what, method, body = "update", "PATCH", fmt.Sprintf(`{"start_time":"2026-03-%02dT10:00:00Z"}`, 9+dice.IntN(3))
	case roll < 95:
		what, method = "delete", "DELETE"
	default:
		what, method, path, body = "recover", "PUT", path+"/status", `{"action":"recover"}`
	}
	headers := []string{"Authorization: Bearer " + c.token, "Content-Type: application/json"}
	if dice.IntN(4) == 0 {
		headers = append(headers, fmt.Sprintf("Idempotency-Key: %s %d", what, dice.IntN(50)))
	}
	a := n.Send(method, path, body, headers...)
	if a.Status >= 500 {
		c.t.Errorf("%s %s %s: got %d %s", method, path, body, a.Status, a.Body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[fmt.Sprint(what, " ", a.Status)]++
}

// somebody returns the id of a person, or one that nobody has.
func (c *crowd) somebody(n *room, path, email string) string {
	a := n.As(c.token, "GET", path+"/registrants?status=all&email="+email, "")
	if rows, _ := a.JSON(c.t)["registrants"].([]any); len(rows) > 0 {
		return rows[0].(map[string]any)["id"].(string)
	}
	return "nobody"
}

// eventsFit fails unless each person that an event names is there or was
// deleted, and each who is there was added.
func (c *crowd) eventsFit() {
	c.t.Helper()
	known, deleted, added := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, id := range c.all[0].Texts(`SELECT id FROM registrants`) {
		known[id] = true
	}
	events := c.all[0].Texts(`SELECT kind || ' ' || subjects FROM events WHERE kind LIKE 'registrant%'`)
	each := func(f func(kind, id string)) {
		for _, e := range events {
			kind, subjects, _ := strings.Cut(e, " ")
			var ids []string
			if err := json.Unmarshal([]byte(subjects), &ids); err != nil || len(ids) == 0 {
				c.t.Errorf("%s: %v", e, err)
			}
			for _, id := range ids {
				f(kind, id)
			}
		}
	}
	each(func(kind, id string) {
		deleted[id] = deleted[id] || kind == "registrant.deleted"
		added[id] = added[id] || kind == "registrants.added"
	})
	each(func(kind, id string) {
		if !known[id] && !deleted[id] {
			c.t.Errorf("%s names %s, who is not there and was not deleted", kind, id)
		}
	})
	for id := range known {
		if !added[id] {
			c.t.Errorf("%s is there, and no event has added them", id)
		}
	}
	if len(known) == 0 || len(events) < 50 && !testing.Short() {
		c.t.Errorf("%d people and %d events: that was no stress", len(known), len(events))
	}
}
