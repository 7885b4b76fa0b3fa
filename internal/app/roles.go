package app

import (
	"context"
	"errors"

	"muster/internal/muster"
	"muster/internal/store"
)

// A RoleChange is what a create or an update says of a role. nil means that
// it says nothing.
type RoleChange struct {
	Name, Description *string
	Privileges        *muster.Privileges
	SubAccounts       *muster.SubReach
}

// A RoleView is a role as its readers see it.
type RoleView struct {
	muster.AccountRole
	Members int64
	Parent  bool // the account may have sub accounts
}

// Roles returns the roles of by.Account: the built-in ones, then its own in
// order of creation.
func (a *App) Roles(ctx context.Context, by muster.Actor) (list []RoleView, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		own, err := tx.Roles(ctx, by.Account, muster.MaxRoles)
		if err != nil {
			return err
		}
		sizes, err := tx.RoleSizes(ctx, by.Account)
		if err != nil {
			return err
		}
		list = nil
		for _, r := range append(muster.BuiltInRoles(), own...) {
			list = append(list, RoleView{AccountRole: r, Members: sizes[r.ID]})
		}
		return nil
	})
	return list, err
}

// role returns the role of by.Account that has the id, a built-in one too, or
// RoleNotFound.
func (a *App) role(ctx context.Context, tx *store.Tx, by muster.Actor, id muster.Role) (*muster.AccountRole, error) {
	return a.someRole(ctx, by, id, tx.Role)
}

// holdRole is role for one that is to be changed, given or taken: others who
// want to do so wait until the end.
func (a *App) holdRole(ctx context.Context, tx *store.Tx, by muster.Actor, id muster.Role) (*muster.AccountRole, error) {
	return a.someRole(ctx, by, id, tx.HoldRole)
}

func (a *App) someRole(ctx context.Context, by muster.Actor, id muster.Role,
	load func(ctx context.Context, account string, id muster.Role) (*muster.AccountRole, error),
) (*muster.AccountRole, error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	if r := muster.BuiltIn(id); r != nil {
		return r, nil
	}
	r, err := load(ctx, by.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, muster.NoSuchRole(id)
	}
	return r, err
}

// roleOf returns the role of a user: a Member's where it is none of their
// account any more. It holds no role: the user may be held already, and whoever
// changes roles holds the users after them.
func roleOf(ctx context.Context, tx *store.Tx, u *muster.User) (*muster.AccountRole, error) {
	if r := muster.BuiltIn(u.Role); r != nil {
		return r, nil
	}
	r, err := tx.Role(ctx, u.Account, u.Role)
	if errors.Is(err, store.ErrNotFound) {
		return muster.BuiltIn(muster.RoleMember), nil
	}
	return r, err
}

// mayGovern returns Forbidden where u's role has privileges that by's does not:
// to administer users is no power over who may more. What is one's own is
// everybody's.
func mayGovern(ctx context.Context, tx *store.Tx, by muster.Actor, u *muster.User) error {
	if by.User == u.ID && by.Account == by.Home {
		return nil
	}
	r, err := roleOf(ctx, tx, u)
	if err != nil || r.ID == muster.RoleMember { // who administers nothing
		return err
	}
	return by.MayGive(r)
}

// ownRole returns a role, held, that by may change: none that is built in and none
// that may more than by.
func (a *App) ownRole(ctx context.Context, tx *store.Tx, by muster.Actor, id muster.Role) (*muster.AccountRole, error) {
	r, err := a.holdRole(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if r.Account == "" {
		return nil, muster.Errorf(muster.Invalid, string(id), "The role %s is built in: it cannot be updated or deleted.", r.Name)
	}
	return r, by.MayGive(r)
}

// Role returns a role of by.Account.
func (a *App) Role(ctx context.Context, by muster.Actor, id muster.Role) (v *RoleView, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		r, err := a.role(ctx, tx, by, id)
		if err != nil {
			return err
		}
		v, err = roleView(ctx, tx, by, r)
		return err
	})
	return v, err
}

func roleView(ctx context.Context, tx *store.Tx, by muster.Actor, r *muster.AccountRole) (*RoleView, error) {
	acc, err := tx.Account(ctx, by.Account)
	if err != nil {
		return nil, err
	}
	members, err := tx.CountRole(ctx, by.Account, r.ID)
	return &RoleView{AccountRole: *r, Members: members, Parent: acc.Parent == ""}, err
}

// CreateRole adds a role to by.Account. It may do nothing that by may not.
func (a *App) CreateRole(ctx context.Context, by muster.Actor, c RoleChange) (v *RoleView, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		r := &muster.AccountRole{ID: muster.Role(a.IDs.Ordered(tx.Now)), Account: by.Account, CreatedAt: tx.Now}
		if err := changeRole(r, by, c); err != nil {
			return err
		}
		if _, err := tx.HoldAccount(ctx, by.Account); err != nil { // two do not take the last place at once
			return err
		}
		own, err := tx.Roles(ctx, by.Account, muster.MaxRoles)
		if err != nil {
			return err
		}
		if len(own) == muster.MaxRoles {
			return muster.Errorf(muster.Invalid, "", "The account has %d roles: it cannot have more.", muster.MaxRoles)
		}
		if err := roleTaken(r, tx.AddRole(ctx, r)); err != nil {
			return err
		}
		if v, err = roleView(ctx, tx, by, r); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.RoleCreated, nil, []string{string(r.ID)}, map[string]any{"after": toldRole(r)})
	})
	return v, err
}

// UpdateRole changes a role of by.Account that is not built in. Its members
// may do what it says within a second.
func (a *App) UpdateRole(ctx context.Context, by muster.Actor, id muster.Role, c RoleChange) error {
	return a.write(ctx, func(tx *store.Tx) error {
		r, err := a.ownRole(ctx, tx, by, id)
		if err != nil {
			return err
		}
		before := toldRole(r)
		if err := changeRole(r, by, c); err != nil {
			return err
		}
		data := difference(before, toldRole(r))
		if data == nil {
			return nil
		}
		if err := roleTaken(r, tx.SetRole(ctx, r)); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		return a.event(ctx, tx, by, muster.RoleUpdated, nil, []string{string(id)}, data)
	})
}

// changeRole makes c's changes to r and checks that by may.
func changeRole(r *muster.AccountRole, by muster.Actor, c RoleChange) error {
	assign(&r.Name, c.Name)
	assign(&r.Description, c.Description)
	assign(&r.Privileges, c.Privileges)
	assign(&r.SubAccounts, c.SubAccounts)
	if rule := muster.CheckRoleName(r.Name); rule != "" {
		return muster.InvalidField("name", "%s", rule)
	}
	for _, b := range muster.BuiltInRoles() {
		if muster.RoleKey(b.Name) == muster.RoleKey(r.Name) {
			return roleTaken(r, store.ErrExists)
		}
	}
	return by.MayGive(r)
}

// roleTaken makes RoleExists of ErrExists.
func roleTaken(r *muster.AccountRole, err error) error {
	if errors.Is(err, store.ErrExists) {
		return muster.Errorf(muster.RoleExists, r.Name, "Role name %q has already been used.", r.Name)
	}
	return err
}

// toldRole returns what the event log has of a role.
func toldRole(r *muster.AccountRole) map[string]any {
	return map[string]any{"name": r.Name, "description": r.Description, "privileges": r.Privileges.Names(), "second_level": int64(r.SubAccounts)}
}

// DeleteRole deletes a role that is not built in. Its members become Members.
func (a *App) DeleteRole(ctx context.Context, by muster.Actor, id muster.Role) error {
	return a.write(ctx, func(tx *store.Tx) error {
		r, err := a.ownRole(ctx, tx, by, id)
		if err != nil {
			return err
		}
		members, err := tx.RoleHolders(ctx, by.Account, id)
		if err != nil {
			return err
		}
		if err := tx.RemoveRole(ctx, by.Account, id, muster.RoleMember); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		return a.events(ctx, tx, by, muster.RoleDeleted, string(id), members, func(members []string) map[string]any {
			before := toldRole(r)
			before["members"] = members
			data := map[string]any{"before": before}
			if len(members) > 0 {
				data["after"] = map[string]any{"role": string(muster.RoleMember)}
			}
			return data
		})
	})
}

// RoleMembers returns the users who have a role, in order of their creation.
func (a *App) RoleMembers(ctx context.Context, by muster.Actor, id muster.Role, p Page) (list Listed[muster.User], err error) {
	bound := []string{"role members", by.Account, string(id)}
	err = a.read(ctx, func(tx *store.Tx) error {
		if _, err := a.role(ctx, tx, by, id); err != nil {
			return err
		}
		list, err = a.usersListed(tx, p, bound, func(after int64, skip, limit int) ([]muster.User, int64, error) {
			return tx.Users(ctx, by.Account, UserFilter{Role: id}, after, skip, limit)
		})
		return err
	})
	return list, err
}
