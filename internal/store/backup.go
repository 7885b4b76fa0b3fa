package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

var (
	// ErrDamaged is returned for a file of SQLite's that is not whole.
	ErrDamaged = errors.New("store: the database is damaged")
	// ErrForeign is returned for a file that is no database of Muster's.
	ErrForeign = errors.New("store: no database of Muster's")
)

// Contents is what a database holds, in numbers.
type Contents struct {
	Schema                          int
	Accounts, Meetings, Registrants int64
	// Miscounted is how many meetings have tallies that are not the number of
	// their people: a fault of the program that wrote them.
	Miscounted int64
}

// Backup writes the SQLite database in file, as it stands at one moment, to
// the file to, which has to be absent or empty. Others may go on writing to
// the database: only their log grows until it is done. What is written is not
// synced to disk. A database whose schema is newer than this program is
// refused, an older one is copied as it is.
func Backup(ctx context.Context, file, to string) error {
	db, err := sql.Open("sqlite", plainDSN(file, "mode=rw", "_pragma=busy_timeout(10000)"))
	if err != nil {
		return fmt.Errorf("store: open database: %w", err)
	}
	defer func() { _ = db.Close() }() // it wrote nothing
	db.SetMaxOpenConns(1)
	version, err := schemaOf(ctx, db, &sqliteDialect)
	if err == nil {
		err = CheckSchema(version)
	}
	if err == nil && version == 0 {
		err = ErrForeign
	}
	if err == nil {
		_, err = db.ExecContext(ctx, `VACUUM INTO ?`, to)
	}
	if err != nil {
		return fmt.Errorf("store: back up %s: %w", file, known(err))
	}
	return nil
}

// Inspect returns what the SQLite database in file holds. Nobody may have it
// open or write to it, and it stands alone: a log beside it is not looked at.
// Every page is checked and, if thorough, each index against its table. A
// file that fails is ErrForeign or ErrDamaged.
func Inspect(ctx context.Context, file string, thorough bool) (c Contents, err error) {
	if err := startsAsSQLite(file); err != nil {
		return c, err
	}
	db, err := sql.Open("sqlite", plainDSN(file, "mode=ro", "immutable=1", "_pragma=cache_size(-65536)"))
	if err != nil {
		return c, fmt.Errorf("store: open database: %w", err)
	}
	defer func() { _ = db.Close() }() // it only read
	db.SetMaxOpenConns(1)
	if c.Schema, err = schemaOf(ctx, db, &sqliteDialect); err != nil {
		return c, ofFile("read the schema's version", err)
	}
	if err := CheckSchema(c.Schema); err != nil {
		return c, err
	}
	if err := whole(ctx, db, thorough); err != nil {
		return c, err
	}
	if c.Schema == 0 {
		return c, fmt.Errorf("%w: it has no table schema_version", ErrForeign)
	}
	for table, n := range map[string]*int64{"accounts": &c.Accounts, "meetings": &c.Meetings, "registrants": &c.Registrants} {
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table).Scan(n); err != nil {
			return c, ofFile("count "+table, err)
		}
	}
	if err := db.QueryRowContext(ctx, miscounted).Scan(&c.Miscounted); err != nil {
		return c, ofFile("compare the tallies", err)
	}
	return c, nil
}

// startsAsSQLite returns ErrForeign unless file begins as SQLite's files do:
// to SQLite an empty file is a database, too.
func startsAsSQLite(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	const magic = "SQLite format 3\x00"
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(f, head); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if !bytes.Equal(head, []byte(magic)) {
		return fmt.Errorf("%w: it is no file of SQLite's", ErrForeign)
	}
	return nil
}

// whole returns ErrDamaged unless SQLite finds db in order.
func whole(ctx context.Context, db *sql.DB, thorough bool) error {
	check := "quick_check"
	if thorough {
		check = "integrity_check"
	}
	rows, err := db.QueryContext(ctx, `PRAGMA `+check+`(3)`)
	if err != nil {
		return ofFile(check, err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return ofFile(check, err)
		}
		found = append(found, line)
	}
	if err := rows.Err(); err != nil {
		return ofFile(check, err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, strings.Join(strings.Fields(strings.Join(found, "; ")), " "))
	}
	return nil
}

// ofFile tells an error that reading a file has met.
func ofFile(doing string, err error) error {
	if isDamage(err) {
		return fmt.Errorf("%w: %s: %v", ErrDamaged, doing, err)
	}
	return fmt.Errorf("store: %s: %w", doing, known(err))
}

// Fold moves what SQLite's log beside the database in file has into the
// database and removes the log, so that the file stands alone. It returns
// ErrBusy where another process has the database open, ErrForeign or ErrDamaged
// where SQLite cannot read it.
func Fold(ctx context.Context, file string) error {
	if err := startsAsSQLite(file); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", plainDSN(file, "mode=rw", "_pragma=busy_timeout(1000)"))
	if err != nil {
		return fmt.Errorf("store: open database: %w", err)
	}
	db.SetMaxOpenConns(1)
	var busy, frames, moved int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	if err = errors.Join(err, db.Close()); err != nil {
		return ofFile("fold the log into "+file, err)
	}
	info, err := os.Stat(file + "-wal") // who closes the database last removes it
	if busy != 0 || err == nil && info.Size() > 0 {
		return fmt.Errorf("%w: another process has %s open", ErrBusy, file)
	}
	return nil
}

// miscounted counts the meetings with a tally that is not what their
// registrants and choices are: one tally of the meeting, and one of each
// occurrence that people hold by itself.
const miscounted = `
	WITH differences (meeting_id, occurrence_id, status, n) AS (
		SELECT meeting_id, 0, status, COUNT(*) FROM registrants GROUP BY meeting_id, status
		UNION ALL SELECT meeting_id, slot, status, COUNT(*) FROM registrants WHERE slot <> 0 GROUP BY meeting_id, slot, status
		UNION ALL SELECT meeting_id, occurrence_id, status, COUNT(*) FROM choices GROUP BY meeting_id, occurrence_id, status
		UNION ALL SELECT meeting_id, occurrence_id, 'pending', -pending FROM tallies
		UNION ALL SELECT meeting_id, occurrence_id, 'approved', -approved FROM tallies
		UNION ALL SELECT meeting_id, occurrence_id, 'denied', -denied FROM tallies
		UNION ALL SELECT meeting_id, occurrence_id, 'cancelled', -cancelled FROM tallies
		UNION ALL SELECT meeting_id, occurrence_id, 'waitlisted', -waitlisted FROM tallies
	)
	SELECT COUNT(DISTINCT meeting_id) FROM (
		SELECT meeting_id FROM differences GROUP BY meeting_id, occurrence_id, status HAVING SUM(n) <> 0
	)`
