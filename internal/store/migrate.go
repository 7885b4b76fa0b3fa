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
func migrate(ctx context.Context, db *sql.DB) error {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	conn, err := connect(ctx, db)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }() // back to the pool
	if _, err := conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)`); err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	for i, name := range names {
		if number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_"); number != fmt.Sprintf("%04d", i+1) {
			return fmt.Errorf("migration %s is not number %s", name, strconv.Itoa(i+1))
		}
		if err := step(ctx, conn, i+1, len(names), name); err != nil {
			return err
		}
	}
	return nil
}

// step applies migration n unless the database has it. It looks inside the
// transaction: two processes may start at once.
func step(ctx context.Context, conn *sql.Conn, n, newest int, name string) (err error) {
	if _, err := conn.ExecContext(ctx, beginWrite); err != nil {
		return fmt.Errorf("begin migration: %w", err)
	}
	defer func() {
		if err != nil {
			_, _ = conn.ExecContext(ctx, "ROLLBACK") // err tells what went wrong
			return
		}
		_, err = conn.ExecContext(ctx, "COMMIT")
	}()
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
	if _, err := conn.ExecContext(ctx, strings.ReplaceAll(string(text), "{{serial}}", serial)); err != nil {
		return fmt.Errorf("migration %s: %w", name, err)
	}
	if _, err := conn.ExecContext(ctx, `DELETE FROM schema_version`); err != nil {
		return fmt.Errorf("migration %s: %w", name, err)
	}
	if _, err := conn.ExecContext(ctx, rewrite(`INSERT INTO schema_version (version) VALUES ($1)`), n); err != nil {
		return fmt.Errorf("migration %s: %w", name, err)
	}
	return nil
}
