package store

import (
	"context"
	"time"
)

// The methods here remove what is of no use any more, up to limit rows at
// once so that other writes get their turn. Each returns how many it removed.

// ForgetTokens removes tokens that have expired.
func (tx *Tx) ForgetTokens(ctx context.Context, limit int) (int64, error) {
	return tx.exec(ctx, "forget tokens", `
		DELETE FROM tokens WHERE hash IN (SELECT hash FROM tokens WHERE expires_at <= $1 LIMIT $2)`, millis(tx.Now), limit)
}

// ForgetCounts removes the counts of earlier days.
func (tx *Tx) ForgetCounts(ctx context.Context, limit int) (int64, error) {
	// By account, as the primary key is: no index is kept for this alone, and
	// the counts of today are not read. CROSS JOIN, because SQLite takes the
	// tables of one in the order in which they stand.
	return tx.exec(ctx, "forget counts", `
		DELETE FROM daily_counts
		WHERE (account_id, day, subject) IN (
			SELECT c.account_id, c.day, c.subject
			FROM accounts a CROSS JOIN daily_counts c
			WHERE c.account_id = a.id AND c.day < $1
			LIMIT $2)`, today(tx.Now), limit)
}

// ForgetAnswers removes stored answers that were not stored after since.
func (tx *Tx) ForgetAnswers(ctx context.Context, since time.Time, limit int) (int64, error) {
	return tx.exec(ctx, "forget stored answers", `
		DELETE FROM idempotency
		WHERE (account_id, app_id, key) IN (SELECT account_id, app_id, key FROM idempotency WHERE created_at <= $1 LIMIT $2)`,
		millis(since), limit)
}

// today numbers the day of now in UTC.
func today(now time.Time) int64 { return now.Unix() / int64((24 * time.Hour).Seconds()) }
