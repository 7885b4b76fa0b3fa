package store

import (
	"fmt"
	"testing"
	"time"

	"muster/internal/muster"
)

// TestForgettingGoesInPortions has three rows of each kind that are of no use
// any more and one that is.
func TestForgettingGoesInPortions(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	now := start
	db.Now = func() time.Time { return now }
	write := func(f func(tx *Tx) error) {
		t.Helper()
		must(t, db.Write(ctx, f))
	}
	write(func(tx *Tx) error { return tx.AddApp(ctx, &muster.App{ID: "app", Account: "acc"}, "secret") })
	add := func(names ...string) {
		for _, name := range names {
			write(func(tx *Tx) error {
				return tx.AddToken(ctx, &Token{Hash: []byte(name), App: "app", User: "u", ExpiresAt: start.Add(26 * time.Hour)})
			})
			write(func(tx *Tx) error {
				_, err := tx.ClaimAnswer(ctx, &Answer{Account: "acc", App: "app", Key: name}, time.Time{})
				return err
			})
			write(func(tx *Tx) error {
				_, err := tx.CountToday(ctx, "acc", []string{name})
				return err
			})
		}
	}
	add("a", "b", "c")
	now = start.Add(25 * time.Hour)
	write(func(tx *Tx) error { return tx.AddAccount(ctx, account("other")) })
	write(func(tx *Tx) error {
		_, err := tx.CountToday(ctx, "other", []string{"d"})
		return err
	})
	write(func(tx *Tx) error {
		_, err := tx.ClaimAnswer(ctx, &Answer{Account: "acc", App: "app", Key: "d"}, time.Time{})
		return err
	})
	write(func(tx *Tx) error {
		return tx.AddToken(ctx, &Token{Hash: []byte("d"), App: "app", User: "u", ExpiresAt: start.Add(50 * time.Hour)})
	})
	now = start.Add(26 * time.Hour)
	for table, forget := range map[string]func(tx *Tx) (int64, error){
		"tokens":       func(tx *Tx) (int64, error) { return tx.ForgetTokens(ctx, 2) },
		"idempotency":  func(tx *Tx) (int64, error) { return tx.ForgetAnswers(ctx, tx.Now.Add(-24*time.Hour), 2) },
		"daily_counts": func(tx *Tx) (int64, error) { return tx.ForgetCounts(ctx, 2) },
	} {
		for _, want := range []int64{2, 1, 0} {
			var n int64
			write(func(tx *Tx) (err error) { n, err = forget(tx); return err })
			if n != want {
				t.Errorf("%s: got %d removed, want %d", table, n, want)
			}
		}
		if n := number(t, db, fmt.Sprintf(`SELECT COUNT(*) FROM %s`, table)); n != 1 {
			t.Errorf("%s: got %d rows left, want 1", table, n)
		}
	}
}
