package store

import (
	"context"
	"database/sql"
	"time"

	"muster/internal/muster"
)

// HoldUser is User for somebody who is to be changed, or whose standing
// matters for what is written: others who want the same wait until the end.
func (tx *Tx) HoldUser(ctx context.Context, account, id string) (*muster.User, error) {
	return tx.user(ctx, `SELECT `+userColumns+` FROM users WHERE account_id = $1 AND id = $2`+tx.lock, account, id)
}

// SetUser replaces what may change of u, who must exist in u.Account, or
// returns ErrExists where the account has another user of the email, or another
// user of whatever account has the personal number.
func (tx *Tx) SetUser(ctx context.Context, u *muster.User) error {
	n, err := tx.exec(ctx, "set user", `
		UPDATE users
		SET email = $3, email_key = $4, first_name = $5, last_name = $6, display_name = $7, type = $8, status = $9, role = $10, pmi = $11,
			timezone = $12, profile = $13, updated_at = $14
		WHERE account_id = $1 AND id = $2`,
		u.Account, u.ID, u.Email, muster.EmailKey(u.Email), u.FirstName, u.LastName, u.DisplayName, u.Type, u.Status, u.Role, u.PMI,
		u.Timezone, string(orEmpty(u.Profile)), millis(u.UpdatedAt))
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// SetUserTypes gives users of account another type.
func (tx *Tx) SetUserTypes(ctx context.Context, account string, ids []string, to muster.UserType) error {
	_, err := tx.exec(ctx, "set users' type", `
		UPDATE users SET type = $2, updated_at = $3 WHERE `+ofAccount+`$1 AND id IN (`+params(4, len(ids))+`)`,
		append([]any{account, to, millis(tx.Now)}, anys(ids)...)...)
	return err
}

// RemoveUser removes a user, with all that is theirs alone. Their meetings
// stay.
func (tx *Tx) RemoveUser(ctx context.Context, u *muster.User) error {
	if err := tx.RevokeTokensOf(ctx, u.ID); err != nil {
		return err
	}
	_, err := tx.exec(ctx, "remove user", `DELETE FROM users WHERE account_id = $1 AND id = $2`, u.Account, u.ID)
	return err
}

// MoveUser moves u with their meetings, which are held, settings and files to another account, or
// returns ErrExists where that has a user of the email. Groups, assistants and
// tokens of the old account are left behind, and so is who helps with the
// meetings.
func (tx *Tx) MoveUser(ctx context.Context, u *muster.User, level int64, to string) error {
	if err := tx.RevokeTokensOf(ctx, u.ID); err != nil {
		return err
	}
	for _, s := range []struct {
		doing, query string
		args         []any
	}{
		{"move user", `UPDATE users SET account_id = $2, role = $3, updated_at = $4 WHERE id = $1`, []any{u.ID, to, u.Role, millis(tx.Now)}},
		{
			"move meetings", `UPDATE meetings SET account_id = $3, assistant_id = '', alternative_hosts = 'null', updated_at = $4 WHERE account_id = $1 AND host_id = $2`,
			[]any{u.Account, u.ID, to, millis(tx.Now)},
		},
		{
			"move settings", `UPDATE owner_settings SET account_id = $4 WHERE account_id = $1 AND level = $2 AND owner_id = $3`,
			[]any{u.Account, level, u.ID, to},
		},
		{
			"move files", `UPDATE files SET account_id = $4 WHERE account_id = $1 AND level = $2 AND owner_id = $3`,
			[]any{u.Account, level, u.ID, to},
		},
		{"leave groups", `DELETE FROM group_members WHERE user_id = $1`, []any{u.ID}},
		{"leave IM groups", `DELETE FROM im_group_members WHERE user_id = $1`, []any{u.ID}},
		{"leave groups' admins", `DELETE FROM group_admins WHERE user_id = $1`, []any{u.ID}},
		{"leave assistants", `DELETE FROM assistants WHERE user_id = $1 OR assistant_id = $1`, []any{u.ID}},
	} {
		if _, err := tx.exec(ctx, s.doing, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// RevokeTokensOf removes the tokens that stand for a user.
func (tx *Tx) RevokeTokensOf(ctx context.Context, user string) error {
	_, err := tx.exec(ctx, "revoke tokens of user", `DELETE FROM tokens WHERE user_id = $1`, user)
	return err
}

// HoldMeetingsOf keeps others from changing any meeting of a host until the
// end, deleted ones too, which somebody may be about to recover. Who goes is held
// first, see HoldUser: so no meeting comes while these are held.
func (tx *Tx) HoldMeetingsOf(ctx context.Context, account, host string) error {
	if tx.lock == "" {
		return nil
	}
	return tx.rows(ctx, "hold meetings of user", `SELECT id FROM meetings WHERE account_id = $1 AND host_id = $2 ORDER BY id`+tx.lock,
		[]any{account, host}, func(*sql.Rows) error { return nil })
}

// HandOverMeetings makes another user of the account the host of all of a
// user's meetings, which are held, deleted ones too, and returns how many there are.
func (tx *Tx) HandOverMeetings(ctx context.Context, account, from, to string) (int64, error) {
	return tx.exec(ctx, "hand meetings over", `UPDATE meetings SET host_id = $3, updated_at = $4 WHERE account_id = $1 AND host_id = $2`,
		account, from, to, millis(tx.Now))
}

// DeleteMeetingsOf deletes all meetings of a host, which are held, and returns how many.
func (tx *Tx) DeleteMeetingsOf(ctx context.Context, account, host string) (int64, error) {
	return tx.exec(ctx, "delete meetings of user", `
		UPDATE meetings
		SET state_before = state, state = 'deleted', deleted_at = $3, updated_at = $3
		WHERE account_id = $1 AND host_id = $2 AND state <> 'deleted'`, account, host, millis(tx.Now))
}

// AskForRegistration reports whether any meeting of a host asks for registration.
func (tx *Tx) AskForRegistration(ctx context.Context, account, host string) (asks bool, err error) {
	err = tx.row(ctx, "look for registration", `
		SELECT EXISTS (SELECT 1 FROM meetings WHERE account_id = $1 AND host_id = $2 AND approval <> $3)`,
		[]any{account, host, muster.NoRegistration}, []any{&asks})
	return asks, err
}

// PersonalNumberTaken reports whether anybody but the user of the given id has
// the personal meeting number, in whatever account.
func (tx *Tx) PersonalNumberTaken(ctx context.Context, pmi int64, but string) (taken bool, err error) {
	err = tx.row(ctx, "look for personal number", `SELECT EXISTS (SELECT 1 FROM users WHERE pmi = $1 AND id <> $2)`, []any{pmi, but}, []any{&taken})
	return taken, err
}

// HoldUsers returns those users of account who have one of the ids or emails,
// by id and by the key of their email; what nobody has is passed over. In a write
// nobody else changes them, or their groups and roles, until the end.
func (tx *Tx) HoldUsers(ctx context.Context, account string, ids, emails []string) (byID, byEmail map[string]*muster.User, err error) {
	keys := make([]string, len(emails))
	for i, e := range emails {
		keys[i] = muster.EmailKey(e)
	}
	query := `SELECT ` + userColumns + ` FROM users WHERE ` + ofAccount + `$1 AND id IN (
			SELECT id FROM users WHERE id IN (` + orNone(params(2, len(ids))) + `)
			UNION ALL SELECT id FROM users WHERE account_id = $1 AND email_key IN (` + orNone(params(2+len(ids), len(emails))) + `)
		) ORDER BY id` + tx.lock
	byID, byEmail = map[string]*muster.User{}, map[string]*muster.User{}
	err = tx.rows(ctx, "hold users", query, append(append([]any{account}, anys(ids)...), anys(keys)...), func(rows *sql.Rows) error {
		u, err := scanUser(rows)
		byID[u.ID], byEmail[muster.EmailKey(u.Email)] = &u, &u
		return err
	})
	return byID, byEmail, err
}

// ofAccount begins the condition that a row is of an account where its id says
// which row is meant, so that no index follows the account: offered both, SQLite
// walks through all of an account rather than look for thirty ids.
const ofAccount = `account_id || '' = `

// orNone is a list of parameters that may be empty.
func orNone(list string) string {
	if list == "" {
		return "NULL"
	}
	return list
}

// anys makes parameters of a list.
func anys[T any](list []T) []any {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = v
	}
	return all
}

func scanUser(rows *sql.Rows) (u muster.User, err error) {
	var created, updated int64
	err = rows.Scan(userDest(&u, &created, &updated)...)
	u.CreatedAt, u.UpdatedAt = fromMillis(created), fromMillis(updated)
	return u, err
}

// GroupsOfEach returns the ids of the groups of each of some users, the
// primary one first and the others as they were joined.
func (tx *Tx) GroupsOfEach(ctx context.Context, account string, users []string) (map[string][]string, error) {
	of := map[string][]string{}
	if len(users) == 0 {
		return of, nil
	}
	err := tx.rows(ctx, "list groups of users", `
		SELECT user_id, group_id FROM group_members
		WHERE account_id = $1 AND user_id IN (`+params(2, len(users))+`)
		ORDER BY is_primary DESC, seq`, append([]any{account}, anys(users)...), func(rows *sql.Rows) error {
		var user, group string
		err := rows.Scan(&user, &group)
		of[user] = append(of[user], group)
		return err
	})
	return of, err
}

// A UserCount is how many users of an account have a type and a status.
type UserCount struct {
	Type   muster.UserType
	Status muster.UserStatus
	N      int64
}

// CountUsers counts the users of account by type and status.
func (tx *Tx) CountUsers(ctx context.Context, account string) ([]UserCount, error) {
	var counts []UserCount
	err := tx.rows(ctx, "count users by type", `
		SELECT type, status, COUNT(*) FROM users WHERE account_id = $1 GROUP BY type, status`, []any{account}, func(rows *sql.Rows) error {
		var c UserCount
		err := rows.Scan(&c.Type, &c.Status, &c.N)
		counts = append(counts, c)
		return err
	})
	return counts, err
}

// Password returns the hash of a user's password, or ErrNotFound.
func (tx *Tx) Password(ctx context.Context, user string) (hash string, err error) {
	err = tx.row(ctx, "read password", `SELECT password FROM user_secrets WHERE user_id = $1`, []any{user}, []any{&hash})
	return hash, err
}

// SetPassword replaces the hash of a user's password.
func (tx *Tx) SetPassword(ctx context.Context, user, hash string, at time.Time) error {
	_, err := tx.exec(ctx, "set password", `
		INSERT INTO user_secrets (user_id, password, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET password = excluded.password, changed_at = excluded.changed_at`, user, hash, millis(at))
	return err
}
