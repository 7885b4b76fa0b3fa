package app

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/store"
)

// MinSecret is how many characters a client secret has at least.
const MinSecret = 16

// A NewAccount asks for an account with its owner and a first app. What is
// "" is made up.
type NewAccount struct {
	Parent       string // account id of the parent, "" for a primary account
	ID, Name     string
	OwnerEmail   string
	Timezone     string // of the owner
	ClientID     string
	ClientSecret string
}

// Credentials are what an app needs to get tokens. The secret is nowhere else.
type Credentials struct {
	AccountID, ClientID, ClientSecret, OwnerEmail string
}

// Bootstrap makes the primary account where the database has none and
// returns its credentials, or nil and the id of the account that was there.
func (a *App) Bootstrap(ctx context.Context, n NewAccount) (made *Credentials, existing string, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		made, existing = nil, ""                   // it may run twice
		if _, err := a.keys(ctx, tx); err != nil { // of two nodes that start at once the second waits, and finds the account
			return err
		}
		acc, err := tx.PrimaryAccount(ctx)
		if err == nil {
			existing = acc.ID
			return nil
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		made, err = a.addAccount(ctx, tx, n)
		return err
	})
	return made, existing, err
}

// AddAccount makes a further account, with Parent a sub account of it.
// Errors: AccountNotFound and Forbidden for the parent, Refused where an id is taken, Invalid.
func (a *App) AddAccount(ctx context.Context, n NewAccount) (made *Credentials, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if n.Parent != "" {
			parent, err := tx.Account(ctx, n.Parent)
			if errors.Is(err, store.ErrNotFound) {
				return muster.NoSuchAccount(n.Parent)
			} else if err != nil {
				return err
			}
			if err := parent.MayHaveSubs(); err != nil {
				return err
			}
		}
		made, err = a.addAccount(ctx, tx, n)
		return err
	})
	return made, err
}

func (a *App) addAccount(ctx context.Context, tx *store.Tx, n NewAccount) (*Credentials, error) {
	if err := a.complete(&n); err != nil {
		return nil, err
	}
	owner := a.newOwner(tx, n.ID, n.OwnerEmail, n.Timezone)
	account := &muster.Account{ID: n.ID, Parent: n.Parent, Name: n.Name, Owner: owner.ID, CreatedAt: tx.Now}
	by := muster.Actor{Account: n.ID, Home: n.ID}
	if err := a.putAccount(ctx, tx, by, account, owner); err != nil {
		return nil, err
	}
	if n.Parent != "" {
		by.Account = n.Parent
		data := map[string]any{"after": toldAccount(account, owner)}
		if err := a.event(ctx, tx, by, muster.AccountCreated, nil, []string{account.ID, owner.ID}, data); err != nil {
			return nil, err
		}
	}
	app := &muster.App{ID: n.ClientID, Account: n.ID, Name: "first app"}
	if err := a.addApp(ctx, tx, app, n.ClientSecret); err != nil {
		return nil, err
	}
	return &Credentials{AccountID: n.ID, ClientID: n.ClientID, ClientSecret: n.ClientSecret, OwnerEmail: n.OwnerEmail}, nil
}

// newOwner returns the owner of a new account, who has no personal number yet.
func (a *App) newOwner(tx *store.Tx, account, email, zone string) *muster.User {
	return &muster.User{
		ID: a.IDs.Ordered(tx.Now), Account: account, Email: email, FirstName: "Account", LastName: "Owner", DisplayName: "Account Owner",
		Type: muster.Licensed, Status: muster.UserActive, Role: muster.RoleOwner, Action: muster.ActionCreate,
		Timezone: zone, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
}

// putAccount adds an account with its owner, in the name of by, who acts in it.
func (a *App) putAccount(ctx context.Context, tx *store.Tx, by muster.Actor, account *muster.Account, owner *muster.User) error {
	err := tx.AddAccount(ctx, account)
	if errors.Is(err, store.ErrExists) {
		return muster.Errorf(muster.Refused, account.ID, "Account %s exists already.", account.ID)
	} else if err != nil {
		return err
	}
	if err := a.addUser(ctx, tx, owner); err != nil {
		return err
	}
	return a.event(ctx, tx, by, muster.AccountCreated, nil, []string{account.ID, owner.ID}, map[string]any{"after": toldAccount(account, owner)})
}

// toldAccount returns what the event log has of a new account: its name only
// where that is not its owner's.
func toldAccount(account *muster.Account, owner *muster.User) map[string]any {
	told := map[string]any{"owner": account.Owner, "parent": account.Parent}
	if account.Name != owner.DisplayName {
		told["name"] = account.Name
	}
	return told
}

// complete makes up what n leaves open and checks what it says.
func (a *App) complete(n *NewAccount) error {
	for _, v := range []struct {
		to *string
		by func() string
	}{
		{&n.ID, func() string { return a.IDs.Secret(22) }},
		{&n.ClientID, func() string { return a.IDs.Secret(22) }},
		{&n.ClientSecret, func() string { return a.IDs.Secret(32) }},
		{&n.OwnerEmail, func() string { return "owner@example.com" }},
		{&n.Name, func() string { return "Muster" }},
		{&n.Timezone, func() string { return "UTC" }},
	} {
		if *v.to == "" {
			*v.to = v.by()
		}
	}
	if rule := muster.CheckEmail(n.OwnerEmail); rule != "" {
		return muster.InvalidField("owner_email", "%s", rule)
	}
	if rule := badName(n.Name); rule != "" {
		return muster.InvalidField("name", "%s", rule)
	}
	if _, err := schedule.Zone(n.Timezone); err != nil {
		return muster.InvalidField("timezone", "%v", err)
	}
	for _, v := range []struct{ name, text string }{{"account_id", n.ID}, {"client_id", n.ClientID}} {
		if len(v.text) > 64 || v.text == "me" || strings.ContainsFunc(v.text, func(r rune) bool { return !idRune(r) }) {
			return muster.InvalidField(v.name, "must be 1 to 64 letters, digits, - or _, and not the word me")
		}
	}
	return checkSecret(n.ClientSecret)
}

// badName returns the rule that a name from the command line breaks, "" if none.
func badName(name string) string {
	if !utf8.ValidString(name) || strings.Contains(name, "\x00") {
		return "must be valid UTF-8"
	}
	return ""
}

func idRune(r rune) bool {
	return r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

func checkSecret(secret string) error {
	if len(secret) < MinSecret {
		return muster.InvalidField("client_secret", "must have at least %d characters", MinSecret)
	}
	if strings.ContainsFunc(secret, func(r rune) bool { return r <= ' ' || r > '~' || r == '%' }) { // % is an escape in HTTP Basic [RFC 6749, 2.3.1]
		return muster.InvalidField("client_secret", "must have only printable ASCII characters, no blanks and no %%")
	}
	return nil
}

// AddApp adds an app to an account and returns its credentials. No scopes
// mean every scope of the running version.
func (a *App) AddApp(ctx context.Context, account, name string, scopes []string) (made *Credentials, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, account); errors.Is(err, store.ErrNotFound) {
			return muster.Errorf(muster.AccountNotFound, account, "Account does not exist: %s.", account)
		} else if err != nil {
			return err
		}
		made = &Credentials{AccountID: account, ClientID: a.IDs.Secret(22), ClientSecret: a.IDs.Secret(32)}
		return a.addApp(ctx, tx, &muster.App{ID: made.ClientID, Account: account, Name: name, Scopes: scopes}, made.ClientSecret)
	})
	return made, err
}

func (a *App) addApp(ctx context.Context, tx *store.Tx, app *muster.App, secret string) error {
	if rule := badName(app.Name + strings.Join(app.Scopes, "")); rule != "" {
		return muster.InvalidField("name", "%s", rule)
	}
	app.CreatedAt = tx.Now
	err := tx.AddApp(ctx, app, a.hashSecret(secret))
	if errors.Is(err, store.ErrExists) {
		return muster.Errorf(muster.Refused, app.ID, "An app with the client id %s exists already.", app.ID)
	} else if err != nil {
		return err
	}
	by := muster.Actor{Account: app.Account, Home: app.Account}
	return a.event(ctx, tx, by, muster.AppAdded, nil, []string{app.ID}, map[string]any{"after": toldApp(app)})
}

// toldApp returns what the event log has of an app.
func toldApp(app *muster.App) map[string]any {
	scopes := strings.Join(app.Scopes, " ")
	if scopes == "" {
		scopes = "(all)" // of the version that runs, as the list of apps says
	}
	return map[string]any{"name": app.Name, "scopes": scopes}
}

// Apps lists the apps of an account, of every account where it is "".
func (a *App) Apps(ctx context.Context, account string) (apps []muster.App, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		apps, err = tx.Apps(ctx, account)
		return err
	})
	return apps, err
}

// RotateApp gives an app a new secret, which it returns, and revokes its tokens.
func (a *App) RotateApp(ctx context.Context, id string) (made *Credentials, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		app, err := appOf(ctx, tx, id)
		if err != nil {
			return err
		}
		made = &Credentials{AccountID: app.Account, ClientID: id, ClientSecret: a.IDs.Secret(32)}
		if err := tx.SetAppSecret(ctx, id, a.hashSecret(made.ClientSecret)); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		return a.event(ctx, tx, muster.Actor{Account: app.Account}, muster.AppRotated, nil, []string{id}, map[string]any{"changed": []string{"secret"}})
	})
	return made, err
}

// RemoveApp removes an app and revokes its tokens.
func (a *App) RemoveApp(ctx context.Context, id string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		app, err := appOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := tx.RemoveApp(ctx, id); err != nil {
			return err
		}
		tx.AfterCommit(a.grants.forget)
		return a.event(ctx, tx, muster.Actor{Account: app.Account}, muster.AppRemoved, nil, []string{id}, map[string]any{"before": toldApp(app)})
	})
}

func appOf(ctx context.Context, tx *store.Tx, id string) (*muster.App, error) {
	app, _, err := tx.App(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, muster.Errorf(muster.Refused, id, "There is no app with the client id %s.", id)
	}
	return app, err
}

// hashScheme stands before each hash, so that a later one can be told apart.
const hashScheme = "pbkdf2-sha256-10000:"

// hashRounds makes guessing a stolen hash of a short secret slow; a token
// request pays some milliseconds for it, once an hour.
const hashRounds = 10_000

func (a *App) hashSecret(secret string) string {
	salt := a.IDs.Secret(16)
	return hashScheme + salt + ":" + derive(secret, salt)
}

func derive(secret, salt string) string {
	key, err := pbkdf2.Key(sha256.New, secret, []byte(salt), hashRounds, sha256.Size)
	if err != nil {
		panic(fmt.Sprintf("app: pbkdf2: %v", err)) // only for lengths beyond reason
	}
	return hex.EncodeToString(key)
}

// sameSecret compares a secret with its hash in constant time.
func sameSecret(secret, hash string) bool {
	salt, sum, _ := strings.Cut(strings.TrimPrefix(hash, hashScheme), ":")
	return subtle.ConstantTimeCompare([]byte(derive(secret, salt)), []byte(sum)) == 1
}

// LoadKeys reads the secret that links, page tokens and codes are derived
// from, made at the first start and kept in the database: every node of one
// installation has the same.
func (a *App) LoadKeys(ctx context.Context) error {
	return a.write(ctx, func(tx *store.Tx) error {
		secret, err := a.keys(ctx, tx)
		a.Keys = muster.Keys{Secret: secret}
		return err
	})
}

// keys returns the secret of the installation and keeps others who ask for it
// waiting until the transaction ends.
func (a *App) keys(ctx context.Context, tx *store.Tx) ([]byte, error) {
	return tx.Secret(ctx, "keys", func() []byte { return []byte(a.IDs.Secret(43)) })
}

// OwnerIs reports whether the owner of an account has the email.
func (a *App) OwnerIs(ctx context.Context, account, email string) (same bool, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		acc, err := tx.Account(ctx, account)
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, account, acc.Owner)
		if err != nil {
			return err
		}
		same = muster.EmailKey(u.Email) == muster.EmailKey(email)
		return nil
	})
	return same, err
}
