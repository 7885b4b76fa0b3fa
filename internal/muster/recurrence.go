package muster

import (
	"slices"
	"time"
)

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

// Same reports whether r and s give the same occurrences from the same start.
func (r *Recurrence) Same(s *Recurrence) bool {
	if r == nil || s == nil {
		return r == s
	}
	a, b := r.plain(), s.plain()
	return a.Type == b.Type && a.Interval == b.Interval && slices.Equal(a.WeeklyDays, b.WeeklyDays) && a.MonthlyDay == b.MonthlyDay &&
		a.MonthlyWeek == b.MonthlyWeek && a.MonthlyWeekDay == b.MonthlyWeekDay && a.EndTimes == b.EndTimes && a.EndDateTime.Equal(b.EndDateTime)
}

// plain returns r with its defaults and without what its type ignores.
func (r Recurrence) plain() Recurrence {
	p := Recurrence{Type: r.Type, Interval: max(r.Interval, 1), EndTimes: r.EndTimes, EndDateTime: r.EndDateTime}
	switch {
	case r.Type == Weekly && len(r.WeeklyDays) == 0:
		p.WeeklyDays = []time.Weekday{time.Sunday}
	case r.Type == Weekly:
		p.WeeklyDays = r.WeeklyDays
	case r.Type == Monthly && r.MonthlyWeek != 0:
		p.MonthlyWeek, p.MonthlyWeekDay = r.MonthlyWeek, r.MonthlyWeekDay
	case r.Type == Monthly:
		p.MonthlyDay = max(r.MonthlyDay, 1)
	}
	return p
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
	Ended    bool   // somebody ended it
	Changes  []byte // what differs from the series besides the time: a JSON document, see Meeting.Settings
}

// Changed reports whether o, a date of m, was changed by itself.
func (o *Occurrence) Changed(m *Meeting) bool {
	return m.Series() && (o.Start.UnixMilli() != o.ID || len(o.Changes) > 0 && string(o.Changes) != "{}")
}
