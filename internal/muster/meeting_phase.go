package muster

import "time"

// Phase is how far a meeting, or one date of it, has got by its state and the
// clock, with Webex's names. [semantics 8.1]
type Phase string

// The phases: of a meeting as a whole, and of one of its dates.
const (
	Active     Phase = "active"     // something of it is to come
	InProgress Phase = "inProgress" // it runs
	Expired    Phase = "expired"    // nothing of it is to come

	ToCome Phase = "scheduled" // the date is to come
	Ready  Phase = "ready"     // its time has come
	Held   Phase = "ended"     // somebody ended it
	Missed Phase = "missed"    // its time has passed, and nobody ended it
)

// PhaseAt returns the phase of m as a whole.
func (m *Meeting) PhaseAt(now time.Time) Phase {
	switch {
	case m.StateAt(now) == Started:
		return InProgress
	case m.StateAt(now) == Ended || m.Over(now):
		return Expired
	}
	return Active
}

// PhaseOf returns the phase of one of m's dates.
func (m *Meeting) PhaseOf(d *Occurrence, now time.Time) Phase {
	switch {
	case m.StateAt(now) == Ended || d.Ended:
		return Held
	case now.Before(d.Start):
		return ToCome
	case now.Before(d.Start.Add(d.Duration)):
		return Ready
	}
	return Missed
}

// Dates returns what m's dates are: the occurrences of a series that were not
// deleted, or the one date of any other meeting, whose ID is its start. A
// meeting without fixed times has none.
func (m *Meeting) Dates() []Occurrence {
	switch {
	case m.Type == RecurringNoFixed:
		return nil
	case !m.Series():
		return []Occurrence{{ID: m.Start.UnixMilli(), Start: m.Start, Duration: m.Duration}}
	}
	var dates []Occurrence
	for _, o := range m.Occurrences {
		if !o.Deleted {
			dates = append(dates, o)
		}
	}
	return dates
}

// Current returns the date of m that is on or comes next, and whether there is one.
func (m *Meeting) Current(now time.Time) (Occurrence, bool) {
	for _, d := range m.Dates() {
		if p := m.PhaseOf(&d, now); p == ToCome || p == Ready {
			return d, true
		}
	}
	return Occurrence{}, false
}
