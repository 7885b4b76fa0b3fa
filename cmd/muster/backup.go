package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"muster/internal/store"
)

func backup(ctx context.Context, args []string, out, errOut io.Writer) error {
	var at place
	var force bool
	f := newFlags("backup", "FILE", "Writes a copy of a SQLite database to FILE: as it stands at one moment, checked, and beside a running\n"+
		"server too. FILE is there when it is whole, and not before.", errOut)
	at.flags(f, "")
	f.BoolVar(&force, "force", false, "replace FILE if it is there")
	f.noEnv = map[string]bool{"force": true}
	words, err := f.parse(args, 1)
	switch {
	case err != nil:
		return err
	case len(words) == 0 || words[0] == "":
		return usagef("name the FILE to write")
	case words[0] == "-":
		return usagef("FILE must be the name of a file: the copy is checked before it counts")
	}
	if err := onlySQLite(at, `pg_dump --format=custom --file=FILE "$MUSTER_DATABASE"`); err != nil {
		return err
	}
	if err := errors.Join(at.isThere(), mayWrite(at, words[0], force)); err != nil {
		return err
	}
	took, err := writeBackup(ctx, at.file(), words[0], force)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(errOut, "Stopped half way; nothing was written.")
		return interrupted
	} else if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s, as of %s\n", words[0], took, took.at.UTC().Format(time.RFC3339))
	if _, err := os.Stat(at.files()); err == nil {
		fmt.Fprintf(out, "Uploaded files are not in it: copy the folder %s along, after this.\n", at.files())
	}
	if took.Miscounted > 0 {
		return fmt.Errorf("%s is a true copy, but of a database where %s counted other people than %s: tell the makers",
			words[0], number(took.Miscounted, "meeting has", "meetings have"), "registered")
	}
	return nil
}

// onlySQLite refuses a Postgres and names what does the same there.
func onlySQLite(at place, instead string) error {
	if err := at.check(); err != nil {
		return err
	}
	if at.Database != "" {
		return fmt.Errorf("this is for SQLite, and --database (or MUSTER_DATABASE) names a PostgreSQL; that has its own tools:\n  %s", instead)
	}
	return nil
}

// mayWrite returns an error where a backup must not be written to file.
func mayWrite(at place, file string, force bool) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	for _, own := range []string{at.file(), at.file() + "-wal", at.file() + "-shm", lockName(at.Data)} {
		if o, err := os.Stat(own); err == nil && os.SameFile(o, info) {
			return fmt.Errorf("%s belongs to the database itself: write the backup elsewhere", file)
		}
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is there and is no plain file", file)
	}
	if !force {
		return isThereAlready(file)
	}
	return nil
}

func isThereAlready(file string) error {
	return fmt.Errorf("%s is there already: name another file, or say --force to replace it", file)
}

// A taken is a backup that was taken.
type taken struct {
	store.Contents
	at   time.Time // the copy has what was written before
	size int64
	time time.Duration
}

func (t taken) String() string {
	return fmt.Sprintf("%s, schema %d, %s, %s, %s, in %s", size(t.size), t.Schema, number(t.Accounts, "account", "accounts"),
		number(t.Meetings, "meeting", "meetings"), number(t.Registrants, "registrant", "registrants"), t.time.Round(time.Millisecond))
}

// writeBackup copies the database into a new file beside file, checks it and
// gives it its name.
func writeBackup(ctx context.Context, database, file string, replace bool) (t taken, err error) {
	t.at = time.Now()
	temp, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-*") // its mode is 0600
	if err != nil {
		return t, err
	}
	name := temp.Name()
	defer func() {
		for _, left := range []string{name, name + "-journal"} {
			_ = os.Remove(left) // where all went well, it is not there any more
		}
	}()
	if err := temp.Close(); err != nil {
		return t, err
	}
	if err := store.Backup(ctx, database, name); err != nil {
		return t, err
	}
	if t.Contents, err = store.Inspect(ctx, name, false); err != nil {
		return t, fmt.Errorf("the copy of %s: %w", database, err)
	}
	if t.size, err = syncFile(name); err != nil {
		return t, err
	}
	if err := giveName(name, file, replace); err != nil {
		return t, err
	}
	t.time = time.Since(t.at)
	return t, syncFolder(filepath.Dir(file))
}

// giveName gives the file its lasting name. Unless replace, it does not take
// that of another file, even of one that has just come.
func giveName(name, lasting string, replace bool) error {
	if replace {
		return os.Rename(name, lasting)
	}
	err := os.Link(name, lasting)
	if err == nil {
		return os.Remove(name)
	}
	if _, there := os.Lstat(lasting); there == nil {
		return isThereAlready(lasting)
	}
	return os.Rename(name, lasting) // a file system without links
}

// syncFile makes what is in a file durable and returns its size.
func syncFile(name string) (size int64, err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err == nil {
		size = info.Size()
	}
	return size, errors.Join(err, f.Sync(), f.Close())
}

// syncFolder makes the names in a folder durable, where the system has such a
// thing.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
