package meetings

import (
	"context"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/schedule"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) meetingCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingCreate", Group: group, Title: "Create a meeting", Method: "POST", Path: "/users/{userId}/meetings",
		Scopes: zoom.Scopes("meeting:write:meeting", "meeting:write"), Rate: op.Light, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.Refused, muster.UserNotFound, muster.WrongAccount,
			muster.HostingNotAllowed, muster.HostDailyLimit),
	}, a.create)
}

type createIn struct {
	User wire.String `path:"userId" json:"-" max:"128" doc:"Id, email or me of the host."`
	body
	ScheduleFor     wire.String              `json:"schedule_for" max:"128" doc:"Id or email of whom the meeting is scheduled for."`
	DefaultPassword wire.Optional[wire.Bool] `json:"default_password" doc:"true unless given: a passcode is made where none is, if the host's settings ask for one."`
}

func (a *API) create(ctx context.Context, in *createIn) (*meetingOut, error) {
	c, err := in.change()
	if err != nil {
		return nil, err
	}
	c.ScheduleFor = string(in.ScheduleFor)
	c.PasscodeIfRequired = !in.DefaultPassword.Set || bool(in.DefaultPassword.Value)
	if c.Passcode != nil && *c.Passcode == "" {
		c.Passcode = nil
	}
	v, err := a.App.CreateMeeting(ctx, zoom.Actor(ctx), string(in.User), c)
	if err != nil {
		return nil, err
	}
	return a.spell(v, v.Occurrences), nil
}

func (a *API) meeting() op.Operation {
	return op.Handle(op.Spec{
		ID: "meeting", Group: group, Title: "Get a meeting", Method: "GET", Path: "/meetings/{meetingId}",
		Scopes: zoom.Scopes("meeting:read:meeting", "meeting:read"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount),
	}, a.get)
}

type getIn struct {
	Meeting wire.String `path:"meetingId" json:"-" doc:"Meeting number, or uuid (encoded twice where it holds a slash)."`
	occurrence
	Previous wire.Bool `query:"show_previous_occurrences" json:"-" doc:"Show the occurrences that are over, too."`
	Explain  wire.Bool `query:"explain" json:"-" ours:"true" doc:"Instead of the meeting, for each of its settings the value, who decided it and who has locked it."`
}

// getOut is the meeting, or an explanation of its settings.
type getOut = op.Either[meetingOut, zoom.Settings]

func (a *API) get(ctx context.Context, in *getIn) (*getOut, error) {
	ref, err := zoom.MeetingOrUUID(in.Meeting)
	if err != nil {
		return nil, err
	}
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	if in.Explain {
		list, err := a.App.ExplainMeeting(ctx, zoom.Actor(ctx), ref, id)
		if err != nil {
			return nil, err
		}
		return &getOut{Other: zoom.Explain(list)}, nil
	}
	v, err := a.App.Meeting(ctx, zoom.Actor(ctx), ref, id)
	if err != nil {
		return nil, err
	}
	shown := v.Occurrences
	if !in.Previous {
		shown = schedule.Upcoming(shown, v.Now)
	}
	return &getOut{Body: a.spell(v, shown)}, nil
}

func (a *API) meetingUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingUpdate", Group: group, Title: "Update a meeting", Method: "PATCH", Path: "/meetings/{meetingId}",
		Scopes: zoom.Scopes("meeting:update:meeting", "meeting:write"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.MeetingNotFound, muster.UserNotFound, muster.NotHost, muster.WrongAccount,
			muster.HostingNotAllowed, muster.HostDailyLimit),
	}, a.update)
}

type updateIn struct {
	dated
	body
}

func (a *API) update(ctx context.Context, in *updateIn) (*op.None, error) {
	ref, id, err := in.target()
	if err != nil {
		return nil, err
	}
	c, err := in.change()
	if err != nil {
		return nil, err
	}
	_, err = a.App.UpdateMeeting(ctx, zoom.Actor(ctx), ref, id, c)
	return &op.None{}, err
}

func (a *API) meetingDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingDelete", Group: group, Title: "Delete a meeting", Method: "DELETE", Path: "/meetings/{meetingId}",
		Scopes: zoom.Scopes("meeting:delete:meeting", "meeting:write"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.NotHost, muster.MeetingInProgress, muster.WrongAccount),
	}, a.delete)
}

func (a *API) delete(ctx context.Context, in *dated) (*op.None, error) {
	ref, id, err := in.target()
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.DeleteMeeting(ctx, zoom.Actor(ctx), ref, id)
}

func (a *API) meetingStatus() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingStatus", Group: group, Title: "Update meeting status", Method: "PUT", Path: "/meetings/{meetingId}/status",
		Scopes: zoom.Scopes("meeting:update:status", "meeting:write"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Refused, muster.MeetingNotFound, muster.UserNotFound, muster.NotHost, muster.WrongAccount),
	}, a.setStatus)
}

type statusIn struct {
	path
	Action wire.String `json:"action" rule:"required" enum:"end|recover"`
}

func (a *API) setStatus(ctx context.Context, in *statusIn) (*op.None, error) {
	ref, err := zoom.Meeting(in.Meeting)
	if err != nil {
		return nil, err
	}
	if in.Action == "recover" {
		return &op.None{}, a.App.RecoverMeeting(ctx, zoom.Actor(ctx), ref)
	}
	return &op.None{}, a.App.EndMeeting(ctx, zoom.Actor(ctx), ref, 0)
}

func (a *API) meetingInvitation() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingInvitation", Group: group, Title: "Get meeting invitation", Method: "GET", Path: "/meetings/{meetingId}/invitation",
		Scopes: zoom.Scopes("meeting:read:invitation", "meeting:read"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount),
	}, a.getInvitation)
}

type invitationOut struct {
	Invitation string   `json:"invitation"`
	SIPLinks   []string `json:"sip_links"`
}

func (a *API) getInvitation(ctx context.Context, in *path) (*invitationOut, error) {
	ref, err := zoom.Meeting(in.Meeting)
	if err != nil {
		return nil, err
	}
	v, err := a.App.Meeting(ctx, zoom.Actor(ctx), ref, 0)
	if err != nil {
		return nil, err
	}
	text, err := a.invitation(v)
	return &invitationOut{Invitation: text}, err
}
