package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
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

// A Client is an app that has proved its secret.
type Client struct {
	muster.App
	hash string // of the secret
}

// Client returns the app of a client id and secret, or ErrBadClient. An
// unknown client takes as long as a wrong secret.
func (a *App) Client(ctx context.Context, id, secret string) (c *Client, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		app, hash, err := tx.App(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		c = &Client{*app, hash}
		return nil
	})
	if err != nil {
		return nil, err
	}
	hash := "none:none"
	if c != nil {
		hash = c.hash
	}
	if !sameSecret(secret, hash) || c == nil {
		return nil, ErrBadClient
	}
	return c, nil
}

// IssueToken returns a new access token of a server-to-server app. It stands
// for the owner of the app's account, which account must name. An app that
// has got another secret since, or was removed, is ErrBadClient: no token
// survives that.
func (a *App) IssueToken(ctx context.Context, c *Client, account string) (token string, err error) {
	if account != c.Account {
		return "", ErrBadAccount
	}
	return a.IssueTokenFor(ctx, c, "")
}

// IssueTokenFor returns a new access token of an app that stands for the user
// of the given id, who must be one of the app's account and has proved who they
// are, or for the account's owner where user is "". It reaches as far as their
// role does. Errors: UserNotFound, ErrBadClient as IssueToken has it.
func (a *App) IssueTokenFor(ctx context.Context, c *Client, user string) (token string, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		app, secret, err := tx.App(ctx, c.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && secret != c.hash {
			return ErrBadClient
		} else if err != nil {
			return err
		}
		acc, err := tx.Account(ctx, app.Account)
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, acc.ID, cmp.Or(user, acc.Owner))
		if errors.Is(err, store.ErrNotFound) {
			return muster.Errorf(muster.UserNotFound, user, "User does not exist: %.100s.", user)
		} else if err != nil {
			return err
		}
		token = a.IDs.Secret(43) // 256 bits
		hash := tokenHash(token)
		return tx.AddToken(ctx, &store.Token{Hash: hash[:], App: app.ID, User: u.ID, ExpiresAt: tx.Now.Add(TokenLife)})
	})
	return token, err
}

// A Grant is what a live token allows.
type Grant struct {
	App    muster.App
	User   string
	Scopes []string // nil: every scope of the running version
	Role   muster.AccountRole
}

// Reaches reports whether the role of the grant's user lets an operation of the
// given scopes act for the whole account, or in its sub accounts, and says which
// privilege is missing where it does not. Every dialect asks it: what a token
// may do is what its scopes, its user's role and what is their own allow.
func (g *Grant) Reaches(scopes []string, sub bool) (lacks string, ok bool) {
	if p := muster.PrivilegeFor(scopes); !g.Role.In(sub).Has(p) {
		return p.String(), false
	}
	return "", true
}

// Authenticate returns what token allows, or ErrBadToken. What it says may be
// grantAge old where another process has revoked the token.
func (a *App) Authenticate(ctx context.Context, token string) (g *Grant, err error) {
	hash := tokenHash(token)
	now := a.Now()
	if g = a.grants.get(hash, now); g != nil {
		return g, nil
	}
	era := a.grants.era.Load()
	var expires time.Time
	err = a.read(ctx, func(tx *store.Tx) error {
		t, app, err := tx.LiveToken(ctx, hash[:])
		if errors.Is(err, store.ErrNotFound) {
			return ErrBadToken
		} else if err != nil {
			return err
		}
		g, expires = &Grant{App: *app, User: t.User, Scopes: app.Scopes, Role: t.Role}, t.ExpiresAt
		return nil
	})
	if err == nil {
		a.grants.put(hash, era, cachedGrant{g, now, expires})
	}
	return g, err
}

// RevokeToken kills a token of app. Killing one that is not there, or not
// the app's, changes nothing and tells nothing. [RFC 7009, 2.2]
func (a *App) RevokeToken(ctx context.Context, app *muster.App, token string) error {
	hash := tokenHash(token)
	err := a.write(ctx, func(tx *store.Tx) error { return tx.RevokeToken(ctx, app.ID, hash[:]) })
	a.grants.forget()
	return err
}

func tokenHash(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

// grantAge is how long a node trusts what it knows of a token.
const grantAge = time.Second

// maxGrants bounds the memory for them.
const maxGrants = 10_000

// grants remembers for a moment what tokens allow. The zero value is ready.
type grants struct {
	mu    sync.RWMutex
	known map[[sha256.Size]byte]cachedGrant
	era   atomic.Int64 // grows when all is forgotten: what was read before is not put after
}

type cachedGrant struct {
	grant       *Grant
	at, expires time.Time
}

// get returns what is known of a token, nil if nothing or for too long. A
// clock that was set back makes it too long.
func (c *grants) get(hash [sha256.Size]byte, now time.Time) *Grant {
	c.mu.RLock()
	known, ok := c.known[hash]
	c.mu.RUnlock()
	if age := now.Sub(known.at); !ok || age < 0 || age >= grantAge || !now.Before(known.expires) {
		return nil
	}
	return known.grant
}

func (c *grants) put(hash [sha256.Size]byte, era int64, g cachedGrant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.era.Load() != era {
		return
	}
	if c.known == nil || len(c.known) >= maxGrants {
		c.known = map[[sha256.Size]byte]cachedGrant{}
	}
	c.known[hash] = g
}

// forget drops everything: somebody was revoked.
func (c *grants) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.era.Add(1)
	clear(c.known)
}
