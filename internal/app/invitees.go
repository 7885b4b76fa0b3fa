package app

import (
	"context"
	"errors"
	"strconv"

	"muster/internal/muster"
	"muster/internal/store"
)

// AddInvitees invites people to a meeting, all or none. It returns the meeting
// and the people with their numbers, in the order given.
func (a *App) AddInvitees(ctx context.Context, by muster.Actor, ref MeetingRef, list []muster.Invitee) (m *muster.Meeting, added []muster.Invitee, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if m, err = a.meeting(ctx, tx, by, ref, write); err != nil {
			return err
		}
		isAbout(ctx, m)
		if added, err = a.invite(ctx, tx, m, list); err != nil {
			return err
		}
		numbers := make([]string, len(added))
		for i, v := range added {
			numbers[i] = strconv.FormatInt(v.Number, 10)
		}
		return a.event(ctx, tx, by, muster.InviteesAdded, m, numbers, nil)
	})
	return m, added, err
}

// invite gives the people of list numbers and stores them, in the transaction
// that has loaded or made m.
func (a *App) invite(ctx context.Context, tx *store.Tx, m *muster.Meeting, list []muster.Invitee) ([]muster.Invitee, error) {
	if len(list) == 0 {
		return nil, nil
	}
	invited, err := tx.InvitedTo(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := muster.Invite(list, invited); err != nil {
		return nil, err
	}
	taken := map[int64]bool{}
	for _, number := range invited {
		taken[number] = true
	}
	added := make([]muster.Invitee, len(list))
	for i, v := range list {
		v = v.Named()
		v.Meeting, v.Number = m.ID, a.IDs.InviteeNumber()
		for taken[v.Number] { // there are nine billion
			v.Number = a.IDs.InviteeNumber()
		}
		taken[v.Number] = true
		added[i] = v
	}
	return added, tx.AddInvitees(ctx, m, added)
}

// Invitees returns a page of the people who are invited to a meeting, in the
// order of their emails, and the meeting. It counts nothing: Listed.Total is 0.
func (a *App) Invitees(ctx context.Context, by muster.Actor, ref MeetingRef, p Page) (m *muster.Meeting, list Listed[muster.Invitee], err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		if m, err = a.meeting(ctx, tx, by, ref, read); err != nil {
			return err
		}
		bound, after := []string{"invitees", m.Account, strconv.FormatInt(m.ID, 10)}, ""
		if p.Token != "" {
			if after, err = a.Keys.Cursor(tx.Now, p.Token, bound...); err != nil {
				return err
			}
		}
		rows, err := tx.Invitees(ctx, m, after, p.Size+1)
		if err != nil {
			return err
		}
		list = listed(a, tx, p, bound, rows, 0, func(i int) string { return muster.EmailKey(rows[i].Email) })
		return nil
	})
	return m, list, err
}

// An InviteeRef names somebody who is invited. ID is their id as the dialect
// spells it.
type InviteeRef struct {
	MeetingRef
	Number int64
	ID     string
}

// Invitee returns somebody who is invited to a meeting, and the meeting.
func (a *App) Invitee(ctx context.Context, by muster.Actor, ref InviteeRef) (m *muster.Meeting, v *muster.Invitee, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		m, v, err = a.invitee(ctx, tx, by, ref, read)
		return err
	})
	return m, v, err
}

func (a *App) invitee(ctx context.Context, tx *store.Tx, by muster.Actor, ref InviteeRef, want intent) (*muster.Meeting, *muster.Invitee, error) {
	m, err := a.meeting(ctx, tx, by, ref.MeetingRef, want)
	if err != nil {
		return nil, nil, err
	}
	v, err := tx.Invitee(ctx, m, ref.Number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, muster.NoSuchInvitee(ref.ID)
	}
	return m, v, err
}

// EditInvitee replaces what is said of somebody who is invited.
func (a *App) EditInvitee(ctx context.Context, by muster.Actor, ref InviteeRef, said muster.Invitee) (m *muster.Meeting, v *muster.Invitee, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if m, v, err = a.invitee(ctx, tx, by, ref, write); err != nil {
			return err
		}
		isAbout(ctx, m)
		others, err := tx.InvitedTo(ctx, m)
		if err != nil {
			return err
		}
		delete(others, muster.EmailKey(v.Email))
		if err := muster.Invite([]muster.Invitee{said}, others); err != nil {
			return err
		}
		said = said.Named()
		v.Email, v.DisplayName, v.CoHost = said.Email, said.DisplayName, said.CoHost
		if err := tx.SetInvitee(ctx, v); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.InviteeEdited, m, []string{strconv.FormatInt(v.Number, 10)}, nil)
	})
	return m, v, err
}

// RemoveInvitee invites somebody no more. Who is gone is gone from stored
// answers, too.
func (a *App) RemoveInvitee(ctx context.Context, by muster.Actor, ref InviteeRef) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, v, err := a.invitee(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		if err := tx.RemoveInvitee(ctx, m, v.Number); err != nil {
			return err
		}
		err = tx.RedactAnswers(ctx, m.ID, []string{ref.ID}, func(body string) (string, error) { return redact(body, ref.ID, v.Email) })
		if err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.InviteeDeleted, m, []string{strconv.FormatInt(v.Number, 10)}, nil)
	})
}
