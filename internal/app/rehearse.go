package app

import (
	"context"
	"fmt"
	"maps"
	"reflect"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// An Extent is for how many groups and users of an account something would be
// otherwise.
type Extent struct{ Groups, Users int64 }

// RehearseOwnerSettings returns for how many groups and users other settings
// would hold after SetOwnerSettings of the same. It refuses what that would
// refuse, and changes nothing.
func (a *App) RehearseOwnerSettings(ctx context.Context, by muster.Actor, ref OwnerRef, option string, body map[string]any) (e Extent, err error) {
	shape, err := shapeOf(ref.Level, option)
	if err != nil {
		return e, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		chain, err := a.changeable(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		change, err := a.settingsChange(ctx, tx, by, chain, shape, body)
		if err != nil {
			return err
		}
		e, err = rehearse(ctx, tx, by.Account, chain, change, nil)
		return err
	})
	return e, err
}

// RehearseOwnerLocks returns for how many groups and users other settings would
// hold after SetOwnerLocks of the same. It refuses what that would refuse, and
// changes nothing.
func (a *App) RehearseOwnerLocks(ctx context.Context, by muster.Actor, ref OwnerRef, change settings.LockChange) (e Extent, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		chain, err := a.changeable(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		locks, values, err := a.locksChange(ctx, tx, by, chain, change)
		if err != nil {
			return err
		}
		e, err = rehearse(ctx, tx, by.Account, chain, values, locks)
		return err
	})
	return e, err
}

// rehearse returns what a change of values, by key, and of locks, by name, at
// the end of a chain would do.
func rehearse(ctx context.Context, tx *store.Tx, account string, chain settings.Chain, values settings.Doc, locks map[string]bool) (Extent, error) {
	r := &rehearsal{tx: tx, account: account, chain: chain, before: chain.End()}
	next := *r.before
	next.Values = settings.Merge(next.Values, values)
	next.Locked = locked(maps.Clone(next.Locked), locks)
	r.after = &next
	keys := map[string]bool{}
	for name := range locks {
		keys[settings.LockKey(name)] = true
	}
	for _, s := range settings.Settings() {
		if _, changes := values[s.Key]; changes || s.Lock != "" && keys[settings.LockKey(s.Lock)] {
			r.changed = append(r.changed, s)
		}
	}
	return r.extent(ctx)
}

// A rehearsal is a change of one owner's settings that is not made.
type rehearsal struct {
	tx            *store.Tx
	account       string
	chain         settings.Chain // ends with before
	before, after *settings.Owner
	changed       []*settings.Setting
}

// rehearsalPage is how many users are looked at with one query.
const rehearsalPage = 1000

func (r *rehearsal) extent(ctx context.Context) (e Extent, err error) {
	if r.before.Level == settings.User {
		return Extent{Users: r.count(r.chain)}, nil
	}
	if len(r.changed) == 0 {
		return e, nil
	}
	groups, err := r.groups(ctx)
	if err != nil {
		return e, err
	}
	only := "" // whose members alone may feel it
	if r.before.Level == settings.Group {
		only = r.before.ID
		e.Groups = r.count(r.chain)
	} else {
		for _, g := range groups {
			e.Groups += r.count(settings.Chain{Account: r.chain.Account, Groups: []*settings.Owner{g}})
		}
	}
	for after := int64(0); ; {
		users, err := r.tx.AllUserSettings(ctx, r.account, int64(settings.User), only, after, rehearsalPage)
		if err != nil {
			return e, err
		}
		for _, u := range users {
			after = u.Seq
			c := settings.Chain{Account: r.chain.Account, User: &settings.Owner{Level: settings.User, ID: u.ID}}
			if u.Values != nil {
				if c.User.Values, err = settings.FromJSON(u.Values); err != nil {
					return e, fmt.Errorf("settings of user %s: %w", u.ID, err)
				}
			}
			for _, id := range u.Groups {
				c.Groups = append(c.Groups, groups[id])
			}
			e.Users += r.count(c)
		}
		if len(users) < rehearsalPage {
			return e, nil
		}
	}
}

// groups returns the account's groups with what they have set, by id; the one
// that would change is before itself.
func (r *rehearsal) groups(ctx context.Context) (map[string]*settings.Owner, error) {
	list, err := r.tx.Groups(ctx, r.account)
	if err != nil {
		return nil, err
	}
	stored, err := r.tx.AllOwnerSettings(ctx, r.account, int64(settings.Group))
	if err != nil {
		return nil, err
	}
	groups := make(map[string]*settings.Owner, len(list))
	for _, g := range list {
		o := &settings.Owner{Level: settings.Group, ID: g.ID, Name: g.Name, Locked: stored[g.ID].Locks}
		if own, has := stored[g.ID]; has {
			if o.Values, err = settings.FromJSON(own.Values); err != nil {
				return nil, fmt.Errorf("settings of group %s: %w", g.ID, err)
			}
		}
		groups[g.ID] = o
	}
	if r.before.Level == settings.Group {
		groups[r.before.ID] = r.before
	}
	return groups, nil
}

// count returns 1 where something else would hold at the end of c, else 0.
func (r *rehearsal) count(c settings.Chain) int64 {
	level := c.End().Level
	next := c
	switch r.before.Level {
	case settings.Account:
		next.Account = r.after
	case settings.User:
		next.User = r.after
	case settings.Group:
		next.Groups = make([]*settings.Owner, len(c.Groups))
		for i, g := range c.Groups {
			next.Groups[i] = g
			if g == r.before {
				next.Groups[i] = r.after
			}
		}
	}
	for _, s := range r.changed {
		if s.At&level != 0 && !reflect.DeepEqual(c.Decide(s).Value, next.Decide(s).Value) {
			return 1
		}
	}
	return 0
}
