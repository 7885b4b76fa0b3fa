package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
)

// A grid is a table to print, its head first.
type grid [][]string

// report prints the tables as text and, if asked, as Markdown.
func (b *bench) report(out io.Writer, table []row, took time.Duration) error {
	parts := []struct {
		title string
		grid
	}{
		{"Medians", b.medians(table)}, {"Standing", b.standings()}, {"Targets", b.verdicts(table)},
	}
	var text, markdown strings.Builder
	about := b.about(took)
	for _, line := range about {
		fmt.Fprintln(&text, line)
		fmt.Fprintf(&markdown, "- %s\n", line)
	}
	for _, p := range parts {
		if len(p.grid) > 1 {
			fmt.Fprintf(&text, "\n%s\n\n%s", p.title, p.text())
			fmt.Fprintf(&markdown, "\n### %s\n\n%s", p.title, p.markdown())
		}
	}
	if len(b.notes) > 0 {
		fmt.Fprint(&text, "\nCould not be measured\n\n")
		fmt.Fprint(&markdown, "\n### Could not be measured\n\n")
	}
	for _, n := range b.notes {
		fmt.Fprintf(&text, "- %s\n", n)
		fmt.Fprintf(&markdown, "- %s\n", n)
	}
	if _, err := io.WriteString(out, text.String()); err != nil || b.markdown == "" {
		return err
	}
	return os.WriteFile(b.markdown, []byte(markdown.String()), 0o644)
}

// about says when, where and how it was measured.
func (b *bench) about(took time.Duration) []string {
	return []string{
		fmt.Sprintf("%s, commit %s, %s", time.Now().UTC().Format("2 January 2006 15:04 UTC"), b.commit, runtime.Version()),
		fmt.Sprintf("%d × %s, %s, Linux %s, load %s", runtime.NumCPU(), after("/proc/cpuinfo", "model name"), memory(), line("/proc/sys/kernel/osrelease"), line("/proc/loadavg")),
		fmt.Sprintf("%d × %s for each contender, each time after %s of warming up, all in %s", b.rounds, short(b.slice()), short(b.warm()), took.Round(time.Second)),
		b.meaning(),
	}
}

// medians is the main table. Its last column is how often Muster does what the
// contender does.
func (b *bench) medians(table []row) grid {
	g := grid{{"", "", "per second", "least–most", "p50", "p99", "CPU each", "memory", "Muster is"}}
	for _, r := range table {
		for at, name := range r.lines {
			own, known := of(table, name, muster)
			for _, c := range r.cells {
				if len(c.samples) == 0 {
					continue
				}
				m, all := c.median(at), c.values(at, sample.rate)
				ratio, cpu := "", "–"
				if known && c.contender != muster {
					ratio = times(own.rate() / max(m.rate(), 1e-9))
				}
				if m.cpu > 0 {
					cpu = short(duration(each(m)))
				}
				g = append(g, []string{
					name, c.contender, thousands(m.rate()) + " " + r.units[at], thousands(least(all)) + "–" + thousands(most(all)),
					short(m.p50), short(m.p99), cpu, megabytes(float64(m.rss)), ratio,
				})
				name = ""
			}
		}
	}
	return g
}

func (b *bench) standings() grid {
	g := grid{{"", "", ""}}
	for _, f := range b.facts {
		g = append(g, []string{f.contender, f.name, f.text})
	}
	return g
}

func (b *bench) verdicts(table []row) grid {
	g := grid{{"", "must", "aim", "measured", ""}}
	for _, t := range targets {
		sign := "≥ "
		if t.atMost {
			sign = "≤ "
		}
		measured, verdict := "–", "not measured"
		if v, ok := t.measured(table, b.facts); ok {
			measured, verdict = t.spell(v), t.verdict(v)
		}
		g = append(g, []string{t.name, sign + t.spell(t.must), sign + t.spell(t.aim), measured, verdict})
	}
	return g
}

// text lays g out in columns.
func (g grid) text() string {
	width := make([]int, len(g[0]))
	for _, line := range g {
		for i, cell := range line {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, line := range g {
		var cells []string
		for i, cell := range line {
			cells = append(cells, cell+strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)))
		}
		fmt.Fprintln(&b, strings.TrimRight(strings.Join(cells, "  "), " "))
	}
	return b.String()
}

func (g grid) markdown() string {
	var b strings.Builder
	for i, line := range g {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|%s\n", strings.Repeat("---|", len(line)))
		}
	}
	return b.String()
}

// line returns a file's first line, "unknown" if there is none.
func line(file string) string {
	text, err := os.ReadFile(file)
	first, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	if err != nil || first == "" {
		return "unknown"
	}
	return first
}

// after returns the first value that a file of "name: value" has for name.
func after(file, name string) string {
	text, _ := os.ReadFile(file) // without it the value is unknown
	for l := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func memory() string {
	var kib float64
	if _, err := fmt.Sscanf(after("/proc/meminfo", "MemTotal"), "%f kB", &kib); err != nil {
		return "memory unknown"
	}
	return fmt.Sprintf("%.0f GB", kib*1024/1e9)
}

// installed reports whether a program is there.
func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
