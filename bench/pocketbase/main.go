// Command pocketbase is PocketBase as its module has it, with two commands of
// ours beside its own: prepare makes the collection that the benchmark writes
// to, seed fills it. serve is PocketBase's own and at its defaults.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

func main() {
	app := pocketbase.New()
	app.RootCmd.AddCommand(&cobra.Command{
		Use: "prepare", Short: "Makes the collection registrants and allows batches", Args: cobra.NoArgs,
		Run: func(*cobra.Command, []string) { exitOn(prepare(app)) },
	}, &cobra.Command{
		Use: "seed COUNT MEETING", Short: "Adds COUNT registrants of MEETING", Args: cobra.ExactArgs(2),
		Run: func(_ *cobra.Command, args []string) { exitOn(seedFrom(app, args)) },
	})
	exitOn(app.Start())
}

// exitOn ends the process on an error: PocketBase would end it with success.
func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase:", err)
		os.Exit(1)
	}
}

func seedFrom(app core.App, args []string) error {
	count, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	meeting, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return err
	}
	return seed(app, count, meeting)
}

// prepare makes what a Muster has at its start: the table with its unique
// email per meeting, and batches, which PocketBase does not allow by default.
func prepare(app core.App) error {
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	s := app.Settings()
	s.Batch.Enabled = true
	if err := app.Save(s); err != nil {
		return err
	}
	if err := addOwner(app); err != nil {
		return err
	}
	everybody := ""
	c := core.NewBaseCollection("registrants")
	c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule = &everybody, &everybody, &everybody, &everybody
	c.Fields.Add(
		&core.NumberField{Name: "meeting", Required: true, OnlyInt: true},
		&core.EmailField{Name: "email", Required: true},
		&core.TextField{Name: "first_name", Max: 64},
		&core.TextField{Name: "last_name", Max: 64},
		&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{"approved", "pending", "denied"}},
		&core.JSONField{Name: "person"},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	c.AddIndex("registrants_email", true, "meeting, email", "")
	c.AddIndex("registrants_status", false, "meeting, status", "")
	return app.Save(c)
}

// addOwner makes a superuser: without one, serve would open a browser.
func addOwner(app core.App) error {
	owners, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	owner := core.NewRecord(owners)
	owner.SetEmail("owner@example.com")
	owner.SetRandomPassword()
	return app.Save(owner)
}
