package muster

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Profile is what a user's entry tells besides: text that nobody searches.
type Profile struct {
	Company, Dept, JobTitle, CostCenter string
	Location, Manager, Language         string
	Pronouns                            string
	PronounsOption                      int // 0: never said
	AboutMe, LinkedIn                   string
	HostKey, CMSUser                    string
	UsePMI                              bool
	Phones                              []Phone
	Attributes                          []Attribute
}

// A Phone is one number of a user.
type Phone struct{ Country, Code, Number, Label string }

// An Attribute is a value of a field that an account made for its users.
type Attribute struct{ Key, Name, Value string }

var (
	hyperlink = regexp.MustCompile(`(?i)https?://|www\.|<[a-z/!]`)
	digits    = regexp.MustCompile(`^[0-9]+$`)
)

// Check returns what is wrong with p.
func (p *Profile) Check() []Problem {
	var ps []Problem
	if hyperlink.MatchString(p.AboutMe) {
		ps = append(ps, Problem{"about_me", "must have neither links nor HTML in it"})
	}
	if p.LinkedIn != "" && !strings.Contains(strings.ToLower(p.LinkedIn), "linkedin.com") {
		ps = append(ps, Problem{"linkedin_url", "must contain linkedin.com"})
	}
	if n := len(p.HostKey); p.HostKey != "" && (n < 6 || n > 10 || !digits.MatchString(p.HostKey)) {
		ps = append(ps, Problem{"host_key", "must be 6 to 10 digits"})
	}
	return ps
}

// Deactivated reports whether u was switched off.
func (u *User) Deactivated() bool { return u.Status == UserInactive }

// Administers reports whether u is the owner or an administrator of the
// account by one of the built-in roles: nobody switches them off or out.
func (u *User) Administers() bool { return u.Role == RoleOwner || u.Role == RoleAdmin }

// MayHoldMeetings returns HostingNotAllowed where u's type has no meetings licence.
func (u *User) MayHoldMeetings() error {
	if u.Type == Basic || u.Type == Licensed {
		return nil
	}
	return Errorf(HostingNotAllowed, u.ID, "The user type %d cannot host or schedule meetings.", u.Type)
}

// MayHost returns HostingNotAllowed where u's type has no meetings licence or
// u was deactivated.
func (u *User) MayHost() error {
	if u.Deactivated() {
		return Errorf(HostingNotAllowed, u.ID, "The user is deactivated and cannot host or schedule meetings.")
	}
	return u.MayHoldMeetings()
}

// MayBeDeactivated returns Forbidden where u administers the account.
func (u *User) MayBeDeactivated() error {
	if u.Administers() {
		return Errorf(Forbidden, u.ID, "The status of the owner and of administrators cannot be changed.")
	}
	return nil
}

// MayLeave returns why u cannot be deleted, or for leave disassociated:
// Forbidden for the owner, AdministratorKept for administrators who would
// leave with all they have.
func (u *User) MayLeave(leave bool) error {
	switch {
	case u.Role == RoleOwner && !leave:
		return Errorf(Forbidden, u.ID, "The owner of the account cannot be deleted: make somebody else the owner first.")
	case u.Administers() && leave:
		return Errorf(AdministratorKept, u.ID, "The owner and administrators cannot be disassociated.")
	}
	return nil
}

// MayTake returns an Invalid error about field unless u may take over the
// meetings of from; licensed says that one of them asks for registration.
func (u *User) MayTake(field string, from *User, registration bool) error {
	switch {
	case u.ID == from.ID:
		return InvalidField(field, "must not be the email of the user who goes")
	case u.MayHost() != nil:
		return InvalidField(field, "must be the email of an active user who can host meetings")
	case registration && u.Type != Licensed:
		return InvalidField(field, "must be the email of a Licensed user: some of the meetings ask for registration")
	}
	return nil
}

// MaxAssistants is how many may schedule for one user, and for how many one
// may schedule.
const MaxAssistants = 30

// MayAssign returns Forbidden unless u may let assistant schedule for them.
func (u *User) MayAssign(assistant *User) error {
	switch {
	case u.ID == assistant.ID:
		return Errorf(Forbidden, u.ID, "Nobody can be their own assistant.")
	case u.Type != Licensed:
		return Errorf(Forbidden, u.ID, "The user must be Licensed to have assistants: %s.", u.ID)
	case assistant.Type != Licensed:
		return Errorf(Forbidden, assistant.ID, "An assistant must be a Licensed user: %s.", assistant.Email)
	}
	return nil
}

// PersonalNumber bounds personal meeting numbers: ten digits.
const (
	minPersonalNumber = 1_000_000_000
	maxPersonalNumber = 9_999_999_999
)

// MayHaveNumber returns nil where u may be given the personal meeting number,
// else why not: Forbidden without a meetings licence, PaidHostNeeded for Basic
// users, Invalid for what is no such number.
func (u *User) MayHaveNumber(pmi int64) error {
	switch {
	case u.MayHoldMeetings() != nil:
		return Errorf(Forbidden, u.ID, "The personal meeting number of a user without a meetings licence cannot be changed.")
	case u.Type != Licensed:
		return Errorf(PaidHostNeeded, u.ID, "The personal meeting number of a Basic user cannot be changed: the host is not a paid user.")
	case pmi < minPersonalNumber || pmi > maxPersonalNumber:
		return InvalidField("pmi", "must be a number of ten digits that does not begin with 0")
	}
	return nil
}

// DisplayNameOf is what a user is called who has said nothing else.
func DisplayNameOf(first, last string) string { return strings.TrimSpace(first + " " + last) }

// Features are those of a user's features that not every user can have switched
// on, or not together.
type Features struct {
	LargeMeeting, Webinar, Events, Concurrent bool // for Licensed users
	Whiteboard, WhiteboardPlus                bool
}

// MayHaveFeatures returns why u cannot have the features that are asked for,
// where all are those that are on then. What was on stays where u's type changes.
func (u *User) MayHaveFeatures(asked, all Features) error {
	for _, f := range []struct {
		asked bool
		code  Code
		what  string
	}{
		{asked.LargeMeeting, UserTypeUnfit, "Large meetings are for Licensed users only."},
		{asked.Webinar, WebinarUnfit, "Webinars are for Licensed users only."},
		{asked.Events, EventsUnfit, "Events are for Licensed users only."},
		{asked.Concurrent, ConcurrentUnfit, "Concurrent meetings are for Licensed users only."},
	} {
		if f.asked && u.Type != Licensed {
			return Errorf(f.code, u.ID, "%s", f.what)
		}
	}
	switch {
	case all.Events && all.Webinar:
		return Errorf(EventsOverWebinar, u.ID, "Events and webinars cannot both be switched on.")
	case all.Whiteboard && all.WhiteboardPlus:
		return Errorf(TwoWhiteboards, u.ID, "Both kinds of whiteboard cannot be switched on at the same time.")
	}
	return nil
}

// short reports whether a text has fewer than n characters.
func short(text string, n int) bool { return utf8.RuneCountInString(text) < n }

// MayHavePassword returns why u's password cannot be changed by the API:
// AdministratorKept for the owner and administrators, PasswordNotKept for who
// signs in elsewhere or not at all.
func (u *User) MayHavePassword() error {
	switch {
	case u.Administers():
		return Errorf(AdministratorKept, u.ID, "The password of the owner and of administrators cannot be changed here.")
	case u.Action == ActionCustCreate || u.Action == ActionSSOCreate:
		return Errorf(PasswordNotKept, u.ID, "The user was made by %s and has no password here.", u.Action)
	}
	return nil
}
