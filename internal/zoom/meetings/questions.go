package meetings

import (
	"context"
	"slices"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) meetingRegistrantsQuestionsGet() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingRegistrantsQuestionsGet", Group: group, Title: "List registration questions", Method: "GET",
		Path: "/meetings/{meetingId}/registrants/questions", Scopes: zoom.Scopes("meeting:read:list_registration_questions", "meeting:read"),
		Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.RegistrationOff),
	}, a.getQuestions)
}

type questionsOut struct {
	Questions       []questionOut       `json:"questions"`
	CustomQuestions []customQuestionOut `json:"custom_questions"`
}

type questionOut struct {
	FieldName string `json:"field_name"`
	Required  bool   `json:"required"`
}

type customQuestionOut struct {
	Title    string   `json:"title"`
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Answers  []string `json:"answers"`
}

func (a *API) getQuestions(ctx context.Context, in *path) (*questionsOut, error) {
	ref, err := zoom.Meeting(in.Meeting)
	if err != nil {
		return nil, err
	}
	q, err := a.App.Questions(ctx, zoom.Actor(ctx), ref)
	if err != nil {
		return nil, err
	}
	out := &questionsOut{Questions: []questionOut{}, CustomQuestions: make([]customQuestionOut, len(q.Custom))}
	for _, s := range q.Standard {
		if slices.Contains(muster.ZoomFields, s.Field) {
			out.Questions = append(out.Questions, questionOut{s.Field, s.Required})
		}
	}
	for i, c := range q.Custom {
		out.CustomQuestions[i] = customQuestionOut{c.Title, questionType(c.Type), c.Required, c.Answers}
	}
	return out, nil
}

// questionType spells a type: a text of several lines is short here.
func questionType(t string) string {
	if t == "long" {
		return "short"
	}
	return t
}

func (a *API) meetingRegistrantQuestionUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "meetingRegistrantQuestionUpdate", Group: group, Title: "Update registration questions", Method: "PATCH",
		Path: "/meetings/{meetingId}/registrants/questions", Scopes: zoom.Scopes("meeting:update:registration_question", "meeting:write"),
		Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.MeetingNotFound, muster.UserNotFound, muster.WrongAccount, muster.NotHost, muster.RegistrationOff),
	}, a.updateQuestions)
}

type questionsIn struct {
	path
	Questions       wire.Optional[[]questionIn]       `json:"questions" max:"14"`
	CustomQuestions wire.Optional[[]customQuestionIn] `json:"custom_questions" max:"100"`
}

type questionIn struct {
	FieldName wire.String `json:"field_name" rule:"required" enum:"last_name|address|city|country|zip|state|phone|industry|org|job_title|purchasing_time_frame|role_in_purchase_process|no_of_employees|comments"`
	Required  wire.Bool   `json:"required"`
}

type customQuestionIn struct {
	Title    wire.String `json:"title" rule:"required" max:"300"`
	Type     wire.String `json:"type" rule:"required" enum:"short|single|single_radio|single_dropdown|multiple"`
	Required wire.Bool   `json:"required"`
	Answers  wire.List   `json:"answers" max:"200"`
}

func (a *API) updateQuestions(ctx context.Context, in *questionsIn) (*op.None, error) {
	ref, err := zoom.Meeting(in.Meeting)
	if err != nil {
		return nil, err
	}
	var standard *[]muster.StandardQuestion
	if in.Questions.Set {
		standard = &[]muster.StandardQuestion{}
		for _, q := range in.Questions.Value {
			*standard = append(*standard, muster.StandardQuestion{Field: string(q.FieldName), Required: bool(q.Required)})
		}
	}
	var custom *[]muster.CustomQuestion
	if in.CustomQuestions.Set {
		custom = &[]muster.CustomQuestion{}
		for _, q := range in.CustomQuestions.Value {
			*custom = append(*custom, muster.CustomQuestion{Title: string(q.Title), Type: string(q.Type), Required: bool(q.Required), Answers: q.Answers})
		}
	}
	return &op.None{}, a.App.SetQuestions(ctx, zoom.Actor(ctx), ref, standard, custom)
}
