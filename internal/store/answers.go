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

// ClaimAnswer takes a's (account, app, key) for this transaction and returns
// false, or returns true with the answer that was stored under it after since
// read into a. Another transaction that has taken it is waited for.
func (tx *Tx) ClaimAnswer(ctx context.Context, a *Answer, since time.Time) (stored bool, err error) {
	n, err := tx.exec(ctx, "claim answer", `
		INSERT INTO idempotency (account_id, app_id, key, fingerprint, meeting_id, status, body, created_at)
		VALUES ($1, $2, $3, $4, $5, 0, '', $6)
		ON CONFLICT (account_id, app_id, key) DO UPDATE
		SET fingerprint = excluded.fingerprint, meeting_id = excluded.meeting_id, status = 0, body = '', created_at = excluded.created_at
		WHERE idempotency.created_at <= $7`,
		a.Account, a.App, a.Key, a.Fingerprint, a.Meeting, millis(tx.Now), millis(since))
	if err != nil || n == 1 {
		return false, err
	}
	return true, tx.row(ctx, "read stored answer", `
		SELECT fingerprint, meeting_id, status, body
		FROM idempotency
		WHERE account_id = $1 AND app_id = $2 AND key = $3`,
		[]any{a.Account, a.App, a.Key}, []any{&a.Fingerprint, &a.Meeting, &a.Status, &a.Body})
}

// StoreAnswer stores meeting, status and body of a, which this transaction has claimed.
func (tx *Tx) StoreAnswer(ctx context.Context, a *Answer) error {
	_, err := tx.exec(ctx, "store answer", `
		UPDATE idempotency SET meeting_id = $1, status = $2, body = $3 WHERE account_id = $4 AND app_id = $5 AND key = $6`,
		a.Meeting, a.Status, a.Body, a.Account, a.App, a.Key)
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
