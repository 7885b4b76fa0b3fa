package meetings

import (
	"context"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/schedule"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) meetings() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetings", Group: group, Title: "List meetings", Method: "GET", Path: "/users/{userId}/meetings",
		Scopes: zoom.Scopes("meeting:read:list_meetings", "meeting:read"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.UserNotFound, muster.WrongAccount, muster.HostingNotAllowed),
	}, a.list)
}

type listIn struct {
	User     wire.String `path:"userId" json:"-" max:"128" doc:"Id, email or me of the host."`
	Type     wire.String `query:"type" json:"-" enum:"scheduled|live|upcoming|upcoming_meetings|previous_meetings" doc:"scheduled unless given."`
	From     wire.String `query:"from" json:"-" max:"64" doc:"First day (or time) of the start."`
	To       wire.String `query:"to" json:"-" max:"64" doc:"Last day (or time) of the start."`
	Timezone wire.String `query:"timezone" json:"-" max:"64" doc:"Zone of from and to, UTC unless given."`
	zoom.Paging
}

// filter returns what the query asks for.
func (in *listIn) filter() (app.MeetingFilter, error) {
	f := app.MeetingFilter{
		Upcoming: in.Type == "upcoming" || in.Type == "upcoming_meetings",
		Previous: in.Type == "previous_meetings", Live: in.Type == "live",
	}
	zone := time.UTC
	var err error
	if in.Timezone != "" {
		if zone, err = schedule.Zone(string(in.Timezone)); err != nil {
			return f, muster.InvalidField("timezone", "%v", err)
		}
	}
	if f.From, err = bound("from", in.From, zone, 0); err != nil {
		return f, err
	}
	f.To, err = bound("to", in.To, zone, 1)
	return f, err
}

// bound reads a time, or a day as its midnight some days later.
func bound(field string, text wire.String, zone *time.Location, days int) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, string(text), zone); err == nil {
		return schedule.Wall(day.Year(), day.Month(), day.Day()+days, 0, 0, 0, zone), nil
	}
	t, err := schedule.ParseTime(string(text), zone)
	if err != nil {
		return t, muster.InvalidField(field, "must be a day such as 2026-03-25 or a time such as 2026-03-25T07:46:00Z")
	}
	return t.Add(time.Duration(days) * time.Second), nil // the end is included, and starts are whole seconds
}

type listOut struct {
	zoom.Paged
	Meetings []listRow `json:"meetings"`
}

type listRow struct {
	UUID         string `json:"uuid"`
	ID           int64  `json:"id"`
	HostID       string `json:"host_id"`
	Topic        string `json:"topic"`
	Type         int64  `json:"type"`
	StartTime    string `json:"start_time,omitempty" format:"date-time"`
	Duration     int64  `json:"duration,omitzero"`
	Timezone     string `json:"timezone"`
	Agenda       string `json:"agenda,omitempty"`
	CreatedAt    string `json:"created_at" format:"date-time"`
	JoinURL      string `json:"join_url"`
	PMI          string `json:"pmi,omitempty"`
	OccurrenceID string `json:"occurrence_id,omitempty" ours:"true"`
}

// maxListedAgenda is where the original cuts agendas in lists.
const maxListedAgenda = 250

func (a *API) list(ctx context.Context, in *listIn) (*listOut, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	page := in.Page()
	list, err := a.App.Meetings(ctx, zoom.Actor(ctx), string(in.User), f, page)
	if err != nil {
		return nil, err
	}
	out := &listOut{Paged: zoom.Envelope(page, list.Total, list.Next), Meetings: make([]listRow, len(list.Items))}
	for i := range list.Items {
		out.Meetings[i] = a.row(&list.Items[i])
	}
	return out, nil
}

func (a *API) row(l *app.ListedMeeting) listRow {
	m := &l.Meeting
	r := listRow{
		UUID: m.UUID, ID: m.ID, HostID: m.Host, Topic: m.Topic, Type: int64(m.Type), StartTime: zoom.Time(m.Start),
		Timezone: m.Timezone, Agenda: m.Agenda, CreatedAt: zoom.Time(m.CreatedAt), JoinURL: a.joinURL(m, l.PMI, l.PasscodeInLink),
	}
	if m.Type != muster.RecurringNoFixed {
		r.Duration = minutes(m.Duration)
	}
	if runes := []rune(r.Agenda); len(runes) > maxListedAgenda {
		r.Agenda = string(runes[:maxListedAgenda])
	}
	if l.PMI != 0 {
		r.PMI = number(l.PMI)
	}
	if l.Place.Occurrence != 0 {
		r.OccurrenceID = schedule.FormatID(l.Place.Occurrence)
	}
	return r
}
