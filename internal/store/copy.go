package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

var (
	// ErrNotEmpty is returned by Copy where the target has something in it.
	ErrNotEmpty = errors.New("store: the database is not empty")
	// ErrDiffers is returned by Copy where the target does not give back what
	// was put into it.
	ErrDiffers = errors.New("store: the copy differs from what was copied")
)

// A CopiedTable says what a table had before Copy and has after it.
type CopiedTable struct {
	Name          string
	Source, Copy  int64  // rows
	Sum, Returned string // checksums of all columns of all rows, in hexadecimal digits
}

// OK reports whether the two are the same.
func (c *CopiedTable) OK() bool { return c.Source == c.Copy && c.Sum == c.Returned }

// Copy copies every table of the SQLite database in file to the Postgres of
// the URL to, in one transaction, and reads it back before it commits. Both
// are migrated first. The target has no account and is left as it was unless
// all went well. The rows are what the source has when Copy begins: to lose
// nothing, nobody may write to it from then on. progress is told of the rows
// of a table that are done.
//
// On ErrDiffers the tables tell where.
func Copy(ctx context.Context, file, to string, progress func(what string, done, total int)) ([]CopiedTable, error) {
	source, err := Open(ctx, file, Options{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }() // it only read
	if _, err := Migrate(ctx, to); err != nil {
		return nil, err
	}
	config, _, err := postgresConfig(to, Options{})
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", placeOf(config), err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // without a commit nothing has happened
	var done []CopiedTable
	err = source.Read(ctx, func(tx *Tx) error {
		c := &copying{source: tx, progress: progress}
		var err error
		if c.target, err = conn.Begin(ctx); err != nil {
			return c.failed("begin", err)
		}
		done, err = c.run(ctx)
		return err
	})
	return done, err
}

// A copying is one run of Copy.
type copying struct {
	source   *Tx
	target   pgx.Tx
	progress func(what string, done, total int)
}

// failed tells an error of the target.
func (c *copying) failed(doing string, err error) error {
	return fmt.Errorf("store: copy: %s: %w", doing, known(err))
}

func (c *copying) exec(ctx context.Context, doing, query string) error {
	if _, err := c.target.Exec(ctx, query); err != nil {
		return c.failed(doing, err)
	}
	return nil
}

func (c *copying) run(ctx context.Context) (done []CopiedTable, err error) {
	tables, err := c.plan(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.claim(ctx, tables); err != nil {
		return nil, err
	}
	for _, t := range tables {
		copied, err := c.copy(ctx, t)
		if err != nil {
			return nil, err
		}
		done = append(done, copied)
	}
	for i, t := range tables {
		if err := c.readBack(ctx, t, &done[i]); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(done, func(c CopiedTable) bool { return !c.OK() }) {
		return done, ErrDiffers
	}
	if err := c.exec(ctx, "analyze", "ANALYZE "+names(tables)); err != nil { // so that the first queries are planned well
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := c.target.Commit(context.WithoutCancel(ctx)); err != nil {
		return nil, c.failed("commit, so look whether it is done", err)
	}
	return done, nil
}

// claim keeps everybody else from writing to the target and makes sure that
// it is empty. Secrets and jobs are there before the first account is: those
// of the source take their place.
func (c *copying) claim(ctx context.Context, tables []copyTable) error {
	if err := c.exec(ctx, "limit the wait", `SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
		return err
	}
	if err := c.exec(ctx, "lock the tables", "LOCK TABLE "+names(tables)+" IN EXCLUSIVE MODE"); err != nil {
		return err
	}
	for _, t := range tables {
		if t.name == "secrets" || t.name == "jobs" {
			if err := c.exec(ctx, "empty "+t.name, "DELETE FROM "+t.quoted()); err != nil {
				return err
			}
			continue
		}
		var has bool
		if err := c.target.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.quoted()+")").Scan(&has); err != nil {
			return c.failed("look into "+t.name, err)
		}
		if has {
			return fmt.Errorf("%w: its table %s has rows", ErrNotEmpty, t.name)
		}
	}
	return nil
}

// copy copies a table, and where its ever-growing number goes on.
func (c *copying) copy(ctx context.Context, t copyTable) (CopiedTable, error) {
	done := CopiedTable{Name: t.name}
	if err := c.source.row(ctx, "count "+t.name, `SELECT COUNT(*) FROM `+t.quoted(), nil, []any{&done.Source}); err != nil {
		return done, err
	}
	rows, err := c.source.q.QueryContext(ctx, t.query())
	if err != nil {
		return done, fmt.Errorf("store: copy: read %s: %w", t.name, known(err))
	}
	defer rows.Close()
	s := &sourceRows{rows: rows, table: t, tell: func(n int) { c.progress(t.name, n, int(done.Source)) }}
	n, err := c.target.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, s)
	if err != nil {
		return done, c.failed("write "+t.name, errors.Join(err, ctx.Err()))
	}
	if err := rows.Err(); err != nil {
		return done, fmt.Errorf("store: copy: read %s: %w", t.name, known(err))
	}
	if n != done.Source || n != int64(s.n) {
		return done, fmt.Errorf("store: copy: %s: read %d rows of %d and wrote %d", t.name, s.n, done.Source, n)
	}
	done.Sum = s.sum.String()
	return done, c.carrySerial(ctx, t)
}

// carrySerial has the target give the numbers that the source would have given
// next, so that rows to come are after all that ever were.
func (c *copying) carrySerial(ctx context.Context, t copyTable) error {
	if t.serial == "" {
		return nil
	}
	var last int64
	err := c.source.row(ctx, "read the last number", `SELECT seq FROM sqlite_sequence WHERE name = $1`, []any{t.name}, []any{&last})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return c.exec(ctx, "carry on the numbers of "+t.name, fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s RESTART WITH %d", t.quoted(), quote(t.serial), last+1))
}

// readBack counts and sums what the target has of a table.
func (c *copying) readBack(ctx context.Context, t copyTable, done *CopiedTable) error {
	rows, err := c.target.Query(ctx, t.query())
	if err != nil {
		return c.failed("read back "+t.name, err)
	}
	defer rows.Close()
	var sum rowSum
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return c.failed("read back "+t.name, err)
		}
		if err := sum.add(values); err != nil {
			return err
		}
		done.Copy++
		c.progress(t.name+", read back", int(done.Copy), int(done.Source))
	}
	if err := rows.Err(); err != nil {
		return c.failed("read back "+t.name, errors.Join(err, ctx.Err()))
	}
	done.Returned = sum.String()
	return nil
}

// sourceRows are the rows of a table as the driver of Postgres wants them.
type sourceRows struct {
	rows  *sql.Rows
	table copyTable
	tell  func(n int)
	n     int
	sum   rowSum

	values, dest []any
}

func (s *sourceRows) Next() bool { return s.rows.Next() }

func (s *sourceRows) Err() error { return s.rows.Err() }

func (s *sourceRows) Values() ([]any, error) {
	if s.dest == nil {
		s.values, s.dest = make([]any, len(s.table.columns)), make([]any, len(s.table.columns))
		for i := range s.values {
			s.dest[i] = &s.values[i]
		}
	}
	if err := s.rows.Scan(s.dest...); err != nil {
		return nil, err
	}
	for i, v := range s.values {
		switch v := v.(type) {
		case int64:
			if s.table.kinds[i] == "BOOLEAN" { // to SQLite it is a number
				s.values[i] = v != 0
			}
		case string:
			if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
				return nil, fmt.Errorf("the column %s, in the row whose %s is %v, has a text that Postgres does not take", s.table.columns[i], s.table.columns[0], s.values[0])
			}
		}
	}
	s.n++
	s.tell(s.n)
	return s.values, s.sum.add(s.values)
}
