package webex

import (
	"context"
	"slices"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

func (a *API) registrationOperations() []op.Operation {
	return []op.Operation{a.getMeetingRegistration(), a.updateMeetingRegistration(), a.deleteMeetingRegistration()}
}

func (a *API) getMeetingRegistration() op.Operation {
	return op.Handle(op.Spec{
		ID: "getMeetingRegistration", Group: registrants, Title: "Get the registration form of a meeting", Method: "GET",
		Path: "/meetings/{meetingId}/registration", Scopes: readMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.RegistrationOff})...),
	}, a.getForm)
}

func (a *API) getForm(ctx context.Context, in *series) (*formOut, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	m, err := a.App.Form(ctx, actor(ctx), ref)
	if err != nil {
		return nil, err
	}
	return spellForm(m), nil
}

func (a *API) updateMeetingRegistration() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateMeetingRegistration", Group: registrants, Title: "Update the registration form of a meeting", Method: "PUT",
		Path: "/meetings/{meetingId}/registration", Scopes: writeMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.NotHost, muster.Forbidden})...),
	}, a.setForm)
}

type setFormIn struct {
	Meeting   wire.String `path:"meetingId" json:"-" doc:"Id of the meeting series."`
	HostEmail wire.Email  `json:"hostEmail" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	formIn
}

func (a *API) setForm(ctx context.Context, in *setFormIn) (*formOut, error) {
	ref, err := registrationOf(actor(ctx), in.Meeting, in.HostEmail)
	if err != nil {
		return nil, err
	}
	m, err := a.App.SetForm(ctx, actor(ctx), ref, in.value())
	if err != nil {
		return nil, err
	}
	return spellForm(m), nil
}

func (a *API) deleteMeetingRegistration() op.Operation {
	return op.Handle(op.Spec{
		ID: "deleteMeetingRegistration", Group: registrants, Title: "Delete the registration form of a meeting", Method: "DELETE",
		Path: "/meetings/{meetingId}/registration", Scopes: writeMeetings, Rate: op.Light, Success: 204,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.NotHost, muster.RegistrationOff})...),
	}, a.closeForm)
}

type closeFormIn struct {
	Meeting   wire.String `path:"meetingId" json:"-" doc:"Id of the meeting series."`
	HostEmail wire.Email  `header:"hostEmail" json:"-" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
}

func (a *API) closeForm(ctx context.Context, in *closeFormIn) (*op.None, error) {
	ref, err := registrationOf(actor(ctx), in.Meeting, in.HostEmail)
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.CloseForm(ctx, actor(ctx), ref)
}
