package main

import "fmt"

// A target is a value that Muster must reach, and one that it aims at.
type target struct {
	name      string
	must, aim float64
	atMost    bool
	spell     func(float64) string
	measured  func(table []row, facts []fact) (float64, bool)
}

// targets is the table that the project set itself.
var targets = []target{
	{"batch of 30 against C at 480 rows in a transaction", 0.45, 0.70, false, percent, rates(batch16, muster, c480)},
	{"batch of 30 against C with a transaction for each request", 1.00, 1.50, false, percent, rates(batch16, muster, c30)},
	{"batch of 30 against PocketBase's batch", 10, 20, false, times, rates(batch16, muster, pocketBase)},
	{"single, 64 connections, against PocketBase", 3, 6, false, times, rates(single64, muster, pocketBase)},
	{"list, first page of a million, against PocketBase", 10, 25, false, times, rates(listFirst, muster, pocketBase)},
	{"the same without PocketBase's total", 10, 25, false, times, rates(listFirst, muster, pocketBaseUntold)},
	{"list, page 3,000 of a million, against PocketBase", 100, 300, false, times, rates(listDeep, muster, pocketBase)},
	{"the same without PocketBase's total", 100, 300, false, times, rates(listDeep, muster, pocketBaseUntold)},
	{"list, first page: CPU against the query in C", 3, 1.8, true, times, costs(listFirst)},
	{"list, page 3,000: CPU against the query in C", 3, 1.8, true, times, costs(listDeep)},
	{"settings of a group, everything resolved: CPU", 1, 1, true, submilliseconds, cost(groupSettings)},
	{"settings of a user of 50 groups: CPU among 100,000 against among 10", 1.1, 1, true, times, against(userSettings, muster, musterFew)},
	{"members, page 300 of a group of 100,000 against the first: CPU", 1.2, 1.05, true, times, deeper(membersFirst, membersDeep)},
	{"users, page 300 of 100,000 against the first: CPU", 1.2, 1.05, true, times, deeper(usersFirst, usersDeep)},
	{"batch of 30, 16 connections: p99 as a multiple of p50", 5, 3, true, times, tail},
	{"batch of 30 with a million in the meeting against an empty database", 0.65, 0.85, false, percent, rates(batch16, musterLarge, muster)},
	{"start-up with a million", 300, 300, true, milliseconds, standingFact(startTime)},
	{"idle memory", 60, 60, true, func(v float64) string { return fmt.Sprintf("%.0f MB", v) }, standingFact(idleMemory)},
}

func percent(v float64) string { return fmt.Sprintf("%.0f %%", v*100) }

func milliseconds(v float64) string { return fmt.Sprintf("%.0f ms", v) }

func submilliseconds(v float64) string { return fmt.Sprintf("%.2f ms", v) }

// rates compares how much two contenders do in a second.
func rates(line, one, other string) func([]row, []fact) (float64, bool) {
	return func(table []row, _ []fact) (float64, bool) {
		a, ok := of(table, line, one)
		b, too := of(table, line, other)
		return a.rate() / max(b.rate(), 1e-9), ok && too
	}
}

// costs compares the CPU of Muster's page with that of the query in C.
func costs(line string) func([]row, []fact) (float64, bool) {
	return against(line, muster, cList)
}

// cost is the CPU of Muster's unit, in milliseconds.
func cost(line string) func([]row, []fact) (float64, bool) {
	return func(table []row, _ []fact) (float64, bool) {
		s, ok := of(table, line, muster)
		return each(s) * 1e3, ok
	}
}

// against compares the CPU of a unit of two contenders.
func against(line, one, other string) func([]row, []fact) (float64, bool) {
	return func(table []row, _ []fact) (float64, bool) {
		a, ok := of(table, line, one)
		b, too := of(table, line, other)
		return each(a) / max(each(b), 1e-12), ok && too
	}
}

// deeper compares the CPU of Muster's unit in two lines.
func deeper(first, deep string) func([]row, []fact) (float64, bool) {
	return func(table []row, _ []fact) (float64, bool) {
		a, ok := of(table, deep, muster)
		b, too := of(table, first, muster)
		return each(a) / max(each(b), 1e-12), ok && too
	}
}

// each is the CPU of one unit, in seconds.
func each(s sample) float64 { return s.cpu.Seconds() / max(s.units, 1e-9) }

func tail(table []row, _ []fact) (float64, bool) {
	s, ok := of(table, batch16, muster)
	return s.p99.Seconds() / max(s.p50.Seconds(), 1e-9), ok
}

func standingFact(name string) func([]row, []fact) (float64, bool) {
	return func(_ []row, facts []fact) (float64, bool) {
		for _, f := range facts {
			if f.name == name && f.contender == muster {
				return f.value, true
			}
		}
		return 0, false
	}
}

// verdict says what became of a target.
func (t target) verdict(v float64) string {
	reached := func(limit float64) bool {
		if t.atMost {
			return v <= limit
		}
		return v >= limit
	}
	switch {
	case reached(t.aim):
		return "reached the aim"
	case reached(t.must):
		return "reached what it must"
	}
	return "not reached"
}
