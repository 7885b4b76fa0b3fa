package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// A Leaving says how a user goes.
type Leaving struct {
	// Disassociate lets them keep all they have, in an account of their own;
	// else they are deleted.
	Disassociate bool
	// To is the email of who takes over their meetings; "": nobody.
	To string
}

// RemoveUser removes the user whom ref names from the account. Their meetings
// go to another user with everybody who is registered, or with them: they are
// deleted, or leave the account as well. Who is disassociated gets an account
// of their own, without any app; their tokens are dead.
func (a *App) RemoveUser(ctx context.Context, by muster.Actor, ref string, l Leaving) error {
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if !by.Admin {
			return by.NeedsAdmin("Removing users")
		}
		u, heir, err := a.holdHeir(ctx, tx, u, l.To)
		if err != nil {
			return err
		}
		if err := u.MayLeave(l.Disassociate); err != nil {
			return err
		}
		if err := mayGovern(ctx, tx, by, u); err != nil {
			return err
		}
		if err := tx.HoldMeetingsOf(ctx, u.Account, u.ID); err != nil {
			return err
		}
		data := map[string]any{"before": toldUser(u)}
		if heir != nil {
			n, err := a.handOver(ctx, tx, u, heir)
			if err != nil {
				return err
			}
			data["meetings_moved"], data["to"] = n, heir.ID
		}
		tx.AfterCommit(a.grants.forget)
		if l.Disassociate {
			return a.disassociate(ctx, tx, by, u, data)
		}
		n, err := tx.DeleteMeetingsOf(ctx, u.Account, u.ID)
		if err != nil {
			return err
		}
		data["meetings_deleted"] = n
		if err := a.forgetOwner(ctx, tx, u.Account, OwnerRef{Level: settings.User, ID: u.ID}); err != nil {
			return err
		}
		if err := tx.RemoveUser(ctx, u); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.UserDeleted, nil, []string{u.ID}, data)
	})
}

// holdHeir returns u and the user of the same account who has the email, nil
// for "". Nobody else changes either until the end: two users who are each
// other's heirs do not go at the same time.
func (a *App) holdHeir(ctx context.Context, tx *store.Tx, u *muster.User, email string) (held, heir *muster.User, err error) {
	ids := []string{u.ID}
	if email != "" {
		heir, err = tx.UserByEmail(ctx, u.Account, email)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil, muster.InvalidField("transfer_email", "must be the email of a user of this account")
		} else if err != nil {
			return nil, nil, err
		}
		ids = append(ids, heir.ID)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		one, err := tx.HoldUser(ctx, u.Account, id)
		switch {
		case errors.Is(err, store.ErrNotFound) && id == u.ID:
			return nil, nil, noSuchUser(u.ID)
		case errors.Is(err, store.ErrNotFound):
			return nil, nil, muster.InvalidField("transfer_email", "must be the email of a user of this account")
		case err != nil:
			return nil, nil, err
		}
		if heir != nil && id == heir.ID {
			heir = one
		}
		if id == u.ID {
			held = one
		}
	}
	return held, heir, nil
}

// handOver makes heir the host of all of u's meetings.
func (a *App) handOver(ctx context.Context, tx *store.Tx, u, heir *muster.User) (int64, error) {
	asks, err := tx.AskForRegistration(ctx, u.Account, u.ID)
	if err != nil {
		return 0, err
	}
	if err := heir.MayTake("transfer_email", u, asks); err != nil {
		return 0, err
	}
	return tx.HandOverMeetings(ctx, u.Account, u.ID, heir.ID)
}

// disassociate moves u into a new account of their own.
func (a *App) disassociate(ctx context.Context, tx *store.Tx, by muster.Actor, u *muster.User, data map[string]any) error {
	own := &muster.Account{ID: a.IDs.Secret(22), Name: cmp.Or(u.DisplayName, u.Email), Owner: u.ID, CreatedAt: tx.Now}
	if err := tx.AddAccount(ctx, own); err != nil {
		return err
	}
	moved := *u
	moved.Role = muster.RoleOwner
	if err := tx.MoveUser(ctx, &moved, int64(settings.User), own.ID); err != nil {
		return err
	}
	if err := a.event(ctx, tx, muster.Actor{Account: own.ID}, muster.AccountCreated, nil, []string{own.ID, u.ID}, nil); err != nil {
		return err
	}
	data["after"] = map[string]any{"account": own.ID}
	return a.event(ctx, tx, by, muster.UserDisassociated, nil, []string{u.ID}, data)
}

// SwitchUser moves the user whom ref names with their meetings to another
// account that by administers. Errors besides those of any user:
// AccountNotFound, AdministratorKept, UserExists.
func (a *App) SwitchUser(ctx context.Context, by muster.Actor, ref, to string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if err := by.NeedsMaster("Switching a user's account"); err != nil { // not even with oneself
			return err
		}
		acc, err := tx.HoldAccount(ctx, to) // so that it does not leave its parent meanwhile
		if errors.Is(err, store.ErrNotFound) || err == nil && acc.ID != by.Home && acc.Parent != by.Home {
			return muster.Errorf(muster.AccountNotFound, to, "Account does not exist: %.100s.", to)
		} else if err != nil {
			return err
		}
		if acc.ID == u.Account {
			return muster.InvalidField("account_id", "must be another account than the user is in")
		}
		if err := u.MayLeave(true); err != nil {
			return err
		}
		if acc.ID == by.Home && by.Role != nil && !by.Role.In(false).Has(muster.Privilege{Area: "User", Edit: true}) {
			return muster.Errorf(muster.Forbidden, acc.ID, "Your role %s does not have the privilege User:Edit in the account %s.", by.Role.Name, acc.ID)
		}
		if err := tx.HoldMeetingsOf(ctx, u.Account, u.ID); err != nil {
			return err
		}
		moved := *u
		moved.Role = muster.RoleMember
		err = tx.MoveUser(ctx, &moved, int64(settings.User), acc.ID)
		if errors.Is(err, store.ErrExists) {
			return muster.Errorf(muster.UserExists, u.Email, "User already in the account: %s.", u.Email)
		} else if err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		data := map[string]any{
			"before": map[string]any{"account": u.Account, "role": u.Role}, "after": map[string]any{"account": acc.ID, "role": moved.Role},
		}
		if err := a.event(ctx, tx, by, muster.UserSwitched, nil, []string{u.ID}, data); err != nil {
			return err
		}
		there := by
		there.Account = acc.ID
		return a.event(ctx, tx, there, muster.UserSwitched, nil, []string{u.ID}, data)
	})
}
