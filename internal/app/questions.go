package app

import (
	"context"

	"muster/internal/muster"
	"muster/internal/store"
)

// Questions returns what a meeting's registration form asks.
func (a *App) Questions(ctx context.Context, by muster.Actor, ref MeetingRef) (q muster.Questions, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		m, err := a.registrantsOf(ctx, tx, by, ref, read)
		if err != nil {
			return err
		}
		q = m.Questions
		return nil
	})
	return q, err
}

// SetQuestions replaces the standard or the custom questions of a meeting's
// form, or both; nil leaves them.
func (a *App) SetQuestions(ctx context.Context, by muster.Actor, ref MeetingRef, standard *[]muster.StandardQuestion, custom *[]muster.CustomQuestion) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.registrantsOf(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		assign(&m.Questions.Standard, standard)
		assign(&m.Questions.Custom, custom)
		if err := muster.InvalidFields(m.Questions.Check()); err != nil {
			return err
		}
		m.UpdatedAt = tx.Now
		if err := tx.SetMeeting(ctx, m); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.QuestionsChanged, m, nil, nil)
	})
}
