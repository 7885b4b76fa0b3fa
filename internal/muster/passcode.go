package muster

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxPasscode is how many characters a passcode has at most. A dialect may
// have a lower limit for those that it sets.
const MaxPasscode = 64

// MaxPasscodeLength is the longest that PasscodeRules can ask for: no dialect
// takes less.
const MaxPasscodeLength = 10

// CheckPasscode returns "" if p may be a passcode of at most limit
// characters, else the rule that it breaks.
func CheckPasscode(p string, limit int) string {
	if len([]rune(p)) > limit || strings.ContainsFunc(p, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return fmt.Sprintf("must be at most %d characters without blanks", limit)
	}
	return ""
}

// PasscodeRules are what the settings of a host ask of the passcodes of their
// meetings. The zero value asks for nothing.
type PasscodeRules struct {
	MinLength int  // up to MaxPasscodeLength
	Letter    bool // has a letter
	Digit     bool // has a digit
	Special   bool // has a character that is neither
	BothCases bool // has a capital and a small letter
	// Numeric passcodes have nothing but digits: then Letter, Special and
	// BothCases, which nobody could keep besides, ask for nothing.
	Numeric   bool
	Sequence  int  // characters in a row that follow each other, such as 1234, from which on they are refused; 0: any
	Guessable bool // those that are tried first are refused
}

// Check returns "" if p, which is not empty, may be a passcode, else the first
// rule that it breaks.
func (r PasscodeRules) Check(p string) string {
	letters := !r.Numeric
	switch {
	case utf8.RuneCountInString(p) < r.MinLength:
		return fmt.Sprintf("must have %d characters or more", r.MinLength)
	case r.Numeric && strings.ContainsFunc(p, func(c rune) bool { return !asciiDigit(c) }):
		return "must have nothing but digits"
	case letters && r.Letter && !strings.ContainsFunc(p, unicode.IsLetter):
		return "must have a letter"
	case r.Digit && !strings.ContainsFunc(p, unicode.IsDigit):
		return "must have a digit"
	case letters && r.Special && !strings.ContainsFunc(p, special):
		return "must have a character that is neither letter nor digit"
	case letters && r.BothCases && !(strings.ContainsFunc(p, unicode.IsUpper) && strings.ContainsFunc(p, unicode.IsLower)):
		return "must have a capital and a small letter"
	case r.Sequence > 1 && run(p) >= r.Sequence:
		return fmt.Sprintf("must not have %d characters in a row that follow each other, such as abcdef or 123456", r.Sequence)
	case r.Guessable && weak(p):
		return "must not be easy to guess: no word that many use, no row such as 123456, and not one character again and again"
	}
	return ""
}

// asciiDigit reports whether phones have a key for c.
func asciiDigit(c rune) bool { return '0' <= c && c <= '9' }

func special(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }

// weak reports whether a passcode is a word that many use with little more, a
// row of characters that follow each other, or one character again and again.
func weak(p string) bool {
	n := utf8.RuneCountInString(p)
	first, _ := utf8.DecodeRuneInString(p)
	same := !strings.ContainsFunc(p, func(c rune) bool { return c != first })
	return same || run(p) == n || guessable(p, "")
}

// What passcodes are made of, besides letters and digits.
const (
	digitsOnly = "0123456789"
	specials   = "@-_*!" // what the original has always taken
)

// Passcode returns a meeting passcode of six characters, or of more where the
// rules ask for them, that keeps to the rules.
func (g IDs) Passcode(r PasscodeRules) string {
	alphabet := base62
	switch {
	case r.Numeric:
		alphabet = digitsOnly
	case r.Special:
		alphabet += specials
	}
	b := make([]byte, max(6, r.MinLength))
	for {
		g.text(b, alphabet)
		if p := string(b); r.Check(p) == "" { // one in four does at the least
			return p
		}
	}
}
