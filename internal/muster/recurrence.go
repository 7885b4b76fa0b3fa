package muster

import "time"

// RecurrenceType is the unit in which a series repeats.
type RecurrenceType int

// The recurrence types, with the API's numbers.
const (
	Daily   RecurrenceType = 1
	Weekly  RecurrenceType = 2
	Monthly RecurrenceType = 3
)

// A Recurrence says when a series repeats. The zero value of a field means
// that it was not given.
type Recurrence struct {
	Type           RecurrenceType
	Interval       int            // every n days, weeks or months; 0 means 1
	WeeklyDays     []time.Weekday // for Weekly, ascending, each once; empty means Sunday
	MonthlyDay     int            // for Monthly: 1 to 31
	MonthlyWeek    int            // for Monthly: 1 to 4, -1 the last; 0 means that MonthlyDay counts
	MonthlyWeekDay time.Weekday   // for Monthly with MonthlyWeek
	EndTimes       int            // number of occurrences; 0: no such end
	EndDateTime    time.Time      // no occurrence begins after this instant; zero: no such end
}

// MaxOccurrences is how many occurrences a series has at most.
const MaxOccurrences = 60

// An Occurrence is one date of a series. Its ID is the instant of its
// original start in epoch milliseconds and survives a move.
type Occurrence struct {
	ID       int64
	Start    time.Time
	Duration time.Duration
	Deleted  bool
	Changes  []byte // what differs from the series besides the time: a JSON document, see Meeting.Settings
}
