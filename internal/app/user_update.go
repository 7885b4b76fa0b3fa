package app

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/settings"
	"muster/internal/store"
)

// A UserChange is what an update says of a user. nil means that it says nothing.
type UserChange struct {
	FirstName, LastName, DisplayName *string
	Timezone                         *string
	Type                             *muster.UserType
	PMI                              *int64
	Edit                             func(*muster.Profile) // may be called twice
}

// UpdateUser changes the entry of the user whom ref names. Errors besides what
// is wrong with the values: UserTypeUnfit for a type that only a token for the
// whole account may give, Forbidden for what the account leaves to
// administrators.
func (a *App) UpdateUser(ctx context.Context, by muster.Actor, ref string, c UserChange) error {
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		before := *u
		if err := c.names(u); err != nil {
			return err
		}
		if c.Type != nil && *c.Type != u.Type {
			if !by.Admin {
				return muster.Errorf(muster.UserTypeUnfit, u.ID, "Changing a user's type needs a token for the whole account (a scope that ends in :admin or :master).")
			}
			u.Type = *c.Type
		}
		if err := a.renumber(ctx, tx, u, c.PMI); err != nil {
			return err
		}
		was, err := store.Profile(u)
		if err != nil {
			return err
		}
		is, err := c.profile(u, was)
		if err != nil {
			return err
		}
		if err := a.leftToAdministrators(ctx, tx, by, renamed(&before, u), was.HostKey != is.HostKey); err != nil {
			return err
		}
		data := changedUser(&before, u, was, is)
		if len(data) == 0 {
			return nil
		}
		u.UpdatedAt = tx.Now
		if err := tx.SetUser(ctx, u); errors.Is(err, store.ErrExists) { // another was quicker; the email is as it was
			return numberTaken(u.PMI)
		} else if err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.UserUpdated, nil, []string{u.ID}, data)
	})
}

// names sets what c says of u's names and zone. A display name that is emptied
// is made of the names. [userUpdate]
func (c *UserChange) names(u *muster.User) error {
	derived := u.DisplayName == muster.DisplayNameOf(u.FirstName, u.LastName)
	assign(&u.FirstName, c.FirstName)
	assign(&u.LastName, c.LastName)
	switch {
	case c.DisplayName != nil && *c.DisplayName != "":
		u.DisplayName = *c.DisplayName
	case c.DisplayName != nil || derived:
		u.DisplayName = muster.DisplayNameOf(u.FirstName, u.LastName)
	}
	if c.Timezone == nil || *c.Timezone == "" {
		return nil
	}
	if _, err := schedule.Zone(*c.Timezone); err != nil {
		return muster.InvalidField("timezone", "%v", err)
	}
	u.Timezone = *c.Timezone
	return nil
}

// renumber gives u another personal meeting number, if one is asked for.
func (a *App) renumber(ctx context.Context, tx *store.Tx, u *muster.User, pmi *int64) error {
	if pmi == nil || *pmi == u.PMI {
		return nil
	}
	if err := u.MayHaveNumber(*pmi); err != nil {
		return err
	}
	taken, err := tx.PersonalNumberTaken(ctx, *pmi, u.ID)
	if err != nil {
		return err
	}
	if taken {
		return numberTaken(*pmi)
	}
	u.PMI = *pmi
	return nil
}

func numberTaken(pmi int64) error {
	return muster.InvalidField("pmi", "must be a number that is free: %d is not", pmi)
}

func (c *UserChange) profile(u *muster.User, was muster.Profile) (muster.Profile, error) {
	is := was
	is.Phones, is.Attributes = slices.Clone(was.Phones), slices.Clone(was.Attributes)
	if c.Edit == nil {
		return is, nil
	}
	c.Edit(&is)
	if err := muster.InvalidFields(is.Check()); err != nil {
		return is, err
	}
	return is, store.SetProfile(u, &is)
}

func renamed(before, u *muster.User) bool {
	return before.FirstName != u.FirstName || before.LastName != u.LastName || before.DisplayName != u.DisplayName
}

// leftToAdministrators returns Forbidden where the account lets only
// administrators change what was changed.
func (a *App) leftToAdministrators(ctx context.Context, tx *store.Tx, by muster.Actor, name, hostKey bool) error {
	if by.Admin || !name && !hostKey {
		return nil
	}
	chain, err := a.chainOf(ctx, tx, by.Account, nil, nil)
	if err != nil {
		return err
	}
	switch {
	case name && chain.LeftToAdministrators(settings.UserName):
		return muster.Errorf(muster.Forbidden, "", "Only an account administrator can change a user's name.")
	case hostKey && chain.LeftToAdministrators(settings.UserHostKey):
		return muster.Errorf(muster.Forbidden, "", "Only an account administrator can change the host key.")
	}
	return nil
}

// changedUser is an event's data: what a user's type, zone and numbers were
// and are, and of what is personal only which of it changed.
func changedUser(before, u *muster.User, was, is muster.Profile) map[string]any {
	old, fresh, changed := map[string]any{}, map[string]any{}, []string{}
	for _, f := range []struct {
		name    string
		was, is any
		told    bool
	}{
		{"type", before.Type, u.Type, true},
		{"timezone", before.Timezone, u.Timezone, true},
		{"pmi", before.PMI, u.PMI, true},
		{"first_name", before.FirstName, u.FirstName, false},
		{"last_name", before.LastName, u.LastName, false},
		{"display_name", before.DisplayName, u.DisplayName, false},
	} {
		switch {
		case f.was == f.is:
		case f.told:
			old[f.name], fresh[f.name] = f.was, f.is
		default:
			changed = append(changed, f.name)
		}
	}
	if !reflect.DeepEqual(was, is) {
		changed = append(changed, "profile")
	}
	data := map[string]any{}
	if len(old) > 0 {
		data["before"], data["after"] = old, fresh
	}
	if len(changed) > 0 {
		data["changed"] = changed
	}
	return data
}

// SetUserEmail gives the user whom ref names another email, which is unique in
// the account: else UserExists.
func (a *App) SetUserEmail(ctx context.Context, by muster.Actor, ref, email string) error {
	if rule := muster.CheckEmail(email); rule != "" {
		return muster.InvalidField("email", "%s", rule)
	}
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if !by.Admin {
			return muster.Errorf(muster.Forbidden, u.ID, "Only an account administrator can change an email.")
		}
		if err := a.mayRename(ctx, tx, by, u); err != nil { // has a code of its own, so that it goes first
			return err
		}
		if u, err = a.holdUser(ctx, tx, by, u.ID); err != nil {
			return err
		}
		if u.Email == email {
			return nil
		}
		u.Email, u.UpdatedAt = email, tx.Now
		err = tx.SetUser(ctx, u)
		if errors.Is(err, store.ErrExists) {
			return muster.Errorf(muster.UserExists, email, "User already in the account: %s.", email)
		} else if err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.UserEmailChanged, nil, []string{u.ID}, map[string]any{"changed": []string{"email"}})
	})
}

// mayRename returns AdministratorsEmail where by stands for an administrator,
// and u is another one or the owner.
func (a *App) mayRename(ctx context.Context, tx *store.Tx, by muster.Actor, u *muster.User) error {
	if !u.Administers() || by.User == u.ID {
		return nil
	}
	asks, err := tx.User(ctx, by.Home, by.User)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && asks.Role == muster.RoleOwner {
		return nil
	}
	return muster.Errorf(muster.AdministratorsEmail, u.ID, "An administrator cannot change the email of another.")
}

// governed is user for somebody who is to be changed: Forbidden where they may
// more than by.
func (a *App) governed(ctx context.Context, tx *store.Tx, by muster.Actor, ref string) (*muster.User, error) {
	u, err := a.user(ctx, tx, by, ref)
	if err != nil {
		return nil, err
	}
	return u, mayGovern(ctx, tx, by, u)
}

// holdUser is governed, and keeps others from changing the user until the end:
// whoever changes one user gets them here.
func (a *App) holdUser(ctx context.Context, tx *store.Tx, by muster.Actor, ref string) (*muster.User, error) {
	u, err := a.user(ctx, tx, by, ref)
	if err != nil {
		return nil, err
	}
	u, err = tx.HoldUser(ctx, u.Account, u.ID)
	if errors.Is(err, store.ErrNotFound) { // gone meanwhile
		return nil, noSuchUser(ref)
	} else if err != nil {
		return nil, err
	}
	return u, mayGovern(ctx, tx, by, u)
}

func noSuchUser(ref string) error {
	return muster.Errorf(muster.UserNotFound, ref, "User does not exist: %s.", strings.TrimSpace(ref))
}
