package muster

import (
	"sync"
	"testing"
)

// TestPINsStay holds codes to what they were when the first were given: the
// rest of a meeting's must go on from there.
func TestPINsStay(t *testing.T) {
	t.Parallel()
	k := Keys{Secret: []byte("a secret of some thirty-two bytes")}
	var p PINs
	for _, c := range []struct{ meeting, n, want int64 }{
		{7, 0, 397848},
		{7, 1, 284543},
		{7, 2, 628235},
		{7, 899999, 217140},
		{7, 900000, 9731262},
		{7, 9899999, 5298770},
		{7, 9900000, 55575377},
		{7, 123456789, 692503957},
		{98765432101, 0, 803240},
		{98765432101, 1, 443388},
		{98765432101, 2, 688764},
		{98765432101, 899999, 655464},
		{98765432101, 900000, 4663752},
		{98765432101, 9899999, 1466265},
		{98765432101, 9900000, 96729580},
		{98765432101, 123456789, 505995788},
	} {
		if got := k.PIN(c.meeting, c.n); got != c.want {
			t.Errorf("meeting %d, registrant %d: got %d, want %d", c.meeting, c.n, got, c.want)
		}
		for range 2 {
			if got := p.PIN(k, c.meeting, c.n); got != c.want {
				t.Errorf("meeting %d, registrant %d, remembered: got %d, want %d", c.meeting, c.n, got, c.want)
			}
		}
	}
}

// TestPINsRemembered compares what is remembered with what is derived, in more
// meetings than are remembered, asked for at once.
func TestPINsRemembered(t *testing.T) {
	t.Parallel()
	var p PINs
	var wg sync.WaitGroup
	for meeting := range int64(2*recentPINs + 1) {
		wg.Go(func() {
			for _, from := range []int64{0, 899_990, 9_899_990} {
				for n := from; n < from+30; n++ {
					if got, want := p.PIN(keys, meeting, n), keys.PIN(meeting, n); got != want {
						t.Errorf("meeting %d, registrant %d: got %d, want %d", meeting, n, got, want)
					}
				}
			}
		})
	}
	wg.Wait()
	if len(p.recent) > recentPINs {
		t.Errorf("got %d tables, want at most %d", len(p.recent), recentPINs)
	}
}

func BenchmarkPINs(b *testing.B) {
	var p PINs
	for name, pin := range map[string]func(n int64) int64{
		"derived":    func(n int64) int64 { return keys.PIN(7, n) },
		"remembered": func(n int64) int64 { return p.PIN(keys, 7, n) },
	} {
		b.Run(name, func(b *testing.B) {
			for i := range b.N {
				pin(int64(i) % 900_000)
			}
		})
	}
}
