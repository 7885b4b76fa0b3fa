package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// A MeetingView is a meeting as its readers see it.
type MeetingView struct {
	muster.Meeting
	Date       muster.Occurrence // the one that this is; zero for the whole
	HostEmail  string
	HostName   string
	HostAction muster.CreateAction
	Now        time.Time
	PMI        int64        // the host's personal number where the meeting uses it, else 0
	Effective  settings.Doc // all settings: what the meeting, its host, their groups and the account say, and the defaults
	// Hidden has the keys of the tracking fields whose values are not for everybody.
	Hidden map[string]bool
	// PasscodeInLink says that the general link has the passcode in it.
	PasscodeInLink bool

	chain settings.Chain // of the host
	said  []settings.Doc // of the settings, by the meeting and by the date
}

// view completes m for its readers.
func (a *App) view(ctx context.Context, tx *store.Tx, m *muster.Meeting) (*MeetingView, error) {
	host, err := tx.User(ctx, m.Account, m.Host)
	if err != nil {
		return nil, fmt.Errorf("host of meeting %d: %w", m.ID, err)
	}
	chain, err := a.chainOfHost(ctx, tx, host)
	if err != nil {
		return nil, err
	}
	return a.viewFor(ctx, tx, m, host, chain, 0)
}

// chainOfHost returns the settings of a user with those above.
func (a *App) chainOfHost(ctx context.Context, tx *store.Tx, host *muster.User) (settings.Chain, error) {
	groups, err := tx.GroupsOf(ctx, host.Account, host.ID)
	if err != nil {
		return settings.Chain{}, err
	}
	return a.chainOf(ctx, tx, host.Account, groups, host)
}

// viewFor is viewOf with what is hidden.
func (a *App) viewFor(ctx context.Context, tx *store.Tx, m *muster.Meeting, host *muster.User, chain settings.Chain, date int64) (*MeetingView, error) {
	v, err := viewOf(tx.Now, m, host, chain, date)
	if err == nil {
		v.Hidden, err = a.hidden(ctx, tx, m)
	}
	return v, err
}

// viewOf completes m or, where date is not 0, that date of it for its readers.
// chain is the settings of the host.
func viewOf(now time.Time, m *muster.Meeting, host *muster.User, chain settings.Chain, date int64) (*MeetingView, error) {
	own, err := settings.FromJSON(m.Settings)
	if err != nil {
		return nil, fmt.Errorf("settings of meeting %d: %w", m.ID, err)
	}
	people := settings.Doc{"contact_name": host.DisplayName, "contact_email": host.Email}
	v := &MeetingView{
		Meeting: *m, HostEmail: host.Email, HostName: host.DisplayName, HostAction: host.Action, Now: now, chain: chain, said: []settings.Doc{own},
	}
	if o, ok := m.Occurrence(date); ok {
		changes, err := v.showDate(o)
		if err != nil {
			return nil, err
		}
		v.said = append(v.said, changes)
	} else if date != 0 {
		v.Date = muster.Occurrence{ID: date, Start: m.Start, Duration: m.Duration}
	}
	v.Effective = settings.Merge(people, settings.ResolveMeeting(chain, v.said...))
	v.PasscodeInLink = chain.Value(settings.PasscodeInLink) == true
	if v.Effective.Bool("use_pmi") {
		v.PMI = host.PMI
	}
	return v, nil
}

// showDate makes v a view of one of its occurrences, and returns the settings
// that this has of its own.
func (v *MeetingView) showDate(o *muster.Occurrence) (settings.Doc, error) {
	var changes occurrenceChanges
	if err := json.Unmarshal(orObject(o.Changes), &changes); err != nil {
		return nil, fmt.Errorf("occurrence %d of meeting %d: %w", o.ID, v.ID, err)
	}
	v.Date, v.Start, v.Duration = *o, o.Start, o.Duration
	if changes.Agenda != nil {
		v.Agenda = *changes.Agenda
	}
	own, err := settings.FromJSON(changes.Settings)
	if err != nil {
		return nil, fmt.Errorf("settings of an occurrence of meeting %d: %w", v.ID, err)
	}
	return own, nil
}

// ExplainMeeting returns for each of a meeting's settings or, where occurrence
// is not 0, of those of one of its occurrences, what holds and who decided it.
func (a *App) ExplainMeeting(ctx context.Context, by muster.Actor, ref MeetingRef, occurrence int64) ([]settings.Explained, error) {
	v, err := a.Meeting(ctx, by, ref, occurrence)
	if err != nil {
		return nil, err
	}
	list := settings.ExplainMeeting(v.chain, &settings.Owner{Level: settings.OfMeeting, ID: strconv.FormatInt(v.ID, 10), Name: v.Topic}, v.said...)
	for _, name := range []string{"contact_name", "contact_email"} { // the host's by default
		if !slices.ContainsFunc(list, func(e settings.Explained) bool { return e.Name == name }) {
			list = append(list, settings.Explained{Name: name, Decision: settings.Decision{Value: v.Effective[name]}})
		}
	}
	return list, nil
}
