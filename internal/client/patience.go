package client

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// patiently does try, which sends k, and does it again where waiting or a new
// token may help.
func (c *Client) patiently(ctx context.Context, k call, try func() error) error {
	var renewed bool
	var failures, refusals int
	var waited time.Duration
	for {
		if err := c.pass(ctx); err != nil {
			return err
		}
		err := try()
		if err == nil || ctx.Err() != nil {
			return err
		}
		e := Refused(err)
		switch {
		case e == nil && !Lost(err):
			return err
		case e != nil && e.Status == http.StatusTooManyRequests:
			d, ok := c.limited(e, refusals)
			refusals++
			if waited += d; !ok || waited > 10*c.cfg.MaxWait {
				return err
			}
			c.hold(c.cfg.Now().Add(d))
		case e != nil && !e.TokenError && (e.Status == http.StatusUnauthorized || e.Code == 124):
			if renewed {
				return err
			}
			renewed = true
		case e == nil || k.again(e):
			failures++
			if failures >= c.cfg.Attempts || (!k.repeatable() && !untouched(e)) {
				return err
			}
			d := backoff(failures - 1)
			if e != nil && !e.RetryAt.IsZero() {
				d = max(d, e.RetryAt.Sub(c.cfg.Now()))
			}
			if d > c.cfg.MaxWait {
				return err
			}
			if err := c.cfg.Sleep(ctx, d); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// again tells whether the same call may be answered otherwise. That an earlier
// one with its key still runs is so after a client was killed.
func (k call) again(e *Error) bool {
	return e.Status >= 500 || e.Status == http.StatusLocked || (e.Status == k.running && k.repeatable())
}

// untouched tells that the server refused before it did anything.
func untouched(e *Error) bool {
	return e != nil && (e.Status == http.StatusServiceUnavailable || e.Status == http.StatusLocked)
}

// limited says how long to wait after a 429; false when that is not worth it.
func (c *Client) limited(e *Error, before int) (time.Duration, bool) {
	if e.RetryAt.IsZero() {
		return backoff(before + 1), !e.Daily
	}
	d := max(e.RetryAt.Sub(c.cfg.Now()), time.Second)
	return d, d <= c.cfg.MaxWait
}

// backoff grows from half a second to half a minute.
func backoff(n int) time.Duration {
	return min(500*time.Millisecond<<min(n, 10), 30*time.Second)
}

// retryAt reads when the server wants to be asked again: Retry-After in
// seconds, as the API's date-time or as HTTP's, else X-RateLimit-Reset in Unix
// seconds. It is zero where none says.
func retryAt(h http.Header, now time.Time) time.Time {
	after := h.Get("Retry-After")
	if n, err := strconv.ParseInt(after, 10, 32); err == nil && n >= 0 {
		return now.Add(time.Duration(n) * time.Second)
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, after); err == nil {
			return t
		}
	}
	if t, err := http.ParseTime(after); err == nil {
		return t
	}
	if n, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil && n > 0 {
		return time.Unix(n, 0)
	}
	return time.Time{}
}
