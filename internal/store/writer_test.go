package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestWriteIsAllOrNothing(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	boom := errors.New("boom")
	err := db.Write(ctx, func(tx *Tx) error {
		if err := tx.AddAccount(ctx, account("half")); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("got %v, want the function's own error", err)
	}
	if exists(t, db, "half") {
		t.Error("what a failed write wrote is stored")
	}
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddAccount(ctx, account("whole")) }))
	if !exists(t, db, "whole") {
		t.Error("the write after a failed one is not stored")
	}
}

func TestWritePanics(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	func() {
		defer func() {
			p := recover()
			if !strings.Contains(fmt.Sprint(p), "out of cheese") {
				t.Errorf("the caller got panic %v, want its function's", p)
			}
		}()
		_ = db.Write(ctx, func(tx *Tx) error { // it panics
			must(t, tx.AddAccount(ctx, account("half")))
			panic("out of cheese")
		})
		t.Error("Write returned, want the panic in the caller's goroutine")
	}()
	if exists(t, db, "half") {
		t.Error("what a panicking write wrote is stored")
	}
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddAccount(ctx, account("next")) }))
	if !exists(t, db, "next") {
		t.Error("the write after a panic is not stored")
	}
}

func TestWriteOfCancelledCaller(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	must(t, db.Write(ctx, func(tx *Tx) error {
		if err := tx.AddAccount(ctx, account("first")); err != nil {
			return err
		}
		cancel() // in the middle: what has begun is finished
		return tx.AddAccount(ctx, account("second"))
	}))
	if !exists(t, db, "first") || !exists(t, db, "second") {
		t.Error("a write whose caller went away in the middle is not stored whole")
	}
	ran := false
	err := db.Write(ctx, func(*Tx) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) || ran {
		t.Errorf("cancelled before: got %v, ran %v; want context.Canceled and not run", err, ran)
	}
}

// hold keeps the writer busy until the function it returns is called.
func hold(t *testing.T, db *DB) (release func()) {
	t.Helper()
	running, done, ended := make(chan bool), make(chan bool), make(chan error, 1)
	go func() {
		ended <- db.Write(context.Background(), func(*Tx) error {
			close(running)
			<-done
			return nil
		})
	}()
	<-running
	return func() {
		close(done)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestFullQueueIsBusy(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	release := hold(t, db)
	waiting := make([]*write, 0, queueLen)
	for i := 0; ; i++ { // as Write queues them, without a goroutine each
		job := &write{ctx: t.Context(), f: func(querier) error { return nil }, done: make(chan error, 1)}
		err := db.engine.(*sqliteEngine).put(job)
		if errors.Is(err, ErrBusy) {
			break
		} else if err != nil || i > queueLen {
			t.Fatalf("write %d: got %v, want ErrBusy after %d", i, err, queueLen)
		}
		waiting = append(waiting, job)
	}
	if n := db.Waiting(); n != queueLen || len(waiting) != queueLen {
		t.Errorf("got %d waiting of %d taken, want %d", n, len(waiting), queueLen)
	}
	if err := db.Write(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrBusy) {
		t.Errorf("a write more: got %v, want ErrBusy", err)
	}
	release()
	for _, job := range waiting {
		must(t, <-job.done)
	}
	must(t, db.Write(t.Context(), func(*Tx) error { return nil }))
}

func TestCloseWaits(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	release := hold(t, db)
	const n = 20
	queued := make([]*write, n)
	ran := 0
	for i := range queued {
		queued[i] = &write{ctx: t.Context(), f: func(querier) error { ran++; return nil }, done: make(chan error, 1)}
		must(t, db.engine.(*sqliteEngine).put(queued[i]))
	}
	closed := make(chan error, 1)
	go func() { closed <- db.Close() }()
	select {
	case <-closed:
		t.Error("Close returned while a write ran")
	default:
	}
	release()
	must(t, <-closed)
	if ran != n {
		t.Errorf("got %d of the queued writes done, want %d", ran, n)
	}
	for _, q := range queued {
		must(t, <-q.done)
	}
	if err := db.Write(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("Write after Close: got %v, want ErrClosed", err)
	}
	must(t, db.Close()) // again: nothing to do
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	err := db.Read(ctx, func(tx *Tx) error { return tx.AddAccount(ctx, account("sneaked")) })
	if err == nil || exists(t, db, "sneaked") {
		t.Errorf("a write inside Read: got %v, want an error and nothing stored", err)
	}
}

func TestReadIsASnapshot(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	const accounts = `SELECT COUNT(*) FROM accounts`
	must(t, db.Read(ctx, func(tx *Tx) error {
		var before, after int64
		if err := tx.row(ctx, "count", accounts, nil, []any{&before}); err != nil {
			return err
		}
		if err := db.Write(ctx, func(w *Tx) error { return w.AddAccount(ctx, account("meanwhile")) }); err != nil {
			return err
		}
		if err := tx.row(ctx, "count", accounts, nil, []any{&after}); err != nil {
			return err
		}
		if before != after {
			t.Errorf("one read saw %d accounts, then %d", before, after)
		}
		return nil
	}))
	if !exists(t, db, "meanwhile") {
		t.Error("a read that began later does not see what was written")
	}
}

func TestJoinedTransactions(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	boom := errors.New("boom")
	err := db.Write(ctx, func(tx *Tx) error {
		joined := WithTx(ctx, tx)
		if err := db.Write(joined, func(tx *Tx) error { return tx.AddAccount(joined, account("inner")) }); err != nil {
			return err
		}
		if err := db.Read(joined, func(tx *Tx) error { _, err := tx.Account(joined, "inner"); return err }); err != nil {
			t.Errorf("a read that joined does not see the write: %v", err)
		}
		return boom
	})
	if !errors.Is(err, boom) || exists(t, db, "inner") {
		t.Errorf("got %v; what a joined write wrote must go with the outer one", err)
	}
}

func TestOneTimePerTransaction(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error {
		if !tx.Now.Equal(start) || tx.Now.Location() != start.Location() || tx.Now.Nanosecond()%1e6 != 0 {
			t.Errorf("got %v, want the clock's time in UTC and whole milliseconds", tx.Now)
		}
		return nil
	}))
}

// TestStatementsAreBounded guards the writer's memory: how many forms a
// statement has hangs on what clients send.
func TestStatementsAreBounded(t *testing.T) {
	t.Parallel()
	db, ctx := openFile(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error {
		for i := range 2 * maxStmts {
			var n int64
			if err := tx.row(ctx, "count", fmt.Sprintf(`SELECT %d`, i), nil, []any{&n}); err != nil || n != int64(i) {
				return fmt.Errorf("got %d, %w", n, err)
			}
		}
		return nil
	}))
	if n := len(db.engine.(*sqliteEngine).session.stmts); n > maxStmts {
		t.Errorf("got %d prepared statements, want at most %d", n, maxStmts)
	}
}

func TestManyWritersAndReaders(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	const writers, each = 8, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if err := db.Write(ctx, func(tx *Tx) error { return tx.AddAccount(ctx, account(fmt.Sprintf("a%d-%d", w, i))) }); err != nil {
					t.Error(err)
				}
				if !exists(t, db, fmt.Sprintf("a%d-%d", w, i)) {
					t.Error("an acknowledged write cannot be read")
				}
			}
		})
	}
	wg.Wait()
	if n := number(t, db, `SELECT COUNT(*) FROM accounts`); n != writers*each+1 {
		t.Errorf("got %d accounts, want %d", n, writers*each+1)
	}
}

func TestAfterCommit(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	var told []string
	tell := func(tx *Tx, text string) { tx.AfterCommit(func() { told = append(told, text) }) }
	boom := errors.New("boom")
	err := db.Write(ctx, func(tx *Tx) error {
		tell(tx, "never")
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("got %v, want %v", err, boom)
	}
	must(t, db.Write(ctx, func(tx *Tx) error {
		must(t, db.Write(WithTx(ctx, tx), func(tx *Tx) error {
			tell(tx, "joined")
			return nil
		}))
		if len(told) > 0 {
			t.Errorf("%q was told before the commit", told)
		}
		return tx.AddAccount(ctx, account("a"))
	}))
	if len(told) != 1 || told[0] != "joined" {
		t.Errorf("got %q, want what the joined write told, once", told)
	}
}
