package roster

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A header is looked for in this many lines: reports have a preamble.
const headerLines = 20

const sampleSize = 64 << 10

// A Layout is what was found out about a file.
type Layout struct {
	Hash       string // SHA-256 of the file's bytes, in hex
	Encoding   Encoding
	Delimiter  rune
	HeaderLine int
	Columns    []Column
}

// A Reader gives one Row after the other. It holds one record in memory.
type Reader struct {
	layout  Layout
	csv     *csv.Reader
	blank   int
	pending *csv.ParseError // a quote that swallowed lines, until it is known that more follow
	answers []string        // by column: the title of the question that it answers
}

// NewReader finds out about the file, which it reads from its start twice, and
// stands before the first row. The error says what to do about a file that
// cannot be read.
func NewReader(file io.ReadSeeker) (*Reader, error) {
	encoding, mark, hash, err := rewound(file)
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(int64(mark), io.SeekStart); err != nil {
		return nil, fmt.Errorf("roster: rewind: %w", err)
	}
	in := bufio.NewReaderSize(decode(file, encoding), sampleSize)
	sample, _ := in.Peek(sampleSize) // a short file has less; a read error comes again below
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		in = bufio.NewReaderSize(oldMac{in}, sampleSize)
		sample, _ = in.Peek(sampleSize)
	}
	r := &Reader{layout: Layout{Hash: hash, Encoding: encoding}}
	if err := r.layout.find(string(sample)); err != nil {
		return nil, err
	}
	for range r.layout.HeaderLine - 1 {
		if err := skipLine(in); err != nil {
			return nil, fmt.Errorf("roster: read: %w", err)
		}
	}
	r.csv = newCSV(in, r.layout.Delimiter)
	if _, err := r.csv.Read(); err != nil {
		return nil, fmt.Errorf("roster: read the header in line %d: %w", r.layout.HeaderLine, err)
	}
	r.csv.ReuseRecord = true
	r.answers = make([]string, len(r.layout.Columns))
	return r, nil
}

func rewound(file io.ReadSeeker) (Encoding, int, string, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", 0, "", fmt.Errorf("roster: rewind: %w", err)
	}
	encoding, mark, hash, err := sniff(file)
	if err != nil && !errors.Is(err, ErrNotCSV) {
		err = fmt.Errorf("roster: read: %w", err)
	}
	return encoding, mark, hash, err
}

func newCSV(in io.Reader, delimiter rune) *csv.Reader {
	r := csv.NewReader(in)
	r.Comma, r.FieldsPerRecord = delimiter, -1
	return r
}

// find looks for the header and the delimiter together: those that give the
// most columns with a known meaning, one of them for email.
func (l *Layout) find(sample string) error {
	best := 0
	var first []string
	rest := sample
	for line := 1; line <= headerLines && rest != ""; line++ {
		for _, delimiter := range []rune{',', ';', '\t', '|'} {
			record, err := newCSV(strings.NewReader(rest), delimiter).Read()
			if err != nil || strings.HasPrefix(rest, "\n") || strings.HasPrefix(rest, "\r\n") {
				continue
			}
			if first == nil || (len(record) > len(first) && line == 1) {
				first = record
			}
			found, known := columns(record), 0
			email := false
			for _, c := range found {
				if c.Known {
					known++
				}
				email = email || c.Field == Email
			}
			if email && known > best {
				best, l.HeaderLine, l.Delimiter, l.Columns = known, line, delimiter, found
			}
		}
		_, rest, _ = strings.Cut(rest, "\n")
	}
	if best > 0 {
		return nil
	}
	return noHeader(first)
}

func noHeader(first []string) error {
	if len(first) == 0 {
		return fmt.Errorf("%w: it is empty", ErrNotCSV)
	}
	line := strings.Join(first[:min(len(first), 12)], ", ")
	if len(line) > 200 {
		line = line[:200] + "…"
	}
	if strings.Contains(line, "@") {
		return fmt.Errorf("the file has no headers, it begins with %q: put a first line above it that names the columns, such as: email,first name,last name", line)
	}
	return fmt.Errorf("none of the first %d lines names a column for email addresses, the file begins with %q: name that column “Email”", headerLines, line)
}

func skipLine(in *bufio.Reader) error {
	for {
		_, err := in.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// Layout tells what was found out about the file.
func (r *Reader) Layout() Layout { return r.layout }

// Blank counts the records without any text that Next has passed over.
func (r *Reader) Blank() int { return r.blank }

// Ask makes the cells of a column answers to the question of that title. The
// column then fills no field.
func (r *Reader) Ask(column int, title string) { r.answers[column] = title }

// Ignore makes a column fill nothing.
func (r *Reader) Ignore(column int) {
	r.layout.Columns = slices.Clone(r.layout.Columns)
	r.layout.Columns[column].Field, r.layout.Columns[column].Known = "", true
	r.layout.Columns[column].Title = ""
}

// Next returns the next row that has text, or io.EOF after the last. A record
// that cannot be read is a Row with a Problem. Any other error is the end: the
// file could not be read on, or a quote in it is never closed.
func (r *Reader) Next() (Row, error) {
	for {
		record, err := r.csv.Read()
		if errors.Is(err, io.EOF) && r.pending != nil {
			at := r.layout.HeaderLine - 1 + r.pending.StartLine
			return Row{}, fmt.Errorf("the quote opened in the record of line %d is never closed, so that the file ends inside it: close it, or double it if it belongs to the text", at)
		}
		r.pending = nil
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return r.broken(parse), nil
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				err = fmt.Errorf("roster: read: %w", err)
			}
			return Row{}, err
		}
		line, _ := r.csv.FieldPos(0)
		row, text := r.row(record, r.layout.HeaderLine-1+line)
		if text {
			return row, nil
		}
		r.blank++
	}
}

func (r *Reader) broken(parse *csv.ParseError) Row {
	shift := r.layout.HeaderLine - 1
	row := Row{Line: shift + parse.StartLine, Problem: "a quote stands where none may be: put the cell in quotes and double those inside"}
	if parse.Line > parse.StartLine {
		r.pending = parse
		row.Problem = fmt.Sprintf("the quotes do not match, so that lines %d to %d run into one another: close or double them", row.Line, shift+parse.Line)
	}
	return row
}

// row reads a record; false if no cell of it has text.
func (r *Reader) row(record []string, line int) (Row, bool) {
	row := Row{Line: line, Values: make(map[Field]string, 4)}
	text := false
	for i, cell := range record {
		cell = strings.TrimSpace(clean(Plain(cell)))
		if cell == "" {
			continue
		}
		text = true
		if i >= len(r.layout.Columns) {
			row.Problem = fmt.Sprintf("the row has %d cells and the header %d: a cell with a “%c” in it needs quotes", len(record), len(r.layout.Columns), r.layout.Delimiter)
			continue
		}
		switch field := r.layout.Columns[i].Field; {
		case r.answers[i] != "":
			row.Answers = append(row.Answers, Answer{Title: r.answers[i], Value: cell})
		case field == fullName:
			first, last := splitName(cell)
			row.set(FirstName, first)
			row.set(LastName, last)
		case field == status:
			row.Status = cell
		case field != "":
			row.set(field, cell)
		}
	}
	return row, text
}

func (r *Row) set(f Field, value string) {
	if value != "" {
		r.Values[f] = value
	}
}

// splitName parts a whole name before its last word, or at a comma if the
// family name comes first.
func splitName(name string) (first, last string) {
	if last, first, ok := strings.Cut(name, ","); ok {
		return strings.TrimSpace(first), strings.TrimSpace(last)
	}
	if at := strings.LastIndexByte(name, ' '); at > 0 {
		return strings.TrimSpace(name[:at]), name[at+1:]
	}
	return name, ""
}

// oldMac ends lines as everybody else does.
type oldMac struct{ r io.Reader }

func (m oldMac) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
