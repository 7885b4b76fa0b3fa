package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
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
				return b.drop(ctx, r, c, err)
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

// load runs groups against s, under perf while profiles are taken.
func (b *bench) load(ctx context.Context, s *server, groups ...group) ([]sample, error) {
	if b.profiling == "" {
		return load(ctx, s, b.warm(), b.slice(), groups...)
	}
	data := b.profiling + ".perf"
	perf := exec.CommandContext(ctx, "perf", "record", "-q", "-F", "499", "--call-graph", "fp", "-o", data, "-p", strconv.Itoa(s.cmd.Process.Pid),
		"--", "sleep", b.inSeconds(b.warm()+b.slice()))
	if err := perf.Start(); err != nil {
		return nil, err
	}
	samples, err := load(ctx, s, b.warm(), b.slice(), groups...)
	if perfErr := perf.Wait(); err == nil && perfErr != nil {
		return nil, &unavailable{"perf cannot record: " + perfErr.Error()}
	}
	if err != nil {
		return nil, err
	}
	for name, children := range map[string]string{"flat": "--no-children", "tree": "--children"} {
		text, err := output(ctx, "", "perf", "report", "--stdio", "-i", data, children, "-g", "none", "-s", "symbol", "--percent-limit", "0.5")
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(b.profiling+"."+name+".txt", []byte(text+"\n"), 0o644); err != nil {
			return nil, err
		}
	}
	return samples, nil
}
