package store

import (
	"context"
	"database/sql"
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

// A stmt is a prepared statement.
type stmt struct {
	*sql.Stmt
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

// prepare returns query as prepared on the connection.
func (s *session) prepare(ctx context.Context, query string) (*stmt, error) {
	if p := s.stmts[query]; p != nil {
		return p, nil
	}
	p, err := s.conn.PrepareContext(ctx, respell(query))
	if err != nil {
		return nil, err
	}
	if len(s.stmts) >= maxStmts {
		s.forget() // none is in use: a Tx reads all rows of one before it runs the next
	}
	text := strings.TrimSpace(query)
	writes := !strings.HasPrefix(text, "SELECT")
	s.stmts[query] = &stmt{p, writes, writes && rememberedTables.MatchString(query)}
	return s.stmts[query], nil
}

func (s *session) forget() {
	for _, p := range s.stmts {
		_ = p.Close() // it only frees memory
	}
	clear(s.stmts)
}

// command runs a statement without parameters and rows.
func (s *session) command(ctx context.Context, text string) error {
	p, err := s.prepare(ctx, text)
	if err != nil {
		return err
	}
	_, err = p.ExecContext(ctx)
	return err
}

func (s *session) close() {
	s.forget()
	_ = s.conn.Close() // back to its pool, which closes it
}

// ExecContext runs a prepared statement.
func (s *session) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	p, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.ExecContext(ctx, args...)
}

// QueryContext runs a prepared query.
func (s *session) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p, err := s.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.QueryContext(ctx, args...)
}
