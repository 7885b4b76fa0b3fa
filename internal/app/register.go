package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// A Registration asks to register people for one meeting.
type Registration struct {
	People      []muster.Person
	Occurrences []int64 // occurrence ids, none for the next one or the whole series
	AutoApprove bool
	Batch       bool // the caller's API registers many at once: only for meetings that take batches, and refusals say whose
	Known       Known
	// Numbered has, for each of People, the answers to custom questions whose ids
	// the caller gave instead of their titles. nil: nobody gave any.
	Numbered [][]muster.NumberedAnswer
	// Strict refuses people who leave out what the form requires, or answer what
	// it does not offer. Fields that the caller's API cannot say, those not among
	// Fields, are not asked for.
	Strict bool
	Fields []string // of muster.StandardFields
	// Each registers whom it can and tells of each of the others why not;
	// else one person who cannot be registered refuses all.
	Each bool
}

// Known says what becomes of somebody who is registered already and was not
// cancelled.
type Known int

// What becomes of who is known.
const (
	UpdateKnown Known = iota // what the call says of them replaces what is stored; who was denied is Refused
	KeepKnown                // they are answered as they stand
	RefuseKnown              // RegistrantExists
)

// An Outcome says what became of one person of a Registration. Its Registrant
// is empty where a person was refused whom the meeting does not know.
type Outcome struct {
	Registrant muster.Registrant
	Result     Result
	Err        *muster.Error // why a person was refused, only under Registration.Each
}

// Result is what became of a person, as metrics and reports name it.
type Result string

// The results.
const (
	Added   Result = "added"
	Updated Result = "updated"
	Refused Result = "refused"
)

// Registered is what a Registration brought about.
type Registered struct {
	Meeting  *muster.Meeting
	Chosen   []muster.Occurrence // what the people are registered for; of a whole series the coming ones
	Outcomes []Outcome           // one for each person, in their order
}

// Register registers people in the order given. Whom the meeting knows by
// email keeps id, link and code; what the call says of them replaces what is
// stored. Nothing is stored unless all can be, but see Registration.Each.
func (a *App) Register(ctx context.Context, by muster.Actor, ref MeetingRef, r Registration) (*Registered, error) {
	var done *Registered
	err := a.write(ctx, func(tx *store.Tx) error {
		var err error
		if done, err = a.register(ctx, tx, by, ref, r); err != nil {
			return err
		}
		for _, o := range done.Outcomes {
			a.observe(tx, string(o.Result), 1)
		}
		return nil
	})
	if err != nil {
		if a.Observe != nil {
			a.Observe(string(Refused), len(r.People))
		}
		return nil, err
	}
	return done, nil
}

func (a *App) register(ctx context.Context, tx *store.Tx, by muster.Actor, ref MeetingRef, r Registration) (*Registered, error) {
	m, err := a.meeting(ctx, tx, by, ref, write)
	if err != nil {
		return nil, err
	}
	host, err := tx.User(ctx, m.Account, m.Host)
	if err != nil {
		return nil, fmt.Errorf("host of meeting %d: %w", m.ID, err)
	}
	if err := a.acceptable(ctx, tx, m, host, ref, r); err != nil {
		return nil, err
	}
	chosen, err := m.ChooseOccurrences(r.Occurrences, tx.Now)
	if err != nil {
		return nil, err
	}
	if r.People, err = answered(m, r); err != nil {
		return nil, err
	}
	work := &registering{a: a, m: m, host: host, r: r, chosen: chosen, tallies: muster.Tallies{}, by: map[string]*entry{}}
	if err := work.run(ctx, tx); err != nil {
		return nil, err
	}
	if ids := work.ids(); len(ids) > 0 {
		if err := a.event(ctx, tx, by, muster.RegistrantsAdded, m, ids, map[string]any{"auto_approve": r.AutoApprove}); err != nil {
			return nil, err
		}
	}
	done := &Registered{Meeting: m, Chosen: chosen, Outcomes: work.outcomes}
	if len(chosen) == 0 {
		done.Chosen = m.Coming(tx.Now)
	}
	return done, nil
}

// answered returns the people of r with the answers that r.Numbered has.
func answered(m *muster.Meeting, r Registration) ([]muster.Person, error) {
	if r.Numbered == nil {
		return r.People, nil
	}
	people := slices.Clone(r.People)
	for i, numbered := range r.Numbered {
		if len(numbered) == 0 {
			continue
		}
		answers, err := m.Questions.Resolve(numbered)
		if refusal, ok := errors.AsType[*muster.Error](err); ok && r.Batch {
			return nil, inRow(refusal, i, people[i].Email)
		} else if err != nil {
			return nil, err
		}
		people[i].Answers = answers
	}
	return people, nil
}

// acceptable asks the rules that are about the meeting and not a person.
func (a *App) acceptable(ctx context.Context, tx *store.Tx, m *muster.Meeting, host *muster.User, ref MeetingRef, r Registration) error {
	if err := host.MayHost(); err != nil {
		return err
	}
	if ref.OneDate {
		if err := m.HasOneDate(); err != nil {
			return err
		}
	}
	if err := m.AsksForRegistration(); err != nil {
		return err
	}
	if r.Batch && !ref.OneDate {
		if err := m.AcceptsBatch(); err != nil {
			return err
		}
	}
	if m.Over(tx.Now) && !m.Series() { // only then does it matter, so that those who are on time do not pay for it
		if err := a.resolveClosing(ctx, tx, m, host); err != nil {
			return err
		}
	}
	return m.AcceptsAt(tx.Now)
}

// resolveClosing sets on m whether registration stops when its time is over:
// what is stored is what the meeting says, and its host's settings may say
// otherwise.
func (a *App) resolveClosing(ctx context.Context, tx *store.Tx, m *muster.Meeting, host *muster.User) error {
	chain, err := a.chainOfHost(ctx, tx, host)
	if err != nil {
		return err
	}
	own, err := settings.FromJSON(m.Settings)
	if err != nil {
		return fmt.Errorf("settings of meeting %d: %w", m.ID, err)
	}
	m.CloseRegistration = settings.ResolveMeeting(chain, own).Bool("close_registration")
	return nil
}
