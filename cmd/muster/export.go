package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"muster/internal/client"
	"muster/internal/transfer"
)

func exportFlags(o *transfer.ExportOptions, c *client.Config, status *string, errOut io.Writer) *flags {
	f := newFlags("export", "", "Writes the registrants of a meeting as CSV, with status, answers and link, from any server that speaks the Zoom API or, with --dialect webex, the Webex API (which gives no links).\n"+
		"Cells that a spreadsheet would run as formulas get an apostrophe before them; an import takes it away again.", errOut)
	connectionFlags(f, c)
	f.StringVar(&c.SubAccount, "sub-account", "", "`id` of the sub account whose meeting it is")
	dialectFlag(f, &o.Dialect)
	f.StringVar(&o.Meeting, "meeting", "", "`number` of the meeting; with webex its id")
	f.StringVar(&o.Occurrence, "occurrence", "", "`id` of an occurrence: only those who are registered for it")
	f.StringVar(&o.File, "output", "", "`file` to write, whole or not at all; also -o; the standard output unless given")
	f.StringVar(&o.File, "o", "", "")
	f.StringVar(status, "status", "pending,approved,denied", "`status` of those to write, with commas between; denied is what Webex calls rejected")
	f.BoolVar(&o.BOM, "bom", false, "begin with a byte order mark, which Excel needs to read the names")
	f.onlyConnectionVariables()
	return f
}

func exportPeople(ctx context.Context, args []string, out, errOut io.Writer) error {
	var o transfer.ExportOptions
	var c client.Config
	var status string
	if _, err := exportFlags(&o, &c, &status, errOut).parse(args, 0); err != nil {
		return err
	}
	if o.Meeting == "" {
		return usagef("--meeting is missing: the number of the meeting, with --dialect webex its id")
	}
	o.Statuses = commaList(status)
	for _, s := range o.Statuses {
		if !slices.Contains([]string{"pending", "approved", "denied"}, s) {
			return usagef("--status must be pending, approved or denied, or some of them with commas between, not %q", s)
		}
	}
	if o.File == "-" {
		o.File = ""
	}
	if o.File == "" {
		o.Out = out
	}
	var err error
	if o.Client, err = client.New(c); err != nil {
		return err
	}
	bar := newProgress(errOut, "")
	o.Progress = bar.show
	n, err := transfer.Export(ctx, o)
	bar.end()
	if err == nil && o.File != "" {
		fmt.Fprintf(errOut, "%d people are in %s; it holds personal links: keep it to yourself\n", n, o.File)
	}
	return err
}
