package app

import (
	"context"
	"encoding/json"
	"fmt"
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
	Effective  settings.Doc // all settings, with defaults
	// Hidden has the keys of the tracking fields whose values are not for everybody.
	Hidden map[string]bool
}

// view completes m for its readers.
func (a *App) view(ctx context.Context, tx *store.Tx, m *muster.Meeting) (*MeetingView, error) {
	host, err := tx.User(ctx, m.Account, m.Host)
	if err != nil {
		return nil, fmt.Errorf("host of meeting %d: %w", m.ID, err)
	}
	v, err := viewOf(tx.Now, m, host, 0)
	if err == nil {
		v.Hidden, err = a.hidden(ctx, tx, m)
	}
	return v, err
}

// viewOf completes m or, where date is not 0, that date of it for its readers.
func viewOf(now time.Time, m *muster.Meeting, host *muster.User, date int64) (*MeetingView, error) {
	own, err := settings.FromJSON(m.Settings)
	if err != nil {
		return nil, fmt.Errorf("settings of meeting %d: %w", m.ID, err)
	}
	people := settings.Doc{"contact_name": host.DisplayName, "contact_email": host.Email}
	v := &MeetingView{Meeting: *m, HostEmail: host.Email, HostName: host.DisplayName, HostAction: host.Action, Now: now}
	docs := []settings.Doc{people, own}
	if o, ok := m.Occurrence(date); ok {
		changes, err := v.showDate(o)
		if err != nil {
			return nil, err
		}
		docs = append(docs, changes)
	} else if date != 0 {
		v.Date = muster.Occurrence{ID: date, Start: m.Start, Duration: m.Duration}
	}
	v.Effective = settings.Meeting.Effective(docs...)
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
