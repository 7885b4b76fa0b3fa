package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"muster/internal/store"
)

// besides are the ends of the names of files that SQLite keeps beside a database.
var besides = []string{"-wal", "-shm", "-journal"}

func restore(ctx context.Context, args []string, out, errOut io.Writer) error {
	var at place
	var force bool
	f := newFlags("restore", "FILE", "Puts a backup into a data folder on which no server runs. FILE is checked first and stays as it is;\n"+
		"the database of an older version is migrated when the server starts.", errOut)
	at.flags(f, "; made with mode 0700 if absent")
	f.BoolVar(&force, "force", false, "put it in the place of the database that is there, which is kept under another name")
	f.noEnv = map[string]bool{"force": true}
	words, err := f.parse(args, 1)
	switch {
	case err != nil:
		return err
	case len(words) == 0 || words[0] == "":
		return usagef("name the FILE to restore")
	}
	if err := onlySQLite(at, `pg_restore --clean --if-exists --dbname="$MUSTER_DATABASE" FILE`); err != nil {
		return err
	}
	r := restoration{at: at, file: words[0], force: force}
	begun := time.Now()
	held, err := r.run(ctx)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(errOut, "Stopped half way; nothing was changed.")
		return interrupted
	} else if err != nil {
		return err
	}
	held.time = time.Since(begun)
	fmt.Fprintf(out, "%s now has what was in %s: %s\n", at.Data, r.file, held)
	if r.aside != "" {
		fmt.Fprintf(out, "The database that was there is kept as %s\n", r.aside)
	}
	return nil
}

// A restoration puts a file in the place of a database.
type restoration struct {
	at    place
	file  string
	force bool
	aside string // where the database is that was there
}

// run checks the file, copies it into the folder under a name of its own,
// checks the copy, and only then changes names.
func (r *restoration) run(ctx context.Context) (held taken, err error) {
	if err := r.standsAlone(); err != nil {
		return held, err
	}
	if _, err := store.Inspect(ctx, r.file, true); err != nil {
		return held, fmt.Errorf("%s: %w", r.file, err)
	}
	lock, err := lockFolder(r.at.Data, "a server is running on this folder: stop it first")
	if err != nil {
		return held, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if err := r.mayReplace(); err != nil {
		return held, err
	}
	temp := r.at.file() + ".restoring" // a name for all times: what a killed restore has left is written over
	defer func() { _ = os.Remove(temp) }()
	if err := copyFile(ctx, r.file, temp); err != nil {
		return held, err
	}
	if held.Contents, err = store.Inspect(ctx, temp, false); err != nil {
		return held, fmt.Errorf("the copy of %s: %w", r.file, err)
	}
	if held.size, err = syncFile(temp); err != nil {
		return held, err
	}
	if err := giveTo(r.at.Data, temp); err != nil {
		return held, err
	}
	if err := ctx.Err(); err != nil { // the last moment to stop
		return held, err
	}
	if err := r.putAside(context.WithoutCancel(ctx)); err != nil {
		return held, err
	}
	if err := os.Rename(temp, r.at.file()); err != nil {
		return held, err
	}
	return held, syncFolder(r.at.Data)
}

// standsAlone returns an error if a part of what is in the file may be in
// another one.
func (r *restoration) standsAlone() error {
	info, err := os.Stat(r.file)
	if err != nil {
		return err
	}
	if own, err := os.Stat(r.at.file()); err == nil && os.SameFile(own, info) {
		return fmt.Errorf("%s is the database of %s itself", r.file, r.at.Data)
	}
	for _, end := range []string{"-wal", "-journal"} {
		if beside, err := os.Stat(r.file + end); err == nil && beside.Size() > 0 {
			return fmt.Errorf("%s is not all: there is %s beside it, as of a server that runs or was killed. "+
				"Put both into a folder of their own and take a backup of that: muster backup FILE --data FOLDER", r.file, r.file+end)
		}
	}
	return nil
}

// mayReplace returns an error where a database is in the folder, unless it may
// be put aside.
func (r *restoration) mayReplace() error {
	if r.force {
		return nil
	}
	for _, end := range append([]string{""}, besides...) {
		if _, err := os.Lstat(r.at.file() + end); err == nil {
			return fmt.Errorf("--data %s: there is a database in it (muster.db%s): name an empty folder, or say --force, which keeps the old one under another name", r.at.Data, end)
		}
	}
	return nil
}

// putAside gives the database that is there a second name, so that a rename
// can replace the first: at no moment there is none, and never a log of one
// database beside another. To this end its log is folded in. Where SQLite
// cannot do that, the log goes to the second name with it.
func (r *restoration) putAside(ctx context.Context) error {
	file := r.at.file()
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		if _, err := os.Stat(file); err == nil {
			if err := store.Fold(ctx, file); err != nil && !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrForeign) {
				return err
			}
		}
	}
	aside := fmt.Sprintf("%s.replaced-%s", file, time.Now().UTC().Format("20060102T150405.000Z"))
	for _, end := range besides {
		if err := os.Rename(file+end, aside+end); err == nil {
			r.aside = aside
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	err := os.Link(file, aside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil { // a file system without links
		err = os.Rename(file, aside)
	}
	r.aside = aside
	return errors.Join(err, syncFolder(r.at.Data))
}

// copyFile copies a file to one with mode 0600, which it writes over.
func copyFile(ctx context.Context, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, &stoppable{ctx, in})
	return errors.Join(err, out.Close())
}

// A stoppable is a reader that fails when ctx ends.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}
