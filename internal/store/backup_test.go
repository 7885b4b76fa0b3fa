package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/muster"
	"muster/internal/pgtest"
)

// oldSchema makes the first version of the schema in an empty database.
func oldSchema(t *testing.T, database string) {
	t.Helper()
	if !IsPostgres(database) {
		must(t, ownFile(database))
	}
	db, d, _, err := bare(database, false)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	conn, err := db.Conn(t.Context())
	must(t, err)
	must(t, makeVersion(t.Context(), conn, d))
	_, err = step(t.Context(), conn, d, 1, steps()[0])
	must(t, errors.Join(err, conn.Close()))
}

func TestMigrateTellsFromWhere(t *testing.T) {
	t.Parallel()
	database := emptyDatabase(t)
	if !pgtest.On() {
		if _, err := SchemaOf(t.Context(), database); err == nil {
			t.Error("a file that is not there has a schema")
		}
		if _, err := Migrate(t.Context(), database); err == nil {
			t.Error("a file that is not there was migrated")
		}
		if found, err := filepath.Glob(database + "*"); err != nil || len(found) > 0 {
			t.Errorf("got %v %v, want no file", found, err)
		}
	}
	oldSchema(t, database)
	schemaIs := func(want int) {
		t.Helper()
		if got, err := SchemaOf(t.Context(), database); got != want || err != nil {
			t.Errorf("schema: got %d %v, want %d", got, err, want)
		}
	}
	schemaIs(1)
	if from, err := Migrate(t.Context(), database); from != 1 || err != nil {
		t.Errorf("migrate: got %d %v, want 1", from, err)
	}
	schemaIs(NewestSchema())
	if from, err := Migrate(t.Context(), database); from != NewestSchema() || err != nil {
		t.Errorf("migrate again: got %d %v, want %d", from, err, NewestSchema())
	}
}

func TestSchemaOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	database := emptyDatabase(t)
	if !pgtest.On() {
		must(t, ownFile(database))
	}
	if got, err := SchemaOf(t.Context(), database); got != 0 || err != nil {
		t.Errorf("got %d %v, want 0", got, err)
	}
}

// TestBackupKeepsTheSchema takes the backup that one takes before an update.
func TestBackupKeepsTheSchema(t *testing.T) {
	t.Parallel()
	if pgtest.On() {
		t.Skip("it is about SQLite")
	}
	old, copied := filepath.Join(t.TempDir(), "old.db"), filepath.Join(t.TempDir(), "copied.db")
	oldSchema(t, old)
	must(t, Backup(t.Context(), old, copied))
	for _, file := range []string{old, copied} {
		if c, err := Inspect(t.Context(), file, true); c != (Contents{Schema: 1}) || err != nil {
			t.Errorf("%s: got %+v %v, want schema 1 and nothing in it", file, c, err)
		}
	}
}

// backedUp returns a backup of a database with people of three registration types.
func backedUp(t *testing.T) string {
	t.Helper()
	db, ctx := openFile(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error {
		return errors.Join(tx.AddMeeting(ctx, meeting(1)), tx.AddMeeting(ctx, meeting(2)))
	}))
	for i := range 30 {
		must(t, db.Write(ctx, func(tx *Tx) error {
			m, r := meeting(int64(1+i%2)), registrant(fmt.Sprintf("r%d", i))
			r.Meeting = m.ID
			switch i % 3 {
			case 0:
				r.Slot, r.Status = 1000, muster.Pending
			case 1:
				r.Choices = []muster.Choice{{Occurrence: 2000, Status: muster.Approved}, {Occurrence: 3000, Status: muster.Denied}}
			}
			if _, err := tx.AddRegistrants(ctx, []*muster.Registrant{r}); err != nil {
				return err
			}
			tallies := muster.Tallies{}
			tallies.Move(nil, r)
			return errors.Join(tx.PutChoices(ctx, []*muster.Registrant{r}), tx.Count(ctx, m, tallies, 1, 0))
		}))
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	must(t, Backup(ctx, db.place, file))
	return file
}

func TestInspect(t *testing.T) {
	t.Parallel()
	file := backedUp(t)
	sane, err := os.ReadFile(file)
	must(t, err)
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	change(t, foreign, `CREATE TABLE schema_versions (n BIGINT)`)
	alien, err := os.ReadFile(foreign)
	must(t, err)
	hole := bytes.Clone(sane)
	clear(hole[3*8192 : 4*8192])
	for name, test := range map[string]struct {
		content []byte
		change  string
		want    error
		says    string
		counts  Contents
	}{
		"sane":              {content: sane, counts: Contents{Schema: NewestSchema(), Accounts: 1, Meetings: 2, Registrants: 30}},
		"miscounted":        {content: sane, change: `UPDATE tallies SET approved = approved - 1 WHERE meeting_id = 2`, counts: Contents{NewestSchema(), 1, 2, 30, 1}},
		"empty":             {content: nil, want: ErrForeign},
		"short":             {content: sane[:100], want: ErrDamaged},
		"text":              {content: []byte("This is a text about registrants, and longer than a header.\n"), want: ErrForeign},
		"another's":         {content: alien, want: ErrForeign},
		"cut":               {content: sane[:len(sane)-8192*4], want: ErrDamaged},
		"a hole":            {content: hole, want: ErrDamaged},
		"newer":             {content: sane, change: `UPDATE schema_version SET version = 999`, says: "newer than this program's"},
		"without a version": {content: sane, change: `DELETE FROM schema_version`, want: ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "x.db")
			must(t, os.WriteFile(file, test.content, 0o400))
			if test.change != "" {
				must(t, os.Chmod(file, 0o600))
				change(t, file, test.change)
			}
			before, err := os.ReadFile(file)
			must(t, err)
			got, err := Inspect(t.Context(), file, true)
			switch {
			case test.want == nil && test.says == "":
				if got != test.counts || err != nil {
					t.Errorf("got %+v %v, want %+v", got, err, test.counts)
				}
			case test.want != nil && !errors.Is(err, test.want), err == nil, !strings.Contains(err.Error(), test.says):
				t.Errorf("got %v, want %v %s", err, test.want, test.says)
			}
			after, err := os.ReadFile(file)
			must(t, err)
			if beside, err := filepath.Glob(file + "*"); !bytes.Equal(after, before) || len(beside) != 1 {
				t.Errorf("looking at it has changed something: %v %v", beside, err)
			}
		})
	}
}

// change runs a statement on a file that no Muster has open.
func change(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", plainDSN(file))
	must(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	must(t, errors.Join(err, db.Close()))
}

func TestFold(t *testing.T) {
	t.Parallel()
	db, ctx := openFile(t), t.Context() // it has acc in its log
	if err := Fold(ctx, db.place); err == nil {
		t.Log("folded beside an open handle that reads nothing")
	} else if !errors.Is(err, ErrBusy) {
		t.Errorf("beside an open handle: got %v, want ErrBusy or none", err)
	}
	must(t, db.Close())

	folder := t.TempDir()
	file := filepath.Join(folder, "muster.db")
	left(t, file)
	must(t, Fold(ctx, file))
	if found, err := filepath.Glob(file + "*"); len(found) != 1 {
		t.Errorf("got %v %v, want the database alone", found, err)
	}
	if c, err := Inspect(ctx, file, true); c.Accounts != 1 || err != nil {
		t.Errorf("got %+v %v, want the account that was in the log", c, err)
	}

	left(t, file+"2")
	must(t, os.WriteFile(file+"2", []byte(strings.Repeat("no database", 1000)), 0o600))
	if err := Fold(ctx, file+"2"); !errors.Is(err, ErrForeign) {
		t.Errorf("of no database: got %v, want ErrForeign", err)
	}
}

// left makes a database as a process leaves it that is killed: an account is
// in its log only.
func left(t *testing.T, file string) {
	t.Helper()
	db := openFile(t)
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(db.place + end)
		must(t, err)
		must(t, os.WriteFile(file+end, content, 0o600))
	}
}

func TestBackupStops(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Backup(ctx, db.place, filepath.Join(t.TempDir(), "x")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
