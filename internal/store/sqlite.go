package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// pragmas are set on every connection, in the driver's order and not in ours.
// FULL makes an acknowledged write survive a power cut; secure_delete
// overwrites what is deleted, so that a deleted person is not in the file.
// temp_store keeps in memory what a savepoint may have to put back: in files,
// that was a fifth of a batch's processor time. Pages are small because emails
// come in no order, and each writes a page of their index. The cache is no
// larger because SQLite goes through most of it at each commit that has split
// pages. docs/performance.md has the figures.
var pragmas = []string{
	"busy_timeout(10000)", "page_size(4096)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-24576)", "wal_autocheckpoint(10000)", "secure_delete(1)",
	"temp_store(MEMORY)", "journal_size_limit(67108864)",
}

// journalMode has a key of its own, which the driver takes after all pragmas:
// from the journal mode on, the page size is fixed.
const journalMode = "WAL"

// A sqliteEngine writes through one writer and reads through a pool of
// sessions that cannot write.
type sqliteEngine struct {
	*writer
	readers  *sql.DB
	sessions chan *session // those that nobody uses; nil for one that is not open yet
}

func openSQLite(ctx context.Context, file string, o Options) (e *sqliteEngine, found int, err error) {
	if err := ownFile(file); err != nil {
		return nil, 0, fmt.Errorf("store: open database: %w", err)
	}
	write, err := sql.Open("sqlite", dsn(file, o))
	if err != nil {
		return nil, 0, fmt.Errorf("store: open database: %w", err)
	}
	write.SetMaxOpenConns(1)
	if found, err = migrate(ctx, write, &sqliteDialect); err != nil {
		_ = write.Close() // the migration's error is the one to tell
		return nil, 0, fmt.Errorf("store: database %s: %w", file, err)
	}
	read, err := sql.Open("sqlite", dsn(file, o, "query_only(1)", "cache_size(-8192)"))
	if err != nil {
		_ = write.Close() // as above
		return nil, 0, fmt.Errorf("store: open database: %w", err)
	}
	w, err := newWriter(ctx, write)
	if err != nil {
		_, _ = write.Close(), read.Close() // as above
		return nil, 0, err
	}
	beside, err := sql.Open("sqlite", dsn(file, o, "cache_size(-1024)"))
	if err != nil {
		_, _ = w.close(), read.Close() // as above
		return nil, 0, err
	}
	w.checkpointer = newCheckpointer(beside)
	e = &sqliteEngine{writer: w, readers: read, sessions: make(chan *session, max(4, 2*runtime.NumCPU()))}
	for range cap(e.sessions) {
		e.sessions <- nil
	}
	return e, found, nil
}

// ownFile makes the file if absent, readable by its owner only.
func ownFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Chmod(0o600); err != nil && runtime.GOOS != "windows" { // a restored copy may have come with another mode
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// dsn returns the driver's name of file with our pragmas, busy_timeout first.
func dsn(file string, o Options, more ...string) string {
	v := url.Values{"_journal_mode": {journalMode}}
	for _, p := range pragmas {
		v.Add("_pragma", p)
	}
	if o.Unsafe {
		v.Add("_pragma", "synchronous(OFF)")
	}
	for _, p := range more {
		v.Add("_pragma", p)
	}
	return plainDSN(file, v.Encode())
}

// plainDSN returns the driver's name of file with nothing but the given
// parameters.
func plainDSN(file string, parameters ...string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: strings.Join(parameters, "&")}).String()
}

// connect returns a connection. Where several processes make one database at
// once, the change of its journal mode is refused without the wait that
// busy_timeout asks for: then it waits here, as long.
func connect(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	for tries := 200; ; tries-- {
		conn, err := db.Conn(ctx)
		if !isBusy(err) || tries == 0 {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (e *sqliteEngine) write(ctx context.Context, f func(querier) error) error { return e.do(ctx, f) }

func (e *sqliteEngine) waiting() int { return len(e.queue) }

// read runs f on a session of the pool, in a transaction that sees one state.
func (e *sqliteEngine) read(ctx context.Context, f func(querier) error) (err error) {
	if err := ctx.Err(); err != nil { // a select would choose by chance
		return err
	}
	var s *session
	select {
	case s = <-e.sessions:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { e.sessions <- s }()
	if s == nil {
		if s, err = newSession(ctx, e.readers); err != nil {
			return fmt.Errorf("store: connect reader: %w", known(err))
		}
	}
	ctx = context.WithoutCancel(ctx) // who gives up in the middle must not leave a transaction behind
	if err := s.command(ctx, "BEGIN"); err != nil {
		s.close() // in whatever state it is
		s = nil
		return fmt.Errorf("store: begin read: %w", known(err))
	}
	defer func() {
		// A read has nothing to keep. A session that cannot end it is given up.
		if s.command(ctx, "ROLLBACK") != nil {
			s.close()
			s = nil
		}
	}()
	return f(reading{s})
}

func (e *sqliteEngine) close() error {
	err := errors.Join(e.writer.checkpointer.close(), e.writer.close())
	for range cap(e.sessions) {
		if s := <-e.sessions; s != nil {
			s.close()
		}
	}
	for range cap(e.sessions) { // a second close finds them again
		e.sessions <- nil
	}
	return errors.Join(err, e.readers.Close())
}

// reading is a session inside a transaction that only reads. A ctx that ends
// does not interrupt a statement: each is bounded, and watching the ctx costs
// the driver a tenth of a page.
type reading struct{ *session }

func (r reading) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.session.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (reading) noticed(err error) error { return err }

func isConstraint(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}

func isBusy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// isDamage reports whether err is of a file that SQLite cannot make sense of.
func isDamage(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// knownSQLite translates the driver errors that callers act on.
func knownSQLite(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	switch {
	case !ok:
		return err
	case e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE, e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w (%v)", ErrExists, err)
	case isBusy(err): // another process writes, for longer than busy_timeout
		return fmt.Errorf("%w (%w)", ErrBusy, err)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%w (%w)", ErrUnavailable, err)
	}
	return err
}
