package store

import (
	"context"
	"encoding/json"
	"fmt"

	"muster/internal/muster"
)

// AppendEvent adds e to the log.
func (tx *Tx) AppendEvent(ctx context.Context, e *muster.Event) error {
	subjects, err := json.Marshal(e.Subjects)
	if err != nil {
		return fmt.Errorf("store: append event: %w", err)
	}
	data := []byte("{}")
	if len(e.Data) > 0 {
		if data, err = json.Marshal(e.Data); err != nil {
			return fmt.Errorf("store: append event: %w", err)
		}
	}
	_, err = tx.exec(ctx, "append event", `
		INSERT INTO events (id, account_id, at, kind, app_id, user_id, meeting_id, subjects, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ID, e.Account, millis(e.At), string(e.Kind), e.App, e.User, e.Meeting, string(subjects), string(data))
	return err
}
