package schedule

import (
	"iter"
	"slices"
	"time"

	"muster/internal/muster"
)

const (
	// searchSteps bounds the search for matching dates. The last leap days in
	// reach need four steps each at an interval of twelve months.
	searchSteps = 5 * muster.MaxOccurrences
	// maxStep is far above Check's limits and keeps dates from overflowing.
	maxStep = 1000
)

// Expand returns the occurrences of a series that may begin at start: the
// first on the first matching day on or after it, the others by r's interval
// from that first one, weeks beginning on Sunday. They are strictly ascending,
// in UTC, at most muster.MaxOccurrences, and none if r never matches before
// its end or has a Type that does not exist.
//
// All of them show the same clock in zone, by the rules of Wall, so that their
// instants shift with daylight saving time. An occurrence on the day of start
// is start itself, even in the second of two equal hours. Parts of a second
// are cut. Two dates that become one, as on the day that Samoa left out, are
// one occurrence. Months without the day, such as a 31st, are left out.
//
// Expand ends for every r, also one that Check refuses.
func Expand(r muster.Recurrence, start time.Time, duration time.Duration, zone *time.Location) []muster.Occurrence {
	start = start.Truncate(time.Second).UTC()
	local := start.In(zone)
	hour, minute, second := local.Clock()
	first := date(local)
	limit := muster.MaxOccurrences
	if r.EndTimes > 0 {
		limit = min(limit, r.EndTimes)
	}
	var occs []muster.Occurrence
	for day := range dates(r, first) {
		at := start
		if !day.Equal(first) {
			at = Wall(day.Year(), day.Month(), day.Day(), hour, minute, second, zone)
		}
		if !r.EndDateTime.IsZero() && at.After(r.EndDateTime) {
			break
		}
		if n := len(occs); n > 0 && !at.After(occs[n-1].Start) {
			continue
		}
		occs = append(occs, muster.Occurrence{ID: at.UnixMilli(), Start: at, Duration: duration})
		if len(occs) == limit {
			break
		}
	}
	return occs
}

// date returns the date that t shows, as its midnight in UTC.
func date(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// dates returns the dates that r matches, ascending, from the first on or
// after the given one; finitely many.
func dates(r muster.Recurrence, from time.Time) iter.Seq[time.Time] {
	step := min(max(1, r.Interval), maxStep)
	switch r.Type {
	case muster.Daily:
		return func(yield func(time.Time) bool) {
			for i := range searchSteps {
				if !yield(from.AddDate(0, 0, i*step)) {
					return
				}
			}
		}
	case muster.Weekly:
		return weekly(r.WeeklyDays, step, from)
	case muster.Monthly:
		return monthly(r, step, from)
	}
	return func(func(time.Time) bool) {}
}

// weekly returns the given days of every step-th week; no days means Sunday.
func weekly(days []time.Weekday, step int, from time.Time) iter.Seq[time.Time] {
	if len(days) == 0 {
		days = []time.Weekday{time.Sunday}
	}
	return func(yield func(time.Time) bool) {
		for range 7 {
			if slices.Contains(days, from.Weekday()) {
				break
			}
			from = from.AddDate(0, 0, 1)
		}
		sunday := from.AddDate(0, 0, -int(from.Weekday()))
		for i := range searchSteps * 7 {
			day := sunday.AddDate(0, 0, i/7*7*step+i%7)
			if day.Before(from) || !slices.Contains(days, day.Weekday()) {
				continue
			}
			if !yield(day) {
				return
			}
		}
	}
}

// monthly returns r's date in every step-th month that has it.
func monthly(r muster.Recurrence, step int, from time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		month := from.AddDate(0, 0, 1-from.Day())
		for range 12 {
			if day, ok := dateIn(month, r); ok && !day.Before(from) {
				break
			}
			month = month.AddDate(0, 1, 0)
		}
		for i := range searchSteps {
			day, ok := dateIn(month.AddDate(0, i*step, 0), r)
			if ok && !yield(day) {
				return
			}
		}
	}
}

// dateIn returns r's date in the month that begins at first, and whether the
// month has it.
func dateIn(first time.Time, r muster.Recurrence) (time.Time, bool) {
	if r.MonthlyWeek < 0 {
		last := first.AddDate(0, 1, -1)
		return last.AddDate(0, 0, -daysBetween(r.MonthlyWeekDay, last.Weekday())), true
	}
	day := max(1, r.MonthlyDay)
	if r.MonthlyWeek > 0 {
		day = 1 + daysBetween(first.Weekday(), r.MonthlyWeekDay) + 7*(r.MonthlyWeek-1)
	}
	found := first.AddDate(0, 0, day-1)
	return found, found.Month() == first.Month() && found.Year() == first.Year()
}

// daysBetween returns how many days after a weekday a the next b is, 0 to 6.
func daysBetween(a, b time.Weekday) int { return (int(b-a)%7 + 7) % 7 }
