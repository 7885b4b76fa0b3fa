// Command bench measures Muster over HTTP against SQLite in C, PocketBase and
// Muster on Postgres, all in one interleaved run, and prints a table of
// medians with ratios. docs/performance.md says what it measures and how.
// It runs on Linux.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

// A config is what the flags say.
type config struct {
	rounds   int
	seconds  float64
	people   int
	only     *regexp.Regexp
	markdown string
	profiles string
}

func main() {
	c, err := parse(os.Args[1:])
	if err != nil {
		os.Exit(2) // the flag package has told
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, c, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (config, error) {
	var c config
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.IntVar(&c.rounds, "rounds", 5, "how many `times` each row is measured")
	f.Float64Var(&c.seconds, "seconds", 2, "how `long` each contender of a row runs in a round")
	f.IntVar(&c.people, "rows", 1_000_000, "how many `people` are in the large meeting")
	only := f.String("only", "", "measure only the rows whose names match `REGEXP`")
	f.StringVar(&c.markdown, "markdown", "", "write the tables to `FILE`, too")
	f.StringVar(&c.profiles, "profile", "", "write CPU profiles of Muster to `DIR`, taken with perf in a round of its own")
	quick := f.Bool("quick", false, "one short round on 20,000 people, to see that all of it works")
	if err := f.Parse(args); err != nil {
		return c, err
	}
	var err error
	if c.only, err = regexp.Compile(*only); err != nil {
		fmt.Fprintln(os.Stderr, "bench: -only:", err)
		return c, err
	}
	if *quick {
		c.rounds, c.seconds, c.people = 1, 0.4, 20_000
	}
	return c, nil
}

// run does all of it.
func run(ctx context.Context, c config, out io.Writer) (err error) {
	begin := time.Now()
	b, err := newBench(c)
	if err != nil {
		return err
	}
	defer func() { err = firstOf(err, b.close()) }()
	if err := b.build(ctx); err != nil {
		return err
	}
	table := b.rows()
	if err := b.measure(ctx, table); err != nil {
		return err
	}
	if err := b.profile(ctx, table); err != nil {
		return err
	}
	if err := b.standing(ctx); err != nil {
		return err
	}
	return b.report(out, table, time.Since(begin))
}

// firstOf returns the error that tells more: the first.
func firstOf(first, second error) error {
	if first != nil {
		return first
	}
	return second
}
