package app

import (
	"context"
	"errors"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// An IMGroupChange is what a create or an update says of an IM group. nil
// means that it says nothing.
type IMGroupChange struct {
	Name                                      *string
	Type                                      *muster.IMGroupType
	SearchAccount, SearchDomain, SearchMaster *bool
}

func (c IMGroupChange) apply(g *muster.IMGroup) error {
	assign(&g.Name, c.Name)
	assign(&g.Type, c.Type)
	assign(&g.SearchAccount, c.SearchAccount)
	assign(&g.SearchDomain, c.SearchDomain)
	assign(&g.SearchMaster, c.SearchMaster)
	if rule := muster.CheckGroupName(g.Name); rule != "" {
		return muster.InvalidField("name", "%s", rule)
	}
	return nil
}

// IMGroups returns the IM groups of by.Account in order of creation.
func (a *App) IMGroups(ctx context.Context, by muster.Actor) (list []muster.IMGroup, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		list, err = tx.IMGroups(ctx, by.Account, muster.MaxIMGroups)
		return err
	})
	return list, err
}

// imGroup returns the IM group of by.Account that has the id, or GroupNotFound.
func (a *App) imGroup(ctx context.Context, tx *store.Tx, by muster.Actor, id string) (*muster.IMGroup, error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	g, err := tx.IMGroup(ctx, by.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, muster.NoSuchGroup(id)
	}
	return g, err
}

// IMGroup returns an IM group of by.Account.
func (a *App) IMGroup(ctx context.Context, by muster.Actor, id string) (g *muster.IMGroup, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		g, err = a.imGroup(ctx, tx, by, id)
		return err
	})
	return g, err
}

// CreateIMGroup adds an IM group to by.Account.
func (a *App) CreateIMGroup(ctx context.Context, by muster.Actor, c IMGroupChange) (g *muster.IMGroup, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		g = &muster.IMGroup{ID: a.IDs.Ordered(tx.Now), Account: by.Account, Type: muster.IMGroupNormal, CreatedAt: tx.Now}
		if err := c.apply(g); err != nil {
			return err
		}
		if _, err := tx.HoldAccount(ctx, by.Account); err != nil { // two do not take the last place at once
			return err
		}
		n, err := tx.CountIMGroups(ctx, by.Account)
		if err != nil {
			return err
		}
		if n >= muster.MaxIMGroups {
			return muster.Errorf(muster.Invalid, "", "The account has %d IM groups: it cannot have more.", n)
		}
		if err := imGroupTaken(g, tx.AddIMGroup(ctx, g)); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.IMGroupCreated, nil, []string{g.ID}, map[string]any{"after": toldIMGroup(g)})
	})
	return g, err
}

// UpdateIMGroup changes an IM group of by.Account.
func (a *App) UpdateIMGroup(ctx context.Context, by muster.Actor, id string, c IMGroupChange) error {
	return a.write(ctx, func(tx *store.Tx) error {
		g, err := a.imGroup(ctx, tx, by, id)
		if err != nil {
			return err
		}
		before := toldIMGroup(g)
		if err := c.apply(g); err != nil {
			return err
		}
		data := difference(before, toldIMGroup(g))
		if data == nil {
			return nil
		}
		if err := imGroupTaken(g, tx.SetIMGroup(ctx, g)); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.IMGroupUpdated, nil, []string{id}, data)
	})
}

// DeleteIMGroup deletes an IM group. Its members stay users.
func (a *App) DeleteIMGroup(ctx context.Context, by muster.Actor, id string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		g, err := a.imGroup(ctx, tx, by, id)
		if err != nil {
			return err
		}
		members, err := tx.IMGroupUsers(ctx, by.Account, id)
		if err != nil {
			return err
		}
		if err := tx.RemoveIMGroup(ctx, by.Account, id); err != nil {
			return err
		}
		return a.events(ctx, tx, by, muster.IMGroupDeleted, id, members, func(members []string) map[string]any {
			before := toldIMGroup(g)
			before["members"] = members
			return map[string]any{"before": before}
		})
	})
}

// imGroupTaken makes GroupExists of ErrExists.
func imGroupTaken(g *muster.IMGroup, err error) error {
	if errors.Is(err, store.ErrExists) {
		return muster.Errorf(muster.GroupExists, g.Name, "Group name %s is already in use.", g.Name)
	}
	return err
}

// toldIMGroup returns what the event log has of an IM group.
func toldIMGroup(g *muster.IMGroup) map[string]any {
	return map[string]any{
		"name": g.Name, "type": string(g.Type), "search_by_account": g.SearchAccount, "search_by_domain": g.SearchDomain,
		"search_by_ma_account": g.SearchMaster,
	}
}

// AddIMGroupMembers puts users into an IM group and returns the ids of those
// who were not in it. They are few: the API takes ten at once.
func (a *App) AddIMGroupMembers(ctx context.Context, by muster.Actor, id string, refs []UserRef) (joined []string, at time.Time, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if _, err := a.imGroup(ctx, tx, by, id); err != nil {
			return err
		}
		users, err := a.named(ctx, tx, by, "members", refs)
		if err != nil {
			return err
		}
		joined, at = nil, tx.Now
		for i := range users {
			fresh, err := tx.AddIMGroupMember(ctx, by.Account, id, users[i].ID)
			if err != nil {
				return err
			}
			if fresh {
				joined = append(joined, users[i].ID)
			}
		}
		if len(joined) == 0 {
			return nil
		}
		data := map[string]any{"after": map[string]any{"members": joined}}
		return a.event(ctx, tx, by, muster.IMGroupMembersAdded, nil, append([]string{id}, joined...), data)
	})
	return joined, at, err
}

// IMGroupMembers returns the members of an IM group in the order in which
// they joined.
func (a *App) IMGroupMembers(ctx context.Context, by muster.Actor, id string, p Page) (list Listed[muster.User], err error) {
	bound := []string{"im group members", by.Account, id}
	err = a.read(ctx, func(tx *store.Tx) error {
		g, err := a.imGroup(ctx, tx, by, id)
		if err != nil {
			return err
		}
		list, err = a.usersListed(tx, p, bound, func(after int64, skip, limit int) ([]muster.User, int64, error) {
			users, err := tx.IMGroupMembers(ctx, by.Account, id, after, skip, limit)
			return users, g.Members, err
		})
		return err
	})
	return list, err
}

// RemoveIMGroupMember takes a user, named by id or email, out of an IM group.
// Errors: GroupNotFound, GroupMemberNotFound.
func (a *App) RemoveIMGroupMember(ctx context.Context, by muster.Actor, id, user string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		if _, err := a.imGroup(ctx, tx, by, id); err != nil {
			return err
		}
		u, err := a.findUser(ctx, tx, by, user)
		if err == nil {
			err = tx.RemoveIMGroupMember(ctx, by.Account, id, u.ID)
		}
		if errors.Is(err, store.ErrNotFound) {
			return muster.Errorf(muster.GroupMemberNotFound, user, "User is not in the group: %.128s.", user)
		} else if err != nil {
			return err
		}
		data := map[string]any{"before": map[string]any{"members": []string{u.ID}}}
		return a.event(ctx, tx, by, muster.IMGroupMemberRemoved, nil, []string{id, u.ID}, data)
	})
}
