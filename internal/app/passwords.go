package app

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"

	"muster/internal/muster"
	"muster/internal/store"
)

// passwordScheme stands before each hash, so that a later one can be told
// apart: Argon2id with 19 MiB, two passes and one lane, as OWASP advises.
const passwordScheme = "argon2id-19456-2-1:"

// oneAtOnce keeps those who set passwords from taking 19 MiB each.
type oneAtOnce struct{ mu sync.Mutex }

func (o *oneAtOnce) derive(password, salt string) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return argon2.IDKey([]byte(password), []byte(salt), 2, 19*1024, 1, 32)
}

// hashPassword returns what is stored of a password. It takes long, see beforehand.
func (a *App) hashPassword(ctx context.Context, password string) (string, error) {
	return beforehand(ctx, "hash of "+password, func() (string, error) {
		salt := a.IDs.Secret(22)
		return passwordScheme + salt + ":" + hex.EncodeToString(a.hashing.derive(password, salt)), nil
	})
}

// samePassword reports whether a hash is that of password. As hashPassword.
func (a *App) samePassword(ctx context.Context, password, hash string) (bool, error) {
	rest, ok := strings.CutPrefix(hash, passwordScheme)
	salt, key, found := strings.Cut(rest, ":")
	want, err := hex.DecodeString(key)
	if !ok || !found || err != nil {
		return false, errors.New("app: a stored password is in no form that is known")
	}
	return beforehand(ctx, "is it "+hash, func() (bool, error) {
		return subtle.ConstantTimeCompare(a.hashing.derive(password, salt), want) == 1, nil
	})
}

// passwordRules returns what an account asks of the password of a user.
func (a *App) passwordRules(ctx context.Context, tx *store.Tx, account, email string) (*muster.PasswordRules, error) {
	chain, err := a.chainOf(ctx, tx, account, nil, nil)
	if err != nil {
		return nil, err
	}
	r := chain.PasswordRules()
	r.OwnAddress = email
	return &r, nil
}

// SetUserPassword replaces the password of the user whom ref names. Only a
// hash is kept; nobody signs in with it yet. Errors: AdministratorKept,
// PasswordNotKept, the Password codes, Invalid where it is the old one.
func (a *App) SetUserPassword(ctx context.Context, by muster.Actor, ref, password string) error {
	var u *muster.User
	var old string
	err := a.read(ctx, func(tx *store.Tx) (err error) {
		if u, err = a.user(ctx, tx, by, ref); err != nil {
			return err
		}
		if err := u.MayHavePassword(); err != nil {
			return err
		}
		if err := mayGovern(ctx, tx, by, u); err != nil {
			return err
		}
		rules, err := a.passwordRules(ctx, tx, u.Account, u.Email)
		if err != nil {
			return err
		}
		if err := rules.Check(password); err != nil {
			return err
		}
		old, err = tx.Password(ctx, u.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	if old != "" {
		same, err := a.samePassword(ctx, password, old)
		if err != nil {
			return fmt.Errorf("user %s: %w", u.ID, err)
		}
		if same {
			return muster.InvalidField("password", "must not be the one that the user has")
		}
	}
	hash, err := a.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if err := u.MayHavePassword(); err != nil {
			return err
		}
		if err := tx.SetPassword(ctx, u.ID, hash, tx.Now); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.UserPasswordChanged, nil, []string{u.ID}, map[string]any{"changed": []string{"password"}})
	})
}

// firstPassword returns the hash of the password that a user is made with, ""
// where there is none. What is wrong with it is Invalid here: creating has no
// codes for the rules.
func (a *App) firstPassword(ctx context.Context, by muster.Actor, u *muster.User, password string) (hash string, err error) {
	if password == "" {
		return "", nil
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		rules, err := a.passwordRules(ctx, tx, by.Account, u.Email)
		if err != nil {
			return err
		}
		return wrongPassword("user_info.password", rules.Check(password))
	})
	if err != nil || u.Action != muster.ActionAutoCreate {
		return "", err // only who was made so signs in with a password that others know
	}
	return a.hashPassword(ctx, password)
}

// wrongPassword makes Invalid, about a field, of what is wrong with a
// password: for where the rules have no codes of their own.
func wrongPassword(field string, err error) error {
	broken, ok := errors.AsType[*muster.Error](err)
	switch {
	case !ok:
		return err
	case len(broken.Problems) > 0:
		return muster.InvalidField(field, "%s", broken.Problems[0].Rule)
	}
	return muster.InvalidField(field, "%s", strings.TrimSuffix(strings.TrimPrefix(broken.Detail, "The password "), "."))
}
