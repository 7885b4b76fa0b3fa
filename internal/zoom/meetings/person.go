package meetings

import (
	"fmt"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// details is what somebody says of themselves besides the email. The limits
// and enums are page 1's; no_of_employees takes what the original answers,
// too. What has no limit there has one of ours. An edit tells absent (leave
// it) from "" (clear it); to a registration both are nothing said.
type details struct {
	FirstName             wire.Optional[wire.String] `json:"first_name" max:"64"`
	LastName              wire.Optional[wire.String] `json:"last_name" max:"64"`
	Address               wire.Optional[wire.String] `json:"address" max:"2000"`
	City                  wire.Optional[wire.String] `json:"city" max:"2000"`
	Country               wire.Optional[wire.String] `json:"country" max:"2000"`
	Zip                   wire.Optional[wire.String] `json:"zip" max:"2000"`
	State                 wire.Optional[wire.String] `json:"state" max:"2000"`
	Phone                 wire.Optional[wire.String] `json:"phone" max:"2000"`
	Industry              wire.Optional[wire.String] `json:"industry" max:"2000"`
	Org                   wire.Optional[wire.String] `json:"org" max:"2000"`
	JobTitle              wire.Optional[wire.String] `json:"job_title" max:"2000"`
	PurchasingTimeFrame   wire.Optional[wire.String] `json:"purchasing_time_frame" enum:"Within a month|1-3 months|4-6 months|More than 6 months|No timeframe"`
	RoleInPurchaseProcess wire.Optional[wire.String] `json:"role_in_purchase_process" enum:"Decision Maker|Evaluator/Recommender|Influencer|Not involved"`
	NoOfEmployees         wire.Optional[wire.String] `json:"no_of_employees" enum:"1-20|21-50|51-100|101-250|101-500|251-500|500-1,000|501-1,000|1,001-5,000|5,001-10,000|More than 10,000"`
	Comments              wire.Optional[wire.String] `json:"comments" max:"5000"`
	Language              wire.Optional[wire.String] `json:"language" enum:"en-US|de-DE|es-ES|fr-FR|jp-JP|pt-PT|ru-RU|zh-CN|zh-TW|ko-KO|it-IT|vi-VN|pl-PL|Tr-TR" fold:"true"`
	CustomQuestions       wire.Optional[[]answer]    `json:"custom_questions" max:"100"`
}

// texts returns d's texts in the order of muster.Person.Fields, which has
// more at its end than this API.
func (d *details) texts() [16]*wire.Optional[wire.String] {
	return [16]*wire.Optional[wire.String]{
		&d.FirstName, &d.LastName, &d.Address, &d.City, &d.Country, &d.Zip, &d.State, &d.Phone, &d.Industry, &d.Org, &d.JobTitle,
		&d.PurchasingTimeFrame, &d.RoleInPurchaseProcess, &d.NoOfEmployees, &d.Comments, &d.Language,
	}
}

// fields returns what was said, nil for nothing.
func (d *details) fields() (said [muster.PersonFields]*string) {
	for i, t := range d.texts() {
		said[i] = text(*t)
	}
	return said
}

// forgetEmpty makes an empty text nothing said, as a registration takes it:
// so two requests that differ in this only are one. [semantics 11.9]
func (d *details) forgetEmpty() {
	for _, t := range d.texts() {
		if t.Value == "" {
			t.Set = false
		}
	}
}

// person is what a registration says of somebody.
type person struct {
	Email wire.Email `json:"email" rule:"required" max:"128" format:"email"`
	details
}

type answer struct {
	Title wire.String `json:"title" rule:"required" max:"300"`
	Value wire.String `json:"value" max:"128"`
}

// badEmail returns the rule that the email breaks, "" if none or if it is
// missing, which its tag tells.
func (p *person) badEmail() string {
	if p.Email == "" {
		return ""
	}
	return muster.CheckEmail(string(p.Email))
}

// value returns p in the domain's terms.
func (p *person) value() muster.Person {
	v := muster.Person{Email: string(p.Email), Answers: answers(p.CustomQuestions.Value)}
	said := p.fields()
	for i, to := range v.Fields() {
		if said[i] != nil {
			*to = *said[i]
		}
	}
	return v
}

func answers(list []answer) []muster.Answer {
	var v []muster.Answer
	for _, q := range list {
		v = append(v, muster.Answer{Title: string(q.Title), Value: string(q.Value)})
	}
	return v
}

// occurrenceIDs reads the ids of a query.
func occurrenceIDs(list wire.List) ([]int64, error) {
	var ids []int64
	for _, text := range list {
		id, err := zoom.Occurrence("occurrence_ids", wire.String(text))
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// registrantOut is a registrant as lists and single answers have them.
type registrantOut struct {
	ID                    string      `json:"id"`
	Email                 string      `json:"email"`
	FirstName             string      `json:"first_name"`
	LastName              string      `json:"last_name"`
	Address               string      `json:"address"`
	City                  string      `json:"city"`
	Country               string      `json:"country"`
	Zip                   string      `json:"zip"`
	State                 string      `json:"state"`
	Phone                 string      `json:"phone"`
	Industry              string      `json:"industry"`
	Org                   string      `json:"org"`
	JobTitle              string      `json:"job_title"`
	PurchasingTimeFrame   string      `json:"purchasing_time_frame"`
	RoleInPurchaseProcess string      `json:"role_in_purchase_process"`
	NoOfEmployees         string      `json:"no_of_employees"`
	Comments              string      `json:"comments"`
	Language              string      `json:"language,omitempty"`
	CustomQuestions       []answerOut `json:"custom_questions"`
	Status                string      `json:"status"`
	CreateTime            string      `json:"create_time" format:"date-time"`
	JoinURL               string      `json:"join_url,omitempty"`
	ParticipantPINCode    int64       `json:"participant_pin_code,omitzero"`
}

type answerOut struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// spellRegistrant returns r as it stands for one occurrence, 0 for the whole.
func (a *API) spellRegistrant(r *muster.Registrant, occurrence int64) registrantOut {
	p, s := &r.Person, r.At(occurrence)
	out := registrantOut{
		ID: r.ID, Email: p.Email, FirstName: p.FirstName, LastName: p.LastName, Address: p.Address, City: p.City, Country: p.Country, Zip: p.Zip,
		State: p.State, Phone: p.Phone, Industry: p.Industry, Org: p.Org, JobTitle: p.JobTitle, PurchasingTimeFrame: p.PurchasingTimeFrame,
		RoleInPurchaseProcess: p.RoleInPurchaseProcess, NoOfEmployees: p.NoOfEmployees, Comments: p.Comments, Language: p.Language,
		CustomQuestions: make([]answerOut, len(p.Answers)), Status: spellStatus(s), CreateTime: zoom.Time(r.CreatedAt),
		JoinURL: a.personalURL(r, s), ParticipantPINCode: pin(r, s),
	}
	for i, q := range p.Answers {
		out.CustomQuestions[i] = answerOut(q)
	}
	return out
}

// spellStatus hides what the original does not know: cancelled people are
// denied, waitlisted ones pending. [semantics 11.11]
func spellStatus(s muster.Status) string {
	switch s {
	case muster.Cancelled:
		return string(muster.Denied)
	case muster.Waitlisted:
		return string(muster.Pending)
	}
	return string(s)
}

// statuses returns which statuses a word of the list's query stands for.
func statuses(word string) []muster.Status {
	switch word {
	case "pending":
		return []muster.Status{muster.Pending, muster.Waitlisted}
	case "denied":
		return []muster.Status{muster.Denied, muster.Cancelled}
	case "all":
		return muster.Statuses
	}
	return []muster.Status{muster.Approved}
}

// editedPerson is what an edit says of somebody.
type editedPerson struct {
	Email wire.Optional[wire.Email] `json:"email" max:"128" format:"email"`
	details
}

// change returns e in the domain's terms.
func (e *editedPerson) change() (app.PersonChange, error) {
	c := app.PersonChange{Fields: e.fields()}
	if e.Email.Set {
		email := string(e.Email.Value)
		if rule := muster.CheckEmail(email); rule != "" {
			return c, muster.InvalidField("email", "%s", rule)
		}
		c.Email = &email
	}
	if e.CustomQuestions.Set {
		list := answers(e.CustomQuestions.Value)
		c.Answers = &list
	}
	return c, nil
}

// at names a row of a batch as field errors name it.
func at(i int, field string) string {
	return strings.TrimSuffix(fmt.Sprintf("registrants[%d].%s", i, field), ".")
}
