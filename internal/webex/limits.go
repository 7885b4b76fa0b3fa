package webex

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// perMinute is how many requests a client may make in a minute where limits
// are imitated. The original publishes a number for another of its products
// only; this is it. [semantics 8.4]
const perMinute = 300

// A Limiter imitates the rate limit. nil limits nothing.
type Limiter struct {
	mu      sync.Mutex
	start   time.Time
	clients map[string]int // requests since start
}

// NewLimiter returns a Limiter.
func NewLimiter() *Limiter { return &Limiter{clients: map[string]int{}} }

// admit counts one request of a client.
func (l *Limiter) admit(now time.Time, client string) error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if start := now.Truncate(time.Minute); !start.Equal(l.start) {
		l.start, l.clients = start, map[string]int{}
	}
	l.clients[client]++
	if l.clients[client] > perMinute {
		wait := l.start.Add(time.Minute).Sub(now)
		return &failure{
			status: http.StatusTooManyRequests, text: "Too many requests in this minute: the header Retry-After says how many seconds to wait.",
			retry: seconds(wait),
		}
	}
	return nil
}

// seconds spells a time to wait for Retry-After: whole seconds, at least one.
func seconds(d time.Duration) string {
	return strconv.FormatInt(max(int64((d+time.Second-1)/time.Second), 1), 10)
}
