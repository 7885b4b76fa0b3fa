//go:build linux

package faults

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the auditor's driver
	_ "modernc.org/sqlite"             // the auditor's driver
)

// An engine is a kind of database that Muster runs on.
type engine struct {
	name string
	make func(t *testing.T) *database // an empty one that is gone after the test
}

// A database is one that servers run on.
type database struct {
	engine string
	args   func(t *testing.T, server string) []string // of serve
	folder string                                     // of its files, "" where the engine keeps them elsewhere
	driver string
	dsn    string // for reading
	nodes  int    // how many servers may run on it at once
}

// engines runs f on every engine that can be had.
func engines(t *testing.T, f func(t *testing.T, e engine)) {
	t.Helper()
	for _, e := range []engine{{"sqlite", newSQLite}, {"postgres", newPostgres}} {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			f(t, e)
		})
	}
}

func newSQLite(t *testing.T) *database {
	t.Helper()
	return sqliteIn(filepath.Join(t.TempDir(), "data"))
}

// sqliteIn is the database of a data folder, which may not be there yet.
func sqliteIn(folder string) *database {
	file := url.URL{Scheme: "file", Opaque: filepath.Join(folder, "muster.db"), RawQuery: "_pragma=busy_timeout(20000)&_pragma=foreign_keys(1)"}
	return &database{
		engine: "sqlite", args: func(*testing.T, string) []string { return []string{"--data", folder} }, folder: folder, driver: "sqlite", dsn: file.String(), nodes: 1,
	}
}

// newPostgres is a database of its own in the cluster that all tests share.
func newPostgres(t *testing.T) *database {
	t.Helper()
	needsPostgres(t)
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c.database(t)
}

// open returns d for the auditor.
func (d *database) open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open(d.driver, d.dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // it kept nothing
	return db
}

// settle waits until nothing runs any more for a server that was killed:
// Postgres may still be at work on what it had sent.
func (d *database) settle(t *testing.T, s *server) {
	t.Helper()
	if d.engine == "postgres" {
		await(t, "the end of what a killed server had begun", func() bool { return d.connections(t, s) == 0 })
	}
}

// connections returns how many connections of s Postgres has.
func (d *database) connections(t *testing.T, s *server) (n int) {
	t.Helper()
	db := d.open(t)
	defer func() { _ = db.Close() }() // it only read
	query := `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = $1`
	if err := db.QueryRowContext(t.Context(), query, s.name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
