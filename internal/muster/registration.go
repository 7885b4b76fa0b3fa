package muster

import (
	"slices"
	"time"
)

// FirstStatus returns the status of p, who is new: approved where the caller
// approves, else what the form's rules say, else approved unless the host
// approves by hand. [semantics 8.2]
func (m *Meeting) FirstStatus(p *Person, autoApprove bool) Status {
	if autoApprove {
		return Approved
	}
	switch m.Questions.Judge(p) {
	case Approve:
		return Approved
	case Deny:
		return Denied
	}
	if m.Approval == ApproveManually {
		return Pending
	}
	return Approved
}

// StatusAgain returns the status of p, who registers again and stands at s. Who was cancelled begins anew; who was denied stays out (Refused)
// until a host approves; anybody else stands as before, unless the caller
// approves by the way.
func (m *Meeting) StatusAgain(s Status, p *Person, autoApprove bool) (Status, error) {
	switch {
	case s == Denied:
		return s, Errorf(Refused, p.Email, "The registration of %s was denied: a host has to approve it before this person can register again.", p.Email)
	case s == Cancelled:
		return m.FirstStatus(p, autoApprove), nil
	case s == Pending && m.Approval == ApproveManually && autoApprove:
		return Approved, nil
	}
	return s, nil
}

// Register sets how r, who is new or comes again, stands after registering
// for the chosen occurrences (none: for the whole). It changes nothing where
// it returns an error, which is StatusAgain's.
func (m *Meeting) Register(r *Registrant, chosen []Occurrence, autoApprove bool) error {
	if m.RegistrationType != OnceAndChoose || len(chosen) == 0 {
		status, err := m.statusAfter(r.Status, &r.Person, autoApprove)
		if err == nil {
			r.Status = status
		}
		return err
	}
	choices := slices.Clone(r.Choices)
	for _, o := range chosen {
		i := slices.IndexFunc(choices, func(c Choice) bool { return c.Occurrence == o.ID })
		if i < 0 {
			i = len(choices)
			choices = append(choices, Choice{Occurrence: o.ID})
		}
		status, err := m.statusAfter(choices[i].Status, &r.Person, autoApprove)
		if err != nil {
			return err
		}
		choices[i].Status = status
	}
	r.Choose(choices)
	return nil
}

// statusAfter is FirstStatus for who has no status yet, else StatusAgain.
func (m *Meeting) statusAfter(s Status, p *Person, autoApprove bool) (Status, error) {
	if s == "" {
		return m.FirstStatus(p, autoApprove), nil
	}
	return m.StatusAgain(s, p, autoApprove)
}

// How long a window of registration times is.
const (
	DefaultWindow = 7 * 24 * time.Hour
	MaxWindow     = 90 * 24 * time.Hour
)

// RegistrationWindow returns the times between which registrations are asked
// for, the end itself not. Where one of them is zero it is a DefaultWindow off
// the other; where both are, so are both answered: there is no window.
// [semantics 8.3]
func RegistrationWindow(from, to time.Time) (time.Time, time.Time, error) {
	switch {
	case from.IsZero() && to.IsZero():
		return from, to, nil
	case from.IsZero():
		from = to.Add(-DefaultWindow)
	case to.IsZero():
		to = from.Add(DefaultWindow)
	}
	switch {
	case !from.Before(to):
		return from, to, InvalidField("registrationTimeTo", "must be after registrationTimeFrom")
	case to.Sub(from) > MaxWindow:
		return from, to, InvalidField("registrationTimeTo", "must be at most 90 days after registrationTimeFrom")
	}
	return from, to, nil
}
