package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// steps are the names of the migrations in their order.
func steps() []string {
	names, _ := fs.Glob(migrations, "migrations/*.sql") // sorted; it fails for bad patterns only
	return names
}

// NewestSchema returns the version of the schema that this program works with.
func NewestSchema() int { return len(steps()) }

// CheckSchema returns an error if a schema of the version is newer than this program.
func CheckSchema(version int) error {
	if newest := NewestSchema(); version > newest {
		return fmt.Errorf("its schema has version %d, newer than this program's %d: use the newer program", version, newest)
	}
	return nil
}

// SchemaOf returns the version of the schema of a database that is there, see
// Open: 0 where it has none yet. It changes nothing.
func SchemaOf(ctx context.Context, database string) (version int, err error) {
	db, d, where, err := bare(database, true)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }() // it only read
	version, err = schemaOf(ctx, db, d)
	if err != nil {
		return 0, fmt.Errorf("store: %s: read the schema's version: %w", where, known(err))
	}
	return version, nil
}

func schemaOf(ctx context.Context, db *sql.DB, d *dialect) (version int, err error) {
	var made bool
	if err := db.QueryRowContext(ctx, d.hasVersion).Scan(&made); err != nil || !made {
		return 0, err
	}
	err = db.QueryRowContext(ctx, `SELECT version FROM schema_version`).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

// Migrate brings a database that is there, see Open, to the newest schema and
// returns the version that it had. A database of a newer version is refused.
func Migrate(ctx context.Context, database string) (from int, err error) {
	db, d, where, err := bare(database, false)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }() // what was done is committed
	if d == &postgresDialect {
		err = checkEncoding(ctx, db)
	}
	if err == nil {
		from, err = migrate(ctx, db, d)
	}
	if err != nil {
		return 0, fmt.Errorf("store: %s: %w", where, known(err))
	}
	return from, nil
}

// bare returns a pool of connections to a database that is there, with no
// engine to run it, and what to call it in errors.
func bare(database string, reading bool) (db *sql.DB, d *dialect, where string, err error) {
	if IsPostgres(database) {
		config, _, err := postgresConfig(database, Options{})
		if err != nil {
			return nil, nil, "", err
		}
		return stdlib.OpenDB(*config), &postgresDialect, placeOf(config), nil
	}
	name := dsn(database, Options{}) + "&mode=rw"
	if reading {
		name = plainDSN(database, "mode=rw", "_pragma=busy_timeout(10000)", "_pragma=query_only(1)")
	}
	db, err = sql.Open("sqlite", name)
	if err != nil {
		return nil, nil, "", fmt.Errorf("store: open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, &sqliteDialect, "database " + database, nil
}

// migrate brings the database to the newest schema, one transaction per
// step, and returns the version that it had. The steps are the files of
// migrations/, numbered from 0001 without a gap; one that was released is
// never edited.
func migrate(ctx context.Context, db *sql.DB, d *dialect) (from int, err error) {
	conn, err := connect(ctx, db)
	if err != nil {
		return 0, fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }() // back to the pool
	if err := makeVersion(ctx, conn, d); err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	for i, name := range steps() {
		if number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_"); number != fmt.Sprintf("%04d", i+1) {
			return 0, fmt.Errorf("migration %s is not number %s", name, strconv.Itoa(i+1))
		}
		found, err := step(ctx, conn, d, i+1, name)
		if err != nil {
			return 0, err
		}
		if i == 0 {
			from = found
		}
	}
	return from, nil
}

// makeVersion makes the table of the schema's version if absent. Postgres
// refuses one of two who make it at once: then it is there.
func makeVersion(ctx context.Context, conn *sql.Conn, d *dialect) error {
	_, err := conn.ExecContext(ctx, d.makeVersion)
	if errors.Is(known(err), ErrExists) {
		_, err = conn.ExecContext(ctx, d.makeVersion)
	}
	return err
}

// step applies migration n unless the database has it, and returns the version
// that it found. It looks inside the transaction: two processes may start at once.
func step(ctx context.Context, conn *sql.Conn, d *dialect, n int, name string) (found int, err error) {
	defer func() {
		if err != nil {
			_, _ = conn.ExecContext(ctx, "ROLLBACK") // err tells what went wrong
			return
		}
		_, err = conn.ExecContext(ctx, "COMMIT")
	}()
	for _, text := range d.begin {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return 0, fmt.Errorf("begin migration: %w", err)
		}
	}
	err = conn.QueryRowContext(ctx, `SELECT version FROM schema_version`).Scan(&found)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	if err := CheckSchema(found); err != nil || found >= n {
		return found, err
	}
	text, err := migrations.ReadFile(name)
	if err != nil {
		return 0, err
	}
	for _, text := range []string{
		d.spellSchema(string(text)), `DELETE FROM schema_version`, `INSERT INTO schema_version (version) VALUES (` + strconv.Itoa(n) + `)`,
	} {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return 0, fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return found, nil
}
