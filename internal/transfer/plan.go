package transfer

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"muster/internal/client"
	"muster/internal/roster"
)

// A plan is what a first reading of the file found: nothing is sent before the
// whole file could be read.
type plan struct {
	layout  roster.Layout
	asks    map[int]string // by column: the title of the question that it answers
	drops   []int          // columns to leave out
	summary Summary
}

// survey reads the whole file.
func survey(ctx context.Context, file *os.File, o ImportOptions) (*plan, error) {
	r, err := roster.NewReader(file)
	if err != nil {
		return nil, err
	}
	p := &plan{layout: r.Layout(), asks: map[int]string{}, summary: Summary{Layout: r.Layout()}}
	titles, err := p.questions(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := p.choose(o, titles); err != nil {
		return nil, err
	}
	src := p.source(r, o)
	for {
		next, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p.summary.Rows++
		if o.DryRun {
			p.preview(o, next)
		}
	}
	p.summary.Blank = r.Blank()
	if p.layout.Encoding == roster.Windows1252 {
		p.note("the file is not valid UTF-8 and is read as Windows-1252: check the names in a dry run, or save it as “CSV UTF-8”")
	}
	if !o.DryRun {
		p.summary.Result = o.Result
	}
	return p, nil
}

func (p *plan) note(text string) { p.summary.Notes = append(p.summary.Notes, text) }

func (p *plan) preview(o ImportOptions, e entry) {
	if e.local.Outcome != "" {
		p.summary.count(e.local)
	} else {
		p.summary.Ready++
	}
	if o.Preview == nil {
		return
	}
	if e.local.Outcome != "" {
		o.Preview(Preview{Result: e.local})
		return
	}
	o.Preview(Preview{Person: e.person, Result: roster.Result{Row: e.line, Email: e.email}})
}

// questions asks for the titles of the meeting's custom questions. Who may
// write may not always read: then columns are judged without them.
func (p *plan) questions(ctx context.Context, o ImportOptions) ([]string, error) {
	if o.Questions == "none" {
		return nil, nil
	}
	if o.Client == nil || o.Meeting == "" {
		if o.Questions == "auto" || !o.api.anyTitle() {
			p.note("without a server and a meeting it is not known which columns answer its questions")
		}
		return nil, nil
	}
	titles, err := o.api.questions(ctx, o.Meeting)
	if err != nil {
		if !o.DryRun && hopeless(o.api, err) {
			return nil, explain(o.api, err, o.Meeting)
		}
		p.note("the meeting's questions could not be read, columns are matched without them: " + err.Error())
		return nil, nil
	}
	return titles, nil
}

// hopeless tells that an import cannot succeed if its questions cannot be read
// for that reason.
func hopeless(d dialect, err error) bool {
	e := client.Refused(err)
	return e == nil || e.TokenError || e.Location != "" || e.Status >= 500 || d.hopeless(e) ||
		e.Status == http.StatusTooManyRequests || e.Status == http.StatusUnauthorized
}

// choose decides what becomes of the columns that fill no field.
func (p *plan) choose(o ImportOptions, titles []string) error {
	spelled := func(title string) (string, bool) {
		for _, t := range titles {
			if roster.SameTitle(t, title) {
				return t, true
			}
		}
		return title, false
	}
	if err := p.byName(o, spelled); err != nil {
		return err
	}
	for i, c := range p.layout.Columns {
		if p.asks[i] != "" || c.Header == "" {
			continue
		}
		dropped := slices.Contains(p.drops, i)
		if c.Field != "" && roster.OfPerson(c.Field) && !o.api.knows(c.Field) {
			c.Field, c.Title = "", c.Header // to this API a word like others
			p.drops = append(p.drops, i)
		}
		if c.Field != "" && !dropped {
			continue
		}
		title, known := spelled(c.Title)
		wanted := o.Questions == "all" || (o.Questions == "auto" && known)
		if c.Title != "" && !dropped && wanted && (known || o.api.anyTitle()) {
			p.asks[i] = title
			continue
		}
		p.summary.Ignored = append(p.summary.Ignored, c.Header)
	}
	for i := range p.layout.Columns {
		if title := p.asks[i]; title != "" {
			p.summary.Answers = append(p.summary.Answers, title)
		}
	}
	return nil
}

// byName finds the columns that the options name.
func (p *plan) byName(o ImportOptions, spelled func(string) (string, bool)) error {
	for _, header := range o.Ignore {
		i, err := p.column(header)
		if err != nil {
			return err
		}
		p.drops = append(p.drops, i)
	}
	if o.Questions == "auto" || o.Questions == "all" || o.Questions == "none" {
		return nil
	}
	in := csv.NewReader(strings.NewReader(o.Questions))
	in.TrimLeadingSpace = true
	headers, err := in.Read()
	if err != nil {
		return fmt.Errorf("--questions is auto, all, none or headers with commas between, not %q: %w", o.Questions, err)
	}
	for _, header := range headers {
		i, err := p.column(header)
		if err != nil {
			return err
		}
		title := p.layout.Columns[i].Title
		if title == "" {
			title = p.layout.Columns[i].Header
		}
		asked, known := spelled(title)
		if !known && !o.api.anyTitle() && o.Client != nil {
			return fmt.Errorf("the column %q answers no question: the meeting asks none of that title, or its questions could not be read", header)
		}
		p.asks[i] = asked
	}
	return nil
}

func (p *plan) column(header string) (int, error) {
	var all []string
	for i, c := range p.layout.Columns {
		if roster.SameTitle(c.Header, header) {
			return i, nil
		}
		all = append(all, c.Header)
	}
	return 0, fmt.Errorf("no column is named %q: the file has %s", header, strings.Join(all, "; "))
}

// A source gives the rows of a file, each with its verdict.
type source struct {
	reader   *roster.Reader
	checker  roster.Checker
	api      dialect
	everyone bool
}

// source reads from r, which stands before the first row.
func (p *plan) source(r *roster.Reader, o ImportOptions) *source {
	for column, title := range p.asks {
		r.Ask(column, title)
	}
	for _, column := range p.drops {
		r.Ignore(column)
	}
	return &source{reader: r, checker: roster.Checker{LongestAnswer: o.api.longest()}, api: o.api, everyone: o.Everyone}
}

// An entry is a row to be sent, or one whose local result says why it is not.
type entry struct {
	line   int
	email  string
	person client.Person
	local  roster.Result
}

func (s *source) next() (entry, error) {
	row, err := s.reader.Next()
	if err != nil {
		return entry{}, err
	}
	gone := !s.everyone && row.Problem == "" && roster.Gone(row.Status)
	if gone {
		local := roster.Result{Row: row.Line, Email: row.Values[roster.Email], Outcome: roster.Skipped}
		local.Reason = fmt.Sprintf("the file says %q", row.Status)
		return entry{line: row.Line, local: local}, nil
	}
	problem, duplicate := s.checker.Check(&row)
	e := entry{line: row.Line, email: row.Values[roster.Email]}
	switch {
	case problem != "":
		e.local = roster.Result{Row: e.line, Email: e.email, Outcome: roster.Bad, Reason: problem}
	case duplicate != 0:
		e.local = roster.Result{Row: e.line, Email: e.email, Outcome: roster.Duplicate, Reason: fmt.Sprintf("same email as row %d", duplicate)}
	default:
		if e.person, problem = s.api.person(row); problem != "" {
			e.local = roster.Result{Row: e.line, Email: e.email, Outcome: roster.Bad, Reason: problem}
		}
	}
	return e, nil
}
