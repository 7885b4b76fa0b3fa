package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/internal/muster"
	"muster/internal/store"
)

// date returns the occurrence of m of the given id, nil for m as a whole: for
// 0, and for the one date of what is no series where r has dates in its names.
// What is unknown or deleted does not exist where r has, else it is Invalid.
func (r MeetingRef) date(m *muster.Meeting, id int64) (*muster.Occurrence, error) {
	if id == 0 || r.DateInName && !m.Series() && m.Type != muster.RecurringNoFixed && m.Start.UnixMilli() == id {
		return nil, nil // nil is the whole
	}
	o, ok := m.Occurrence(id)
	switch {
	case ok && !o.Deleted:
		return o, nil
	case ok && r.DateInName:
		return nil, r.gone()
	case r.DateInName:
		return nil, r.notFound()
	}
	return nil, muster.InvalidField("occurrence_id", "must be the id of an occurrence of this meeting; %d is unknown or deleted", id)
}

// EndMeeting ends a meeting: from then on nobody can register. Ending it
// again changes nothing. Where ref has dates in its names, of a series only
// one date ends: that of occurrence, else the current one.
func (a *App) EndMeeting(ctx context.Context, by muster.Actor, ref MeetingRef, occurrence int64) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.meeting(ctx, tx, by, ref, write)
		if err != nil || m.State == muster.Ended {
			return err
		}
		if current, ok := m.Current(tx.Now); ok && ref.DateInName && m.Series() && occurrence == 0 {
			occurrence = current.ID
		}
		o, err := ref.date(m, occurrence)
		if err != nil {
			return err
		}
		var data map[string]any
		if o != nil {
			o.Ended, data = true, map[string]any{"occurrence_id": o.ID}
			if err := tx.PutOccurrences(ctx, m); err != nil {
				return err
			}
		} else {
			m.State = muster.Ended
		}
		m.UpdatedAt = tx.Now
		if err := tx.SetMeeting(ctx, m); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.MeetingEnded, m, nil, data)
	})
}

// Dates returns the meetings of a host, or their dates, by start: those of
// one series where that is given.
func (a *App) Dates(ctx context.Context, by muster.Actor, host string, series MeetingRef, f DateFilter, p Page) (list Listed[*MeetingView], err error) {
	asked := fmt.Sprintf("%v %s %s %d %d %q %v %v", f.Dates, series.UUID, f.Phase, f.From.UnixMilli(), f.To.UnixMilli(), f.Tag, f.Changed != nil, f.Changed != nil && *f.Changed)
	err = a.read(ctx, func(tx *store.Tx) error {
		u, err := a.listedHost(ctx, tx, by, host, series, &f)
		if err != nil {
			return err
		}
		f.Account, f.Host = by.Account, u.ID
		bound := []string{"dates", f.Account, f.Host, asked}
		after, err := a.afterMeeting(tx, p, bound)
		if err != nil {
			return err
		}
		places, err := tx.Dates(ctx, f, after, p.Size+1)
		if err != nil {
			return err
		}
		page := listed(a, tx, p, bound, places, 0, func(i int) string { return placeOfMeeting(places[i]) })
		views, err := a.viewPlaces(ctx, tx, u, page.Items, f.Dates)
		list = Listed[*MeetingView]{Items: views, Next: page.Next}
		return err
	})
	return list, err
}

// listedHost returns whose meetings a list has, and notes in f of which series.
func (a *App) listedHost(ctx context.Context, tx *store.Tx, by muster.Actor, host string, series MeetingRef, f *DateFilter) (*muster.User, error) {
	if series.UUID == "" {
		return a.user(ctx, tx, by, host)
	}
	m, err := a.meeting(ctx, tx, by, series, read)
	if err != nil {
		return nil, err
	}
	f.Meeting = m.ID
	return tx.User(ctx, m.Account, m.Host)
}

// viewPlaces returns what is at the places of a list of one host's.
func (a *App) viewPlaces(ctx context.Context, tx *store.Tx, host *muster.User, places []store.MeetingPlace, dates bool) ([]*MeetingView, error) {
	var ids []int64
	for _, p := range places {
		if !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	meetings, err := tx.MeetingsOf(ctx, host.Account, ids)
	if err != nil {
		return nil, err
	}
	chain, err := a.chainOfHost(ctx, tx, host)
	if err != nil {
		return nil, err
	}
	hidden, err := a.hiddenOf(ctx, tx, meetings)
	if err != nil {
		return nil, err
	}
	views := make([]*MeetingView, len(places))
	for i, p := range places {
		m, ok := meetings[p.ID]
		if !ok {
			return nil, errors.New("app: a listed meeting is not there")
		}
		if !dates {
			p.Occurrence = 0
		}
		if views[i], err = viewOf(tx.Now, m, host, chain, p.Occurrence); err != nil {
			return nil, err
		}
		views[i].Hidden = hidden
	}
	return views, nil
}
