package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// A SubAccount is a sub account with the email of its owner.
type SubAccount = store.SubAccount

// A NewSubAccount asks for a sub account with its owner.
type NewSubAccount struct {
	Name                string // "": as the owner is called
	FirstName, LastName string
	Email, Password     string // of the owner
	Options             muster.OptionsChange
}

// CreateSubAccount makes a sub account of by.Account. It has no app: the
// parent's act in it. Errors: Forbidden for a sub account, UserExists where the
// email is that of the owner of by.Account or of another sub account of it,
// PasswordRepeats, PasswordSequence, Invalid.
func (a *App) CreateSubAccount(ctx context.Context, by muster.Actor, n NewSubAccount) (made *SubAccount, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	if rule := muster.CheckEmail(n.Email); rule != "" {
		return nil, muster.InvalidField("email", "%s", rule)
	}
	options, err := muster.AccountOptions{}.With(n.Options)
	if err != nil {
		return nil, under("options", err)
	}
	if err := a.mayHaveSub(ctx, by, n); err != nil {
		return nil, err
	}
	hash, err := a.hashPassword(ctx, n.Password)
	if err != nil {
		return nil, err
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		home, err := tx.HoldAccount(ctx, by.Account) // two of one email do not come at once
		if err != nil {
			return err
		}
		if err := home.MayHaveSubs(); err != nil {
			return err
		}
		if taken, err := tx.OwnsOneOf(ctx, by.Account, n.Email); err != nil {
			return err
		} else if taken {
			return muster.Errorf(muster.UserExists, n.Email, "Email %s has already been used.", n.Email)
		}
		owner := a.newOwner(tx, a.IDs.Secret(22), n.Email, "UTC")
		owner.FirstName, owner.LastName, owner.DisplayName = n.FirstName, n.LastName, muster.DisplayNameOf(n.FirstName, n.LastName)
		sub := &muster.Account{ID: owner.Account, Parent: by.Account, Name: cmp.Or(n.Name, owner.DisplayName), Owner: owner.ID, CreatedAt: tx.Now, Options: options}
		there := by
		there.Account = sub.ID
		if err := a.putAccount(ctx, tx, there, sub, owner); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, owner.ID, hash, tx.Now); err != nil {
			return err
		}
		made = &SubAccount{Account: *sub, OwnerEmail: owner.Email}
		return a.event(ctx, tx, by, muster.AccountCreated, nil, []string{sub.ID, owner.ID}, map[string]any{"after": optionsData(&options)})
	})
	return made, err
}

// mayHaveSub returns why by.Account cannot have a further sub account, or what
// is wrong with the password of its owner. It has to be as the rules of
// by.Account have it: the new one has none yet.
func (a *App) mayHaveSub(ctx context.Context, by muster.Actor, n NewSubAccount) error {
	return a.read(ctx, func(tx *store.Tx) error {
		home, err := tx.Account(ctx, by.Account)
		if err != nil {
			return err
		}
		if err := home.MayHaveSubs(); err != nil {
			return err
		}
		rules, err := a.passwordRules(ctx, tx, by.Account, n.Email)
		if err != nil {
			return err
		}
		err = rules.Check(n.Password)
		switch muster.CodeOf(err) {
		case "", muster.PasswordRepeats, muster.PasswordSequence: // which have a code here
			return err
		}
		return wrongPassword("password", err)
	})
}

// under returns an Invalid error with its fields below another.
func under(field string, err error) error {
	e, ok := errors.AsType[*muster.Error](err)
	if !ok {
		return err
	}
	below := *e
	below.Problems = nil
	for _, p := range e.Problems {
		below.Problems = append(below.Problems, muster.Problem{Field: field + "." + p.Field, Rule: p.Rule})
	}
	return &below
}

// SubAccounts returns the sub accounts of by.Account in order of creation.
func (a *App) SubAccounts(ctx context.Context, by muster.Actor, p Page) (list Listed[SubAccount], err error) {
	if err := a.mayAdminister(by); err != nil {
		return list, err
	}
	bound := []string{"accounts", by.Account}
	err = a.read(ctx, func(tx *store.Tx) error {
		after, err := a.afterAccount(tx, p, bound)
		if err != nil {
			return err
		}
		found, total, err := tx.SubAccounts(ctx, by.Account, after, p.skip(), p.Size+1)
		if err != nil {
			return err
		}
		list = listed(a, tx, p, bound, found, total, func(i int) string { return fmt.Sprintf("%d/%s", found[i].CreatedAt.UnixMilli(), found[i].ID) })
		return nil
	})
	return list, err
}

func (a *App) afterAccount(tx *store.Tx, p Page, bound []string) (at store.AccountPlace, err error) {
	if p.Token == "" {
		return at, nil
	}
	cursor, err := a.Keys.Cursor(tx.Now, p.Token, bound...)
	if err != nil {
		return at, err
	}
	created, id, _ := strings.Cut(cursor, "/") // our own text, under a MAC
	at.ID = id
	at.CreatedAt, err = strconv.ParseInt(created, 10, 64)
	return at, err
}

// Account returns by.Account with the email of its owner.
func (a *App) Account(ctx context.Context, by muster.Actor) (found *SubAccount, err error) {
	if err := a.mayAdminister(by); err != nil {
		return nil, err
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		acc, err := tx.Account(ctx, by.Account)
		if err != nil {
			return err
		}
		email, err := tx.OwnerEmail(ctx, by.Account)
		found = &SubAccount{Account: *acc, OwnerEmail: email}
		return err
	})
	return found, err
}

// SetAccountOptions changes what by.Home says of its sub account by.Account.
// Errors: AccountNotFound where that is none, Invalid.
func (a *App) SetAccountOptions(ctx context.Context, by muster.Actor, c muster.OptionsChange) error {
	if err := a.mayAdminister(by); err != nil {
		return err
	}
	return a.write(ctx, func(tx *store.Tx) error {
		sub, err := holdSub(ctx, tx, by)
		if err != nil {
			return err
		}
		before := optionsData(&sub.Options)
		if sub.Options, err = sub.Options.With(c); err != nil {
			return err
		}
		data := difference(before, optionsData(&sub.Options))
		if data == nil {
			return nil
		}
		if err := tx.SetAccount(ctx, sub); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.AccountUpdated, nil, []string{sub.ID}, data)
	})
}

// holdSub returns the sub account that by acts in, to be changed by its
// parent: AccountNotFound where it is none, the own account too.
func holdSub(ctx context.Context, tx *store.Tx, by muster.Actor) (*muster.Account, error) {
	acc, err := tx.HoldAccount(ctx, by.Account)
	if errors.Is(err, store.ErrNotFound) || err == nil && (acc.ID == by.Home || acc.Parent != by.Home) {
		return nil, muster.NoSuchAccount(by.Account)
	}
	return acc, err
}

func optionsData(o *muster.AccountOptions) map[string]any {
	return map[string]any{
		"share_rc": o.ShareRooms, "room_connector_list": o.RoomConnectors, "share_mc": o.ShareMeetings, "meeting_connector_list": o.MeetingConnectors,
		"pay_mode": cmp.Or(o.PayMode, muster.PayMaster), "billing_auto_renew": o.AutoRenew,
	}
}

// DisassociateAccount makes the sub account by.Account a primary account, with
// all that is in it. by.Home reaches it no more, from the next request on.
func (a *App) DisassociateAccount(ctx context.Context, by muster.Actor) error {
	if err := a.mayAdminister(by); err != nil {
		return err
	}
	return a.write(ctx, func(tx *store.Tx) error {
		sub, err := holdSub(ctx, tx, by)
		if err != nil {
			return err
		}
		sub.Parent = ""
		if err := tx.SetAccount(ctx, sub); err != nil {
			return err
		}
		data := map[string]any{"before": map[string]any{"parent": by.Home}, "after": map[string]any{"parent": ""}}
		if err := a.event(ctx, tx, by, muster.AccountDisassociated, nil, []string{sub.ID}, data); err != nil {
			return err
		}
		home := by
		home.Account = by.Home
		return a.event(ctx, tx, home, muster.AccountDisassociated, nil, []string{sub.ID}, data)
	})
}

// SetAccountOwner makes the user of by.Account who has the email its owner;
// who was it becomes an administrator. Errors: Forbidden, Invalid.
func (a *App) SetAccountOwner(ctx context.Context, by muster.Actor, email string) error {
	if err := a.mayAdminister(by); err != nil {
		return err
	}
	if rule := muster.CheckEmail(email); rule != "" {
		return muster.InvalidField("email", "%s", rule)
	}
	return a.write(ctx, func(tx *store.Tx) error {
		acc, err := tx.HoldAccount(ctx, by.Account)
		if err != nil {
			return err
		}
		_, byEmail, err := tx.HoldUsers(ctx, acc.ID, []string{acc.Owner}, []string{email})
		if err != nil {
			return err
		}
		next := byEmail[muster.EmailKey(email)]
		if next == nil {
			return muster.Errorf(muster.Forbidden, email, "The user is none of this account and cannot be made its owner: %.128s.", email)
		}
		if err := next.MayOwn(acc.Owner); err != nil {
			return err
		}
		former := acc.Owner
		acc.Owner = next.ID
		if err := tx.GiveRole(ctx, acc.ID, muster.RoleAdmin, []string{former}); err != nil {
			return err
		}
		if err := tx.GiveRole(ctx, acc.ID, muster.RoleOwner, []string{next.ID}); err != nil {
			return err
		}
		if err := tx.SetAccount(ctx, acc); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		data := map[string]any{
			"before": map[string]any{"owner": former, "role": string(next.Role)}, "after": map[string]any{"owner": next.ID, "former_role": string(muster.RoleAdmin)},
		}
		return a.event(ctx, tx, by, muster.AccountOwnerChanged, nil, []string{acc.ID, former, next.ID}, data)
	})
}

// ManagedDomains returns the domains that by.Account says it manages.
func (a *App) ManagedDomains(ctx context.Context, by muster.Actor) ([]string, error) {
	return a.domains(ctx, by, settings.ManagedDomains)
}

// TrustedDomains returns the domains that by.Account trusts.
func (a *App) TrustedDomains(ctx context.Context, by muster.Actor) ([]string, error) {
	return a.domains(ctx, by, settings.TrustedDomains)
}

func (a *App) domains(ctx context.Context, by muster.Actor, setting string) (list []string, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		chain, err := a.chain(ctx, tx, by, OwnerRef{Level: settings.Account})
		if err != nil {
			return err
		}
		list = []string{}
		items, _ := chain.Value(setting).([]any)
		for _, item := range items {
			domain, _ := item.(string)
			list = append(list, domain)
		}
		return nil
	})
	return list, err
}
