package meetings

import (
	"context"
	"strconv"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// addBatchRegistrants deviates from the table as page 2 has it: full is 404
// here, 400 in the single add.
func (a *API) addBatchRegistrants() op.Operation {
	spec := op.Spec{
		ID: "addBatchRegistrants", Group: group, Title: "Perform batch registration", Method: "POST", Path: "/meetings/{meetingId}/batch_registrants",
		Scopes: zoom.Scopes("meeting:write:batch_registrants", "meeting:write"), Rate: op.Heavy, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Refused, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.NotHost,
			muster.HostingNotAllowed, muster.RegistrationOff,
			muster.RegistrationClosed, muster.BatchNotSupported, muster.HostCannotRegister, muster.Full, muster.PersonDailyLimit),
		Errors: op.Errors{string(muster.Full): {Status: 404, Code: 3043}},
	}
	return op.Handle(spec, func(ctx context.Context, in *batchIn) (*batchOut, error) { return a.addBatch(ctx, &spec, in) })
}

// batchIn is page 2's body; each person may say all that the single add takes.
type batchIn struct {
	path
	Report           wire.String        `query:"report" json:"-" enum:"rows" ours:"true" doc:"rows: register whom it can and report on each row, instead of refusing the whole."`
	AutoApprove      wire.Bool          `json:"auto_approve" doc:"Approve at once where the host approves by hand."`
	ConfirmationMail wire.Bool          `json:"registrants_confirmation_email"`
	Registrants      []wire.Row[person] `json:"registrants" rule:"required" max:"30"`

	refused map[int]muster.Problem // under report=rows: the first problem of a row
}

// Excuse keeps what is wrong with single rows for the report.
func (in *batchIn) Excuse(problems []op.Problem) []op.Problem {
	in.refused = map[int]muster.Problem{}
	for i := range in.Registrants {
		in.Registrants[i].Value.forgetEmpty()
		if rule := in.Registrants[i].Value.badEmail(); rule != "" {
			problems = append(problems, op.Problem{Field: at(i, "email"), Rule: rule})
		}
	}
	var rest []op.Problem
	for _, p := range problems {
		i, field, ok := row(p.Field)
		if ok && in.Report != "rows" {
			p.Rule = in.whose(i, p.Rule)
		}
		if !ok || in.Report != "rows" {
			rest = append(rest, p)
		} else if _, known := in.refused[i]; !known {
			in.refused[i] = muster.Problem{Field: field, Rule: p.Rule}
		}
	}
	return rest
}

// whose adds to a rule the email of the row that breaks it. [semantics 11.14]
func (in *batchIn) whose(i int, rule string) string {
	if i >= len(in.Registrants) || in.Registrants[i].Value.Email == "" {
		return rule
	}
	return rule + " (" + shown(string(in.Registrants[i].Value.Email)) + ")"
}

// shown bounds what a message repeats of an email that is too long to be one.
func shown(email string) string {
	if runes := []rune(email); len(runes) > muster.MaxEmail {
		return string(runes[:muster.MaxEmail]) + "…"
	}
	return email
}

// row splits the path of a field of one row.
func row(path string) (i int, field string, ok bool) {
	rest, ok := strings.CutPrefix(path, "registrants[")
	digits, field, closed := strings.Cut(rest, "]")
	i, err := strconv.Atoi(digits)
	return i, strings.TrimPrefix(field, "."), ok && closed && err == nil
}

type batchOut struct {
	Registrants []batchRegistrant `json:"registrants"`
	Report      []batchReport     `json:"report,omitempty" ours:"true"`
}

type batchRegistrant struct {
	RegistrantID       string `json:"registrant_id"`
	Email              string `json:"email"`
	JoinURL            string `json:"join_url,omitempty"`
	ParticipantPINCode int64  `json:"participant_pin_code,omitzero"`
}

type batchReport struct {
	Row          int64  `json:"row" doc:"Position in the request, from 0."`
	Email        string `json:"email"`
	Outcome      string `json:"outcome" doc:"added, updated or refused."`
	RegistrantID string `json:"registrant_id,omitempty"`
	Code         int64  `json:"code,omitzero"`
	Field        string `json:"field,omitempty"`
	Message      string `json:"message,omitempty"`
}

func (a *API) addBatch(ctx context.Context, spec *op.Spec, in *batchIn) (*batchOut, error) {
	ref, err := zoom.Meeting(in.Meeting)
	if err != nil {
		return nil, err
	}
	var people []muster.Person
	for i := range in.Registrants {
		if _, bad := in.refused[i]; !bad {
			people = append(people, in.Registrants[i].Value.value())
		}
	}
	done, err := a.App.Register(ctx, zoom.Actor(ctx), ref, app.Registration{
		People: people, AutoApprove: bool(in.AutoApprove), Batch: true, Each: in.Report == "rows",
	})
	if err != nil {
		return nil, err
	}
	out := &batchOut{Registrants: []batchRegistrant{}}
	for _, o := range done.Outcomes {
		if o.Err == nil {
			r := &o.Registrant
			out.Registrants = append(out.Registrants, batchRegistrant{r.ID, r.Person.Email, a.personalURL(r, r.Status), pin(r, r.Status)})
		}
	}
	if in.Report == "rows" {
		out.Report = report(spec, in, done.Outcomes)
	}
	return out, nil
}

// report tells of every row of the request, in its order.
func report(spec *op.Spec, in *batchIn, outcomes []app.Outcome) []batchReport {
	rows := make([]batchReport, len(in.Registrants))
	for i := range rows {
		rows[i] = batchReport{Row: int64(i), Email: string(in.Registrants[i].Value.Email), Outcome: string(app.Refused)}
		if p, bad := in.refused[i]; bad {
			rows[i].Code, rows[i].Field, rows[i].Message = 300, p.Field, p.Rule
			continue
		}
		o := outcomes[0]
		outcomes = outcomes[1:]
		rows[i].Outcome, rows[i].RegistrantID = string(o.Result), o.Registrant.ID
		if o.Err != nil {
			code, field, message := zoom.Spell(spec, o.Err)
			rows[i].Code, rows[i].Field, rows[i].Message = int64(code), field, message
		}
	}
	return rows
}
