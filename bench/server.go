package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"muster/bench/people"
)

// batch is how many people a batch registers: Muster's most.
const batch = 30

// pageSize is how many people a list's page has: Muster's most.
const pageSize = 300

// progress is after how many people fill tells how far it is.
const progress = 100_000

// A dialect spells requests: musterAPI and pocketbaseAPI.
type dialect interface {
	// header returns what every request has.
	header() http.Header
	// register returns a call that registers n people, whose body is to be filled.
	register(n int) (call, *people.Body, error)
	// ids returns the ids in the answer of such a call.
	ids(answer []byte) []string
	// change returns a call that approves or denies people by their ids.
	change(ids []string, approve bool) call
	// list returns a call for the first page of the approved.
	list() call
}

// A server is a running contender with a meeting to register for.
type server struct {
	*child
	dialect
	also    func() (time.Duration, error) // the CPU of those who work for it, nil for nobody
	cleanup func() error

	dir, database string // of a Muster
}

// cpu returns what the server and those who work for it have used.
func (s *server) cpu() (time.Duration, error) {
	own, err := s.child.cpu()
	if err != nil || s.also == nil {
		return own, err
	}
	others, err := s.also()
	return own + others, err
}

// close stops the server and removes its data.
func (s *server) close() error {
	return errors.Join(s.stop(), s.cleanup())
}

// register returns a group of workers who register n people with each call.
func (b *bench) register(s *server, workers, n int) (group, error) {
	type prepared struct {
		call
		bodies []*people.Body
	}
	const bodies = 4
	made := make([]prepared, workers)
	for w := range made {
		for range bodies {
			c, body, err := s.register(n)
			if err != nil {
				return group{}, err
			}
			made[w].call, made[w].bodies = c, append(made[w].bodies, body)
		}
	}
	return group{workers, func(worker int) func() call {
		p, turn := &made[worker], 0
		return func() call {
			c := p.call
			c.body = p.bodies[turn%bodies].Fill(&b.numbers)
			turn++
			return c
		}
	}}, nil
}

// changeAll returns a group of workers who approve and deny in turn a batch
// of people of their own, whom it registers first.
func (b *bench) changeAll(ctx context.Context, s *server, workers int) (group, error) {
	client := newClient(nil)
	defer client.CloseIdleConnections()
	calls := make([][2]call, workers)
	for w := range calls {
		c, body, err := s.register(batch)
		if err != nil {
			return group{}, err
		}
		c.body = body.Fill(&b.numbers)
		var answer bytes.Buffer
		if err := do(ctx, client, s.header(), c, &answer); err != nil {
			return group{}, err
		}
		ids := s.ids(answer.Bytes())
		if len(ids) != batch {
			return group{}, fmt.Errorf("%d ids, not %d, in %.300s", len(ids), batch, &answer)
		}
		calls[w] = [2]call{s.change(ids, false), s.change(ids, true)}
	}
	return group{workers, func(worker int) func() call {
		turn := 0
		return func() call {
			turn++
			return calls[worker][(turn-1)%2]
		}
	}}, nil
}

// always returns a group of workers who make one call over and over.
func always(workers int, c call) group {
	return group{workers, func(int) func() call { return func() call { return c } }}
}

// fill registers n people, or up to 29 more, as fast as it goes.
func (b *bench) fill(ctx context.Context, s *server, n, workers int) error {
	client := newClient([]group{{workers: workers}})
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	g, err := b.register(s, workers, batch)
	if err != nil {
		return err
	}
	var taken atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		next := g.next(w)
		wait.Go(func() {
			var answer bytes.Buffer
			for ctx.Err() == nil {
				before := int(taken.Add(batch)) - batch
				if before >= n {
					return
				}
				if err := do(ctx, client, s.header(), next(), &answer); err != nil {
					cancel(err)
				}
				if before/progress < (before+batch)/progress && before+batch < n {
					say("%s: %s people so far", s.name, thousands(float64((before+batch)/progress*progress)))
				}
			}
		})
	}
	wait.Wait()
	return context.Cause(ctx)
}

// somebody returns a person without a stamp.
func somebody() people.Person { return people.Make(rand.IntN(512)) }

// remover returns what removes a folder.
func remover(dir string) func() error {
	return func() error { return os.RemoveAll(dir) }
}
