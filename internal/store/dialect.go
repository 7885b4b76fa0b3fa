package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What SQLite spells in its own way.
const (
	beginWrite = "BEGIN IMMEDIATE"
	serial     = "INTEGER PRIMARY KEY AUTOINCREMENT" // AUTOINCREMENT: no number is given twice, so no page cursor misses a person
)

// pragmas are set on every connection, in the driver's order and not in ours.
// FULL makes an acknowledged write survive a power cut; secure_delete
// overwrites what is deleted, so that a deleted person is not in the file.
var pragmas = []string{
	"busy_timeout(10000)", "page_size(8192)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-65536)", "wal_autocheckpoint(1000)", "secure_delete(1)",
}

// journalMode has a key of its own, which the driver takes after all pragmas:
// from the journal mode on, the page size is fixed.
const journalMode = "WAL"

// known translates the driver errors that callers act on.
func known(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w (%v)", ErrExists, err)
	}
	if e.Code()&0xff == sqlite3.SQLITE_BUSY { // another process writes, for longer than busy_timeout
		return fmt.Errorf("%w (%v)", ErrBusy, err)
	}
	return err
}

// connect returns a connection. Where several processes make one database at
// once, the change of its journal mode is refused without the wait that
// busy_timeout asks for: then it waits here, as long.
func connect(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	for tries := 200; ; tries-- {
		conn, err := db.Conn(ctx)
		e, ok := errors.AsType[*sqlite.Error](err)
		if !ok || e.Code()&0xff != sqlite3.SQLITE_BUSY || tries == 0 {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

var rewritten sync.Map // query text to its rewritten form

// rewrite returns what respell makes of a query of the readers, and remembers it.
func rewrite(query string) string {
	if r, ok := rewritten.Load(query); ok {
		return r.(string)
	}
	r := respell(query)
	rewritten.Store(query, r)
	return r
}

// respell turns $1, $2 … into ?, or into ?1, ?2 … where the order does not
// allow it: the driver would look up named parameters one by one.
func respell(query string) string {
	r, plain := spell(query, func(int) string { return "?" })
	if !plain {
		r, _ = spell(query, func(n int) string { return "?" + strconv.Itoa(n) })
	}
	return r
}

// spell replaces the parameters of query and reports whether they came as 1,
// 2, 3 … each once. Our texts have no $ in literals.
func spell(query string, param func(n int) string) (text string, ordered bool) {
	var b strings.Builder
	ordered = true
	for next := 1; ; next++ {
		before, after, found := strings.Cut(query, "$")
		b.WriteString(before)
		if !found {
			return b.String(), ordered
		}
		end := 0
		for end < len(after) && after[end] >= '0' && after[end] <= '9' {
			end++
		}
		n, _ := strconv.Atoi(after[:end]) // digits only
		ordered = ordered && n == next
		b.WriteString(param(n))
		query = after[end:]
	}
}

// rewriting is a reader's transaction under rewritten texts.
type rewriting struct{ tx *sql.Tx }

func (r rewriting) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return r.tx.ExecContext(ctx, rewrite(query), args...)
}

func (r rewriting) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.tx.QueryContext(ctx, rewrite(query), args...)
}

func (r rewriting) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return r.tx.QueryRowContext(ctx, rewrite(query), args...)
}

// values returns rows groups of columns parameters each: ($1,$2),($3,$4) …
func values(rows, columns int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		b.WriteString(params(i*columns+1, columns))
		b.WriteByte(')')
	}
	return b.String()
}

// params returns n parameters from first on: $3,$4,$5 …
func params(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	return b.String()
}
