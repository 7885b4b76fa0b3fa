package app

import (
	"context"

	"muster/internal/muster"
	"muster/internal/store"
)

// The kinds of jobs. Who does them is handed in by cmd.
const (
	// JobEvent is for who follows the event log: its subject is an event's id.
	JobEvent = "event"
	// JobPurge calls Purge; it is periodic.
	JobPurge = "purge"
)

// enqueue adds j in the transaction of what it follows from, unless its id is
// there already, and wakes who does it once that is durable.
func (a *App) enqueue(ctx context.Context, tx *store.Tx, j *store.Job) error {
	if a.Wake != nil {
		tx.AfterCommit(func() { a.Wake(j.Kind) })
	}
	return tx.EnsureJob(ctx, j)
}

// Events returns the events of the given ids, in order of time, to who follows
// the event log. An id that is not there is left out.
func (a *App) Events(ctx context.Context, ids []string) (events []muster.Event, err error) {
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		events, err = tx.Events(ctx, ids)
		return err
	})
	return events, err
}
