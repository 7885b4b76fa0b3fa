package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"muster/internal/muster"
)

const definitionColumns = `seq, id, account_id, field, recommended, required, visible, created_at`

// definitions returns the rows of a query of definitionColumns.
func (tx *Tx) definitions(ctx context.Context, doing, query string, args ...any) (list []muster.TrackingDefinition, err error) {
	err = tx.rows(ctx, doing, query, args, func(rows *sql.Rows) error {
		var d muster.TrackingDefinition
		var values string
		var created int64
		if err := rows.Scan(&d.Seq, &d.ID, &d.Account, &d.Field, &values, &d.Required, &d.Visible, &created); err != nil {
			return err
		}
		d.CreatedAt = fromMillis(created)
		list = append(list, d)
		return json.Unmarshal([]byte(values), &list[len(list)-1].Recommended)
	})
	return list, err
}

// TrackingDefinitions returns the tracking fields of account by order of
// creation, up to limit.
func (tx *Tx) TrackingDefinitions(ctx context.Context, account string, limit int) ([]muster.TrackingDefinition, error) {
	return tx.definitions(ctx, "list tracking fields", `SELECT `+definitionColumns+` FROM tracking_fields WHERE account_id = $1 ORDER BY seq LIMIT $2`, account, limit)
}

// TrackingDefinition returns the tracking field of account that has the given
// id, or ErrNotFound. In a write nobody else changes it until the end.
func (tx *Tx) TrackingDefinition(ctx context.Context, account, id string) (*muster.TrackingDefinition, error) {
	list, err := tx.definitions(ctx, "read tracking field", `SELECT `+definitionColumns+` FROM tracking_fields WHERE account_id = $1 AND id = $2`+tx.lock, account, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// RequiredTracking returns the names of the tracking fields that every meeting
// of account must have.
func (tx *Tx) RequiredTracking(ctx context.Context, account string) (names []string, err error) {
	err = tx.rows(ctx, "list required tracking fields", `SELECT field FROM tracking_fields WHERE account_id = $1 AND required ORDER BY seq`, []any{account},
		func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			names = append(names, name)
			return err
		})
	return names, err
}

// AddTrackingDefinition adds d, or returns ErrExists where the account has the name.
func (tx *Tx) AddTrackingDefinition(ctx context.Context, d *muster.TrackingDefinition) error {
	values, err := recommended(d)
	if err != nil {
		return err
	}
	n, err := tx.exec(ctx, "add tracking field", `
		INSERT INTO tracking_fields (id, account_id, field, field_key, recommended, required, visible, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (account_id, field_key) DO NOTHING`,
		d.ID, d.Account, d.Field, muster.TrackingKey(d.Field), values, d.Required, d.Visible, millis(d.CreatedAt))
	if err == nil && n == 0 {
		return ErrExists
	}
	return err
}

// SetTrackingDefinition replaces a tracking field, or returns ErrExists where
// another of the account has the name.
func (tx *Tx) SetTrackingDefinition(ctx context.Context, d *muster.TrackingDefinition) error {
	values, err := recommended(d)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "set tracking field", `
		UPDATE tracking_fields SET field = $1, field_key = $2, recommended = $3, required = $4, visible = $5 WHERE account_id = $6 AND id = $7`,
		d.Field, muster.TrackingKey(d.Field), values, d.Required, d.Visible, d.Account, d.ID)
	return err
}

// RemoveTrackingDefinition removes a tracking field. Meetings keep their values.
func (tx *Tx) RemoveTrackingDefinition(ctx context.Context, account, id string) error {
	_, err := tx.exec(ctx, "remove tracking field", `DELETE FROM tracking_fields WHERE account_id = $1 AND id = $2`, account, id)
	return err
}

func recommended(d *muster.TrackingDefinition) (string, error) {
	values, err := json.Marshal(append([]string{}, d.Recommended...)) // [] and not null
	if err != nil {
		return "", fmt.Errorf("store: put tracking field: %w", err)
	}
	return string(values), nil
}
