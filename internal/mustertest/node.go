package mustertest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/pgtest"
)

// Node starts one more server on the database of s, as another process would:
// with connections, caches and random bytes of its own, and the options and
// the clock of s. The test is skipped where it does not run on Postgres.
func Node(t testing.TB, s *Server) *Server {
	t.Helper()
	NeedNodes(t)
	n := &Server{t: t, Database: s.Database, Files: s.Files, Cred: s.Cred, clock: s.clock, Log: &Log{}, options: s.options}
	sep := "?"
	if strings.Contains(s.Database, "?") {
		sep = "&"
	}
	n.open(s.Database+sep+"pool_max_conns=8", s.nodes()) // several nodes of several tests share one Postgres
	n.serve()
	return n
}

// NeedNodes skips a test that needs several servers where it does not run on
// Postgres: a file of SQLite is for one.
func NeedNodes(t testing.TB) {
	t.Helper()
	if !pgtest.On() {
		t.Skip("several servers on one database need Postgres, see TestOnPostgres")
	}
}

// A clock is what servers on one database have in common.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	count byte // of the servers besides the first
}

// nodes returns another number at each call, from 1.
func (c *clock) nodes() byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	return c.count
}

// Now is the server's clock, in UTC.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock. Tokens live for an hour of it.
func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set sets the clock.
func (c *clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now.UTC()
}
