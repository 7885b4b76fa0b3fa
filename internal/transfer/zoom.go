package transfer

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"muster/internal/client"
	"muster/internal/roster"
)

// zoom is the Zoom Meetings API v2.
type zoom struct{ api *client.Client }

func (zoom) name() string                  { return "" }
func (zoom) size() int                     { return 30 }
func (zoom) longest() int                  { return 128 }
func (zoom) anyTitle() bool                { return true }
func (zoom) suits(*ImportOptions) error    { return nil }
func (zoom) knows(field roster.Field) bool { return field != roster.Address2 && field != roster.Fax }

var seriesID = regexp.MustCompile(`^[0-9a-fA-F]{32}(_.*)?$`)

func (zoom) meeting(text string) (string, error) {
	if seriesID.MatchString(text) {
		return "", fmt.Errorf("%q is the id of a meeting in the Webex API: add --dialect webex, or give its number", text)
	}
	text = strings.NewReplacer(" ", "", "-", "").Replace(text)
	if strings.Trim(text, "0123456789") != "" {
		return "", fmt.Errorf("%q is no meeting number: it has digits only, as 85746065123", text)
	}
	return text, nil
}

func (z zoom) questions(ctx context.Context, meeting string) ([]string, error) {
	q, err := z.api.Questions(ctx, meeting)
	if err != nil {
		return nil, err
	}
	var titles []string
	for _, c := range q.Custom {
		titles = append(titles, c.Title)
	}
	return titles, nil
}

func (zoom) person(row roster.Row) (client.Person, string) {
	p := make(client.Person, len(row.Values)+1)
	for field, value := range row.Values {
		p[string(field)] = value
	}
	if len(row.Answers) > 0 {
		answers := make([]client.Answer, len(row.Answers))
		for i, a := range row.Answers {
			answers[i] = client.Answer{Title: a.Title, Value: a.Value}
		}
		p["custom_questions"] = answers
	}
	return p, ""
}

func (z zoom) batch(ctx context.Context, o *ImportOptions, people []client.Person, key string) ([]registration, error) {
	b := client.Batch{AutoApprove: o.AutoApprove, ConfirmationEmail: o.ConfirmationEmail, Registrants: people}
	answers, err := z.api.RegisterBatch(ctx, o.Meeting, b, key)
	if err != nil {
		return nil, err
	}
	out := make([]registration, len(answers))
	for i, a := range answers {
		out[i] = linked(a)
	}
	return out, nil
}

func (z zoom) single(ctx context.Context, o *ImportOptions, p client.Person, key string) (registration, error) {
	if o.AutoApprove {
		alone := client.Person{"auto_approve": true}
		for name, value := range p {
			alone[name] = value
		}
		p = alone
	}
	answer, err := z.api.Register(ctx, o.Meeting, o.Occurrences, p, key)
	return linked(answer), err
}

// linked tells by the link whether somebody is approved: the API does not say.
func linked(a client.Registration) registration {
	r := registration{id: a.ID, email: a.Email, joinURL: strings.TrimSpace(a.JoinURL), outcome: roster.Registered}
	if r.joinURL == "" {
		r.outcome = roster.Pending
	}
	return r
}

// What is about the meeting, the app or its account, not about a person.
var haltCodes = []int{124, 200, 404, 1010, 2001, 2300, 3001, 3003, 3038, 3161, 4700, 4711}

var haltStatuses = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType,
}

// Fields of a request that no row of the file can set right.
var requestFields = []string{"meetingId", "meeting_id", "accountId", "occurrence_ids", "occurrenceIds", "auto_approve"}

func (zoom) judge(err error) verdict {
	if err == nil {
		return accepted
	}
	e := client.Refused(err)
	switch {
	case e == nil || e.TokenError || e.Location != "" || e.Status >= 500:
		return halted
	case e.Code == 303:
		return wrongType
	case e.Code == 3043:
		return full
	case slices.Contains(haltCodes, e.Code) || slices.Contains(haltStatuses, e.Status) || (e.Status == http.StatusNotFound && e.Code == 0):
		return halted
	case e.Status == http.StatusTooManyRequests || e.Code == http.StatusTooManyRequests:
		if strings.Contains(e.Message, "for the registrant") || len(e.Fields) > 0 {
			return limited
		}
		return halted
	}
	for _, f := range e.Fields {
		if slices.Contains(requestFields, f.Name) {
			return halted
		}
	}
	return refused
}

func (zoom) hopeless(e *client.Error) bool { return e.Code == 3001 || e.Code == 404 }

func (zoom) advice(e *client.Error, meeting string) string {
	switch e.Code {
	case 3043:
		return fmt.Sprintf("meeting %s is full: make room, then start again for the rows left open", meeting)
	case 3001:
		return fmt.Sprintf("meeting %s does not exist for this account: check --meeting", meeting)
	case 404:
		return fmt.Sprintf("meeting %s asks for no registration: switch it on, then start again", meeting)
	case 3038:
		return fmt.Sprintf("meeting %s is over", meeting)
	case 4711, 4700:
		return "the app lacks a scope: add it, then start again"
	case 124:
		return "the server takes neither the token nor a new one: check the app"
	}
	if e.Code == 0 && e.Status < 500 && e.Status != http.StatusTooManyRequests {
		return "this does not look like the API: check --url"
	}
	return ""
}

func (z zoom) registrants(ctx context.Context, o *ExportOptions, status string, each func([]listed, int) error) error {
	return z.api.Registrants(ctx, o.Meeting, status, o.Occurrence, func(page []client.Registrant, total int) error {
		rows := make([]listed, len(page))
		for i, r := range page {
			rows[i] = exported(r, status)
		}
		return each(rows, total)
	})
}

func exported(r client.Registrant, status string) listed {
	row := listed{Registrant: roster.Registrant{
		Values: map[roster.Field]string{}, Status: r.Fields["status"], Registered: r.Fields["create_time"],
		ID: r.Fields["id"], JoinURL: r.Fields["join_url"], Answers: map[string]string{},
	}}
	if row.Status == "" {
		row.Status = status
	}
	for _, f := range roster.Fields {
		if value := r.Fields[string(f.Field)]; value != "" {
			row.Values[f.Field] = value
		}
	}
	for _, a := range r.Answers {
		row.answer(a.Title, a.Value)
	}
	return row
}

// answer adds what somebody says to a question; several choices are one answer.
func (l *listed) answer(title, value string) {
	l.titles = append(l.titles, title)
	if value == "" {
		return
	}
	if earlier := l.Answers[title]; earlier != "" {
		value = earlier + ", " + value
	}
	l.Answers[title] = value
}
