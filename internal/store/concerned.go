package store

import (
	"context"
	"database/sql"

	"muster/internal/muster"
)

// RoleHolders returns the ids of the users of account who have a role.
func (tx *Tx) RoleHolders(ctx context.Context, account string, role muster.Role) ([]string, error) {
	return tx.ids(ctx, "list who has role", `SELECT id FROM users WHERE account_id = $1 AND role = $2 ORDER BY seq`, account, string(role))
}

// GroupUsers returns the ids of a group's members and of its admins, each in
// the order in which they came.
func (tx *Tx) GroupUsers(ctx context.Context, group string) (members, admins []string, err error) {
	members, err = tx.ids(ctx, "list who is in group", `SELECT user_id FROM group_members WHERE group_id = $1 ORDER BY seq`, group)
	if err == nil {
		admins, err = tx.ids(ctx, "list who manages group", `SELECT user_id FROM group_admins WHERE group_id = $1 ORDER BY seq`, group)
	}
	return members, admins, err
}

// IMGroupUsers returns the ids of an IM group's members in the order in which
// they joined.
func (tx *Tx) IMGroupUsers(ctx context.Context, account, group string) ([]string, error) {
	return tx.ids(ctx, "list who is in IM group", `SELECT user_id FROM im_group_members WHERE account_id = $1 AND group_id = $2 ORDER BY seq`, account, group)
}

func (tx *Tx) ids(ctx context.Context, doing, query string, args ...any) (ids []string, err error) {
	err = tx.rows(ctx, doing, query, args, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
