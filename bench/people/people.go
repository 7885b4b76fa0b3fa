// Package people makes up the people whom the benchmarks register: some 470
// bytes of data each, always the same, with a number stamped into the email.
package people

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
)

// A Person is what a registration says of somebody.
type Person struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Details
}

// Details are a person's other fields.
type Details struct {
	City     string `json:"city"`
	Country  string `json:"country"`
	Phone    string `json:"phone"`
	Industry string `json:"industry"`
	Org      string `json:"org"`
	JobTitle string `json:"job_title"`
	Comments string `json:"comments"`
}

// Blank stands where a stamp will be: at the beginning of every email.
const Blank = "__stamp___"

var (
	firstNames = []string{"Ann", "Bob", "Cem", "Dana", "Émile", "Farah", "Goran", "Hanna", "Igor", "Jin", "Kofi", "Lotte", "Mei", "Nils", "Olga", "Pedro"}
	lastNames  = []string{"Almeida", "Berger", "Chen", "Dubois", "Eriksen", "Fischer", "García", "Horvat", "Ito", "Jansen", "Kowalski", "Lindqvist", "Moreau", "Novák"}
	cities     = []string{"Lisbon", "Vienna", "Gothenburg", "Kraków", "Buenos Aires", "Utrecht", "Ljubljana", "San Sebastián"}
	orgs       = []string{"Northern Lights Library Association", "City of Graz, Office of Sports", "Harbour Choir and Orchestra", "Institute of Applied Gardening"}
	titles     = []string{"Coordinator of volunteers", "Head of the programme office", "Teacher of mathematics", "Treasurer and webmaster"}
	comments   = []string{
		"I would like to come with a colleague who needs a seat near the door, if there is one left.",
		"Please tell me beforehand whether the slides will be there afterwards; I may have to leave early.",
		"We have taken part twice before and look forward to the questions at the end of the evening.",
	}
)

// Make returns the nth person, without a stamp yet.
func Make(n int) Person {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	one := func(list []string) string { return list[r.IntN(len(list))] }
	return Person{
		Email: Blank + ".registrant@example.org", FirstName: one(firstNames), LastName: one(lastNames),
		Details: Details{
			City: one(cities), Country: "AT", Phone: fmt.Sprintf("+43 1 %07d", r.IntN(1e7)), Industry: "Education",
			Org: one(orgs), JobTitle: one(titles), Comments: one(comments),
		},
	}
}

// Stamp spells n, below 2^50, as ten characters. Numbers that follow each
// other are scattered, as emails are; no two numbers have one stamp. The
// program in csqlite spells alike.
func Stamp(to []byte, n uint64) {
	const letters = "0123456789abcdefghijklmnopqrstuv"
	n *= 0x9E3779B97F4A7C15 // odd, so that each number keeps a stamp of its own
	for i := range len(Blank) {
		to[i] = letters[n&31]
		n >>= 5
	}
}

// Numbers gives numbers that were not given before.
type Numbers struct{ last atomic.Uint64 }

// Next returns the next number.
func (n *Numbers) Next() uint64 { return n.last.Add(1) }

// A Body is the body of a request with blanks to stamp.
type Body struct {
	text   []byte
	blanks []int
}

// NewBody returns v as JSON, with its blanks found.
func NewBody(v any) (*Body, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	b := &Body{text: text}
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(Blank))
		if i < 0 {
			return b, nil
		}
		b.blanks = append(b.blanks, at+i)
		at += i + len(Blank)
	}
}

// Fill stamps a new number into each blank and returns the text, which is
// b's own and good until the next Fill.
func (b *Body) Fill(numbers *Numbers) []byte {
	for _, at := range b.blanks {
		Stamp(b.text[at:], numbers.Next())
	}
	return b.text
}
