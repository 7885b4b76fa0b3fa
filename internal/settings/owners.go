package settings

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Level is where settings are set: it is a set of levels where a leaf names several.
type Level uint8

// The levels.
const (
	Account Level = 1 << iota
	Group
	User
	OfMeeting  // has no settings of its own among Owners: it is told of in explanations
	Everywhere = Account | Group | User
)

// String returns the level's name.
func (l Level) String() string {
	switch l {
	case Account:
		return "account"
	case Group:
		return "group"
	case User:
		return "user"
	case OfMeeting:
		return "meeting"
	}
	return "default"
}

// Owners is the settings of accounts, groups and users: its leaves are the
// sections. Those from meeting_security to registration are answered by option
// only; the last is ours. [semantics 7.3]
var Owners = Catalogue{
	scheduleMeetingSection, inMeetingSection, emailNotificationSection, chatSection, profileSection, recordingSection, audioConferencingSection,
	telephonySection, tspSection, featureSection, integrationSection, generalSettingSection, mailCalendarSection, otherOptionsSection,
	whiteboardSection, zoomRoomsSection,
	meetingSecuritySection, securitySection,
	{Name: MeetingAuthentication, Kind: Object, Fields: meetingAuthentication},
	{Name: RecordingAuthentication, Kind: Object, Fields: recordingAuthentication},
	{Name: Registration, Kind: Object, Fields: registrationSettings},
	musterSection,
}

// The options of the settings' calls. What the authentication options and
// Registration have stands in an answer without the section's name.
const (
	MeetingSecurity         = "meeting_security"
	Security                = "security"
	MeetingAuthentication   = "meeting_authentication"
	RecordingAuthentication = "recording_authentication"
)

var options = []string{MeetingSecurity, Security, MeetingAuthentication, RecordingAuthentication, Registration}

// decides is the effect of a setting that can be locked and is a leaf of
// Meeting, stands of one that cannot be.
func decides(name string) string {
	return "Is settings." + name + " of meetings that say nothing of it, and of all meetings while it is locked."
}

func stands(name string) string {
	return "Is settings." + name + " of meetings that say nothing of it."
}

const usersFeatures = "a user's features"

// Reserved returns what the setting of a key decides that is for those alone to
// say who administer the whole account, by a value or by a lock: who may
// schedule and features, which are a matter of licences. "" is for all others.
func Reserved(key string) string {
	switch {
	case key == MaySchedule:
		return "who may schedule"
	case strings.HasPrefix(key, featurePrefix):
		return usersFeatures
	}
	return ""
}

// A Setting is one leaf of Owners. Its settings are kept by Key, which is the
// same for leaves that are one setting.
type Setting struct {
	*Leaf
	Path []string // below the section that the option names, where it names one
	Name string   // the whole dotted name, as in documents and answers
	Key  string
	Of   string // the option that has it, "" for none

	lock string // LockKey of its lock
}

// Settings returns every leaf of Owners, in its order. The list is not to be changed.
var Settings = sync.OnceValue(func() []*Setting {
	var all []*Setting
	var walk func(c Catalogue, path []string, option string)
	walk = func(c Catalogue, path []string, option string) {
		for i := range c {
			l, at := &c[i], append(slices.Clip(path), c[i].Name)
			if l.Kind == Object {
				walk(l.Fields, at, option)
				continue
			}
			s := &Setting{Leaf: l, Path: at, Name: strings.Join(at, "."), Of: option}
			s.Key = s.Name
			if l.Same != "" {
				s.Key = l.Same
			}
			if option == MeetingAuthentication || option == RecordingAuthentication || option == Registration {
				s.Path = at[1:]
			}
			all = append(all, s)
		}
	}
	for _, section := range Owners {
		option := ""
		if slices.Contains(options, section.Name) {
			option = section.Name
		}
		walk(section.Fields, []string{section.Name}, option)
	}
	one := oneLock(all)
	for _, s := range all {
		s.lock = cmp.Or(one[s.Lock], s.Lock)
	}
	return all
})

// Shape returns the settings that a call with the option has at a level, and
// whether there is such an option there.
func Shape(level Level, option string) ([]*Setting, bool) {
	shape := shapes()[shapeKey{level, option}]
	return shape, len(shape) > 0
}

type shapeKey struct {
	level  Level
	option string
}

var shapes = sync.OnceValue(func() map[shapeKey][]*Setting {
	m := map[shapeKey][]*Setting{}
	for _, s := range Settings() {
		for _, level := range []Level{Account, Group, User} {
			if s.At&level != 0 {
				key := shapeKey{level, s.Of}
				m[key] = append(m[key], s)
			}
		}
	}
	return m
})

// An Owner is an account, a group or a user with what they have set. Both
// documents are by dotted name: Values by Setting.Key, Locked by LockKey.
type Owner struct {
	Level  Level
	ID     string
	Name   string
	Values Doc
	Locked map[string]bool
}

// A Chain is everybody whose settings matter for one of them: an account, the
// groups of a user with the primary one first and the others as they were
// joined, and the user. What is not there is nil.
type Chain struct {
	Account *Owner
	Groups  []*Owner
	User    *Owner
}

// A Decision is what holds of one setting, and why.
type Decision struct {
	Value  any
	By     *Owner // who has set it, nil for nobody: the default
	Locked *Owner // who does not let it be changed further down, nil for nobody
}

// Decide returns what holds of s at the end of c. A lock of the account wins
// over everything, then a lock of any of the groups, the primary one first;
// else who is nearest has the say: the user, the primary group, the account.
// What somebody had set before a lock is kept and holds again after it.
// [semantics 7.3]
func (c Chain) Decide(s *Setting) Decision {
	if s.lock != "" {
		if c.Account != nil && c.Account.Locked[s.lock] {
			return c.first(s, c.Account, c.Account)
		}
		for _, g := range c.Groups {
			if g.Locked[s.lock] {
				return c.first(s, g, g, c.Account)
			}
		}
	}
	var primary *Owner
	if len(c.Groups) > 0 {
		primary = c.Groups[0]
	}
	return c.first(s, nil, c.User, primary, c.Account)
}

// first returns the value of the first of the owners who has one, or the default.
func (c Chain) first(s *Setting, locked *Owner, owners ...*Owner) Decision {
	for _, o := range owners {
		if o == nil {
			continue
		}
		if v, set := o.Values[s.Key]; set {
			return Decision{Value: v, By: o, Locked: locked}
		}
	}
	return Decision{Value: s.none(), Locked: locked}
}

// none is what a leaf is that nobody has set: its default, else what is least
// of its kind. A text without a value is "".
func (l *Leaf) none() any {
	switch {
	case l.Default != nil:
		return l.Default
	case l.Kind == Bool:
		return false
	case len(l.Enum) > 0:
		return l.Enum[0]
	case l.Kind == Int:
		return l.Min
	case l.Kind == List:
		return []any{}
	}
	return ""
}

// End returns whose settings c is about.
func (c Chain) End() *Owner {
	switch {
	case c.User != nil:
		return c.User
	case len(c.Groups) > 0:
		return c.Groups[0]
	}
	return c.Account
}

// Answer returns what holds at the end of c of the given settings as a nested
// document. Only those whose names are among the given are in it, where any
// are given: a name is any step of a path below the section.
func (c Chain) Answer(of []*Setting, only []string) map[string]any {
	level := c.End().Level
	out := map[string]any{}
	for _, s := range of {
		if s.WriteOnly || len(only) > 0 && !s.Named(only) {
			continue
		}
		d := c.Decide(s)
		if s.Sparse&level != 0 && d.By == nil {
			continue
		}
		at := out
		for _, step := range s.Path[:len(s.Path)-1] {
			next, ok := at[step].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
		at[s.Path[len(s.Path)-1]] = s.told(d.Value, level)
	}
	return out
}

// told spells a value as a level has it.
func (l *Leaf) told(v any, level Level) any {
	list, ok := v.([]any)
	if !ok || l.Joined&level == 0 {
		return v
	}
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i], _ = e.(string)
	}
	return strings.Join(texts, ",")
}

// Named reports whether one of names is a step of s's path below the section.
func (s *Setting) Named(names []string) bool {
	steps := s.Path
	if s.Of == "" {
		steps = steps[1:]
	}
	return slices.ContainsFunc(steps, func(step string) bool { return slices.Contains(names, step) })
}
