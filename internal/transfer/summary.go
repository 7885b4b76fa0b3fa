package transfer

import (
	"fmt"
	"strings"

	"muster/internal/roster"
)

// MaxProblems is how many problems a Summary holds at most; all of them are in
// the result file.
const MaxProblems = 1000

// A Summary is what is known about an import: after a dry run what would be,
// else what is, over all runs with the same result file.
type Summary struct {
	Layout  roster.Layout
	Answers []string // the titles of the custom questions that columns answer
	Ignored []string // the headers of the columns that are not sent
	Notes   []string // what the person should know

	Rows    int // with text; the sum of the counts below
	Blank   int // records without any text, not counted in Rows
	Earlier int // rows that an earlier run had finished

	Ready      int // to be sent: of a dry run only
	Registered int
	Pending    int
	Duplicates int
	Skipped    int
	Bad        int
	Refused    int
	Open       int

	Problems []roster.Result // the first rows that are not registered, duplicates included
	Result   string          // the result file, "" after a dry run
}

// Clean reports whether everybody whom the file wants registered is so, or
// could be.
func (s Summary) Clean() bool { return s.Bad == 0 && s.Refused == 0 && s.Open == 0 }

// count adds one row's result.
func (s *Summary) count(r roster.Result) {
	switch r.Outcome {
	case roster.Registered:
		s.Registered++
		return
	case roster.Pending:
		s.Pending++
		return
	case roster.Duplicate:
		s.Duplicates++
	case roster.Skipped:
		s.Skipped++
	case roster.Bad:
		s.Bad++
	case roster.Refused:
		s.Refused++
	case roster.Open:
		s.Open++
	}
	if len(s.Problems) < MaxProblems {
		s.Problems = append(s.Problems, r)
	}
}

// String is the summary for people, of several lines.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d rows (%s, separated by %s)\n", s.Rows, s.Layout.Encoding, delimiterName(s.Layout.Delimiter))
	for _, c := range []struct {
		n    int
		what string
	}{
		{s.Ready, "would be sent"},
		{s.Registered, "registered"},
		{s.Pending, "registered, wait for approval"},
		{s.Duplicates, "duplicates of earlier rows, not sent"},
		{s.Skipped, "skipped: their status in the file says that they do not come"},
		{s.Bad, "bad, not sent"},
		{s.Refused, "refused by the server"},
		{s.Open, "open: start again to send them"},
	} {
		if c.n > 0 {
			fmt.Fprintf(&b, "%8d  %s\n", c.n, c.what)
		}
	}
	if s.Earlier > 0 {
		fmt.Fprintf(&b, "%d of the rows were done by an earlier run\n", s.Earlier)
	}
	if len(s.Answers) > 0 {
		fmt.Fprintf(&b, "answers to questions: %s\n", strings.Join(s.Answers, "; "))
	}
	if len(s.Ignored) > 0 {
		fmt.Fprintf(&b, "ignored columns: %s\n", strings.Join(s.Ignored, "; "))
	}
	for _, n := range s.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	const shown = 20
	for _, r := range s.Problems[:min(len(s.Problems), shown)] {
		fmt.Fprintf(&b, "line %d  %s  %s: %s\n", r.Row, r.Email, r.Outcome, r.Reason)
	}
	if rest := s.Duplicates + s.Skipped + s.Bad + s.Refused + s.Open - shown; rest > 0 {
		fmt.Fprintf(&b, "… and %d more\n", rest)
	}
	if s.Result != "" {
		fmt.Fprintf(&b, "all rows are in %s; it holds personal links: keep it to yourself\n", s.Result)
	}
	return b.String()
}

func delimiterName(d rune) string {
	switch d {
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	}
	return string(d)
}
