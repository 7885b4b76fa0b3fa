package schedule

import (
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
)

// daysOf lists weekdays in short.
func daysOf(days ...time.Weekday) []time.Weekday { return days }

func TestExpand(t *testing.T) {
	t.Parallel()
	const mon, tue, wed, fri, sat = time.Monday, time.Tuesday, time.Wednesday, time.Friday, time.Saturday
	daily := muster.Recurrence{Type: muster.Daily, EndTimes: 3}
	tests := map[string]struct {
		r           muster.Recurrence
		zone, start string
		want        string // starts in UTC, "01-31 15:04"
	}{
		"daily":                    {daily, "UTC", "2026-03-25T07:46:00Z", "03-25 07:46, 03-26 07:46, 03-27 07:46"},
		"daily, no interval is 1":  {muster.Recurrence{Type: muster.Daily, Interval: 1, EndTimes: 2}, "UTC", "2026-03-25T07:46:00Z", "03-25 07:46, 03-26 07:46"},
		"every third day":          {muster.Recurrence{Type: muster.Daily, Interval: 3, EndTimes: 3}, "UTC", "2026-12-29T10:00:00Z", "12-29 10:00, 01-01 10:00, 01-04 10:00"},
		"daily over a leap day":    {daily, "UTC", "2028-02-28T10:00:00Z", "02-28 10:00, 02-29 10:00, 03-01 10:00"},
		"daily without a leap day": {daily, "UTC", "2026-02-28T10:00:00Z", "02-28 10:00, 03-01 10:00, 03-02 10:00"},
		"daily in Kolkata":         {daily, "Asia/Kolkata", "2026-03-27T20:00:00Z", "03-27 20:00, 03-28 20:00, 03-29 20:00"},
		"daily into summer":        {daily, "Europe/Berlin", "2026-03-28T08:00:00Z", "03-28 08:00, 03-29 07:00, 03-30 07:00"},
		"daily into winter":        {daily, "Europe/Berlin", "2026-10-24T07:00:00Z", "10-24 07:00, 10-25 08:00, 10-26 08:00"},
		"daily through the gap":    {daily, "America/New_York", "2026-03-07T07:30:00Z", "03-07 07:30, 03-08 07:30, 03-09 06:30"},
		"daily through the overlap": {
			daily, "America/New_York", "2026-10-31T05:30:00Z",
			"10-31 05:30, 11-01 05:30, 11-02 06:30",
		},
		"start in the second of two hours": {daily, "America/New_York", "2026-11-01T06:30:00Z", "11-01 06:30, 11-02 06:30, 11-03 06:30"},
		"half an hour of summer":           {daily, "Australia/Lord_Howe", "2026-10-02T15:40:00Z", "10-02 15:40, 10-03 15:40, 10-04 15:10"},
		"a day left out":                   {daily, "Pacific/Apia", "2011-12-29T20:00:00Z", "12-29 20:00, 12-30 20:00, 12-31 20:00"},
		"only the day left out":            {muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(fri), EndTimes: 3}, "Pacific/Apia", "2011-12-23T20:00:00Z", "12-23 20:00, 12-30 20:00, 01-05 20:00"},
		"parts of a second":                {muster.Recurrence{Type: muster.Daily, EndTimes: 1}, "UTC", "2026-03-25T07:46:00.7Z", "03-25 07:46"},

		"weekly": {muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(mon, wed), EndTimes: 3}, "UTC", "2026-03-02T10:00:00Z", "03-02 10:00, 03-04 10:00, 03-09 10:00"},
		"weekly over a change": {
			muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(wed), EndTimes: 3},
			"America/New_York", "2026-02-25T14:00:00Z",
			"02-25 14:00, 03-04 14:00, 03-11 13:00",
		},
		"weekly, start between":     {muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(mon, fri), EndTimes: 3}, "UTC", "2026-03-03T10:00:00Z", "03-06 10:00, 03-09 10:00, 03-13 10:00"},
		"weekly, no days is Sunday": {muster.Recurrence{Type: muster.Weekly, EndTimes: 2}, "UTC", "2026-03-03T10:00:00Z", "03-08 10:00, 03-15 10:00"},
		"every second week":         {muster.Recurrence{Type: muster.Weekly, Interval: 2, WeeklyDays: daysOf(mon, sat), EndTimes: 4}, "UTC", "2026-03-04T10:00:00Z", "03-07 10:00, 03-16 10:00, 03-21 10:00, 03-30 10:00"},
		"every second week, later":  {muster.Recurrence{Type: muster.Weekly, Interval: 2, WeeklyDays: daysOf(mon), EndTimes: 2}, "UTC", "2026-03-07T10:00:00Z", "03-09 10:00, 03-23 10:00"},
		"weeks begin on Sunday":     {muster.Recurrence{Type: muster.Weekly, Interval: 3, WeeklyDays: daysOf(time.Sunday, sat), EndTimes: 3}, "UTC", "2026-03-01T10:00:00Z", "03-01 10:00, 03-07 10:00, 03-22 10:00"},
		"the day is that of the zone": {
			muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(tue), EndTimes: 2},
			"Asia/Kolkata", "2026-03-02T20:00:00Z",
			"03-02 20:00, 03-09 20:00",
		},
		"days out of order": {muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(wed, mon, wed), EndTimes: 3}, "UTC", "2026-03-02T10:00:00Z", "03-02 10:00, 03-04 10:00, 03-09 10:00"},

		"monthly, no day is 1":      {muster.Recurrence{Type: muster.Monthly, EndTimes: 2}, "UTC", "2026-03-05T10:00:00Z", "04-01 10:00, 05-01 10:00"},
		"monthly on its day":        {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 5, EndTimes: 2}, "UTC", "2026-03-05T10:00:00Z", "03-05 10:00, 04-05 10:00"},
		"monthly, day is past":      {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 5, EndTimes: 2}, "UTC", "2026-03-20T10:00:00Z", "04-05 10:00, 05-05 10:00"},
		"every third month":         {muster.Recurrence{Type: muster.Monthly, Interval: 3, MonthlyDay: 5, EndTimes: 3}, "UTC", "2026-11-20T10:00:00Z", "12-05 10:00, 03-05 10:00, 06-05 10:00"},
		"day 31":                    {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 31, EndTimes: 4}, "UTC", "2026-01-31T10:00:00Z", "01-31 10:00, 03-31 10:00, 05-31 10:00, 07-31 10:00"},
		"day 31 from February":      {muster.Recurrence{Type: muster.Monthly, Interval: 2, MonthlyDay: 31, EndTimes: 4}, "UTC", "2026-02-10T10:00:00Z", "03-31 10:00, 05-31 10:00, 07-31 10:00, 01-31 10:00"},
		"day 29 in a leap year":     {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 29, EndTimes: 3}, "UTC", "2028-01-29T10:00:00Z", "01-29 10:00, 02-29 10:00, 03-29 10:00"},
		"day 29 in a common year":   {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 29, EndTimes: 3}, "UTC", "2026-01-29T10:00:00Z", "01-29 10:00, 03-29 10:00, 04-29 10:00"},
		"leap days alone":           {muster.Recurrence{Type: muster.Monthly, Interval: 12, MonthlyDay: 29, EndTimes: 3}, "UTC", "2028-02-29T10:00:00Z", "02-29 10:00, 02-29 10:00, 02-29 10:00"},
		"monthly into summer":       {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 15, EndTimes: 2}, "Europe/Berlin", "2026-03-15T08:00:00Z", "03-15 08:00, 04-15 07:00"},
		"monthly in the gap":        {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 29, EndTimes: 3}, "Europe/Berlin", "2026-01-29T01:30:00Z", "01-29 01:30, 03-29 01:30, 04-29 00:30"},
		"last Friday":               {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: -1, MonthlyWeekDay: fri, EndTimes: 4}, "UTC", "2026-01-01T10:00:00Z", "01-30 10:00, 02-27 10:00, 03-27 10:00, 04-24 10:00"},
		"last day is the last":      {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: -1, MonthlyWeekDay: sat, EndTimes: 2}, "UTC", "2026-02-28T10:00:00Z", "02-28 10:00, 03-28 10:00"},
		"first Sunday":              {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: 1, EndTimes: 3}, "UTC", "2026-02-01T10:00:00Z", "02-01 10:00, 03-01 10:00, 04-05 10:00"},
		"second Tuesday":            {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: 2, MonthlyWeekDay: tue, EndTimes: 2}, "UTC", "2026-03-11T10:00:00Z", "04-14 10:00, 05-12 10:00"},
		"fourth Wednesday":          {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: 4, MonthlyWeekDay: wed, EndTimes: 2}, "UTC", "2026-03-01T10:00:00Z", "03-25 10:00, 04-22 10:00"},
		"the week beats the day":    {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 9, MonthlyWeek: 1, MonthlyWeekDay: mon, EndTimes: 1}, "UTC", "2026-03-01T10:00:00Z", "03-02 10:00"},
		"the month is the zone's":   {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 1, EndTimes: 2}, "Asia/Kolkata", "2026-02-28T20:00:00Z", "02-28 20:00, 03-31 20:00"},
		"day that no month has":     {muster.Recurrence{Type: muster.Monthly, MonthlyDay: 32}, "UTC", "2026-03-01T10:00:00Z", ""},
		"week that no month has":    {muster.Recurrence{Type: muster.Monthly, MonthlyWeek: 6, MonthlyWeekDay: fri}, "UTC", "2026-03-01T10:00:00Z", ""},
		"day that no week has":      {muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(7)}, "UTC", "2026-03-01T10:00:00Z", ""},
		"type that does not exist":  {muster.Recurrence{Type: 4}, "UTC", "2026-03-01T10:00:00Z", ""},
		"no type":                   {muster.Recurrence{}, "UTC", "2026-03-01T10:00:00Z", ""},
		"end on an occurrence":      {muster.Recurrence{Type: muster.Daily, EndDateTime: instant(t, "2026-03-26T07:46:00Z")}, "UTC", "2026-03-25T07:46:00Z", "03-25 07:46, 03-26 07:46"},
		"end before an occurrence":  {muster.Recurrence{Type: muster.Daily, EndDateTime: instant(t, "2026-03-26T07:45:59Z")}, "UTC", "2026-03-25T07:46:00Z", "03-25 07:46"},
		"end before the first":      {muster.Recurrence{Type: muster.Daily, EndDateTime: instant(t, "2026-03-24T00:00:00Z")}, "UTC", "2026-03-25T07:46:00Z", ""},
		"both ends, the first wins": {muster.Recurrence{Type: muster.Daily, EndTimes: 9, EndDateTime: instant(t, "2026-03-26T00:00:00Z")}, "UTC", "2026-03-25T07:46:00Z", "03-25 07:46"},
	}
	for name, tt := range tests {
		var starts []string
		for _, o := range Expand(tt.r, instant(t, tt.start), time.Hour, zone(t, tt.zone)) {
			if o.ID != o.Start.UnixMilli() || o.Duration != time.Hour || o.Deleted || o.Start.Location() != time.UTC {
				t.Errorf("%s: odd occurrence %+v", name, o)
			}
			starts = append(starts, o.Start.Format("01-02 15:04"))
		}
		if got := strings.Join(starts, ", "); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
}

func TestExpandLimits(t *testing.T) {
	t.Parallel()
	end := instant(t, "2100-01-01T00:00:00Z")
	tests := map[string]struct {
		r    muster.Recurrence
		want int
	}{
		"no end":             {muster.Recurrence{Type: muster.Daily}, 60},
		"once":               {muster.Recurrence{Type: muster.Daily, EndTimes: 1}, 1},
		"60 times":           {muster.Recurrence{Type: muster.Daily, EndTimes: 60}, 60},
		"61 times":           {muster.Recurrence{Type: muster.Daily, EndTimes: 61}, 60},
		"far end":            {muster.Recurrence{Type: muster.Daily, EndDateTime: end}, 60},
		"all days":           {muster.Recurrence{Type: muster.Weekly, WeeklyDays: daysOf(0, 1, 2, 3, 4, 5, 6)}, 60},
		"one day":            {muster.Recurrence{Type: muster.Weekly, Interval: 50, WeeklyDays: daysOf(6)}, 60},
		"day 31":             {muster.Recurrence{Type: muster.Monthly, Interval: 10, MonthlyDay: 31}, 60},
		"day 31, every four": {muster.Recurrence{Type: muster.Monthly, Interval: 4, MonthlyDay: 31}, 60},
		"last week":          {muster.Recurrence{Type: muster.Monthly, Interval: 10, MonthlyWeek: -1}, 60},
		"negative interval":  {muster.Recurrence{Type: muster.Daily, Interval: -5}, 60},
		"great interval":     {muster.Recurrence{Type: muster.Monthly, Interval: 1 << 60}, 60},
	}
	for name, tt := range tests {
		if got := Expand(tt.r, instant(t, "2026-01-31T10:00:00Z"), time.Hour, zone(t, "Europe/Berlin")); len(got) != tt.want {
			t.Errorf("%s: got %d occurrences, want %d", name, len(got), tt.want)
		}
	}
}
