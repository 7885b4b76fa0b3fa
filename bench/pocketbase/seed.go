package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"muster/bench/people"
)

// A statement of seed has so many rows, a transaction so many statements.
const (
	rowsEach       = 50
	statementsEach = 200
	columns        = 9
)

// seed adds people by SQL: through the API a million would take longer than
// the whole benchmark. The rows are as the API makes them.
func seed(app core.App, count int, meeting int64) error {
	wrapped, ok := app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return fmt.Errorf("seed: the database is a %T", app.NonconcurrentDB())
	}
	db := wrapped.DB() // one connection, and only this process': what is served has PocketBase's own settings
	if _, err := db.Exec(`PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000`); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	var numbers people.Numbers
	for done := 0; done < count; {
		n, err := seedSome(db, min(count-done, rowsEach*statementsEach), meeting, &numbers)
		if err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		done += n
	}
	return nil
}

// seedSome adds count people in one transaction and returns their number.
func seedSome(db *sql.DB, count int, meeting int64, numbers *people.Numbers) (int, error) {
	tx, err := db.Begin()
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	full, err := tx.Prepare(insertText(rowsEach))
	if err != nil {
		return 0, err
	}
	for left := count; left > 0; left -= rowsEach {
		n := min(left, rowsEach)
		args, err := rowsOf(n, meeting, numbers)
		if err != nil {
			return 0, err
		}
		if n == rowsEach {
			_, err = full.Exec(args...)
		} else {
			_, err = tx.Exec(insertText(n), args...)
		}
		if err != nil {
			return 0, err
		}
	}
	return count, tx.Commit()
}

func insertText(rows int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	return `INSERT INTO registrants (id, meeting, email, first_name, last_name, status, person, created, updated) VALUES ` +
		strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
}

func rowsOf(n int, meeting int64, numbers *people.Numbers) ([]any, error) {
	now := types.NowDateTime().String()
	args := make([]any, 0, columns*n)
	for range n {
		number := numbers.Next()
		p := people.Make(int(number % 512))
		var stamp [len(people.Blank)]byte
		people.Stamp(stamp[:], number)
		email := string(stamp[:]) + strings.TrimPrefix(p.Email, people.Blank)
		details, err := json.Marshal(p.Details)
		if err != nil {
			return nil, err
		}
		args = append(args, core.GenerateDefaultRandomId(), meeting, email, p.FirstName, p.LastName, "approved", string(details), now, now)
	}
	return args, nil
}
