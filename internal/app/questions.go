package app

import (
	"context"
	"fmt"

	"muster/internal/muster"
	"muster/internal/settings"
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
// form, or both; nil leaves them. What only another API can say stays, see
// muster.Questions.
func (a *App) SetQuestions(ctx context.Context, by muster.Actor, ref MeetingRef, standard *[]muster.StandardQuestion, custom *[]muster.CustomQuestion) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.registrantsOf(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		if standard != nil {
			m.Questions.AskFields(*standard, muster.ZoomFields)
		}
		if custom != nil {
			m.Questions.Ask(*custom)
		}
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

// SetForm replaces the whole registration form of a meeting, which asks for
// registration from then on. A meeting without a passcode gets one: who may
// come is asked. It returns the meeting as it is then.
func (a *App) SetForm(ctx context.Context, by muster.Actor, ref MeetingRef, f muster.Form) (*muster.Meeting, error) {
	return a.changeForm(ctx, by, ref, func(tx *store.Tx, m *muster.Meeting, host *muster.User) error {
		if m.Passcode == "" {
			chain, err := a.chainOfHost(ctx, tx, host)
			if err != nil {
				return err
			}
			kind, _, err := passcodeOf(m, chain)
			if err != nil {
				return err
			}
			m.Passcode = a.newPasscode(kind, chain)
		}
		if err := a.applySettings(ctx, tx, m, host, withApproval(nil, f.AutoAccept)); err != nil {
			return err
		}
		m.Questions.Replace(f)
		return muster.InvalidFields(m.Questions.Check())
	})
}

// CloseForm makes a meeting ask for registration no more. What the form asked
// is kept, and so are the people.
func (a *App) CloseForm(ctx context.Context, by muster.Actor, ref MeetingRef) error {
	_, err := a.changeForm(ctx, by, ref, func(tx *store.Tx, m *muster.Meeting, host *muster.User) error {
		if err := m.AsksForRegistration(); err != nil {
			return err
		}
		return a.applySettings(ctx, tx, m, host, settings.Doc{"approval_type": int64(muster.NoRegistration)})
	})
	return err
}

func (a *App) changeForm(ctx context.Context, by muster.Actor, ref MeetingRef, change func(*store.Tx, *muster.Meeting, *muster.User) error) (m *muster.Meeting, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if m, err = a.meeting(ctx, tx, by, ref, write); err != nil {
			return err
		}
		if ref.OneDate {
			if err := m.HasOneDate(); err != nil {
				return err
			}
		}
		host, err := tx.User(ctx, m.Account, m.Host)
		if err != nil {
			return fmt.Errorf("host of meeting %d: %w", m.ID, err)
		}
		if err := change(tx, m, host); err != nil {
			return err
		}
		m.UpdatedAt = tx.Now
		if err := tx.SetMeeting(ctx, m); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.QuestionsChanged, m, nil, nil)
	})
	return m, err
}

// Form returns a meeting whose registration form by may read.
func (a *App) Form(ctx context.Context, by muster.Actor, ref MeetingRef) (m *muster.Meeting, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		m, err = a.registrantsOf(ctx, tx, by, ref, read)
		return err
	})
	return m, err
}
