package webex

import (
	"context"
	"slices"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

const registrants = "Meetings: Registrants"

func (a *API) registrantOperations() []op.Operation {
	return []op.Operation{
		a.createRegistrant(), a.createRegistrants(), a.listMeetingRegistrants(), a.queryMeetingRegistrants(), a.getRegistrant(), a.deleteRegistrant(),
		a.batchApproveMeetingRegistrants(), a.batchRejectMeetingRegistrants(), a.batchCancelMeetingRegistrants(), a.batchDeleteMeetingRegistrants(),
	}
}

// refusesAlways are what every call on one meeting's registration may meet.
var refusesAlways = []muster.Code{muster.Invalid, muster.MeetingNotFound, muster.OneDateOnly}

func (a *API) createRegistrant() op.Operation {
	return op.Handle(op.Spec{
		ID: "createRegistrant", Group: registrants, Title: "Register a meeting registrant", Method: "POST", Path: "/meetings/{meetingId}/registrants",
		Scopes: writeMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{
			muster.NotHost, muster.RegistrationOff, muster.RegistrationClosed, muster.HostCannotRegister, muster.RegistrantExists, muster.Full,
			muster.PersonDailyLimit,
		})...),
	}, a.register)
}

type registerIn struct {
	series
	person
}

// Excuse adds what tags cannot say.
func (in *registerIn) Excuse(problems []op.Problem) []op.Problem {
	if rule := in.badEmail(); rule != "" {
		problems = append(problems, op.Problem{Field: "email", Rule: rule})
	}
	return problems
}

func (a *API) register(ctx context.Context, in *registerIn) (*registrantOut, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	done, err := a.App.Register(ctx, actor(ctx), ref, app.Registration{
		People: []muster.Person{in.value()}, Numbered: [][]muster.NumberedAnswer{in.numbered()}, Known: app.RefuseKnown,
		Strict: true, Fields: muster.RuleFields,
	})
	if err != nil {
		return nil, err
	}
	out := spellRegistrant(done.Meeting, &done.Outcomes[0].Registrant)
	return &out, nil
}

func (a *API) createRegistrants() op.Operation {
	return op.Handle(op.Spec{
		ID: "createRegistrants", Group: registrants, Title: "Batch register meeting registrants", Method: "POST",
		Path: "/meetings/{meetingId}/registrants/bulkInsert", Scopes: writeMeetings, Rate: op.Heavy, Success: 200,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{
			muster.NotHost, muster.RegistrationOff, muster.RegistrationClosed, muster.HostCannotRegister, muster.Full, muster.PersonDailyLimit,
		})...),
	}, a.bulkInsert)
}

// bulkIn is page 3's array, or an object that has it as items.
type bulkIn struct {
	series
	Items []wire.Row[person] `json:"items" rule:"required" max:"100" bare:"true"`
}

// Excuse adds what tags cannot say, in the order of the rows.
func (in *bulkIn) Excuse(problems []op.Problem) []op.Problem {
	for i := range in.Items {
		if rule := in.Items[i].Value.badEmail(); rule != "" {
			problems = append(problems, op.Problem{Field: itemAt(i, "email"), Rule: rule})
		}
	}
	slices.SortStableFunc(problems, func(x, y op.Problem) int {
		i, xOK := itemOf(x.Field)
		j, yOK := itemOf(y.Field)
		if xOK && yOK {
			return i - j
		}
		return 0
	})
	return problems
}

type registrantsOut struct {
	Items []registrantOut `json:"items"`
}

func (a *API) bulkInsert(ctx context.Context, in *bulkIn) (*registrantsOut, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	r := app.Registration{Batch: true, Known: app.KeepKnown, Strict: true, Fields: muster.RuleFields}
	for i := range in.Items {
		r.People = append(r.People, in.Items[i].Value.value())
		r.Numbered = append(r.Numbered, in.Items[i].Value.numbered())
	}
	done, err := a.App.Register(ctx, actor(ctx), ref, r)
	if err != nil {
		return nil, err
	}
	out := &registrantsOut{Items: make([]registrantOut, len(done.Outcomes))}
	for i := range done.Outcomes {
		out.Items[i] = spellRegistrant(done.Meeting, &done.Outcomes[i].Registrant)
	}
	return out, nil
}
