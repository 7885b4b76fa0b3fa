package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

var forAccount = muster.Actor{App: "client", Home: "primary", Account: "primary", Admin: true}

// people makes n users and returns their ids.
func people(t *testing.T, s *mustertest.Server, n int) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range ids {
		u, err := s.App.CreateUser(t.Context(), forAccount, muster.User{Email: fmt.Sprintf("p%d@muster.test", i), Type: muster.Licensed}, "")
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = u.ID
	}
	return ids
}

// circles makes n groups and returns their ids.
func circles(t *testing.T, s *mustertest.Server, n int) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range ids {
		g, err := s.App.CreateGroup(t.Context(), forAccount, fmt.Sprintf("Group %d", i))
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = g.ID
	}
	return ids
}

// memberships returns "user: primary, second, …" of who is in any group.
func memberships(s *mustertest.Server) []string {
	of := map[string][]string{}
	for _, row := range s.Texts(`SELECT user_id || ' ' || group_id FROM group_members ORDER BY user_id, is_primary DESC, seq`) {
		user, group, _ := strings.Cut(row, " ")
		of[user] = append(of[user], group)
	}
	var all []string
	for user, groups := range of {
		all = append(all, user+": "+strings.Join(groups, ", "))
	}
	slices.Sort(all)
	return all
}

// onePrimary fails unless everybody who is in any group has exactly one primary one.
func onePrimary(t *testing.T, s *mustertest.Server) {
	t.Helper()
	wrong := s.Texts(`SELECT user_id FROM group_members GROUP BY user_id HAVING SUM(CASE WHEN is_primary THEN 1 ELSE 0 END) <> 1`)
	if len(wrong) > 0 {
		t.Errorf("%d users have no primary group, or several: %v", len(wrong), wrong)
	}
}

// A roll is what memberships should be: by user the groups, the primary one
// first and the others as they were joined.
type roll struct {
	joined  map[string][]string // in the order of joining
	primary map[string]string
}

func (r *roll) join(group string, users ...string) {
	for _, u := range users {
		if slices.Contains(r.joined[u], group) {
			continue
		}
		if r.joined[u] = append(r.joined[u], group); len(r.joined[u]) == 1 {
			r.primary[u] = group
		}
	}
}

func (r *roll) leave(group, user string) bool {
	i := slices.Index(r.joined[user], group)
	if i < 0 {
		return false
	}
	r.joined[user] = slices.Delete(r.joined[user], i, i+1)
	if len(r.joined[user]) == 0 {
		delete(r.joined, user)
		delete(r.primary, user)
	} else if r.primary[user] == group {
		r.primary[user] = r.joined[user][0]
	}
	return true
}

func (r *roll) move(from, to, user string) bool {
	if from == to || !slices.Contains(r.joined[user], from) {
		return false
	}
	was := r.primary[user]
	r.join(to, user)
	if was == from {
		r.primary[user] = to
	}
	return r.leave(from, user)
}

func (r *roll) set(group, user string) bool {
	if !slices.Contains(r.joined[user], group) {
		return false
	}
	r.primary[user] = group
	return true
}

func (r *roll) texts() []string {
	var all []string
	for user, groups := range r.joined {
		list := []string{r.primary[user]}
		for _, g := range groups {
			if g != r.primary[user] {
				list = append(list, g)
			}
		}
		all = append(all, user+": "+strings.Join(list, ", "))
	}
	slices.Sort(all)
	return all
}

// TestMembershipsAgainstAModel does what it likes with members and groups, one
// after the other, and compares with a plain model.
func TestMembershipsAgainstAModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			users, groups := people(t, s, 5), circles(t, s, 4)
			r := rand.New(rand.NewPCG(seed, 17))
			model := &roll{map[string][]string{}, map[string]string{}}
			for step := range 120 {
				one, g, to := users[r.IntN(len(users))], r.IntN(len(groups)), groups[r.IntN(len(groups))]
				group := groups[g]
				var err error
				done := true
				what := "join"
				switch n := r.IntN(20); {
				case n < 7:
					two := users[r.IntN(len(users))]
					_, err = s.App.AddGroupMembers(t.Context(), forAccount, group, []app.UserRef{{ID: one}, {ID: two}, {ID: one}})
					model.join(group, one, two)
				case n < 11:
					what = "move"
					err = s.App.ChangeGroupMember(t.Context(), forAccount, group, one, app.MoveMember, to)
					done = model.move(group, to, one)
				case n < 14:
					what = "set primary"
					err = s.App.ChangeGroupMember(t.Context(), forAccount, group, one, app.SetPrimary, "")
					done = model.set(group, one)
				case n < 18:
					what = "leave"
					err = s.App.RemoveGroupMember(t.Context(), forAccount, group, one)
					done = model.leave(group, one)
				default:
					what = "delete"
					err = s.App.DeleteGroup(t.Context(), forAccount, group)
					for _, u := range users {
						model.leave(group, u)
					}
					again, e := s.App.CreateGroup(t.Context(), forAccount, fmt.Sprintf("Group %d", g))
					if e != nil {
						t.Fatal(e)
					}
					groups[g] = again.ID
				}
				if (err == nil) != done {
					t.Fatalf("step %d, %s: got %v, want it to be done: %v", step, what, err, done)
				}
				if got, want := memberships(s), model.texts(); !slices.Equal(got, want) {
					t.Fatalf("step %d, %s:\n got %q\nwant %q", step, what, got, want)
				}
			}
			onePrimary(t, s)
		})
	}
}

// TestManyChangeMembersAtOnce has everything happen at the same time. Who is in
// any group has one primary group at each moment, and nobody waits in a circle.
func TestManyChangeMembersAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	all := beside(t, s)
	users, groups := people(t, s, 6), circles(t, s, 4)
	var mu sync.Mutex // over groups
	pick := func(r *rand.Rand) (int, string) {
		mu.Lock()
		defer mu.Unlock()
		i := r.IntN(len(groups))
		return i, groups[i]
	}
	var hands sync.WaitGroup
	for hand := range uint64(8) {
		hands.Go(func() {
			a := all[int(hand)%len(all)]
			r := rand.New(rand.NewPCG(hand, 23))
			for range 40 {
				g, group := pick(r)
				_, to := pick(r)
				user := users[r.IntN(len(users))]
				var err error
				switch n := r.IntN(20); {
				case n < 7:
					refs := []app.UserRef{{ID: users[r.IntN(len(users))]}, {ID: users[r.IntN(len(users))]}, {ID: user}}
					_, err = a.AddGroupMembers(t.Context(), forAccount, group, refs)
				case n < 11:
					err = a.ChangeGroupMember(t.Context(), forAccount, group, user, app.MoveMember, to)
				case n < 14:
					err = a.ChangeGroupMember(t.Context(), forAccount, group, user, app.SetPrimary, to)
				case n < 18:
					err = a.RemoveGroupMember(t.Context(), forAccount, group, user)
				default:
					if err = a.DeleteGroup(t.Context(), forAccount, group); err == nil {
						again, e := a.CreateGroup(t.Context(), forAccount, fmt.Sprintf("Group %d of %d", g, r.Uint64()))
						if e != nil {
							t.Error(e)
							return
						}
						mu.Lock()
						groups[g] = again.ID
						mu.Unlock()
					}
				}
				switch muster.CodeOf(err) {
				case muster.GroupNotFound, muster.GroupMemberNotFound, muster.Invalid: // another was quicker; or from a group into itself
				default:
					if err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { hands.Wait(); close(done) }()
	for looking := true; looking; {
		select {
		case <-done:
			looking = false
		default:
		}
		onePrimary(t, s)
	}
	list, err := all[len(all)-1].Groups(t.Context(), forAccount)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range list {
		if n := s.Number(`SELECT COUNT(*) FROM group_members WHERE group_id = $1`, g.ID); n != g.Members {
			t.Errorf("%s: told %d members, counted %d", g.Name, g.Members, n)
		}
	}
}

// TestNewGroupsAtOnce has many make groups at the same time where one name and
// few places are left.
func TestNewGroupsAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.App.Plan.NewGroups = 5
	var mu sync.Mutex
	outcomes := map[muster.Code]int{}
	var hands sync.WaitGroup
	for i := range 12 {
		hands.Go(func() {
			name := fmt.Sprintf("Group %d", i)
			if i < 4 {
				name = "One"
			}
			_, err := s.App.CreateGroup(t.Context(), forAccount, name)
			mu.Lock()
			defer mu.Unlock()
			outcomes[muster.CodeOf(err)]++
		})
	}
	hands.Wait()
	list, err := s.App.Groups(t.Context(), forAccount)
	if err != nil || len(list) != 5 || outcomes[""] != 5 || outcomes[""]+outcomes[muster.GroupExists]+outcomes[muster.GroupDailyLimit] != 12 {
		t.Errorf("got %d groups, outcomes %v, %v; want 5", len(list), outcomes, err)
	}
}

// TestGroupAdmin says what an admin of a group may do without a right in the
// account: what is the group's own, and nothing of another group or account.
func TestGroupAdmin(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	users, groups := people(t, s, 3), circles(t, s, 2)
	admin, member, own, other := users[0], users[1], groups[0], groups[1]
	if _, err := s.App.AddGroupAdmins(t.Context(), forAccount, own, []app.UserRef{{ID: admin}}); err != nil {
		t.Fatal(err)
	}
	by := muster.Actor{App: "client", Home: "primary", Account: "primary", User: admin}
	stranger, elsewhere := by, by
	stranger.User = users[2]
	elsewhere.Account = "branch"
	ctx := t.Context()
	calls := map[string]func(by muster.Actor, group string) error{
		"read": func(by muster.Actor, group string) error { _, err := s.App.Group(ctx, by, group); return err },
		"rename": func(by muster.Actor, group string) error {
			return s.App.RenameGroup(ctx, by, group, "Renamed")
		},
		"add": func(by muster.Actor, group string) error {
			_, err := s.App.AddGroupMembers(ctx, by, group, []app.UserRef{{ID: member}})
			return err
		},
		"members": func(by muster.Actor, group string) error {
			_, err := s.App.GroupMembers(ctx, by, group, app.Page{Size: 1})
			return err
		},
		"admins": func(by muster.Actor, group string) error {
			_, err := s.App.GroupAdmins(ctx, by, group, app.Page{Size: 1})
			return err
		},
		"settings": func(by muster.Actor, group string) error {
			_, err := s.App.OwnerSettings(ctx, by, app.OwnerRef{Level: settings.Group, ID: group}, "", nil)
			return err
		},
		"set": func(by muster.Actor, group string) error {
			return s.App.SetOwnerSettings(ctx, by, app.OwnerRef{Level: settings.Group, ID: group}, "",
				map[string]any{"schedule_meeting": map[string]any{"host_video": true}})
		},
		"lock": func(by muster.Actor, group string) error {
			return s.App.SetOwnerLocks(ctx, by, app.OwnerRef{Level: settings.Group, ID: group}, settings.LockChange{Locks: map[string]bool{"schedule_meeting.host_video": true}})
		},
	}
	for name, call := range calls {
		if err := call(by, own); err != nil {
			t.Errorf("%s by the admin: got %v", name, err)
		}
		for who, tt := range map[string]struct {
			by    muster.Actor
			group string
		}{"another group": {by, other}, "a group that is not there": {by, "nobody"}, "somebody else": {stranger, own}, "in another account": {elsewhere, own}} {
			if err := call(tt.by, tt.group); muster.CodeOf(err) != muster.Forbidden {
				t.Errorf("%s, %s: got %v, want %s", name, who, err, muster.Forbidden)
			}
		}
	}
	if err := s.App.ChangeGroupMember(ctx, by, own, member, app.MoveMember, other); muster.CodeOf(err) != muster.Forbidden {
		t.Errorf("a move into a group of others: got %v", err)
	}
	if err := s.App.RemoveGroupMember(ctx, by, own, member); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"create": func() error { _, err := s.App.CreateGroup(ctx, by, "New"); return err }(),
		"list":   func() error { _, err := s.App.Groups(ctx, by); return err }(),
		"delete": s.App.DeleteGroup(ctx, by, own),
		"appoint": func() error {
			_, err := s.App.AddGroupAdmins(ctx, by, own, []app.UserRef{{ID: member}})
			return err
		}(),
		"dismiss": s.App.RemoveGroupAdmin(ctx, by, own, admin),
	} {
		if muster.CodeOf(err) != muster.Forbidden {
			t.Errorf("%s by a group's admin: got %v, want %s", name, err, muster.Forbidden)
		}
	}
	if err := s.App.RemoveGroupAdmin(ctx, forAccount, own, admin); err != nil {
		t.Fatal(err)
	}
	if err := calls["read"](by, own); muster.CodeOf(err) != muster.Forbidden {
		t.Errorf("who was an admin: got %v", err)
	}
}
