package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"muster/internal/client"
	"muster/internal/roster"
)

// webex is the Webex Meetings API v1.
type webex struct {
	api   client.Webex
	asked []client.WebexQuestion // by the meeting, once questions has read them
}

// webexNames are the API's names of the fields that it has.
var webexNames = map[roster.Field]string{
	roster.Email: "email", roster.FirstName: "firstName", roster.LastName: "lastName", roster.Organization: "companyName", roster.JobTitle: "jobTitle",
	roster.Phone: "workPhone", roster.Fax: "fax", roster.Address: "address1", roster.Address2: "address2", roster.City: "city", roster.State: "state",
	roster.Zip: "zipCode", roster.Country: "countryRegion",
}

func (*webex) name() string              { return "webex" }
func (*webex) size() int                 { return 100 }
func (*webex) longest() int              { return 4000 }
func (*webex) anyTitle() bool            { return false }
func (*webex) knows(f roster.Field) bool { return webexNames[f] != "" }

func (*webex) meeting(text string) (string, error) {
	switch {
	case strings.Contains(text, "_") && seriesID.MatchString(text):
		return "", fmt.Errorf("%q is one date of a series, and registration is for the whole: leave out what begins with _", text)
	case seriesID.MatchString(text):
		return strings.ToLower(text), nil
	case strings.Trim(text, "0123456789- ") == "":
		return "", fmt.Errorf("%q is a meeting number: the Webex dialect wants the id, of 32 digits and letters a to f; for the number leave --dialect out", text)
	}
	return "", fmt.Errorf("%q is no id of a meeting: it has 32 digits and letters a to f, as 560d7b784f5143e3be2fc3064a5c4999", text)
}

var errNoOccurrences = errors.New("the Webex dialect registers for no single dates of a series")

func (*webex) suits(o *ImportOptions) error {
	switch {
	case len(o.Occurrences) > 0:
		return errNoOccurrences
	case o.AutoApprove:
		return errors.New("the Webex dialect approves nobody while it registers: let the meeting's form accept requests, or approve afterwards")
	}
	return nil
}

func (w *webex) questions(ctx context.Context, meeting string) ([]string, error) {
	asked, err := w.api.Questions(ctx, meeting)
	if err != nil {
		return nil, err
	}
	w.asked = asked
	var titles []string
	for _, q := range asked {
		titles = append(titles, q.Title)
	}
	return titles, nil
}

func (w *webex) person(row roster.Row) (client.Person, string) {
	p := make(client.Person, len(row.Values)+1)
	for field, value := range row.Values {
		if name := webexNames[field]; name != "" {
			p[name] = value
		}
	}
	if zip := row.Values[roster.Zip]; zip != "" { // a number, unless a leading zero or a letter would be lost
		if n, err := strconv.ParseInt(zip, 10, 32); err == nil && strconv.FormatInt(n, 10) == zip {
			p["zipCode"] = json.Number(zip)
		}
	}
	var answers []client.WebexAnswer
	for _, a := range row.Answers {
		for _, q := range w.asked {
			if q.Title != a.Title {
				continue
			}
			said, problem := choose(q, a.Value)
			if problem != "" {
				return nil, problem
			}
			answers = append(answers, client.WebexAnswer{Question: q.ID, Answers: said})
		}
	}
	if answers != nil {
		p["customizedQuestions"] = answers
	}
	return p, ""
}

// choose finds the options that a cell names, several with commas or
// semicolons between; a text is its own answer.
func choose(q client.WebexQuestion, cell string) (said []client.WebexOption, problem string) {
	if len(q.Options) == 0 {
		return []client.WebexOption{{Text: cell}}, ""
	}
	words := []string{cell}
	if _, whole := option(q, cell); !whole && q.Several {
		words = strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' })
	}
	for _, word := range words {
		o, ok := option(q, word)
		if !ok {
			var all []string
			for _, o := range q.Options {
				all = append(all, o.Text)
			}
			return nil, fmt.Sprintf("the answer to %q is %q, but must be one of: %s", q.Title, word, strings.Join(all, "; "))
		}
		said = append(said, o)
	}
	return said, ""
}

func option(q client.WebexQuestion, word string) (client.WebexOption, bool) {
	for _, o := range q.Options {
		if strings.EqualFold(strings.TrimSpace(word), strings.TrimSpace(o.Text)) {
			return o, true
		}
	}
	return client.WebexOption{}, false
}

func (w *webex) batch(ctx context.Context, o *ImportOptions, people []client.Person, key string) ([]registration, error) {
	items := make([]client.Person, len(people))
	for i, p := range people {
		items[i] = mailed(p, o)
	}
	answers, err := w.api.BulkInsert(ctx, o.Meeting, items, key)
	if err != nil {
		return nil, err
	}
	out := make([]registration, len(answers))
	for i, a := range answers {
		out[i] = stated(a)
	}
	return out, nil
}

// single registers one person. Where somebody is registered already the API
// refuses; the import wants them registered, which they are.
func (w *webex) single(ctx context.Context, o *ImportOptions, p client.Person, key string) (registration, error) {
	answer, err := w.api.Register(ctx, o.Meeting, mailed(p, o), key)
	if e := client.Refused(err); e == nil || e.Status != http.StatusConflict {
		return stated(answer), err
	}
	email, _ := p["email"].(string) // as person put it there
	known, lookErr := w.api.ByEmail(ctx, o.Meeting, email)
	if lookErr != nil || len(known) != 1 || !strings.EqualFold(known[0].Fields["email"], email) {
		return registration{}, err
	}
	return stated(known[0]), nil
}

// mailed asks for the mail that the option asks for; unless it does, the
// server's default stands.
func mailed(p client.Person, o *ImportOptions) client.Person {
	if !o.ConfirmationEmail {
		return p
	}
	out := client.Person{"sendEmail": true}
	for name, value := range p {
		out[name] = value
	}
	return out
}

// stated reads the status: the API gives no links.
func stated(r client.WebexRegistrant) registration {
	out := registration{id: r.ID, email: r.Fields["email"], outcome: roster.Registered}
	switch r.Fields["status"] {
	case "pending":
		out.outcome = roster.Pending
	case "rejected":
		out.outcome, out.reason = roster.Refused, "rejected, by a rule of the meeting's form or by its host"
	}
	return out
}

// The API has no codes: these words tell what is about the meeting.
var (
	saysFull = regexp.MustCompile(`(?i)\b(capacity|full|maximum|no place)\b`)
	saysOver = regexp.MustCompile(`(?i)\b(is over|has ended|ended|closed)\b`)
	saysOff  = regexp.MustCompile(`(?i)registration is not (enabled|available|open)|does not ask for registration`)
)

// words are all that a refusal says.
func words(e *client.Error) string {
	text := e.Message
	for _, f := range e.Fields {
		text += " " + f.Message
	}
	return text
}

func (*webex) judge(err error) verdict {
	if err == nil {
		return accepted
	}
	e := client.Refused(err)
	if e == nil || e.TokenError || e.Location != "" || e.Status >= 500 {
		return halted
	}
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone,
		http.StatusUnsupportedMediaType, http.StatusLocked:
		return halted
	case http.StatusConflict:
		switch text := words(e); {
		case saysFull.MatchString(text):
			return full
		case saysOver.MatchString(text):
			return halted
		}
	case http.StatusTooManyRequests:
		if strings.Contains(e.Message, "@") { // about one person
			return limited
		}
		return halted
	}
	for _, f := range e.Fields {
		if f.Name == "meetingId" || f.Name == "hostEmail" || saysOff.MatchString(f.Message) {
			return halted
		}
	}
	return refused
}

func (*webex) hopeless(e *client.Error) bool {
	return e.Status == http.StatusBadRequest || e.Status == http.StatusNotFound || e.Status == http.StatusGone
}

func (*webex) advice(e *client.Error, meeting string) string {
	text := words(e)
	switch {
	case e.Status == http.StatusConflict && saysFull.MatchString(text):
		return fmt.Sprintf("meeting %s is full: make room, then start again for the rows left open", meeting)
	case e.Status == http.StatusConflict && saysOver.MatchString(text):
		return fmt.Sprintf("meeting %s is over", meeting)
	case e.Status == http.StatusBadRequest && saysOff.MatchString(text):
		return fmt.Sprintf("meeting %s asks for no registration: give it a form, then start again", meeting)
	case e.Status == http.StatusGone:
		return fmt.Sprintf("meeting %s was deleted", meeting)
	case e.Status == http.StatusNotFound && e.Tracking == "":
		return "this does not look like the API: check --url"
	case e.Status == http.StatusNotFound:
		return fmt.Sprintf("meeting %s does not exist for this account: check --meeting", meeting)
	case e.Status == http.StatusForbidden:
		return "the app lacks a scope or may not change this meeting: look at what the server says, then start again"
	case e.Status == http.StatusUnauthorized:
		return "the server takes neither the token nor a new one: check the app"
	case e.Status == http.StatusLocked:
		return "an earlier request still runs: start again in a while"
	}
	return ""
}

func (w *webex) registrants(ctx context.Context, o *ExportOptions, status string, each func([]listed, int) error) error {
	if o.Occurrence != "" {
		return errNoOccurrences
	}
	if status == "denied" {
		status = "rejected"
	}
	done := 0
	return w.api.Registrants(ctx, o.Meeting, status, func(page []client.WebexRegistrant) error {
		rows := make([]listed, len(page))
		for i, r := range page {
			rows[i] = w.listed(r)
		}
		done += len(page) // the API does not say how many there are
		return each(rows, done)
	})
}

func (w *webex) listed(r client.WebexRegistrant) listed {
	row := listed{Registrant: roster.Registrant{
		Values: map[roster.Field]string{}, Status: r.Fields["status"], Registered: r.Fields["registrationTime"], ID: r.ID, Answers: map[string]string{},
	}}
	for field, name := range webexNames {
		if value := r.Fields[name]; value != "" {
			row.Values[field] = value
		}
	}
	for _, a := range r.Answers {
		for _, q := range w.asked {
			if q.ID != a.Question {
				continue
			}
			for _, o := range a.Answers {
				row.answer(q.Title, o.Text)
			}
		}
	}
	return row
}
