package zoom

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
)

// A bucket is how many requests of one class an account may make in a
// window, and how many in a day (0: no daily limit). Classes that name the
// same pool share the day.
type bucket struct {
	window time.Duration
	n      int64
	day    int64
	pool   string
}

// plans are the limits that --limits imitates, by plan and class.
// [semantics 4]
var plans = map[string]map[op.Rate]bucket{
	"free": {
		op.Light:     {time.Second, 4, 6_000, "light"},
		op.Medium:    {time.Second, 2, 2_000, "medium"},
		op.Heavy:     {time.Second, 1, 1_000, "heavy"},
		op.Intensive: {time.Minute, 10, 30_000, "intensive"},
	},
	"pro": {
		op.Light:     {time.Second, 30, 0, ""},
		op.Medium:    {time.Second, 20, 0, ""},
		op.Heavy:     {time.Second, 10, 30_000, "heavy"},
		op.Intensive: {time.Minute, 10, 30_000, "heavy"},
	},
	"business": {
		op.Light:     {time.Second, 80, 0, ""},
		op.Medium:    {time.Second, 60, 0, ""},
		op.Heavy:     {time.Second, 40, 60_000, "heavy"},
		op.Intensive: {time.Minute, 20, 60_000, "heavy"},
	},
}

// PersonalLimits are the daily limits of every plan about one registrant or
// host, and about an account's groups.
var PersonalLimits = app.Plan{PersonAdds: 3, PersonChanges: 10, HostMeetings: 100, NewGroups: 100}

// A Limiter imitates the rate limits of a plan. nil limits nothing.
type Limiter struct {
	plan map[op.Rate]bucket

	mu      sync.Mutex
	windows map[string]window // by account and class
}

type window struct {
	start time.Time
	n     int64
}

// NewLimiter returns the limits of a plan: free, pro or business; nil for off.
func NewLimiter(plan string) (*Limiter, error) {
	if plan == "off" || plan == "" {
		return nil, nil // nil limits nothing
	}
	p, ok := plans[plan]
	if !ok {
		return nil, fmt.Errorf("limits must be off, free, pro or business, not %q", plan)
	}
	return &Limiter{plan: p, windows: map[string]window{}}, nil
}

// admit counts one request of a class and tells in the headers what is left.
func (l *Limiter) admit(ctx context.Context, w http.ResponseWriter, a *app.App, account string, class op.Rate) error {
	if l == nil {
		return nil
	}
	b, now := l.plan[class], a.Now()
	left, reset := l.take(account+" "+string(class), b, now)
	h := w.Header()
	set(h, "X-RateLimit-Type", "QPS")
	set(h, "X-RateLimit-Limit", strconv.FormatInt(b.n, 10))
	set(h, "X-RateLimit-Remaining", strconv.FormatInt(max(left, 0), 10))
	if left < 0 {
		set(h, "X-RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
		return &failure{http.StatusTooManyRequests, 429, "The maximum per-second rate limit of this API is reached: try again later."}
	}
	if b.day == 0 {
		return nil
	}
	used, err := a.CountRequest(ctx, account, b.pool)
	if err != nil {
		return err
	}
	set(h, "X-RateLimit-Type", "Daily-limit")
	set(h, "X-RateLimit-Limit", strconv.FormatInt(b.day, 10))
	set(h, "X-RateLimit-Remaining", strconv.FormatInt(max(b.day-used, 0), 10))
	if used > b.day {
		h.Set("Retry-After", nextDay(now))
		return &failure{http.StatusTooManyRequests, 429, "The maximum daily rate limit of this API is reached: the header Retry-After says when it ends."}
	}
	return nil
}

// take counts one request in its window and returns how many are left, below
// 0 if this one is too many, and when the window ends.
func (l *Limiter) take(key string, b bucket, now time.Time) (left int64, reset time.Time) {
	start := now.Truncate(b.window)
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.windows[key]
	if !at.start.Equal(start) {
		at = window{start: start}
	}
	at.n++
	l.windows[key] = at
	return b.n - at.n, start.Add(b.window)
}

// nextDay spells when daily limits end: the next midnight in UTC.
func nextDay(now time.Time) string {
	return Time(now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour))
}

// dailyMessage is the text of a daily limit. Client code searches it for
// "daily rate limit of (3) for", the number in round brackets. [semantics 11.8]
func dailyMessage(s *op.Spec, e *muster.Error) string {
	if e.Code == muster.HostDailyLimit {
		return fmt.Sprintf("You have exceeded the daily rate limit (%d) of Meeting Create/Update API requests permitted for this user. You can resume these API requests at GMT 00:00:00.", e.Limit)
	}
	if e.Code == muster.GroupDailyLimit {
		return fmt.Sprintf("You have exceeded the daily rate limit (%d) of Create a group API requests permitted for this account. You can resume these API requests at GMT 00:00:00.", e.Limit)
	}
	return fmt.Sprintf("You have exceeded the daily rate limit of (%d) for meeting %s API requests for the registrant (%s). You can resume these API requests at GMT 00:00:00.",
		e.Limit, s.Title, e.Subject)
}
