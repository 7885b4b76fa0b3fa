package zoom_test

import (
	"testing"

	"muster/internal/pgtest"
)

func TestOnPostgres(t *testing.T) { pgtest.Again(t) }

// onOneEngine leaves a walk over all operations out on Postgres that asks who
// may, or sends what is no request: the answer is found in the same texts of SQL,
// or in none, and each step of it makes a database. TestTenantWalk and
// TestTenantWrongAccount run on both.
func onOneEngine(t *testing.T) {
	t.Helper()
	if pgtest.On() {
		t.Skip("runs on SQLite")
	}
}
