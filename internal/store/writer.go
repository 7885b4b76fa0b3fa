package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// queueLen is how many writes may wait before further ones are ErrBusy.
const queueLen = 1024

// groupLen is how many writes share one transaction at most.
const groupLen = 100

// carefulFor is for how many groups savepoints are set after a write had to be
// undone.
const carefulFor = 100

// A writer owns the one connection that writes. Its goroutine takes the
// writes that wait, up to groupLen, and runs them in one transaction, so that
// they share its fsync. Each is undone alone where it fails, and none is
// answered before all are durable.
//
// Most writes that fail do so before they have written, so that there is
// nothing to undo. Where there is, the whole group is undone and runs again,
// and for a while each write of a group sets a savepoint to go back to.
type writer struct {
	db           *sql.DB
	session      *session
	queue        chan *write
	group        []*write      // those of the transaction that runs
	memo         memo          // of the transaction that runs
	careful      int           // how many more groups set savepoints
	checkpointer *checkpointer // told of commits; nil until the engine has one

	mu     sync.RWMutex // held for reading while a write is put into queue
	closed bool
	done   chan struct{}
}

type write struct {
	ctx  context.Context
	f    func(querier) error
	err  error // what f returned when it last ran
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
	s, err := newSession(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("store: connect writer: %w", err)
	}
	w := &writer{db: db, session: s, queue: make(chan *write, queueLen), done: make(chan struct{})}
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
		w.gather(job)
		if len(w.group) == 0 {
			continue
		}
		if err := w.transact(w.group); errors.Is(err, errNotBegun) {
			refuse(w.group, err)
		} else if err != nil {
			w.oneByOne(err)
		}
		for _, job := range w.group {
			job.done <- job.err
		}
		clear(w.group) // keep nothing of them alive
	}
}

// gather makes a group of first and of what waits now. Whose caller is gone
// is answered and left out. Where nobody waits any more it lets others run
// once: those who are about to come then share the transaction, too.
func (w *writer) gather(first *write) {
	w.group = w.group[:0]
	yielded := false
	for job, more := first, true; more; {
		if err := job.ctx.Err(); err != nil {
			job.done <- err
		} else {
			w.group = append(w.group, job)
		}
		if len(w.group) == groupLen {
			return
		}
		if len(w.queue) == 0 && !yielded {
			runtime.Gosched()
			yielded = true
		}
		select {
		case job, more = <-w.queue: // more is false when the queue is closed and empty
		default:
			return
		}
	}
}

// oneByOne runs each write of a group again in a transaction of its own,
// after the group's failed for a reason that may be any one's of them.
func (w *writer) oneByOne(why error) {
	if len(w.group) == 1 {
		if job := w.group[0]; job.err == nil {
			job.err = why
		}
		return
	}
	for i, job := range w.group {
		err := w.transact([]*write{job})
		if errors.Is(err, errNotBegun) {
			refuse(w.group[i:], err)
			return
		}
		if job.err == nil {
			job.err = err
		}
	}
}

// refuse tells the writes of a group that none of them ran.
func refuse(group []*write, why error) {
	for _, job := range group {
		job.err = why
	}
}

var (
	// errNotBegun is that no transaction could be begun.
	errNotBegun = errors.New("store: begin write")
	// errBroken is that a transaction is not what it should be after a write of
	// it failed: the engine may have undone all of it, or nothing.
	errBroken = errors.New("store: the transaction broke")
)

// transact runs a group between BEGIN IMMEDIATE and COMMIT and leaves in each
// write how it went. It returns an error, with nothing stored, where the
// transaction as a whole failed. Its ctx is never cancelled: SQLite would roll
// the transaction back under the feet of them all.
func (w *writer) transact(group []*write) error {
	ctx := context.Background()
	if err := w.session.command(ctx, beginWrite); err != nil {
		return fmt.Errorf("%w: %w", errNotBegun, known(err))
	}
	w.memo.forget()
	dirty := false // a write of the group that went well has written
	for _, job := range group {
		m := &member{session: w.session, memo: &w.memo, later: dirty, guarded: dirty && w.careful > 0}
		job.err = m.run(job.f)
		if m.broken != nil {
			_ = w.session.command(ctx, "ROLLBACK") // fails only where the engine has rolled back itself
			return fmt.Errorf("%w: %w", errBroken, m.broken)
		}
		if m.later && m.wrote && job.err != nil {
			w.careful = carefulFor + 1 // this group and the next ones
			if !m.guarded {
				_ = w.session.command(ctx, "ROLLBACK") // as above
				return w.transact(group)
			}
		}
		dirty = dirty || m.wrote && job.err == nil
	}
	if err := w.session.command(ctx, "COMMIT"); err != nil {
		_ = w.session.command(ctx, "ROLLBACK") // as above
		return fmt.Errorf("store: commit: %w", known(err))
	}
	w.careful = max(0, w.careful-1)
	if dirty && w.checkpointer != nil {
		w.checkpointer.committed()
	}
	return nil
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
	w.session.close()
	return w.db.Close()
}

// A member is one write of a group while it runs. Where it is guarded, it sets
// a savepoint before its first statement that writes, to which it goes back if
// it fails.
type member struct {
	session *session
	memo    *memo
	later   bool  // others have written before: what fails must not take them along
	guarded bool  // it can be undone without them
	wrote   bool  // and set the savepoint, if guarded
	broken  error // the engine failed in a way that may have ended the transaction
}

const (
	setSavepoint     = "SAVEPOINT member"
	releaseSavepoint = "RELEASE member"
	undoSavepoint    = "ROLLBACK TO member"
)

// run runs f and undoes what it wrote where it returns an error or panics,
// unless it cannot be undone alone.
func (m *member) run(f func(querier) error) error {
	err := m.call(f)
	if m.broken != nil || !m.wrote {
		return err
	}
	ctx := context.Background()
	var ends []string
	switch {
	case err != nil && m.guarded:
		ends = []string{undoSavepoint, releaseSavepoint}
	case err != nil && m.later: // the whole group is to be undone
	case err != nil:
		ends = []string{"ROLLBACK", beginWrite}
	case m.guarded:
		ends = []string{releaseSavepoint}
	}
	if err != nil {
		m.memo.forget() // it may remember what is undone
	}
	for _, text := range ends {
		if e := m.session.command(ctx, text); e != nil {
			m.broken = fmt.Errorf("%s: %w", text, e)
			break
		}
	}
	return err
}

func (m *member) call(f func(querier) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{v, debug.Stack()}
		}
	}()
	return f(m)
}

// before prepares query and sets the savepoint if query is the first to write.
func (m *member) before(ctx context.Context, query string) (*stmt, error) {
	if m.broken != nil {
		return nil, errBroken
	}
	p := m.session.prepare(query)
	if p.stales {
		m.memo.forget()
	}
	if !p.writes || m.wrote {
		return p, nil
	}
	if m.guarded {
		if err := m.session.command(ctx, setSavepoint); err != nil {
			return nil, m.noticed(err)
		}
	}
	m.wrote = true
	return p, nil
}

// noticed remembers an error after which the transaction cannot be trusted:
// each but a violated constraint, which undoes its statement alone.
func (m *member) noticed(err error) error {
	if err != nil && !isConstraint(err) {
		m.broken = err
	}
	return err
}

// ExecContext runs a prepared statement; ctx's end does not interrupt it.
func (m *member) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx = context.WithoutCancel(ctx)
	p, err := m.before(ctx, query)
	if err != nil {
		return nil, err
	}
	res, err := m.session.exec(ctx, p, query, args)
	return res, m.noticed(err)
}

// QueryContext runs a prepared query; ctx's end does not interrupt it.
func (m *member) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx = context.WithoutCancel(ctx)
	p, err := m.before(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := m.session.query(ctx, p, query, args)
	return rows, m.noticed(err)
}
