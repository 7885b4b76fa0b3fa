package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// TokenLife is how long an access token works.
const TokenLife = time.Hour

// Why no token was issued or accepted.
var (
	ErrBadClient  = errors.New("app: unknown client or wrong secret")
	ErrBadAccount = errors.New("app: the client is not of that account")
	ErrBadToken   = errors.New("app: the token is unknown, revoked or expired")
)

// Client returns the app of a client id and secret, or ErrBadClient. An
// unknown client takes as long as a wrong secret.
func (a *App) Client(ctx context.Context, id, secret string) (app *muster.App, err error) {
	hash := "none:none"
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		found, h, err := tx.App(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		app, hash = found, h
		return err
	})
	if err != nil {
		return nil, err
	}
	if !sameSecret(secret, hash) || app == nil {
		return nil, ErrBadClient
	}
	return app, nil
}

// IssueToken returns a new access token of a server-to-server app. It stands
// for the owner of the app's account, which account must name.
func (a *App) IssueToken(ctx context.Context, app *muster.App, account string) (token string, err error) {
	if account != app.Account {
		return "", ErrBadAccount
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		acc, err := tx.Account(ctx, app.Account)
		if err != nil {
			return err
		}
		token = a.IDs.Secret(43) // 256 bits
		return tx.AddToken(ctx, &store.Token{Hash: tokenHash(token), App: app.ID, User: acc.Owner, ExpiresAt: tx.Now.Add(TokenLife)})
	})
	return token, err
}

// A Grant is what a live token allows.
type Grant struct {
	App    muster.App
	User   string
	Scopes []string // nil: every scope of the running version
}

// Authenticate returns what token allows, or ErrBadToken.
func (a *App) Authenticate(ctx context.Context, token string) (g *Grant, err error) {
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		t, app, err := tx.LiveToken(ctx, tokenHash(token))
		if errors.Is(err, store.ErrNotFound) {
			return ErrBadToken
		} else if err != nil {
			return err
		}
		g = &Grant{App: *app, User: t.User, Scopes: app.Scopes}
		return nil
	})
	return g, err
}

// RevokeToken kills a token of app. Killing one that is not there, or not
// the app's, changes nothing and tells nothing. [RFC 7009, 2.2]
func (a *App) RevokeToken(ctx context.Context, app *muster.App, token string) error {
	return a.write(ctx, func(tx *store.Tx) error { return tx.RevokeToken(ctx, app.ID, tokenHash(token)) })
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
