package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
)

// lockSpace keeps our advisory locks apart from those of others.
const lockSpace = 0x6d757374

// databaseName is the name of the n-th database of a test binary.
func databaseName(run uint32, n int64) string { return fmt.Sprintf("muster_test_%08x_%d", run, n) }

// claim gives this test binary a number, holds a lock on it as long as it
// lives, and drops the databases of every number that nobody holds a lock on.
func (s *server) claim(ctx context.Context) error {
	conn, err := s.db.Conn(ctx) // never given back: the lock lives as long as it does
	if err != nil {
		return err
	}
	for held := false; !held; {
		s.run = rand.Uint32()
		if held, err = lock(ctx, conn, s.run); err != nil {
			return err
		}
	}
	names, err := left(ctx, conn)
	if err != nil {
		return err
	}
	for _, name := range names {
		var run uint32
		var n int64
		if _, err := fmt.Sscanf(name, "muster_test_%08x_%d", &run, &n); err != nil || databaseName(run, n) != name {
			continue // not ours, whatever it is
		}
		dead, err := lock(ctx, conn, run)
		if err != nil {
			return err
		}
		if !dead {
			continue
		}
		if err := s.drop(name); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1, $2)", lockSpace, int32(run)); err != nil {
			return err
		}
	}
	return nil
}

// lock takes the lock on a number, unless another has it.
func lock(ctx context.Context, conn *sql.Conn, run uint32) (bool, error) {
	var held bool
	err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1, $2)", lockSpace, int32(run)).Scan(&held)
	return held, err
}

// left returns the names of the databases that tests have made.
func left(ctx context.Context, conn *sql.Conn) ([]string, error) {
	rows, err := conn.QueryContext(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 'muster\_test\_%'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
