package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// usualConns is how many connections a node opens unless the URL says
	// pool_max_conns: five nodes fit into a server's usual 100.
	usualConns = 16
	// txTime is how long a transaction may take, so that a server that is gone
	// without a word is noticed.
	txTime = 30 * time.Second
	// connLife is how long a connection is used: so that one that leads to the
	// wrong place, after an address has moved, does not stay for ever.
	connLife = 30 * time.Minute
	// patience is how long a transaction is tried again while the server
	// restarts, or others get in its way.
	patience = 5 * time.Second
)

// A postgresEngine runs each write in a transaction of its own and tries it
// again where Postgres asks for that. Writes of one meeting wait for each
// other at the meeting's row, see DB.Write.
type postgresEngine struct {
	db      *sql.DB
	writers chan struct{} // one for each write that runs: the other connections are for reads
	running sync.WaitGroup
	pending atomic.Int64 // writes that run or wait

	mu     sync.RWMutex
	closed bool
}

func openPostgres(ctx context.Context, dsn string, o Options) (e *postgresEngine, found int, err error) {
	config, conns, err := postgresConfig(dsn, o)
	if err != nil {
		return nil, 0, err
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(connLife)
	if err = checkEncoding(ctx, db); err == nil {
		found, err = migrate(ctx, db, &postgresDialect)
	}
	if err != nil {
		_ = db.Close() // the migration's error is the one to tell
		return nil, 0, fmt.Errorf("store: %s: %w", placeOf(config), redacted(err))
	}
	return &postgresEngine{db: db, writers: make(chan struct{}, conns-max(1, conns/4))}, found, nil
}

// placeOf is what to call a database in errors.
func placeOf(config *pgx.ConnConfig) string {
	return "database " + config.Database + " on " + net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
}

// postgresConfig returns how to connect, and how many connections to open.
func postgresConfig(dsn string, o Options) (config *pgx.ConnConfig, conns int, err error) {
	dsn, conns, err = poolSize(dsn)
	if err != nil {
		return nil, 0, err
	}
	config, err = pgx.ParseConfig(dsn)
	if err != nil {
		return nil, 0, fmt.Errorf("store: the URL of the database: %w", redacted(err))
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	config.StatementCacheCapacity = maxStmts
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "muster"
	}
	config.RuntimeParams["timezone"] = "UTC"
	if o.Unsafe {
		config.RuntimeParams["synchronous_commit"] = "off"
	} else if config.RuntimeParams["synchronous_commit"] == "" {
		config.RuntimeParams["synchronous_commit"] = "on" // whatever the server's default is: an acknowledged write is durable
	}
	const idle = "idle_in_transaction_session_timeout"
	if config.RuntimeParams[idle] == "" { // a node that vanishes must not keep its locks for hours
		config.RuntimeParams[idle] = strconv.FormatInt(txTime.Milliseconds(), 10)
	}
	return config, conns, nil
}

// checkEncoding refuses a database that cannot store every text.
func checkEncoding(ctx context.Context, db *sql.DB) error {
	var encoding string
	if err := db.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("its encoding is %s: make it anew with ENCODING 'UTF8'", encoding)
	}
	return nil
}

// poolSize takes pool_max_conns, which the driver does not know, out of a URL.
func poolSize(dsn string) (rest string, conns int, err error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", 0, errors.New("store: the URL of the database is none: it must be like postgres://user@host:5432/name")
	}
	q := u.Query()
	if !q.Has("pool_max_conns") {
		return dsn, usualConns, nil
	}
	conns, err = strconv.Atoi(q.Get("pool_max_conns"))
	if err != nil || conns < 2 {
		return "", 0, errors.New("store: pool_max_conns in the URL of the database must be a number of 2 or more")
	}
	q.Del("pool_max_conns")
	u.RawQuery = q.Encode()
	return u.String(), conns, nil
}

// redacted keeps the words of an error without what the driver repeats of
// the URL, where a password may stand.
func redacted(err error) error {
	if e, ok := errors.AsType[*pgconn.ParseConfigError](err); ok {
		return fmt.Errorf("it must be like postgres://user@host:5432/name (%w)", errors.Unwrap(e))
	}
	return err
}

// write runs f in a transaction until it is not told to try again.
func (p *postgresEngine) write(ctx context.Context, f func(querier) error) error {
	if p.pending.Add(1) > int64(queueLen+cap(p.writers)) {
		p.pending.Add(-1)
		return ErrBusy
	}
	defer p.pending.Add(-1)
	// Writes that wait for one meeting hold their connections meanwhile. They
	// must not hold all: each request reads what its token allows.
	select {
	case p.writers <- struct{}{}:
		defer func() { <-p.writers }()
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(txTime):
		return ErrBusy
	}
	// Said aloud, because a server may have another default: who waits for a
	// lock goes on with what the one before has stored, without another try.
	return p.patiently(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, func(ctx context.Context, tx *sql.Tx) error {
		if err := f(transaction{tx, ctx}); err != nil {
			return err
		}
		if err := tx.Commit(); err != nil {
			return &commitError{err}
		}
		return nil
	})
}

// read runs f in a transaction that sees one state.
func (p *postgresEngine) read(ctx context.Context, f func(querier) error) error {
	return p.patiently(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, func(ctx context.Context, tx *sql.Tx) error {
		return f(transaction{tx, ctx})
	})
}

// patiently runs f in a transaction and does so again, after a while, where
// that may help: after a serialization failure, a deadlock or a connection
// that failed before the commit was sent. A ctx that ends meanwhile ends the
// wait for the next try, not a try that runs.
func (p *postgresEngine) patiently(ctx context.Context, o *sql.TxOptions, f func(context.Context, *sql.Tx) error) error {
	p.mu.RLock()
	if p.closed {
		p.mu.RUnlock()
		return ErrClosed
	}
	p.running.Add(1)
	p.mu.RUnlock()
	defer p.running.Done()
	deadline := time.Now().Add(patience)
	for try := 0; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := p.once(ctx, o, f)
		again, why := worthAgain(err)
		if !again && why != nil {
			return fmt.Errorf("%w (%w)", why, err)
		}
		if !again {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%w (%w)", why, err)
		}
		pause := time.Duration(rand.Int64N(int64(min(5*time.Millisecond<<min(try, 7), 300*time.Millisecond)))) + time.Millisecond
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

func (p *postgresEngine) once(ctx context.Context, o *sql.TxOptions, f func(context.Context, *sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), txTime)
	defer cancel()
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: connect: %w", err)
	}
	defer func() { _ = conn.Close() }() // back to the pool
	tx, err := conn.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	err = f(ctx, tx)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == readOnly {
		_ = tx.Rollback()                                          // as above
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // it says that the pool is to drop the connection
	}
	return err
}

// A commitError is a commit that failed: the transaction must not be run
// again unless the server says that it has rolled back.
type commitError struct{ err error }

func (c *commitError) Error() string { return "store: commit: " + c.err.Error() }
func (c *commitError) Unwrap() error { return c.err }

// readOnly is the code of a server that is no primary, or not yet.
const readOnly = "25006"

// retried says which codes of Postgres changed nothing and may fare better at
// another try, and what to call them if they do not.
var retried = map[string]error{
	"40001":  ErrBusy,        // serialization failure
	"40P01":  ErrBusy,        // deadlock
	"55P03":  ErrBusy,        // a lock_timeout that somebody has set
	"57014":  ErrBusy,        // a statement_timeout that somebody has set
	"25P03":  ErrBusy,        // idle in a transaction for too long
	"25P04":  ErrBusy,        // a transaction_timeout that somebody has set
	"26000":  ErrUnavailable, // a prepared statement that is gone, by way of a pooler
	"53300":  ErrUnavailable, // no connection left
	"57P01":  ErrUnavailable, // the server stops
	"57P02":  ErrUnavailable, // it has crashed
	"57P03":  ErrUnavailable, // it starts
	"57P05":  ErrUnavailable, // it has closed an idle connection
	readOnly: ErrUnavailable,
}

// worthAgain reports whether the transaction that ended with err changed
// nothing and may fare better at another try, and what to call it if not: nil
// is by its own name.
func worthAgain(err error) (again bool, why error) {
	if err == nil {
		return false, nil
	}
	e, told := errors.AsType[*pgconn.PgError](err)
	if told && (e.Code == "40001" || e.Code == "40P01") { // also at commit, where the server has rolled back
		return true, ErrBusy
	}
	if c := (*commitError)(nil); errors.As(err, &c) {
		if told && e.SeverityUnlocalized == "ERROR" || errors.Is(err, pgx.ErrTxCommitRollback) { // it has rolled back
			return false, nil
		}
		return false, ErrUnknown
	}
	if _, connecting := errors.AsType[*pgconn.ConnectError](err); connecting {
		return true, ErrUnavailable
	}
	if told {
		why := retried[e.Code]
		switch {
		case strings.HasPrefix(e.Code, "08"): // the connection, as poolers and proxies call it
			why = ErrUnavailable
		case e.Code == "0A000" && e.Routine == "RevalidateCachedQuery": // another node has migrated: the next try prepares anew
			why = ErrBusy
		}
		return why != nil, why
	}
	_, network := errors.AsType[net.Error](err)
	lost := errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed)
	if lost || network || pgconn.SafeToRetry(err) {
		return true, ErrUnavailable
	}
	return false, nil
}

// waiting returns how many writes have no connection yet.
func (p *postgresEngine) waiting() int { return max(0, int(p.pending.Load())-cap(p.writers)) }

func (p *postgresEngine) close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.running.Wait()
	return p.db.Close()
}

// transaction is a transaction of Postgres. A statement goes on when the
// request's ctx ends, as on SQLite; the transaction has a deadline of its own.
type transaction struct {
	tx  *sql.Tx
	ctx context.Context // ends when the transaction's time is over
}

func (t transaction) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(t.ctx, query, args...)
}

func (t transaction) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, query, args...)
}

func (transaction) noticed(err error) error { return err }

// knownPostgres translates the errors that callers act on.
func knownPostgres(err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ok && (e.Code == "23505" || e.Code == "42710" || e.Code == "42P07"): // a row, a type, a table
		return fmt.Errorf("%w (%w)", ErrExists, err)
	case ok && strings.HasPrefix(e.Code, "53"): // no disk, no memory, no connection
		return fmt.Errorf("%w (%w)", ErrUnavailable, err)
	}
	return err
}
