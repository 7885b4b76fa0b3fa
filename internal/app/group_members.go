package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// A UserRef names a user by id or, where that is "", by email.
type UserRef struct{ ID, Email string }

// named returns the users of by.Account whom refs name, each once and in the
// order of refs, and keeps others from changing their groups and roles. It
// refuses all where one of them is nobody; field is the list's name in requests.
func (a *App) named(ctx context.Context, tx *store.Tx, by muster.Actor, field string, refs []UserRef) ([]muster.User, error) {
	var ids, emails []string
	for _, r := range refs {
		if r.ID != "" {
			ids = append(ids, r.ID)
		} else {
			emails = append(emails, r.Email)
		}
	}
	byID, byEmail, err := tx.HoldUsers(ctx, by.Account, ids, emails)
	if err != nil {
		return nil, err
	}
	var users []muster.User
	var problems []muster.Problem
	for i, r := range refs {
		u, name := byID[r.ID], "id"
		if r.ID == "" {
			u, name = byEmail[muster.EmailKey(r.Email)], "email"
		}
		if u == nil {
			problems = append(problems, muster.Problem{Field: fmt.Sprintf("%s[%d].%s", field, i, name), Rule: "must be that of a user of the account"})
		} else if !slices.ContainsFunc(users, func(v muster.User) bool { return v.ID == u.ID }) {
			users = append(users, *u)
		}
	}
	return users, muster.InvalidFields(problems)
}

// holdByText holds the users of an account whom refs name by id or, with an @,
// by email. whom returns which of them a ref names, nil for nobody.
func holdByText(ctx context.Context, tx *store.Tx, account string, refs []string) (whom func(ref string) *muster.User, err error) {
	isEmail := func(ref string) bool { return strings.Contains(ref, "@") }
	var ids, emails []string
	for _, ref := range refs {
		if isEmail(ref) {
			emails = append(emails, ref)
		} else {
			ids = append(ids, ref)
		}
	}
	byID, byEmail, err := tx.HoldUsers(ctx, account, ids, emails)
	return func(ref string) *muster.User {
		if isEmail(ref) {
			return byEmail[muster.EmailKey(ref)]
		}
		return byID[ref]
	}, err
}

// holdUsers is named, for who wants the ids alone.
func (a *App) holdUsers(ctx context.Context, tx *store.Tx, by muster.Actor, field string, refs []UserRef) ([]string, error) {
	users, err := a.named(ctx, tx, by, field, refs)
	ids := make([]string, len(users))
	for i := range users {
		ids[i] = users[i].ID
	}
	return ids, err
}

// AddGroupMembers puts users into a group and returns the ids of those who
// were not in it.
func (a *App) AddGroupMembers(ctx context.Context, by muster.Actor, id string, refs []UserRef) (joined []string, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if _, err := a.holdGroup(ctx, tx, by, id); err != nil {
			return err
		}
		people, err := a.named(ctx, tx, by, "members", refs)
		if err != nil {
			return err
		}
		users := make([]string, len(people))
		for i := range people {
			users[i] = people[i].ID
			if by.Admin { // a group's own admins govern nobody who may more
				continue
			}
			if err := mayGovern(ctx, tx, by, &people[i]); err != nil {
				return err
			}
		}
		err = a.liftingNoBan(ctx, tx, by, users, func() error {
			joined, err = tx.Join(ctx, by.Account, id, users)
			return err
		})
		if err != nil || len(joined) == 0 {
			return err
		}
		return a.event(ctx, tx, by, muster.GroupMembersAdded, nil, append([]string{id}, joined...), map[string]any{"after": map[string]any{"members": joined}})
	})
	return joined, err
}

// GroupMembers returns a page of a group's members in the order in which they joined.
func (a *App) GroupMembers(ctx context.Context, by muster.Actor, id string, p Page) (Listed[muster.User], error) {
	return a.groupUsers(ctx, by, id, p, "group_members", (*store.Tx).Members, (*store.Tx).CountMembers)
}

// GroupAdmins returns a page of a group's admins in the order in which they were added.
func (a *App) GroupAdmins(ctx context.Context, by muster.Actor, id string, p Page) (Listed[muster.User], error) {
	return a.groupUsers(ctx, by, id, p, "group_admins", (*store.Tx).GroupAdmins, (*store.Tx).CountGroupAdmins)
}

func (a *App) groupUsers(
	ctx context.Context, by muster.Actor, id string, p Page, kind string,
	users func(tx *store.Tx, ctx context.Context, group string, after int64, skip, limit int) ([]muster.User, error),
	count func(tx *store.Tx, ctx context.Context, group string) (int64, error),
) (list Listed[muster.User], err error) {
	bound := []string{kind, by.Account, id}
	err = a.read(ctx, func(tx *store.Tx) error {
		if _, err := a.group(ctx, tx, by, id); err != nil {
			return err
		}
		list, err = a.usersListed(tx, p, bound, func(after int64, skip, limit int) ([]muster.User, int64, error) {
			total, err := count(tx, ctx, id)
			if err != nil {
				return nil, 0, err
			}
			rows, err := users(tx, ctx, id, after, skip, limit)
			return rows, total, err
		})
		return err
	})
	return list, err
}

// A MemberChange is what ChangeGroupMember does.
type MemberChange string

// The changes of a membership, with the API's words.
const (
	MoveMember MemberChange = "move"        // out of the group and into the target
	SetPrimary MemberChange = "set_primary" // the target is the user's primary group, the group itself where there is none
)

// ChangeGroupMember moves a member of a group into another or sets their
// primary group. Who is moved out of their primary group has the target as
// their primary one.
func (a *App) ChangeGroupMember(ctx context.Context, by muster.Actor, id, member string, change MemberChange, target string) error {
	if target == "" {
		target = id
	}
	return a.write(ctx, func(tx *store.Tx) error {
		for _, g := range slices.Compact(slices.Sorted(slices.Values([]string{id, target}))) { // in one order, so that two cannot deadlock
			if _, err := a.holdGroup(ctx, tx, by, g); err != nil {
				return a.orElsewhere(ctx, tx, by, g, err)
			}
		}
		m, err := a.holdMember(ctx, tx, by, id, member)
		if err != nil {
			return err
		}
		return a.liftingNoBan(ctx, tx, by, []string{m.User}, func() error {
			if change == SetPrimary {
				return a.setPrimary(ctx, tx, by, m, target)
			}
			return a.moveMember(ctx, tx, by, m, target)
		})
	})
}

// liftingNoBan runs a change of which groups users are in, and refuses it where
// by does not administer the account and it lets somebody schedule who could
// not: that is for the account to say, not for the admins of groups.
func (a *App) liftingNoBan(ctx context.Context, tx *store.Tx, by muster.Actor, users []string, change func() error) error {
	if by.Admin {
		return change()
	}
	before, err := a.schedulers(ctx, tx, by.Account, users)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := a.schedulers(ctx, tx, by.Account, users)
	if err != nil {
		return err
	}
	for _, id := range users {
		if after[id] && !before[id] {
			return muster.Errorf(muster.Forbidden, id, "This would let the user %s schedule meetings, which only an account administrator can.", id)
		}
	}
	return nil
}

// schedulers returns whom of the users of an account the settings let schedule.
func (a *App) schedulers(ctx context.Context, tx *store.Tx, account string, users []string) (map[string]bool, error) {
	groups, err := tx.GroupsOfEach(ctx, account, users)
	if err != nil {
		return nil, err
	}
	may := make(map[string]bool, len(users))
	for _, id := range users { // at most as many as one call names
		of := make([]muster.UserGroup, len(groups[id]))
		for i, group := range groups[id] {
			of[i].ID = group
		}
		chain, err := a.chainOf(ctx, tx, account, of, &muster.User{ID: id})
		if err != nil {
			return nil, err
		}
		may[id] = chain.Value(settings.MaySchedule) == true
	}
	return may, nil
}

// holdMember returns the membership of the user whom ref names by id or email
// in a group and keeps others from changing it.
func (a *App) holdMember(ctx context.Context, tx *store.Tx, by muster.Actor, group, ref string) (*muster.GroupMember, error) {
	byID, byEmail, err := tx.HoldUsers(ctx, by.Account, []string{ref}, []string{ref})
	if err != nil {
		return nil, err
	}
	u := byID[ref]
	if u == nil {
		u = byEmail[muster.EmailKey(ref)]
	}
	if u == nil {
		return nil, muster.NoSuchMember(group, ref)
	}
	m, err := tx.Membership(ctx, group, u.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, muster.NoSuchMember(group, ref)
	}
	return m, err
}

func (a *App) setPrimary(ctx context.Context, tx *store.Tx, by muster.Actor, m *muster.GroupMember, target string) error {
	groups, err := tx.GroupsOf(ctx, by.Account, m.User)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(groups, func(g muster.UserGroup) bool { return g.ID == target }) {
		return muster.NoSuchMember(target, m.User)
	}
	before := groups[0].ID // the primary one
	if before == target {
		return nil
	}
	if err := tx.SetPrimary(ctx, target, m.User); err != nil {
		return err
	}
	data := map[string]any{"before": map[string]any{"primary_group": before}, "after": map[string]any{"primary_group": target}}
	return a.event(ctx, tx, by, muster.GroupPrimarySet, nil, []string{target, m.User}, data)
}

func (a *App) moveMember(ctx context.Context, tx *store.Tx, by muster.Actor, m *muster.GroupMember, target string) error {
	if target == m.Group {
		return muster.InvalidField("target_group_id", "must be another group")
	}
	if _, err := tx.Join(ctx, by.Account, target, []string{m.User}); err != nil {
		return err
	}
	if m.Primary {
		if err := tx.SetPrimary(ctx, target, m.User); err != nil {
			return err
		}
	}
	if err := tx.Leave(ctx, m.Group, m.User); err != nil {
		return err
	}
	data := map[string]any{"before": map[string]any{"group": m.Group, "primary": m.Primary}, "after": map[string]any{"group": target}}
	return a.event(ctx, tx, by, muster.GroupMemberMoved, nil, []string{m.Group, target, m.User}, data)
}

// RemoveGroupMember takes a member out of a group.
func (a *App) RemoveGroupMember(ctx context.Context, by muster.Actor, id, member string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		if _, err := a.holdGroup(ctx, tx, by, id); err != nil {
			return a.orElsewhere(ctx, tx, by, id, err)
		}
		m, err := a.holdMember(ctx, tx, by, id, member)
		if err != nil {
			return err
		}
		err = a.liftingNoBan(ctx, tx, by, []string{m.User}, func() error { return tx.Leave(ctx, id, m.User) })
		if err != nil {
			return err
		}
		data := map[string]any{"before": map[string]any{"members": []string{m.User}, "primary": m.Primary}}
		return a.event(ctx, tx, by, muster.GroupMemberRemoved, nil, []string{id, m.User}, data)
	})
}

// AddGroupAdmins makes users admins of a group and returns the ids of those
// who were not.
func (a *App) AddGroupAdmins(ctx context.Context, by muster.Actor, id string, refs []UserRef) (added []string, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		if _, err := a.holdGroup(ctx, tx, by, id); err != nil {
			return err
		}
		users, err := a.holdUsers(ctx, tx, by, "admins", refs)
		if err != nil {
			return err
		}
		if added, err = tx.AddGroupAdmins(ctx, by.Account, id, users); err != nil || len(added) == 0 {
			return err
		}
		return a.event(ctx, tx, by, muster.GroupAdminsAdded, nil, append([]string{id}, added...), map[string]any{"after": map[string]any{"admins": added}})
	})
	return added, err
}

// RemoveGroupAdmin makes a user no admin of a group. Errors: GroupAdminNotFound.
func (a *App) RemoveGroupAdmin(ctx context.Context, by muster.Actor, id, ref string) error {
	if err := a.mayAdminister(by); err != nil {
		return err
	}
	return a.write(ctx, func(tx *store.Tx) error {
		if _, err := a.holdGroup(ctx, tx, by, id); err != nil {
			return err
		}
		user := ref
		if u, err := a.findUser(ctx, tx, by, ref); err == nil {
			user = u.ID
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		err := tx.RemoveGroupAdmin(ctx, by.Account, id, user)
		if errors.Is(err, store.ErrNotFound) {
			return muster.Errorf(muster.GroupAdminNotFound, ref, "That user is not an administrator for the group: %s.", id)
		} else if err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.GroupAdminRemoved, nil, []string{id, user}, map[string]any{"before": map[string]any{"admins": []string{user}}})
	})
}
