package schedule

import (
	"fmt"
	"slices"

	"muster/internal/muster"
)

// maxInterval is the greatest repeat_interval of each type. Until 2024 it was
// 90, 12 and 3.
var maxInterval = map[muster.RecurrenceType]int{muster.Daily: 99, muster.Weekly: 50, muster.Monthly: 10}

// Check returns what is wrong with r, nil if nothing is. Fields are named as
// the API does, "recurrence.weekly_days".
//
// A zero value counts as not given and takes the API's default, so Check never
// objects to one but in Type. In MonthlyWeekDay zero is Sunday: to have an
// absent monthly_week_day refused beside a monthly_week, convert it with
// Weekday. Fields of another type than r's are ignored, because clients send
// them along. Whether any occurrence lies before the end only Expand can tell.
func Check(r muster.Recurrence) []muster.Problem {
	var problems []muster.Problem
	must := func(ok bool, field, rule string, args ...any) {
		if !ok {
			problems = append(problems, muster.Problem{Field: "recurrence." + field, Rule: "must " + fmt.Sprintf(rule, args...)})
		}
	}
	limit, known := maxInterval[r.Type]
	must(known, "type", "be 1 (daily), 2 (weekly) or 3 (monthly)")
	if known {
		must(0 <= r.Interval && r.Interval <= limit, "repeat_interval", "be between 1 and %d for this type", limit)
	}
	switch r.Type {
	case muster.Weekly:
		must(!slices.ContainsFunc(r.WeeklyDays, isNoWeekday), "weekly_days", "name days by 1 for Sunday to 7 for Saturday")
	case muster.Monthly:
		must(0 <= r.MonthlyDay && r.MonthlyDay <= 31, "monthly_day", "be between 1 and 31")
		must(-1 <= r.MonthlyWeek && r.MonthlyWeek <= 4, "monthly_week", "be between 1 and 4, or -1 for the last week")
		absent := r.MonthlyWeek == 0 && r.MonthlyWeekDay == Weekday(0)
		must(absent || !isNoWeekday(r.MonthlyWeekDay), "monthly_week_day", "be given with monthly_week, 1 for Sunday to 7 for Saturday")
	}
	must(0 <= r.EndTimes && r.EndTimes <= muster.MaxOccurrences, "end_times", "be between 1 and %d, or 0 for no such end", muster.MaxOccurrences)
	must(r.EndTimes == 0 || r.EndDateTime.IsZero(), "end_date_time", "not be given together with end_times")
	return problems
}
