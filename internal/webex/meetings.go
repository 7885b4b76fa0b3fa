package webex

import (
	"context"
	"strconv"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/schedule"
	"muster/internal/wire"
)

const meetings = "Meetings"

func (a *API) meetingOperations() []op.Operation {
	return []op.Operation{
		a.createMeeting(), a.listMeetings(), a.getMeetingByID(), a.updateMeeting(), a.patchMeeting(), a.deleteMeeting(), a.endMeeting(),
	}
}

// meetingPath names a meeting, or one date of it.
type meetingPath struct {
	Meeting wire.String `path:"meetingId" json:"-" doc:"Id of a meeting series, or of one of its dates."`
}

// ref returns what p names, and the id of its date, 0 for the whole. The host
// is heeded for admins only. [semantics 8.1]
func (p meetingPath) ref(by muster.Actor, host wire.Email) (app.MeetingRef, int64, error) {
	id, ok := anyMeeting(string(p.Meeting))
	if !ok || id.instance {
		return id.series, 0, noMeeting(p.Meeting)
	}
	ref := id.series
	ref.DateInName = true
	if by.Admin {
		ref.Host = string(host)
	}
	return ref, id.occurrence, nil
}

// shown is the header that says in which zone an answer has its times.
type shown struct {
	Timezone wire.String `header:"timezone" json:"-" max:"64" doc:"IANA name of the zone of start and end; the meeting's own unless given."`
}

// zone returns that zone, nil for the meeting's own.
func (s shown) zone() (*time.Location, error) {
	if s.Timezone == "" {
		return nil, nil // nil is the meeting's own
	}
	zone, err := schedule.Zone(string(s.Timezone))
	if err != nil {
		return nil, op.Invalid("timezone", err.Error())
	}
	return zone, nil
}

func (a *API) createMeeting() op.Operation {
	return op.Handle(op.Spec{
		ID: "createMeeting", Group: meetings, Title: "Create a meeting", Method: "POST", Path: "/meetings", Scopes: writeMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.HostingNotAllowed, muster.OneDateOnly, muster.HostDailyLimit),
	}, a.create)
}

type createMeetingIn struct {
	meetingBody
	Invitees []inviteeIn `json:"invitees" max:"1000" doc:"People to invite."`
	shown
}

// Excuse adds what tags cannot say.
func (in *createMeetingIn) Excuse(problems []op.Problem) []op.Problem {
	problems = append(append(problems, in.required()...), in.problems()...)
	for i := range in.Invitees {
		problems = append(problems, in.Invitees[i].problems("invitees["+strconv.Itoa(i)+"].")...)
	}
	return problems
}

func (a *API) create(ctx context.Context, in *createMeetingIn) (*meetingOut, error) {
	zone, err := in.zone()
	if err != nil {
		return nil, err
	}
	if err := a.checkSite(in.SiteURL); err != nil {
		return nil, err
	}
	c, err := in.change(false)
	if err != nil {
		return nil, err
	}
	for i := range in.Invitees {
		c.Invitees = append(c.Invitees, in.Invitees[i].value())
	}
	if c.Timezone == nil {
		c.Timezone = new("UTC") // [semantics 11.24]
	}
	v, err := a.App.CreateMeeting(ctx, actor(ctx), hostOf(actor(ctx), in.HostEmail), c)
	if err != nil {
		return nil, err
	}
	return a.spellMeeting(actor(ctx), v, zone)
}

// hostOf returns whose meetings a call is about: the caller's own unless an
// admin names somebody.
func hostOf(by muster.Actor, email wire.Email) string {
	if by.Admin && email != "" {
		return string(email)
	}
	return app.Me
}

func (a *API) getMeetingByID() op.Operation {
	return op.Handle(op.Spec{
		ID: "getMeetingById", Group: meetings, Title: "Get a meeting", Method: "GET", Path: "/meetings/{meetingId}",
		Scopes: readMeetings, Rate: op.Light, Success: 200, Refuses: refuses(muster.Invalid, muster.UserNotFound, muster.MeetingNotFound),
	}, a.meeting)
}

type getMeetingIn struct {
	meetingPath
	shown
	Current   wire.Bool  `query:"current" json:"-" doc:"Of a series, the date that is on or comes next."`
	HostEmail wire.Email `query:"hostEmail" json:"-" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
}

func (a *API) meeting(ctx context.Context, in *getMeetingIn) (*meetingOut, error) {
	zone, err := in.zone()
	if err != nil {
		return nil, err
	}
	ref, date, err := in.ref(actor(ctx), in.HostEmail)
	if err != nil {
		return nil, err
	}
	ref.Current = bool(in.Current)
	v, err := a.App.Meeting(ctx, actor(ctx), ref, date)
	if err != nil {
		return nil, err
	}
	return a.spellMeeting(actor(ctx), v, zone)
}

// refusesChanges are what a change of a meeting may meet.
var refusesChanges = refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.MeetingNotFound, muster.NotHost, muster.HostingNotAllowed,
	muster.OneDateOnly, muster.HostDailyLimit)

func (a *API) updateMeeting() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateMeeting", Group: meetings, Title: "Update a meeting", Method: "PUT", Path: "/meetings/{meetingId}",
		Scopes: writeMeetings, Rate: op.Light, Success: 200, Refuses: refusesChanges,
	}, func(ctx context.Context, in *changeMeetingIn) (*meetingOut, error) { return a.change(ctx, in, true) })
}

func (a *API) patchMeeting() op.Operation {
	return op.Handle(op.Spec{
		ID: "patchMeeting", Group: meetings, Title: "Patch a meeting", Method: "PATCH", Path: "/meetings/{meetingId}",
		Scopes: writeMeetings, Rate: op.Light, Success: 200, Refuses: refusesChanges,
	}, func(ctx context.Context, in *changeMeetingIn) (*meetingOut, error) { return a.change(ctx, in, false) })
}

type changeMeetingIn struct {
	meetingPath
	meetingBody
	shown
}

// Excuse adds what tags cannot say.
func (in *changeMeetingIn) Excuse(problems []op.Problem) []op.Problem {
	return append(problems, in.problems()...)
}

// change makes what in says hold of a meeting: of all of it where all is true.
// Of one date of a series, which has the rest from the series, never all.
func (a *API) change(ctx context.Context, in *changeMeetingIn, all bool) (*meetingOut, error) {
	zone, err := in.zone()
	if err != nil {
		return nil, err
	}
	if err := a.checkSite(in.SiteURL); err != nil {
		return nil, err
	}
	ref, date, err := in.ref(actor(ctx), in.HostEmail)
	if err != nil {
		return nil, err
	}
	c, err := in.meetingBody.change(all && date == 0)
	if err != nil {
		return nil, err
	}
	c.KeepHidden = !actor(ctx).Admin
	v, err := a.App.UpdateMeeting(ctx, actor(ctx), ref, date, c)
	if err != nil {
		return nil, err
	}
	return a.spellMeeting(actor(ctx), v, zone)
}

func (a *API) deleteMeeting() op.Operation {
	return op.Handle(op.Spec{
		ID: "deleteMeeting", Group: meetings, Title: "Delete a meeting", Method: "DELETE", Path: "/meetings/{meetingId}",
		Scopes: writeMeetings, Rate: op.Light, Success: 204,
		Refuses: refuses(muster.Invalid, muster.UserNotFound, muster.MeetingNotFound, muster.NotHost, muster.MeetingInProgress),
	}, a.delete)
}

type deleteMeetingIn struct {
	meetingPath
	HostEmail wire.Email `query:"hostEmail" json:"-" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	SendEmail wire.Bool  `query:"sendEmail" json:"-" doc:"Taken and without effect: Muster sends no mail yet."`
}

func (a *API) delete(ctx context.Context, in *deleteMeetingIn) (*op.None, error) {
	ref, date, err := in.ref(actor(ctx), in.HostEmail)
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.DeleteMeeting(ctx, actor(ctx), ref, date)
}

func (a *API) endMeeting() op.Operation {
	return op.Handle(op.Spec{
		ID: "endMeeting", Group: meetings, Title: "End a meeting", Method: "POST", Path: "/meetings/{meetingId}/end",
		Scopes: writeMeetings, Rate: op.Light, Success: 204, Refuses: refuses(muster.UserNotFound, muster.MeetingNotFound, muster.NotHost),
	}, a.end)
}

func (a *API) end(ctx context.Context, in *meetingPath) (*op.None, error) {
	ref, date, err := in.ref(actor(ctx), "")
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.EndMeeting(ctx, actor(ctx), ref, date)
}
