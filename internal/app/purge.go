package app

import (
	"context"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// purgeAtOnce is how many meetings go in one transaction: their people go
// with them, and nobody else can write meanwhile.
const purgeAtOnce = 10

// purgeEvery is how often KeepPurging purges.
const purgeEvery = time.Hour

// KeepPurging purges now and every hour until ctx ends. What goes wrong is
// told to failed.
func (a *App) KeepPurging(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		if err := a.Purge(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Purge removes the meetings, with their people, that were deleted too long
// ago to be recovered, and the stored answers whose AnswerLife is over.
func (a *App) Purge(ctx context.Context) error {
	err := a.write(ctx, func(tx *store.Tx) error { return tx.ForgetAnswers(ctx, tx.Now.Add(-AnswerLife)) })
	for more := true; more && err == nil; {
		err = a.write(ctx, func(tx *store.Tx) error {
			gone, err := tx.MeetingsDeletedBefore(ctx, tx.Now.Add(-muster.RecoverWithin), purgeAtOnce)
			more = len(gone) == purgeAtOnce
			if err != nil {
				return err
			}
			return a.remove(ctx, tx, gone)
		})
	}
	return err
}

// remove removes meetings for good.
func (a *App) remove(ctx context.Context, tx *store.Tx, meetings []muster.Meeting) error {
	for _, m := range meetings {
		if err := tx.RemoveMeeting(ctx, &m); err != nil {
			return err
		}
		if err := a.event(ctx, tx, muster.Actor{}, muster.MeetingPurged, &m, nil, nil); err != nil {
			return err
		}
	}
	return nil
}
