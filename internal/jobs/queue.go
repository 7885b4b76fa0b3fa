package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"muster/internal/store"
)

// A queue does the jobs of one kind.
type queue struct {
	Handler
	kind    string
	db      *store.DB
	log     *slog.Logger
	wake    chan struct{}
	ensured bool // the periodic job is there
}

// run claims jobs and has them done, as many at once as the handler wants,
// until ctx ends and all have returned.
func (q *queue) run(ctx context.Context) {
	most := q.AtOnce
	if q.DoAll != nil {
		most = 1 // call, with all of a claim
	}
	running, ended := 0, make(chan bool, most)
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		for running < most {
			calls := q.claim(ctx, most-running)
			if len(calls) == 0 {
				break
			}
			for _, jobs := range calls {
				running++
				go func() {
					q.do(ctx, jobs)
					ended <- true
				}()
			}
		}
		select {
		case <-ctx.Done():
			for range running {
				<-ended
			}
			return
		case <-ended:
			running--
		case <-q.wake:
		case <-look.C:
		}
	}
}

// claim returns the jobs of up to n calls, none where nothing is due. What
// goes wrong is logged: it is tried again at the next look.
func (q *queue) claim(ctx context.Context, n int) [][]store.Job {
	jobs, err := q.take(ctx, n)
	if err != nil {
		if ctx.Err() == nil {
			q.log.Error("claim jobs", "kind", q.kind, "error", err.Error())
		}
		return nil
	}
	if q.DoAll != nil && len(jobs) > 0 {
		return [][]store.Job{jobs}
	}
	calls := make([][]store.Job, len(jobs))
	for i := range jobs {
		calls[i] = jobs[i : i+1]
	}
	return calls
}

func (q *queue) take(ctx context.Context, n int) (jobs []store.Job, err error) {
	if q.DoAll != nil {
		n = q.AtOnce
	}
	if q.Every > 0 && !q.ensured {
		job := &store.Job{ID: "periodic:" + q.kind, Kind: q.kind}
		if err := q.db.Write(ctx, func(tx *store.Tx) error { return tx.EnsureJob(ctx, job) }); err != nil {
			return nil, err
		}
		q.ensured = true
	}
	for {
		due := false
		err := q.db.Read(ctx, func(tx *store.Tx) (err error) { // where nothing is due the writer is not asked
			due, err = tx.JobDue(ctx, q.kind)
			return err
		})
		if err != nil || !due {
			return nil, err
		}
		err = q.db.Write(ctx, func(tx *store.Tx) (err error) {
			jobs, err = tx.ClaimJobs(ctx, q.kind, q.Lease, n)
			return err
		})
		if err != nil || len(jobs) > 0 { // none: another process was quicker, and there may be more
			return jobs, err
		}
	}
}

// do has the jobs of one call done and writes its log line.
func (q *queue) do(ctx context.Context, jobs []store.Job) {
	began := time.Now()
	call, cancel := context.WithTimeout(ctx, q.Lease-q.Lease/6) // what is left is for telling how it went
	err := q.call(call, jobs)
	cancel()
	stopped := err != nil && ctx.Err() != nil // no fault of the job's: it is due at once
	attrs := []any{"kind", q.kind, "duration_ms", float64(time.Since(began).Microseconds()) / 1000}
	if len(jobs) > 1 {
		attrs = append(attrs, "jobs", len(jobs))
	}
	if account := jobs[0].Account; len(jobs) == 1 && account != "" {
		attrs = append(attrs, "account", account)
	}
	if lost := q.end(context.WithoutCancel(ctx), jobs, err, stopped); lost != nil {
		err, stopped = errors.Join(err, fmt.Errorf("put down how it went: %w", lost)), false // it is done again after the lease
	}
	switch {
	case stopped:
		q.log.Info("job", append(attrs, "interrupted", true)...)
	case err != nil:
		q.log.Error("job", append(attrs, "attempts", fewestAttempts(jobs)+1, "error", err.Error())...)
	default:
		q.log.Info("job", attrs...)
	}
}

// call calls the handler. A panic is an error: it must not end the process.
func (q *queue) call(ctx context.Context, jobs []store.Job) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	if q.DoAll != nil {
		return q.DoAll(ctx, jobs)
	}
	return q.Do(ctx, jobs[0])
}

// end puts down how the jobs of one call went.
func (q *queue) end(ctx context.Context, jobs []store.Job, failed error, stopped bool) error {
	return q.db.Write(ctx, func(tx *store.Tx) error {
		switch {
		case stopped:
			return tx.RetryJobs(ctx, jobs, tx.Now)
		case failed != nil:
			return tx.RetryJobs(ctx, jobs, tx.Now.Add(wait(fewestAttempts(jobs), q.Longest)))
		case q.Every > 0:
			return tx.RepeatJobs(ctx, jobs, tx.Now.Add(q.Every))
		}
		return tx.FinishJobs(ctx, jobs)
	})
}

// wait returns how long a job waits that has failed once more than attempts:
// twice as long each time, at most longest, and between half of that and all
// of it, so that what failed together does not come together again.
func wait(attempts int64, longest time.Duration) time.Duration {
	most := min(firstWait<<min(attempts, 30), longest)
	return most/2 + rand.N(most/2+1)
}

// fewestAttempts is how often the youngest in failing has failed: what failed
// together is tried again as soon as that one is.
func fewestAttempts(jobs []store.Job) int64 {
	least := jobs[0].Attempts
	for _, j := range jobs {
		least = min(least, j.Attempts)
	}
	return least
}
