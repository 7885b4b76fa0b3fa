package schedule

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	end := instant(t, "2026-12-31T00:00:00Z")
	tests := map[string]struct {
		r    muster.Recurrence
		want string // the fields, without the prefix
	}{
		"daily":                          {muster.Recurrence{Type: muster.Daily}, ""},
		"weekly":                         {muster.Recurrence{Type: muster.Weekly}, ""},
		"monthly":                        {muster.Recurrence{Type: muster.Monthly}, ""},
		"nothing given":                  {muster.Recurrence{}, "type"},
		"type 4":                         {muster.Recurrence{Type: 4, Interval: 1000}, "type"},
		"negative type":                  {muster.Recurrence{Type: -1}, "type"},
		"99 days":                        {muster.Recurrence{Type: muster.Daily, Interval: 99}, ""},
		"100 days":                       {muster.Recurrence{Type: muster.Daily, Interval: 100}, "repeat_interval"},
		"50 weeks":                       {muster.Recurrence{Type: muster.Weekly, Interval: 50}, ""},
		"51 weeks":                       {muster.Recurrence{Type: muster.Weekly, Interval: 51}, "repeat_interval"},
		"10 months":                      {muster.Recurrence{Type: muster.Monthly, Interval: 10}, ""},
		"11 months":                      {muster.Recurrence{Type: muster.Monthly, Interval: 11}, "repeat_interval"},
		"negative interval":              {muster.Recurrence{Type: muster.Daily, Interval: -1}, "repeat_interval"},
		"days of the week":               {muster.Recurrence{Type: muster.Weekly, WeeklyDays: []time.Weekday{0, 6}}, ""},
		"no day of the week":             {muster.Recurrence{Type: muster.Weekly, WeeklyDays: []time.Weekday{7}}, "weekly_days"},
		"day 31":                         {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 31}, ""},
		"day 32":                         {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 32}, "monthly_day"},
		"negative day":                   {muster.Recurrence{Type: muster.Monthly, MonthlyDay: -1}, "monthly_day"},
		"last week":                      {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: -1}, ""},
		"week 4":                         {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: 4, MonthlyWeekDay: 6}, ""},
		"week 5":                         {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: 5}, "monthly_week"},
		"last week but one":              {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: -2}, "monthly_week"},
		"week without a day":             {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: 1, MonthlyWeekDay: Weekday(0)}, "monthly_week_day"},
		"neither week nor day":           {muster.Recurrence{Type: muster.Monthly, MonthlyWeekDay: Weekday(0)}, ""},
		"day 8 of the week":              {muster.Recurrence{Type: muster.Monthly, MonthlyWeekDay: Weekday(8)}, "monthly_week_day"},
		"60 times":                       {muster.Recurrence{Type: muster.Daily, EndTimes: 60}, ""},
		"61 times":                       {muster.Recurrence{Type: muster.Daily, EndTimes: 61}, "end_times"},
		"negative times":                 {muster.Recurrence{Type: muster.Daily, EndTimes: -1}, "end_times"},
		"end":                            {muster.Recurrence{Type: muster.Daily, EndDateTime: end}, ""},
		"both ends":                      {muster.Recurrence{Type: muster.Daily, EndTimes: 2, EndDateTime: end}, "end_date_time"},
		"fields of other types":          {muster.Recurrence{Type: muster.Daily, WeeklyDays: []time.Weekday{9}, MonthlyDay: 99, MonthlyWeek: 9}, ""},
		"all that is wrong is said once": {muster.Recurrence{Type: muster.Monthly, Interval: 11, MonthlyDay: 32, EndTimes: 61, EndDateTime: end}, "repeat_interval monthly_day end_times end_date_time"},
	}
	for name, tt := range tests {
		var got []string
		for _, p := range Check(tt.r) {
			field, ok := strings.CutPrefix(p.Field, "recurrence.")
			if !ok || !strings.HasPrefix(p.Rule, "must ") {
				t.Errorf("%s: odd problem %q: %q", name, p.Field, p.Rule)
			}
			got = append(got, field)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: got %q, want %q", name, s, tt.want)
		}
	}
}

func TestWeekdays(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []time.Weekday
		back string
	}{
		"one":          {"1", []time.Weekday{time.Sunday}, "1"},
		"two":          {"1,3", []time.Weekday{time.Sunday, time.Tuesday}, "1,3"},
		"out of order": {"7,2,4", []time.Weekday{time.Monday, time.Wednesday, time.Saturday}, "2,4,7"},
		"twice":        {"2,2,2", []time.Weekday{time.Monday}, "2"},
		"blanks":       {" 2 , 4", []time.Weekday{time.Monday, time.Wednesday}, "2,4"},
		"none":         {"", nil, ""},
		"blank":        {" ", nil, ""},
	}
	for name, tt := range tests {
		got, err := ParseWeekdays(tt.text)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, %v, want %v", name, got, err, tt.want)
		}
		if back := FormatWeekdays(got); back != tt.back {
			t.Errorf("%s: spelled %q, want %q", name, back, tt.back)
		}
	}
	for _, text := range []string{"0", "8", "-1", "01", "12", "1,", ",1", "1,,2", "1;2", "1 2", "Mon", "[1]", "१"} {
		if got, err := ParseWeekdays(text); err == nil {
			t.Errorf("ParseWeekdays(%q) = %v, want an error", text, got)
		}
	}
	for n := 1; n <= 7; n++ {
		if day := Weekday(n); isNoWeekday(day) || WeekdayNumber(day) != n {
			t.Errorf("day %d is %v, which is %d", n, day, WeekdayNumber(day))
		}
	}
	if Weekday(1) != time.Sunday || Weekday(7) != time.Saturday || !isNoWeekday(Weekday(0)) || !isNoWeekday(Weekday(8)) {
		t.Error("the days are not 1 for Sunday to 7 for Saturday")
	}
}

func FuzzParseWeekdays(f *testing.F) {
	for _, text := range []string{"", "1", "1,3", "7, 2,2", "0", "1,,2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		days, err := ParseWeekdays(text)
		if err != nil {
			return
		}
		if !slices.IsSorted(days) || len(slices.Compact(slices.Clone(days))) != len(days) || slices.ContainsFunc(days, isNoWeekday) {
			t.Fatalf("%q: got %v", text, days)
		}
		if again, err := ParseWeekdays(FormatWeekdays(days)); err != nil || !slices.Equal(again, days) {
			t.Fatalf("%q: %v comes back as %v, %v", text, days, again, err)
		}
	})
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		r    muster.Recurrence
		want string
	}{
		"daily":        {muster.Recurrence{Type: muster.Daily}, "Every day"},
		"three days":   {muster.Recurrence{Type: muster.Daily, Interval: 3, EndTimes: 1}, "Every 3 days, 1 occurrence"},
		"weekly":       {muster.Recurrence{Type: muster.Weekly, Interval: 1}, "Every week on Sunday"},
		"two weeks":    {muster.Recurrence{Type: muster.Weekly, Interval: 2, WeeklyDays: []time.Weekday{1, 3}, EndTimes: 10}, "Every 2 weeks on Monday, Wednesday, 10 occurrences"},
		"monthly":      {muster.Recurrence{Type: muster.Monthly}, "Every month on day 1"},
		"day 31":       {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 31}, "Every month on day 31"},
		"last Friday":  {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: -1, MonthlyWeekDay: time.Friday}, "Every month on the last Friday"},
		"end in zone":  {muster.Recurrence{Type: muster.Daily, EndDateTime: instant(t, "2026-03-31T23:00:00Z")}, "Every day, until 1 April 2026"},
		"third Sunday": {muster.Recurrence{Type: muster.Monthly, Interval: 2, MonthlyWeek: 3}, "Every 2 months on the third Sunday"},
	}
	for name, tt := range tests {
		if got := Describe(tt.r, zone(t, "Europe/Berlin")); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
