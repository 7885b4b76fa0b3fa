package webex

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"muster/internal/muster"
	"muster/internal/wire"
)

// person is what a registration says of somebody. The published limits are of
// no field; these are ours.
type person struct {
	FirstName           wire.String      `json:"firstName" rule:"required" max:"64"`
	LastName            wire.String      `json:"lastName" rule:"required" max:"64"`
	Email               wire.Email       `json:"email" rule:"required" max:"128" format:"email"`
	SendEmail           wire.Bool        `json:"sendEmail" doc:"Taken and without effect: Muster sends no mail yet."`
	JobTitle            wire.String      `json:"jobTitle" max:"2000"`
	CompanyName         wire.String      `json:"companyName" max:"2000"`
	Address1            wire.String      `json:"address1" max:"2000"`
	Address2            wire.String      `json:"address2" max:"2000"`
	City                wire.String      `json:"city" max:"2000"`
	State               wire.String      `json:"state" max:"2000"`
	ZipCode             wire.String      `json:"zipCode" max:"2000" doc:"A number or a text."`
	CountryRegion       wire.String      `json:"countryRegion" max:"2000"`
	WorkPhone           wire.String      `json:"workPhone" max:"2000"`
	Fax                 wire.String      `json:"fax" max:"2000"`
	CustomizedQuestions []numberedAnswer `json:"customizedQuestions" max:"100"`
}

type numberedAnswer struct {
	QuestionID wire.Int         `json:"questionId" rule:"required"`
	Answers    []numberedOption `json:"answers" max:"100"`
}

type numberedOption struct {
	OptionID wire.Int    `json:"optionId"`
	Answer   wire.String `json:"answer" max:"4000"`
}

// badEmail returns the rule that the email breaks, "" if none or if it is
// missing, which its tag tells.
func (p *person) badEmail() string {
	if p.Email == "" {
		return ""
	}
	return muster.CheckEmail(string(p.Email))
}

// value returns p in the domain's terms, answers to custom questions apart.
func (p *person) value() muster.Person {
	return muster.Person{
		Email: string(p.Email), FirstName: string(p.FirstName), LastName: string(p.LastName), JobTitle: string(p.JobTitle), Org: string(p.CompanyName),
		Address: string(p.Address1), Address2: string(p.Address2), City: string(p.City), State: string(p.State), Zip: string(p.ZipCode),
		Country: string(p.CountryRegion), Phone: string(p.WorkPhone), Fax: string(p.Fax),
	}
}

func (p *person) numbered() []muster.NumberedAnswer {
	var all []muster.NumberedAnswer
	for _, q := range p.CustomizedQuestions {
		a := muster.NumberedAnswer{Question: int64(q.QuestionID)}
		for _, o := range q.Answers {
			a.Said = append(a.Said, muster.NumberedOption{Option: int64(o.OptionID), Text: string(o.Answer)})
		}
		all = append(all, a)
	}
	return all
}

// A registrantOut is a registrant as every answer has them. Page 3 calls the
// id registrantId, newer descriptions id: both are there. [semantics 8.3]
type registrantOut struct {
	ID                  string         `json:"id"`
	RegistrantID        string         `json:"registrantId"`
	Status              string         `json:"status" enum:"approved|pending|rejected"`
	FirstName           string         `json:"firstName"`
	LastName            string         `json:"lastName"`
	Email               string         `json:"email"`
	JobTitle            string         `json:"jobTitle,omitempty"`
	CompanyName         string         `json:"companyName,omitempty"`
	Address1            string         `json:"address1,omitempty"`
	Address2            string         `json:"address2,omitempty"`
	City                string         `json:"city,omitempty"`
	State               string         `json:"state,omitempty"`
	ZipCode             jsontext.Value `json:"zipCode,omitempty"`
	CountryRegion       string         `json:"countryRegion,omitempty"`
	WorkPhone           string         `json:"workPhone,omitempty"`
	Fax                 string         `json:"fax,omitempty"`
	RegistrationTime    string         `json:"registrationTime" format:"date-time"`
	CustomizedQuestions []answerOut    `json:"customizedQuestions,omitempty"`
}

type answerOut struct {
	QuestionID int64       `json:"questionId"`
	Answers    []optionOut `json:"answers"`
}

type optionOut struct {
	OptionID int64  `json:"optionId,omitzero"`
	Answer   string `json:"answer"`
}

func spellRegistrants(m *muster.Meeting, people []muster.Registrant) []registrantOut {
	out := make([]registrantOut, len(people))
	for i := range people {
		out[i] = spellRegistrant(m, &people[i])
	}
	return out
}

func spellRegistrant(m *muster.Meeting, r *muster.Registrant) registrantOut {
	p := &r.Person
	return registrantOut{
		ID: r.ID, RegistrantID: r.ID, Status: spellStatus(r.Status), FirstName: p.FirstName, LastName: p.LastName, Email: p.Email,
		JobTitle: p.JobTitle, CompanyName: p.Org, Address1: p.Address, Address2: p.Address2, City: p.City, State: p.State,
		ZipCode: zipCode(p.Zip), CountryRegion: p.Country, WorkPhone: p.Phone, Fax: p.Fax,
		RegistrationTime: instant(r.CreatedAt, zoneOf(m)), CustomizedQuestions: spellAnswers(&m.Questions, p),
	}
}

// spellStatus spells a status: this API knows three. [semantics 11.11]
func spellStatus(s muster.Status) string {
	switch s {
	case muster.Approved:
		return "approved"
	case muster.Denied, muster.Cancelled:
		return "rejected"
	}
	return "pending"
}

// statuses returns the statuses that a filter stands for; "" is all.
func statuses(text string) []muster.Status {
	var list []muster.Status
	for _, s := range muster.Statuses {
		if text == "" || spellStatus(s) == text {
			list = append(list, s)
		}
	}
	return list
}

// zipCode is a number where nothing is lost by it, as page 3 has it, else a
// text, "" none.
func zipCode(zip string) jsontext.Value {
	if zip == "" {
		return nil
	}
	if n, err := strconv.ParseInt(zip, 10, 64); err == nil && n >= 0 && n < 1<<53 && strconv.FormatInt(n, 10) == zip {
		return jsontext.Value(zip)
	}
	text, err := jsontext.AppendQuote(nil, zip)
	if err != nil { // what is stored is UTF-8
		return jsontext.Value(`""`)
	}
	return text
}

// spellAnswers spells the answers to the questions that the form asks now.
func spellAnswers(q *muster.Questions, p *muster.Person) []answerOut {
	var out []answerOut
	for i := range q.Custom {
		c := &q.Custom[i]
		said := p.AnswerTo(c.Title)
		if said == "" {
			continue
		}
		a := answerOut{QuestionID: c.ID}
		for _, o := range c.Chosen(said) {
			a.Answers = append(a.Answers, optionOut{int64(o) + 1, c.Answers[o]})
		}
		if a.Answers == nil {
			a.Answers = []optionOut{{0, said}}
		}
		out = append(out, a)
	}
	return out
}

// itemAt names a field of a row.
func itemAt(i int, field string) string { return "items[" + strconv.Itoa(i) + "]." + field }

// itemOf returns the row that a field's path leads into.
func itemOf(path string) (int, bool) {
	rest, ok := strings.CutPrefix(path, "items[")
	digits, _, closed := strings.Cut(rest, "]")
	i, err := strconv.Atoi(digits)
	return i, ok && closed && err == nil
}
