package meetings

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) meetingRegistrantCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingRegistrantCreate", Group: group, Title: "Add meeting registrant", Method: "POST", Path: "/meetings/{meetingId}/registrants",
		Scopes: zoom.Scopes("meeting:write:registrant", "meeting:write"), Rate: op.Light, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Refused, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.NotHost,
			muster.HostingNotAllowed, muster.RegistrationOff,
			muster.RegistrationClosed, muster.HostCannotRegister, muster.Full, muster.PersonDailyLimit),
	}, a.addRegistrant)
}

type addIn struct {
	path
	OccurrenceIDs wire.List `query:"occurrence_ids" json:"-" doc:"Dates of a series, with commas between."`
	person
	AutoApprove wire.Bool `json:"auto_approve" doc:"Approve at once where the host approves by hand."`
}

// Validate asks what the tags cannot say.
func (in *addIn) Validate() error {
	in.forgetEmpty()
	if rule := in.badEmail(); rule != "" {
		return muster.InvalidField("email", "%s", rule)
	}
	return nil
}

type addOut struct {
	ID                 int64          `json:"id"`
	RegistrantID       string         `json:"registrant_id"`
	Topic              string         `json:"topic"`
	StartTime          string         `json:"start_time,omitempty" format:"date-time"`
	JoinURL            string         `json:"join_url,omitempty"`
	ParticipantPINCode int64          `json:"participant_pin_code,omitzero"`
	Occurrences        []occurrenceOf `json:"occurrences"`
}

func (a *API) addRegistrant(ctx context.Context, in *addIn) (*addOut, error) {
	ref, err := zoom.Meeting(in.Meeting)
	if err != nil {
		return nil, err
	}
	ids, err := occurrenceIDs(in.OccurrenceIDs)
	if err != nil {
		return nil, err
	}
	done, err := a.App.Register(ctx, zoom.Actor(ctx), ref, app.Registration{
		People: []muster.Person{in.value()}, Occurrences: ids, AutoApprove: bool(in.AutoApprove),
	})
	if err != nil {
		return nil, err
	}
	r := &done.Outcomes[0].Registrant
	s, start := r.AtBest(done.Chosen), done.Meeting.Start
	if len(done.Chosen) > 0 {
		start = done.Chosen[0].Start
	}
	return &addOut{
		ID: r.Meeting, RegistrantID: r.ID, Topic: done.Meeting.Topic, StartTime: zoom.Time(start), JoinURL: a.personalURL(r, s),
		ParticipantPINCode: pin(r, s), Occurrences: spellOccurrences(done.Chosen),
	}, nil
}
