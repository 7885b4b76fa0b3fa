package meetings

import (
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"muster/internal/muster"
)

// WriteJSON implements op.Written: a page has up to 300 people.
func (o *registrantsOut) WriteJSON() (body, rest []byte) {
	head, err := json.Marshal(o.Paged)
	if err != nil {
		panic("meetings: the head of a page: " + err.Error()) // numbers, and a token of ours
	}
	return append(head[:len(head)-1], `,"registrants":`...), o.spelled
}

// appendRegistrants appends people as an array of registrantOut, as they stand
// for one occurrence, 0 for the whole, and the end of the object around it.
func (a *API) appendRegistrants(b []byte, people []muster.Registrant, occurrence int64) []byte {
	b = append(b, '[')
	for i := range people {
		if i > 0 {
			b = append(b, ',')
		}
		out := a.spellRegistrant(&people[i], occurrence)
		b = out.appendJSON(b)
	}
	return append(b, ']', '}')
}

// appendJSON appends r as its tags declare it.
func (r *registrantOut) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"id":`...), r.ID)
	b = appendText(append(b, `,"email":`...), r.Email)
	b = appendText(append(b, `,"first_name":`...), r.FirstName)
	b = appendText(append(b, `,"last_name":`...), r.LastName)
	b = appendText(append(b, `,"address":`...), r.Address)
	b = appendText(append(b, `,"city":`...), r.City)
	b = appendText(append(b, `,"country":`...), r.Country)
	b = appendText(append(b, `,"zip":`...), r.Zip)
	b = appendText(append(b, `,"state":`...), r.State)
	b = appendText(append(b, `,"phone":`...), r.Phone)
	b = appendText(append(b, `,"industry":`...), r.Industry)
	b = appendText(append(b, `,"org":`...), r.Org)
	b = appendText(append(b, `,"job_title":`...), r.JobTitle)
	b = appendText(append(b, `,"purchasing_time_frame":`...), r.PurchasingTimeFrame)
	b = appendText(append(b, `,"role_in_purchase_process":`...), r.RoleInPurchaseProcess)
	b = appendText(append(b, `,"no_of_employees":`...), r.NoOfEmployees)
	b = appendText(append(b, `,"comments":`...), r.Comments)
	if r.Language != "" {
		b = appendText(append(b, `,"language":`...), r.Language)
	}
	b = append(b, `,"custom_questions":[`...)
	for i, q := range r.CustomQuestions {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"title":`...), q.Title)
		b = appendText(append(b, `,"value":`...), q.Value)
		b = append(b, '}')
	}
	b = appendText(append(b, `],"status":`...), r.Status)
	b = appendText(append(b, `,"create_time":`...), r.CreateTime)
	if r.JoinURL != "" {
		b = appendText(append(b, `,"join_url":`...), r.JoinURL)
	}
	if r.ParticipantPINCode != 0 {
		b = strconv.AppendInt(append(b, `,"participant_pin_code":`...), r.ParticipantPINCode, 10)
	}
	return append(b, '}')
}

// appendText appends s as a JSON string. Nearly all are plain ASCII.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			b, _ = jsontext.AppendQuote(b, s) // an error tells only that it was not UTF-8, and it is now
			return b
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
