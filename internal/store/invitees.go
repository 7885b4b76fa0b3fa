package store

import (
	"context"
	"database/sql"

	"muster/internal/muster"
)

const inviteeColumns = `meeting_id, number, email, display_name, cohost`

func inviteeDest(v *muster.Invitee) []any {
	return []any{&v.Meeting, &v.Number, &v.Email, &v.DisplayName, &v.CoHost}
}

// InvitedTo returns the numbers of all who are invited to m, by email key.
func (tx *Tx) InvitedTo(ctx context.Context, m *muster.Meeting) (map[string]int64, error) {
	invited := map[string]int64{}
	err := tx.rows(ctx, "list invited emails", `SELECT email_key, number FROM invitees WHERE meeting_id = $1`, []any{m.ID}, func(rows *sql.Rows) error {
		var key string
		var number int64
		err := rows.Scan(&key, &number)
		invited[key] = number
		return err
	})
	return invited, err
}

// AddInvitees adds list to m. Each must have a number and an email of its own.
func (tx *Tx) AddInvitees(ctx context.Context, m *muster.Meeting, list []muster.Invitee) error {
	if len(list) == 0 {
		return nil
	}
	var args []any
	for _, v := range list {
		args = append(args, m.ID, v.Number, v.Email, v.DisplayName, v.CoHost, muster.EmailKey(v.Email))
	}
	_, err := tx.exec(ctx, "add invitees", `INSERT INTO invitees (`+inviteeColumns+`, email_key) VALUES `+values(len(list), 6), args...)
	return err
}

// Invitee returns the invitee of m of the given number, or ErrNotFound.
func (tx *Tx) Invitee(ctx context.Context, m *muster.Meeting, number int64) (*muster.Invitee, error) {
	var v muster.Invitee
	err := tx.row(ctx, "read invitee", `SELECT `+inviteeColumns+` FROM invitees WHERE meeting_id = $1 AND number = $2`,
		[]any{m.ID, number}, inviteeDest(&v))
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// Invitees returns up to limit invitees of m in the order of their emails, as
// the engine orders texts: those after the email key after.
func (tx *Tx) Invitees(ctx context.Context, m *muster.Meeting, after string, limit int) ([]muster.Invitee, error) {
	var list []muster.Invitee
	err := tx.rows(ctx, "list invitees", `
		SELECT `+inviteeColumns+`
		FROM invitees
		WHERE meeting_id = $1 AND email_key > $2
		ORDER BY email_key
		LIMIT $3`, []any{m.ID, after, limit}, func(rows *sql.Rows) error {
		var v muster.Invitee
		err := rows.Scan(inviteeDest(&v)...)
		list = append(list, v)
		return err
	})
	return list, err
}

// SetInvitee replaces what may change of v, or returns ErrNotFound. Its email
// must be its own.
func (tx *Tx) SetInvitee(ctx context.Context, v *muster.Invitee) error {
	n, err := tx.exec(ctx, "set invitee", `
		UPDATE invitees
		SET email = $1, email_key = $2, display_name = $3, cohost = $4
		WHERE meeting_id = $5 AND number = $6`,
		v.Email, muster.EmailKey(v.Email), v.DisplayName, v.CoHost, v.Meeting, v.Number)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// RemoveInvitee removes the invitee of m of the given number, or returns ErrNotFound.
func (tx *Tx) RemoveInvitee(ctx context.Context, m *muster.Meeting, number int64) error {
	n, err := tx.exec(ctx, "remove invitee", `DELETE FROM invitees WHERE meeting_id = $1 AND number = $2`, m.ID, number)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}
