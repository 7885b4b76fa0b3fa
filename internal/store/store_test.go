package store

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/pgtest"
)

// template is a migrated empty database, made once for all tests of the binary.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "muster-store")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover in the system's own folder
	file := filepath.Join(dir, "muster.db")
	if err := migrated(file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

var start = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// open returns an empty database with the account "acc" that ends with the
// test: on SQLite, and on Postgres in the run that pgtest.Again makes.
func open(t *testing.T) *DB {
	t.Helper()
	if pgtest.On() {
		return openAt(t, pgtest.Database(t, migrated))
	}
	return openFile(t)
}

// openFile is open for what is SQLite's alone.
func openFile(t *testing.T) *DB {
	t.Helper()
	if pgtest.On() {
		t.Skip("it is about SQLite")
	}
	blank, err := template()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "muster.db")
	if err := os.WriteFile(file, blank, 0o600); err != nil {
		t.Fatal(err)
	}
	return openAt(t, file)
}

func openAt(t *testing.T, database string) *DB {
	t.Helper()
	db, err := Open(t.Context(), database, Options{Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	db.Now = func() time.Time { return start }
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	must(t, db.Write(t.Context(), func(tx *Tx) error { return tx.AddAccount(t.Context(), account("acc")) }))
	return db
}

// migrated makes the schema in an empty database.
func migrated(database string) error {
	db, err := Open(context.Background(), database, Options{Unsafe: true})
	if err != nil {
		return err
	}
	return db.Close()
}

// another opens the database of db once more, as another process does.
func another(t *testing.T, db *DB) *DB {
	t.Helper()
	more, err := Open(t.Context(), db.place, Options{Unsafe: true})
	must(t, err)
	more.Now = db.Now
	t.Cleanup(func() { must(t, more.Close()) })
	return more
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func account(id string) *muster.Account {
	return &muster.Account{ID: id, Name: "Name of " + id, Owner: "owner", CreatedAt: start}
}

func user(id, email string) *muster.User {
	return &muster.User{
		ID: id, Account: "acc", Email: email, Type: muster.Licensed, Status: muster.UserActive, Role: muster.RoleMember,
		PMI: 1_000_000_000 + int64(crc32.ChecksumIEEE([]byte(id+email))), Timezone: "UTC", CreatedAt: start, UpdatedAt: start,
	}
}

func meeting(id int64) *muster.Meeting {
	return &muster.Meeting{
		ID: id, UUID: fmt.Sprintf("uuid %d", id), Account: "acc", Host: "host", Type: muster.Scheduled, Start: start, Duration: time.Hour,
		Timezone: "UTC", State: muster.Waiting, RegistrationType: muster.OnceForAll, CreatedAt: start, UpdatedAt: start,
	}
}

func registrant(id string) *muster.Registrant {
	return &muster.Registrant{
		ID: id, Meeting: 7, Person: muster.Person{Email: id + "@x.test"}, Status: muster.Approved, CreatedAt: start,
	}
}

// exists reports whether the account of the id is stored.
func exists(t *testing.T, db *DB, id string) bool {
	t.Helper()
	err := db.Read(t.Context(), func(tx *Tx) error {
		_, err := tx.Account(t.Context(), id)
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// number returns the one number that a query answers.
func number(t *testing.T, db *DB, query string) (n int64) {
	t.Helper()
	must(t, db.Read(t.Context(), func(tx *Tx) error { return tx.row(t.Context(), "count", query, nil, []any{&n}) }))
	return n
}

func TestAbsentAndTaken(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	ann := user("u1", "Ann@X.test")
	twin := func(u *muster.User, account string) *muster.User {
		u.Account, u.PMI = account, ann.PMI
		return u
	}
	must(t, db.Write(ctx, func(tx *Tx) error {
		return errors.Join(tx.AddAccount(ctx, account("other")), tx.AddUser(ctx, ann), tx.AddUser(ctx, user("u9", "bob@x.test")), tx.AddMeeting(ctx, meeting(7)))
	}))
	for name, c := range map[string]struct {
		do   func(tx *Tx) error
		want error
	}{
		"account twice":               {func(tx *Tx) error { return tx.AddAccount(ctx, account("acc")) }, ErrExists},
		"user id twice":               {func(tx *Tx) error { return tx.AddUser(ctx, user("u1", "other@x.test")) }, ErrExists},
		"email in other letters":      {func(tx *Tx) error { return tx.AddUser(ctx, user("u2", "aNN@x.TEST")) }, ErrExists},
		"personal number twice":       {func(tx *Tx) error { return tx.AddUser(ctx, twin(user("u3", "cem@x.test"), "other")) }, ErrNumberTaken},
		"personal number of another":  {func(tx *Tx) error { return tx.SetUser(ctx, twin(user("u9", "bob@x.test"), "acc")) }, ErrExists},
		"meeting number twice":        {func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }, ErrExists},
		"absent account":              {func(tx *Tx) error { _, err := tx.Account(ctx, "nobody"); return err }, ErrNotFound},
		"absent user":                 {func(tx *Tx) error { _, err := tx.User(ctx, "acc", "nobody"); return err }, ErrNotFound},
		"user of another account":     {func(tx *Tx) error { _, err := tx.User(ctx, "other", "u1"); return err }, ErrNotFound},
		"meeting of another account":  {func(tx *Tx) error { _, err := tx.Meeting(ctx, "other", 7); return err }, ErrNotFound},
		"change of an absent meeting": {func(tx *Tx) error { return tx.SetMeeting(ctx, meeting(8)) }, ErrNotFound},
		"absent app":                  {func(tx *Tx) error { return tx.RemoveApp(ctx, "nobody") }, ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := db.Write(ctx, c.do); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestForeignKeysHold(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	u := user("u1", "ann@x.test")
	u.Account = "no such account"
	if err := db.Write(ctx, func(tx *Tx) error { return tx.AddUser(ctx, u) }); err == nil || errors.Is(err, ErrExists) {
		t.Errorf("a user of no account: got %v, want a constraint error", err)
	}
	must(t, db.Write(ctx, func(tx *Tx) error {
		if err := tx.AddMeeting(ctx, meeting(7)); err != nil {
			return err
		}
		r := registrant("r1")
		r.Choices = []muster.Choice{{Occurrence: 5, Status: muster.Approved}}
		if _, err := tx.AddRegistrants(ctx, []*muster.Registrant{r}); err != nil {
			return err
		}
		return tx.PutChoices(ctx, []*muster.Registrant{r})
	}))
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.RemoveRegistrant(ctx, registrant("r1")) }))
	if n := number(t, db, `SELECT COUNT(*) FROM choices`); n != 0 {
		t.Errorf("choices of a removed registrant: got %d, want 0", n)
	}
}

// TestSequenceIsNeverReused guards page cursors: somebody registered after a
// removal must come after every cursor that was given out.
func TestSequenceIsNeverReused(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	seq := func(id string) int64 {
		var s int64
		must(t, db.Write(ctx, func(tx *Tx) error {
			if _, err := tx.AddRegistrants(ctx, []*muster.Registrant{registrant(id)}); err != nil {
				return err
			}
			r, err := tx.Registrant(ctx, meeting(7), id)
			if err == nil {
				s = r.Seq
			}
			return err
		}))
		return s
	}
	first := seq("r1")
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.RemoveRegistrant(ctx, registrant("r1")) }))
	if second := seq("r2"); second <= first {
		t.Errorf("seq after removing the last row: got %d, want more than %d", second, first)
	}
}

// TestCountKeepsTheCeiling lets many writers race for the last places.
func TestCountKeepsTheCeiling(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	const ceiling, writers = 10, 40
	var wg sync.WaitGroup
	results := make([]error, writers)
	for i := range writers {
		wg.Go(func() {
			results[i] = db.Write(ctx, func(tx *Tx) error {
				r := registrant(fmt.Sprintf("r%d", i))
				tallies := muster.Tallies{}
				tallies.Move(nil, r)
				if _, err := tx.AddRegistrants(ctx, []*muster.Registrant{r}); err != nil {
					return err
				}
				return tx.Count(ctx, meeting(7), tallies, 1, ceiling)
			})
		})
	}
	wg.Wait()
	in := 0
	for _, err := range results {
		if err == nil {
			in++
		} else if !errors.Is(err, ErrFull) {
			t.Errorf("got %v, want ErrFull", err)
		}
	}
	rows, places := number(t, db, `SELECT COUNT(*) FROM registrants`), number(t, db, `SELECT approved FROM tallies WHERE meeting_id = 7`)
	if in != ceiling || rows != ceiling || places != ceiling {
		t.Errorf("got %d accepted, %d rows, %d counted, want %d each", in, rows, places, ceiling)
	}
}

func TestCountOfOneCallBeyondTheCeiling(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	for name, c := range map[string]struct {
		change  muster.Tally
		ceiling int64
		want    error
	}{
		"first row beyond":           {muster.Tally{Approved: 2, Pending: 2}, 3, ErrFull},
		"first row within":           {muster.Tally{Approved: 2, Pending: 1, Denied: 9}, 3, nil},
		"without a ceiling":          {muster.Tally{Approved: 2, Pending: 2}, 0, nil},
		"nobody new, whatever is in": {muster.Tally{Denied: 5}, 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			undo := errors.New("undo")
			err := db.Write(ctx, func(tx *Tx) error {
				if err := tx.Count(ctx, meeting(7), muster.Tallies{0: &c.change}, 0, c.ceiling); err != nil {
					return err
				}
				return undo
			})
			if want := c.want; want == nil && !errors.Is(err, undo) || want != nil && !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
