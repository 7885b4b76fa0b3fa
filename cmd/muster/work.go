package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"muster/internal/app"
	"muster/internal/eventlog"
	"muster/internal/jobs"
	"muster/internal/store"
)

// newWorker returns what does the jobs of a server and has a make those that
// somebody here does. eventLog is the file that follows the events, "" for none.
func newWorker(eventLog string, a *app.App, log *slog.Logger) (*jobs.Worker, error) {
	handlers := map[string]jobs.Handler{
		app.JobPurge: {Every: time.Hour, Lease: 10 * time.Minute, Do: func(ctx context.Context, _ store.Job) error { return a.Purge(ctx) }},
	}
	if eventLog != "" {
		l, err := eventlog.Open(eventLog)
		if err != nil {
			return nil, fmt.Errorf("--event-log %s: %w", eventLog, err)
		}
		handlers[app.JobEvent] = jobs.Handler{Lease: 10 * time.Second, Longest: time.Minute, DoAll: follow(a, l)}
		a.Followed = true
	}
	w := jobs.New(a.DB, log, handlers)
	a.Wake = w.Wake
	return w, nil
}

// follow returns what appends the events of jobs to l.
func follow(a *app.App, l *eventlog.Log) func(context.Context, []store.Job) error {
	return func(ctx context.Context, list []store.Job) error {
		ids := make([]string, len(list))
		for i, j := range list {
			ids[i] = j.Subject
		}
		events, err := a.Events(ctx, ids)
		if err != nil {
			return err
		}
		return l.Append(events)
	}
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
