package schedule

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"muster/internal/muster"
)

// checkSeries fails unless occs is what Expand may return for the rest.
func checkSeries(t *testing.T, occs []muster.Occurrence, r muster.Recurrence, start time.Time, z *time.Location) {
	t.Helper()
	start = start.Truncate(time.Second)
	limit := muster.MaxOccurrences
	if r.EndTimes > 0 {
		limit = min(limit, r.EndTimes)
	}
	if len(occs) > limit {
		t.Fatalf("%d occurrences, want at most %d: %+v", len(occs), limit, r)
	}
	local := start.In(z)
	for i, o := range occs {
		if o.Start.Before(start) || o.ID != o.Start.UnixMilli() || i > 0 && o.ID <= occs[i-1].ID {
			t.Fatalf("occurrence %d of %v is %v after %v: %+v", i, start, o, occs[max(0, i-1)], r)
		}
		if !r.EndDateTime.IsZero() && o.Start.After(r.EndDateTime) {
			t.Fatalf("%v is after the end: %+v", o, r)
		}
		if !o.Start.Equal(start) && !showsClock(o.Start, local, z) {
			t.Fatalf("%v does not show the clock of %v in %v: %+v", o.Start.In(z), local, z, r)
		}
	}
}

// showsClock tells whether at shows the clock of local in z, or stands for a
// time that z left out.
func showsClock(at, local time.Time, z *time.Location) bool {
	hour, minute, second := local.Clock()
	for back := range 2 {
		d := date(at.In(z)).AddDate(0, 0, -back)
		clock := time.Date(d.Year(), d.Month(), d.Day(), hour, minute, second, 0, time.UTC)
		want, exists := wallBySearch(clock, z)
		if want.Equal(at) && (exists && back == 0 || !exists) {
			return true
		}
	}
	return false
}

// matches tells whether r, with its defaults, names the date of d, apart from
// the interval.
func matches(r muster.Recurrence, d time.Time) bool {
	switch {
	case r.Type == muster.Daily:
		return true
	case r.Type == muster.Weekly && len(r.WeeklyDays) == 0:
		return d.Weekday() == time.Sunday
	case r.Type == muster.Weekly:
		return slices.Contains(r.WeeklyDays, d.Weekday())
	case r.MonthlyWeek == 0:
		return d.Day() == max(1, r.MonthlyDay)
	case r.MonthlyWeek < 0:
		return d.Weekday() == r.MonthlyWeekDay && d.AddDate(0, 0, 7).Month() != d.Month()
	}
	return d.Weekday() == r.MonthlyWeekDay && (d.Day()-1)/7+1 == r.MonthlyWeek
}

// inStep tells whether d is in a period of r that counts from first's.
func inStep(r muster.Recurrence, first, d time.Time) bool {
	days := int(d.Sub(first).Hours()) / 24
	periods := days
	switch r.Type {
	case muster.Weekly:
		periods = (days + int(first.Weekday())) / 7
	case muster.Monthly:
		periods = (d.Year()-first.Year())*12 + int(d.Month()-first.Month())
	}
	return periods%max(1, r.Interval) == 0
}

// expandByDay does what Expand does, one day after the other.
func expandByDay(r muster.Recurrence, start time.Time, z *time.Location) []time.Time {
	local := start.In(z)
	hour, minute, second := local.Clock()
	var first time.Time
	var starts []time.Time
	for d := date(local); len(starts) < min(max(1, r.EndTimes), 60) && d.Year() < 2120; d = d.AddDate(0, 0, 1) {
		if !matches(r, d) {
			continue
		}
		if first.IsZero() {
			first = d
		}
		at, _ := wallBySearch(d.Add(time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute+time.Duration(second)*time.Second), z)
		if d.Equal(date(local)) {
			at = start
		}
		if inStep(r, first, d) && (len(starts) == 0 || at.After(starts[len(starts)-1])) {
			starts = append(starts, at)
		}
	}
	return starts
}

func TestExpandAgreesWithEveryDay(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	rounds := 1500
	if testing.Short() {
		rounds = 200
	}
	begin := instant(t, "2005-01-01T00:00:00Z")
	for range rounds {
		r := muster.Recurrence{Type: muster.RecurrenceType(1 + random.IntN(3)), EndTimes: 1 + random.IntN(25)}
		r.Interval = random.IntN(maxInterval[r.Type]/3 + 1)
		for day := time.Sunday; day <= time.Saturday; day++ {
			if r.Type == muster.Weekly && random.IntN(3) == 0 {
				r.WeeklyDays = append(r.WeeklyDays, day)
			}
		}
		if r.Type == muster.Monthly {
			r.MonthlyDay, r.MonthlyWeekDay = random.IntN(32), time.Weekday(random.IntN(7))
			r.MonthlyWeek = max(-1, random.IntN(10)-5)
		}
		if problems := Check(r); problems != nil {
			t.Fatalf("%+v: %v", r, problems)
		}
		z := zone(t, zoneNames[random.IntN(len(zoneNames))])
		start := begin.Add(time.Duration(random.IntN(40*365*24*12)) * 5 * time.Minute)
		occs := Expand(r, start, time.Hour, z)
		checkSeries(t, occs, r, start, z)
		want := expandByDay(r, start, z)
		same := slices.EqualFunc(occs, want, func(o muster.Occurrence, at time.Time) bool { return o.Start.Equal(at) })
		if !same {
			t.Fatalf("%+v from %v in %v:\n got %v\nwant %v", r, start, z, occs, want)
		}
	}
}

func FuzzExpand(f *testing.F) {
	unix := instant(f, "2026-03-07T07:30:00Z").Unix()
	for typ := range 4 {
		f.Add(typ, 1, uint8(0b0101010), 31, 0, 0, 0, int64(0), unix, uint8(1))
		f.Add(typ, 12, uint8(0), 30, -1, 5, 61, unix+1e7, int64(1325188800), uint8(5))
		f.Add(typ, -1<<62, uint8(255), -1<<62, 1<<62, -1<<62, -1, unix-1, unix, uint8(3))
	}
	f.Fuzz(func(t *testing.T, typ, interval int, days uint8, monthlyDay, week, weekDay, times int, end, unix int64, zoneAt uint8) {
		r := muster.Recurrence{
			Type: muster.RecurrenceType(typ), Interval: interval, MonthlyDay: monthlyDay,
			MonthlyWeek: week, MonthlyWeekDay: time.Weekday(weekDay), EndTimes: times,
		}
		for day := range time.Weekday(8) {
			if days>>day&1 == 1 {
				r.WeeklyDays = append(r.WeeklyDays, day)
			}
		}
		if end != 0 {
			r.EndDateTime = time.Unix(end, 0)
		}
		z := zone(t, zoneNames[int(zoneAt)%len(zoneNames)])
		occs := Expand(r, time.Unix(unix, 0), time.Hour, z)
		// Starts that ParseTime can give; beyond them it is enough to end.
		start := time.Unix(unix, 0)
		if start.Year() < minYear || start.Year() > maxYear {
			return
		}
		checkSeries(t, occs, r, start, z)
		if len(Check(r)) == 0 && r.EndDateTime.IsZero() && len(occs) != cmp.Or(r.EndTimes, muster.MaxOccurrences) {
			t.Fatalf("%d occurrences: %+v", len(occs), r)
		}
	})
}
