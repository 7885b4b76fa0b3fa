package muster

import "time"

// The bounds of a meeting that is given by start and end. [semantics 8.1]
const (
	minSlot = 10 * time.Minute
	maxSlot = 23*time.Hour + 59*time.Minute
	// slotYears is how far ahead a meeting may begin.
	slotYears = 10
)

// Slot returns when a meeting begins, and for how long, that is to be held
// from start to end: in whole minutes, not in the past, 10 minutes to 23 hours
// and 59 minutes long. What begins within this minute begins with the next.
// was is when the meeting was to begin before, the zero time for a new one:
// that may lie in the past and stays as it is.
func Slot(start, end, was, now time.Time) (time.Time, time.Duration, error) {
	end = end.Truncate(time.Minute)
	kept := start.Equal(was)
	if !kept {
		start = start.Truncate(time.Minute)
	}
	length := end.Sub(start.Truncate(time.Minute))
	switch this := now.Truncate(time.Minute); {
	case !kept && start.Before(this):
		return start, 0, InvalidField("start_time", "must not be in the past")
	case start.After(now.AddDate(slotYears, 0, 0)):
		return start, 0, InvalidField("start_time", "must be within the next %d years", slotYears)
	case kept && !end.After(now):
		return start, 0, InvalidField("end_time", "must not be in the past")
	case length < minSlot || length > maxSlot:
		return start, 0, InvalidField("end_time", "must be 10 minutes to 23 hours and 59 minutes after the start")
	case !kept && start.Equal(this):
		start = start.Add(time.Minute)
		length = max(end.Sub(start), time.Minute)
	}
	return start, length, nil
}
