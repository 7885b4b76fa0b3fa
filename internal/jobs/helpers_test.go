package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/jobs"
	"muster/internal/mustertest"
	"muster/internal/store"
)

// patience is how long a test waits for something that should come at once.
const patience = 20 * time.Second

// A clock stands until the test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// open opens one empty database n times, as n processes do.
func open(t *testing.T, c *clock, n int) []*store.DB {
	t.Helper()
	file := mustertest.Database(t)
	all := make([]*store.DB, n)
	for i := range all {
		db, err := store.Open(t.Context(), file, store.Options{Unsafe: true})
		if err != nil {
			t.Fatal(err)
		}
		db.Now = c.Now
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		all[i] = db
	}
	return all
}

// add adds jobs of the kind "k" that are due at once.
func add(t *testing.T, db *store.DB, ids ...string) {
	t.Helper()
	write(t, db, func(tx *store.Tx) error {
		for _, id := range ids {
			if err := tx.EnsureJob(t.Context(), &store.Job{ID: id, Kind: "k", Account: "acc", Subject: "of " + id, Data: "secret"}); err != nil {
				return err
			}
		}
		return nil
	})
}

func write(t *testing.T, db *store.DB, f func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// claim claims all jobs of a kind that are due, as a process does that is
// killed before it has done them.
func claim(t *testing.T, db *store.DB, kind string, lease time.Duration) (claimed []store.Job) {
	t.Helper()
	write(t, db, func(tx *store.Tx) (err error) {
		claimed, err = tx.ClaimJobs(t.Context(), kind, lease, 1000)
		return err
	})
	return claimed
}

// A worker runs until the test stops it, and tells each line of its log.
type worker struct {
	*jobs.Worker
	t     *testing.T
	lines chan string
	stop  func() // waits for all handlers; may be called twice
}

// Write takes a line of the log.
func (w *worker) Write(line []byte) (int, error) {
	w.lines <- string(line)
	return len(line), nil
}

func run(t *testing.T, db *store.DB, handlers map[string]jobs.Handler) *worker {
	t.Helper()
	w := &worker{t: t, lines: make(chan string, 10_000)}
	w.Worker = jobs.New(db, slog.New(slog.NewTextHandler(w, nil)), handlers)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() {
		w.Run(ctx)
		close(ended)
	}()
	w.stop = func() {
		cancel()
		get(t, ended, "end of the worker")
	}
	t.Cleanup(w.stop)
	return w
}

// line waits for a line of the log with the text.
func (w *worker) line(text string) string {
	w.t.Helper()
	for {
		if line := get(w.t, w.lines, fmt.Sprintf("line with %q", text)); strings.Contains(line, text) {
			return line
		}
	}
}

// get waits for what comes from c.
func get[T any](t *testing.T, c <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(patience):
		t.Fatalf("no %s", what)
	}
	return v
}
