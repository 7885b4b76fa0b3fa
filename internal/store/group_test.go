package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"muster/internal/muster"
)

// A group queues writes while the writer is held, so that they share a
// transaction.
type group struct {
	t       *testing.T
	db      *DB
	writes  map[string]*write
	ran     map[string]int
	members map[string]member // as they last began
	release func()
}

func newGroup(t *testing.T, db *DB) *group {
	t.Helper()
	return &group{t: t, db: db, writes: map[string]*write{}, ran: map[string]int{}, members: map[string]member{}, release: hold(t, db)}
}

// add queues a write that adds the account of its name and then does f.
func (g *group) add(ctx context.Context, name string, f func(*Tx) error) {
	g.t.Helper()
	job := &write{ctx: ctx, done: make(chan error, 1)}
	job.f = func(q querier) error {
		g.ran[name]++
		g.members[name] = *q.(*member)
		tx := g.db.newTx(q)
		if err := tx.AddAccount(context.Background(), account(name)); err != nil {
			return err
		}
		if f == nil {
			return nil
		}
		return f(tx)
	}
	g.writes[name] = job
	must(g.t, g.db.engine.(*sqliteEngine).put(job))
}

// check waits for the write of a name and compares its error, and whether its
// account is stored, with what is wanted: nil and stored, or want and not.
func (g *group) check(name string, want error) {
	g.t.Helper()
	if err := <-g.writes[name].done; !errors.Is(err, want) || (err == nil) != (want == nil) {
		g.t.Errorf("%s: got %v, want %v", name, err, want)
	}
	if stored := exists(g.t, g.db, name); stored != (want == nil) {
		g.t.Errorf("%s: stored is %v after %v", name, stored, want)
	}
}

func TestGroupSharesATransaction(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	g := newGroup(t, db)
	const n = 20
	inside, goOn := make(chan bool), make(chan bool)
	for i := range n {
		var f func(*Tx) error
		if i == n-1 {
			f = func(*Tx) error { close(inside); <-goOn; return nil }
		}
		g.add(t.Context(), fmt.Sprint("a", i), f)
	}
	g.release()
	<-inside
	for i := range n - 1 {
		select {
		case err := <-g.writes[fmt.Sprint("a", i)].done:
			t.Errorf("a%d was answered with %v before the commit", i, err)
		default:
		}
		if exists(t, db, fmt.Sprint("a", i)) {
			t.Errorf("a%d is stored before the commit", i)
		}
	}
	close(goOn)
	for i := range n {
		name := fmt.Sprint("a", i)
		g.check(name, nil)
		if want := i > 0; g.members[name].later != want || g.members[name].guarded {
			t.Errorf("%s: got %+v, want later %v and no savepoint", name, g.members[name], want)
		}
	}
}

func TestGroupFailuresAreTheirOwn(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for name, c := range map[string]struct {
		fail func(*Tx) error
		want error
		runs int // of the failing one, where others have written before
	}{
		"its own error":            {func(*Tx) error { return boom }, boom, 2},
		"a key that is taken":      {func(tx *Tx) error { return tx.AddAccount(context.Background(), account("acc")) }, ErrExists, 2},
		"the engine's error":       {mismatch, errAny, 2},
		"the engine's, kept quiet": {func(tx *Tx) error { _ = mismatch(tx); return nil }, errBroken, 2},
		"more after the engine's": {func(tx *Tx) error {
			_ = mismatch(tx)
			return tx.AddAccount(context.Background(), account("stray"))
		}, errBroken, 2},
	} {
		for _, at := range []int{0, 1, 2} {
			t.Run(fmt.Sprintf("%s at %d", name, at), func(t *testing.T) {
				t.Parallel()
				db := openFile(t)
				g := newGroup(t, db)
				for i := range 3 {
					if i == at {
						g.add(t.Context(), "bad", c.fail)
					} else {
						g.add(t.Context(), fmt.Sprint("good", i), nil)
					}
				}
				g.release()
				for i := range 3 {
					if i != at {
						g.check(fmt.Sprint("good", i), nil)
					}
				}
				if c.want == errAny {
					if err := <-g.writes["bad"].done; err == nil {
						t.Error("bad: got no error")
					}
				} else {
					g.check("bad", c.want)
				}
				if exists(t, db, "bad") || exists(t, db, "stray") {
					t.Error("what the failing write wrote is stored")
				}
				runs := c.runs
				if at == 0 && (c.want == boom || c.want == ErrExists) {
					runs = 1 // what it wrote is all that there is to undo
				}
				if g.ran["bad"] != runs {
					t.Errorf("the failing write ran %d times, want %d", g.ran["bad"], runs)
				}
			})
		}
	}
}

var errAny = errors.New("any")

// mismatch makes SQLite fail in a way that no rule of ours knows.
func mismatch(tx *Tx) error {
	_, err := tx.exec(context.Background(), "provoke", `UPDATE users SET seq = 'text' WHERE id = 'owner'`)
	if err == nil {
		_, err = tx.exec(context.Background(), "provoke", `INSERT INTO users (seq, id, account_id, email, email_key, first_name, last_name,
			display_name, type, status, role, action, pmi, timezone, created_at, updated_at)
			VALUES ('text', 'x', 'acc', '', 'x', '', '', '', 1, '', '', '', 1, '', 1, 1)`)
	}
	return err
}

func TestGroupSurvivesAPanic(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	g := newGroup(t, db)
	g.add(t.Context(), "before", nil)
	g.add(t.Context(), "panics", func(*Tx) error { panic("out of cheese") })
	g.add(t.Context(), "after", nil)
	g.release()
	g.check("before", nil)
	g.check("after", nil)
	err := <-g.writes["panics"].done
	if p, ok := errors.AsType[*panicError](err); !ok || !strings.Contains(p.Error(), "out of cheese") {
		t.Errorf("got %v, want the panic", err)
	}
	if exists(t, db, "panics") {
		t.Error("what the panicking write wrote is stored")
	}
}

func TestGroupWithCallersThatHangUp(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	gone, hangUp := context.WithCancel(t.Context())
	middle, hangUpInTheMiddle := context.WithCancel(t.Context())
	g := newGroup(t, db)
	g.add(t.Context(), "before", nil)
	g.add(gone, "gone", nil)
	g.add(middle, "middle", func(tx *Tx) error {
		hangUpInTheMiddle()
		return tx.AddAccount(middle, account("middle too"))
	})
	g.add(t.Context(), "after", nil)
	hangUp()
	g.release()
	g.check("before", nil)
	g.check("gone", context.Canceled)
	g.check("middle", nil)
	g.check("after", nil)
	if g.ran["gone"] != 0 {
		t.Error("a write whose caller was gone ran")
	}
	if !exists(t, db, "middle too") {
		t.Error("what a write wrote after its caller hung up is not stored")
	}
}

// TestGroupIsCareful has savepoints set in the groups after one that had to be
// undone, so that the next writes that fail run once, and no longer than that.
func TestGroupIsCareful(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	boom := errors.New("boom")
	round := 0
	fail := func() *group {
		t.Helper()
		round++
		g := newGroup(t, db)
		g.add(t.Context(), fmt.Sprint("before", round), nil)
		g.add(t.Context(), fmt.Sprint("fails", round), func(*Tx) error { return boom })
		g.add(t.Context(), fmt.Sprint("after", round), nil)
		g.release()
		g.check(fmt.Sprint("before", round), nil)
		g.check(fmt.Sprint("fails", round), boom)
		g.check(fmt.Sprint("after", round), nil)
		return g
	}
	for i, want := range []int{2, 1, 1} {
		if g := fail(); g.ran[fmt.Sprint("fails", round)] != want || !g.members[fmt.Sprint("after", round)].guarded {
			t.Errorf("round %d: got %+v, %v runs; want a savepoint and %d", i, g.members, g.ran, want)
		}
	}
	for range carefulFor {
		must(t, db.Write(t.Context(), func(*Tx) error { return nil }))
	}
	if g := fail(); g.ran[fmt.Sprint("fails", round)] != 2 {
		t.Errorf("much later: got %v runs, want 2", g.ran)
	}
}

// TestGroupOnAFullDisk lets SQLite roll the transaction back by itself.
func TestGroupOnAFullDisk(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	must(t, db.Write(t.Context(), func(tx *Tx) error {
		var pages, bound int64
		if err := tx.row(t.Context(), "count pages", `PRAGMA page_count`, nil, []any{&pages}); err != nil {
			return err
		}
		return tx.row(t.Context(), "bound pages", fmt.Sprintf(`PRAGMA max_page_count = %d`, pages), nil, []any{&bound})
	}))
	g := newGroup(t, db)
	g.add(t.Context(), "before", nil)
	g.add(t.Context(), "large", func(tx *Tx) error {
		a := account("large 2")
		a.Name = strings.Repeat("x", 1<<20)
		return tx.AddAccount(context.Background(), a)
	})
	g.add(t.Context(), "after", nil)
	g.release()
	g.check("before", nil)
	g.check("after", nil)
	if err := <-g.writes["large"].done; err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("got %v, want that the database is full", err)
	}
	if exists(t, db, "large") || exists(t, db, "large 2") {
		t.Error("what did not fit is stored in part")
	}
}

func TestGroupIsBounded(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	g := newGroup(t, db)
	for i := range groupLen + 2 {
		g.add(t.Context(), fmt.Sprint("a", i), nil)
	}
	g.release()
	for i := range groupLen + 2 {
		g.check(fmt.Sprint("a", i), nil)
	}
	alone := 0
	for _, m := range g.members {
		if !m.later {
			alone++
		}
	}
	if alone != 2 {
		t.Errorf("got %d groups, want 2", alone)
	}
}

// TestGroupRemembersWhatIs has writes of one group read a meeting that others
// of the group change, change and undo, and change without storing.
func TestGroupRemembersWhatIs(t *testing.T) {
	t.Parallel()
	db, ctx := openFile(t), context.Background()
	must(t, db.Write(ctx, func(tx *Tx) error {
		return errors.Join(tx.AddMeeting(ctx, meeting(7)), tx.AddUser(ctx, user("u1", "a@x.test")))
	}))
	g := newGroup(t, db)
	seen := map[string]string{}
	look := func(name string) func(*Tx) error {
		return func(tx *Tx) error {
			m, err := tx.Meeting(ctx, "acc", 7)
			if err == nil {
				seen[name] = m.Topic
			}
			return err
		}
	}
	set := func(topic string, store bool, end error) func(*Tx) error {
		return func(tx *Tx) error {
			m, err := tx.Meeting(ctx, "acc", 7)
			if err != nil {
				return err
			}
			m.Topic = topic
			if store {
				if err := tx.SetMeeting(ctx, m); err != nil {
					return err
				}
				if m, err = tx.Meeting(ctx, "acc", 7); err != nil || m.Topic != topic {
					return fmt.Errorf("its own change: got %v, %w", m, err)
				}
			}
			return end
		}
	}
	boom := errors.New("boom")
	was := meeting(7).Topic
	g.add(ctx, "first", look("first"))
	g.add(ctx, "not stored", set("not stored", false, nil))
	g.add(ctx, "after not stored", look("after not stored"))
	g.add(ctx, "undone", set("undone", true, boom))
	g.add(ctx, "after undone", look("after undone"))
	g.add(ctx, "stored", set("stored", true, nil))
	g.add(ctx, "after stored", look("after stored"))
	g.release()
	g.check("undone", boom)
	for name, want := range map[string]string{"first": was, "after not stored": was, "after undone": was, "after stored": "stored"} {
		g.check(name, nil)
		if seen[name] != want {
			t.Errorf("%s: got the topic %q, want %q", name, seen[name], want)
		}
	}
	must(t, db.Write(ctx, look("later")))
	if seen["later"] != "stored" {
		t.Errorf("a later group: got the topic %q, want stored", seen["later"])
	}
}

// TestGroupCountsRegistrations has writes of one group each ask how many came
// before, one of which fails after it has counted its own.
func TestGroupCountsRegistrations(t *testing.T) {
	t.Parallel()
	db, ctx := openFile(t), context.Background()
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	seen := map[string]int64{}
	register := func(name string, end error) func(*Tx) error {
		return func(tx *Tx) error {
			m, err := tx.Meeting(ctx, "acc", 7)
			if err != nil {
				return err
			}
			if seen[name], err = tx.EverRegistered(ctx, m); err != nil {
				return err
			}
			tallies := muster.Tallies{}
			tallies.Move(nil, registrant(name))
			return errors.Join(tx.Count(ctx, m, tallies, 2, 0), end)
		}
	}
	boom := errors.New("boom")
	for round, names := range [][]string{{"first", "second", "fails", "third"}, {"fourth", "fails", "fifth"}} {
		g := newGroup(t, db)
		for _, name := range names {
			if name == "fails" {
				g.add(ctx, fmt.Sprint(name, round), register(name, boom))
			} else {
				g.add(ctx, name, register(name, nil))
			}
		}
		g.release()
		g.check(fmt.Sprint("fails", round), boom)
	}
	for i, name := range []string{"first", "second", "third", "fourth", "fifth"} {
		if want := int64(2 * i); seen[name] != want {
			t.Errorf("%s: got %d registrations before it, want %d", name, seen[name], want)
		}
	}
	if made := number(t, db, `SELECT made FROM tallies`); made != 10 {
		t.Errorf("got %d counted, want 10", made)
	}
}
