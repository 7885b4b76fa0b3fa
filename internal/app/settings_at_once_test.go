package app_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/pgtest"
	"muster/internal/settings"
)

// stations returns three servers on one database, or the one that SQLite's file is for.
func stations(t *testing.T) []*app.App {
	t.Helper()
	s := mustertest.New(t, mustertest.Options{})
	return beside(t, s)
}

func beside(t *testing.T, s *mustertest.Server) []*app.App {
	t.Helper()
	all := []*app.App{s.App}
	if pgtest.On() {
		all = append(all, mustertest.Node(t, s).App, mustertest.Node(t, s).App)
	}
	return all
}

// ownersOf makes a group and a user in it and returns all who have settings.
func ownersOf(t *testing.T, a *app.App) []app.OwnerRef {
	t.Helper()
	g, err := a.CreateGroup(t.Context(), forAccount, "Group")
	if err != nil {
		t.Fatal(err)
	}
	u, err := a.CreateUser(t.Context(), forAccount, muster.User{Email: "u@muster.test", Type: muster.Licensed}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.AddGroupMembers(t.Context(), forAccount, g.ID, []app.UserRef{{ID: u.ID}}); err != nil {
		t.Fatal(err)
	}
	return []app.OwnerRef{{Level: settings.Account}, {Level: settings.Group, ID: g.ID}, {Level: settings.User, ID: u.ID}}
}

// switches are leaves of all three levels that can be locked.
var switches = []string{"co_host", "chat", "polling", "annotation", "breakout_room", "closed_caption", "feedback", "far_end_camera_control"}

// TestDisjointLeavesAtOnce has each of several hands set a leaf of its own of
// the same owners, at one server and another, and look whether it is there:
// nobody's write undoes another's.
func TestDisjointLeavesAtOnce(t *testing.T) {
	t.Parallel()
	all := stations(t)
	owners := ownersOf(t, all[0])
	atOnce(t, len(switches), func(hand int) error {
		for turn := range 12 {
			ref := owners[(hand+turn)%len(owners)]
			want := turn/len(owners)%2 == 0
			leaf := switches[hand]
			err := all[turn%len(all)].SetOwnerSettings(t.Context(), forAccount, ref, "", map[string]any{"in_meeting": map[string]any{leaf: want}})
			if err != nil {
				return err
			}
			got, err := in(t.Context(), all[(turn+1)%len(all)], ref, leaf)
			if err != nil || got != want {
				return fmt.Errorf("turn %d: %s of %s: got %v, %w; want %v", turn, leaf, nameOf(ref), got, errOr(err), want)
			}
		}
		return nil
	})
}

// TestLocksAtOnce has each hand lock and unlock a leaf of its own, while others
// write the leaves of the same owner. While a lock is on, nobody below changes
// the leaf.
func TestLocksAtOnce(t *testing.T) {
	t.Parallel()
	all := stations(t)
	owners := ownersOf(t, all[0])
	atOnce(t, len(switches), func(hand int) error {
		leaf := switches[hand]
		for turn := range 8 {
			here, there := all[turn%len(all)], all[(turn+1)%len(all)]
			ref := owners[turn/2%2] // the account or the group
			on := turn%2 == 0
			if err := here.SetOwnerLocks(t.Context(), forAccount, ref, settings.LockChange{Locks: map[string]bool{"in_meeting." + leaf: on}}); err != nil {
				return err
			}
			locks, err := there.OwnerLocks(t.Context(), forAccount, ref, "")
			if err != nil || locks["in_meeting."+leaf] != on {
				return fmt.Errorf("turn %d: lock %s of %s: got %v, %w; want %v", turn, leaf, nameOf(ref), locks["in_meeting."+leaf], errOr(err), on)
			}
			holds, err := in(t.Context(), there, owners[2], leaf)
			if err != nil {
				return err
			}
			other, _ := holds.(bool)
			err = there.SetOwnerSettings(t.Context(), forAccount, owners[2], "", map[string]any{"in_meeting": map[string]any{leaf: !other}})
			if refused := muster.CodeOf(err) == muster.Invalid; refused != on || err != nil && !refused {
				return fmt.Errorf("turn %d: setting %s below a lock that is %v: got %w", turn, leaf, on, errOr(err))
			}
		}
		return nil
	})
}

// in returns what holds of a leaf of in_meeting.
func in(ctx context.Context, a *app.App, ref app.OwnerRef, leaf string) (any, error) {
	list, err := a.ExplainSettings(ctx, forAccount, ref, "", []string{leaf})
	for _, e := range list {
		if e.Name == "in_meeting."+leaf || e.Name == "in_meeting."+leaf+".enable" {
			return e.Value, err
		}
	}
	return nil, err
}

var errNone = errors.New("no error")

func errOr(err error) error {
	if err == nil {
		return errNone
	}
	return err
}

// atOnce has hands work at the same time and waits for all.
func atOnce(t *testing.T, hands int, work func(hand int) error) {
	t.Helper()
	var wait sync.WaitGroup
	for hand := range hands {
		wait.Go(func() {
			if err := work(hand); err != nil {
				t.Errorf("hand %d: %v", hand, err)
			}
		})
	}
	wait.Wait()
}

// elsewhere reports whether an error says no more than that others were quicker.
func elsewhere(err error) bool {
	switch muster.CodeOf(err) {
	case "":
		return err == nil
	case muster.GroupNotFound, muster.GroupMemberNotFound, muster.UserNotFound, muster.Invalid, muster.GroupExists, muster.UserExists:
		return true
	}
	return false
}

// TestDeletionLeavesNothing deletes groups and users while others put people
// into them, give them settings, locks and admins. What is gone has nothing
// left, and who is left has what is theirs: one primary group, and as many
// members are told as there are.
func TestDeletionLeavesNothing(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	all := beside(t, s)
	d := &doomed{users: people(t, s, 5), groups: circles(t, s, 3)}
	atOnce(t, 9, func(hand int) error {
		r := rand.New(rand.NewPCG(uint64(hand), 37))
		for turn := range 30 {
			if err := d.turn(t.Context(), all[(hand+turn)%len(all)], r, hand*1000+turn); !elsewhere(err) {
				return err
			}
		}
		return nil
	})
	onePrimary(t, s)
	for what, query := range map[string]string{
		"members of groups that are gone":   `SELECT COUNT(*) FROM group_members WHERE group_id NOT IN (SELECT id FROM user_groups)`,
		"memberships of users who are gone": `SELECT COUNT(*) FROM group_members WHERE user_id NOT IN (SELECT id FROM users)`,
		"admins of groups that are gone":    `SELECT COUNT(*) FROM group_admins WHERE group_id NOT IN (SELECT id FROM user_groups) OR user_id NOT IN (SELECT id FROM users)`,
		"settings of groups that are gone":  `SELECT COUNT(*) FROM owner_settings WHERE level = 2 AND owner_id NOT IN (SELECT id FROM user_groups)`,
		"settings of users who are gone":    `SELECT COUNT(*) FROM owner_settings WHERE level = 4 AND owner_id NOT IN (SELECT id FROM users)`,
	} {
		if n := s.Number(query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	if n := s.Number(`SELECT COUNT(*) FROM events WHERE kind IN ('group.deleted', 'user.deleted')`); n < 20 {
		t.Errorf("only %d deletions: this proves little", n)
	}
	list, err := all[len(all)-1].Groups(t.Context(), forAccount)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range list {
		members, err := all[0].GroupMembers(t.Context(), forAccount, g.ID, app.Page{Size: 300})
		if err != nil || int64(len(members.Items)) != g.Members || members.Total != g.Members {
			t.Errorf("%s: told %d and %d members, listed %d, %v", g.Name, g.Members, members.Total, len(members.Items), err)
		}
	}
}

// doomed are users and groups of which any may go at any time.
type doomed struct {
	mu            sync.Mutex
	users, groups []string
}

func (d *doomed) pick(r *rand.Rand) (u int, user string, g int, group, to string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u, g = r.IntN(len(d.users)), r.IntN(len(d.groups))
	return u, d.users[u], g, d.groups[g], d.groups[r.IntN(len(d.groups))]
}

func (d *doomed) turn(ctx context.Context, a *app.App, r *rand.Rand, n int) error {
	u, user, g, group, to := d.pick(r)
	body := map[string]any{"in_meeting": map[string]any{switches[r.IntN(3)]: r.IntN(2) == 0}}
	refs := []app.UserRef{{ID: user}}
	var err error
	switch r.IntN(12) {
	case 0, 1:
		_, err = a.AddGroupMembers(ctx, forAccount, group, refs)
	case 2:
		err = a.ChangeGroupMember(ctx, forAccount, group, user, app.MoveMember, to)
	case 3:
		err = a.ChangeGroupMember(ctx, forAccount, group, user, app.SetPrimary, to)
	case 4:
		err = a.RemoveGroupMember(ctx, forAccount, group, user)
	case 5, 6:
		err = a.SetOwnerSettings(ctx, forAccount, app.OwnerRef{Level: settings.Group, ID: group}, "", body)
	case 7:
		err = a.SetOwnerSettings(ctx, forAccount, app.OwnerRef{Level: settings.User, ID: user}, "", body)
	case 8:
		err = a.SetOwnerLocks(ctx, forAccount, app.OwnerRef{Level: settings.Group, ID: group}, settings.LockChange{Locks: map[string]bool{"in_meeting.chat": r.IntN(2) == 0}})
	case 9:
		_, err = a.AddGroupAdmins(ctx, forAccount, group, refs)
	case 10:
		if err = a.DeleteGroup(ctx, forAccount, group); err == nil {
			var made *muster.UserGroup
			if made, err = a.CreateGroup(ctx, forAccount, fmt.Sprintf("New %d", n)); err == nil {
				d.replace(d.groups, g, made.ID)
			}
		}
	case 11:
		if err = a.RemoveUser(ctx, forAccount, user, app.Leaving{}); err == nil {
			var made *muster.User
			if made, err = a.CreateUser(ctx, forAccount, muster.User{Email: fmt.Sprintf("n%d@muster.test", n), Type: muster.Licensed}, ""); err == nil {
				d.replace(d.users, u, made.ID)
			}
		}
	}
	return err
}

func (d *doomed) replace(list []string, i int, id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list[i] = id
}
