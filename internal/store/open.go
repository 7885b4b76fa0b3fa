package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"time"
)

// Options are for Open. The zero value is for production.
type Options struct {
	// Unsafe gives up durability for speed: for tests only.
	Unsafe bool
}

// Open opens the SQLite database in file, made if absent and readable by its
// owner only, and migrates it. A database of a newer version is refused.
func Open(ctx context.Context, file string, o Options) (*DB, error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: open database: %w", err)
	}
	if err := f.Chmod(0o600); err != nil && runtime.GOOS != "windows" { // a restored copy may have come with another mode
		return nil, errors.Join(fmt.Errorf("store: open database: %w", err), f.Close())
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("store: open database: %w", err)
	}
	write, err := sql.Open("sqlite", dsn(file, o))
	if err != nil {
		return nil, fmt.Errorf("store: open database: %w", err)
	}
	write.SetMaxOpenConns(1)
	if err := migrate(ctx, write); err != nil {
		_ = write.Close() // the migration's error is the one to tell
		return nil, fmt.Errorf("store: database %s: %w", file, err)
	}
	read, err := sql.Open("sqlite", dsn(file, o, "query_only(1)"))
	if err != nil {
		_ = write.Close()
		return nil, fmt.Errorf("store: open database: %w", err)
	}
	read.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	read.SetMaxIdleConns(max(4, 2*runtime.NumCPU()))
	w, err := newWriter(ctx, write)
	if err != nil {
		_, _ = write.Close(), read.Close()
		return nil, err
	}
	return &DB{Now: time.Now, readers: read, writer: w}, nil
}

// dsn returns the driver's name of file with our pragmas, busy_timeout first.
func dsn(file string, o Options, more ...string) string {
	v := url.Values{"_journal_mode": {journalMode}}
	for _, p := range pragmas {
		v.Add("_pragma", p)
	}
	if o.Unsafe {
		v.Add("_pragma", "synchronous(OFF)")
	}
	for _, p := range more {
		v.Add("_pragma", p)
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath(), RawQuery: v.Encode()}).String()
}
