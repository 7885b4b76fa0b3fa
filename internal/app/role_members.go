package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// AssignRole gives a role to users, who lose the one that they had, and
// returns the ids of those who did not have it already.
func (a *App) AssignRole(ctx context.Context, by muster.Actor, id muster.Role, refs []UserRef) (ids []string, at time.Time, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		r, err := a.givenRole(ctx, tx, by, id)
		if err != nil {
			return err
		}
		users, err := a.named(ctx, tx, by, "members", refs)
		if err != nil {
			return err
		}
		ids, at = nil, tx.Now
		before, roles := map[string]any{}, []string{string(id)}
		for i := range users {
			u := &users[i]
			if u.Role == id {
				continue
			}
			if err := mayTake(ctx, tx, by, u); err != nil {
				return err
			}
			before[u.ID] = string(u.Role)
			ids = append(ids, u.ID)
			if u.Role != muster.RoleMember && !slices.Contains(roles, string(u.Role)) {
				roles = append(roles, string(u.Role)) // its audit tells who lost it
			}
		}
		if len(ids) == 0 {
			return nil
		}
		if err := tx.GiveRole(ctx, by.Account, id, ids); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		data := map[string]any{"before": map[string]any{"roles": before}, "after": map[string]any{"role": string(id), "name": r.Name}}
		return a.event(ctx, tx, by, muster.RoleAssigned, nil, append(roles, ids...), data)
	})
	return ids, at, err
}

// givenRole returns a role, held, that by may give to users: not that of the owner,
// and not Member, which is what somebody has who has no other.
func (a *App) givenRole(ctx context.Context, tx *store.Tx, by muster.Actor, id muster.Role) (*muster.AccountRole, error) {
	r, err := a.holdRole(ctx, tx, by, id)
	if err != nil {
		return nil, err
	}
	if id == muster.RoleOwner || id == muster.RoleMember {
		return nil, muster.Errorf(muster.Invalid, string(id), "Nobody can be added to or removed from the role %s.", r.Name)
	}
	return r, by.MayGive(r)
}

// mayTake returns nil if by may take u's role from them: not the owner's, and
// none that may more than by.
func mayTake(ctx context.Context, tx *store.Tx, by muster.Actor, u *muster.User) error {
	if u.Role == muster.RoleOwner {
		return muster.Errorf(muster.Invalid, u.ID, "The account's owner keeps their role: %s.", u.ID)
	}
	return mayGovern(ctx, tx, by, u)
}

// UnassignRole makes a Member of a user who has the role. Errors: RoleNotFound,
// UserNotFound where they do not have it.
func (a *App) UnassignRole(ctx context.Context, by muster.Actor, id muster.Role, user string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		r, err := a.givenRole(ctx, tx, by, id)
		if err != nil {
			return err
		}
		ref := UserRef{ID: user}
		if muster.CheckEmail(user) == "" {
			ref = UserRef{Email: user}
		}
		users, err := a.named(ctx, tx, by, "members", []UserRef{ref})
		if _, told := errors.AsType[*muster.Error](err); err != nil && !told {
			return err
		}
		if len(users) == 0 || users[0].Role != id {
			return muster.Errorf(muster.UserNotFound, user, "User does not have the role: %.128s.", user)
		}
		if err := tx.GiveRole(ctx, by.Account, muster.RoleMember, []string{users[0].ID}); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		data := map[string]any{
			"before": map[string]any{"role": string(id), "name": r.Name}, "after": map[string]any{"role": string(muster.RoleMember)},
		}
		return a.event(ctx, tx, by, muster.RoleUnassigned, nil, []string{string(id), users[0].ID}, data)
	})
}

// Permissions returns the privileges of the user whom ref names.
func (a *App) Permissions(ctx context.Context, by muster.Actor, ref string) (list []string, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		r, err := roleOf(ctx, tx, u)
		if err == nil {
			list = r.Privileges.Names()
		}
		return err
	})
	return list, err
}
