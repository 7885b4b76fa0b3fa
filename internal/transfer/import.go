// Package transfer runs the import of a CSV file into a meeting and the export
// of a meeting's registrants as CSV, against any server that speaks the API.
package transfer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"muster/internal/client"
	"muster/internal/roster"
)

// The number of requests at once where ImportOptions has none.
const defaultConcurrency = 4

// ImportOptions say what to import and how. File, Meeting and Client are
// needed, a dry run can do without Client and Meeting.
type ImportOptions struct {
	Client  *client.Client
	Dialect string // zoom or "", or webex
	Meeting string // its number, for webex its id
	File    string // the CSV file
	Result  string // the result file, "" for File without its ending and with .result.csv; its journal's head lies beside it as .state

	DryRun  bool          // read, check and report; no request that writes, and none at all without Client
	Preview func(Preview) // gets every row of a dry run, may be nil

	Questions         string   // which unknown columns are answers: auto (or ""), all, none, or a CSV list of headers
	Ignore            []string // headers of columns to leave out
	Occurrences       []string // ids; people are then added one by one, batches have no occurrences
	AutoApprove       bool     // approve at once where a host would have to
	ConfirmationEmail bool     // ask for the confirmation mail, which batches do not send by themselves
	Everyone          bool     // send those too whose status in the file is denied, cancelled and the like
	Single            bool     // add people one by one: other servers' batches drop all but email and name without a word

	BatchSize   int // 0 for what the API takes: 30, webex 100
	Concurrency int // requests at once, 0 for 4; with 1, places go to the file's first rows

	Restart      bool // forget an earlier run with this result file and send everybody again
	RetryRefused bool // send those again whom the server refused in an earlier run

	Progress func(done, total int) // called by one goroutine at a time, may be nil

	api dialect
}

// A Preview is one row of a dry run: Person is what would be sent, or nil with
// a Result that says why not.
type Preview struct {
	Person client.Person
	Result roster.Result
}

// Import registers the people of a file. It may be killed at any moment and
// called again with the same options: it goes on where it stopped. Each row of
// the file is in the result file once, in the file's order. An error means
// that rows are left open or that nothing was begun; it says what to do. Rows
// that are bad or refused are no error: see Summary.
func Import(ctx context.Context, o ImportOptions) (Summary, error) {
	if err := o.prepare(); err != nil {
		return Summary{}, err
	}
	file, err := os.Open(o.File)
	if err != nil {
		return Summary{}, fmt.Errorf("open the list of people: %w", err)
	}
	defer file.Close()
	p, err := survey(ctx, file, o)
	if err != nil {
		return Summary{}, fmt.Errorf("%s: %w", o.File, err)
	}
	if o.DryRun {
		return p.summary, nil
	}
	j, err := openJournal(file, o, p.layout.Hash)
	if err != nil {
		return p.summary, err
	}
	defer j.close()
	p.summary.Earlier = len(j.final)
	cause := newSender(o, p, j).run(ctx, file)
	if err := j.finish(&p.summary, cause); err != nil {
		return p.summary, errors.Join(cause, err)
	}
	if cause == nil && p.summary.Open > 0 {
		cause = fmt.Errorf("%d rows are left open, see their reasons in %s; start again to send them", p.summary.Open, o.Result)
	}
	return p.summary, cause
}

func (o *ImportOptions) prepare() error {
	switch {
	case o.File == "":
		return errors.New("no file to import: name a CSV file")
	case o.Meeting == "" && !o.DryRun:
		return errors.New("no meeting to import into: set --meeting")
	case o.Client == nil && !o.DryRun:
		return errors.New("no server to import into: set --url and the credentials")
	case o.BatchSize < 0 || o.Concurrency < 0:
		return errors.New("the batch size and the number of requests at once must be positive")
	}
	var err error
	if o.api, err = dialectOf(o.Dialect, o.Client); err != nil {
		return err
	}
	if o.Meeting != "" { // a dry run may do without
		if o.Meeting, err = o.api.meeting(o.Meeting); err != nil {
			return err
		}
	}
	if err := o.api.suits(o); err != nil {
		return err
	}
	if o.BatchSize == 0 {
		o.BatchSize = o.api.size()
	}
	if o.Concurrency == 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Result == "" {
		o.Result = strings.TrimSuffix(o.File, ".csv") + ".result.csv"
	}
	if o.Questions == "" {
		o.Questions = "auto"
	}
	return nil
}
