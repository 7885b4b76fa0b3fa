package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/jobs"
	"muster/internal/store"
)

func TestJobIsDoneOnce(t *testing.T) {
	t.Parallel()
	c := newClock()
	db := open(t, c, 1)[0]
	done := make(chan store.Job, 9)
	w := run(t, db, map[string]jobs.Handler{"k": {Do: func(_ context.Context, j store.Job) error { done <- j; return nil }}})
	add(t, db, "a")
	w.Wake("k")
	w.Wake("no such kind")
	if j := get(t, done, "job"); j.ID != "a" || j.Subject != "of a" || j.Data != "secret" {
		t.Errorf("got %+v", j)
	}
	line := w.line("msg=job ")
	for _, want := range []string{"level=INFO", "kind=k", "account=acc", "duration_ms="} {
		if !strings.Contains(line, want) || strings.Contains(line, "secret") {
			t.Errorf("got the line %s, want it with %s and without the data", line, want)
		}
	}
	c.advance(24 * time.Hour)
	w.stop()
	if left := claim(t, db, "k", 0); len(left) != 0 || len(done) != 0 {
		t.Errorf("done once more %d times, left %+v", len(done), left)
	}
}

func TestJobsOfOtherKindsStay(t *testing.T) {
	t.Parallel()
	db := open(t, newClock(), 1)[0]
	write(t, db, func(tx *store.Tx) error { return tx.EnsureJob(t.Context(), &store.Job{ID: "other", Kind: "l"}) })
	add(t, db, "a")
	w := run(t, db, map[string]jobs.Handler{"k": {Do: func(context.Context, store.Job) error { return nil }}})
	w.line("msg=job ")
	w.stop()
	if left := claim(t, db, "l", 0); len(left) != 1 {
		t.Errorf("got %+v, want the job that nobody does", left)
	}
}

func TestTakenOverAfterTheLease(t *testing.T) {
	t.Parallel()
	c := newClock()
	dbs := open(t, c, 2)
	add(t, dbs[0], "a", "b")
	if killed := claim(t, dbs[0], "k", time.Minute); len(killed) != 2 {
		t.Fatalf("got %+v, want both jobs", killed)
	}
	done := make(chan string, 9)
	w := run(t, dbs[1], map[string]jobs.Handler{"k": {Do: func(_ context.Context, j store.Job) error { done <- j.ID; return nil }}})
	c.advance(time.Minute - time.Millisecond)
	add(t, dbs[1], "c")
	w.Wake("k")
	if id := get(t, done, "job"); id != "c" { // only this one is due
		t.Errorf("within the lease: got %s, want c", id)
	}
	c.advance(time.Millisecond)
	w.Wake("k")
	got := []string{get(t, done, "job"), get(t, done, "job")}
	slices.Sort(got)
	if !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("after the lease: got %v, want a and b", got)
	}
}

// TestLateEndChangesNothing has a handler that outlives its lease: the job is
// done twice, and the end of the first does not disturb the second.
func TestLateEndChangesNothing(t *testing.T) {
	t.Parallel()
	c := newClock()
	dbs := open(t, c, 2)
	add(t, dbs[0], "a")
	began, release := make(chan bool), map[int]chan error{0: make(chan error), 1: make(chan error)}
	workers := make([]*worker, len(dbs))
	for i, db := range dbs {
		workers[i] = run(t, db, map[string]jobs.Handler{"k": {
			Longest: 500 * time.Millisecond, AtOnce: 1, // or the first worker may get its job a second time
			Do: func(context.Context, store.Job) error { began <- true; return <-release[i] },
		}})
		get(t, began, "try")
		c.advance(time.Minute)
	}
	c.advance(-time.Second) // the second lease has not ended
	release[0] <- errors.New("too late")
	workers[0].line("too late")
	workers[0].stop()
	c.advance(900 * time.Millisecond)
	if taken := claim(t, dbs[0], "k", time.Minute); len(taken) != 0 {
		t.Errorf("the failure of who had lost the job took it from who has it: %+v", taken)
	}
	release[1] <- nil
	workers[1].line("msg=job ")
	workers[1].stop()
	c.advance(time.Hour)
	if left := claim(t, dbs[0], "k", time.Minute); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

func TestFailingJobStaysAndWaitsLonger(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("no such host") },
		"panic": func() error { panic("no such host") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			db := open(t, c, 1)[0]
			tries := make(chan int64, 99)
			w := run(t, db, map[string]jobs.Handler{"k": {
				Longest: 10 * time.Second,
				Do:      func(_ context.Context, j store.Job) error { tries <- j.Attempts; return fail() },
			}})
			add(t, db, "a")
			for failed, most := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 10 * time.Second, 10 * time.Second} {
				w.Wake("k")
				if got := get(t, tries, "try"); got != int64(failed) {
					t.Fatalf("got a try after %d failures, want %d", got, failed)
				}
				line := w.line("msg=job ")
				for _, want := range []string{"level=ERROR", "no such host", fmt.Sprintf("attempts=%d ", failed+1)} {
					if !strings.Contains(line, want) || strings.Contains(line, "secret") {
						t.Errorf("got the line %s, want it with %s", line, want)
					}
				}
				c.advance(most/2 - time.Millisecond)
				write(t, db, func(tx *store.Tx) error {
					due, err := tx.JobDue(t.Context(), "k")
					if due {
						t.Errorf("after %d failures the job is due within %v", failed+1, most/2)
					}
					return err
				})
				c.advance(most/2 + time.Millisecond)
			}
		})
	}
}

func TestHandlerEndsBeforeTheLease(t *testing.T) {
	t.Parallel()
	db := open(t, newClock(), 1)[0]
	w := run(t, db, map[string]jobs.Handler{"k": {
		Lease: 30 * time.Millisecond,
		Do:    func(ctx context.Context, _ store.Job) error { <-ctx.Done(); return ctx.Err() },
	}})
	add(t, db, "a")
	w.Wake("k")
	if line := w.line("msg=job "); !strings.Contains(line, "deadline exceeded") {
		t.Errorf("got %s, want the deadline in it", line)
	}
}

func TestStopWaitsAndGivesBack(t *testing.T) {
	t.Parallel()
	db := open(t, newClock(), 1)[0]
	began, ended := make(chan bool, 2), make(chan bool, 2)
	w := run(t, db, map[string]jobs.Handler{"k": {Do: func(ctx context.Context, j store.Job) error {
		began <- true
		<-ctx.Done()
		ended <- true
		if j.ID == "done all the same" {
			return nil
		}
		return ctx.Err()
	}}})
	add(t, db, "a", "done all the same")
	w.Wake("k")
	get(t, began, "first job")
	get(t, began, "second job")
	w.stop()
	if len(ended) != 2 {
		t.Errorf("the worker ended before %d of its handlers", 2-len(ended))
	}
	if left := claim(t, db, "k", 0); len(left) != 1 || left[0].ID != "a" {
		t.Errorf("got %+v, want a, due at once", left)
	}
}

func TestJobsOfAClaimTogether(t *testing.T) {
	t.Parallel()
	c := newClock()
	db := open(t, c, 1)[0]
	calls, fails := make(chan []store.Job, 9), true
	add(t, db, "a", "b", "c", "d", "e")
	w := run(t, db, map[string]jobs.Handler{"k": {AtOnce: 3, DoAll: func(_ context.Context, list []store.Job) error {
		calls <- list
		if fails {
			fails = false
			return errors.New("disk full")
		}
		return nil
	}}})
	for _, want := range []int{3, 2} {
		if got := get(t, calls, "call"); len(got) != want {
			t.Errorf("got %d jobs, want %d: %+v", len(got), want, got)
		}
	}
	if line := w.line("disk full"); !strings.Contains(line, "jobs=3") {
		t.Errorf("got %s, want the number of jobs in it", line)
	}
	w.line("jobs=2")
	c.advance(time.Second)
	w.Wake("k")
	if got := get(t, calls, "call"); len(got) != 3 || got[0].Attempts != 1 {
		t.Errorf("got %+v, want the three that failed", got)
	}
}

// TestManyJobsOfTwoProcesses has two workers share 500 jobs: within the lease
// none is done twice, and none is left.
func TestManyJobsOfTwoProcesses(t *testing.T) {
	t.Parallel()
	dbs := open(t, newClock(), 2)
	var want []string
	for i := range 500 {
		want = append(want, fmt.Sprintf("j%03d", i))
	}
	add(t, dbs[0], want...)
	var mu sync.Mutex
	var got []string
	both, all := 0, make(chan bool)
	met := make(chan bool) // closed when both have begun: so that neither does all
	for _, db := range dbs {
		first := true
		w := run(t, db, map[string]jobs.Handler{"k": {AtOnce: 7, DoAll: func(_ context.Context, list []store.Job) error {
			mu.Lock()
			if first {
				first = false
				if both++; both == len(dbs) {
					close(met)
				}
			}
			mu.Unlock()
			<-met
			mu.Lock()
			defer mu.Unlock()
			for _, j := range list {
				got = append(got, j.ID)
			}
			if len(got) == len(want) {
				close(all)
			}
			return nil
		}}})
		w.Wake("k")
		defer w.stop()
	}
	get(t, all, "end of the work")
	mu.Lock()
	defer mu.Unlock()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %d jobs done: %v", len(got), got)
	}
}
