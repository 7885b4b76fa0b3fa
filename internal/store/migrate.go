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
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the database to the newest schema, one transaction per
// step. The steps are the files of migrations/, numbered from 0001 without a
// gap; one that was released is never edited.
func migrate(ctx context.Context, db *sql.DB, d *dialect) error {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	conn, err := connect(ctx, db)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }() // back to the pool
	if err := makeVersion(ctx, conn); err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	for i, name := range names {
		if number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_"); number != fmt.Sprintf("%04d", i+1) {
			return fmt.Errorf("migration %s is not number %s", name, strconv.Itoa(i+1))
		}
		if err := step(ctx, conn, d, i+1, len(names), name); err != nil {
			return err
		}
	}
	return nil
}

// makeVersion makes the table of the schema's version if absent. Postgres
// refuses one of two who make it at once: then it is there.
func makeVersion(ctx context.Context, conn *sql.Conn) error {
	const text = `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`
	_, err := conn.ExecContext(ctx, text)
	if errors.Is(known(err), ErrExists) {
		_, err = conn.ExecContext(ctx, text)
	}
	return err
}

// step applies migration n unless the database has it. It looks inside the
// transaction: two processes may start at once.
func step(ctx context.Context, conn *sql.Conn, d *dialect, n, newest int, name string) (err error) {
	defer func() {
		if err != nil {
			_, _ = conn.ExecContext(ctx, "ROLLBACK") // err tells what went wrong
			return
		}
		_, err = conn.ExecContext(ctx, "COMMIT")
	}()
	for _, text := range d.begin {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("begin migration: %w", err)
		}
	}
	var version int
	err = conn.QueryRowContext(ctx, `SELECT version FROM schema_version`).Scan(&version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if version > newest {
		return fmt.Errorf("its schema has version %d, newer than this program's %d: use the newer program", version, newest)
	}
	if version >= n {
		return nil
	}
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	for _, text := range []string{
		d.spellSchema(string(text)), `DELETE FROM schema_version`, `INSERT INTO schema_version (version) VALUES (` + strconv.Itoa(n) + `)`,
	} {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}
