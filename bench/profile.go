package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// profile runs one more round of Muster alone under perf, for its samples
// would be in the way of the others.
func (b *bench) profile(ctx context.Context, table []row) error {
	if b.profiles == "" {
		return nil
	}
	if !installed("perf") {
		b.note("CPU profiles: perf is not installed")
		return nil
	}
	if err := os.MkdirAll(b.profiles, 0o755); err != nil {
		return err
	}
	for _, r := range table {
		for _, c := range r.cells {
			if c.gone || !strings.HasPrefix(c.contender, muster) {
				continue
			}
			b.profiling = filepath.Join(b.profiles, fileName(r.lines[0]+" "+c.contender))
			say("profile: %s: %s", r.lines[0], c.contender)
			if _, err := c.run(ctx); err != nil {
				if err := b.excuse(ctx, c.contender, "profile of "+r.lines[0], err); err != nil {
					return err
				}
			}
		}
	}
	b.profiling = ""
	return nil
}

// fileName makes a name for a file of words.
func fileName(words string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return r == ' ' || r == ',' || r == '’' }), "-")
}

// load runs groups against s, under perf while profiles are taken. perf takes
// its time to begin, so that the load then is longer.
func (b *bench) load(ctx context.Context, s *server, groups ...group) ([]sample, error) {
	if b.profiling == "" {
		return load(ctx, s, b.warm(), b.slice(), groups...)
	}
	data := b.profiling + ".perf"
	perf := exec.Command("perf", "record", "-q", "-F", "499", "--call-graph", "fp", "-o", data, "-p", strconv.Itoa(s.cmd.Process.Pid))
	if err := perf.Start(); err != nil {
		return nil, &unavailable{"perf: " + err.Error()}
	}
	samples, err := load(ctx, s, 2*time.Second, max(b.slice(), 2*time.Second), groups...)
	_ = perf.Process.Signal(os.Interrupt) // it may have ended by itself
	_ = perf.Wait()                       // interrupted, it ends as if by a failure
	if err != nil {
		return nil, err
	}
	return samples, tellProfile(ctx, data, b.profiling)
}

// tellProfile writes a profile as text: where the time was spent, and below
// which functions.
func tellProfile(ctx context.Context, data, name string) error {
	for kind, args := range map[string][]string{
		"flat": {"--no-children", "-F", "overhead,symbol", "-w", "10,120"},
		"tree": {"--children", "-F", "overhead_children,overhead,symbol", "-w", "10,10,120"},
	} {
		args = append([]string{"report", "--stdio", "-i", data, "-g", "none", "--percent-limit", "0.5"}, args...)
		text, err := output(ctx, "", "perf", args...)
		if err != nil {
			return &unavailable{err.Error()}
		}
		if err := os.WriteFile(name+"."+kind+".txt", []byte(text+"\n"), 0o644); err != nil {
			return err
		}
	}
	return nil
}
