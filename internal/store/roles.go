package store

import (
	"context"
	"database/sql"
	"strings"

	"muster/internal/muster"
)

// A roleRow is a role with what its columns hold.
type roleRow struct {
	muster.AccountRole
	privileges string // names with blanks between
	created    int64
}

const roleColumns = `seq, id, account_id, name, description, privileges, second_level, created_at`

func (r *roleRow) dest() []any {
	return []any{&r.Seq, &r.ID, &r.Account, &r.Name, &r.Description, &r.privileges, &r.SubAccounts, &r.created}
}

// role returns what was read. Privileges that this version does not know are left out.
func (r *roleRow) role() muster.AccountRole {
	r.Privileges, _ = muster.ParsePrivileges(strings.Fields(r.privileges))
	r.CreatedAt = fromMillis(r.created)
	return r.AccountRole
}

// orBuiltIn returns the built-in role of r's id, or what was read.
func (r *roleRow) orBuiltIn() muster.AccountRole {
	if b := muster.BuiltIn(r.ID); b != nil {
		return *b
	}
	return r.role()
}

// AddRole adds r, or returns ErrExists where the account has the name.
func (tx *Tx) AddRole(ctx context.Context, r *muster.AccountRole) error {
	n, err := tx.exec(ctx, "add role", `
		INSERT INTO roles (id, account_id, name, name_key, description, privileges, second_level, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (account_id, name_key) DO NOTHING`,
		string(r.ID), r.Account, r.Name, muster.RoleKey(r.Name), r.Description, strings.Join(r.Privileges.Names(), " "), int64(r.SubAccounts), millis(r.CreatedAt))
	if err == nil && n == 0 {
		return ErrExists
	}
	return err
}

// Role returns the role of account's own that has the given id, or
// ErrNotFound.
func (tx *Tx) Role(ctx context.Context, account string, id muster.Role) (*muster.AccountRole, error) {
	return tx.role(ctx, "read role", "", account, id)
}

// HoldRole is Role for one that is to be changed, given or taken: nobody else
// does so until the end. It comes before the users who have it: who holds one
// of them reads their role with Role, so that nobody waits in a circle.
func (tx *Tx) HoldRole(ctx context.Context, account string, id muster.Role) (*muster.AccountRole, error) {
	return tx.role(ctx, "hold role", tx.lock, account, id)
}

func (tx *Tx) role(ctx context.Context, doing, lock, account string, id muster.Role) (*muster.AccountRole, error) {
	var r roleRow
	err := tx.row(ctx, doing, `SELECT `+roleColumns+` FROM roles WHERE account_id = $1 AND id = $2`+lock, []any{account, string(id)}, r.dest())
	if err != nil {
		return nil, err
	}
	role := r.role()
	return &role, nil
}

// Roles returns the roles of account's own by order of creation, up to limit.
func (tx *Tx) Roles(ctx context.Context, account string, limit int) (roles []muster.AccountRole, err error) {
	err = tx.rows(ctx, "list roles", `SELECT `+roleColumns+` FROM roles WHERE account_id = $1 ORDER BY seq LIMIT $2`, []any{account, limit}, func(rows *sql.Rows) error {
		var r roleRow
		err := rows.Scan(r.dest()...)
		roles = append(roles, r.role())
		return err
	})
	return roles, err
}

// RoleSizes returns how many users of account have each role; no entry is none.
func (tx *Tx) RoleSizes(ctx context.Context, account string) (map[muster.Role]int64, error) {
	sizes := map[muster.Role]int64{}
	err := tx.rows(ctx, "count members of roles", `SELECT role, COUNT(*) FROM users WHERE account_id = $1 GROUP BY role`, []any{account}, func(rows *sql.Rows) error {
		var role muster.Role
		var n int64
		err := rows.Scan(&role, &n)
		sizes[role] = n
		return err
	})
	return sizes, err
}

// CountRole returns how many users of account have a role.
func (tx *Tx) CountRole(ctx context.Context, account string, id muster.Role) (n int64, err error) {
	err = tx.row(ctx, "count members of role", `SELECT COUNT(*) FROM users WHERE account_id = $1 AND role = $2`, []any{account, string(id)}, []any{&n})
	return n, err
}

// SetRole replaces a role, or returns ErrExists where another of the account has the name.
func (tx *Tx) SetRole(ctx context.Context, r *muster.AccountRole) error {
	_, err := tx.exec(ctx, "set role", `
		UPDATE roles SET name = $1, name_key = $2, description = $3, privileges = $4, second_level = $5 WHERE account_id = $6 AND id = $7`,
		r.Name, muster.RoleKey(r.Name), r.Description, strings.Join(r.Privileges.Names(), " "), int64(r.SubAccounts), r.Account, string(r.ID))
	return err
}

// RemoveRole removes a role of account, which is held, and gives its members
// the role next. It holds them first, in the order of HoldUsers.
func (tx *Tx) RemoveRole(ctx context.Context, account string, id, next muster.Role) error {
	if tx.lock != "" {
		err := tx.rows(ctx, "hold members", `SELECT id FROM users WHERE account_id = $1 AND role = $2 ORDER BY id`+tx.lock, []any{account, string(id)},
			func(*sql.Rows) error { return nil })
		if err != nil {
			return err
		}
	}
	_, err := tx.exec(ctx, "give up role", `UPDATE users SET role = $1, updated_at = $2 WHERE account_id = $3 AND role = $4`,
		string(next), millis(tx.Now), account, string(id))
	if err == nil {
		_, err = tx.exec(ctx, "remove role", `DELETE FROM roles WHERE account_id = $1 AND id = $2`, account, string(id))
	}
	return err
}

// GiveRole gives a role to users of account, named by id.
func (tx *Tx) GiveRole(ctx context.Context, account string, role muster.Role, users []string) error {
	if len(users) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, "give role", `UPDATE users SET role = $1, updated_at = $2 WHERE `+ofAccount+`$3 AND id IN (`+params(4, len(users))+`)`,
		append([]any{string(role), millis(tx.Now), account}, anys(users)...)...)
	return err
}
