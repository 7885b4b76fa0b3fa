package muster

// The words for who pays for a sub account.
const (
	PayMaster = "master"
	PaySub    = "sub"
)

// AccountOptions are what a parent says of a sub account. They are kept for
// clients: nothing is shared and nothing is paid for.
type AccountOptions struct {
	ShareRooms, ShareMeetings         bool     // connectors of the parent may be used
	RoomConnectors, MeetingConnectors []string // which ones; none means all of them
	PayMode                           string   // "" is PayMaster
	AutoRenew                         bool
}

// An OptionsChange is what a request says of them. nil means that it says nothing.
type OptionsChange struct {
	ShareRooms, ShareMeetings         *bool
	RoomConnectors, MeetingConnectors *[]string
	PayMode                           *string
	AutoRenew                         *bool
}

// With returns o as c changes it, or what is wrong with that: a list of
// connectors is only for who shares them. Where they are no longer shared
// there is no list any more.
func (o AccountOptions) With(c OptionsChange) (AccountOptions, error) {
	set(&o.ShareRooms, c.ShareRooms)
	set(&o.ShareMeetings, c.ShareMeetings)
	set(&o.PayMode, c.PayMode)
	set(&o.AutoRenew, c.AutoRenew)
	var problems []Problem
	for _, l := range []struct {
		shared     bool
		list       *[]string
		to         *[]string
		name, flag string
	}{
		{o.ShareRooms, c.RoomConnectors, &o.RoomConnectors, "room_connector_list", "share_rc"},
		{o.ShareMeetings, c.MeetingConnectors, &o.MeetingConnectors, "meeting_connector_list", "share_mc"},
	} {
		set(l.to, l.list)
		if l.shared {
			continue
		}
		if l.list != nil && len(*l.list) > 0 {
			problems = append(problems, Problem{l.name, "is only for who shares them: " + l.flag + " must be true"})
		}
		*l.to = nil
	}
	return o, InvalidFields(problems)
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// MayHaveSubs returns Forbidden where a is a sub account itself.
func (a *Account) MayHaveSubs() error {
	if a.Parent == "" {
		return nil
	}
	return Errorf(Forbidden, a.ID, "Account %s is a sub account and cannot have sub accounts of its own.", a.ID)
}

// NoSuchAccount returns the AccountNotFound for an id: of an account that is
// none, or is somebody else's, or is no sub account where one is asked for.
func NoSuchAccount(id string) error {
	return Errorf(AccountNotFound, id, "Account does not exist: %.100s.", id)
}

// MayOwn returns Forbidden unless u, a user of the account of owner, may take
// it over.
func (u *User) MayOwn(owner string) error {
	switch {
	case u.ID == owner:
		return Errorf(Forbidden, u.ID, "Cannot update the role of the account's owner: %s.", u.Email)
	case u.Deactivated():
		return Errorf(Forbidden, u.ID, "A deactivated user cannot be made the owner of the account: %s.", u.Email)
	case u.Action == ActionCustCreate:
		return Errorf(Forbidden, u.ID, "A user made by custCreate never signs in and cannot be made the owner of the account: %s.", u.Email)
	}
	return nil
}

// CheckDomain returns "" if d is the domain of emails, else the rule that it breaks.
func CheckDomain(d string) string {
	if len(d) > 253 || !validDomain(d) {
		return "must be a domain such as example.com"
	}
	return ""
}
