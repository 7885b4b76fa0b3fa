package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"muster/internal/muster"
)

const appColumns = `id, account_id, name, scopes, created_at`

// App returns the app of the given client id and its secret's hash, or
// ErrNotFound. In a write nobody else changes the app until the end.
func (tx *Tx) App(ctx context.Context, id string) (app *muster.App, secret string, err error) {
	app = new(muster.App)
	var scopes string
	var created int64
	err = tx.row(ctx, "read app", `SELECT `+appColumns+`, secret FROM apps WHERE id = $1`+tx.lock,
		[]any{id}, []any{&app.ID, &app.Account, &app.Name, &scopes, &created, &secret})
	if err != nil {
		return nil, "", err
	}
	app.Scopes, app.CreatedAt = strings.Fields(scopes), fromMillis(created)
	return app, secret, nil
}

// Apps returns the apps of account, or of all where account is "", by time of creation.
func (tx *Tx) Apps(ctx context.Context, account string) ([]muster.App, error) {
	var apps []muster.App
	err := tx.rows(ctx, "list apps", `SELECT `+appColumns+` FROM apps WHERE $1 = '' OR account_id = $1 ORDER BY created_at, id`,
		[]any{account}, func(rows *sql.Rows) error {
			var a muster.App
			var scopes string
			var created int64
			if err := rows.Scan(&a.ID, &a.Account, &a.Name, &scopes, &created); err != nil {
				return err
			}
			a.Scopes, a.CreatedAt = strings.Fields(scopes), fromMillis(created)
			apps = append(apps, a)
			return nil
		})
	return apps, err
}

// AddApp adds a with the hash of its secret, or returns ErrExists.
func (tx *Tx) AddApp(ctx context.Context, a *muster.App, secret string) error {
	_, err := tx.exec(ctx, "add app", `INSERT INTO apps (`+appColumns+`, secret) VALUES ($1, $2, $3, $4, $5, $6)`,
		a.ID, a.Account, a.Name, strings.Join(a.Scopes, " "), millis(a.CreatedAt), secret)
	return err
}

// SetAppSecret replaces the hash of an app's secret and revokes its tokens,
// or returns ErrNotFound.
func (tx *Tx) SetAppSecret(ctx context.Context, id, secret string) error {
	n, err := tx.exec(ctx, "set app secret", `UPDATE apps SET secret = $1 WHERE id = $2`, secret, id)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "revoke tokens", `DELETE FROM tokens WHERE app_id = $1`, id)
	return err
}

// RemoveApp removes an app and its tokens, or returns ErrNotFound.
func (tx *Tx) RemoveApp(ctx context.Context, id string) error {
	n, err := tx.exec(ctx, "remove app", `DELETE FROM apps WHERE id = $1`, id)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// A Token is an access token, known by its hash only.
type Token struct {
	Hash      []byte
	App, User string
	ExpiresAt time.Time
	Role      muster.AccountRole // the user's, where the token was read
}

// AddToken adds t.
func (tx *Tx) AddToken(ctx context.Context, t *Token) error {
	_, err := tx.exec(ctx, "add token", `INSERT INTO tokens (hash, app_id, user_id, expires_at) VALUES ($1, $2, $3, $4)`,
		t.Hash, t.App, t.User, millis(t.ExpiresAt))
	return err
}

// LiveToken returns the token of the given hash with its app, or ErrNotFound
// where it is unknown, revoked or expired, or its user is not an active one of
// the app's account any more. The role comes with it: what a request may do
// needs no query of its own.
func (tx *Tx) LiveToken(ctx context.Context, hash []byte) (*Token, *muster.App, error) {
	t, a := Token{Hash: hash}, muster.App{}
	var scopes string
	var expires, created int64
	var role roleRow
	err := tx.row(ctx, "read token", `
		SELECT t.user_id, t.expires_at, a.id, a.account_id, a.name, a.scopes, a.created_at,
			u.role, COALESCE(r.name, ''), COALESCE(r.privileges, ''), COALESCE(r.second_level, 0)
		FROM tokens t
			JOIN apps a ON a.id = t.app_id
			JOIN users u ON u.id = t.user_id AND u.account_id = a.account_id AND u.status = 'active'
			LEFT JOIN roles r ON r.id = u.role AND r.account_id = u.account_id
		WHERE t.hash = $1 AND t.expires_at > $2`,
		[]any{hash, millis(tx.Now)}, []any{
			&t.User, &expires, &a.ID, &a.Account, &a.Name, &scopes, &created,
			&role.ID, &role.Name, &role.privileges, &role.SubAccounts,
		})
	if err != nil {
		return nil, nil, err
	}
	t.Role = role.orBuiltIn()
	t.App, t.ExpiresAt = a.ID, fromMillis(expires)
	a.Scopes, a.CreatedAt = strings.Fields(scopes), fromMillis(created)
	return &t, &a, nil
}

// RevokeToken removes the token of the given hash if it is the app's.
func (tx *Tx) RevokeToken(ctx context.Context, app string, hash []byte) error {
	_, err := tx.exec(ctx, "revoke token", `DELETE FROM tokens WHERE hash = $1 AND app_id = $2`, hash, app)
	return err
}
