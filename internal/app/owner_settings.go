package app

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// An OwnerRef names whose settings are meant: of the account acted in, or of
// the group or user of the ID.
type OwnerRef struct {
	Level settings.Level
	ID    string // a group's id; a user's id, email or Me; "" for the account
}

// OwnerSettings returns what holds of an owner's settings, as the option
// shapes it; only those named, where any are.
func (a *App) OwnerSettings(ctx context.Context, by muster.Actor, ref OwnerRef, option string, only []string) (doc map[string]any, err error) {
	shape, err := shapeOf(ref.Level, option)
	if err != nil {
		return nil, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		chain, err := a.chainTo(ctx, tx, by, ref)
		if err == nil {
			doc = chain.Answer(shape, only)
		}
		return err
	})
	return doc, err
}

// ExplainSettings returns for each of an owner's settings what holds and who
// decided it.
func (a *App) ExplainSettings(ctx context.Context, by muster.Actor, ref OwnerRef, option string, only []string) (list []settings.Explained, err error) {
	shape, err := shapeOf(ref.Level, option)
	if err != nil {
		return nil, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		chain, err := a.chainTo(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		list = nil
		for _, s := range shape {
			if s.WriteOnly || len(only) > 0 && !s.Named(only) {
				continue
			}
			list = append(list, settings.Explained{Name: s.Name, Decision: chain.Decide(s)})
		}
		return nil
	})
	return list, err
}

// SetOwnerSettings changes those of an owner's settings that body has; the
// others stay. It refuses what is no setting, what is locked above and values
// that are none, all of it or nothing.
func (a *App) SetOwnerSettings(ctx context.Context, by muster.Actor, ref OwnerRef, option string, body map[string]any) error {
	shape, err := shapeOf(ref.Level, option)
	if err != nil {
		return err
	}
	return a.changeSettings(ctx, by, ref, func(tx *store.Tx, chain settings.Chain, own *store.OwnerSettings) (map[string]any, error) {
		change, err := a.settingsChange(ctx, tx, by, chain, shape, body)
		if err != nil || len(change) == 0 {
			return nil, err
		}
		return setValues(chain.End(), own, change)
	})
}

// setValues puts a change into what is stored of an owner and returns what the
// event has of it, nil where nothing is different.
func setValues(end *settings.Owner, own *store.OwnerSettings, change settings.Doc) (data map[string]any, err error) {
	if data = difference(end.Values, change); data == nil {
		return nil, nil
	}
	if own.Values, err = json.Marshal(settings.Merge(end.Values, change)); err != nil {
		return nil, err
	}
	if len(own.Values) > maxSettings {
		return nil, muster.InvalidField("settings", "must be at most %d bytes long in all", maxSettings)
	}
	for part, doc := range data {
		data[part] = settings.Logged(doc.(map[string]any))
	}
	return data, nil
}

// settingsChange returns what body sets at the end of a chain, by key, or what
// is wrong with it.
func (a *App) settingsChange(ctx context.Context, tx *store.Tx, by muster.Actor, chain settings.Chain, shape []*settings.Setting, body map[string]any) (settings.Doc, error) {
	change, problems := chain.Change(shape, body)
	problems = append(problems, chain.Authenticate(shape, change, func() string { return a.IDs.Secret(22) })...)
	problems = append(problems, chain.Check(change)...)
	if err := muster.InvalidFields(problems); err != nil {
		return nil, err
	}
	return change, a.maySet(ctx, tx, by, chain, change)
}

// maySet returns why by may not make a change of settings at the end of a
// chain, whatever they are: what is settings.Reserved is for the account to say.
// What holds of it may be sent back, and is left out of the change then.
func (a *App) maySet(ctx context.Context, tx *store.Tx, by muster.Actor, chain settings.Chain, change settings.Doc) error {
	for _, key := range slices.Sorted(maps.Keys(change)) {
		what := settings.Reserved(key)
		switch {
		case what == "" || by.Admin:
		case reflect.DeepEqual(change[key], chain.Value(key)):
			delete(change, key)
		default:
			return by.NeedsAdmin("Changing " + what)
		}
	}
	if chain.User == nil {
		return nil
	}
	asked, all, ok := chain.Features(change)
	if !ok {
		return nil
	}
	u, err := tx.User(ctx, by.Account, chain.User.ID)
	if err != nil {
		return err
	}
	return u.MayHaveFeatures(asked, all)
}

// OwnerLocks returns which settings are locked for those below an owner, by
// the owner or above, by every name that can be, those of the option
// meeting_security or the others.
func (a *App) OwnerLocks(ctx context.Context, by muster.Actor, ref OwnerRef, option string) (locks map[string]bool, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		chain, err := a.chain(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		locks = map[string]bool{}
		for _, name := range settings.Locks(ref.Level, option) {
			locks[name] = lockedAt(chain, name)
		}
		return nil
	})
	return locks, err
}

// lockedAt reports whether a setting is locked for those below the end of a
// chain, there or above.
func lockedAt(chain settings.Chain, name string) bool {
	return chain.End().Locked[settings.LockKey(name)] || chain.LockedAbove(name) != nil
}

// SetOwnerLocks locks and unlocks settings by name, some at a value; the others
// stay. What is settings.Reserved is refused to who does not administer the
// account.
func (a *App) SetOwnerLocks(ctx context.Context, by muster.Actor, ref OwnerRef, change settings.LockChange) error {
	return a.changeSettings(ctx, by, ref, func(tx *store.Tx, chain settings.Chain, own *store.OwnerSettings) (map[string]any, error) {
		locks, values, err := a.locksChange(ctx, tx, by, chain, change)
		if err != nil || len(locks) == 0 {
			return nil, err
		}
		before, after := map[string]any{}, map[string]any{}
		for name, lock := range locks {
			before[name], after[name] = own.Locks[settings.LockKey(name)], lock
		}
		own.Locks = locked(own.Locks, locks)
		data := difference(before, after)
		set, err := setValues(chain.End(), own, values)
		if err != nil || data == nil && set == nil {
			return nil, err
		}
		told := map[string]any{"locks": true}
		maps.Copy(told, data)
		if set != nil {
			told["values"] = set
		}
		return told, nil
	})
}

// locksChange returns which locks a change sets at the end of a chain, by name,
// and which values, by key, or what is wrong with it.
func (a *App) locksChange(ctx context.Context, tx *store.Tx, by muster.Actor, chain settings.Chain, change settings.LockChange) (locks map[string]bool, values settings.Doc, err error) {
	if len(change.Values) > 0 {
		values, err = a.settingsChange(ctx, tx, by, chain, settings.Lockable(chain.End().Level), change.Values)
		if err != nil {
			return nil, nil, err
		}
	}
	locks = map[string]bool{}
	var problems []muster.Problem
	for _, name := range slices.Sorted(maps.Keys(change.Locks)) {
		if what := settings.Reserved(settings.LockKey(name)); what != "" && !by.Admin {
			if change.Locks[name] != lockedAt(chain, name) {
				return nil, nil, by.NeedsAdmin("Changing " + what)
			}
			continue // as it stands
		}
		if l := chain.LockedAbove(name); l != nil && !change.Locks[name] {
			problems = append(problems, muster.Problem{Field: name, Rule: "is locked by the " + l.Level.String() + ": unlock it there first"})
		}
		locks[name] = change.Locks[name]
	}
	return locks, values, muster.InvalidFields(problems)
}

// locked returns an owner's locks, which it may change, with others by name.
func locked(locks, change map[string]bool) map[string]bool {
	if locks == nil {
		locks = map[string]bool{}
	}
	for _, name := range slices.Sorted(maps.Keys(change)) {
		key := settings.LockKey(name)
		if locks[key] = change[name]; !change[name] {
			delete(locks, key)
		}
	}
	return locks
}

// forgetOwner removes what a group or a user who is going had set,
// and their files.
func (a *App) forgetOwner(ctx context.Context, tx *store.Tx, account string, ref OwnerRef) error {
	if err := tx.RemoveFilesOf(ctx, account, int64(ref.Level), ref.ID); err != nil {
		return err
	}
	return tx.RemoveOwnerSettings(ctx, account, int64(ref.Level), ref.ID)
}

// changeSettings loads an owner's settings, has them changed and stores them
// with an event of what was before and is now; where that is nil nothing
// changes.
func (a *App) changeSettings(ctx context.Context, by muster.Actor, ref OwnerRef, change func(*store.Tx, settings.Chain, *store.OwnerSettings) (map[string]any, error)) error {
	return a.write(ctx, func(tx *store.Tx) error {
		chain, own, err := a.holdSettings(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		end := chain.End()
		data, err := change(tx, chain, &own)
		if err != nil || data == nil {
			return err
		}
		if err := tx.PutOwnerSettings(ctx, by.Account, int64(end.Level), end.ID, own); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.SettingsChanged, nil, []string{ownerSubject(end)}, data)
	})
}

// holdSettings returns the owner whom ref names with everybody above, and what
// is stored of the owner's: others who want to change that wait until the end.
func (a *App) holdSettings(ctx context.Context, tx *store.Tx, by muster.Actor, ref OwnerRef) (chain settings.Chain, own store.OwnerSettings, err error) {
	if ref.Level == settings.Group { // so that it does not go meanwhile and leave settings behind
		if _, err := a.holdGroup(ctx, tx, by, ref.ID); err != nil {
			return chain, own, err
		}
	}
	if ref.Level == settings.User {
		if _, err := a.holdUser(ctx, tx, by, ref.ID); err != nil {
			return chain, own, err
		}
	}
	if chain, err = a.chain(ctx, tx, by, ref); err != nil {
		return chain, own, err
	}
	end := chain.End()
	if own, err = tx.HoldOwnerSettings(ctx, by.Account, int64(end.Level), end.ID); err != nil {
		return chain, own, err
	}
	if end.Values, err = settings.FromJSON(own.Values); err != nil { // as it is now that it is ours alone
		return chain, own, fmt.Errorf("settings of %s %s: %w", end.Level, end.ID, err)
	}
	end.Locked = own.Locks
	return chain, own, nil
}

// ownerSubject is how events name an owner of settings.
func ownerSubject(o *settings.Owner) string { return o.Level.String() + ":" + o.ID }

// chainTo is chain for answers: secrets are in it for those alone who may set
// them.
func (a *App) chainTo(ctx context.Context, tx *store.Tx, by muster.Actor, ref OwnerRef) (settings.Chain, error) {
	chain, err := a.chain(ctx, tx, by, ref)
	if err != nil {
		return chain, err
	}
	area, user := "AccountSetting", ""
	if chain.User != nil {
		area, user = "User", chain.User.ID
	}
	if !by.Edits(area, user) {
		chain = chain.WithoutSecrets()
	}
	return chain, nil
}

func shapeOf(level settings.Level, option string) ([]*settings.Setting, error) {
	shape, ok := settings.Shape(level, option)
	if !ok {
		return nil, muster.InvalidField("option", "must be an option that the settings of the %s have", level)
	}
	return shape, nil
}

// changeable is chain for an owner who is to be changed: Forbidden where it is
// a user who may more than by.
func (a *App) changeable(ctx context.Context, tx *store.Tx, by muster.Actor, ref OwnerRef) (c settings.Chain, err error) {
	if ref.Level == settings.User {
		if _, err := a.governed(ctx, tx, by, ref.ID); err != nil {
			return c, err
		}
	}
	return a.chain(ctx, tx, by, ref)
}

// chain returns the owner whom ref names with everybody above.
func (a *App) chain(ctx context.Context, tx *store.Tx, by muster.Actor, ref OwnerRef) (c settings.Chain, err error) {
	var groups []muster.UserGroup
	var user *muster.User
	switch ref.Level {
	case settings.Account:
		if err := a.mayAdminister(by); err != nil {
			return c, err
		}
	case settings.Group:
		g, err := a.group(ctx, tx, by, ref.ID)
		if err != nil {
			return c, err
		}
		groups = []muster.UserGroup{*g}
	case settings.User:
		if user, err = a.user(ctx, tx, by, ref.ID); err != nil {
			return c, err
		}
		if groups, err = tx.GroupsOf(ctx, by.Account, user.ID); err != nil {
			return c, err
		}
	}
	return a.chainOf(ctx, tx, by.Account, groups, user)
}

// chainOf returns the settings of an account, of groups and of a user; nil is
// nobody. It reads them with one query, however many groups there are.
func (a *App) chainOf(ctx context.Context, tx *store.Tx, account string, groups []muster.UserGroup, user *muster.User) (c settings.Chain, err error) {
	c.Account = &settings.Owner{Level: settings.Account, ID: account}
	owners := []*settings.Owner{c.Account}
	for _, g := range groups {
		owners = append(owners, &settings.Owner{Level: settings.Group, ID: g.ID, Name: g.Name})
	}
	c.Groups = owners[1:len(owners):len(owners)]
	if user != nil {
		c.User = &settings.Owner{Level: settings.User, ID: user.ID, Name: user.Email}
		owners = append(owners, c.User)
	}
	keys := make([]store.OwnerKey, len(owners))
	for i, o := range owners {
		keys[i] = store.OwnerKey{Level: int64(o.Level), ID: o.ID}
	}
	stored, err := tx.OwnersSettings(ctx, account, keys)
	if err != nil {
		return c, err
	}
	for i, o := range owners {
		own, has := stored[keys[i]]
		if !has {
			continue
		}
		o.Locked = own.Locks
		if o.Values, err = settings.FromJSON(own.Values); err != nil {
			return c, fmt.Errorf("settings of %s %s: %w", o.Level, o.ID, err)
		}
	}
	return c, nil
}
