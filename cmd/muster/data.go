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
			d.lock, err = lockFolder(p.Data)
		} else if _, e := os.Stat(name); e != nil {
			err = fmt.Errorf("--data %s: there is no database (muster.db) in it: start muster serve there once, or name the folder it runs on", p.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	a, err := openApp(ctx, name, p.String())
	if err != nil {
		return nil, errors.Join(err, d.unlock())
	}
	d.app = a
	return d, nil
}

// lockFolder makes a data folder if absent and keeps other servers from it.
func lockFolder(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("--data %s: %w", folder, err)
	}
	lock, err := lockFile(filepath.Join(folder, "muster.lock"))
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("--data %s: another muster serve is running on this folder; stop it first, or give this one a folder of its own", folder)
	} else if err != nil {
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
