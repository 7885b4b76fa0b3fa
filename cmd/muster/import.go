package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"muster/internal/client"
	"muster/internal/transfer"
)

func importFlags(o *transfer.ImportOptions, c *client.Config, errOut io.Writer) *flags {
	f := newFlags("import", "FILE.csv", "Registers the people of a CSV file for a meeting, on any server that speaks the Zoom API or, with --dialect webex, the Webex API.\n"+
		"Killed and started again it goes on where it stopped. It ends with 1 where rows are bad, refused or open.", errOut)
	connectionFlags(f, c)
	f.StringVar(&c.SubAccount, "sub-account", "", "`id` of the sub account whose meeting it is")
	dialectFlag(f, &o.Dialect)
	f.StringVar(&o.Meeting, "meeting", "", "`number` of the meeting; with webex its id")
	f.StringVar(&o.Result, "result", "", "`file` for what became of each row; FILE.result.csv unless given. What is done is kept in it, and in a .state file beside it")
	f.BoolVar(&o.DryRun, "dry-run", false, "send nobody: show what would be sent, and which rows are bad and why")
	f.BoolVar(&o.Restart, "restart", false, "forget an earlier run with this result file and send everybody again")
	f.BoolVar(&o.RetryRefused, "retry-refused", false, "send those again whom the server refused in an earlier run")
	f.StringVar(&o.Questions, "questions", "auto", "which `columns` answer custom questions: auto (those that the meeting asks), all, none, or headers with commas between")
	f.Func("ignore", "`header` of a column to leave out; may be given more than once", func(header string) error {
		o.Ignore = append(o.Ignore, header)
		return nil
	})
	f.Func("occurrences", "`ids` of the occurrences to register for, with commas between", func(ids string) error {
		o.Occurrences = append(o.Occurrences, commaList(ids)...)
		return nil
	})
	f.BoolVar(&o.AutoApprove, "auto-approve", false, "approve at once where the host approves by hand")
	f.BoolVar(&o.ConfirmationEmail, "confirmation-email", false, "ask for the confirmation mail, which batches do not send by themselves")
	f.BoolVar(&o.Everyone, "everyone", false, "send those too whose status in the file is denied, cancelled and the like")
	f.BoolVar(&o.Single, "single", false, "add people one by one: the batches of other servers drop all but email and name")
	f.IntVar(&o.BatchSize, "batch-size", 0, "how many `people` to send at once; what the API takes unless given: 30, with webex 100")
	f.IntVar(&o.Concurrency, "concurrency", 4, "how many `requests` to make at once; with 1, places go to the first rows of the file")
	f.onlyConnectionVariables()
	return f
}

func importPeople(ctx context.Context, args []string, out, errOut io.Writer) error {
	var o transfer.ImportOptions
	var c client.Config
	words, err := importFlags(&o, &c, errOut).parse(args, 1)
	switch {
	case err != nil:
		return err
	case len(words) == 0:
		return usagef("name the CSV file")
	case o.Meeting == "" && !o.DryRun:
		return usagef("--meeting is missing: the number of the meeting, with --dialect webex its id")
	}
	o.File = words[0]
	if !o.DryRun || !anonymous(c) {
		if o.Client, err = client.New(c); err != nil {
			return err
		}
	}
	bar := newProgress(errOut, "")
	o.Progress = bar.show
	o.Preview = func(p transfer.Preview) { printPreview(out, p) }
	summary, err := transfer.Import(ctx, o)
	bar.end()
	if summary.Rows > 0 {
		fmt.Fprint(out, calmed(summary.String()))
	}
	if err == nil && !summary.Clean() {
		return exitStatus(1)
	}
	return err
}

// printPreview prints what would be sent for a row, or why nothing would.
func printPreview(out io.Writer, p transfer.Preview) {
	if p.Person == nil {
		fmt.Fprint(out, calmed(fmt.Sprintf("line %d  %s: %s\n", p.Result.Row, p.Result.Outcome, p.Result.Reason)))
		return
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(p.Person); err != nil { // strings only: it cannot
		fmt.Fprintf(&b, "%v\n", err)
	}
	fmt.Fprint(out, calmed(fmt.Sprintf("line %d  would send %s", p.Result.Row, b.String())))
}
