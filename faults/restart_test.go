//go:build linux

package faults

import (
	"syscall"
	"testing"
)

// TestPostgresRestart restarts Postgres under load as a crash does
// (pg_ctl restart -m immediate), again and again. The servers stay and go on
// by themselves.
func TestPostgresRestart(t *testing.T) {
	faulty(t)
	c := newCluster(t, "")
	d := c.database(t)
	var nodes []*server
	var apis []*api
	for range d.nodes {
		s := d.serve(t)
		nodes, apis = append(nodes, s), append(apis, s.signIn(t))
	}
	l := newLoad(t, apis[0], 9)
	restarts, open := times(2, 50), 0
	for range restarts {
		l.run(apis, 60, func() {
			c.end(syscall.SIGQUIT)
			if err := c.start(); err != nil {
				t.Error(err)
			}
		})
		for _, s := range nodes {
			s.ready(t)
		}
		found := l.audit(t, d, apis[0])
		open += len(found.did) + len(found.didNot)
		_, problems := l.replay(apis[0], found)
		fail(t, problems)
	}
	l.audit(t, d, apis[0])
	for _, s := range nodes {
		s.stop(t)
	}
	t.Logf("%d restarts under %d servers, %d acknowledged writes, %d answers of 5xx, %d of them open: nothing lost",
		restarts, len(nodes), l.acks.Load(), l.failed.Load(), open)
}
