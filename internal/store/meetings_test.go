package store

import (
	"errors"
	"testing"

	"muster/internal/muster"
)

// TestPeopleVersionsComeOnce: also where the database has lost what was
// counted last, as after a failover to a copy that lags behind. A page that is
// kept under the lost version must not be taken for what came instead.
func TestPeopleVersionsComeOnce(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	seen := map[int64]bool{}
	for range 4 {
		must(t, db.Write(ctx, func(tx *Tx) error {
			tallies := muster.Tallies{}
			tallies.Move(nil, registrant("r"))
			return tx.Count(ctx, meeting(7), tallies, 1, 0)
		}))
		must(t, db.Read(ctx, func(tx *Tx) error {
			version, err := tx.PeopleVersion(ctx, meeting(7))
			if seen[version] || version == 0 {
				t.Errorf("the version %d comes again", version)
			}
			seen[version] = true
			return err
		}))
		if len(seen)%2 == 0 {
			must(t, db.Write(ctx, func(tx *Tx) error {
				_, err := tx.exec(ctx, "lose", `DELETE FROM tallies`)
				return err
			}))
		}
	}
}

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
