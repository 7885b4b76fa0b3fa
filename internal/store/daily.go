package store

import (
	"context"
	"database/sql"
	"slices"
)

// CountToday adds one to the day's count of each subject within account and
// returns the new counts by subject.
func (tx *Tx) CountToday(ctx context.Context, account string, subjects []string) (map[string]int64, error) {
	day := today(tx.Now)
	args := make([]any, 0, 4*len(subjects))
	for _, s := range slices.Sorted(slices.Values(subjects)) { // in one order, so that two writers cannot deadlock
		args = append(args, account, day, s, 1)
	}
	counts := make(map[string]int64, len(subjects))
	err := tx.rows(ctx, "count", `
		INSERT INTO daily_counts (account_id, day, subject, n) VALUES `+values(len(subjects), 4)+`
		ON CONFLICT (account_id, day, subject) DO UPDATE SET n = daily_counts.n + 1
		RETURNING subject, n`, args, func(rows *sql.Rows) error {
		var subject string
		var n int64
		if err := rows.Scan(&subject, &n); err != nil {
			return err
		}
		counts[subject] = n
		return nil
	})
	return counts, err
}
