package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

// A watched setting is one that the model knows.
type watched struct {
	name, ofUser string // at accounts and groups, and at users
	lock         string // "" for none
	values       []any  // the first is the default
}

var yesOrNo = []any{false, true}

var watchedSettings = []watched{
	{"schedule_meeting.host_video", "schedule_meeting.host_video", "schedule_meeting.host_video", yesOrNo},
	{"schedule_meeting.participant_video", "schedule_meeting.participants_video", "schedule_meeting.participant_video", yesOrNo},
	{"schedule_meeting.audio_type", "schedule_meeting.audio_type", "schedule_meeting.audio_type", []any{"voip", "both", "telephony", "thirdParty"}},
	{"schedule_meeting.require_password_for_scheduled_meetings", "schedule_meeting.require_password_for_scheduled_meetings", "", yesOrNo},
	{"in_meeting.entry_exit_chime", "in_meeting.entry_exit_chime", "in_meeting.entry_exit_chime", []any{"all", "host", "none"}},
	{"in_meeting.record_play_own_voice", "in_meeting.record_play_voice", "in_meeting.entry_exit_chime", yesOrNo},
}

func (w watched) at(level settings.Level) string {
	if level == settings.User {
		return w.ofUser
	}
	return w.name
}

// A ledger is what settings should be: what everybody has set and locked, by
// "account", "group:ID" and "user:ID", and who is in which groups.
type ledger struct {
	set    map[string]map[string]any
	locked map[string]map[string]bool
	roll   roll
}

func newLedger() *ledger {
	return &ledger{map[string]map[string]any{}, map[string]map[string]bool{}, roll{map[string][]string{}, map[string]string{}}}
}

func nameOf(ref app.OwnerRef) string {
	if ref.Level == settings.Account {
		return "account"
	}
	return ref.Level.String() + ":" + ref.ID
}

// above lists who stands over an owner, the nearest first: a user's primary
// group, and the account.
func (l *ledger) above(ref app.OwnerRef) []string {
	switch {
	case ref.Level == settings.Account:
		return nil
	case ref.Level == settings.User && l.roll.primary[ref.ID] != "":
		return []string{"group:" + l.roll.primary[ref.ID], "account"}
	}
	return []string{"account"}
}

// lockers lists who could lock something for an owner, the strongest first;
// those who are not the owner.
func (l *ledger) lockers(ref app.OwnerRef) []string {
	list := l.above(ref)
	slices.Reverse(list)
	for _, g := range l.roll.joined[ref.ID] {
		if ref.Level == settings.User && g != l.roll.primary[ref.ID] {
			list = append(list, "group:"+g)
		}
	}
	return list
}

func (l *ledger) lockedAbove(ref app.OwnerRef, lock string) string {
	for _, who := range l.lockers(ref) {
		if l.locked[who][lock] {
			return who
		}
	}
	return ""
}

// holds returns the value that holds, who has set it and who has locked it.
func (l *ledger) holds(ref app.OwnerRef, w watched) (value any, by, locked string) {
	locked = l.lockedAbove(ref, w.lock)
	who := append([]string{nameOf(ref)}, l.above(ref)...)
	switch {
	case locked == "account":
		who = []string{"account"}
	case locked != "":
		who = []string{locked, "account"}
	case ref.Level != settings.User && l.locked[nameOf(ref)][w.lock]:
		locked = nameOf(ref)
	}
	for _, o := range who {
		if v, set := l.set[o][w.name]; set {
			return v, o, locked
		}
	}
	return w.values[0], "", locked
}

func (l *ledger) write(ref app.OwnerRef, w watched, v any) bool {
	if l.lockedAbove(ref, w.lock) != "" {
		holds, _, _ := l.holds(ref, w)
		return holds == v // sent back as it is: nothing is stored
	}
	if l.set[nameOf(ref)] == nil {
		l.set[nameOf(ref)] = map[string]any{}
	}
	l.set[nameOf(ref)][w.name] = v
	return true
}

func (l *ledger) lock(ref app.OwnerRef, lock string, on bool) bool {
	if !on && l.lockedAbove(ref, lock) != "" {
		return false
	}
	if l.locked[nameOf(ref)] == nil {
		l.locked[nameOf(ref)] = map[string]bool{}
	}
	l.locked[nameOf(ref)][lock] = on
	return true
}

// forget is for a group that is deleted, or a user.
func (l *ledger) forget(ref app.OwnerRef) {
	delete(l.set, nameOf(ref))
	delete(l.locked, nameOf(ref))
}

// A play does the same in the ledger and in the database.
type play struct {
	t             *testing.T
	s             *mustertest.Server
	r             *rand.Rand
	model         *ledger
	users, groups []string
	made          int
}

func (p *play) anybody() app.OwnerRef {
	switch n := p.r.IntN(10); {
	case n < 2:
		return app.OwnerRef{Level: settings.Account}
	case n < 6:
		return app.OwnerRef{Level: settings.Group, ID: p.groups[p.r.IntN(len(p.groups))]}
	}
	return app.OwnerRef{Level: settings.User, ID: p.users[p.r.IntN(len(p.users))]}
}

// step does one thing and says what, whether it should be done and whether it was.
func (p *play) step() (what string, done bool, err error) {
	ctx, ref, w := p.t.Context(), p.anybody(), watchedSettings[p.r.IntN(len(watchedSettings))]
	switch n := p.r.IntN(20); {
	case n < 8:
		v := w.values[p.r.IntN(len(w.values))]
		section, leaf, _ := strings.Cut(w.at(ref.Level), ".")
		err = p.s.App.SetOwnerSettings(ctx, forAccount, ref, "", map[string]any{section: map[string]any{leaf: v}})
		return fmt.Sprintf("%s sets %s to %v", nameOf(ref), w.name, v), p.model.write(ref, w, v), err
	case n < 13:
		if ref.Level == settings.User || w.lock == "" {
			return "nothing", true, nil
		}
		on := p.r.IntN(2) == 0
		err = p.s.App.SetOwnerLocks(ctx, forAccount, ref, settings.LockChange{Locks: map[string]bool{w.lock: on}})
		return fmt.Sprintf("%s locks %s: %v", nameOf(ref), w.lock, on), p.model.lock(ref, w.lock, on), err
	case n < 19:
		return p.member()
	}
	return p.replace()
}

// member changes who is in which group.
func (p *play) member() (what string, done bool, err error) {
	ctx := p.t.Context()
	user, group, to := p.users[p.r.IntN(len(p.users))], p.groups[p.r.IntN(len(p.groups))], p.groups[p.r.IntN(len(p.groups))]
	switch p.r.IntN(5) {
	case 0:
		err = p.s.App.ChangeGroupMember(ctx, forAccount, group, user, app.MoveMember, to)
		return "move " + user, p.model.roll.move(group, to, user), err
	case 1:
		err = p.s.App.ChangeGroupMember(ctx, forAccount, group, user, app.SetPrimary, "")
		return "primary " + user, p.model.roll.set(group, user), err
	case 2:
		err = p.s.App.RemoveGroupMember(ctx, forAccount, group, user)
		return "leave " + user, p.model.roll.leave(group, user), err
	}
	_, err = p.s.App.AddGroupMembers(ctx, forAccount, group, []app.UserRef{{ID: user}})
	p.model.roll.join(group, user)
	return "join " + user, true, err
}

// replace deletes a group or a user and makes another.
func (p *play) replace() (what string, done bool, err error) {
	p.made++
	if i := p.r.IntN(len(p.groups)); p.r.IntN(2) == 0 {
		gone := p.groups[i]
		err = p.s.App.DeleteGroup(p.t.Context(), forAccount, gone)
		for _, u := range p.users {
			p.model.roll.leave(gone, u)
		}
		p.model.forget(app.OwnerRef{Level: settings.Group, ID: gone})
		g, e := p.s.App.CreateGroup(p.t.Context(), forAccount, fmt.Sprintf("Another %d", p.made))
		if e != nil {
			p.t.Fatal(e)
		}
		p.groups[i] = g.ID
		return "delete group " + gone, true, err
	}
	i := p.r.IntN(len(p.users))
	gone := p.users[i]
	err = p.s.App.RemoveUser(p.t.Context(), forAccount, gone, app.Leaving{})
	for _, g := range p.groups {
		p.model.roll.leave(g, gone)
	}
	p.model.forget(app.OwnerRef{Level: settings.User, ID: gone})
	u, e := p.s.App.CreateUser(p.t.Context(), forAccount, muster.User{Email: fmt.Sprintf("another%d@muster.test", p.made), Type: muster.Licensed}, "")
	if e != nil {
		p.t.Fatal(e)
	}
	p.users[i] = u.ID
	return "delete user " + gone, true, err
}

func explained(o *settings.Owner) string {
	if o == nil {
		return ""
	}
	return nameOf(app.OwnerRef{Level: o.Level, ID: o.ID})
}

// compare holds what everybody is answered to the model.
func (p *play) compare(what string) {
	p.t.Helper()
	refs := []app.OwnerRef{{Level: settings.Account}}
	for _, g := range p.groups {
		refs = append(refs, app.OwnerRef{Level: settings.Group, ID: g})
	}
	for _, u := range p.users {
		refs = append(refs, app.OwnerRef{Level: settings.User, ID: u})
	}
	for _, ref := range refs {
		list, err := p.s.App.ExplainSettings(p.t.Context(), forAccount, ref, "", nil)
		if err != nil {
			p.t.Fatal(err)
		}
		doc, err := p.s.App.OwnerSettings(p.t.Context(), forAccount, ref, "", nil)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, w := range watchedSettings {
			i := slices.IndexFunc(list, func(e settings.Explained) bool { return e.Name == w.at(ref.Level) })
			value, by, locked := p.model.holds(ref, w)
			section, leaf, _ := strings.Cut(w.at(ref.Level), ".")
			answered := doc[section].(map[string]any)[leaf]
			if e := list[i]; e.Value != value || answered != value || explained(e.By) != by || explained(e.Locked) != locked {
				p.t.Fatalf("after %s: %s of %s: got %v, %v by %q, locked by %q; want %v by %q, locked by %q",
					what, w.name, nameOf(ref), answered, e.Value, explained(e.By), explained(e.Locked), value, by, locked)
			}
		}
		p.locks(what, ref)
	}
}

func (p *play) locks(what string, ref app.OwnerRef) {
	p.t.Helper()
	if ref.Level == settings.User {
		return
	}
	locks, err := p.s.App.OwnerLocks(p.t.Context(), forAccount, ref, "")
	if err != nil {
		p.t.Fatal(err)
	}
	for _, w := range watchedSettings {
		want := w.lock != "" && (p.model.locked[nameOf(ref)][w.lock] || p.model.lockedAbove(ref, w.lock) != "")
		if locks[w.lock] != want {
			p.t.Fatalf("after %s: lock %s of %s: got %v, want %v", what, w.lock, nameOf(ref), locks[w.lock], want)
		}
	}
}

// TestSettingsAgainstAModel does what it likes with settings, locks, groups and
// users, one after the other, and compares everything with a plain model.
func TestSettingsAgainstAModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			p := &play{t: t, s: s, r: rand.New(rand.NewPCG(seed, 31)), model: newLedger(), users: people(t, s, 3), groups: circles(t, s, 4)}
			refused := 0
			for step := range 110 {
				what, done, err := p.step()
				what = fmt.Sprintf("step %d, %s", step, what)
				if (err == nil) != done {
					t.Fatalf("%s: got %v, want it to be done: %v", what, err, done)
				}
				if err != nil {
					refused++
				}
				p.compare(what)
			}
			if refused < 5 {
				t.Errorf("only %d steps were refused: this proves little", refused)
			}
		})
	}
}
