package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/store"
)

// auditOptions are the flags of muster audit.
type auditOptions struct {
	at           place
	account      string
	filter       app.AuditFilter
	since, until string
	limit        int
	asJSON       bool
}

func auditFlags(o *auditOptions, errOut io.Writer) *flags {
	f := newFlags("audit", "", "Lists who changed what in the administration of an account, the newest first, beside a running server too.", errOut)
	o.at.flags(f, "")
	f.StringVar(&o.account, "account", "", "`id` of the account; the oldest unless given")
	f.StringVar(&o.filter.Actor, "actor", "", "only what this one did: a user's `id` or email, or an app's client id")
	f.StringVar(&o.filter.Object, "object", "", "only what happened to this one: the `id` of a user, a group, a role …")
	f.StringVar(&o.since, "since", "", "only from this `time` on: 2026-03-25, 2026-03-25T07:46:00Z, or 36h for a time ago")
	f.StringVar(&o.until, "until", "", "only before this `time`")
	f.IntVar(&o.limit, "limit", 100, "`number` of changes at most, 0 for all")
	f.BoolVar(&o.asJSON, "json", false, "write a JSON object a line, with before and after")
	f.noEnv = map[string]bool{"account": true, "actor": true, "object": true, "since": true, "until": true, "limit": true, "json": true}
	return f
}

func audit(ctx context.Context, args []string, out, errOut io.Writer) error {
	var o auditOptions
	if _, err := auditFlags(&o, errOut).parse(args, 0); err != nil {
		return err
	}
	if o.limit < 0 {
		return usagef("--limit must not be negative")
	}
	return withData(ctx, o.at, func(a *app.App) (err error) {
		if o.filter.From, err = timeOrAgo("since", o.since, a.Now()); err != nil {
			return err
		}
		if o.filter.To, err = timeOrAgo("until", o.until, a.Now()); err != nil {
			return err
		}
		if o.account == "" {
			if o.account, err = a.OldestAccount(ctx); errors.Is(err, store.ErrNotFound) {
				return errors.New("the database has no account")
			} else if err != nil {
				return err
			}
		}
		return listAudit(ctx, a, &o, out)
	})
}

// timeOrAgo reads a time, or how long ago it is.
func timeOrAgo(name, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(text); err == nil {
		return now.Add(-ago), nil
	}
	at, err := schedule.ParseTime(text, time.UTC)
	if err != nil {
		return at, usagef("--%s: %v", name, err)
	}
	return at, nil
}

// listAudit writes page after page, until the limit.
func listAudit(ctx context.Context, a *app.App, o *auditOptions, out io.Writer) error {
	by := muster.Actor{Home: o.account, Account: o.account, Admin: true}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if !o.asJSON {
		fmt.Fprintln(t, "TIME\tWHAT\tUSER\tAPP\tOBJECTS\tBEFORE\tAFTER")
	}
	page := app.Page{Size: 300}
	for left := o.limit; ; {
		if o.limit > 0 {
			page.Size = min(left, 300)
		}
		list, err := a.Audit(ctx, by, o.filter, page)
		if err != nil {
			return err
		}
		for i := range list.Items {
			if err := writeChange(t, out, &list.Items[i], o.asJSON); err != nil {
				return err
			}
		}
		left -= len(list.Items)
		if list.Next == "" || o.limit > 0 && left <= 0 {
			return t.Flush()
		}
		page.Token = list.Next
	}
}

func writeChange(t, out io.Writer, e *muster.Event, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(map[string]any{
			"id": e.ID, "account": e.Account, "time": e.At.Format("2006-01-02T15:04:05.000Z07:00"), "kind": e.Kind, "user_id": e.User, "app_id": e.App,
			"objects": append([]string{}, e.Subjects...), "data": e.Data,
		})
	}
	cell := func(v any) string {
		if v == nil {
			return "-"
		}
		text, err := json.Marshal(v)
		if err != nil {
			return "?"
		}
		if short := []rune(string(text)); len(short) > 80 {
			return string(short[:80]) + "…"
		}
		return string(text)
	}
	_, err := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.At.Format("2006-01-02 15:04:05.000"), e.Kind, orDash(e.User), orDash(e.App),
		orDash(strings.Join(e.Subjects, ",")), cell(e.Data["before"]), cell(e.Data["after"]))
	return err
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
