package store

import (
	"context"
	"database/sql"
	"fmt"
	"runtime/debug"
	"sync"
)

// queueLen is how many writes may wait before further ones are ErrBusy.
const queueLen = 1024

// maxStmts is how many prepared statements the writer keeps. How many forms a
// statement has hangs on what clients send, such as the length of a list.
const maxStmts = 512

// A writer owns the one connection that writes. Its goroutine takes one
// write after the other, each in a transaction of its own.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt // prepared on conn, by text as our source has it
	queue chan *write

	mu     sync.RWMutex // held for reading while a write is put into queue
	closed bool
	done   chan struct{}
}

type write struct {
	ctx  context.Context
	f    func(querier) error
	done chan error
}

// A panicError carries a panic of a write's function to its caller.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string {
	return fmt.Sprintf("store: panic in a transaction: %v\n%s", p.value, p.stack)
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: connect writer: %w", err)
	}
	w := &writer{
		db: db, conn: conn, stmts: map[string]*sql.Stmt{},
		queue: make(chan *write, queueLen), done: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// do queues f and waits until its transaction has ended. A ctx that ends
// meanwhile does not end the wait: the answer must be the truth.
func (w *writer) do(ctx context.Context, f func(querier) error) error {
	job := &write{ctx: ctx, f: f, done: make(chan error, 1)}
	if err := w.put(job); err != nil {
		return err
	}
	err := <-job.done
	if p, ok := err.(*panicError); ok {
		panic(p) // in the caller's goroutine, where its recovery is
	}
	return err
}

func (w *writer) put(job *write) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- job:
		return nil
	default:
		return ErrBusy
	}
}

func (w *writer) run() {
	defer close(w.done)
	for job := range w.queue {
		if err := job.ctx.Err(); err != nil {
			job.done <- err
			continue
		}
		job.done <- w.transact(context.WithoutCancel(job.ctx), job.f)
	}
}

// transact runs f between BEGIN IMMEDIATE and COMMIT. Its ctx is never
// cancelled: SQLite would roll the transaction back under f's feet.
func (w *writer) transact(ctx context.Context, f func(querier) error) error {
	if _, err := w.conn.ExecContext(ctx, beginWrite); err != nil {
		return fmt.Errorf("store: begin write: %w", known(err))
	}
	if err := w.call(f); err != nil {
		return w.rollback(ctx, err)
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return w.rollback(ctx, fmt.Errorf("store: commit: %w", known(err)))
	}
	return nil
}

func (w *writer) rollback(ctx context.Context, why error) error {
	_, _ = w.conn.ExecContext(ctx, "ROLLBACK") // fails only where the engine has rolled back itself
	return why
}

func (w *writer) call(f func(querier) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{v, debug.Stack()}
		}
	}()
	return f(w)
}

func (w *writer) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.done
	for _, s := range w.stmts {
		_ = s.Close() // the connection is about to close
	}
	_ = w.conn.Close() // back to the pool, which closes it
	return w.db.Close()
}

// stmt returns query prepared on the connection. Preparing on the pool would
// wait for the connection that is busy with this very transaction.
func (w *writer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, respell(query))
	if err != nil {
		return nil, err
	}
	if len(w.stmts) >= maxStmts {
		for _, old := range w.stmts {
			_ = old.Close() // none is in use: a Tx reads all rows of one before it runs the next
		}
		clear(w.stmts)
	}
	w.stmts[query] = s
	return s, nil
}

// ExecContext runs a prepared statement; ctx's end does not interrupt it.
func (w *writer) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx = context.WithoutCancel(ctx)
	s, err := w.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext runs a prepared query; ctx's end does not interrupt it.
func (w *writer) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx = context.WithoutCancel(ctx)
	s, err := w.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext runs a prepared query; ctx's end does not interrupt it.
func (w *writer) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = context.WithoutCancel(ctx)
	s, err := w.stmt(ctx, query)
	if err != nil {
		return w.conn.QueryRowContext(ctx, respell(query), args...) // fails again, inside the row
	}
	return s.QueryRowContext(ctx, args...)
}
