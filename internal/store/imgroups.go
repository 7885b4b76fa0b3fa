package store

import (
	"context"
	"database/sql"

	"muster/internal/muster"
)

// imGroups is the beginning of a query of IM groups, where says which.
func imGroups(where string) string {
	return `SELECT g.seq, g.id, g.account_id, g.name, g.type, g.search_account, g.search_domain, g.search_master, g.created_at,
			(SELECT COUNT(*) FROM im_group_members m WHERE m.group_id = g.id)
		FROM im_groups g WHERE ` + where
}

func (tx *Tx) imGroups(ctx context.Context, doing, query string, args ...any) (list []muster.IMGroup, err error) {
	err = tx.rows(ctx, doing, query, args, func(rows *sql.Rows) error {
		var g muster.IMGroup
		var created int64
		err := rows.Scan(&g.Seq, &g.ID, &g.Account, &g.Name, &g.Type, &g.SearchAccount, &g.SearchDomain, &g.SearchMaster, &created, &g.Members)
		g.CreatedAt = fromMillis(created)
		list = append(list, g)
		return err
	})
	return list, err
}

// IMGroups returns the IM groups of account by order of creation, up to limit.
func (tx *Tx) IMGroups(ctx context.Context, account string, limit int) ([]muster.IMGroup, error) {
	return tx.imGroups(ctx, "list IM groups", imGroups(`g.account_id = $1 ORDER BY g.seq LIMIT $2`), account, limit)
}

// IMGroup returns the IM group of account that has the given id, or
// ErrNotFound. In a write nobody else changes it or its members until the end.
func (tx *Tx) IMGroup(ctx context.Context, account, id string) (*muster.IMGroup, error) {
	list, err := tx.imGroups(ctx, "read IM group", imGroups(`g.account_id = $1 AND g.id = $2`)+tx.lock, account, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// CountIMGroups returns how many IM groups account has.
func (tx *Tx) CountIMGroups(ctx context.Context, account string) (n int64, err error) {
	err = tx.row(ctx, "count IM groups", `SELECT COUNT(*) FROM im_groups WHERE account_id = $1`, []any{account}, []any{&n})
	return n, err
}

// AddIMGroup adds g, or returns ErrExists where the account has the name.
func (tx *Tx) AddIMGroup(ctx context.Context, g *muster.IMGroup) error {
	n, err := tx.exec(ctx, "add IM group", `
		INSERT INTO im_groups (id, account_id, name, name_key, type, search_account, search_domain, search_master, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (account_id, name_key) DO NOTHING`,
		g.ID, g.Account, g.Name, muster.GroupKey(g.Name), string(g.Type), g.SearchAccount, g.SearchDomain, g.SearchMaster, millis(g.CreatedAt))
	if err == nil && n == 0 {
		return ErrExists
	}
	return err
}

// SetIMGroup replaces an IM group, or returns ErrExists where another of the
// account has the name.
func (tx *Tx) SetIMGroup(ctx context.Context, g *muster.IMGroup) error {
	_, err := tx.exec(ctx, "set IM group", `
		UPDATE im_groups SET name = $1, name_key = $2, type = $3, search_account = $4, search_domain = $5, search_master = $6
		WHERE account_id = $7 AND id = $8`,
		g.Name, muster.GroupKey(g.Name), string(g.Type), g.SearchAccount, g.SearchDomain, g.SearchMaster, g.Account, g.ID)
	return err
}

// RemoveIMGroup removes an IM group of account. Its members stay users.
func (tx *Tx) RemoveIMGroup(ctx context.Context, account, id string) error {
	_, err := tx.exec(ctx, "remove IM group", `DELETE FROM im_groups WHERE account_id = $1 AND id = $2`, account, id)
	return err
}

// AddIMGroupMember puts a user into an IM group and reports whether they were
// not in it.
func (tx *Tx) AddIMGroupMember(ctx context.Context, account, group, user string) (bool, error) {
	n, err := tx.exec(ctx, "add IM group member", `
		INSERT INTO im_group_members (account_id, group_id, user_id, added_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (group_id, user_id) DO NOTHING`, account, group, user, millis(tx.Now))
	return n > 0, err
}

// RemoveIMGroupMember takes a user out of an IM group, or returns ErrNotFound
// where they are not in it.
func (tx *Tx) RemoveIMGroupMember(ctx context.Context, account, group, user string) error {
	n, err := tx.exec(ctx, "remove IM group member", `DELETE FROM im_group_members WHERE account_id = $1 AND group_id = $2 AND user_id = $3`, account, group, user)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// IMGroupsOfEach returns for users of account the ids of the IM groups that
// they are in, in the order in which they joined.
func (tx *Tx) IMGroupsOfEach(ctx context.Context, account string, users []string) (map[string][]string, error) {
	groups := map[string][]string{}
	if len(users) == 0 {
		return groups, nil
	}
	err := tx.rows(ctx, "list IM groups of users", `
		SELECT user_id, group_id FROM im_group_members WHERE `+ofAccount+`$1 AND user_id IN (`+params(2, len(users))+`) ORDER BY seq`,
		append([]any{account}, anys(users)...), func(rows *sql.Rows) error {
			var user, group string
			err := rows.Scan(&user, &group)
			groups[user] = append(groups[user], group)
			return err
		})
	return groups, err
}

// IMGroupMembers returns up to limit members of an IM group of account in the
// order in which they joined, those after the row number after, skipping skip of
// them. Their Seq is that of the membership.
func (tx *Tx) IMGroupMembers(ctx context.Context, account, group string, after int64, skip, limit int) (users []muster.User, err error) {
	err = tx.rows(ctx, "list IM group members", `
		SELECT m.seq, u.id, u.email, u.first_name, u.last_name, u.type
		FROM im_group_members m JOIN users u ON u.id = m.user_id
		WHERE m.account_id = $1 AND m.group_id = $2 AND m.seq > $3
		ORDER BY m.seq LIMIT $4 OFFSET $5`, []any{account, group, after, limit, skip}, func(rows *sql.Rows) error {
		var u muster.User
		err := rows.Scan(&u.Seq, &u.ID, &u.Email, &u.FirstName, &u.LastName, &u.Type)
		users = append(users, u)
		return err
	})
	return users, err
}
