package webex

import (
	"context"
	"slices"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

func (a *API) deleteRegistrant() op.Operation {
	return op.Handle(op.Spec{
		ID: "deleteRegistrant", Group: registrants, Title: "Delete a meeting registrant", Method: "DELETE",
		Path: "/meetings/{meetingId}/registrants/{registrantId}", Scopes: writeMeetings, Rate: op.Light, Success: 204,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.NotHost, muster.RegistrationOff, muster.RegistrantNotFound})...),
	}, a.removeRegistrant)
}

func (a *API) removeRegistrant(ctx context.Context, in *registrantIn) (*op.None, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.RemoveRegistrant(ctx, actor(ctx), ref, string(in.Registrant), 0)
}

// batchIn names registrants by their ids.
type batchIn struct {
	series
	SendEmail   wire.Bool       `json:"sendEmail" doc:"Taken and without effect: Muster sends no mail yet."`
	Registrants []registrantRef `json:"registrants" rule:"required" max:"100" doc:"Who is not registered is passed over; if nobody is, that is refused."`
}

type registrantRef struct {
	ID wire.String `json:"id" rule:"required" max:"128"`
}

func (in *batchIn) who() []app.Who {
	who := make([]app.Who, len(in.Registrants))
	for i, r := range in.Registrants {
		who[i].ID = string(r.ID)
	}
	return who
}

func (a *API) batchApproveMeetingRegistrants() op.Operation {
	s := statusSpec("batchApproveMeetingRegistrants", "Batch approve meeting registrants", "approve")
	s.Refuses = append(s.Refuses, string(muster.Full))
	return op.Handle(s, a.setStatus(muster.Approve))
}

func (a *API) batchRejectMeetingRegistrants() op.Operation {
	return op.Handle(statusSpec("batchRejectMeetingRegistrants", "Batch reject meeting registrants", "reject"), a.setStatus(muster.Deny))
}

// batchCancelMeetingRegistrants takes a decision back: who was approved or
// rejected waits again. Zoom's cancel is another thing. [semantics 8.3]
func (a *API) batchCancelMeetingRegistrants() op.Operation {
	s := statusSpec("batchCancelMeetingRegistrants", "Batch cancel meeting registrants", "cancel")
	s.Refuses = append(s.Refuses, string(muster.Full))
	return op.Handle(s, a.setStatus(muster.Return))
}

func statusSpec(id, title, verb string) op.Spec {
	return op.Spec{
		ID: id, Group: registrants, Title: title, Method: "POST", Path: "/meetings/{meetingId}/registrants/" + verb, Scopes: writeMeetings,
		Rate: op.Medium, Success: 204,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{
			muster.NotHost, muster.RegistrationOff, muster.RegistrantNotFound, muster.PersonDailyLimit,
		})...),
	}
}

func (a *API) setStatus(action muster.Action) func(context.Context, *batchIn) (*op.None, error) {
	return func(ctx context.Context, in *batchIn) (*op.None, error) {
		ref, err := in.ref(actor(ctx))
		if err != nil {
			return nil, err
		}
		return &op.None{}, a.App.SetStatus(ctx, actor(ctx), ref, action, in.who(), 0)
	}
}

func (a *API) batchDeleteMeetingRegistrants() op.Operation {
	return op.Handle(op.Spec{
		ID: "batchDeleteMeetingRegistrants", Group: registrants, Title: "Batch delete meeting registrants", Method: "POST",
		Path: "/meetings/{meetingId}/registrants/bulkDelete", Scopes: writeMeetings, Rate: op.Medium, Success: 204,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.NotHost, muster.RegistrationOff, muster.RegistrantNotFound})...),
	}, a.bulkDelete)
}

func (a *API) bulkDelete(ctx context.Context, in *batchIn) (*op.None, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.RemoveRegistrants(ctx, actor(ctx), ref, in.who())
}
