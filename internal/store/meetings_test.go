package store

import (
	"errors"
	"testing"
)

// TestTakenNumberLeavesTheTransaction: who draws a number that another node
// has just drawn can draw again.
func TestTakenNumberLeavesTheTransaction(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	must(t, db.Write(ctx, func(tx *Tx) error {
		if err := tx.AddMeeting(ctx, meeting(7)); !errors.Is(err, ErrExists) {
			t.Errorf("got %v, want ErrExists", err)
		}
		return tx.AddMeeting(ctx, meeting(8))
	}))
	if n := number(t, db, `SELECT COUNT(*) FROM meetings`); n != 2 {
		t.Errorf("got %d meetings, want 2", n)
	}
}
