package store

import (
	"fmt"
	"regexp"
	"slices"

	"muster/internal/muster"
)

// rememberedTables are the tables that a memo's values are read from, where a
// statement that writes names them. (registrants has a column meeting_id.)
var rememberedTables = regexp.MustCompile(`\b(meetings|occurrences|users|accounts)\b`)

// A memo remembers the meetings and users that the writes of one group have
// read, and how many registrations a meeting has had: when registration opens,
// a hundred of them read the same rows.
// Nobody else can write while their transaction runs. Whatever may change one
// of its tables, or undoes a change, makes it forget everything.
type memo struct {
	meetings map[string]muster.Meeting // by query and key
	users    map[string]muster.User
	made     map[int64]int64 // registrations that a meeting has had, by its id
}

func (m *memo) forget() {
	clear(m.meetings)
	clear(m.users)
	clear(m.made)
}

// memoKey tells one read of a row from others.
func memoKey(query string, args []any) string { return query + fmt.Sprint(args...) }

// meeting returns a copy that the caller may change.
func (m *memo) meeting(key string) *muster.Meeting {
	if m == nil {
		return nil
	}
	known, ok := m.meetings[key]
	if !ok {
		return nil
	}
	known.Occurrences = slices.Clone(known.Occurrences)
	return &known
}

func (m *memo) putMeeting(key string, v *muster.Meeting) {
	if m == nil {
		return
	}
	if m.meetings == nil {
		m.meetings = map[string]muster.Meeting{}
	}
	own := *v
	own.Occurrences = slices.Clone(v.Occurrences)
	m.meetings[key] = own
}

// user returns a copy that the caller may change.
func (m *memo) user(key string) *muster.User {
	if m == nil {
		return nil
	}
	known, ok := m.users[key]
	if !ok {
		return nil
	}
	return &known // Profile is replaced, never written into
}

func (m *memo) putUser(key string, v *muster.User) {
	if m == nil {
		return
	}
	if m.users == nil {
		m.users = map[string]muster.User{}
	}
	m.users[key] = *v
}

// ever returns how many registrations the meeting has had.
func (m *memo) ever(meeting int64) (made int64, known bool) {
	if m == nil {
		return 0, false
	}
	made, known = m.made[meeting]
	return made, known
}

func (m *memo) putEver(meeting, made int64) {
	if m == nil {
		return
	}
	if m.made == nil {
		m.made = map[int64]int64{}
	}
	m.made[meeting] = made
}

// grow counts registrations of a meeting, if it is remembered how many it had.
func (m *memo) grow(meeting int64, by int) {
	if made, known := m.ever(meeting); known {
		m.made[meeting] = made + int64(by)
	}
}
