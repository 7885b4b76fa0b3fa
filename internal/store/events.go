package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

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
	if err != nil || !e.Kind.Administrative() {
		return err
	}
	return tx.appendAudit(ctx, e)
}

// Events returns the events of the given ids in order of time. An id
// that is not there is left out. Numbers in Data are json.Number.
func (tx *Tx) Events(ctx context.Context, ids []string) ([]muster.Event, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	events := make([]muster.Event, 0, len(ids))
	err := tx.rows(ctx, "read events", `
		SELECT id, account_id, at, kind, app_id, user_id, meeting_id, subjects, data
		FROM events
		WHERE id IN (`+params(1, len(ids))+`)
		ORDER BY at, id`, args, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		events = append(events, e)
		return err
	})
	return events, err
}

// scanEvent reads a row of id, account_id, at, kind, app_id, user_id,
// meeting_id, subjects, data and what else there is.
func scanEvent(rows *sql.Rows, more ...any) (e muster.Event, err error) {
	var at int64
	var subjects, data string
	dest := []any{&e.ID, &e.Account, &at, &e.Kind, &e.App, &e.User, &e.Meeting, &subjects, &data}
	if err := rows.Scan(append(dest, more...)...); err != nil {
		return e, err
	}
	e.At = fromMillis(at)
	if err := json.Unmarshal([]byte(subjects), &e.Subjects); err != nil {
		return e, err
	}
	d := json.NewDecoder(strings.NewReader(data))
	d.UseNumber()
	return e, d.Decode(&e.Data)
}
