package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "modernc.org/sqlite" // to look into Muster's database
)

// pageBytes is the page size of Muster's database; samplePeople looks whether
// it still is.
const pageBytes = 4096

// pragmas are those of internal/store, which the program in C begins with.
var pragmas = strings.Join([]string{
	"PRAGMA busy_timeout=10000", "PRAGMA page_size=" + strconv.Itoa(pageBytes), "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
	"PRAGMA foreign_keys=1", "PRAGMA cache_size=-24576", "PRAGMA wal_autocheckpoint=10000", "PRAGMA secure_delete=1", "PRAGMA temp_store=MEMORY",
}, ";")

// A sampled is a Muster database with some thousand people, once it is made.
type sampled struct {
	once
	file string
}

// samplePeople makes, once, a Muster database for the program in C to take
// schema and rows from.
func (b *bench) samplePeople(ctx context.Context) error {
	return b.sample.do(func() error {
		if b.csqliteBin == "" {
			return &unavailable{"its program could not be built"}
		}
		dir, err := b.folder("sample")
		if err != nil {
			return err
		}
		s, _, err := b.startMuster(ctx, "sample", dir, "")
		if err != nil {
			return err
		}
		if err := openMeeting(ctx, s); err != nil {
			return err
		}
		if err := b.fill(ctx, s, 3000, 4); err != nil {
			return err
		}
		if err := s.stop(); err != nil {
			return err
		}
		b.sample.file = musterFile(dir)
		return checkPragmas(ctx, b.sample.file)
	})
}

// checkPragmas compares what a database tells of its making with our table.
func checkPragmas(ctx context.Context, file string) error {
	var size int64
	var journal string
	if err := look(ctx, file, `PRAGMA page_size`, &size); err != nil {
		return err
	}
	if err := look(ctx, file, `PRAGMA journal_mode`, &journal); err != nil {
		return err
	}
	if size != pageBytes || journal != "wal" {
		return &unavailable{fmt.Sprintf("Muster's pages have %d bytes and its journal is %s: the table of pragmas in bench is old", size, journal)}
	}
	return nil
}

func musterFile(dir string) string { return filepath.Join(dir, "muster.db") }

// insertInC inserts rows in C for a slice, so many in a transaction.
func (b *bench) insertInC(ctx context.Context, perTransaction int) ([]sample, error) {
	dir, err := b.folder("csqlite")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // else the end of the run does
	return b.insertInto(ctx, filepath.Join(dir, "csqlite.db"), 0, perTransaction)
}

// insertInto inserts rows in C for a slice, so many in a transaction, into a
// file that is made and filled beforehand where it has fewer than fill.
func (b *bench) insertInto(ctx context.Context, file string, fill, perTransaction int) ([]sample, error) {
	return b.runC(ctx, "insert", b.sample.file, file, strconv.Itoa(fill), strconv.Itoa(perTransaction),
		b.inSeconds(b.slice()), b.inSeconds(b.warm()), pragmas)
}

// listInC runs the list's query in C on file for a slice, from seq on.
func (b *bench) listInC(ctx context.Context, file, meeting string, seq int64) ([]sample, error) {
	columns, err := registrantColumns(ctx, file)
	if err != nil {
		return nil, err
	}
	query := `SELECT ` + columns + ` FROM registrants WHERE meeting_id = ? AND status = 'approved' AND seq > ? ORDER BY seq LIMIT ?`
	return b.runC(ctx, "query", file, b.inSeconds(b.slice()), b.inSeconds(b.warm()), pragmas, query,
		meeting, strconv.FormatInt(seq, 10), strconv.Itoa(pageSize+1))
}

func (b *bench) inSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// runC runs the program in C and reads its line.
func (b *bench) runC(ctx context.Context, args ...string) ([]sample, error) {
	text, err := output(ctx, "", b.csqliteBin, args...)
	if err != nil {
		return nil, err
	}
	var told struct {
		Units, Seconds, CPU, P50, P99 float64
		RSS                           int64 `json:"rss_kib"`
	}
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		return nil, fmt.Errorf("csqlite: %w: %s", err, text)
	}
	in := func(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
	return []sample{{told.Units, told.Seconds, in(told.P50), in(told.P99), in(told.CPU), told.RSS << 10}}, nil
}

// look reads one value of a SQLite database that a server may have open.
func look(ctx context.Context, file, query string, into any, args ...any) error {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: file, RawQuery: "_pragma=busy_timeout(10000)&_pragma=query_only(1)"}).String())
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, query, args...).Scan(into); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// registrantColumns returns the columns that a list reads: all but the keys
// that it is found by.
func registrantColumns(ctx context.Context, file string) (string, error) {
	var columns string
	err := look(ctx, file, `SELECT group_concat(name, ', ') FROM pragma_table_info('registrants') WHERE name NOT IN ('meeting_id', 'email_key')`, &columns)
	return columns, err
}
