package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"muster/internal/app"
	"muster/internal/jobs"
	"muster/internal/store"
)

// newWorker returns what does the jobs of a server.
func newWorker(a *app.App, log *slog.Logger) *jobs.Worker {
	return jobs.New(a.DB, log, map[string]jobs.Handler{
		app.JobPurge: {Every: time.Hour, Lease: 10 * time.Minute, Do: func(ctx context.Context, _ store.Job) error { return a.Purge(ctx) }},
	})
}

// work has w do jobs, beyond the end of ctx, until the function is called that
// it returns, which waits for what is being done.
func work(ctx context.Context, w *jobs.Worker) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}
