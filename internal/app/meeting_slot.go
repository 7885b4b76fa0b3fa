package app

import (
	"slices"
	"time"

	"muster/internal/muster"
	"muster/internal/schedule"
)

// A Slot is when a meeting is to be held, as sent: times without an offset are
// what the clocks in the meeting's zone show. "" is not given: without End the
// duration stays, without Start the start.
type Slot struct{ Start, End string }

// times returns the start and the duration that s makes of the former ones.
func (s Slot) times(start time.Time, duration time.Duration, zone *time.Location, now time.Time) (time.Time, time.Duration, error) {
	from, err := s.time("start_time", s.Start, start, zone)
	if err != nil {
		return start, duration, err
	}
	if from.IsZero() {
		return start, duration, muster.InvalidField("start_time", "is required for a meeting that has had no fixed time")
	}
	to, err := s.time("end_time", s.End, from.Add(duration), zone)
	if err != nil || from.Equal(start) && to.Equal(start.Add(duration)) { // clients send whole objects back
		return start, duration, err
	}
	return muster.Slot(from, to, start, now)
}

func (s Slot) time(field, text string, absent time.Time, zone *time.Location) (time.Time, error) {
	if text == "" {
		return absent, nil
	}
	t, err := schedule.ParseTime(text, zone)
	if err != nil {
		return t, muster.InvalidField(field, "%v", err)
	}
	return t, nil
}

// applySlot sets m's start and duration by c.Slot. A meeting that is given a
// time to come waits for it, whatever became of it before.
func (c MeetingChange) applySlot(m *muster.Meeting, zone *time.Location, now time.Time) error {
	var slot Slot
	if c.Slot != nil {
		slot = *c.Slot
	}
	if m.Type == muster.RecurringNoFixed {
		return muster.InvalidField("start_time", "must be given together with recurrence for a meeting that recurs without fixed times")
	}
	start, duration, err := slot.times(m.Start, m.Duration, zone, now)
	if err != nil {
		return err
	}
	if !start.Equal(m.Start) && start.After(now) {
		m.State = muster.Waiting
	}
	m.Start, m.Duration = start, duration
	return nil
}

// typeOf returns the type that c gives to m, nil where it says nothing of it.
func (c MeetingChange) typeOf(m *muster.Meeting) *muster.MeetingType {
	switch {
	case c.Rule != nil && *c.Rule != "":
		return new(muster.Recurring)
	case c.Rule != nil || c.Slot != nil && m.Type == muster.Instant && *c.Slot != Slot{}:
		return new(muster.Scheduled)
	}
	return c.Type
}

// recurrence reads c.Rule for m, whose start is set.
func (c MeetingChange) recurrence(m *muster.Meeting) (*muster.Recurrence, error) {
	zone, err := schedule.Zone(m.Timezone)
	if err != nil {
		return nil, err
	}
	r, err := schedule.ParseRule(*c.Rule, m.Start.In(zone))
	if err != nil {
		return nil, muster.InvalidField("recurrence", "%v", err)
	}
	return &r, nil
}

// restore makes the occurrences that were changed by themselves again what the
// series has: a series given other times cancels what was moved. [semantics 8.1]
func restore(m *muster.Meeting) {
	for i := range m.Occurrences {
		o := &m.Occurrences[i]
		if !o.Deleted && !o.Ended {
			o.Start, o.Duration, o.Changes = time.UnixMilli(o.ID).UTC(), m.Duration, nil
		}
	}
	slices.SortStableFunc(m.Occurrences, func(a, b muster.Occurrence) int { return a.Start.Compare(b.Start) })
}

// reopen makes an ended meeting wait again for the new time that a host gives it.
func reopen(m *muster.Meeting, start, now time.Time) {
	if m.State == muster.Ended && start.After(now) {
		m.State = muster.Waiting
	}
}
