package settings

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// oneLock returns the locks that are another one under another name, as their
// settings are.
func oneLock(all []*Setting) map[string]string {
	locks := map[string]string{}
	for _, s := range all {
		locks[s.Name] = s.Lock
	}
	one := map[string]string{}
	for _, s := range all {
		if other := locks[s.Same]; other != s.Lock && other != "" && s.Lock != "" {
			one[s.Lock] = other
		}
	}
	return one
}

var lockKeys = sync.OnceValue(func() map[string]string { return oneLock(Settings()) })

// LockKey returns the name by which a lock is kept: the same for locks that
// are one under several names, as in_meeting.waiting_room and
// meeting_security.waiting_room.
func LockKey(name string) string { return cmp.Or(lockKeys()[name], name) }

// Locks returns the dotted names of the locks of a level, in the order of
// Owners, those of the option meeting_security or those of none.
func Locks(level Level, option string) []string {
	var names []string
	for _, s := range Settings() {
		at := s.LockAt
		if at == 0 {
			at = Account | Group
		}
		if s.Lock == "" || at&level == 0 || strings.HasPrefix(s.Lock, MeetingSecurity+".") != (option == MeetingSecurity) {
			continue
		}
		if !slices.Contains(names, s.Lock) {
			names = append(names, s.Lock)
		}
	}
	return names
}

// LockedAbove returns who above the end of c does not let a setting be
// changed there, nil for nobody.
func (c Chain) LockedAbove(lock string) *Owner {
	if lock == "" {
		return nil
	}
	lock = LockKey(lock)
	if c.Account != nil && c.Account.Locked[lock] && (len(c.Groups) > 0 || c.User != nil) {
		return c.Account
	}
	if c.User != nil {
		for _, g := range c.Groups {
			if g.Locked[lock] {
				return g
			}
		}
	}
	return nil
}

// String tells of o in a refusal: an account has no name.
func (o *Owner) String() string { return strings.TrimSpace(o.Level.String() + " " + o.Name) }

// locks says that o does not let a setting be changed.
func (o *Owner) locks() string { return "is locked by the " + o.String() }
