package store

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"
)

// checkpointEvery is how long what was committed waits for its checkpoint.
const checkpointEvery = 200 * time.Millisecond

// A checkpointer moves what was committed from the write-ahead log into the
// database, beside the writer. The writer does so itself where the log has
// grown long (see pragmas), and then finds little left to do: only it can
// begin the log anew.
type checkpointer struct {
	db    *sql.DB // one connection
	dirty atomic.Bool
	end   sync.Once
	stop  chan struct{}
	done  chan struct{}
}

func newCheckpointer(db *sql.DB) *checkpointer {
	db.SetMaxOpenConns(1)
	c := &checkpointer{db: db, stop: make(chan struct{}), done: make(chan struct{})}
	go c.run()
	return c
}

// committed tells c that there is something to do.
func (c *checkpointer) committed() { c.dirty.Store(true) }

func (c *checkpointer) run() {
	defer close(c.done)
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.stop:
			return
		case <-tick.C:
		}
		if c.dirty.Swap(false) {
			// A failure is met again, and told, by the writer.
			_, _ = c.db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)")
		}
	}
}

func (c *checkpointer) close() error {
	c.end.Do(func() { close(c.stop) })
	<-c.done
	return c.db.Close()
}
