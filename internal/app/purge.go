package app

import (
	"context"

	"muster/internal/muster"
	"muster/internal/store"
)

// Purge removes the meetings, with their people, that were deleted too long
// ago to be recovered, and the stored answers whose AnswerLife is over.
func (a *App) Purge(ctx context.Context) error {
	return a.write(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetAnswers(ctx, tx.Now.Add(-AnswerLife)); err != nil {
			return err
		}
		return a.purge(ctx, tx, "")
	})
}

// purge removes the meetings of one account, of every one where it is "".
func (a *App) purge(ctx context.Context, tx *store.Tx, account string) error {
	gone, err := tx.MeetingsDeletedBefore(ctx, account, tx.Now.Add(-muster.RecoverWithin))
	if err != nil {
		return err
	}
	for _, m := range gone {
		if err := tx.RemoveMeeting(ctx, &m); err != nil {
			return err
		}
		if err := a.event(ctx, tx, muster.Actor{}, muster.MeetingPurged, &m, nil, nil); err != nil {
			return err
		}
	}
	return nil
}
