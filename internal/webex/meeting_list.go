package webex

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/schedule"
	"muster/internal/wire"
)

func (a *API) listMeetings() op.Operation {
	return op.Handle(op.Spec{
		ID: "listMeetings", Group: meetings, Title: "List meetings", Method: "GET", Path: "/meetings", Scopes: readMeetings, Rate: op.Medium, Success: 200,
		Refuses: refuses(muster.Invalid, muster.PageTokenInvalid, muster.UserNotFound, muster.MeetingNotFound),
	}, a.list)
}

type listMeetingsIn struct {
	Number        wire.Int                 `query:"meetingNumber" json:"-" doc:"The meeting of this number; from, to, meetingType, state and isModified are then ignored."`
	WebLink       wire.String              `query:"webLink" json:"-" max:"2048" doc:"The meeting that the webLink of an answer leads to; as meetingNumber."`
	RoomID        wire.String              `query:"roomId" json:"-" max:"512" doc:"Must be empty: there are no spaces here."`
	Series        wire.String              `query:"meetingSeriesId" json:"-" max:"128" doc:"The dates of this series; without from and to all of them."`
	From          wire.String              `query:"from" json:"-" max:"64" doc:"7 days before to, or now, unless given."`
	To            wire.String              `query:"to" json:"-" max:"64" doc:"7 days after from unless given; exclusive."`
	Type          wire.String              `query:"meetingType" json:"-" enum:"meetingSeries|scheduledMeeting|meeting" doc:"meetingSeries unless given. meeting: none, for instances are not kept here."`
	State         wire.String              `query:"state" json:"-" enum:"active|scheduled|ready|lobby|inProgress|ended|missed|expired"`
	ScheduledType wire.String              `query:"scheduledType" json:"-" enum:"meeting|webinar|personalRoomMeeting" doc:"Only meetings are here."`
	IsModified    wire.Optional[wire.Bool] `query:"isModified" json:"-" doc:"Dates that were changed by themselves, or were not; with meetingType scheduledMeeting."`
	Current       wire.Optional[wire.Bool] `query:"current" json:"-" doc:"With meetingNumber or webLink: the date that is on or comes next, which is the default, or the series. Else true gives series the times of that date."`
	HostEmail     wire.Email               `query:"hostEmail" json:"-" max:"128" doc:"Whose meetings; for admins only, else ignored. The caller's own unless given."`
	SiteURL       wire.String              `query:"siteUrl" json:"-" max:"255" doc:"Must be the one that answers have, where it is given."`
	Tag           wire.String              `query:"integrationTag" json:"-" max:"64"`
	instanceFilter
	paging
	shown
}

// instanceFilter is what a list of ended instances can be asked for.
type instanceFilter struct {
	HasChat          wire.Optional[wire.Bool] `query:"hasChat" json:"-"`
	HasRecording     wire.Optional[wire.Bool] `query:"hasRecording" json:"-"`
	HasTranscription wire.Optional[wire.Bool] `query:"hasTranscription" json:"-"`
	HasSummary       wire.Optional[wire.Bool] `query:"hasSummary" json:"-"`
	HasClosedCaption wire.Optional[wire.Bool] `query:"hasClosedCaption" json:"-"`
	HasPolls         wire.Optional[wire.Bool] `query:"hasPolls" json:"-"`
	HasQA            wire.Optional[wire.Bool] `query:"hasQA" json:"-"`
	HasSlido         wire.Optional[wire.Bool] `query:"hasSlido" json:"-"`
}

// given names the first that was given, "" if none.
func (f *instanceFilter) given() string {
	for _, p := range []struct {
		name string
		set  bool
	}{
		{"hasChat", f.HasChat.Set},
		{"hasRecording", f.HasRecording.Set},
		{"hasTranscription", f.HasTranscription.Set},
		{"hasSummary", f.HasSummary.Set},
		{"hasClosedCaption", f.HasClosedCaption.Set},
		{"hasPolls", f.HasPolls.Set},
		{"hasQA", f.HasQA.Set},
		{"hasSlido", f.HasSlido.Set},
	} {
		if p.set {
			return p.name
		}
	}
	return ""
}

// Validate asks what the API says of parameters together.
func (in *listMeetingsIn) Validate() error {
	switch has := in.given(); {
	case in.RoomID != "":
		return op.Invalid("roomId", "must not be given: there are no spaces here")
	case in.Number != 0 && in.WebLink != "":
		return op.Invalid("webLink", "must not be given together with meetingNumber")
	case has != "" && (in.Type != "meeting" || in.State != "ended"):
		return op.Invalid(has, "must be given with meetingType=meeting and state=ended only")
	}
	return nil
}

type meetingList struct {
	Items  []*meetingOut `json:"items"`
	header http.Header
}

// Header implements op.Headed.
func (o *meetingList) Header() http.Header { return o.header }

func (a *API) list(ctx context.Context, in *listMeetingsIn) (*meetingList, error) {
	zone, err := in.zone()
	if err != nil {
		return nil, err
	}
	if err := a.checkSite(in.SiteURL); err != nil {
		return nil, err
	}
	if in.Number != 0 || in.WebLink != "" {
		return a.numbered(ctx, in, zone)
	}
	f, err := in.filter(a.App.Now().Truncate(time.Second))
	if err != nil {
		return nil, err
	}
	series, err := in.series(actor(ctx))
	if err != nil {
		return nil, err
	}
	if in.never() {
		return &meetingList{Items: []*meetingOut{}}, nil
	}
	page, err := a.App.Dates(ctx, actor(ctx), hostOf(actor(ctx), in.HostEmail), series, f, in.page())
	if err != nil {
		return nil, err
	}
	out := &meetingList{Items: make([]*meetingOut, len(page.Items)), header: a.links(in.bounded(requestOf(ctx).url, f), in.paging, page.Next)}
	for i, v := range page.Items {
		if d, ok := v.Current(v.Now); ok && bool(in.Current.Value) && !f.Dates {
			v.Start, v.Duration = d.Start, d.Duration
		}
		if out.Items[i], err = a.listed(actor(ctx), v, zone); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// series returns the series whose dates in asks for, zero for none.
func (in *listMeetingsIn) series(by muster.Actor) (app.MeetingRef, error) {
	if in.Series == "" {
		return app.MeetingRef{}, nil
	}
	id, ok := anyMeeting(string(in.Series))
	if !ok || id.occurrence != 0 || id.instance {
		return app.MeetingRef{}, noMeeting(in.Series)
	}
	if by.Admin {
		id.series.Host = string(in.HostEmail)
	}
	return id.series, nil
}

// never reports whether in asks for what is not here: instances, webinars,
// personal rooms.
func (in *listMeetingsIn) never() bool {
	return in.Type == "meeting" || in.Series == "" && in.ScheduledType != "" && in.ScheduledType != "meeting"
}

// numbered answers the meeting of a number or link, none where the caller sees none.
func (a *API) numbered(ctx context.Context, in *listMeetingsIn, zone *time.Location) (*meetingList, error) {
	out := &meetingList{Items: []*meetingOut{}}
	ref := app.MeetingRef{ID: int64(in.Number), Current: !in.Current.Set || bool(in.Current.Value)}
	if in.WebLink != "" {
		ref.ID = a.linked(string(in.WebLink))
	}
	if actor(ctx).Admin {
		ref.Host = string(in.HostEmail)
	}
	if ref.ID <= 0 || in.never() && in.Type != "meeting" {
		return out, nil
	}
	v, err := a.App.Meeting(ctx, actor(ctx), ref, 0)
	if e, ok := errors.AsType[*muster.Error](err); ok && e.Code == muster.MeetingNotFound {
		return out, nil
	} else if err != nil {
		return nil, err
	}
	o, err := a.listed(actor(ctx), v, zone)
	if err != nil {
		return nil, err
	}
	if in.Tag == "" || slices.Contains(o.IntegrationTags, string(in.Tag)) {
		out.Items = append(out.Items, o)
	}
	return out, nil
}

var joinPath = regexp.MustCompile(`^/j/(\d{1,18})$`)

// linked returns the number of the meeting that a link leads to, 0 for none.
func (a *API) linked(link string) int64 {
	u, err := url.Parse(link)
	if err != nil {
		return 0
	}
	u.RawQuery, u.Fragment = "", ""
	path, ours := strings.CutPrefix(u.String(), a.Base)
	part := joinPath.FindStringSubmatch(path)
	if !ours || part == nil {
		return 0
	}
	n, err := strconv.ParseInt(part[1], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// window is how far apart from and to are where one of them is given, and how
// far a list looks ahead where none is.
const window = 7 * 24 * time.Hour

// filter returns what in asks for.
func (in *listMeetingsIn) filter(now time.Time) (app.DateFilter, error) {
	f := app.DateFilter{Dates: in.Type == "scheduledMeeting" || in.Series != "", Phase: muster.Phase(in.State)}
	if in.Series == "" {
		f.Tag = string(in.Tag)
	}
	if f.Dates && in.IsModified.Set {
		f.Changed = new(bool(in.IsModified.Value))
	}
	if foreign := !slices.Contains(phasesOf(f.Dates), f.Phase); f.Phase != "" && foreign {
		f.Phase = "none" // a state that what is listed cannot have
	}
	var err error
	if f.From, err = bound("from", in.From); err != nil {
		return f, err
	}
	if f.To, err = bound("to", in.To); err != nil {
		return f, err
	}
	switch {
	case in.From != "" && in.To != "" && f.To.Before(f.From):
		return f, op.Invalid("to", "must not be before from")
	case in.From == "" && in.To == "" && in.Series != "": // all of them
	case in.From == "" && in.To == "":
		f.From, f.To = now, now.Add(window)
	case in.From == "":
		f.From = f.To.Add(-window)
	case in.To == "":
		f.To = f.From.Add(window)
	}
	return f, nil
}

// bounded returns u with the bounds of f, so that further pages have the same
// as the first whatever the time is by then.
func (in *listMeetingsIn) bounded(u *url.URL, f app.DateFilter) *url.URL {
	q := u.Query()
	for name, t := range map[string]time.Time{"from": f.From, "to": f.To} {
		if !t.IsZero() {
			q.Set(name, t.UTC().Format("2006-01-02T15:04:05Z"))
		}
	}
	with := *u
	with.RawQuery = q.Encode()
	return &with
}

// phasesOf returns the states of dates, or of meetings as a whole.
func phasesOf(dates bool) []muster.Phase {
	if dates {
		return []muster.Phase{muster.ToCome, muster.Ready, muster.Held, muster.Missed}
	}
	return []muster.Phase{muster.Active, muster.InProgress, muster.Expired}
}

// bound reads a time of a query, in UTC where it has no offset.
func bound(field string, text wire.String) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := schedule.ParseTime(string(text), time.UTC)
	if err != nil {
		return t, op.Invalid(field, err.Error())
	}
	return t, nil
}
