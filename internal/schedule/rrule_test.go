package schedule

import (
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
)

func TestParseRule(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 25, 8, 0, 0, 0, zone(t, "Europe/Berlin")) // a Wednesday
	days := func(d ...time.Weekday) []time.Weekday { return d }
	tests := map[string]struct {
		text string
		want muster.Recurrence
		back string // what FormatRule makes of it
	}{
		"the sample": {
			"FREQ=DAILY;INTERVAL=1;COUNT=20", muster.Recurrence{Type: muster.Daily, Interval: 1, EndTimes: 20}, "FREQ=DAILY;INTERVAL=1;COUNT=20",
		},
		"frequency alone": {"FREQ=DAILY", muster.Recurrence{Type: muster.Daily, Interval: 1}, "FREQ=DAILY;INTERVAL=1"},
		"with its property's name, in small letters, with a semicolon behind": {
			" rrule:freq=daily;interval=2; ", muster.Recurrence{Type: muster.Daily, Interval: 2}, "FREQ=DAILY;INTERVAL=2",
		},
		"weekdays of a daily rule": {
			"FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
			muster.Recurrence{Type: muster.Weekly, Interval: 1, WeeklyDays: days(1, 2, 3, 4, 5)},
			"FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR",
		},
		"weekly on the day of the start": {"FREQ=WEEKLY", muster.Recurrence{Type: muster.Weekly, Interval: 1, WeeklyDays: days(3)}, "FREQ=WEEKLY;INTERVAL=1;BYDAY=WE"},
		"weekly on days, each once, in their order": {
			"FREQ=WEEKLY;BYDAY=FR,MO,FR;COUNT=3",
			muster.Recurrence{Type: muster.Weekly, Interval: 1, WeeklyDays: days(1, 5), EndTimes: 3},
			"FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,FR;COUNT=3",
		},
		"every other week with a Sunday": {
			"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
			muster.Recurrence{Type: muster.Weekly, Interval: 2, WeeklyDays: days(0, 1)},
			"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
		},
		"a week's beginning that makes no difference": {
			"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=MO", muster.Recurrence{Type: muster.Weekly, Interval: 2, WeeklyDays: days(0)}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
		},
		"monthly on the day of the start": {"FREQ=MONTHLY", muster.Recurrence{Type: muster.Monthly, Interval: 1, MonthlyDay: 25}, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=25"},
		"of several days of a month the first": {
			"FREQ=MONTHLY;INTERVAL=1;COUNT=10;BYMONTHDAY=10,11,12",
			muster.Recurrence{Type: muster.Monthly, Interval: 1, MonthlyDay: 10, EndTimes: 10},
			"FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=10;COUNT=10",
		},
		"the second Tuesday": {
			"FREQ=MONTHLY;BYDAY=2TU", muster.Recurrence{Type: muster.Monthly, Interval: 1, MonthlyWeek: 2, MonthlyWeekDay: 2}, "FREQ=MONTHLY;INTERVAL=1;BYDAY=2TU",
		},
		"the last Friday by a position": {
			"FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
			muster.Recurrence{Type: muster.Monthly, Interval: 1, MonthlyWeek: -1, MonthlyWeekDay: 5},
			"FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR",
		},
		"of several numbered days the first": {
			"FREQ=MONTHLY;BYDAY=1MO,3MO", muster.Recurrence{Type: muster.Monthly, Interval: 1, MonthlyWeek: 1, MonthlyWeekDay: 1}, "FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO",
		},
		"until an instant": {
			"FREQ=DAILY;UNTIL=20260401T060000Z",
			muster.Recurrence{Type: muster.Daily, Interval: 1, EndDateTime: instant(t, "2026-04-01T06:00:00Z")},
			"FREQ=DAILY;INTERVAL=1;UNTIL=20260401T060000Z",
		},
		"until a clock of the zone": {
			"FREQ=DAILY;UNTIL=20260401T080000",
			muster.Recurrence{Type: muster.Daily, Interval: 1, EndDateTime: instant(t, "2026-04-01T06:00:00Z")},
			"FREQ=DAILY;INTERVAL=1;UNTIL=20260401T060000Z",
		},
		"until a date, which is in": {
			"FREQ=DAILY;UNTIL=20260401",
			muster.Recurrence{Type: muster.Daily, Interval: 1, EndDateTime: instant(t, "2026-04-01T21:59:59Z")},
			"FREQ=DAILY;INTERVAL=1;UNTIL=20260401T215959Z",
		},
	}
	for name, tt := range tests {
		got, err := ParseRule(tt.text, start)
		if err != nil || !got.Same(&tt.want) {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, tt.want)
			continue
		}
		if back := FormatRule(got); back != tt.back {
			t.Errorf("%s: written as %s, want %s", name, back, tt.back)
		}
	}
}

func TestParseRuleRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, names string }{
		"nothing":                      {"", "is no part"},
		"no rule":                      {"every day", "EVERY DAY"},
		"a part without a value":       {"FREQ=DAILY;COUNT=", "COUNT="},
		"no frequency":                 {"INTERVAL=1", "FREQ"},
		"yearly":                       {"FREQ=YEARLY", "YEARLY"},
		"hourly":                       {"FREQ=HOURLY", "HOURLY"},
		"a part of another kind":       {"FREQ=DAILY;BYHOUR=9", "BYHOUR"},
		"a part twice":                 {"FREQ=DAILY;COUNT=1;COUNT=2", "COUNT"},
		"an interval of 0":             {"FREQ=DAILY;INTERVAL=0", "INTERVAL between 1 and 99"},
		"too long an interval":         {"FREQ=MONTHLY;INTERVAL=11", "INTERVAL between 1 and 10"},
		"more than 60":                 {"FREQ=DAILY;COUNT=61", "COUNT between 1 and 60"},
		"two ends":                     {"FREQ=DAILY;COUNT=1;UNTIL=20260401", "UNTIL"},
		"no date":                      {"FREQ=DAILY;UNTIL=20260231", "UNTIL"},
		"a far end":                    {"FREQ=DAILY;UNTIL=21241001T000000Z", "UNTIL"},
		"a numbered day of a week":     {"FREQ=WEEKLY;BYDAY=2TU", "BYDAY"},
		"no day":                       {"FREQ=WEEKLY;BYDAY=XX", "BYDAY"},
		"days of every other day":      {"FREQ=DAILY;INTERVAL=2;BYDAY=MO", "BYDAY"},
		"a position in a week":         {"FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1", "BYSETPOS"},
		"a day of the month in a week": {"FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"},
		"weeks from Monday on":         {"FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO", "WKST"},
		"no day for a week to begin":   {"FREQ=WEEKLY;WKST=XX", "WKST"},
		"every Monday of a month":      {"FREQ=MONTHLY;BYDAY=MO", "BYDAY"},
		"a fifth Monday":               {"FREQ=MONTHLY;BYDAY=5MO", "BYDAY"},
		"the first weekday":            {"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "BYSETPOS"},
		"a position twice":             {"FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=1", "BYSETPOS"},
		"a position of nothing":        {"FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"},
		"two kinds of days":            {"FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1", "BYMONTHDAY"},
		"the last day of a month":      {"FREQ=MONTHLY;BYMONTHDAY=-1", "BYMONTHDAY"},
	}
	for name, tt := range tests {
		got, err := ParseRule(tt.text, instant(t, "2026-03-25T08:00:00Z"))
		if err == nil {
			t.Errorf("%s: got %+v, want an error", name, got)
		} else if !strings.HasPrefix(err.Error(), "must ") || !strings.Contains(err.Error(), tt.names) {
			t.Errorf("%s: %q does not name %q", name, err, tt.names)
		}
	}
}

// FuzzParseRule reads any text as a rule: it is refused, or a series can do
// it, and it is written in a form that is read as the same.
func FuzzParseRule(f *testing.F) {
	for _, seed := range []string{
		"FREQ=DAILY;INTERVAL=1;COUNT=20", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;UNTIL=20260401", "FREQ=MONTHLY;BYDAY=-1FR", "freq=monthly;bymonthday=31,1",
		"FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2;UNTIL=20260401T080000", "FREQ=YEARLY", ";", "FREQ=DAILY;COUNT=60;", "FREQ=WEEKLY;BYDAY= MO , WE",
	} {
		for i := range zoneNames {
			f.Add(seed, uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, at uint8) {
		start := time.Date(2026, 3, 25, 8, 0, 0, 0, zone(t, zoneNames[int(at)%len(zoneNames)]))
		r, err := ParseRule(text, start)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "must ") {
				t.Fatalf("%q: %q is no rule", text, err)
			}
			return
		}
		if problems := Check(r); problems != nil {
			t.Fatalf("%q: %+v: %v", text, r, problems)
		}
		written := FormatRule(r)
		again, err := ParseRule(written, start.AddDate(0, 0, 1))
		if err != nil || !again.Same(&r) {
			t.Fatalf("%q is %+v, written as %q, which is %+v, %v", text, r, written, again, err)
		}
	})
}

// TestFormatRule writes what the other dialect can make.
func TestFormatRule(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		r    muster.Recurrence
		want string
	}{
		"nothing but a type":    {muster.Recurrence{Type: muster.Weekly}, "FREQ=WEEKLY;INTERVAL=1;BYDAY=SU"},
		"monthly without a day": {muster.Recurrence{Type: muster.Monthly}, "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=1"},
		"what its type ignores": {muster.Recurrence{Type: muster.Daily, WeeklyDays: []time.Weekday{1}, MonthlyDay: 3}, "FREQ=DAILY;INTERVAL=1"},
	}
	for name, tt := range tests {
		if got := FormatRule(tt.r); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		} else if r, err := ParseRule(got, instant(t, "2026-03-25T08:00:00Z")); err != nil || !r.Same(&tt.r) {
			t.Errorf("%s: read as %+v, %v", name, r, err)
		}
	}
}
