package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// measure runs all rounds: in each, every contender of a row runs right after
// the other, in an order that changes from round to round.
func (b *bench) measure(ctx context.Context, table []row) error {
	if err := b.prepare(ctx, table); err != nil {
		return err
	}
	for round := range b.rounds {
		for _, r := range table {
			for i := range r.cells {
				c := r.cells[(i+round)%len(r.cells)]
				if err := b.once(ctx, r, c, round); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// prepare prepares all cells at once: nothing is measured yet.
func (b *bench) prepare(ctx context.Context, table []row) error {
	var wait sync.WaitGroup
	for _, r := range table {
		for _, c := range r.cells {
			if c.gone = !b.wanted(r); !c.gone && c.prepare != nil {
				wait.Go(func() { c.unprepared = c.prepare(ctx) })
			}
		}
	}
	wait.Wait()
	for _, r := range table {
		for _, c := range r.cells {
			if c.unprepared != nil {
				if err := b.drop(ctx, r, c, c.unprepared); err != nil {
					return err
				}
			}
		}
	}
	return ctx.Err()
}

// wanted reports whether -only asks for a line of r.
func (b *bench) wanted(r row) bool { return slices.ContainsFunc(r.lines, b.only.MatchString) }

// once measures one cell once.
func (b *bench) once(ctx context.Context, r row, c *cell, round int) error {
	if c.gone {
		return nil
	}
	samples, err := c.run(ctx)
	if err != nil {
		return b.drop(ctx, r, c, err)
	}
	c.samples = append(c.samples, samples)
	var told []string
	for line, s := range samples {
		told = append(told, thousands(s.rate())+" "+r.units[line]+"/s")
	}
	say("round %d of %d, %s: %s: %s", round+1, b.rounds, r.lines[0], c.contender, strings.Join(told, ", "))
	return nil
}

// drop leaves out a cell that cannot be measured, or returns err where it is
// Muster's own: then nothing else is worth measuring.
func (b *bench) drop(ctx context.Context, r row, c *cell, err error) error {
	c.gone, c.samples = true, nil
	return b.excuse(ctx, c.contender, r.lines[0], err)
}

// excuse notes why something could not be measured. Muster's own failures are
// returned, and that the run is to end.
func (b *bench) excuse(ctx context.Context, contender, what string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if u, ok := errors.AsType[*unavailable](err); ok {
		b.note("%s: %s", contender, u.why)
		return nil
	}
	if strings.HasPrefix(contender, muster) {
		return fmt.Errorf("%s: %s: %w", contender, what, err)
	}
	b.note("%s in %s: %v", contender, what, err)
	return nil
}

// of returns a contender's medians in a line of the table.
func of(table []row, line, contender string) (sample, bool) {
	for _, r := range table {
		at := slices.Index(r.lines, line)
		for _, c := range r.cells {
			if at >= 0 && c.contender == contender && len(c.samples) > 0 {
				return c.median(at), true
			}
		}
	}
	return sample{}, false
}

// median returns the median of each value, over the rounds, of one line.
func (c *cell) median(line int) sample {
	pick := func(value func(sample) float64) float64 { return median(c.values(line, value)) }
	return sample{
		units: pick(sample.rate), seconds: 1,
		p50: duration(pick(func(s sample) float64 { return s.p50.Seconds() })),
		p99: duration(pick(func(s sample) float64 { return s.p99.Seconds() })),
		cpu: duration(pick(func(s sample) float64 { return s.cpu.Seconds() / max(1, s.units) }) * pick(sample.rate)),
		rss: int64(pick(func(s sample) float64 { return float64(s.rss) })),
	}
}

// values returns one value of each round.
func (c *cell) values(line int, value func(sample) float64) []float64 {
	list := make([]float64, len(c.samples))
	for i, s := range c.samples {
		list[i] = value(s[line])
	}
	return list
}
