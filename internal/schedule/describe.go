package schedule

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/muster"
)

// Describe returns r as an English phrase for invitations, such as "Every 2
// weeks on Monday, Wednesday, 10 occurrences". The date of an end is the one
// in zone. r must have passed Check.
func Describe(r muster.Recurrence, zone *time.Location) string {
	unit := map[muster.RecurrenceType]string{muster.Daily: "day", muster.Weekly: "week", muster.Monthly: "month"}[r.Type]
	text := "Every " + unit
	if r.Interval > 1 {
		text = fmt.Sprintf("Every %d %ss", r.Interval, unit)
	}
	switch r.Type {
	case muster.Weekly:
		text += " on " + weekdayNames(r.WeeklyDays)
	case muster.Monthly:
		text += " on " + monthlyPhrase(r)
	}
	switch {
	case r.EndTimes == 1:
		text += ", 1 occurrence"
	case r.EndTimes > 1:
		text += fmt.Sprintf(", %d occurrences", r.EndTimes)
	case !r.EndDateTime.IsZero():
		text += ", until " + r.EndDateTime.In(zone).Format("2 January 2006")
	}
	return text
}

func weekdayNames(days []time.Weekday) string {
	if len(days) == 0 {
		return time.Sunday.String()
	}
	names := make([]string, len(days))
	for i, day := range days {
		names[i] = day.String()
	}
	return strings.Join(names, ", ")
}

func monthlyPhrase(r muster.Recurrence) string {
	if r.MonthlyWeek == 0 {
		return fmt.Sprintf("day %d", max(1, r.MonthlyDay))
	}
	week := map[int]string{-1: "last", 1: "first", 2: "second", 3: "third", 4: "fourth"}[r.MonthlyWeek]
	return fmt.Sprintf("the %s %s", week, r.MonthlyWeekDay)
}
