package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
)

// maxStmts is how many prepared statements a session keeps. How many forms a
// statement has hangs on what clients send, such as the length of a list.
const maxStmts = 512

// A session is one connection to SQLite with the statements prepared on it.
// Preparing on the pool instead would wait for the connection that is busy
// with this very transaction.
type session struct {
	conn  *sql.Conn
	stmts map[string]*stmt // by text as our source has it
}

// A stmt is a prepared statement: for rows, or to be run, or both, as it was
// first used. What is run goes to the driver, past database/sql, which would
// take a tenth of it.
type stmt struct {
	rows   *sql.Stmt
	run    driver.Stmt
	writes bool
	stales bool // it may change what a memo remembers
}

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, stmts: map[string]*stmt{}}, nil
}

// prepare returns query, to be prepared on the connection when it is used.
func (s *session) prepare(query string) *stmt {
	if p := s.stmts[query]; p != nil {
		return p
	}
	if len(s.stmts) >= maxStmts {
		s.forget() // none is in use: a Tx reads all rows of one before it runs the next
	}
	text := strings.TrimSpace(query)
	writes := !strings.HasPrefix(text, "SELECT")
	p := &stmt{writes: writes, stales: writes && rememberedTables.MatchString(query)}
	s.stmts[query] = p
	return p
}

func (s *session) forget() {
	for _, p := range s.stmts {
		if p.rows != nil {
			_ = p.rows.Close() // it only frees memory
		}
		if p.run != nil {
			_ = s.conn.Raw(func(any) error { return p.run.Close() }) // as above
		}
	}
	clear(s.stmts)
}

// command runs a statement without parameters and rows.
func (s *session) command(ctx context.Context, text string) error {
	_, err := s.exec(ctx, s.prepare(text), text, nil)
	return err
}

// exec runs p, which is query.
func (s *session) exec(ctx context.Context, p *stmt, query string, args []any) (res sql.Result, err error) {
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return nil, fmt.Errorf("parameter %d: %w", i+1, err)
		}
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	err = s.conn.Raw(func(conn any) error {
		if p.run == nil {
			if p.run, err = conn.(driver.ConnPrepareContext).PrepareContext(ctx, respell(query)); err != nil {
				p.run = nil
				return err
			}
		}
		res, err = p.run.(driver.StmtExecContext).ExecContext(ctx, named)
		return err
	})
	return res, err
}

// query runs p, which is text.
func (s *session) query(ctx context.Context, p *stmt, text string, args []any) (*sql.Rows, error) {
	if p.rows == nil {
		rows, err := s.conn.PrepareContext(ctx, respell(text))
		if err != nil {
			return nil, err
		}
		p.rows = rows
	}
	return p.rows.QueryContext(ctx, args...)
}

func (s *session) close() {
	s.forget()
	_ = s.conn.Close() // back to its pool, which closes it
}

// ExecContext runs a prepared statement.
func (s *session) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return s.exec(ctx, s.prepare(query), query, args)
}

// QueryContext runs a prepared query.
func (s *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.query(ctx, s.prepare(query), query, args)
}
