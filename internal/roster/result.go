package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// An Outcome is what became of a row.
type Outcome string

// The outcomes of a row. All but Open are final.
const (
	Registered Outcome = "registered" // and has a link
	Pending    Outcome = "pending"    // registered, waits for approval
	Duplicate  Outcome = "duplicate"  // an earlier row has the same email; not sent
	Skipped    Outcome = "skipped"    // the file says that the person does not come; not sent
	Bad        Outcome = "bad"        // breaks a rule; not sent
	Refused    Outcome = "refused"    // the server would not take it
	Open       Outcome = "open"       // not sent, or its answer was lost; the next start sends it
)

// Final reports whether nothing more will be done about the row.
func (o Outcome) Final() bool { return o != Open }

// A Result is one row of the result file.
type Result struct {
	Row          int
	Email        string
	RegistrantID string
	JoinURL      string
	Outcome      Outcome
	Reason       string
}

// ResultHeader is the first line of a result file.
const ResultHeader = "row,email,registrant_id,join_url,outcome,reason\n"

// AppendTo appends r as one line of CSV, its line breaks made spaces, so that
// a file that was cut off can be told by its last line.
func (r Result) AppendTo(b []byte) ([]byte, error) {
	buf := bytes.NewBuffer(b)
	w := csv.NewWriter(buf)
	cells := []string{strconv.Itoa(r.Row), r.Email, r.RegistrantID, r.JoinURL, string(r.Outcome), r.Reason}
	for i := range cells {
		cells[i] = Harmless(strings.TrimSpace(oneLine.Replace(cells[i])))
	}
	if err := w.Write(cells); err != nil {
		return nil, fmt.Errorf("roster: write result of row %d: %w", r.Row, err)
	}
	w.Flush()
	return buf.Bytes(), w.Error()
}

var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

// ParseResult reads a line that AppendTo wrote.
func ParseResult(line string) (Result, error) {
	cells, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return Result{}, fmt.Errorf("roster: read result: %w", err)
	}
	if len(cells) != 6 {
		return Result{}, fmt.Errorf("roster: read result: %d cells instead of 6", len(cells))
	}
	for i := range cells {
		cells[i] = Plain(cells[i])
	}
	r := Result{Email: cells[1], RegistrantID: cells[2], JoinURL: cells[3], Outcome: Outcome(cells[4]), Reason: cells[5]}
	if r.Row, err = strconv.Atoi(cells[0]); err != nil || r.Row < 1 {
		return Result{}, fmt.Errorf("roster: read result: %q is no row", cells[0])
	}
	switch r.Outcome {
	case Registered, Pending, Duplicate, Skipped, Bad, Refused, Open:
		return r, nil
	}
	return Result{}, fmt.Errorf("roster: read result: %q is no outcome", cells[4])
}

// An ExportWriter writes people with their status and answers as CSV that
// NewReader reads again.
type ExportWriter struct {
	csv    *csv.Writer
	fields []Field
	titles []string
}

// NewExportWriter writes the header to w: the fields that has says, and the
// titles of the custom questions, in the order of their columns.
func NewExportWriter(w io.Writer, has func(Field) bool, titles []string) (*ExportWriter, error) {
	e := &ExportWriter{csv: csv.NewWriter(w), titles: titles}
	var header []string
	for _, f := range Fields {
		if has(f.Field) {
			header = append(header, f.Header)
			e.fields = append(e.fields, f.Field)
		}
	}
	header = append(header, "Approval Status", "Registration Time", "Registrant ID", "Join URL")
	for _, t := range titles {
		if Means(t) || key(t) == "" || strings.HasPrefix(t, QuestionPrefix) {
			t = QuestionPrefix + t
		}
		header = append(header, t)
	}
	return e, e.write(header)
}

// A Registrant is one row of an export.
type Registrant struct {
	Values                          map[Field]string
	Status, Registered, ID, JoinURL string
	Answers                         map[string]string // by title
}

// Write adds one row.
func (e *ExportWriter) Write(r Registrant) error {
	var cells []string
	for _, f := range e.fields {
		cells = append(cells, r.Values[f])
	}
	cells = append(cells, r.Status, r.Registered, r.ID, r.JoinURL)
	for _, t := range e.titles {
		cells = append(cells, r.Answers[t])
	}
	return e.write(cells)
}

func (e *ExportWriter) write(cells []string) error {
	if err := e.csv.Write(harmless(cells)); err != nil {
		return fmt.Errorf("roster: write export: %w", err)
	}
	return nil
}

// Flush writes what is buffered.
func (e *ExportWriter) Flush() error {
	e.csv.Flush()
	if err := e.csv.Error(); err != nil {
		return fmt.Errorf("roster: write export: %w", err)
	}
	return nil
}
