package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/store"
)

// A data is an open data folder.
type data struct {
	app  *app.App
	lock *os.File // nil where the folder is shared with a running server
}

// openData opens the database in folder. For a server it makes the folder if
// absent and locks it; else the database must be there, and a server may run
// on it.
func openData(ctx context.Context, folder string, forServer bool) (*data, error) {
	d := &data{}
	file := filepath.Join(folder, "muster.db")
	if forServer {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fmt.Errorf("--data %s: %w", folder, err)
		}
		lock, err := lockFile(filepath.Join(folder, "muster.lock"))
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("--data %s: another muster serve is running on this folder; stop it first, or give this one a folder of its own", folder)
		} else if err != nil {
			return nil, fmt.Errorf("--data %s: %w", folder, err)
		}
		d.lock = lock
	} else if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("--data %s: there is no database (muster.db) in it: start muster serve there once, or name the folder it runs on", folder)
	}
	a, err := openApp(ctx, file)
	if err != nil {
		return nil, errors.Join(err, d.unlock())
	}
	d.app = a
	return d, nil
}

// openApp opens the database in file with its keys.
func openApp(ctx context.Context, file string) (*app.App, error) {
	db, err := store.Open(ctx, file, store.Options{})
	if err != nil {
		return nil, err
	}
	a := &app.App{DB: db, IDs: muster.IDs{Random: rand.Reader}}
	if err := a.LoadKeys(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
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
