package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"muster/internal/app"
	"muster/internal/blob"
	"muster/internal/muster"
	"muster/internal/store"
)

// A place says where the data is: in SQLite's file in a folder or, where
// Database is given, in a Postgres.
type place struct {
	Data     string
	Database string
}

// flags adds the flags of p to a command.
func (p *place) flags(f *flags, about string) {
	f.StringVar(&p.Data, "data", "./muster-data", "`folder` of the database"+about)
	f.StringVar(&p.Database, "database", "", "`URL` of a PostgreSQL to use instead, such as postgres://muster@db.example.org/muster; may have a password, so the variable is the better place")
}

// check returns a usageError where the URL is none.
func (p *place) check() error {
	if p.Database != "" && !store.IsPostgres(p.Database) {
		return usagef("--database must be a URL such as postgres://user@host:5432/name; for SQLite name its folder by --data")
	}
	return nil
}

// String names the place without any password.
func (p *place) String() string {
	if p.Database == "" {
		return p.Data
	}
	u, err := url.Parse(p.Database)
	if err != nil {
		return "postgres"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// file is SQLite's.
func (p *place) file() string { return filepath.Join(p.Data, "muster.db") }

// files is the folder of uploaded files.
func (p *place) files() string { return filepath.Join(p.Data, "blobs") }

// lockName names the file whose lock keeps servers from a folder.
func lockName(folder string) string { return filepath.Join(folder, "muster.lock") }

// A data is an open database.
type data struct {
	app  *app.App
	lock *os.File // nil where the folder is shared with a running server, or there is none
}

// openData opens the database at p. For a server it makes the folder if absent
// and locks it; else the database must be there, and a server may run on it.
func openData(ctx context.Context, p place, forServer bool) (*data, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	d := &data{}
	name := p.Database
	if name == "" {
		name = p.file()
		var err error
		if forServer {
			d.lock, err = lockFolder(p.Data, "another muster serve is running on this folder; stop it first, or give this one a folder of its own")
		} else {
			_, err = bringUp(ctx, p)
		}
		if err != nil {
			return nil, err
		}
	}
	a, err := openApp(ctx, name, p.String())
	if err != nil {
		return nil, errors.Join(err, d.unlock())
	}
	a.Blobs = blob.New(p.files())
	d.app = a
	return d, nil
}

// isThere returns an error unless there is a database in the folder of p.
func (p *place) isThere() error {
	if _, err := os.Stat(p.file()); err != nil {
		return fmt.Errorf("--data %s: there is no database (muster.db) in it: start muster serve there once, or name the folder it runs on", p.Data)
	}
	return nil
}

// bringUp migrates the database at p, which has to be there, and returns the
// version of its schema before. SQLite's is not migrated under a server, which
// may be an older program.
func bringUp(ctx context.Context, p place) (from int, err error) {
	if p.Database != "" {
		return store.Migrate(ctx, p.Database)
	}
	if err := p.isThere(); err != nil {
		return 0, err
	}
	from, err = store.SchemaOf(ctx, p.file())
	if err != nil || from >= store.NewestSchema() {
		return from, errors.Join(err, newer(p, from))
	}
	lock, err := lockFolder(p.Data, fmt.Sprintf(
		"its database has schema %d and this program needs %d, but a server is running on this folder: stop it first", from, store.NewestSchema()))
	if err != nil {
		return 0, err
	}
	from, err = store.Migrate(ctx, p.file())
	return from, errors.Join(err, lock.Close())
}

// newer refuses a schema that is newer than this program.
func newer(p place, version int) error {
	if err := store.CheckSchema(version); err != nil {
		return fmt.Errorf("%s: %w", p.String(), err)
	}
	return nil
}

// lockFolder makes a data folder if absent and keeps servers from it, and
// others who lock it. taken says what is wrong where one of them has it.
func lockFolder(folder, taken string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("--data %s: %w", folder, err)
	}
	name := lockName(folder)
	lock, err := lockFile(name)
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("--data %s: %s", folder, taken)
	}
	if err == nil {
		err = giveTo(folder, name)
	}
	if err != nil {
		return nil, fmt.Errorf("--data %s: %w", folder, err)
	}
	return lock, nil
}

// openApp opens a database, SQLite's file or the URL of a Postgres, with its keys.
// Place names it in errors.
func openApp(ctx context.Context, database, place string) (*app.App, error) {
	db, err := store.Open(ctx, database, store.Options{})
	if err != nil {
		return nil, err
	}
	a := &app.App{DB: db, IDs: muster.IDs{Random: rand.Reader}}
	if err := a.LoadKeys(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: read its keys: %w", place, err), db.Close())
	}
	return a, nil
}

func (d *data) close() error { return errors.Join(d.app.DB.Close(), d.unlock()) }

func (d *data) unlock() error {
	if d.lock == nil {
		return nil
	}
	return d.lock.Close() // which releases the lock
}
