package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"muster/internal/store"
)

func copyData(ctx context.Context, args []string, out, errOut io.Writer) error {
	var from, to place
	f := newFlags("copy", "", "Copies a SQLite database to an empty PostgreSQL and compares both. No server may run on the folder, which\n"+
		"stays as it is. It ends with 1, and the PostgreSQL is empty as before, unless both are found to be the same.", errOut)
	f.StringVar(&to.Database, "to", "", "`URL` of the PostgreSQL, such as postgres://muster@db.example.org/muster; may have a password, so the variable is the better place")
	f.StringVar(&from.Data, "data", "./muster-data", "`folder` of the SQLite database")
	if _, err := f.parse(args, 0); err != nil {
		return err
	}
	if !store.IsPostgres(to.Database) {
		return usagef("--to must be the URL of a PostgreSQL such as postgres://user@host:5432/name")
	}
	if err := from.isThere(); err != nil {
		return err
	}
	lock, err := lockFolder(from.Data, "a server is running on this folder: stop it first, for whoever registered here after the copy would be lost")
	if err != nil {
		return err
	}
	bar := newProgress(errOut, "")
	tables, err := store.Copy(ctx, from.file(), to.Database, func(what string, done, total int) {
		bar.what = what + " "
		bar.show(done, total)
	})
	bar.clear()
	err = errors.Join(err, lock.Close())
	if len(tables) > 0 {
		printTables(out, tables)
	}
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(errOut, "Stopped half way; %s is empty as before.\n", to.String())
		return interrupted
	case errors.Is(err, store.ErrNotEmpty):
		return fmt.Errorf("%s: %w; name an empty database, or one that only muster migrate has seen", to.String(), err)
	case err != nil:
		return err
	}
	fmt.Fprintf(out, "\n%s has all that is in %s. Start the server with --database or MUSTER_DATABASE now, and not on the folder any more.\n",
		to.String(), from.Data)
	return nil
}

func printTables(out io.Writer, tables []store.CopiedTable) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "TABLE\tROWS\tCHECKSUM\t")
	for _, c := range tables {
		told := "ok"
		if !c.OK() {
			told = fmt.Sprintf("DIFFERS: %s rows, %.16s", grouped(c.Copy), c.Returned)
		}
		fmt.Fprintf(t, "%s\t%s\t%.16s\t%s\n", c.Name, grouped(c.Source), c.Sum, told)
	}
	_ = t.Flush() // to the same writer as all else here
}
