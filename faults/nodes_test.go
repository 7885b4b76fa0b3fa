//go:build linux

package faults

import (
	"math/rand/v2"
	"testing"
)

// TestKillNodes ends one of the servers of a database after the other with
// SIGKILL, while clients send each request under an Idempotency-Key until some
// server has answered it. In the end everything was done, and done once.
// SQLite has one server, Postgres three.
func TestKillNodes(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		var nodes []*server
		var apis []*api
		log := newEventLog(t, d.nodes)
		for n := range d.nodes {
			s := d.serve(t, log.flags(n)...)
			nodes, apis = append(nodes, s), append(apis, s.signIn(t))
		}
		l := newLoad(t, apis[0], 9)
		l.retries = true
		kills := times(6, 100)
		for n := range kills {
			victim := n % len(nodes)
			if n%10 == 9 {
				l.renewMeetings(t, apis[0])
			}
			killed := nodes[victim]
			l.run(apis, 1+rand.IntN(150), func() {
				killed.kill()
				nodes[victim] = d.serve(t, log.flags(victim)...)
				apis[victim].moves(nodes[victim].base)
			})
			if t.Failed() {
				return
			}
			d.settle(t, killed)
			l.audit(t, d, apis[0])
		}
		log.complete(t, d)
		t.Logf("%d kills, %d servers, %d writes with %d people under keys: each done once", kills, len(nodes), l.acks.Load(), l.people())
	})
}
