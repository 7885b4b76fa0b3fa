package muster

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// An Actor is who asks and what for: an app of one account that acts for one
// of its users, in that account or in a sub account of it.
type Actor struct {
	App     string // client id of the app whose token it is
	Home    string // the account of the app
	User    string // the user the token stands for, in Home
	Account string // the account acted in: Home or a sub account of it
	// Prefixed reports that the request named Account in its path.
	Prefixed bool
	// Admin reports that the token may act for every user of Account; else
	// only for User.
	Admin bool
	// Master reports that the token may act in sub accounts.
	Master bool
	// Role is the role of User, nil where nobody's token is behind it.
	Role *AccountRole
	// Lacks is the privilege for want of which a token with a scope for the whole
	// account is not Admin, "" where it is or has no such scope.
	Lacks string
}

// Me returns the id of the user whom "me" stands for, "" for the owner of
// the account acted in.
func (a Actor) Me() string {
	if a.Account == a.Home {
		return a.User
	}
	return ""
}

// May reports whether a may act for the user of the given id, who is one of a.Account.
func (a Actor) May(user string) bool { return a.Admin || a.Account == a.Home && a.User == user }

// An Account is one tenant. Nothing in it is visible from another, except to
// the parent of a sub account.
type Account struct {
	ID, Parent string // Parent is "" for a primary account
	Name       string
	Owner      string // id of the user who owns it
	CreatedAt  time.Time
	Options    AccountOptions // of a sub account
}

// An App is a server-to-server client of one account.
type App struct {
	ID, Account string // ID is the client id
	Name        string
	Scopes      []string // nil: every scope of the running version
	CreatedAt   time.Time
}

// UserType is a user's licence, with the API's numbers.
type UserType int

// The user types.
const (
	Basic      UserType = 1
	Licensed   UserType = 2
	Unassigned UserType = 4
	NoMeetings UserType = 99
)

// CreateAction says how a user was made, with the API's words.
type CreateAction string

// The ways to create a user.
const (
	ActionCreate     CreateAction = "create"
	ActionAutoCreate CreateAction = "autoCreate"
	ActionCustCreate CreateAction = "custCreate"
	ActionSSOCreate  CreateAction = "ssoCreate"
)

// StartLinkLife is how long a start link works: users made by custCreate never
// sign in to get a new one and have theirs for 90 days. [semantics 1.1]
func (a CreateAction) StartLinkLife() time.Duration {
	if a == ActionCustCreate {
		return 90 * 24 * time.Hour
	}
	return 2 * time.Hour
}

// Role is what a user may do in the account; the numbers are the API's role ids.
type Role string

// The built-in roles.
const (
	RoleOwner  Role = "0"
	RoleAdmin  Role = "1"
	RoleMember Role = "2"
)

// UserStatus is where a user stands.
type UserStatus string

// The user statuses. Muster makes every user active: it has no invitation to accept yet.
const (
	UserActive   UserStatus = "active"
	UserInactive UserStatus = "inactive"
	UserPending  UserStatus = "pending"
)

// A User is one member of an account.
type User struct {
	Seq                  int64 // order of creation
	ID, Account          string
	Email                string
	FirstName, LastName  string
	DisplayName          string
	Type                 UserType
	Status               UserStatus
	Role                 Role
	Action               CreateAction
	PMI                  int64
	Timezone             string // IANA name
	Profile              []byte // what else is told of them, as JSON: see store.Profile
	CreatedAt, UpdatedAt time.Time
}

// MayAskForRegistration returns Forbidden unless u is licensed.
func (u *User) MayAskForRegistration() error {
	if u.Type == Licensed {
		return nil
	}
	return Errorf(Forbidden, u.ID, "Registration needs a Licensed host; this host is a Basic user (only for paid users).")
}

// MayRegister returns HostCannotRegister where email is u's own: a host needs
// no registration for the meeting that they host.
func (u *User) MayRegister(email string) error {
	if EmailKey(email) != EmailKey(u.Email) {
		return nil
	}
	return Errorf(HostCannotRegister, email, "The host cannot register for their own meeting: %s.", email)
}

// EmailKey returns email in the form by which people are told apart: emails
// compare without regard to case.
func EmailKey(email string) string { return strings.ToLower(email) }

// MaxEmail is the length limit of an email in characters.
const MaxEmail = 128

// CheckEmail returns "" if email is one plain address (local part, @, domain
// with a dot or a bare host name), else the rule that it breaks.
func CheckEmail(email string) string {
	switch at := strings.LastIndexByte(email, '@'); {
	case utf8.RuneCountInString(email) > MaxEmail:
		return "must be at most 128 characters long"
	case at <= 0 || at == len(email)-1 || strings.ContainsAny(email, " <>,;:\"()[]\\") || strings.ContainsFunc(email, unprintable) || !validDomain(email[at+1:]):
		return "must be an email address such as name@example.com"
	}
	at := strings.LastIndexByte(email, '@')
	if plainLocal(email[:at]) && !strings.ContainsFunc(email[at:], func(r rune) bool { return r >= utf8.RuneSelf }) {
		return ""
	}
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email {
		return "must be an email address such as name@example.com"
	}
	return ""
}

// plainLocal reports whether a local part is of the kind that nearly all are:
// letters, digits and a few marks, with single dots inside. Any other is for
// net/mail to judge.
func plainLocal(local string) bool {
	dot := true // a dot may not come here
	for i := range len(local) {
		c := local[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '+':
			dot = false
		case c == '.' && !dot:
			dot = true
		default:
			return false
		}
	}
	return !dot
}

// unprintable keeps out what nobody sees: control characters, blanks of any
// kind and marks that turn the direction of writing.
func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// validDomain reports whether d is a host name: labels of letters, digits
// and inner hyphens. Letters of any script pass (internationalised domains).
func validDomain(d string) bool {
	for label := range strings.SplitSeq(d, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if r < 0x80 && !strings.ContainsRune("-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", r) {
				return false
			}
		}
	}
	return true
}
