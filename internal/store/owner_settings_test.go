package store

import "testing"

// TestVersionCountsChanges has settings held, changed and held again, and
// changed where there was nothing to hold.
func TestVersionCountsChanges(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	hold := func() {
		t.Helper()
		must(t, db.Write(ctx, func(tx *Tx) error { _, err := tx.HoldOwnerSettings(ctx, "acc", 1, "acc"); return err }))
	}
	put := func(owner string) {
		t.Helper()
		must(t, db.Write(ctx, func(tx *Tx) error { return tx.PutOwnerSettings(ctx, "acc", 1, owner, OwnerSettings{}) }))
	}
	wants := func(owner string, want int64) {
		t.Helper()
		if n := number(t, db, `SELECT version FROM owner_settings WHERE owner_id = '`+owner+`'`); n != want {
			t.Errorf("version of %s: got %d, want %d", owner, n, want)
		}
	}
	hold()
	wants("acc", 0)
	put("acc")
	put("acc")
	hold()
	wants("acc", 2)
	put("other")
	wants("other", 1)
}
