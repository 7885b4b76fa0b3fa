package muster

import (
	"testing"
	"time"
)

func TestPhases(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	date := func(from time.Duration) Occurrence {
		return Occurrence{ID: now.Add(from).UnixMilli(), Start: now.Add(from), Duration: time.Hour}
	}
	gone, held := date(time.Hour), date(-30*time.Minute)
	gone.Deleted, held.Ended = true, true
	series := func(dates ...Occurrence) Meeting { return Meeting{Type: Recurring, State: Waiting, Occurrences: dates} }
	once := func(from time.Duration, s MeetingState) Meeting {
		return Meeting{Type: Scheduled, State: s, Start: now.Add(from), Duration: time.Hour}
	}
	tests := map[string]struct {
		m       Meeting
		whole   Phase
		dates   []Phase
		current time.Duration // from now; none: 1 minute, at which nothing begins
	}{
		"to come":                 {once(time.Hour, Waiting), Active, []Phase{ToCome}, time.Hour},
		"its time has come":       {once(0, Waiting), Active, []Phase{Ready}, 0},
		"its last minute":         {once(-59*time.Minute, Waiting), Active, []Phase{Ready}, -59 * time.Minute},
		"over":                    {once(-time.Hour, Waiting), Expired, []Phase{Missed}, time.Minute},
		"ended early":             {once(time.Hour, Ended), Expired, []Phase{Held}, time.Minute},
		"it runs":                 {Meeting{Type: Instant, State: Started, Start: now, Duration: time.Hour}, InProgress, []Phase{Ready}, 0},
		"it ran":                  {Meeting{Type: Instant, State: Started, Start: now.Add(-time.Hour), Duration: time.Hour}, Expired, []Phase{Held}, time.Minute},
		"a series":                {series(date(-2*time.Hour), held, gone, date(2*time.Hour)), Active, []Phase{Missed, Held, ToCome}, 2 * time.Hour},
		"a series over":           {series(date(-2*time.Hour), gone), Expired, []Phase{Missed}, time.Minute},
		"a series whose last was": {series(date(-2*time.Hour), held), Expired, []Phase{Missed, Held}, time.Minute},
		"without fixed times":     {Meeting{Type: RecurringNoFixed, State: Waiting}, Active, nil, time.Minute},
	}
	for name, tt := range tests {
		if got := tt.m.PhaseAt(now); got != tt.whole {
			t.Errorf("%s: got %s, want %s", name, got, tt.whole)
		}
		dates := tt.m.Dates()
		if len(dates) != len(tt.dates) {
			t.Errorf("%s: got %v, want %d dates", name, dates, len(tt.dates))
			continue
		}
		for i := range dates {
			if got := tt.m.PhaseOf(&dates[i], now); got != tt.dates[i] {
				t.Errorf("%s: date %d: got %s, want %s", name, i, got, tt.dates[i])
			}
		}
		d, ok := tt.m.Current(now)
		if ok != (tt.current != time.Minute) || ok && !d.Start.Equal(now.Add(tt.current)) {
			t.Errorf("%s: current is %v, %v", name, d.Start, ok)
		}
	}
}
