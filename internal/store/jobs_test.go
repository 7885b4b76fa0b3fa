package store

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// claim claims up to limit jobs of the kind "k" for a minute.
func claim(t *testing.T, db *DB, limit int) (jobs []Job) {
	t.Helper()
	must(t, db.Write(t.Context(), func(tx *Tx) (err error) {
		jobs, err = tx.ClaimJobs(t.Context(), "k", time.Minute, limit)
		return err
	}))
	return jobs
}

func ids(jobs []Job) (ids []string) {
	for _, j := range jobs {
		ids = append(ids, j.ID)
	}
	return ids
}

// ensure adds jobs of the kind "k" that are due at once.
func ensure(t *testing.T, db *DB, ids ...string) {
	t.Helper()
	must(t, db.Write(t.Context(), func(tx *Tx) error {
		for _, id := range ids {
			if err := tx.EnsureJob(t.Context(), &Job{ID: id, Kind: "k", Account: "acc", Subject: "of " + id, Data: "{}"}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestJobsAreClaimedForTheTimeOfALease(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	now := start
	db.Now = func() time.Time { return now }
	ensure(t, db, "a", "b")
	ensure(t, db, "a") // no second one
	must(t, db.Write(ctx, func(tx *Tx) error {
		return errors.Join(tx.EnsureJob(ctx, &Job{ID: "later", Kind: "k", RunAt: start.Add(time.Hour)}), tx.EnsureJob(ctx, &Job{ID: "other", Kind: "l"}))
	}))
	first := claim(t, db, 9)
	want := Job{ID: "a", Kind: "k", Account: "acc", Subject: "of a", Data: "{}", RunAt: start.Add(time.Minute), CreatedAt: start}
	if !slices.Equal(ids(first), []string{"a", "b"}) || first[0] != want {
		t.Fatalf("got %+v, want a and b, a as %+v", first, want)
	}
	if again := claim(t, db, 9); len(again) != 0 {
		t.Errorf("within the lease somebody else got %v", ids(again))
	}
	now = start.Add(time.Minute)
	second := claim(t, db, 1)
	if len(second) != 1 || second[0].RunAt.Equal(first[0].RunAt) {
		t.Fatalf("after the lease: got %+v, want one of the jobs under another lease", second)
	}
	must(t, db.Write(ctx, func(tx *Tx) error { // by who has lost it
		return errors.Join(tx.FinishJobs(ctx, first), tx.RetryJobs(ctx, first, start), tx.RepeatJobs(ctx, first, start))
	}))
	if n := number(t, db, `SELECT COUNT(*) FROM jobs WHERE id = '`+second[0].ID+`' AND attempts = 0`); n != 1 {
		t.Errorf("who lost a lease changed the job of who has it")
	}
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.FinishJobs(ctx, second) }))
	if n := number(t, db, `SELECT COUNT(*) FROM jobs WHERE id = '`+second[0].ID+`'`); n != 0 {
		t.Errorf("a job that is done is there still")
	}
}

func TestJobsThatFailOrRepeat(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	now := start
	db.Now = func() time.Time { return now }
	ensure(t, db, "a")
	due := func() (due bool) {
		must(t, db.Read(ctx, func(tx *Tx) (err error) { due, err = tx.JobDue(ctx, "k"); return err }))
		return due
	}
	for tries := int64(0); tries < 3; tries++ {
		jobs := claim(t, db, 9)
		if len(jobs) != 1 || jobs[0].Attempts != tries {
			t.Fatalf("got %+v, want a after %d tries", jobs, tries)
		}
		must(t, db.Write(ctx, func(tx *Tx) error { return tx.RetryJobs(ctx, jobs, now.Add(time.Second)) }))
		if due() {
			t.Error("a job that failed is due at once")
		}
		now = now.Add(time.Second)
		if !due() {
			t.Error("a job that failed is not due at its time")
		}
	}
	jobs := claim(t, db, 9)
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.RepeatJobs(ctx, jobs, now.Add(time.Hour)) }))
	now = now.Add(time.Hour)
	if jobs := claim(t, db, 9); len(jobs) != 1 || jobs[0].Attempts != 0 {
		t.Errorf("a job that repeats: got %+v, want it with no failures", jobs)
	}
}

func TestJobOfAFailedTransactionIsNone(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	boom, woken := errors.New("boom"), false
	err := db.Write(ctx, func(tx *Tx) error {
		tx.AfterCommit(func() { woken = true })
		return errors.Join(tx.EnsureJob(ctx, &Job{ID: "a", Kind: "k"}), boom)
	})
	if n := number(t, db, `SELECT COUNT(*) FROM jobs`); n != 0 || woken || !errors.Is(err, boom) {
		t.Errorf("got %d jobs, woken %v, %v; want none", n, woken, err)
	}
}

// TestNobodyGetsTheLeaseOfAnother has two processes claim the same jobs at once.
func TestNobodyGetsTheLeaseOfAnother(t *testing.T) {
	t.Parallel()
	one := open(t)
	two := another(t, one)
	const jobs = 300
	var all []string
	for i := range jobs {
		all = append(all, fmt.Sprintf("j%03d", i))
	}
	ensure(t, one, all...)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var got []string
	for i := range 8 {
		wg.Go(func() {
			db := []*DB{one, two}[i%2]
			for due := true; due; {
				var claimed []Job
				err := errors.Join(db.Write(t.Context(), func(tx *Tx) (err error) {
					claimed, err = tx.ClaimJobs(t.Context(), "k", time.Minute, 7)
					return err
				}), db.Read(t.Context(), func(tx *Tx) (err error) { due, err = tx.JobDue(t.Context(), "k"); return err }))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				got = append(got, ids(claimed)...)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	if !slices.Equal(got, all) {
		t.Errorf("got %d leases of %d jobs: %v", len(got), jobs, got)
	}
}
