package store

import (
	"context"
	"strings"
	"time"
)

// Options are for Open. The zero value is for production.
type Options struct {
	// Unsafe gives up durability for speed: for tests only.
	Unsafe bool
}

// Open opens a database and migrates it. database is a postgres:// URL, or
// the name of SQLite's file, which is made if absent and readable by its owner
// only. A database of a newer version is refused.
func Open(ctx context.Context, database string, o Options) (*DB, error) {
	if IsPostgres(database) {
		e, err := openPostgres(ctx, database, o)
		if err != nil {
			return nil, err
		}
		return &DB{Now: time.Now, place: database, engine: e, dialect: &postgresDialect}, nil
	}
	e, err := openSQLite(ctx, database, o)
	if err != nil {
		return nil, err
	}
	return &DB{Now: time.Now, place: database, engine: e, dialect: &sqliteDialect}, nil
}

// IsPostgres reports whether database is the URL of a Postgres.
func IsPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}
