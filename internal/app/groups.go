package app

import (
	"context"
	"errors"
	"slices"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// A CountedGroup is a group with how many members it has.
type CountedGroup = store.CountedGroup

// mayAdminister returns Forbidden unless by may act for the whole account, on
// a plan that has groups and settings. [page 5]
func (a *App) mayAdminister(by muster.Actor) error {
	if err := a.paid(); err != nil {
		return err
	}
	return by.NeedsAdmin("This")
}

func (a *App) paid() error {
	if a.Free {
		return muster.Errorf(muster.Forbidden, "", "This is only available for paid accounts.")
	}
	return nil
}

// group returns the group of by.Account that has the id, or GroupNotFound, if
// by may manage it: here, and nowhere else, its admins are told from others.
func (a *App) group(ctx context.Context, tx *store.Tx, by muster.Actor, id string) (*muster.UserGroup, error) {
	return a.managed(ctx, tx, by, id, tx.Group)
}

// holdGroup is group, and keeps others from changing the group and who is in
// it until the end.
func (a *App) holdGroup(ctx context.Context, tx *store.Tx, by muster.Actor, id string) (*muster.UserGroup, error) {
	return a.managed(ctx, tx, by, id, tx.HoldGroup)
}

func (a *App) managed(ctx context.Context, tx *store.Tx, by muster.Actor, id string, load func(ctx context.Context, account, id string) (*muster.UserGroup, error)) (*muster.UserGroup, error) {
	if err := a.paid(); err != nil {
		return nil, err
	}
	if !by.Admin {
		admin, err := tx.IsGroupAdmin(ctx, by.Account, id, by.User)
		if err != nil {
			return nil, err
		}
		if err := by.MayManageGroup(admin); err != nil {
			return nil, err
		}
	}
	g, err := load(ctx, by.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, muster.NoSuchGroup(id)
	}
	return g, err
}

// orElsewhere returns WrongAccount instead of a GroupNotFound where the group
// is in another account that by administers.
func (a *App) orElsewhere(ctx context.Context, tx *store.Tx, by muster.Actor, id string, err error) error {
	if muster.CodeOf(err) != muster.GroupNotFound {
		return err
	}
	account, e := tx.GroupAccount(ctx, id)
	if errors.Is(e, store.ErrNotFound) {
		return err
	} else if e != nil {
		return e
	}
	if err = a.elsewhere(ctx, tx, by, account, err); muster.CodeOf(err) == muster.WrongAccount {
		return muster.Errorf(muster.WrongAccount, id, "Group does not belong to this account: %s.", by.Account)
	}
	return err
}

// CreateGroup adds a group to by.Account.
func (a *App) CreateGroup(ctx context.Context, by muster.Actor, name string) (*muster.UserGroup, error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	if rule := muster.CheckGroupName(name); rule != "" {
		return nil, muster.InvalidField("name", "%s", rule)
	}
	var g *muster.UserGroup
	err := a.write(ctx, func(tx *store.Tx) error {
		if err := a.roomForGroup(ctx, tx, by.Account); err != nil {
			return err
		}
		g = &muster.UserGroup{ID: a.IDs.Ordered(tx.Now), Account: by.Account, Name: name, CreatedAt: tx.Now}
		if err := tx.AddGroup(ctx, g); errors.Is(err, store.ErrExists) {
			return groupExists(name)
		} else if err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.GroupCreated, nil, []string{g.ID}, map[string]any{"after": map[string]any{"name": name}})
	})
	return g, err
}

// roomForGroup counts a new group against the limits. Others who make one in
// the account wait at the day's count, so that together they do not pass it.
func (a *App) roomForGroup(ctx context.Context, tx *store.Tx, account string) error {
	const subject = "groups"
	counts, err := tx.CountToday(ctx, account, []string{subject})
	if err != nil {
		return err
	}
	if limit := a.Plan.NewGroups; limit > 0 && counts[subject] > limit {
		return &muster.Error{Code: muster.GroupDailyLimit, Subject: account, Limit: int(limit), Detail: "Too many new groups today."}
	}
	n, err := tx.CountGroups(ctx, account)
	if err == nil && n >= muster.MaxGroups {
		err = muster.Errorf(muster.Invalid, "", "It has reached the maximum number of groups (%d). You can clean up some groups then add.", muster.MaxGroups)
	}
	return err
}

func groupExists(name string) error {
	return muster.Errorf(muster.GroupExists, name, "The group name %q is already in use.", name)
}

// Groups returns all groups of by.Account in order of creation.
func (a *App) Groups(ctx context.Context, by muster.Actor) (groups []CountedGroup, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		groups, err = tx.CountedGroups(ctx, by.Account)
		return err
	})
	return groups, err
}

// Group returns a group of by.Account. Errors: GroupNotFound, WrongAccount.
func (a *App) Group(ctx context.Context, by muster.Actor, id string) (g *CountedGroup, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		found, err := a.group(ctx, tx, by, id)
		if err != nil {
			return a.orElsewhere(ctx, tx, by, id, err)
		}
		n, err := tx.CountMembers(ctx, id)
		g = &CountedGroup{UserGroup: *found, Members: n}
		return err
	})
	return g, err
}

// RenameGroup gives a group another name.
func (a *App) RenameGroup(ctx context.Context, by muster.Actor, id, name string) error {
	if rule := muster.CheckGroupName(name); rule != "" {
		return muster.InvalidField("name", "%s", rule)
	}
	return a.write(ctx, func(tx *store.Tx) error {
		g, err := a.holdGroup(ctx, tx, by, id)
		if err != nil || g.Name == name {
			return err
		}
		before := g.Name
		g.Name = name
		if err := tx.RenameGroup(ctx, g); errors.Is(err, store.ErrExists) {
			return groupExists(name)
		} else if err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.GroupUpdated, nil, []string{id},
			map[string]any{"before": map[string]any{"name": before}, "after": map[string]any{"name": name}})
	})
}

// DeleteGroup removes a group with its settings. Its members stay users.
func (a *App) DeleteGroup(ctx context.Context, by muster.Actor, id string) error {
	if err := a.mayAdminister(by); err != nil {
		return err
	}
	return a.write(ctx, func(tx *store.Tx) error {
		g, err := a.holdGroup(ctx, tx, by, id)
		if err != nil {
			return err
		}
		members, admins, err := tx.GroupUsers(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.LeaveAll(ctx, id); err != nil {
			return err
		}
		if err := a.forgetOwner(ctx, tx, by.Account, OwnerRef{settings.Group, id}); err != nil {
			return err
		}
		if err := tx.RemoveGroup(ctx, by.Account, id); err != nil {
			return err
		}
		people := slices.Concat(members, admins)
		return a.events(ctx, tx, by, muster.GroupDeleted, id, people, func(some []string) map[string]any {
			return map[string]any{"before": map[string]any{"name": g.Name, "members": among(members, some), "admins": among(admins, some)}}
		})
	})
}
