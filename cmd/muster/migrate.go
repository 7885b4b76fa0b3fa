package main

import (
	"context"
	"fmt"
	"io"

	"muster/internal/store"
)

func migrate(ctx context.Context, args []string, out, errOut io.Writer) error {
	var at place
	var check bool
	f := newFlags("migrate", "", "Brings a database to the schema of this program, as serve does at its start.\n"+
		"SQLite's must have no server running on it.", errOut)
	at.flags(f, "")
	f.BoolVar(&check, "check", false, "change nothing: say what would be done, and end with 1 if anything would")
	f.noEnv = map[string]bool{"check": true}
	if _, err := f.parse(args, 0); err != nil {
		return err
	}
	if err := at.check(); err != nil {
		return err
	}
	if check {
		return checkMigration(ctx, at, out)
	}
	from, err := bringUp(ctx, at)
	if err != nil {
		return err
	}
	if to := store.NewestSchema(); from != to {
		fmt.Fprintf(out, "schema %d → %d\n", from, to)
		return nil
	}
	fmt.Fprintf(out, "the schema is up to date (%d)\n", from)
	return nil
}

// checkMigration says what a migration would do.
func checkMigration(ctx context.Context, at place, out io.Writer) error {
	database := at.Database
	if database == "" {
		if err := at.isThere(); err != nil {
			return err
		}
		database = at.file()
	}
	from, err := store.SchemaOf(ctx, database)
	if err != nil {
		return err
	}
	if err := newer(at, from); err != nil {
		return err
	}
	to := store.NewestSchema()
	if from == to {
		fmt.Fprintf(out, "the schema is up to date (%d)\n", from)
		return nil
	}
	fmt.Fprintf(out, "schema %d → %d is to be done\n", from, to)
	return exitStatus(1)
}
