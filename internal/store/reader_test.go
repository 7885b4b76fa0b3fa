package store

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// TestReadersThatGiveUp has readers whose ctx ends at any moment, also while
// their transaction begins, and then needs every connection.
func TestReadersThatGiveUp(t *testing.T) {
	t.Parallel()
	db := open(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Duration(rand.Int64N(int64(60*time.Microsecond))), cancel)
				_ = db.Read(ctx, func(tx *Tx) error { // it may fail
					_, err := tx.Account(ctx, "acc")
					return err
				})
				cancel()
			}
		})
	}
	wg.Wait()
	for range 100 {
		if !exists(t, db, "acc") {
			t.Fatal("the account is not found")
		}
	}
}
