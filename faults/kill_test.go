//go:build linux

package faults

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"
)

// TestKill ends the server with SIGKILL under load, again and again, and holds
// what is there after the restart to what had been acknowledged.
func TestKill(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		d := e.make(t)
		log := newEventLog(t, 1)
		kills, open, replays := times(3, 100), 0, 0
		s := d.serve(t, log.flags(0)...)
		a := s.signIn(t)
		l := newLoad(t, a, 8)
		for n := range kills {
			if n%10 == 9 {
				l.renewMeetings(t, a)
			}
			l.run([]*api{a}, 1+rand.IntN(150), s.kill)
			killed := s
			s = d.serve(t, log.flags(0)...)
			d.settle(t, killed)
			a.moves(s.base)
			a.must(t, 200, http.MethodGet, "/users/me", nil, nil) // the token of before
			a = s.signIn(t)
			found := l.audit(t, d, a)
			open += len(found.did) + len(found.didNot)
			again, problems := l.replay(a, found)
			fail(t, problems)
			replays += again
		}
		l.audit(t, d, a)
		log.complete(t, d)
		s.stop(t)
		if n := l.failed.Load(); n > 0 {
			t.Errorf("answers of 5xx: got %d, want none", n)
		}
		t.Logf("%d kills, %d acknowledged writes with %d people, %d in flight, %d sent again under their key: nothing lost",
			kills, l.acks.Load(), l.people(), open, replays)
	})
}

// people is how many people were registered.
func (l *load) people() (n int) {
	for _, c := range l.clients {
		for _, p := range c.people {
			if p.id != "" {
				n++
			}
		}
	}
	return n
}

// TestKillAtStart ends servers with SIGKILL while they make a database, and
// while they open it. The next one goes on, and there is one account.
func TestKillAtStart(t *testing.T) {
	faulty(t)
	engines(t, func(t *testing.T, e engine) {
		kills := 0
		for range times(2, 20) {
			d := e.make(t)
			for range times(4, 10) {
				p := run(t, d.serveCommand(t, superuser))
				select {
				case <-p.ended:
					t.Fatalf("the server ended with %d by itself:\n%s", p.cmd.ProcessState.ExitCode(), p.out.tail())
				case <-time.After(time.Duration(rand.Int64N(int64(200 * time.Millisecond)))): // any moment will do
				}
				p.kill()
				kills++
			}
			d.serve(t).stop(t)
			var accounts, users, apps, events int
			err := d.open(t).QueryRowContext(t.Context(), `
				SELECT (SELECT COUNT(*) FROM accounts), (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM apps), (SELECT COUNT(*) FROM events)`).
				Scan(&accounts, &users, &apps, &events)
			if err != nil || accounts != 1 || users != 1 || apps != 1 || events != 2 {
				t.Errorf("got %d accounts, %d users, %d apps, %d events (%v), want 1, 1, 1 and 2", accounts, users, apps, events, err)
			}
		}
		t.Logf("%d kills at the start: one account each time", kills)
	})
}
