package muster

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// MeetingType is the kind of a meeting, with the API's numbers.
type MeetingType int

// The types that a meeting may be created with.
const (
	Instant          MeetingType = 1
	Scheduled        MeetingType = 2
	RecurringNoFixed MeetingType = 3 // recurring with no fixed time
	Recurring        MeetingType = 8 // recurring with fixed times
)

// Approval says what becomes of a new registration, with the API's numbers.
type Approval int

// The approval types.
const (
	ApproveAutomatically Approval = 0
	ApproveManually      Approval = 1
	NoRegistration       Approval = 2
)

// RegistrationType says what one registration for a series covers, with the API's numbers.
type RegistrationType int

// The registration types. They differ for Recurring meetings only.
const (
	OnceForAll    RegistrationType = 1 // one registration, every occurrence
	EachSeparate  RegistrationType = 2 // one registration per occurrence
	OnceAndChoose RegistrationType = 3 // one registration, chosen occurrences
)

// MeetingState is how far a meeting has got.
type MeetingState string

// The states of a meeting. A deleted meeting can be recovered for a while.
const (
	Waiting MeetingState = "waiting"
	Started MeetingState = "started"
	Ended   MeetingState = "ended"
	Deleted MeetingState = "deleted"
)

// RecoverWithin is how long a deleted meeting can be recovered.
const RecoverWithin = 30 * 24 * time.Hour

// A Meeting is one event that people may register for.
type Meeting struct {
	ID                   int64
	UUID                 string
	Account              string
	Host, Assistant      string // user ids; Assistant is who scheduled for the host, "" if the host did
	Type                 MeetingType
	Topic, Agenda        string
	Start                time.Time     // zero for RecurringNoFixed
	Duration             time.Duration // whole minutes
	Timezone             string        // IANA name
	Recurrence           *Recurrence   // for Recurring and RecurringNoFixed
	Occurrences          []Occurrence  // for Recurring, by start, deleted ones too
	Passcode             string
	PreSchedule          bool
	State                MeetingState
	StateBefore          MeetingState // what a deleted meeting was
	Approval             Approval
	RegistrationType     RegistrationType
	CloseRegistration    bool     // stop registration when the meeting's time is over; the host's settings may decide it
	AlternativeHosts     []string // user ids
	Settings             []byte   // the sparse document of all settings, as JSON
	Kept                 []byte   // what only the Webex dialect knows of it, as JSON
	Questions            Questions
	Tracking             []TrackingField
	CreatedAt, UpdatedAt time.Time
	DeletedAt            time.Time
}

// A TrackingField is a value that an account's reports group meetings by.
type TrackingField struct{ Field, Value string }

// WritableBy returns nil if by may change m, NotHost where by may only know of it.
func (m *Meeting) WritableBy(by Actor) error {
	if m.hostedBy(by) {
		return nil
	}
	return Errorf(NotHost, "", "You are not the host of meeting %d.", m.ID)
}

// ReadableBy returns nil if by may see m, else MeetingNotFound.
func (m *Meeting) ReadableBy(by Actor) error {
	if m.hostedBy(by) {
		return nil
	}
	return NoSuchMeeting(m.ID)
}

func (m *Meeting) hostedBy(by Actor) bool {
	return by.May(m.Host) || by.Account == by.Home && slices.Contains(m.AlternativeHosts, by.User)
}

// StateAt returns m's state at now: an instant meeting that nobody ended is
// over when its duration is.
func (m *Meeting) StateAt(now time.Time) MeetingState {
	if m.State == Started && !now.Before(m.Start.Add(m.Duration)) {
		return Ended
	}
	return m.State
}

// Series reports whether m has occurrences.
func (m *Meeting) Series() bool { return m.Type == Recurring }

// Over reports whether all of m's scheduled time has passed at now. A
// meeting without fixed times is never over by the clock.
func (m *Meeting) Over(now time.Time) bool {
	switch {
	case m.Type == RecurringNoFixed:
		return false
	case m.Series():
		return len(m.Coming(now)) == 0
	default:
		return !now.Before(m.Start.Add(m.Duration))
	}
}

// Coming returns the occurrences of m that are neither deleted nor ended nor over at now.
func (m *Meeting) Coming(now time.Time) []Occurrence {
	var coming []Occurrence
	for _, o := range m.Occurrences {
		if !o.Deleted && !o.Ended && now.Before(o.Start.Add(o.Duration)) {
			coming = append(coming, o)
		}
	}
	return coming
}

// Occurrence returns the occurrence of the given id.
func (m *Meeting) Occurrence(id int64) (*Occurrence, bool) {
	for i := range m.Occurrences {
		if m.Occurrences[i].ID == id {
			return &m.Occurrences[i], true
		}
	}
	return nil, false
}

// CheckDeletable returns MeetingInProgress while m runs.
func (m *Meeting) CheckDeletable(now time.Time) error {
	if m.StateAt(now) == Started {
		return Errorf(MeetingInProgress, "", "Meeting %d is in progress: end it before you delete it.", m.ID)
	}
	return nil
}

// CheckRegistration returns the rule by which m's type and settings cannot
// ask for registration, nil where they can or do not ask.
func (m *Meeting) CheckRegistration(usesPMI bool) error {
	switch {
	case m.Approval == NoRegistration:
		return nil
	case m.Type == RecurringNoFixed:
		return InvalidField("settings.approval_type", "must be 2: a recurring meeting with no fixed time cannot ask for registration")
	case usesPMI:
		return InvalidField("settings.use_pmi", "must be false where approval_type is 0 or 1: a meeting with the personal id cannot ask for registration")
	}
	return nil
}

// AsksForRegistration returns RegistrationOff unless people register for m.
func (m *Meeting) AsksForRegistration() error {
	if m.Approval == NoRegistration {
		return Errorf(RegistrationOff, "", "Registration is not enabled for this meeting: %d.", m.ID)
	}
	return nil
}

// AcceptsAt returns nil if m takes new registrations at now, else
// RegistrationOff or RegistrationClosed. A meeting whose scheduled end has
// passed stays open unless CloseRegistration is set; a series closes with
// its last occurrence.
func (m *Meeting) AcceptsAt(now time.Time) error {
	if err := m.AsksForRegistration(); err != nil {
		return err
	}
	if m.StateAt(now) == Ended || (m.CloseRegistration || m.Series()) && m.Over(now) {
		return Errorf(RegistrationClosed, "", "Meeting %d is over: nobody can register any more.", m.ID)
	}
	return nil
}

// AcceptsBatch returns BatchNotSupported unless m is a scheduled meeting of one date.
func (m *Meeting) AcceptsBatch() error {
	if m.Type == Scheduled {
		return nil
	}
	return Errorf(BatchNotSupported, "", "Batch registration is for scheduled meetings (type 2) only; this meeting has type %d. Register people one by one.", m.Type)
}

// HasOneDate returns OneDateOnly unless m takes place once. Webex registers
// nobody for recurring meetings. [semantics 8.2]
func (m *Meeting) HasOneDate() error {
	if m.Type == Recurring || m.Type == RecurringNoFixed {
		return Errorf(OneDateOnly, "", "Registration does not apply to recurring meetings: meeting %d is one.", m.ID)
	}
	return nil
}

// TakesForm returns OneDateOnly where m would ask for registration and take
// place more than once, which Webex does not know. [semantics 8.2]
func (m *Meeting) TakesForm() error {
	if m.Approval != NoRegistration && m.HasOneDate() != nil {
		return Errorf(OneDateOnly, "", "Registration does not apply to recurring meetings: leave registration or recurrence out.")
	}
	return nil
}

// MaxTags and maxTag bound the tags that integrations put on a meeting, in
// number and in characters. [semantics 8.1]
const (
	MaxTags = 3
	maxTag  = 64
)

// CheckTags returns what is wrong with the tags of integrations.
func CheckTags(tags []string) []Problem {
	if len(tags) > MaxTags {
		return []Problem{{"integrationTags", fmt.Sprintf("must have at most %d elements, not %d", MaxTags, len(tags))}}
	}
	var problems []Problem
	for i, t := range tags {
		if n := utf8.RuneCountInString(t); n == 0 || n > maxTag {
			problems = append(problems, Problem{fmt.Sprintf("integrationTags[%d]", i), fmt.Sprintf("must be 1 to %d characters long", maxTag)})
		}
	}
	return problems
}

// Places returns how many can register for m where any meeting has that many
// places; 0 is no limit.
func (m *Meeting) Places(any int64) int64 {
	if own := m.Questions.MaxRegistrants; own > 0 && (any == 0 || own < any) {
		return own
	}
	return any
}

// ChooseOccurrences returns the occurrences that a registration with the
// given ids covers: none outside a series and under OnceForAll, exactly one
// under EachSeparate, one or more under OnceAndChoose. No ids mean the next
// occurrence. Ids that are unknown, deleted or past are Invalid.
func (m *Meeting) ChooseOccurrences(ids []int64, now time.Time) ([]Occurrence, error) {
	if !m.Series() || m.RegistrationType == OnceForAll {
		return nil, nil
	}
	coming := m.Coming(now)
	if len(ids) == 0 && len(coming) > 0 {
		return coming[:1], nil
	}
	if m.RegistrationType == EachSeparate && len(ids) > 1 {
		return nil, InvalidField("occurrence_ids", "must be one id: registration_type 2 takes one registration per occurrence")
	}
	var chosen []Occurrence
	for _, id := range ids {
		i := slices.IndexFunc(coming, func(o Occurrence) bool { return o.ID == id })
		if i < 0 {
			return nil, InvalidField("occurrence_ids", "must be ids of coming occurrences of this meeting; %d is unknown, deleted or past", id)
		}
		if !slices.ContainsFunc(chosen, func(o Occurrence) bool { return o.ID == id }) {
			chosen = append(chosen, coming[i])
		}
	}
	slices.SortFunc(chosen, func(a, b Occurrence) int { return a.Start.Compare(b.Start) })
	return chosen, nil
}

// NoSuchMeeting returns the MeetingNotFound for a meeting number.
func NoSuchMeeting(id int64) error {
	return Errorf(MeetingNotFound, "", "Meeting does not exist: %d.", id)
}
