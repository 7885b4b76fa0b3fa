package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"muster/internal/muster"
)

// Secret returns the secret of the given name, made by fresh and kept for
// ever if there was none. Other writers who ask for it wait until the end.
func (tx *Tx) Secret(ctx context.Context, name string, fresh func() []byte) (value []byte, err error) {
	read := func() error {
		return tx.row(ctx, "read secret", `SELECT value FROM secrets WHERE name = $1`+tx.lock, []any{name}, []any{&value})
	}
	if err = read(); !errors.Is(err, ErrNotFound) {
		return value, err
	}
	_, err = tx.exec(ctx, "put secret", `INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, fresh())
	if err != nil {
		return nil, err
	}
	err = read() // another may have been quicker
	return value, err
}

const accountColumns = `id, parent_id, name, owner_id, created_at, options`

// Account returns the account of the given id, or ErrNotFound.
func (tx *Tx) Account(ctx context.Context, id string) (*muster.Account, error) {
	var r accountRow
	err := tx.row(ctx, "read account", `SELECT `+accountColumns+` FROM accounts WHERE id = $1`, []any{id}, r.dest())
	if err != nil {
		return nil, err
	}
	return r.account()
}

// PrimaryAccount returns the oldest primary account, or ErrNotFound.
func (tx *Tx) PrimaryAccount(ctx context.Context) (*muster.Account, error) {
	var id string
	err := tx.row(ctx, "read primary account", `SELECT id FROM accounts WHERE parent_id = '' ORDER BY created_at, id LIMIT 1`, nil, []any{&id})
	if err != nil {
		return nil, err
	}
	return tx.Account(ctx, id)
}

// AddAccount adds a.
func (tx *Tx) AddAccount(ctx context.Context, a *muster.Account) error {
	options, err := optionsJSON(&a.Options)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "add account", `INSERT INTO accounts (`+accountColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		a.ID, a.Parent, a.Name, a.Owner, millis(a.CreatedAt), options)
	return err
}

// AccountDocs returns the settings of accounts in order of their ids, those
// after the id, up to limit: what was set of them, by account.
func (tx *Tx) AccountDocs(ctx context.Context, level int64, after string, limit int) (accounts []string, docs [][]byte, err error) {
	err = tx.rows(ctx, "list settings", `SELECT account_id, doc FROM owner_settings WHERE level = $1 AND account_id > $2 AND owner_id = account_id ORDER BY account_id LIMIT $3`,
		[]any{level, after, limit}, func(rows *sql.Rows) error {
			var account, doc string
			err := rows.Scan(&account, &doc)
			accounts, docs = append(accounts, account), append(docs, []byte(doc))
			return err
		})
	return accounts, docs, err
}

const userColumns = `seq, id, account_id, email, first_name, last_name, display_name, type, status, role, action, pmi, timezone,
	created_at, updated_at, profile`

func userDest(u *muster.User, created, updated *int64) []any {
	return []any{
		&u.Seq, &u.ID, &u.Account, &u.Email, &u.FirstName, &u.LastName, &u.DisplayName, &u.Type, &u.Status, &u.Role, &u.Action, &u.PMI,
		&u.Timezone, created, updated, &u.Profile,
	}
}

// User returns the user of account who has the given id, or ErrNotFound.
func (tx *Tx) User(ctx context.Context, account, id string) (*muster.User, error) {
	return tx.user(ctx, `SELECT `+userColumns+` FROM users WHERE account_id = $1 AND id = $2`, account, id)
}

// UserByEmail returns the user of account who has the given email, or ErrNotFound.
func (tx *Tx) UserByEmail(ctx context.Context, account, email string) (*muster.User, error) {
	return tx.user(ctx, `SELECT `+userColumns+` FROM users WHERE account_id = $1 AND email_key = $2`, account, muster.EmailKey(email))
}

func (tx *Tx) user(ctx context.Context, query string, args ...any) (*muster.User, error) {
	key := ""
	if tx.memo != nil {
		key = memoKey(query, args)
		if u := tx.memo.user(key); u != nil {
			return u, nil
		}
	}
	var u muster.User
	var created, updated int64
	if err := tx.row(ctx, "read user", query, args, userDest(&u, &created, &updated)); err != nil {
		return nil, err
	}
	u.CreatedAt, u.UpdatedAt = fromMillis(created), fromMillis(updated)
	tx.memo.putUser(key, &u)
	return &u, nil
}

// AddUser adds u, or returns ErrExists where the account has the email, or
// ErrNumberTaken, with the transaction as it was, where somebody of whatever
// account has the personal number.
func (tx *Tx) AddUser(ctx context.Context, u *muster.User) error {
	n, err := tx.exec(ctx, "add user", `
		INSERT INTO users (id, account_id, email, email_key, first_name, last_name, display_name, type, status, role, action, pmi,
			timezone, created_at, updated_at, profile)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (pmi) DO NOTHING`,
		u.ID, u.Account, u.Email, muster.EmailKey(u.Email), u.FirstName, u.LastName, u.DisplayName, u.Type, u.Status, u.Role, u.Action, u.PMI,
		u.Timezone, millis(u.CreatedAt), millis(u.UpdatedAt), string(orEmpty(u.Profile)))
	if err == nil && n == 0 {
		return ErrNumberTaken
	}
	return err
}

// A UserFilter says which users of an account a list has; what is empty means any.
type UserFilter struct {
	Status muster.UserStatus
	Role   muster.Role
	Group  string // id of a group that they are in
	Email  string
	Name   string   // how the display name begins; A to Z and a to z are alike
	IDs    []string // who is one of these
	Only   string   // the id of the one user who is seen at all
}

// where returns the condition of f for users of account, with its parameters.
func (f UserFilter) where(d *dialect, account string) (condition string, args []any) {
	condition, args = ` WHERE account_id = $1`, []any{account}
	for _, c := range []struct{ is, value string }{ // only what is asked for: so an engine sees which index fits
		{`status = $?`, string(f.Status)},
		{`role = $?`, string(f.Role)},
		{`email_key = $?`, muster.EmailKey(f.Email)},
		{d.fold(`SUBSTR(display_name, 1, LENGTH($?))`) + ` = $?`, folded(f.Name)},
		{`id = $?`, f.Only},
		{`id IN (SELECT user_id FROM group_members WHERE account_id = $1 AND group_id = $?)`, f.Group},
	} {
		if c.value != "" {
			args = append(args, c.value)
			condition += ` AND ` + strings.ReplaceAll(c.is, "$?", "$"+strconv.Itoa(len(args)))
		}
	}
	if len(f.IDs) > 0 {
		condition = strings.Replace(condition, `account_id = `, ofAccount, 1)
		condition += ` AND id IN (` + params(len(args)+1, len(f.IDs)) + `)`
		args = append(args, anys(f.IDs)...)
	}
	return condition, args
}

// Users returns up to limit users of account in order of creation, those
// after the row number after, skipping skip of them, and how many there are.
func (tx *Tx) Users(ctx context.Context, account string, f UserFilter, after int64, skip, limit int) (users []muster.User, total int64, err error) {
	where, args := f.where(tx.d, account)
	err = tx.row(ctx, "count users", `SELECT COUNT(*) FROM users`+where, args, []any{&total})
	if err != nil {
		return nil, 0, err
	}
	page := []string{"$" + strconv.Itoa(len(args)+1), "$" + strconv.Itoa(len(args)+2), "$" + strconv.Itoa(len(args)+3)}
	err = tx.rows(ctx, "list users", `SELECT `+userColumns+` FROM users`+where+` AND seq > `+page[0]+` ORDER BY seq LIMIT `+page[1]+` OFFSET `+page[2],
		append(args, after, limit, skip), func(rows *sql.Rows) error {
			u, err := scanUser(rows)
			users = append(users, u)
			return err
		})
	return users, total, err
}
