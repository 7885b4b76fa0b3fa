package muster

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A UserGroup is a number of an account's users who share settings.
type UserGroup struct {
	Seq       int64 // order of creation
	ID        string
	Account   string
	Name      string
	CreatedAt time.Time
}

// MaxGroups is how many groups an account has at most.
const MaxGroups = 5000

// MaxGroupName is how many characters the name of a group has at most.
const MaxGroupName = 128

// CheckGroupName returns "" if name may be a group's, else the rule that it breaks.
func CheckGroupName(name string) string {
	if n := utf8.RuneCountInString(name); n == 0 || n > MaxGroupName || strings.TrimSpace(name) != name || strings.ContainsFunc(name, misleads) {
		return "must have 1 to 128 characters, without blanks around them and without line breaks and the like"
	}
	return ""
}

// misleads reports whether r shows a text as another one: control characters,
// ends of lines and what turns the direction of writing.
func misleads(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// GroupKey returns the name of a group in the form by which groups are told apart.
func GroupKey(name string) string { return strings.ToLower(name) }

// NoSuchGroup returns the GroupNotFound for an id.
func NoSuchGroup(id string) error {
	return Errorf(GroupNotFound, id, "Group does not exist: %.100s.", id)
}

// MayManageGroup returns nil if a may read and change a group of a.Account,
// its members and its settings: whoever may act for the whole account, and
// the group's own admins, whatever role they have in the account. To make,
// delete and list groups and to appoint admins is the account's alone.
func (a Actor) MayManageGroup(isGroupAdmin bool) error {
	if a.Admin || isGroupAdmin && a.User != "" && a.Account == a.Home {
		return nil
	}
	if a.Lacks != "" {
		return a.NeedsAdmin("This")
	}
	return Errorf(Forbidden, "", "This needs a token for the whole account (a scope that ends in :admin or :master), or of an admin of the group.")
}

// A GroupMember is a user who is in a group.
type GroupMember struct {
	Seq   int64 // order of joining, among those of all groups
	Group string
	User  string // id
	// Primary reports that it is this of the user's groups whose settings hold
	// for them. Who is in any group has one that is.
	Primary bool
	AddedAt time.Time
}

// NoSuchMember returns the GroupMemberNotFound of a user and a group.
func NoSuchMember(group, user string) error {
	return Errorf(GroupMemberNotFound, user, "Group member does not exist: %.100s is not in the group %.100s.", user, group)
}
