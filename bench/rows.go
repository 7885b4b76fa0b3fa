package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// The contenders, by the names that the table has.
const (
	muster           = "Muster"
	musterLarge      = "Muster, a million there"
	musterOnce       = "Muster, each page once"
	musterOnPostgres = "Muster on Postgres"
	musterFew        = "Muster, 10 users"
	pocketBase       = "PocketBase"
	pocketBaseUntold = "PocketBase, no total"
	c1               = "C, 1 in a transaction"
	c30              = "C, 30 in a transaction"
	c480             = "C, 480 in a transaction"
	c480Large        = "C, 480, a million there"
	cList            = "C, the list's query"
)

// The lines of the table.
const (
	batch1      = "batch of 30, 1 connection"
	batch16     = "batch of 30, 16 connections"
	batch64     = "batch of 30, 64 connections"
	single64    = "single, 64 connections"
	status16    = "status of 30, 16 connections"
	mixedWrites = "mixed 50, written"
	mixedReads  = "mixed 50, read"
	listFirst   = "list, first page"
	listDeep    = "list, deep page"

	groupSettings = "settings of a group"
	userSettings  = "settings of a user of 50 groups"
	membersFirst  = "members, first page"
	membersDeep   = "members, deep page"
	usersFirst    = "users, first page"
	usersDeep     = "users, deep page"
)

// A row is measured at once, by all its contenders. It has a line for each of
// the samples that a slice gives.
type row struct {
	lines []string
	units []string // what the lines count
	cells []*cell
}

// A cell is one contender of a row.
type cell struct {
	contender string
	prepare   func(context.Context) error // before the first round, nil for nothing
	run       func(context.Context) ([]sample, error)

	samples    [][]sample // by round, then by line
	gone       bool       // it is not asked for or could not be measured
	unprepared error      // what prepare returned
}

// rows says what is measured.
func (b *bench) rows() []row {
	return append([]row{
		{[]string{batch1}, []string{"rows"}, b.fresh(b.registering(1, batch))},
		{[]string{batch16}, []string{"rows"}, append(b.fresh(b.registering(16, batch)), b.inC(480, c480), b.inC(30, c30), b.intoMillion(), b.intoMillionInC())},
		{[]string{batch64}, []string{"rows"}, b.fresh(b.registering(64, batch))},
		{[]string{single64}, []string{"rows"}, append(b.fresh(b.registering(64, 1)), b.inC(1, c1))},
		{[]string{status16}, []string{"changes"}, b.fresh(b.changing(16))},
		{[]string{mixedWrites, mixedReads}, []string{"rows", "pages"}, b.fresh(b.mixed)},
		{[]string{listFirst}, []string{"pages"}, b.lists(false)},
		{[]string{listDeep}, []string{"pages"}, b.lists(true)},
	}, b.officeRows()...)
}

// A work makes the groups of a load on a server.
type work func(context.Context, *server) ([]group, error)

// registering has workers register n people with each call.
func (b *bench) registering(workers, n int) work {
	return func(_ context.Context, s *server) ([]group, error) {
		g, err := b.register(s, workers, n)
		return []group{g}, err
	}
}

// changing has workers approve and deny 30 people of their own in turn.
func (b *bench) changing(workers int) work {
	return func(ctx context.Context, s *server) ([]group, error) {
		g, err := b.changeAll(ctx, s, workers)
		return []group{g}, err
	}
}

// mixed has 25 workers register one, 5 register 30 and 20 read a full page.
func (b *bench) mixed(ctx context.Context, s *server) ([]group, error) {
	if err := b.fill(ctx, s, pageSize, 1); err != nil {
		return nil, err
	}
	single, err := b.register(s, 25, 1)
	if err != nil {
		return nil, err
	}
	many, err := b.register(s, 5, batch)
	if err != nil {
		return nil, err
	}
	writers := group{single.workers + many.workers, func(worker int) func() call {
		if worker < single.workers {
			return single.next(worker)
		}
		return many.next(worker - single.workers)
	}}
	return []group{writers, always(20, s.list())}, nil
}

// fresh has each server do w on an empty database in every round.
func (b *bench) fresh(w work) []*cell {
	on := func(contender string, start func(context.Context) (*server, error)) *cell {
		return &cell{contender: contender, run: func(ctx context.Context) (_ []sample, err error) {
			s, err := start(ctx)
			if err != nil {
				return nil, err
			}
			defer func() { err = firstOf(err, s.close()) }()
			groups, err := w(ctx, s)
			if err != nil {
				return nil, err
			}
			return b.load(ctx, s, groups...)
		}}
	}
	return []*cell{on(muster, b.freshMuster), on(musterOnPostgres, b.freshMusterOnPostgres), on(pocketBase, b.freshPocketbase)}
}

// inC inserts n rows in a transaction in C.
func (b *bench) inC(n int, contender string) *cell {
	return &cell{contender: contender, prepare: b.samplePeople, run: func(ctx context.Context) ([]sample, error) { return b.insertInC(ctx, n) }}
}

// intoMillion registers in the meeting that has a million people.
func (b *bench) intoMillion() *cell {
	return &cell{contender: musterLarge, prepare: b.largeOf(muster), run: func(ctx context.Context) ([]sample, error) {
		l := b.large[muster]
		groups, err := b.registering(16, batch)(ctx, l.server)
		if err != nil {
			return nil, err
		}
		return b.load(ctx, l.server, groups...)
	}}
}

// intoMillionInC inserts in C into a table that has a million people, which
// grows by them. It says how much of what Muster loses there is SQLite's.
func (b *bench) intoMillionInC() *cell {
	var file string
	return &cell{
		contender: c480Large,
		prepare: func(ctx context.Context) error {
			if err := b.samplePeople(ctx); err != nil {
				return err
			}
			dir, err := b.folder("csqlite-large")
			file = filepath.Join(dir, "csqlite.db")
			return err
		},
		run: func(ctx context.Context) ([]sample, error) { return b.insertInto(ctx, file, b.people, 480) },
	}
}

// lists has one reader read a page of a million, over and over.
func (b *bench) lists(deep bool) []*cell {
	on := func(contender string) *cell {
		return &cell{contender: contender, prepare: b.largeOf(contender), run: func(ctx context.Context) ([]sample, error) {
			l := b.large[contender]
			c := l.list()
			if deep {
				var err error
				if c, err = b.deepPage(ctx, l); err != nil {
					return nil, err
				}
			}
			return b.load(ctx, l.server, always(1, c))
		}}
	}
	inC := &cell{contender: cList, prepare: b.largeOf(muster), run: func(ctx context.Context) ([]sample, error) {
		if b.csqliteBin == "" {
			return nil, &unavailable{"its program could not be built"}
		}
		l, seq := b.large[muster], int64(0)
		if deep {
			seq = l.seq
		}
		_, meeting, _ := strings.Cut(l.dialect.(*musterAPI).meeting, "/meetings/")
		return b.listInC(ctx, l.file, meeting, seq)
	}}
	untold := &cell{contender: pocketBaseUntold, prepare: b.largeOf(pocketBase), run: func(ctx context.Context) ([]sample, error) {
		l, page := b.large[pocketBase], 1
		if deep {
			page = b.deep()
		}
		c := l.dialect.(*pocketbaseAPI).page(page)
		c.url += "&skipTotal=1"
		return b.load(ctx, l.server, always(1, c))
	}}
	cells := []*cell{on(muster), inC, on(musterOnPostgres), on(pocketBase), untold}
	if !deep {
		cells = append(cells, b.listOnce())
	}
	return cells
}

// listOnce has one reader go through the list from its beginning, page after
// page, so that Muster has none of them ready.
func (b *bench) listOnce() *cell {
	return &cell{contender: musterOnce, prepare: b.largeOf(muster), run: func(ctx context.Context) ([]sample, error) {
		l := b.large[muster]
		api := l.dialect.(*musterAPI)
		return b.load(ctx, l.server, group{1, func(int) func() call {
			token, pages := "", 0
			return func() call {
				if pages++; pages == b.deep() {
					token, pages = "", 0
				}
				c := api.page(token)
				c.then = func(answer []byte) {
					if next := found(nextPage, answer); len(next) == 1 {
						token = next[0]
					}
				}
				return c
			}
		}})
	}}
}

// meaning explains the lines that need it.
func (b *bench) meaning() string {
	return fmt.Sprintf("The million: %s people in one meeting; the deep page is number %s of %d people each. Settings, members and users: %s users in %d groups.",
		thousands(float64(b.people)), thousands(float64(b.deep())), pageSize, thousands(float64(b.people/10)), officeGroups)
}
