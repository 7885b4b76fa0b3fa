package oauth

import (
	"strconv"
	"sync"
	"time"
)

// A Guard slows guessing down: who failed too often within a window has to
// wait until the window ends. It counts by address and client, and more
// generously by address alone: many clients may share one, and one that
// guesses must not lock the others out soon. It remembers a bounded number.
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
	guardTries  = 10  // of one client from one address
	guardAll    = 100 // of all clients from one address
	guardKeys   = 10_000
)

// keys returns what the failures of a client from an address count under,
// with how many are allowed.
func keys(client, address string) map[string]int {
	return map[string]int{"address " + address: guardAll, "client " + client + " " + address: guardTries}
}

// NewGuard returns a Guard that knows of no failure.
func NewGuard() *Guard { return &Guard{failed: map[string]failures{}} }

// Try counts an attempt of a client from an address and returns how long it
// has to wait, 0 for not at all. It counts as failed until Succeeded takes it
// back, so that many at once get no more tries than one after the other.
func (g *Guard) Try(now time.Time, client, address string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.failed) > guardKeys {
		g.forget(now)
	}
	var wait time.Duration
	for k, tries := range keys(client, address) {
		f := g.failed[k]
		if left := f.since.Add(guardWindow).Sub(now); f.n >= tries && left > wait {
			wait = min(left, guardWindow) // also where the clock was set back
		}
	}
	if wait > 0 {
		return wait
	}
	for k := range keys(client, address) {
		f := g.failed[k]
		if now.Sub(f.since) >= guardWindow || now.Before(f.since) {
			f = failures{since: now}
		}
		f.n++
		g.failed[k] = f
	}
	return 0
}

// Succeeded takes an attempt back.
func (g *Guard) Succeeded(client, address string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for k := range keys(client, address) {
		if f, ok := g.failed[k]; ok && f.n > 1 {
			f.n--
			g.failed[k] = f
		} else {
			delete(g.failed, k)
		}
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
