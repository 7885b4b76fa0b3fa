package store

import (
	"context"
	"database/sql"

	"muster/internal/muster"
)

// GroupsOf returns the groups of a user, the primary one first and the others
// in the order in which they were joined.
func (tx *Tx) GroupsOf(ctx context.Context, account, user string) ([]muster.UserGroup, error) {
	return tx.groups(ctx, `
		SELECT g.seq, g.id, g.account_id, g.name, g.created_at
		FROM group_members m JOIN user_groups g ON g.id = m.group_id
		WHERE m.user_id = $1 AND m.account_id = $2
		ORDER BY m.is_primary DESC, m.seq`, user, account)
}

// Membership returns the membership of a user in a group, or ErrNotFound.
func (tx *Tx) Membership(ctx context.Context, group, user string) (*muster.GroupMember, error) {
	m := muster.GroupMember{Group: group, User: user}
	var added int64
	err := tx.row(ctx, "read membership", `SELECT seq, is_primary, added_at FROM group_members WHERE group_id = $1 AND user_id = $2`,
		[]any{group, user}, []any{&m.Seq, &m.Primary, &added})
	if err != nil {
		return nil, err
	}
	m.AddedAt = fromMillis(added)
	return &m, nil
}

// Join puts users, who are held, into a group, which is held too. It returns
// the ids of those who were not in it, in the order given. Who is in no other
// group has it as the primary one.
func (tx *Tx) Join(ctx context.Context, account, group string, users []string) (joined []string, err error) {
	in, anywhere := map[string]bool{}, map[string]bool{}
	err = tx.rows(ctx, "read memberships", `SELECT user_id, group_id FROM group_members WHERE user_id IN (`+params(1, len(users))+`)`, anys(users),
		func(rows *sql.Rows) error {
			var user, where string
			err := rows.Scan(&user, &where)
			anywhere[user] = true
			in[user] = in[user] || where == group
			return err
		})
	if err != nil {
		return nil, err
	}
	var args []any
	for _, u := range users {
		if !in[u] {
			in[u] = true // whom a call names twice
			joined = append(joined, u)
			args = append(args, account, group, u, !anywhere[u], millis(tx.Now))
		}
	}
	if len(joined) == 0 {
		return nil, nil
	}
	_, err = tx.exec(ctx, "join group", `INSERT INTO group_members (account_id, group_id, user_id, is_primary, added_at) VALUES `+values(len(joined), 5), args...)
	return joined, err
}

// Leave takes a user, who is held, out of a group. Of the groups that they are
// still in, the first that they joined becomes the primary one if this was it.
func (tx *Tx) Leave(ctx context.Context, group, user string) error {
	if _, err := tx.exec(ctx, "leave group", `DELETE FROM group_members WHERE group_id = $1 AND user_id = $2`, group, user); err != nil {
		return err
	}
	_, err := tx.exec(ctx, "choose primary group", `
		UPDATE group_members SET is_primary = TRUE
		WHERE user_id = $1 AND group_id = (SELECT group_id FROM group_members WHERE user_id = $1 ORDER BY seq LIMIT 1)
			AND NOT EXISTS (SELECT 1 FROM group_members p WHERE p.user_id = $1 AND p.is_primary)`, user)
	return err
}

// SetPrimary makes a group, of which the user, who is held, is a member, their primary one.
func (tx *Tx) SetPrimary(ctx context.Context, group, user string) error {
	_, err := tx.exec(ctx, "give up primary group", `UPDATE group_members SET is_primary = FALSE WHERE user_id = $1 AND is_primary AND group_id <> $2`, user, group)
	if err == nil {
		_, err = tx.exec(ctx, "set primary group", `UPDATE group_members SET is_primary = TRUE WHERE user_id = $1 AND group_id = $2`, user, group)
	}
	return err
}

// LeaveAll takes everybody out of a group, which is held, as Leave does. It
// holds them first.
func (tx *Tx) LeaveAll(ctx context.Context, group string) error {
	if tx.lock != "" {
		err := tx.rows(ctx, "hold members", `
			SELECT id FROM users WHERE id IN (SELECT user_id FROM group_members WHERE group_id = $1) ORDER BY id`+tx.lock, []any{group},
			func(*sql.Rows) error { return nil })
		if err != nil {
			return err
		}
	}
	if _, err := tx.exec(ctx, "give up primary groups", `UPDATE group_members SET is_primary = FALSE WHERE group_id = $1 AND is_primary`, group); err != nil {
		return err
	}
	_, err := tx.exec(ctx, "choose primary groups", `
		UPDATE group_members SET is_primary = TRUE
		WHERE user_id IN (SELECT user_id FROM group_members WHERE group_id = $1)
			AND seq = (SELECT MIN(o.seq) FROM group_members o WHERE o.user_id = group_members.user_id AND o.group_id <> $1)
			AND NOT EXISTS (SELECT 1 FROM group_members p WHERE p.user_id = group_members.user_id AND p.is_primary)`, group)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "leave group", `DELETE FROM group_members WHERE group_id = $1`, group)
	return err
}

// CountMembers returns how many members a group has.
func (tx *Tx) CountMembers(ctx context.Context, group string) (n int64, err error) {
	err = tx.row(ctx, "count members", `SELECT COUNT(*) FROM group_members WHERE group_id = $1`, []any{group}, []any{&n})
	return n, err
}

// Members returns up to limit members of a group in the order in which they
// joined, those after the number after, skipping skip of them. The Seq of
// each is that of their membership.
func (tx *Tx) Members(ctx context.Context, group string, after int64, skip, limit int) ([]muster.User, error) {
	return tx.groupUsers(ctx, "group_members", group, after, skip, limit)
}

// GroupAdmins is Members for a group's admins.
func (tx *Tx) GroupAdmins(ctx context.Context, group string, after int64, skip, limit int) ([]muster.User, error) {
	return tx.groupUsers(ctx, "group_admins", group, after, skip, limit)
}

func (tx *Tx) groupUsers(ctx context.Context, table, group string, after int64, skip, limit int) (users []muster.User, err error) {
	err = tx.rows(ctx, "list users of group", `
		SELECT m.seq, u.id, u.email, u.first_name, u.last_name, u.display_name, u.type
		FROM `+table+` m JOIN users u ON u.id = m.user_id
		WHERE m.group_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3 OFFSET $4`, []any{group, after, limit, skip}, func(rows *sql.Rows) error {
		var u muster.User
		err := rows.Scan(&u.Seq, &u.ID, &u.Email, &u.FirstName, &u.LastName, &u.DisplayName, &u.Type)
		users = append(users, u)
		return err
	})
	return users, err
}

// CountGroupAdmins returns how many admins a group has.
func (tx *Tx) CountGroupAdmins(ctx context.Context, group string) (n int64, err error) {
	err = tx.row(ctx, "count admins", `SELECT COUNT(*) FROM group_admins WHERE group_id = $1`, []any{group}, []any{&n})
	return n, err
}

// IsGroupAdmin reports whether a user is an admin of the group of account that
// has the given id.
func (tx *Tx) IsGroupAdmin(ctx context.Context, account, group, user string) (is bool, err error) {
	err = tx.row(ctx, "read group's admin", `SELECT EXISTS (SELECT 1 FROM group_admins WHERE account_id = $1 AND group_id = $2 AND user_id = $3)`,
		[]any{account, group, user}, []any{&is})
	return is, err
}

// AddGroupAdmins makes users admins of a group and returns the ids of those
// who were not, in the order given.
func (tx *Tx) AddGroupAdmins(ctx context.Context, account, group string, users []string) (added []string, err error) {
	args := make([]any, 0, 4*len(users))
	once := map[string]bool{}
	for _, u := range users {
		if !once[u] {
			once[u] = true
			args = append(args, account, group, u, millis(tx.Now))
		}
	}
	is := map[string]bool{}
	err = tx.rows(ctx, "add admins", `
		INSERT INTO group_admins (account_id, group_id, user_id, added_at) VALUES `+values(len(once), 4)+`
		ON CONFLICT (group_id, user_id) DO NOTHING RETURNING user_id`, args, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		is[id] = true
		return err
	})
	for _, u := range users {
		if is[u] {
			delete(is, u)
			added = append(added, u)
		}
	}
	return added, err
}

// RemoveGroupAdmin makes a user no admin of a group, or returns ErrNotFound
// where they are none.
func (tx *Tx) RemoveGroupAdmin(ctx context.Context, account, group, user string) error {
	n, err := tx.exec(ctx, "remove admin", `DELETE FROM group_admins WHERE account_id = $1 AND group_id = $2 AND user_id = $3`, account, group, user)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}
