//go:build linux

package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A load is clients that change a few meetings, each client its own people,
// and remember what they were answered.
type load struct {
	meetings []meeting
	clients  []*client
	shared   meeting // whose few people all clients change at once
	retries  bool    // every request has a key and is sent until it is answered 2xx; else half of them have one

	made    map[string]int // events of making the meetings
	acks    atomic.Int64   // answers of 2xx so far
	failed  atomic.Int64   // answers of 5xx so far
	stopped atomic.Bool
}

// A meeting is one that people are registered for.
type meeting struct {
	id     int64
	manual bool     // the host approves by hand
	dates  []string // of a series whose people choose their dates
}

// newLoad makes meetings of three kinds and clients without people.
func newLoad(t *testing.T, a *api, clients int) *load {
	t.Helper()
	l := &load{made: map[string]int{}}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for i := range clients {
		l.clients = append(l.clients, &client{
			load: l, name: fmt.Sprintf("c%d-%04x", i, seed&0xffff), random: rand.New(rand.NewPCG(seed, uint64(i))), events: map[string]int{}, shared: map[string]bool{},
		})
	}
	l.shared = meeting{id: a.meeting(t, 0)}
	l.renewMeetings(t, a)
	return l
}

// renewMeetings makes the meetings that the next requests are about.
func (l *load) renewMeetings(t *testing.T, a *api) {
	t.Helper()
	l.meetings = []meeting{{id: a.meeting(t, 0)}, {id: a.meeting(t, 1), manual: true}}
	series, dates := a.series(t)
	l.meetings = append(l.meetings, meeting{id: series, dates: dates})
	for _, m := range l.meetings {
		l.made[eventKey("meeting.created", m.id, nil)]++
	}
}

// run lets all clients work against the apis until n more answers of 2xx have
// come, then calls fault while they go on, and returns when the last request
// has ended. Client i begins at api i.
func (l *load) run(apis []*api, n int, fault func()) {
	l.stopped.Store(false)
	target := l.acks.Load() + int64(n)
	reached := make(chan struct{})
	var once, clients sync.WaitGroup
	var closing sync.Once
	for i, c := range l.clients {
		clients.Go(func() {
			for !l.stopped.Load() {
				if !c.step(apis, i) {
					return
				}
				if l.acks.Load() >= target {
					closing.Do(func() { close(reached) })
				}
			}
		})
	}
	gone := make(chan struct{})
	once.Go(func() {
		defer l.stopped.Store(true)
		select {
		case <-reached:
			fault()
		case <-gone: // all clients gave up before
		}
	})
	clients.Wait()
	close(gone)
	once.Wait()
}

// A person is somebody whom one client registers, as the client knows them.
type person struct {
	meeting *meeting
	email   string
	id      string // "" as long as no answer told it
	link    string // path and query, "" as long as no answer told it
	status  string // as the database has it, "" for who is not there
	name    string
	dates   int  // how many were chosen
	busy    bool // part of a request whose answer was lost
}

// A client does one request after the other. Only its own goroutine or, while
// it rests, the auditor looks into it.
type client struct {
	load   *load
	name   string
	random *rand.Rand
	people []*person
	shared map[string]bool // ids of people of the shared meeting
	count  int             // of requests, which makes every name new

	open     []*request     // their answers were lost
	last     *request       // the last one with a key that was answered 2xx
	events   map[string]int // that the answers promise
	problems []string       // answers that should not be
}

// A request is one write: who they are before it, and who after it.
type request struct {
	kind         string // of its event
	meeting      *meeting
	method, path string
	body         any
	key          string
	want         int // status of success
	by           *client
	people       []*person
	after        []person
	answer       answer
}

// step sends one request. It returns false when the client should rest: the
// server is gone, or answers what it should not.
func (c *client) step(apis []*api, first int) bool {
	if c.random.IntN(10) == 0 {
		return c.stepShared(apis[c.random.IntN(len(apis))])
	}
	r := c.next()
	if c.load.retries {
		return c.insist(r, apis, first)
	}
	r.answer = apis[first%len(apis)].call(r.method, r.path, r.body, r.key)
	switch a := r.answer; {
	case a.ok():
		c.done(r)
		return true
	case a.err == nil && a.status == http.StatusServiceUnavailable && a.code() != 0:
		c.load.failed.Add(1) // before anything was done
		return true
	case a.err == nil && a.status >= 500 && a.code() != 0:
		c.load.failed.Add(1)
		c.lost(r)
		return true
	case a.err != nil:
		c.lost(r)
		return false
	default:
		c.problems = append(c.problems, fmt.Sprintf("%s %s: got %v", r.method, r.path, a))
		return false
	}
}

// insist sends a request with its key to one server after the other until it
// is answered 2xx.
func (c *client) insist(r *request, apis []*api, first int) bool {
	for try, end := first, time.Now().Add(2*patience); ; try++ {
		r.answer = apis[try%len(apis)].call(r.method, r.path, r.body, r.key)
		if r.answer.ok() {
			c.done(r)
			return true
		}
		again := r.answer.err != nil || r.answer.status >= 500 || r.answer.status == http.StatusConflict
		if !again || time.Now().After(end) {
			c.problems = append(c.problems, fmt.Sprintf("%s %s: got %v", r.method, r.path, r.answer))
			c.lost(r)
			return false
		}
		time.Sleep(5 * time.Millisecond) // the server is being started again
	}
}

// lost notes a request of which nobody knows whether it was done.
func (c *client) lost(r *request) {
	c.open = append(c.open, r)
	for _, p := range r.people {
		p.busy = true
	}
}

// done notes what a 2xx promises.
func (c *client) done(r *request) {
	c.load.acks.Add(1)
	if r.answer.status != r.want {
		c.problems = append(c.problems, fmt.Sprintf("%s %s: got %v, want %d", r.method, r.path, r.answer, r.want))
	}
	told, err := r.told()
	if err != nil {
		c.problems = append(c.problems, err.Error())
	}
	ids := make([]string, len(r.people))
	for i, p := range r.people {
		p.become(r.after[i])
		if told != nil {
			c.learn(p, told[i])
		}
		ids[i] = p.id
	}
	c.events[eventKey(r.kind, r.meeting.id, ids)]++
	if r.key != "" {
		c.last = r
	}
}

// become makes p what after says; id and link stay.
func (p *person) become(after person) {
	p.status, p.name, p.dates, p.busy = after.status, after.name, after.dates, false
}

// learn takes id and link of p from an answer, or checks that they are what
// earlier answers said.
func (c *client) learn(p *person, l told) {
	if p.id != "" && l.ID != p.id {
		c.problems = append(c.problems, fmt.Sprintf("%s: got the id %s, want %s as before", p.email, l.ID, p.id))
	}
	p.id = l.ID
	if l.JoinURL == "" {
		return
	}
	link := linkOf(l.JoinURL)
	if p.link != "" && link != p.link {
		c.problems = append(c.problems, fmt.Sprintf("%s: got the link %s, want %s as before", p.email, link, p.link))
	}
	p.link = link
}

// linkOf cuts the origin off, which changes with the port of a server.
func linkOf(joinURL string) string {
	_, after, _ := strings.Cut(joinURL, "://")
	_, path, _ := strings.Cut(after, "/")
	return "/" + path
}
