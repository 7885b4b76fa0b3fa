package muster

import (
	"maps"
	"slices"
	"time"
)

// Status is where a registration stands.
type Status string

// The statuses. On Zoom's wire Cancelled is listed under denied and
// Waitlisted under pending.
const (
	Pending    Status = "pending"
	Approved   Status = "approved"
	Denied     Status = "denied"
	Cancelled  Status = "cancelled"
	Waitlisted Status = "waitlisted"
)

// Statuses lists every Status, the best for the registrant first.
var Statuses = []Status{Approved, Pending, Waitlisted, Cancelled, Denied}

// TakesPlace reports whether a registration in s holds one of the places.
// Pending people hold theirs, so that approving them needs no second one.
func (s Status) TakesPlace() bool { return s == Pending || s == Approved }

// LetsIn reports whether a registration in s has a link and a code that work.
func (s Status) LetsIn() bool { return s == Approved }

// Best returns the best status of a registration that stands differently for
// several occurrences: approved before pending before cancelled before denied.
func Best(of []Status) Status {
	for _, s := range Statuses {
		for _, t := range of {
			if s == t {
				return s
			}
		}
	}
	return Denied
}

// An Action is what a host does with registrations, with the API's words.
type Action string

// The actions.
const (
	Approve Action = "approve"
	Deny    Action = "deny"
	Cancel  Action = "cancel"
	Return  Action = "return" // to who waits for approval; Webex calls it cancel [semantics 8.3]
)

// After returns the status of a registration in s after action: approval
// brings everybody in, denial bars everybody, a return lets everybody wait
// again, and only who is not out already can be cancelled.
func (s Status) After(action Action) Status {
	switch action {
	case Approve:
		return Approved
	case Deny:
		return Denied
	case Return:
		return Pending
	case Cancel:
		if s == Denied {
			return Denied
		}
		return Cancelled
	}
	return s
}

// An Answer is what a person said to a custom question, which it names by its title.
type Answer struct{ Title, Value string }

// A Person is what somebody says about themselves when they register. An
// empty field was not given.
type Person struct {
	Email                 string
	FirstName, LastName   string
	Address, City         string
	Country, Zip, State   string
	Phone                 string
	Industry, Org         string
	JobTitle              string
	PurchasingTimeFrame   string
	RoleInPurchaseProcess string
	NoOfEmployees         string
	Comments              string
	Language              string
	Address2, Fax         string
	Answers               []Answer
}

// PersonFields is how many texts a Person has besides the email.
const PersonFields = 18

// Fields returns pointers to p's text fields other than the email, always in
// the same order.
func (p *Person) Fields() [PersonFields]*string {
	return [PersonFields]*string{
		&p.FirstName, &p.LastName, &p.Address, &p.City, &p.Country, &p.Zip, &p.State, &p.Phone, &p.Industry, &p.Org,
		&p.JobTitle, &p.PurchasingTimeFrame, &p.RoleInPurchaseProcess, &p.NoOfEmployees, &p.Comments, &p.Language, &p.Address2, &p.Fax,
	}
}

// Update replaces the fields of p that q gives; what q leaves out stays.
// Answers are replaced one by one, by title.
func (p *Person) Update(q Person) {
	if q.Email != "" {
		p.Email = q.Email
	}
	mine, theirs := p.Fields(), q.Fields()
	for i, f := range theirs {
		if *f != "" {
			*mine[i] = *f
		}
	}
	for _, a := range q.Answers {
		p.answer(a)
	}
}

func (p *Person) answer(a Answer) {
	for i := range p.Answers {
		if p.Answers[i].Title == a.Title {
			answers := append([]Answer(nil), p.Answers...) // p may share them with what was loaded
			answers[i] = a
			p.Answers = answers
			return
		}
	}
	p.Answers = append(p.Answers[:len(p.Answers):len(p.Answers)], a)
}

// CheckAnswers returns Invalid where p has more answers than a form can have
// questions: answers to questions that are not asked are kept, but not
// without end.
func (p *Person) CheckAnswers() error {
	if len(p.Answers) > MaxQuestions {
		return InvalidField("custom_questions", "must be at most %d answers, together with those given before", MaxQuestions)
	}
	return nil
}

// Equal reports whether p and q say the same.
func (p Person) Equal(q Person) bool {
	if p.Email != q.Email || len(p.Answers) != len(q.Answers) {
		return false
	}
	a, b := p.Fields(), q.Fields()
	for i := range a {
		if *a[i] != *b[i] {
			return false
		}
	}
	for i := range p.Answers {
		if p.Answers[i] != q.Answers[i] {
			return false
		}
	}
	return true
}

// A Registrant is one person's registration for one meeting or, under
// EachSeparate, for one occurrence of it.
type Registrant struct {
	Seq         int64 // order of registration
	ID          string
	Meeting     int64
	Slot        int64 // the occurrence id under EachSeparate, else 0
	Person      Person
	Status      Status // under OnceAndChoose the best of the chosen occurrences'
	Choices     []Choice
	LinkVersion int
	PIN         int64
	CreatedAt   time.Time
}

// A Choice is one occurrence that a registrant chose under OnceAndChoose.
type Choice struct {
	Occurrence int64
	Status     Status
}

// At returns how r stands for one occurrence, 0 for the whole.
func (r *Registrant) At(occurrence int64) Status {
	for _, c := range r.Choices {
		if c.Occurrence == occurrence {
			return c.Status
		}
	}
	return r.Status
}

// AtBest returns how r stands for the best of some occurrences, for the whole
// where there are none.
func (r *Registrant) AtBest(occurrences []Occurrence) Status {
	if len(occurrences) == 0 {
		return r.Status
	}
	all := make([]Status, len(occurrences))
	for i, o := range occurrences {
		all[i] = r.At(o.ID)
	}
	return Best(all)
}

// Covers reports whether r is registered for the occurrence.
func (r *Registrant) Covers(occurrence int64) bool {
	if r.Slot != 0 {
		return r.Slot == occurrence
	}
	if len(r.Choices) == 0 {
		return true // for the whole series
	}
	for _, c := range r.Choices {
		if c.Occurrence == occurrence {
			return true
		}
	}
	return false
}

// Set gives r the status for one of its occurrences, 0 for all of them.
func (r *Registrant) Set(occurrence int64, change func(Status) Status) {
	if len(r.Choices) == 0 {
		r.Status = change(r.Status)
		return
	}
	choices := slices.Clone(r.Choices)
	for i := range choices {
		if occurrence == 0 || choices[i].Occurrence == occurrence {
			choices[i].Status = change(choices[i].Status)
		}
	}
	r.Choose(choices)
}

// Choose gives r the choices, one or more, and the best of their statuses.
func (r *Registrant) Choose(choices []Choice) {
	all := make([]Status, len(choices))
	for i, c := range choices {
		all[i] = c.Status
	}
	r.Choices, r.Status = choices, Best(all)
}

// Without returns r without one of its occurrences, 0 for all: nil where
// nothing of it is left.
func (r *Registrant) Without(occurrence int64) *Registrant {
	left := slices.DeleteFunc(slices.Clone(r.Choices), func(c Choice) bool { return c.Occurrence == occurrence })
	if occurrence == 0 || len(left) == 0 {
		return nil
	}
	after := *r
	after.Choose(left)
	return &after
}

// A Tally counts registrations by status, of a meeting or of one occurrence.
type Tally struct {
	Pending, Approved, Denied, Cancelled, Waitlisted int64
}

// Of returns the field of t that counts s.
func (t *Tally) Of(s Status) *int64 {
	switch s {
	case Pending:
		return &t.Pending
	case Approved:
		return &t.Approved
	case Denied:
		return &t.Denied
	case Cancelled:
		return &t.Cancelled
	default:
		return &t.Waitlisted
	}
}

// Places returns how many places t stands for.
func (t Tally) Places() int64 { return t.Pending + t.Approved }

// Tallies are changes of tallies by occurrence; 0 stands for the meeting.
type Tallies map[int64]*Tally

// Move counts r as it was before (nil: not there) and is after (nil: gone).
func (t Tallies) Move(before, after *Registrant) {
	t.add(before, -1)
	t.add(after, 1)
}

func (t Tallies) add(r *Registrant, n int64) {
	if r == nil {
		return
	}
	*t.at(0).Of(r.Status) += n
	if r.Slot != 0 {
		*t.at(r.Slot).Of(r.Status) += n
	}
	for _, c := range r.Choices {
		*t.at(c.Occurrence).Of(c.Status) += n
	}
}

func (t Tallies) at(occurrence int64) *Tally {
	if t[occurrence] == nil {
		t[occurrence] = new(Tally)
	}
	return t[occurrence]
}

// LimitedPlaces reports whether the ceiling of places is that of the tally
// for the occurrence: in a series whose people choose occurrences each
// occurrence has its own, else the meeting has one.
func (m *Meeting) LimitedPlaces(occurrence int64) bool {
	return (occurrence != 0) == (m.Series() && m.RegistrationType != OnceForAll)
}

// NoPlaceLeft returns the Full error of m.
func (m *Meeting) NoPlaceLeft(email string) error {
	return Errorf(Full, email, "Meeting %d has reached its maximum attendee capacity.", m.ID)
}

// NoSuchRegistrant returns the RegistrantNotFound for an id or email.
func NoSuchRegistrant(who string) error {
	return Errorf(RegistrantNotFound, who, "Registrant does not exist: %s.", who)
}

// Occurrences returns the keys of t in ascending order: the order in which
// every writer takes them.
func (t Tallies) Occurrences() []int64 { return slices.Sorted(maps.Keys(t)) }

// Slots returns the slots that registrations of m may be in: its occurrences
// under EachSeparate, else only 0.
func (m *Meeting) Slots() []int64 {
	if !m.Series() || m.RegistrationType != EachSeparate {
		return []int64{0}
	}
	slots := make([]int64, 0, len(m.Occurrences)+1)
	for _, o := range m.Occurrences {
		slots = append(slots, o.ID)
	}
	return append(slots, 0)
}
