package store

import (
	"context"
	"database/sql"

	"muster/internal/muster"
)

const groupColumns = `seq, id, account_id, name, created_at`

func groupDest(g *muster.UserGroup, created *int64) []any {
	return []any{&g.Seq, &g.ID, &g.Account, &g.Name, created}
}

// AddGroup adds g, or returns ErrExists where the account has the name.
func (tx *Tx) AddGroup(ctx context.Context, g *muster.UserGroup) error {
	n, err := tx.exec(ctx, "add group", `
		INSERT INTO user_groups (id, account_id, name, name_key, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, name_key) DO NOTHING`,
		g.ID, g.Account, g.Name, muster.GroupKey(g.Name), millis(g.CreatedAt))
	if err == nil && n == 0 {
		return ErrExists
	}
	return err
}

// Group returns the group of account that has the given id, or ErrNotFound.
func (tx *Tx) Group(ctx context.Context, account, id string) (*muster.UserGroup, error) {
	return tx.group(ctx, "read group", "", account, id)
}

// HoldGroup returns the group of account that has the given id, or
// ErrNotFound. Others who hold it wait until the end. Who changes a membership
// holds its group first, groups in the order of their ids, and then the user,
// see HoldUsers: so that nobody waits in a circle.
func (tx *Tx) HoldGroup(ctx context.Context, account, id string) (*muster.UserGroup, error) {
	return tx.group(ctx, "hold group", tx.lock, account, id)
}

func (tx *Tx) group(ctx context.Context, doing, lock, account, id string) (*muster.UserGroup, error) {
	var g muster.UserGroup
	var created int64
	err := tx.row(ctx, doing, `SELECT `+groupColumns+` FROM user_groups WHERE account_id = $1 AND id = $2`+lock, []any{account, id}, groupDest(&g, &created))
	if err != nil {
		return nil, err
	}
	g.CreatedAt = fromMillis(created)
	return &g, nil
}

// GroupAccount returns the account that the group of the given id is in, or ErrNotFound.
func (tx *Tx) GroupAccount(ctx context.Context, id string) (account string, err error) {
	err = tx.row(ctx, "read group's account", `SELECT account_id FROM user_groups WHERE id = $1`, []any{id}, []any{&account})
	return account, err
}

// A CountedGroup is a group with how many members it has.
type CountedGroup struct {
	muster.UserGroup
	Members int64
}

// Groups returns all groups of account, of which there are MaxGroups at most,
// in order of creation.
func (tx *Tx) Groups(ctx context.Context, account string) ([]muster.UserGroup, error) {
	return tx.groups(ctx, `SELECT `+groupColumns+` FROM user_groups WHERE account_id = $1 ORDER BY seq LIMIT $2`, account, muster.MaxGroups)
}

// groups returns what a query of groupColumns finds.
func (tx *Tx) groups(ctx context.Context, query string, args ...any) (groups []muster.UserGroup, err error) {
	err = tx.rows(ctx, "list groups", query, args, func(rows *sql.Rows) error {
		var g muster.UserGroup
		var created int64
		err := rows.Scan(groupDest(&g, &created)...)
		g.CreatedAt = fromMillis(created)
		groups = append(groups, g)
		return err
	})
	return groups, err
}

// CountedGroups is Groups with how many members each has.
func (tx *Tx) CountedGroups(ctx context.Context, account string) ([]CountedGroup, error) {
	var groups []CountedGroup
	err := tx.rows(ctx, "count groups' members", `
		SELECT `+groupColumns+`, (SELECT COUNT(*) FROM group_members m WHERE m.group_id = user_groups.id)
		FROM user_groups WHERE account_id = $1 ORDER BY seq LIMIT $2`, []any{account, muster.MaxGroups}, func(rows *sql.Rows) error {
		var g CountedGroup
		var created int64
		err := rows.Scan(append(groupDest(&g.UserGroup, &created), &g.Members)...)
		g.CreatedAt = fromMillis(created)
		groups = append(groups, g)
		return err
	})
	return groups, err
}

// CountGroups returns how many groups account has.
func (tx *Tx) CountGroups(ctx context.Context, account string) (n int64, err error) {
	err = tx.row(ctx, "count groups", `SELECT COUNT(*) FROM user_groups WHERE account_id = $1`, []any{account}, []any{&n})
	return n, err
}

// RenameGroup gives a group another name, or returns ErrExists where the
// account has it.
func (tx *Tx) RenameGroup(ctx context.Context, g *muster.UserGroup) error {
	_, err := tx.exec(ctx, "rename group", `UPDATE user_groups SET name = $1, name_key = $2 WHERE account_id = $3 AND id = $4`,
		g.Name, muster.GroupKey(g.Name), g.Account, g.ID)
	return err
}

// RemoveGroup removes a group that is held, with its admins and without its
// members, see LeaveAll.
func (tx *Tx) RemoveGroup(ctx context.Context, account, id string) error {
	_, err := tx.exec(ctx, "remove group", `DELETE FROM user_groups WHERE account_id = $1 AND id = $2`, account, id)
	return err
}
