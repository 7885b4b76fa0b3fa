package transfer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"muster/internal/client"
)

// A verdict is what an answer means for the import.
type verdict int

const (
	accepted  verdict = iota
	refused           // somebody in the request is not taken
	limited           // somebody in the request is over a limit of the day
	full              // not all of the request find a place
	wrongType         // the meeting takes no batches
	halted            // nobody can be registered, or not now
)

var indexed = regexp.MustCompile(`(?:registrants|items)\[(\d{1,5})\]`)

// placed is how a server names somebody of a batch before it says what is wrong.
var placed = regexp.MustCompile(`^(?:registrants|items)\[\d+\] \([^)]*\): `)

// blamed finds the entries that a refusal names, by index or by email, with
// what it says of each. It is empty if the refusal names none.
func blamed(err error, entries []entry) map[int]string {
	found := map[int]string{}
	e := client.Refused(err)
	if e == nil {
		return found
	}
	blame := func(match []string, text string) {
		if i, err := strconv.Atoi(match[1]); err == nil && i < len(entries) {
			found[i] = strings.TrimPrefix(found[i]+"; "+text, "; ")
		}
	}
	for _, f := range e.Fields {
		if m := indexed.FindStringSubmatch(f.Name); m != nil {
			blame(m, strings.TrimPrefix(strings.TrimPrefix(f.Name, m[0]), ".")+": "+f.Message)
		}
	}
	if len(found) > 0 {
		return found
	}
	for _, m := range indexed.FindAllStringSubmatch(e.Message, -1) {
		blame(m, placed.ReplaceAllString(e.Message, "")) // the place in a batch says nothing to who reads the result
	}
	if len(found) > 0 {
		return found
	}
	for i, entry := range entries {
		if mentions(e.Message, entry.email) {
			found[i] = e.Message
		}
	}
	if len(found) > 1 {
		clear(found) // one address within another, or a list of all: who is meant is not known
	}
	return found
}

// mentions tells whether text has email as a word of its own.
func mentions(text, email string) bool {
	text, email = strings.ToLower(text), strings.ToLower(email)
	for rest := text; ; {
		at := strings.Index(rest, email)
		if at < 0 {
			return false
		}
		before, after := rest[:at], rest[at+len(email):]
		if !endsInAddress(before) && !beginsInAddress(after) {
			return true
		}
		rest = after
	}
}

func endsInAddress(s string) bool {
	return s != "" && (isWord(s[len(s)-1]) || strings.ContainsRune("+-_.%", rune(s[len(s)-1])))
}

// A full stop after an address ends the sentence unless a letter follows.
func beginsInAddress(s string) bool {
	return s != "" && (isWord(s[0]) || s[0] == '-' || (s[0] == '.' && len(s) > 1 && isWord(s[1])))
}

func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 0x80
}

// said is the server's own words about one person.
func said(err error) string {
	e := client.Refused(err)
	if e == nil {
		return err.Error()
	}
	var parts []string
	for _, f := range e.Fields {
		parts = append(parts, f.String())
	}
	if len(parts) == 0 || (e.Code != 300 && e.Code != 0) { // whose message is the same sentence always
		parts = append([]string{e.Message}, parts...)
	}
	text := strings.Join(parts, "; ")
	if e.Code != 0 && e.Code != 300 {
		text += fmt.Sprintf(" (%d)", e.Code)
	}
	return text
}

// explain says what an import that cannot go on needs.
func explain(d dialect, err error, meeting string) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && !client.Lost(err) {
		return fmt.Errorf("stopped: start again to go on: %w", err)
	}
	e := client.Refused(err)
	if e == nil {
		return fmt.Errorf("%w; nobody is lost: start again to go on", err)
	}
	if e.TokenError || e.Location != "" {
		return err
	}
	advice := d.advice(e, meeting)
	switch {
	case advice != "":
	case e.Status == http.StatusTooManyRequests && e.Daily:
		advice = "the server's limit for a day is used up; what is done is kept: start again later"
	case e.Status == http.StatusTooManyRequests:
		advice = "the server wants a longer pause than is sensible to wait; what is done is kept: start again later"
	case e.Status >= 500:
		advice = "the server fails; what is done is kept: start again later"
	default:
		advice = "nothing more was sent"
	}
	return fmt.Errorf("%s: %w", advice, err)
}
