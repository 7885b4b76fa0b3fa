// Package store keeps the domain in SQL. The texts of its queries serve
// SQLite and Postgres alike; what the engines cannot share is in dialect.go.
//
// All writing goes through DB.Write, all reading through DB.Read. On SQLite
// one goroutine owns the one writing connection and lets the writes that wait
// share a transaction; on Postgres each write has a transaction of its own.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

var (
	// ErrNotFound is returned when the row asked for by key is absent.
	ErrNotFound = errors.New("store: not found")
	// ErrExists is returned when a row of that key is there already.
	ErrExists = errors.New("store: exists already")
	// ErrNumberTaken is returned when another user has the personal meeting number.
	ErrNumberTaken = errors.New("store: personal meeting number taken")
	// ErrFull is returned when a tally has no place left.
	ErrFull = errors.New("store: no place left")
	// ErrBusy is returned when too many writes wait, or another process keeps
	// the database for itself. Nothing was changed.
	ErrBusy = errors.New("store: too many writes wait")
	// ErrUnavailable is returned when the database does not answer, or has no
	// place left or no right to write. Nothing was changed.
	ErrUnavailable = errors.New("store: the database does not answer or cannot write")
	// ErrUnknown is returned when the connection was lost while the transaction
	// was committed: nobody knows whether it is stored. It is not ErrUnavailable,
	// after which clients repeat anything.
	ErrUnknown = errors.New("store: the connection was lost at the commit")
	// ErrClosed is returned by DB.Write after DB.Close.
	ErrClosed = errors.New("store: closed")
)

// A DB is an open database. It is safe for concurrent use.
type DB struct {
	// Now is the clock of the whole server. Tests set it before first use.
	Now func() time.Time
	// FoundSchema is the version of the schema before Open migrated it, 0 for a
	// new database.
	FoundSchema int

	place   string // as Open was told
	engine  engine
	dialect *dialect
}

// An engine runs transactions: SQLite's or Postgres'. What f gets is its
// transaction; f may run again.
type engine interface {
	write(ctx context.Context, f func(querier) error) error
	read(ctx context.Context, f func(querier) error) error
	waiting() int // how many writes wait for others
	close() error
}

// A Tx is one transaction. Now is fixed when it begins, in UTC and whole
// milliseconds, so that all it writes carries one time.
type Tx struct {
	Now time.Time

	q     querier
	d     *dialect
	lock  string // ends a SELECT whose rows others must leave alone, see dialect
	memo  *memo  // what the transaction has read already; nil: nothing is remembered
	after []func()
}

// AfterCommit has f called when what tx wrote is durable, and never if it is
// not. Of a transaction that only reads it is never called.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// querier is what a Tx runs its statements on.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	// noticed is told of an error that came while rows were read, and returns it.
	noticed(error) error
}

func (db *DB) newTx(q querier) *Tx {
	tx := &Tx{Now: db.Now().UTC().Truncate(time.Millisecond), q: q, d: db.dialect}
	if m, ok := q.(*member); ok {
		tx.memo = m.memo
	}
	return tx
}

type txKey struct{}

// WithTx returns a ctx whose Read and Write join tx instead of beginning a
// transaction of their own.
func WithTx(ctx context.Context, tx *Tx) context.Context { return context.WithValue(ctx, txKey{}, tx) }

// Write runs f in a transaction and commits unless f returns an error, which
// Write returns. Who loads a meeting in it keeps other writers from that meeting
// and its people until the end. When Write returns nil, what f wrote is durable. f may run
// again: it assigns and never appends to what lies outside, does no I/O but
// SQL and calls neither Write nor Read. A cancelled ctx stops f only before
// it begins. Errors: f's, ErrBusy, ErrUnavailable, ErrUnknown, ErrClosed, ctx's,
// or the database's.
func (db *DB) Write(ctx context.Context, f func(*Tx) error) error {
	if tx, ok := ctx.Value(txKey{}).(*Tx); ok {
		return f(tx)
	}
	var tx *Tx
	err := db.engine.write(ctx, func(q querier) error {
		tx = db.newTx(q)
		tx.lock = db.dialect.lock
		return f(tx)
	})
	if err != nil {
		return err
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

// Read runs f in a transaction that sees one state of the database and
// cannot write.
func (db *DB) Read(ctx context.Context, f func(*Tx) error) error {
	if tx, ok := ctx.Value(txKey{}).(*Tx); ok {
		return f(tx)
	}
	return db.engine.read(ctx, func(q querier) error { return f(db.newTx(q)) })
}

// Waiting returns how many writes wait for others.
func (db *DB) Waiting() int { return db.engine.waiting() }

// Close waits for the writes that were taken and closes the database.
func (db *DB) Close() error { return db.engine.close() }

// millis and fromMillis map a time to its column; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func minutes(d time.Duration) int64 { return int64(d / time.Minute) }

// exec runs a statement and returns how many rows it touched.
func (tx *Tx) exec(ctx context.Context, doing, query string, args ...any) (int64, error) {
	res, err := tx.q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("store: %s: %w", doing, known(err))
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("store: %s: %w", doing, err)
	}
	return n, nil
}

// row scans the first row of a query, or returns ErrNotFound.
func (tx *Tx) row(ctx context.Context, doing, query string, args, dest []any) error {
	found := false
	err := tx.rows(ctx, doing, query, args, func(rows *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return rows.Scan(dest...)
	})
	if err == nil && !found {
		return ErrNotFound
	}
	return err
}

// rows calls scan for each row of a query.
func (tx *Tx) rows(ctx context.Context, doing, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := tx.q.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("store: %s: %w", doing, known(err))
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("store: %s: %w", doing, err)
		}
	}
	if err := tx.q.noticed(rows.Err()); err != nil {
		return fmt.Errorf("store: %s: %w", doing, known(err))
	}
	return nil
}

// Ping returns nil if the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.Read(ctx, func(tx *Tx) error {
		var version int64
		return tx.row(ctx, "read the schema's version", `SELECT version FROM schema_version`, nil, []any{&version})
	})
}
