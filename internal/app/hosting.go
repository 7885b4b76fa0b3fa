package app

import (
	"context"
	"errors"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// hostOf returns u as a host of new meetings: nobody removes or deactivates
// them until the end.
func (a *App) hostOf(ctx context.Context, tx *store.Tx, u *muster.User) (*muster.User, error) {
	host, err := tx.HoldUser(ctx, u.Account, u.ID)
	if errors.Is(err, store.ErrNotFound) { // gone meanwhile
		return nil, noSuchUser(u.ID)
	} else if err != nil {
		return nil, err
	}
	return host, host.MayHost()
}

// maySchedule returns HostingNotAllowed where the settings of u, which end
// chain, do not let them host new meetings.
func maySchedule(u *muster.User, chain settings.Chain) error {
	if chain.Value(settings.MaySchedule) == true {
		return nil
	}
	return muster.Errorf(muster.HostingNotAllowed, u.ID, "The settings of %s do not let them schedule meetings (%s).", u.Email, settings.MaySchedule)
}

// mayUseNumber refuses to turn on the personal number of a meeting whose
// host's settings, chain, do not have it on.
func mayUseNumber(before, m *muster.Meeting, chain settings.Chain) error {
	if chain.Value(settings.PersonalNumber) == true {
		return nil
	}
	was, err := settings.FromJSON(orObject(before.Settings))
	if err != nil {
		return err
	}
	is, err := settings.FromJSON(orObject(m.Settings))
	if err != nil || !is.Bool("use_pmi") || was.Bool("use_pmi") {
		return err
	}
	return muster.InvalidField("settings.use_pmi", "must be false: the host's settings do not have the personal number on (%s)", settings.PersonalNumber)
}

// scheduleFor returns who hosts m: asked, or whom asked schedules for, as
// their assistant or because by may act for everybody.
func (a *App) scheduleFor(ctx context.Context, tx *store.Tx, by muster.Actor, m *muster.Meeting, asked *muster.User, c MeetingChange) (*muster.User, error) {
	if c.ScheduleFor == "" || c.ScheduleFor == asked.ID || muster.EmailKey(c.ScheduleFor) == muster.EmailKey(asked.Email) {
		return asked, nil
	}
	if c.Type != nil && *c.Type == muster.Instant {
		return nil, muster.Errorf(muster.Refused, "", "An instant meeting (type 1) cannot be scheduled for somebody else.")
	}
	u, err := a.findUser(ctx, tx, by, c.ScheduleFor)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	known := err == nil
	may := by.Admin
	if known && !may {
		if may, err = tx.MaySchedule(ctx, u.Account, asked.ID, u.ID); err != nil {
			return nil, err
		}
	}
	if !may {
		return nil, muster.Errorf(muster.Refused, "", "You have no right to schedule for %s.", c.ScheduleFor)
	}
	if !known || u.MayHost() != nil {
		return nil, muster.InvalidField("schedule_for", "must be the id or email of a user of this account who can host meetings")
	}
	m.Assistant = asked.ID
	return u, nil
}

func (a *App) countHost(ctx context.Context, tx *store.Tx, host *muster.User) error {
	return a.today(ctx, tx, host.Account, "host", a.Plan.HostMeetings, []string{host.ID}, func(int) error {
		e := muster.Errorf(muster.HostDailyLimit, host.ID, "")
		e.Limit = int(a.Plan.HostMeetings)
		return e
	})
}

// hostGone returns UserNotFound where m's host was deleted, and m with them. In
// a write, who holds m finds a host who does not go before the end: who deletes
// them holds all of their meetings first.
func (a *App) hostGone(ctx context.Context, tx *store.Tx, m *muster.Meeting) error {
	_, err := tx.User(ctx, m.Account, m.Host)
	if errors.Is(err, store.ErrNotFound) {
		return muster.Errorf(muster.UserNotFound, m.Host, "Meeting host does not exist: %s.", m.Host)
	}
	return err
}
