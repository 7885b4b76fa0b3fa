package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// A MeetingRef names a meeting by its number or, where ID is 0, by its uuid.
type MeetingRef struct {
	ID   int64
	UUID string
	// Host, where given, is the id or email of who must host the meeting: else it
	// does not exist.
	Host string
	// OneDate refuses registration for series, as an API does whose
	// registrations have no dates: OneDateOnly.
	OneDate bool
	// DateInName says that the id of a date is part of a meeting's name, as an
	// API has it: one that is unknown does not exist, and a meeting that is no
	// series has a date, too.
	DateInName bool
	// Current asks for the date that is on or comes next, where there is one;
	// reads only.
	Current bool
}

// notFound tells that the meeting does not exist, in the words it was asked for by.
func (r MeetingRef) notFound() error {
	if r.ID != 0 {
		return muster.NoSuchMeeting(r.ID)
	}
	return muster.Errorf(muster.MeetingNotFound, "", "Meeting does not exist: %s.", r.UUID)
}

// intent is what a use case wants of a meeting.
type intent int

const (
	read intent = iota
	write
)

// meeting returns the meeting of by.Account that ref names if by may see it
// or, for write, change it. Deleted meetings do not exist.
func (a *App) meeting(ctx context.Context, tx *store.Tx, by muster.Actor, ref MeetingRef, want intent) (*muster.Meeting, error) {
	m, err := a.findMeeting(ctx, tx, by, ref)
	if err != nil {
		return nil, err
	}
	if m.ReadableBy(by) != nil && (want == read || m.State == muster.Deleted) {
		return nil, ref.notFound()
	}
	if m.State == muster.Deleted {
		if err := a.hostGone(ctx, tx, m); err != nil {
			return nil, err
		}
	}
	if err := a.hostedBy(ctx, tx, m, ref); err != nil {
		return nil, err
	}
	if m.State == muster.Deleted {
		return nil, ref.gone()
	}
	if want == write {
		return m, m.WritableBy(by)
	}
	return m, nil
}

// gone tells that the meeting was there.
func (r MeetingRef) gone() error {
	err, _ := errors.AsType[*muster.Error](r.notFound())
	err.Gone = true
	return err
}

// hostedBy tells that the meeting does not exist unless it is hosted by whom ref says.
func (a *App) hostedBy(ctx context.Context, tx *store.Tx, m *muster.Meeting, ref MeetingRef) error {
	if ref.Host == "" || ref.Host == m.Host {
		return nil
	}
	host, err := tx.User(ctx, m.Account, m.Host)
	if err != nil {
		return fmt.Errorf("host of meeting %d: %w", m.ID, err)
	}
	if muster.EmailKey(host.Email) != muster.EmailKey(ref.Host) {
		return ref.notFound()
	}
	return nil
}

func (a *App) findMeeting(ctx context.Context, tx *store.Tx, by muster.Actor, ref MeetingRef) (*muster.Meeting, error) {
	var m *muster.Meeting
	var err error
	if ref.ID != 0 {
		m, err = tx.Meeting(ctx, by.Account, ref.ID)
	} else {
		m, err = tx.MeetingByUUID(ctx, by.Account, ref.UUID)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return m, err
	}
	account, err := tx.MeetingAccount(ctx, ref.ID, ref.UUID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	return nil, a.elsewhere(ctx, tx, by, account, ref.notFound())
}

// CreateMeeting schedules a meeting hosted by the user whom host names.
func (a *App) CreateMeeting(ctx context.Context, by muster.Actor, host string, c MeetingChange) (*MeetingView, error) {
	var made *MeetingView
	err := a.write(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, host)
		if err != nil {
			return err
		}
		m := &muster.Meeting{
			Account: by.Account, Type: muster.Scheduled, State: muster.Waiting, RegistrationType: muster.OnceForAll,
			Approval: muster.NoRegistration, Duration: time.Hour, CreatedAt: tx.Now, UpdatedAt: tx.Now, UUID: a.IDs.UUID(),
		}
		if u, err = a.scheduleFor(ctx, tx, by, m, u, c); err != nil {
			return err
		}
		if u, err = a.hostOf(ctx, tx, u); err != nil {
			return err
		}
		m.Host, m.Timezone = u.ID, u.Timezone
		if err := a.countHost(ctx, tx, u); err != nil {
			return err
		}
		chain, err := a.chainOfHost(ctx, tx, u)
		if err != nil {
			return err
		}
		if err := maySchedule(u, chain); err != nil {
			return err
		}
		if err := a.apply(ctx, tx, m, u, chain, c, true); err != nil {
			return err
		}
		if err := a.addMeeting(ctx, tx, m); err != nil {
			return err
		}
		if _, err := a.invite(ctx, tx, m, c.Invitees); err != nil {
			return err
		}
		if err := a.setTags(ctx, tx, m, c); err != nil {
			return err
		}
		if made, err = a.viewFor(ctx, tx, m, u, chain, 0); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.MeetingCreated, m, nil, nil)
	})
	return made, err
}

// addMeeting gives m a free number and stores it. There are 90 billion
// numbers: a second try is rare, a fourth will not happen.
func (a *App) addMeeting(ctx context.Context, tx *store.Tx, m *muster.Meeting) error {
	for range 4 {
		m.ID = a.IDs.MeetingID()
		if err := tx.AddMeeting(ctx, m); !errors.Is(err, store.ErrExists) {
			return err
		}
	}
	return errors.New("app: no free meeting number found")
}

// Meeting returns a meeting or, where occurrence is not 0, one of its occurrences.
func (a *App) Meeting(ctx context.Context, by muster.Actor, ref MeetingRef, occurrence int64) (v *MeetingView, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		m, err := a.meeting(ctx, tx, by, ref, read)
		if err != nil {
			return err
		}
		if _, err := ref.date(m, occurrence); err != nil {
			return err
		}
		if current, ok := m.Current(tx.Now); ok && ref.Current && occurrence == 0 {
			occurrence = current.ID
		}
		host, err := tx.User(ctx, m.Account, m.Host)
		if err != nil {
			return fmt.Errorf("host of meeting %d: %w", m.ID, err)
		}
		chain, err := a.chainOfHost(ctx, tx, host)
		if err != nil {
			return err
		}
		v, err = a.viewFor(ctx, tx, m, host, chain, occurrence)
		return err
	})
	return v, err
}

// Meetings returns the meetings of a host by start. Upcoming ones have a row
// for each occurrence.
func (a *App) Meetings(ctx context.Context, by muster.Actor, host string, f store.MeetingFilter, p Page) (list Listed[store.ListedMeeting], err error) {
	asked := fmt.Sprint(f.Upcoming, f.Previous, f.Live, f.From.UnixMilli(), f.To.UnixMilli())
	err = a.read(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, host)
		if err != nil {
			return err
		}
		if err := u.MayHoldMeetings(); err != nil {
			return err
		}
		f.Account, f.Host = by.Account, u.ID
		f = sixMonths(f, tx.Now)
		bound := []string{"meetings", f.Account, f.Host, asked}
		after, err := a.afterMeeting(tx, p, bound)
		if err != nil {
			return err
		}
		rows, total, err := tx.Meetings(ctx, f, after, p.skip(), p.Size+1)
		if err != nil {
			return err
		}
		chain, err := a.chainOfHost(ctx, tx, u)
		if err != nil {
			return err
		}
		for i := range rows {
			rows[i].PasscodeInLink = chain.Value(settings.PasscodeInLink) == true
			own, err := settings.FromJSON(rows[i].Settings)
			if err != nil {
				return fmt.Errorf("settings of meeting %d: %w", rows[i].ID, err)
			}
			if own.Bool("use_pmi") {
				rows[i].PMI = u.PMI
			}
		}
		list = listed(a, tx, p, bound, rows, total, func(i int) string { return placeOfMeeting(rows[i].Place) })
		return nil
	})
	return list, err
}

// sixMonths bounds what lies ahead and behind, as the original does.
func sixMonths(f store.MeetingFilter, now time.Time) store.MeetingFilter {
	if end := now.AddDate(0, 6, 0); f.Upcoming && (f.To.IsZero() || f.To.After(end)) {
		f.To = end
	}
	if f.Previous {
		f.EndedSince = now.AddDate(0, -6, 0)
	}
	return f
}

func placeOfMeeting(p store.MeetingPlace) string {
	return fmt.Sprintf("%d/%d/%d", p.Start, p.ID, p.Occurrence)
}

func (a *App) afterMeeting(tx *store.Tx, p Page, bound []string) (*store.MeetingPlace, error) {
	if p.Token == "" {
		return nil, nil // nil is the beginning of the list
	}
	cursor, err := a.Keys.Cursor(tx.Now, p.Token, bound...)
	if err != nil {
		return nil, err
	}
	var at store.MeetingPlace
	_, err = fmt.Sscanf(cursor, "%d/%d/%d", &at.Start, &at.ID, &at.Occurrence) // our own text, under a MAC
	return &at, err
}

// DeleteMeeting deletes a meeting or, where occurrence is not 0, one of its
// occurrences. A meeting can be recovered for muster.RecoverWithin.
func (a *App) DeleteMeeting(ctx context.Context, by muster.Actor, ref MeetingRef, occurrence int64) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.meeting(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		o, err := ref.date(m, occurrence)
		if err != nil {
			return err
		}
		data := map[string]any{"operation": "all"}
		if o != nil {
			o.Deleted = true
			data = map[string]any{"operation": "single", "occurrence_id": occurrence}
			if err := tx.PutOccurrences(ctx, m); err != nil {
				return err
			}
		} else {
			if err := m.CheckDeletable(tx.Now); err != nil {
				return err
			}
			m.StateBefore, m.State, m.DeletedAt = m.State, muster.Deleted, tx.Now
		}
		m.UpdatedAt = tx.Now
		if err := tx.SetMeeting(ctx, m); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.MeetingDeleted, m, nil, data)
	})
}

// RecoverMeeting brings a deleted meeting back with its people.
func (a *App) RecoverMeeting(ctx context.Context, by muster.Actor, ref MeetingRef) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.findMeeting(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if err := m.WritableBy(by); err != nil {
			return err
		}
		if err := a.hostGone(ctx, tx, m); err != nil {
			return err
		}
		switch {
		case m.State != muster.Deleted:
			return muster.Errorf(muster.Refused, "", "Meeting %d is not deleted.", m.ID)
		case tx.Now.After(m.DeletedAt.Add(muster.RecoverWithin)):
			return muster.NoSuchMeeting(m.ID)
		}
		m.State, m.StateBefore, m.DeletedAt, m.UpdatedAt = m.StateBefore, "", time.Time{}, tx.Now
		if err := tx.SetMeeting(ctx, m); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.MeetingRecovered, m, nil, nil)
	})
}
