package app

import (
	"context"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// SetUserStatus activates or deactivates the user whom ref names. Who is
// deactivated cannot host, nobody can register for their meetings, and their
// tokens are dead at once: on other nodes within grantAge.
func (a *App) SetUserStatus(ctx context.Context, by muster.Actor, ref string, to muster.UserStatus) error {
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if !by.Admin {
			return by.NeedsAdmin("Changing a user's status")
		}
		if err := u.MayBeDeactivated(); err != nil {
			return err
		}
		if u.Status == to {
			return nil
		}
		data := map[string]any{"before": map[string]any{"status": u.Status}, "after": map[string]any{"status": to}}
		u.Status, u.UpdatedAt = to, tx.Now
		if err := tx.SetUser(ctx, u); err != nil {
			return err
		}
		kind := muster.UserActivated
		if u.Deactivated() {
			kind = muster.UserDeactivated
			if err := tx.RevokeTokensOf(ctx, u.ID); err != nil {
				return err
			}
			tx.AfterCommit(a.grants.forget)
		}
		return a.event(ctx, tx, by, kind, nil, []string{u.ID}, data)
	})
}

// UserTokenLife is how long the token of HostToken works that asks for nothing
// else, and MaxUserTokenLife how long any does.
const (
	UserTokenLife    = 2 * time.Hour
	MaxUserTokenLife = 90 * 24 * time.Hour
)

// HostToken returns the token that starts the meetings of the user whom ref
// names, for life from now. Whoever has it is that user to a meeting, so that
// of others it is for those alone who may change them: else Forbidden.
func (a *App) HostToken(ctx context.Context, by muster.Actor, ref string, life time.Duration) (token string, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		u, err := a.governed(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if !by.Edits("User", u.ID) {
			return muster.Errorf(muster.Forbidden, u.ID, "Your role %s does not have the privilege User:Edit.", by.Role.Name)
		}
		if err := u.MayHost(); err != nil {
			return err
		}
		token = a.Keys.UserHostToken(u, tx.Now.Add(life))
		return nil
	})
	return token, err
}

// RevokeUserTokens kills every access token that stands for the user whom ref
// names.
func (a *App) RevokeUserTokens(ctx context.Context, by muster.Actor, ref string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if err := tx.RevokeTokensOf(ctx, u.ID); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		return a.event(ctx, tx, by, muster.UserTokensRevoked, nil, []string{u.ID}, nil)
	})
}
