package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// A large is a server whose one meeting has a million people. It runs through
// all rounds.
type large struct {
	*server
	file     string // of the database
	database string // in Postgres instead, "" for none
	start    func(context.Context) (*server, time.Duration, error)
	fill     func(context.Context) error // makes it and starts it
	once     once
	token    string // Muster's, of the page before the next deep one
	seq      int64  // after which Muster's deep page begins
}

// deep is the number of the page that lies deep in the list: 3,000 of a million.
func (b *bench) deep() int { return b.people / 10 * 9 / pageSize }

// largeOf returns what prepares the large server of a contender, once.
func (b *bench) largeOf(contender string) func(context.Context) error {
	l := b.large[contender]
	return func(ctx context.Context) error {
		return l.once.do(func() error {
			begin := time.Now()
			if err := l.fill(ctx); err != nil {
				return err
			}
			say("%s has %s people in one meeting, after %.0f s", contender, thousands(float64(b.people)), time.Since(begin).Seconds())
			return nil
		})
	}
}

// larges names what is large, by contender.
func (b *bench) larges() map[string]*large {
	m, p, pb := &large{}, &large{}, &large{}
	m.fill = func(ctx context.Context) error { return b.fillMuster(ctx, m) }
	p.fill = func(ctx context.Context) error { return b.fillMusterOnPostgres(ctx, p) }
	pb.fill = func(ctx context.Context) error { return b.fillPocketbase(ctx, pb) }
	return map[string]*large{muster: m, musterOnPostgres: p, pocketBase: pb}
}

func (b *bench) fillMuster(ctx context.Context, l *large) error {
	dir, err := b.folder("muster-large")
	if err != nil {
		return err
	}
	l.file = musterFile(dir)
	l.start = func(ctx context.Context) (*server, time.Duration, error) {
		return b.startMuster(ctx, "muster-large", dir, "")
	}
	if err := b.fillByAPI(ctx, l); err != nil {
		return err
	}
	return look(ctx, l.file, `SELECT seq FROM registrants WHERE status = 'approved' ORDER BY seq LIMIT 1 OFFSET $1`, &l.seq, (b.deep()-1)*pageSize-1)
}

func (b *bench) fillMusterOnPostgres(ctx context.Context, l *large) error {
	c, err := b.postgres(ctx)
	if err != nil {
		return err
	}
	if l.database, err = c.create(ctx); err != nil {
		return err
	}
	dir, err := b.folder("muster-on-postgres-large")
	if err != nil {
		return err
	}
	l.start = func(ctx context.Context) (*server, time.Duration, error) {
		s, long, err := b.startMuster(ctx, "muster-on-postgres-large", dir, c.url(l.database))
		if err == nil {
			s.also = c.cpu
		}
		return s, long, err
	}
	return b.fillByAPI(ctx, l)
}

// fillByAPI starts a Muster and fills it through its API.
func (b *bench) fillByAPI(ctx context.Context, l *large) error {
	if _, err := l.restart(ctx); err != nil {
		return err
	}
	if err := openMeeting(ctx, l.server); err != nil {
		return err
	}
	if err := b.fill(ctx, l.server, b.people, 16); err != nil {
		return err
	}
	token, err := l.dialect.(*musterAPI).walk(ctx, "", b.deep()-2)
	l.token = token
	return err
}

func (b *bench) fillPocketbase(ctx context.Context, l *large) error {
	dir, err := b.copyPocketbase(ctx, "pocketbase-large")
	if err != nil {
		return err
	}
	if _, err := output(ctx, "", b.pocketbaseBin, "seed", strconv.Itoa(b.people), fmt.Sprint(int64(pocketbaseMeeting)), "--dir", dir); err != nil {
		return err
	}
	l.file = filepath.Join(dir, "data.db")
	l.start = func(ctx context.Context) (*server, time.Duration, error) {
		begin := time.Now()
		s, err := b.startPocketbase(ctx, dir)
		return s, time.Since(begin), err
	}
	_, err = l.restart(ctx)
	return err
}

// restart starts l's server on its data, which it is not running on, and
// returns how long it took until it was ready.
func (l *large) restart(ctx context.Context) (time.Duration, error) {
	s, long, err := l.start(ctx)
	if err != nil {
		return 0, err
	}
	l.server = s
	return long, nil
}

// deepPage returns a call for the deep page. Muster's tokens live for minutes:
// each use gives the token of the page behind, which the next use takes.
func (b *bench) deepPage(ctx context.Context, l *large) (call, error) {
	switch api := l.dialect.(type) {
	case *musterAPI:
		token, err := api.walk(ctx, l.token, 1)
		l.token = token
		return api.page(token), err
	case *pocketbaseAPI:
		return api.page(b.deep()), nil
	}
	return call{}, fmt.Errorf("no deep page of a %T", l.dialect)
}

// A fact is a single value that is no slice: a median, or as it was found.
type fact struct {
	name, contender, text string
	value                 float64
}

// standing measures what does not hang on load: how long a start takes with a
// million people there, how much memory it has then, what a person costs on
// disk. It ends the large servers.
func (b *bench) standing(ctx context.Context) error {
	if !b.only.MatchString("start-up, memory, disk") {
		return nil
	}
	for _, contender := range []string{muster, musterOnPostgres, pocketBase} {
		if err := b.largeOf(contender)(ctx); err != nil {
			if err := b.excuse(ctx, contender, "start-up, memory, disk", err); err != nil {
				return err
			}
			continue
		}
		say("start-up, memory and disk: %s", contender)
		if err := b.standingOf(ctx, contender, b.large[contender]); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) standingOf(ctx context.Context, contender string, l *large) error {
	if err := l.stop(); err != nil {
		return err
	}
	if err := b.disk(ctx, contender, l); err != nil {
		return err
	}
	var starts, idle []float64
	for range b.rounds {
		long, err := l.restart(ctx)
		if err != nil {
			return err
		}
		starts = append(starts, float64(long.Milliseconds()))
		sleep(ctx, time.Second) // what a start leaves behind is collected, or is not
		rss, err := l.rss()
		if err != nil {
			return err
		}
		idle = append(idle, float64(rss))
		if err := l.stop(); err != nil {
			return err
		}
	}
	b.facts = append(b.facts,
		fact{startTime, contender, fmt.Sprintf("%.0f ms (%.0f–%.0f)", median(starts), least(starts), most(starts)), median(starts)},
		fact{idleMemory, contender, megabytes(median(idle)), median(idle) / 1e6})
	return ctx.Err()
}

// The names of facts.
const (
	startTime  = "from exec to ready, the million there"
	idleMemory = "resident memory a second after that"
	diskEach   = "bytes on disk for each registrant"
)

// disk measures what a stopped server keeps.
func (b *bench) disk(ctx context.Context, contender string, l *large) error {
	var size, count int64
	var err error
	if l.database != "" {
		count = int64(b.people)
		size, err = b.cluster.size(ctx, l.database)
	} else {
		if err := look(ctx, l.file, `SELECT COUNT(*) FROM registrants`, &count); err != nil {
			return err
		}
		var info os.FileInfo
		if info, err = os.Stat(l.file); err == nil {
			size = info.Size()
		}
	}
	each := float64(size) / float64(count)
	b.facts = append(b.facts, fact{diskEach, contender, fmt.Sprintf("%.0f (%s for %s)", each, megabytes(float64(size)), thousands(float64(count))), each})
	return err
}
