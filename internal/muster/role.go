package muster

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// SubReach says how a role's members manage the sub accounts of their account.
type SubReach int64

// The ways to manage sub accounts; 0 is as SubSpecified.
const (
	SubAsOwner   SubReach = 1 // as their owner
	SubSame      SubReach = 2 // with the privileges of the own account
	SubSpecified SubReach = 3 // their settings only, where the role has SubAccount
)

// An AccountRole is a role with what it lets its members do.
type AccountRole struct {
	Seq         int64 // order of creation
	ID          Role
	Account     string // "" of a built-in role
	Name        string
	Description string
	Privileges  Privileges
	SubAccounts SubReach // 0 where nothing was said
	CreatedAt   time.Time
}

// BuiltInRoles returns the roles that every account has: Owner, Admin and
// Member. They cannot be changed.
func BuiltInRoles() []AccountRole {
	admin := allPrivileges
	for _, p := range []Privilege{
		{OwnersOnly, false},
		{OwnersOnly, true},
		{"BillingSubscription", true},
		{"BillingInformation", true},
	} {
		admin = admin.without(p)
	}
	return []AccountRole{
		{ID: RoleOwner, Name: "Owner", Description: "Owns the account and may do everything in it.", Privileges: allPrivileges, SubAccounts: SubAsOwner},
		{ID: RoleAdmin, Name: "Admin", Description: "Administers the account: all but billing and who owns it.", Privileges: admin, SubAccounts: SubSame},
		{ID: RoleMember, Name: "Member", Description: "Has meetings of their own and administers nothing."},
	}
}

// BuiltIn returns the built-in role of an id, nil where it is none.
func BuiltIn(id Role) *AccountRole {
	for _, r := range BuiltInRoles() {
		if r.ID == id {
			return &r
		}
	}
	return nil
}

// In returns what r's members may do in their own account, or in its sub accounts.
func (r *AccountRole) In(sub bool) Privileges {
	switch {
	case !sub || r.SubAccounts == SubSame:
		return r.Privileges
	case r.SubAccounts == SubAsOwner:
		return allPrivileges
	}
	var p Privileges
	for _, edit := range []bool{false, true} {
		if !r.Privileges.Has(Privilege{"SubAccount", edit}) {
			continue
		}
		for _, area := range []string{"SubAccount", "AccountProfile", "AccountSetting"} {
			p = p.with(Privilege{area, edit})
		}
	}
	return p
}

// MaxRoles is how many roles of its own an account has at most.
const MaxRoles = 500

// CheckRoleName returns "" if name may be a role's, else the rule that it breaks.
func CheckRoleName(name string) string {
	if n := utf8.RuneCountInString(name); n == 0 || n > 128 || strings.TrimSpace(name) != name || strings.ContainsFunc(name, misleads) {
		return "must have 1 to 128 characters, without blanks around them and without line breaks and the like"
	}
	return ""
}

// RoleKey returns the name of a role in the form by which roles are told apart.
func RoleKey(name string) string { return strings.ToLower(name) }

// NoSuchRole returns the RoleNotFound for an id.
func NoSuchRole(id Role) error {
	return Errorf(RoleNotFound, string(id), "Role does not exist: %.100s.", id)
}

// MayGive returns nil if a may make somebody a member of r, or no longer one,
// else Forbidden: nobody gives or takes what they do not have themselves.
func (a Actor) MayGive(r *AccountRole) error {
	if a.Role == nil {
		return a.NeedsAdmin("This")
	}
	sub := a.Account != a.Home
	beyond := a.Role.In(sub).Beyond(r.Privileges)
	if len(beyond) == 0 {
		beyond = a.Role.In(true).Beyond(r.In(true))
	}
	if more := len(beyond) - 5; more > 0 {
		beyond = append(beyond[:5], fmt.Sprintf("and %d more", more))
	}
	if len(beyond) > 0 {
		return Errorf(Forbidden, string(r.ID), "Your role does not have all the privileges of the role %s: %s.", r.Name, strings.Join(beyond, ", "))
	}
	return nil
}

// Edits reports whether a may change things of the area that are a user's, who
// is one of a.Account; "" is nobody's: what is one's own, and what a's role has
// the privilege for.
func (a Actor) Edits(area, user string) bool {
	own := user != "" && a.User == user && a.Account == a.Home
	return own || a.Role == nil || a.Role.In(a.Account != a.Home).Has(Privilege{Area: area, Edit: true})
}

// NeedsAdmin returns Forbidden unless a may act for the whole account, which
// doing needs: the beginning of a sentence, such as "Creating users".
func (a Actor) NeedsAdmin(doing string) error {
	switch {
	case a.Admin:
		return nil
	case a.Lacks != "":
		return Errorf(Forbidden, "", "Your role %s does not have the privilege %s.", a.Role.Name, a.Lacks)
	}
	return Errorf(Forbidden, "", "%s needs a token for the whole account (a scope that ends in :admin or :master).", doing)
}

// NeedsMaster returns Forbidden unless a may act for the whole account and in
// its sub accounts, which doing needs: the beginning of a sentence, as of
// NeedsAdmin.
func (a Actor) NeedsMaster(doing string) error {
	if err := a.NeedsAdmin(doing); err != nil || a.Master {
		return err
	}
	return Errorf(Forbidden, "", "%s needs a token for sub accounts (a scope that ends in :master), and a role that may do it there.", doing)
}
