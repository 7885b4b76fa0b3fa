package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"muster/bench/people"
)

// A bench is one run: the programs it compares, the databases it made and
// what it found.
type bench struct {
	config
	tmp     string // all that the run makes, removed at its end
	root    string // of the repository
	commit  string // that Muster is built from
	numbers people.Numbers

	musterBin, pocketbaseBin, csqliteBin string // programs; "" where it could not be built

	clustered once
	cluster   *cluster // of Postgres, nil before its first use
	sample    sampled  // what csqlite inserts
	pbPrepped prepared // what every PocketBase begins with
	large     map[string]*large
	office    map[string]*office

	profiling string // what the files of the profile that is taken begin with, "" for none

	facts    []fact
	mu       sync.Mutex
	notes    []string // what could not be measured
	children []*child
}

// A once is done by the first who asks, while the others wait.
type once struct {
	sync.Once
	err error
}

func (o *once) do(f func() error) error {
	o.Do(func() { o.err = f() })
	return o.err
}

// An unavailable error says why something cannot be measured here.
type unavailable struct{ why string }

func (u *unavailable) Error() string { return u.why }

func newBench(c config) (*bench, error) {
	if c.rounds < 1 || c.seconds <= 0 || c.people < 2000 {
		return nil, errors.New("-rounds, -seconds and -rows must be at least 1, more than 0 and at least 2000")
	}
	tmp, err := os.MkdirTemp("", "muster-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{config: c, tmp: tmp}
	b.large, b.office = b.larges(), b.offices()
	return b, nil
}

// close kills what still runs and removes what the run made.
func (b *bench) close() error {
	b.mu.Lock()
	left := slices.Clone(b.children)
	b.mu.Unlock()
	for _, c := range left {
		if b.cluster == nil || c != b.cluster.own {
			c.kill()
		}
	}
	var err error
	if b.cluster != nil {
		err = b.cluster.remove()
	}
	return firstOf(err, os.RemoveAll(b.tmp))
}

// folder makes a new folder.
func (b *bench) folder(name string) (string, error) {
	return os.MkdirTemp(b.tmp, name+"-")
}

// file returns where a file of the run is.
func (b *bench) file(name string) string { return filepath.Join(b.tmp, name) }

// warm is how long a contender runs before a slice is measured.
func (b *bench) warm() time.Duration {
	return min(time.Duration(b.seconds*float64(time.Second)/2), 500*time.Millisecond)
}

// slice is how long a contender is measured in one round.
func (b *bench) slice() time.Duration { return time.Duration(b.seconds * float64(time.Second)) }

// note remembers what could not be measured, once.
func (b *bench) note(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if text := fmt.Sprintf(format, args...); !slices.Contains(b.notes, text) {
		b.notes = append(b.notes, text)
	}
}

// say tells who waits what is done now.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}
