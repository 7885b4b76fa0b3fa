// Package jobs does the work that waits in the queue of the store: what
// follows from a request after it was answered, and what is done every hour.
//
// Several processes may work on one database. A job is claimed for the time of
// a lease and removed when it is done; where that does not happen in time,
// because its process ended, another claims it. So each job is done at least
// once, and a handler must bear to be called twice for one.
package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"muster/internal/store"
)

// What is so unless a Handler says otherwise.
const (
	usualAtOnce  = 4
	usualBatch   = 100
	usualLease   = time.Minute
	usualLongest = time.Hour
)

// firstWait is how long a job that failed waits for its second try. The waits
// double from there.
const firstWait = time.Second

// lookEvery is how often the queue is looked at unasked, by the clock on the
// wall: for what other processes have put into it and for what has become due.
const lookEvery = time.Second

// A Handler does the jobs of one kind, by Do or by DoAll. The ctx that these
// get ends with the worker, and before the lease: then they return its error.
// A job whose handler fails or panics is tried again and never dropped.
type Handler struct {
	// Do does one job.
	Do func(context.Context, store.Job) error
	// DoAll does several jobs that are done, or fail, together.
	DoAll func(context.Context, []store.Job) error
	// AtOnce is how many calls of Do run at the same time, 4 unless given, or
	// how many jobs DoAll gets at most, 100 unless given.
	AtOnce int
	// Lease is for how long a job is claimed, a minute unless given.
	Lease time.Duration
	// Longest is the longest wait between two tries, an hour unless given.
	Longest time.Duration
	// Every makes the kind periodic, 0 for not: there is one job of it, which is
	// due again that long after it was done, and one process at a time does it.
	Every time.Duration
}

// A Worker does jobs. Make one by New, call Run.
type Worker struct {
	queues map[string]*queue
}

// New returns a worker for jobs of the kinds that handlers has. Jobs of other
// kinds stay for somebody else.
func New(db *store.DB, log *slog.Logger, handlers map[string]Handler) *Worker {
	w := &Worker{queues: map[string]*queue{}}
	for kind, h := range handlers {
		if h.AtOnce == 0 && h.DoAll != nil {
			h.AtOnce = usualBatch
		} else if h.AtOnce == 0 {
			h.AtOnce = usualAtOnce
		}
		if h.Lease == 0 {
			h.Lease = usualLease
		}
		if h.Longest == 0 {
			h.Longest = usualLongest
		}
		w.queues[kind] = &queue{Handler: h, kind: kind, db: db, log: log, wake: make(chan struct{}, 1)}
	}
	return w
}

// Run does jobs until ctx ends and returns when every handler has returned.
func (w *Worker) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, q := range w.queues {
		all.Go(func() { q.run(ctx) })
	}
	all.Wait()
}

// Wake has jobs of the kind looked for now. It does not wait.
func (w *Worker) Wake(kind string) {
	q := w.queues[kind]
	if q == nil {
		return
	}
	select {
	case q.wake <- struct{}{}:
	default: // it is to look anyway
	}
}
