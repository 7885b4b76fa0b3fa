package store

import (
	"context"
	"database/sql"

	"muster/internal/muster"
)

// Assistants returns who may schedule for a user, in the order in which they
// were assigned.
func (tx *Tx) Assistants(ctx context.Context, account, user string) ([]muster.User, error) {
	return tx.assigned(ctx, `s.assistant_id`, `s.user_id`, account, user)
}

// Schedulers returns for whom a user may schedule, in the order in which they
// were assigned.
func (tx *Tx) Schedulers(ctx context.Context, account, assistant string) ([]muster.User, error) {
	return tx.assigned(ctx, `s.user_id`, `s.assistant_id`, account, assistant)
}

func (tx *Tx) assigned(ctx context.Context, other, own, account, user string) ([]muster.User, error) {
	var users []muster.User
	err := tx.rows(ctx, "list assistants", `
		SELECT u.id, u.account_id, u.email, u.pmi, u.type
		FROM assistants s JOIN users u ON u.id = `+other+`
		WHERE s.account_id = $1 AND `+own+` = $2
		ORDER BY s.seq
		LIMIT $3`, []any{account, user, muster.MaxAssistants}, func(rows *sql.Rows) error {
		var u muster.User
		err := rows.Scan(&u.ID, &u.Account, &u.Email, &u.PMI, &u.Type)
		users = append(users, u)
		return err
	})
	return users, err
}

// AddAssistant lets a user of account schedule for another, or returns
// ErrExists where they may already.
func (tx *Tx) AddAssistant(ctx context.Context, account, user, assistant string) error {
	n, err := tx.exec(ctx, "add assistant", `
		INSERT INTO assistants (account_id, user_id, assistant_id, added_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, assistant_id) DO NOTHING`, account, user, assistant, millis(tx.Now))
	if err == nil && n == 0 {
		return ErrExists
	}
	return err
}

// RemoveAssistants ends that others schedule for a user, or one of them where
// assistant is not "", and returns the ids of those who did.
func (tx *Tx) RemoveAssistants(ctx context.Context, account, user, assistant string) ([]string, error) {
	return tx.unassign(ctx, `
		DELETE FROM assistants WHERE account_id = $1 AND user_id = $2 AND ($3 = '' OR assistant_id = $3) RETURNING assistant_id`, account, user, assistant)
}

// RemoveSchedulers ends that assistant schedules for others, or for one of
// them where user is not "", and returns the ids of those for whom they did.
func (tx *Tx) RemoveSchedulers(ctx context.Context, account, assistant, user string) ([]string, error) {
	return tx.unassign(ctx, `
		DELETE FROM assistants WHERE account_id = $1 AND assistant_id = $2 AND ($3 = '' OR user_id = $3) RETURNING user_id`, account, assistant, user)
}

func (tx *Tx) unassign(ctx context.Context, query string, args ...any) (ids []string, err error) {
	err = tx.rows(ctx, "remove assistants", query, args, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// MaySchedule reports whether assistant may schedule for user.
func (tx *Tx) MaySchedule(ctx context.Context, account, assistant, user string) (may bool, err error) {
	err = tx.row(ctx, "look for assistant", `
		SELECT EXISTS (SELECT 1 FROM assistants WHERE account_id = $1 AND user_id = $2 AND assistant_id = $3)`,
		[]any{account, user, assistant}, []any{&may})
	return may, err
}
