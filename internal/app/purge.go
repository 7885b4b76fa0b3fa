package app

import (
	"context"
	"errors"

	"muster/internal/muster"
	"muster/internal/store"
)

// purgeAtOnce is how many meetings go in one transaction: their people go
// with them, and nobody else can write meanwhile.
const purgeAtOnce = 10

// forgetAtOnce is how many rows of no use any more go in one transaction.
const forgetAtOnce = 1000

// Purge removes the meetings, with their people, that were deleted too long
// ago to be recovered, the stored answers whose AnswerLife is over, expired
// tokens, the counts of earlier days, the content of files that are no more and
// what accounts do not want in their audit any more. What it has done when it fails or ctx
// ends stays done, and what fails does not keep it from the rest.
func (a *App) Purge(ctx context.Context) error {
	var failed []error
	for _, step := range []func(context.Context) error{a.forgetAudit, a.forgetMeetings, a.forgetAnswers, a.forgetTokens, a.forgetCounts, a.sweepFiles} {
		failed = append(failed, step(ctx))
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

func (a *App) forgetMeetings(ctx context.Context) error {
	return a.inPortions(ctx, purgeAtOnce, func(tx *store.Tx) (int64, error) {
		gone, err := tx.MeetingsDeletedBefore(ctx, tx.Now.Add(-muster.RecoverWithin), purgeAtOnce)
		if err != nil {
			return 0, err
		}
		return int64(len(gone)), a.remove(ctx, tx, gone)
	})
}

func (a *App) forgetAnswers(ctx context.Context) error {
	return a.inPortions(ctx, forgetAtOnce, func(tx *store.Tx) (int64, error) {
		return tx.ForgetAnswers(ctx, tx.Now.Add(-AnswerLife), forgetAtOnce)
	})
}

func (a *App) forgetTokens(ctx context.Context) error {
	return a.inPortions(ctx, forgetAtOnce, func(tx *store.Tx) (int64, error) { return tx.ForgetTokens(ctx, forgetAtOnce) })
}

func (a *App) forgetCounts(ctx context.Context) error {
	return a.inPortions(ctx, forgetAtOnce, func(tx *store.Tx) (int64, error) { return tx.ForgetCounts(ctx, forgetAtOnce) })
}

// inPortions removes most things in one transaction after the other, until
// there are fewer.
func (a *App) inPortions(ctx context.Context, most int64, remove func(*store.Tx) (int64, error)) error {
	for removed := most; removed == most; {
		err := a.write(ctx, func(tx *store.Tx) (err error) {
			removed, err = remove(tx)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
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
