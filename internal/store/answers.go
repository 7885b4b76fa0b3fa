package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Answer is the stored answer to a request that came with an Idempotency-Key.
type Answer struct {
	Account, App, Key string
	Fingerprint       string
	Meeting           int64 // the meeting that the request was about, 0 if none
	Status            int
	Body              string
}

// StoredAnswer returns the answer stored under (account, app, key) after
// since, or ErrNotFound.
func (tx *Tx) StoredAnswer(ctx context.Context, account, app, key string, since time.Time) (*Answer, error) {
	a := Answer{Account: account, App: app, Key: key}
	err := tx.row(ctx, "read stored answer", `
		SELECT fingerprint, meeting_id, status, body
		FROM idempotency
		WHERE account_id = $1 AND app_id = $2 AND key = $3 AND created_at > $4`,
		[]any{account, app, key, millis(since)}, []any{&a.Fingerprint, &a.Meeting, &a.Status, &a.Body})
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// StoreAnswer stores a and forgets every answer that was not stored after since.
func (tx *Tx) StoreAnswer(ctx context.Context, a *Answer, since time.Time) error {
	if _, err := tx.exec(ctx, "forget stored answers", `DELETE FROM idempotency WHERE created_at <= $1`, millis(since)); err != nil {
		return err
	}
	_, err := tx.exec(ctx, "store answer", `
		INSERT INTO idempotency (account_id, app_id, key, fingerprint, meeting_id, status, body, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.Account, a.App, a.Key, a.Fingerprint, a.Meeting, a.Status, a.Body, millis(tx.Now))
	return err
}

// RedactAnswers replaces the body of each stored answer about a meeting that
// mentions one of the texts, in whatever case, by what redact makes of it.
func (tx *Tx) RedactAnswers(ctx context.Context, meeting int64, texts []string, redact func(body string) (string, error)) error {
	type found struct{ account, app, key, body string }
	var answers []found
	err := tx.rows(ctx, "find stored answers", `SELECT account_id, app_id, key, body FROM idempotency WHERE meeting_id = $1`,
		[]any{meeting}, func(rows *sql.Rows) error {
			var f found
			if err := rows.Scan(&f.account, &f.app, &f.key, &f.body); err != nil {
				return err
			}
			body := strings.ToLower(f.body)
			if slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(body, strings.ToLower(t)) }) {
				answers = append(answers, f)
			}
			return nil
		})
	if err != nil {
		return err
	}
	for _, f := range answers { // few: one person is in one or two answers of a day
		body, err := redact(f.body)
		if err != nil {
			return fmt.Errorf("store: redact answer: %w", err)
		}
		_, err = tx.exec(ctx, "redact answer", `UPDATE idempotency SET body = $1 WHERE account_id = $2 AND app_id = $3 AND key = $4`,
			body, f.account, f.app, f.key)
		if err != nil {
			return err
		}
	}
	return nil
}
