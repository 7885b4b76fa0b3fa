package jobs_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"muster/internal/jobs"
	"muster/internal/store"
)

// TestPeriodicWorkIsDoneByOne has two workers on one database for five hours,
// in one of which the process ends that does the work.
func TestPeriodicWorkIsDoneByOne(t *testing.T) {
	t.Parallel()
	c := newClock()
	dbs := open(t, c, 3)
	done := make(chan time.Time, 99)
	handlers := map[string]jobs.Handler{"k": {
		Every: time.Hour, Lease: 10 * time.Minute,
		Do: func(context.Context, store.Job) error { done <- c.Now(); return nil },
	}}
	workers := []*worker{run(t, dbs[0], handlers), run(t, dbs[1], handlers)}
	look := func() {
		for _, w := range workers {
			w.Wake("k")
		}
	}
	ended := func() string { // whoever it was
		select {
		case line := <-workers[0].lines:
			return line
		case line := <-workers[1].lines:
			return line
		case <-time.After(patience):
			t.Fatal("nobody did the work")
			return ""
		}
	}
	for hour := range 3 {
		look()
		if got, want := get(t, done, "work"), c.Now(); !got.Equal(want) {
			t.Errorf("hour %d: done at %v, want %v", hour, got, want)
		}
		ended()
		c.advance(time.Hour - time.Millisecond)
		if early := claim(t, dbs[2], "k", time.Hour); len(early) != 0 {
			t.Errorf("hour %d: due early: %+v", hour, early)
		}
		if hour < 2 {
			c.advance(time.Millisecond)
		}
	}
	for _, w := range workers {
		w.stop() // so that the third process is the one that gets it
	}
	c.advance(time.Millisecond)
	if killed := claim(t, dbs[2], "k", 10*time.Minute); len(killed) != 1 {
		t.Fatalf("got %+v, want the one job", killed)
	}
	workers = []*worker{run(t, dbs[0], handlers), run(t, dbs[1], handlers)}
	c.advance(10 * time.Minute)
	look()
	get(t, done, "work of who took over")
	ended()
	for _, w := range workers {
		w.stop()
	}
	if len(done) != 0 {
		t.Errorf("done %d times too often", len(done))
	}
}

func TestPeriodicWorkThatFailsIsTriedBeforeItsNextTime(t *testing.T) {
	t.Parallel()
	c := newClock()
	db := open(t, c, 1)[0]
	tries := make(chan int64, 9)
	w := run(t, db, map[string]jobs.Handler{"k": {Every: time.Hour, Do: func(_ context.Context, j store.Job) error {
		tries <- j.Attempts
		if j.Attempts < 2 {
			return errors.New("not now")
		}
		return nil
	}}})
	for want := range int64(3) {
		if got := get(t, tries, "try"); got != want {
			t.Errorf("got a try after %d failures, want %d", got, want)
		}
		w.line("msg=job ")
		c.advance(2 * time.Second)
		w.Wake("k")
	}
	c.advance(time.Hour)
	w.Wake("k")
	if got := get(t, tries, "try"); got != 0 {
		t.Errorf("the next time: got a try after %d failures, want 0", got)
	}
}
