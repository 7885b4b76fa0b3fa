package oauth

import (
	"strconv"
	"sync"
	"time"
)

// A Guard slows guessing down: a key that failed tries times within a window
// has to wait until the window ends. It remembers a bounded number of keys.
type Guard struct {
	mu     sync.Mutex
	failed map[string]failures
}

type failures struct {
	since time.Time
	n     int
}

const (
	guardWindow = time.Minute
	guardTries  = 10
	guardKeys   = 10_000
)

// NewGuard returns a Guard that knows of no failure.
func NewGuard() *Guard { return &Guard{failed: map[string]failures{}} }

// Wait returns how long a request under the keys has to wait, 0 for not at all.
func (g *Guard) Wait(now time.Time, keys []string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	var wait time.Duration
	for _, k := range keys {
		f := g.failed[k]
		if left := f.since.Add(guardWindow).Sub(now); f.n >= guardTries && left > wait {
			wait = min(left, guardWindow) // also where the clock was set back
		}
	}
	return wait
}

// Failed counts a failure under each of the keys.
func (g *Guard) Failed(now time.Time, keys []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.failed) > guardKeys {
		g.forget(now)
	}
	for _, k := range keys {
		f := g.failed[k]
		if now.Sub(f.since) >= guardWindow || now.Before(f.since) {
			f = failures{since: now}
		}
		f.n++
		g.failed[k] = f
	}
}

// forget drops what is over and, where that is too little, everything.
func (g *Guard) forget(now time.Time) {
	for k, f := range g.failed {
		if now.Sub(f.since) >= guardWindow {
			delete(g.failed, k)
		}
	}
	if len(g.failed) > guardKeys {
		clear(g.failed)
	}
}

// slowDown is the refusal of a request that has to wait.
type slowDown struct{ wait time.Duration }

func (s *slowDown) Error() string { return "slow down: wait " + s.wait.String() }

func (s *slowDown) seconds() string {
	return strconv.Itoa(int((s.wait + time.Second - 1) / time.Second))
}
