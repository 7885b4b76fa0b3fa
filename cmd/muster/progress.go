package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// A progress shows how far a count has come: on a terminal one line that is
// drawn again and again, else a line now and then.
type progress struct {
	out         io.Writer
	what        string
	terminal    bool
	next        time.Time // not drawn again before
	done, total int
}

const barWidth = 30

// newProgress returns a progress that draws on out, with what before the bar.
func newProgress(out io.Writer, what string) *progress {
	p := &progress{out: out, what: what}
	if f, ok := out.(*os.File); ok && os.Getenv("TERM") != "dumb" {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	if !p.terminal {
		p.next = time.Now().Add(calm)
	}
	return p
}

// How long a line stays before the next one.
const (
	lively = 100 * time.Millisecond // on a terminal
	calm   = 5 * time.Second        // elsewhere
)

// show draws done of total, if the last time was long enough ago.
func (p *progress) show(done, total int) {
	p.done, p.total = done, total
	now := time.Now()
	if now.Before(p.next) {
		return
	}
	if p.terminal {
		fmt.Fprintf(p.out, "\r%s\x1b[K", p.line())
		p.next = now.Add(lively)
		return
	}
	fmt.Fprintln(p.out, p.line())
	p.next = now.Add(calm)
}

// end draws the last line, if there was anything to count.
func (p *progress) end() {
	if p.total == 0 {
		return
	}
	p.clear()
	fmt.Fprintln(p.out, p.line())
}

// clear takes the line away that a terminal shows.
func (p *progress) clear() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func (p *progress) line() string {
	full := barWidth * min(p.done, p.total) / max(p.total, 1)
	return fmt.Sprintf("%s%s%s %d/%d", p.what, strings.Repeat("█", full), strings.Repeat("░", barWidth-full), p.done, p.total)
}
