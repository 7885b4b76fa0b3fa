package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"muster/internal/muster"
)

// The person column has what a registrant says of themselves, and what nobody
// searches for, as one JSON object. Reading and writing it is by hand: a page
// of a list has 300, and encoding/json takes ten times as long.

// memberNames are the members of the object for the fields of a person, in
// the order of muster.Person.Fields.
var memberNames = [muster.PersonFields]string{
	"first_name", "last_name", "address", "city", "country", "zip", "state", "phone", "industry", "org", "job_title",
	"purchasing_time_frame", "role_in_purchase_process", "no_of_employees", "comments", "language",
	"address2", "fax",
}

const (
	memberEmail   = "email"
	memberAnswers = "custom_questions"
	memberPIN     = "pin"
	memberLink    = "link_version"
)

type answerDoc struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// encodePerson returns the person column of r. Empty fields are left out.
func encodePerson(r *muster.Registrant) (string, error) {
	p := &r.Person
	b := make([]byte, 0, 512)
	b = append(b, `{"email":`...)
	b = appendText(b, p.Email)
	for i, f := range p.Fields() {
		if *f != "" {
			b = appendName(b, memberNames[i])
			b = appendText(b, *f)
		}
	}
	if r.PIN != 0 {
		b = strconv.AppendInt(appendName(b, memberPIN), r.PIN, 10)
	}
	if r.LinkVersion != 0 {
		b = strconv.AppendInt(appendName(b, memberLink), int64(r.LinkVersion), 10)
	}
	if len(p.Answers) > 0 {
		answers := make([]answerDoc, len(p.Answers))
		for i, a := range p.Answers {
			answers[i] = answerDoc(a)
		}
		text, err := json.Marshal(answers)
		if err != nil {
			return "", fmt.Errorf("store: encode person: %w", err)
		}
		b = append(appendName(b, memberAnswers), text...)
	}
	return string(append(b, '}')), nil
}

func appendName(b []byte, name string) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

// appendText appends s as a JSON string.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			text, _ := json.Marshal(s) // a string cannot fail
			return append(b, text...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// decodePerson sets what a person column says in r.
func decodePerson(text string, r *muster.Registrant) error {
	d := personText{rest: text}
	if !d.skip('{') {
		return fmt.Errorf("store: decode person: no object")
	}
	fields := r.Person.Fields()
	next := 0 // of memberNames: they come in this order
	for first := true; !d.skip('}'); first = false {
		name, ok := d.name(first)
		if !ok {
			return fmt.Errorf("store: decode person: damaged near %.20q", d.rest)
		}
		var err error
		switch name {
		case memberEmail:
			r.Person.Email, err = d.text()
		case memberPIN:
			r.PIN, err = d.number()
		case memberLink:
			var n int64
			n, err = d.number()
			r.LinkVersion = int(n)
		case memberAnswers:
			r.Person.Answers, err = d.answers()
		default:
			for next < len(memberNames) && memberNames[next] != name {
				next++
			}
			if next == len(memberNames) {
				return fmt.Errorf("store: decode person: a member %.20q where none is", name)
			}
			*fields[next], err = d.text()
		}
		if err != nil {
			return fmt.Errorf("store: decode person: %w", err)
		}
	}
	return nil
}

// personText is what is left to read of a person column. It knows what our
// own encoder writes, without blanks.
type personText struct{ rest string }

func (d *personText) skip(c byte) bool {
	if d.rest == "" || d.rest[0] != c {
		return false
	}
	d.rest = d.rest[1:]
	return true
}

// name reads the name of a member and the colon.
func (d *personText) name(first bool) (string, bool) {
	if !first && !d.skip(',') || !d.skip('"') {
		return "", false
	}
	name, rest, ok := strings.Cut(d.rest, `":`)
	d.rest = rest
	return name, ok
}

// text reads a string. It shares the memory of the column where nothing in it
// is escaped.
func (d *personText) text() (string, error) {
	if d.rest == "" || d.rest[0] != '"' {
		return "", fmt.Errorf("no string near %.20q", d.rest)
	}
	end, escaped := 1, false
	for ; end < len(d.rest) && d.rest[end] != '"'; end++ {
		if d.rest[end] == '\\' {
			escaped = true
			end++
		}
	}
	if end >= len(d.rest) {
		return "", fmt.Errorf("a string without end near %.20q", d.rest)
	}
	raw := d.rest[:end+1]
	d.rest = d.rest[end+1:]
	if !escaped {
		return raw[1:end], nil
	}
	var s string
	err := json.Unmarshal([]byte(raw), &s)
	return s, err
}

func (d *personText) number() (int64, error) {
	end := strings.IndexAny(d.rest, ",}")
	if end < 0 {
		return 0, fmt.Errorf("a number without end near %.20q", d.rest)
	}
	n, err := strconv.ParseInt(d.rest[:end], 10, 64)
	d.rest = d.rest[end:]
	return n, err
}

// answers reads the answers to custom questions.
func (d *personText) answers() ([]muster.Answer, error) {
	in := json.NewDecoder(strings.NewReader(d.rest))
	var docs []answerDoc
	if err := in.Decode(&docs); err != nil {
		return nil, err
	}
	d.rest = d.rest[in.InputOffset():]
	answers := make([]muster.Answer, len(docs))
	for i, a := range docs {
		answers[i] = muster.Answer(a)
	}
	return answers, nil
}
