package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A call is one request and what its answer has to be.
type call struct {
	method, url string
	body        []byte
	status      int
	units       int                 // what it does: rows, changes or pages
	mark        string              // stands in a right answer as often as
	marks       int                 // this
	then        func(answer []byte) // what its answer is for, nil for nothing more
}

// A sample is what one slice of one contender gave.
type sample struct {
	units    float64
	seconds  float64
	p50, p99 time.Duration // of a request
	cpu      time.Duration // of the server, 0 where it cannot be told apart
	rss      int64         // of the server, in bytes
}

func (s sample) rate() float64 { return s.units / s.seconds }

// A group is workers who do alike, each one call after the other.
type group struct {
	workers int
	next    func(worker int) func() call // called once for each worker, beforehand
}

// The phases of a load.
const (
	warming = iota
	measuring
	stopping
)

// A loader is one load on its way.
type loader struct {
	client *http.Client
	header http.Header
	phase  atomic.Int32
	cancel context.CancelCauseFunc
}

// A tally is what one worker did while it was measured.
type tally struct {
	units     int
	latencies []time.Duration
}

// load runs groups against s, first for warm without looking, and returns a
// sample for each. A wrong answer ends it.
func load(ctx context.Context, s *server, warm, slice time.Duration, groups ...group) ([]sample, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	l := &loader{client: newClient(groups), header: s.header(), cancel: cancel}
	defer l.client.CloseIdleConnections()
	tallies := make([][]tally, len(groups))
	var wait sync.WaitGroup
	for g, group := range groups {
		tallies[g] = make([]tally, group.workers)
		for w := range group.workers {
			next := group.next(w)
			wait.Go(func() { l.work(ctx, next, &tallies[g][w]) })
		}
	}
	sleep(ctx, warm)
	total, err := l.window(ctx, s, slice)
	wait.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	} else if err != nil {
		return nil, err
	}
	samples := make([]sample, len(groups))
	for g := range groups {
		samples[g] = total
		if len(groups) > 1 {
			samples[g].cpu = 0 // it is for all of them
		}
		if err := samples[g].add(tallies[g]); err != nil {
			return nil, err
		}
	}
	return samples, nil
}

// window has the workers measured for slice and returns how long that was and
// what the server used meanwhile.
func (l *loader) window(ctx context.Context, s *server, slice time.Duration) (sample, error) {
	defer l.phase.Store(stopping)
	before, err := s.cpu()
	if err != nil {
		return sample{}, err
	}
	begin := time.Now()
	l.phase.Store(measuring)
	sleep(ctx, slice)
	l.phase.Store(stopping)
	long := time.Since(begin)
	after, err := s.cpu()
	if err != nil {
		return sample{}, err
	}
	rss, err := s.rss()
	return sample{seconds: long.Seconds(), cpu: after - before, rss: rss}, err
}

// work does one call after the other until the load stops. What began before
// the window and ends in it counts, what began in it and ends later does not.
func (l *loader) work(ctx context.Context, next func() call, t *tally) {
	var answer bytes.Buffer
	for l.phase.Load() != stopping && ctx.Err() == nil {
		c := next()
		begin := time.Now()
		if err := do(ctx, l.client, l.header, c, &answer); err != nil {
			l.cancel(err)
			return
		}
		if long := time.Since(begin); l.phase.Load() == measuring {
			t.units += c.units
			t.latencies = append(t.latencies, long)
		}
		if c.then != nil {
			c.then(answer.Bytes())
		}
	}
}

// add sums up what workers did.
func (s *sample) add(tallies []tally) error {
	var all []time.Duration
	for _, t := range tallies {
		s.units += float64(t.units)
		all = append(all, t.latencies...)
	}
	if len(all) == 0 {
		return errors.New("no request ended within the slice: use a longer one")
	}
	slices.Sort(all)
	s.p50, s.p99 = all[len(all)/2], all[len(all)*99/100]
	return nil
}

// newClient returns a client that keeps a connection for each worker.
func newClient(groups []group) *http.Client {
	n := 0
	for _, g := range groups {
		n += g.workers
	}
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n, DisableCompression: true}, Timeout: time.Minute}
}

// do makes c and reads its answer into answer, or returns an error where the
// answer is not what it has to be.
func do(ctx context.Context, client *http.Client, header http.Header, c call, answer *bytes.Buffer) error {
	r, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return err
	}
	r.Header = header
	res, err := client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer.Reset()
	if _, err := answer.ReadFrom(res.Body); err != nil {
		return err
	}
	if res.StatusCode != c.status {
		return fmt.Errorf("wrong answer: %s %s: %s, not %d: %.300s", c.method, path(c.url), res.Status, c.status, answer)
	}
	if n := bytes.Count(answer.Bytes(), []byte(c.mark)); c.mark != "" && n != c.marks {
		return fmt.Errorf("wrong answer: %s %s: %d times %s, not %d: %.300s", c.method, path(c.url), n, c.mark, c.marks, answer)
	}
	return nil
}

// path cuts the server from a URL.
func path(url string) string {
	_, after, _ := strings.Cut(url, "://")
	_, after, _ = strings.Cut(after, "/")
	return "/" + after
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
