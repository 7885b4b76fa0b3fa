package settings

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"muster/internal/muster"
)

// lockOnly are the locks of what is no setting here, and where they are: kept
// for clients only.
var lockOnly = []struct {
	name string
	at   Level
}{
	{"chat.ai_reply", Account},
	{"chat.allow_create_channels_and_group_chats", Account},
	{MeetingSecurity + ".approved_or_denied_countries_or_regions", Account | Group},
}

// lockedAt are the locks that the descriptions have as values of the settings:
// such a value is set, and locked. [semantics 7.3]
var lockedAt = []string{
	"in_meeting.entry_exit_chime", MeetingSecurity + ".encryption_type", "recording.ip_address_access_control", "schedule_meeting.enforce_login_domains",
}

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
	add := func(name string, at Level) {
		if at&level != 0 && strings.HasPrefix(name, MeetingSecurity+".") == (option == MeetingSecurity) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, s := range Settings() {
		if s.Lock != "" {
			add(s.Lock, cmp.Or(s.LockAt, Account|Group))
		}
	}
	for _, l := range lockOnly {
		add(l.name, l.at)
	}
	return names
}

// A LockChange is what a request says of locks.
type LockChange struct {
	Locks  map[string]bool // by name
	Values map[string]any  // what is locked at a value, as a body for Chain.Change
}

// ReadLocks returns what a body says of the locks of a level, and what is wrong
// with it: of those of the option, or without one of all, for the body alone
// tells them apart.
func ReadLocks(level Level, option string, body map[string]any) (LockChange, []muster.Problem) {
	known := Locks(level, option)
	if option == "" {
		known = append(known, Locks(level, MeetingSecurity)...)
	}
	r := lockReader{known: known, change: LockChange{Locks: map[string]bool{}, Values: map[string]any{}}}
	r.object(body, nil)
	return r.change, r.d.problems
}

type lockReader struct {
	known  []string
	change LockChange
	d      decoder // for the problems
}

func (r *lockReader) object(in map[string]any, path []string) {
	for _, step := range slices.Sorted(maps.Keys(in)) {
		v, at := in[step], append(slices.Clip(path), step)
		name := strings.Join(at, ".")
		inner, nested := v.(map[string]any)
		switch lock := slices.Contains(r.known, name); {
		case v == nil && !strings.Contains(step, "."):
		case strings.Contains(step, "."), !lock && !nested: // a name with a dot is no path
			r.d.refuse(name, "is no setting that can be locked here")
		case !lock:
			r.object(inner, at)
		default:
			r.lock(name, at, v)
		}
	}
}

// lock reads one lock: whether it is on, or at which value.
func (r *lockReader) lock(name string, path []string, v any) {
	on, ok := toBool(v)
	text, isText := v.(string)
	inner, _ := v.(map[string]any)
	switch {
	case ok, isText && strings.TrimSpace(text) == "": // nothing is off, as everywhere in requests
		r.change.Locks[name] = on
	case slices.Contains(lockedAt, name) && (isText || len(inner) > 0):
		r.change.Locks[name] = true
		put(r.change.Values, path, v)
	default:
		r.d.refuse(name, "must be true or false")
	}
}

// Lockable returns the settings of a level that LockChange.Values may be of.
func Lockable(level Level) []*Setting {
	var all []*Setting
	for _, option := range []string{"", MeetingSecurity} {
		shape, _ := Shape(level, option)
		all = append(all, shape...)
	}
	return all
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
