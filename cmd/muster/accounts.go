package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"muster/internal/app"
	"muster/internal/server"
)

// withData opens the database of a command, runs f and closes it.
func withData(ctx context.Context, p place, f func(*app.App) error) error {
	d, err := openData(ctx, p, false)
	if err != nil {
		return err
	}
	d.app.Followed = true // by the server beside it, or by the next that follows events
	return errors.Join(plain(f(d.app), byFlag), d.close())
}

// subcommand splits the word after a command from its arguments.
func subcommand(args []string, words ...string) (string, []string, error) {
	if len(args) > 0 && slices.Contains(words, args[0]) {
		return args[0], args[1:], nil
	}
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "help") {
		return words[0], []string{"--help"}, nil
	}
	return "", nil, usagef("say which: %s", strings.Join(words, ", "))
}

func account(ctx context.Context, args []string, out, errOut io.Writer) error {
	_, args, err := subcommand(args, "add")
	if err != nil {
		return err
	}
	var at place
	var n app.NewAccount
	f := newFlags("account add", "", "Adds an account with its owner and an app, beside a running server too, and prints its credentials once.", errOut)
	at.flags(f, "")
	f.StringVar(&n.Parent, "parent", "", "`id` of the account that the new one is a sub account of")
	f.StringVar(&n.Name, "name", "", "`name` of the account")
	f.StringVar(&n.OwnerEmail, "owner-email", "", "`email` of its owner")
	f.StringVar(&n.Timezone, "timezone", "", "IANA `zone` of its owner; UTC unless given")
	f.noEnv = map[string]bool{"parent": true, "name": true, "owner-email": true, "timezone": true}
	if _, err := f.parse(args, 0); err != nil {
		return err
	}
	return withData(ctx, at, func(a *app.App) error {
		made, err := a.AddAccount(ctx, n)
		if err != nil {
			return err
		}
		printApp(out, made)
		return nil
	})
}

func apps(ctx context.Context, args []string, out, errOut io.Writer) error {
	word, args, err := subcommand(args, "list", "add", "rotate", "remove")
	if err != nil {
		return err
	}
	var at place
	var accountID, name, scopes string
	about := map[string]string{
		"list":   "Lists the apps of an account, of every account without --account.",
		"add":    "Adds an app to an account and prints its credentials once.",
		"rotate": "Gives an app a new secret, which is printed once; its tokens are dead within a second.",
		"remove": "Removes an app; its tokens are dead within a second.",
	}[word]
	words, argument := 0, ""
	if word == "rotate" || word == "remove" {
		words, argument = 1, "CLIENT_ID"
	}
	f := newFlags("app "+word, argument, about, errOut)
	at.flags(f, "")
	if words == 0 {
		f.StringVar(&accountID, "account", "", "`id` of the account")
	}
	if word == "add" {
		f.StringVar(&name, "name", "app", "`name` of the app, for the list")
		f.StringVar(&scopes, "scopes", "", "`scopes` that it has, with commas between; every scope unless given")
	}
	f.noEnv = map[string]bool{"account": true, "name": true, "scopes": true}
	given, err := f.parse(args, words)
	if err != nil {
		return err
	}
	if len(given) < words {
		return usagef("the client id is missing")
	}
	if word == "add" && accountID == "" {
		return usagef("--account is missing: the id of the account that the app is for")
	}
	list, err := knownScopes(scopes)
	if err != nil {
		return err
	}
	return withData(ctx, at, func(a *app.App) error {
		switch word {
		case "list":
			return listApps(ctx, a, accountID, out)
		case "remove":
			return a.RemoveApp(ctx, given[0])
		}
		add := func() (*app.Credentials, error) { return a.AddApp(ctx, accountID, name, list) }
		if word == "rotate" {
			add = func() (*app.Credentials, error) { return a.RotateApp(ctx, given[0]) }
		}
		made, err := add()
		if err == nil {
			printApp(out, made)
		}
		return err
	})
}

// knownScopes splits a list of scopes and refuses those that no operation knows.
func knownScopes(text string) ([]string, error) {
	known := server.Declare(&app.App{}, "").Scopes()
	list := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	for _, s := range list {
		if !slices.Contains(known, s) {
			return nil, usagef("--scopes: no operation knows the scope %q; muster operations lists them", s)
		}
	}
	return list, nil
}

func listApps(ctx context.Context, a *app.App, account string, out io.Writer) error {
	list, err := a.Apps(ctx, account)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CLIENT ID\tACCOUNT\tNAME\tCREATED\tSCOPES")
	for _, p := range list {
		scopes := strings.Join(p.Scopes, " ")
		if scopes == "" {
			scopes = "(all)"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", p.ID, p.Account, p.Name, p.CreatedAt.Format("2006-01-02 15:04"), scopes)
	}
	return t.Flush()
}
