package meetings

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) meetingRegistrants() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingRegistrants", Group: group, Title: "List meeting registrants", Method: "GET", Path: "/meetings/{meetingId}/registrants",
		Scopes: zoom.Scopes("meeting:read:list_registrants", "meeting:read"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.RegistrationOff),
	}, a.listRegistrants)
}

type registrantsIn struct {
	dated
	Status wire.String `query:"status" json:"-" enum:"pending|approved|denied|all" doc:"approved unless given; all is an extension."`
	Email  wire.Email  `query:"email" json:"-" max:"128" ours:"true" doc:"Only who registered with this email."`
	zoom.Paging
}

type registrantsOut struct {
	zoom.Paged
	Registrants []registrantOut `json:"registrants"` // declares what WriteJSON tells

	spelled []byte // see appendRegistrants
}

func (a *API) listRegistrants(ctx context.Context, in *registrantsIn) (*registrantsOut, error) {
	ref, id, err := in.target()
	if err != nil {
		return nil, err
	}
	page := in.Page()
	f := app.RegistrantFilter{Statuses: statuses(string(in.Status)), Occurrence: id, Email: string(in.Email)}
	list, err := a.App.Registrants(ctx, zoom.Actor(ctx), ref, f, page, "zoom "+a.Base, func(people []muster.Registrant) []byte {
		return a.appendRegistrants(nil, people, id)
	})
	if err != nil {
		return nil, err
	}
	return &registrantsOut{Paged: zoom.Envelope(page, list.Total, list.Next), spelled: list.Items}, nil
}

// registrant is the registrant in a path.
type registrant struct {
	Registrant wire.String `path:"registrantId" json:"-" max:"128"`
}

type oneIn struct {
	dated
	registrant
}

func (a *API) meetingRegistrantGet() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingRegistrantGet", Group: group, Title: "Get a meeting registrant", Method: "GET", Path: "/meetings/{meetingId}/registrants/{registrantId}",
		Scopes: zoom.Scopes("meeting:read:registrant", "meeting:read"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.RegistrationOff, muster.RegistrantNotFound),
	}, a.getRegistrant)
}

func (a *API) getRegistrant(ctx context.Context, in *oneIn) (*registrantOut, error) {
	ref, id, err := in.target()
	if err != nil {
		return nil, err
	}
	_, r, err := a.App.Registrant(ctx, zoom.Actor(ctx), ref, string(in.Registrant), id)
	if err != nil {
		return nil, err
	}
	out := a.spellRegistrant(r, id)
	return &out, nil
}

func (a *API) meetingRegistrantUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingRegistrantUpdate", Group: group, Title: "Update a meeting registrant", Method: "PATCH", Ours: true,
		Path: "/meetings/{meetingId}/registrants/{registrantId}", Scopes: zoom.Scopes("meeting:update:registrant", "meeting:write"),
		Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.NotHost, muster.RegistrationOff,
			muster.RegistrantNotFound, muster.HostCannotRegister),
	}, a.updateRegistrant)
}

type updateRegistrantIn struct {
	path
	registrant
	editedPerson
	ResetLink wire.Bool `json:"reset_link" doc:"Give a new link; the old one is dead at once."`
}

func (a *API) updateRegistrant(ctx context.Context, in *updateRegistrantIn) (*registrantOut, error) {
	ref, err := zoom.Meeting(in.Meeting)
	if err != nil {
		return nil, err
	}
	c, err := in.change()
	if err != nil {
		return nil, err
	}
	c.ResetLink = bool(in.ResetLink)
	_, r, err := a.App.EditRegistrant(ctx, zoom.Actor(ctx), ref, string(in.Registrant), c)
	if err != nil {
		return nil, err
	}
	out := a.spellRegistrant(r, 0)
	return &out, nil
}

// offIs300 is how DELETE and status answer a meeting without registration. [semantics 11.5]
var offIs300 = op.Errors{string(muster.RegistrationOff): {Status: 400, Code: 300}}

func (a *API) meetingRegistrantDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingregistrantdelete", Group: group, Title: "Delete a meeting registrant", Method: "DELETE",
		Path: "/meetings/{meetingId}/registrants/{registrantId}", Scopes: zoom.Scopes("meeting:delete:registrant", "meeting:write"),
		Rate: op.Light, Success: 204, Errors: offIs300,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.NotHost, muster.RegistrationOff, muster.RegistrantNotFound),
	}, a.deleteRegistrant)
}

func (a *API) deleteRegistrant(ctx context.Context, in *oneIn) (*op.None, error) {
	ref, id, err := in.target()
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.RemoveRegistrant(ctx, zoom.Actor(ctx), ref, string(in.Registrant), id)
}

func (a *API) meetingRegistrantStatus() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingRegistrantStatus", Group: group, Title: "Update registrant's status", Method: "PUT", Path: "/meetings/{meetingId}/registrants/status",
		Scopes: zoom.Scopes("meeting:update:registrant_status", "meeting:write"), Rate: op.Medium, Success: 204, Errors: offIs300,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.NotHost, muster.RegistrationOff,
			muster.RegistrantNotFound, muster.Full, muster.PersonDailyLimit),
	}, a.setRegistrantStatus)
}

type registrantStatusIn struct {
	dated
	Action      wire.String `json:"action" rule:"required" enum:"approve|deny|cancel"`
	Registrants []who       `json:"registrants" rule:"required" max:"30"`
}

// who names a registrant. The form of neither is checked: who is not there
// is not found. [semantics 11.9]
type who struct {
	ID    wire.String `json:"id"`
	Email wire.Email  `json:"email"`
}

func (a *API) setRegistrantStatus(ctx context.Context, in *registrantStatusIn) (*op.None, error) {
	ref, id, err := in.target()
	if err != nil {
		return nil, err
	}
	list := make([]app.Who, len(in.Registrants))
	for i, w := range in.Registrants {
		list[i] = app.Who{ID: string(w.ID), Email: string(w.Email)}
	}
	return &op.None{}, a.App.SetStatus(ctx, zoom.Actor(ctx), ref, muster.Action(in.Action), list, id)
}
