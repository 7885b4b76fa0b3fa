package store

import (
	"os"
	"strings"
	"testing"
	"time"
)

// TestCheckpointBesideTheWriter: what was committed gets into the database
// itself while the server runs and nobody writes any more.
func TestCheckpointBesideTheWriter(t *testing.T) {
	t.Parallel()
	db, ctx := openFile(t), t.Context()
	const size = 1 << 20 // far less than what makes the writer do it
	a := account("large")
	a.Name = strings.Repeat("x", size)
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddAccount(ctx, a) }))
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		info, err := os.Stat(db.place)
		must(t, err)
		if info.Size() > size {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the database has %d bytes, want more than %d", info.Size(), size)
		}
	}
}
