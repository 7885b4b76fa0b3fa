package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"muster/internal/muster"
	"muster/internal/store"
)

// registrantsOf returns a meeting whose registrants by wants to read or
// write, or RegistrationOff.
func (a *App) registrantsOf(ctx context.Context, tx *store.Tx, by muster.Actor, ref MeetingRef, want intent) (*muster.Meeting, error) {
	m, err := a.meeting(ctx, tx, by, ref, want)
	if err != nil {
		return nil, err
	}
	if ref.OneDate {
		if err := m.HasOneDate(); err != nil {
			return nil, err
		}
	}
	return m, m.AsksForRegistration()
}

// Registrants returns a page of a meeting's registrants, in the order of
// registration, as spell spells it: spelling names spell and all that its words
// hang on besides the people. A page that was spelled before and whose people
// are as they were is not read again, see pages.
func (a *App) Registrants(ctx context.Context, by muster.Actor, ref MeetingRef, f store.RegistrantFilter, p Page, spelling string,
	spell func([]muster.Registrant) []byte,
) (page Spelled, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		m, err := a.registrantsOf(ctx, tx, by, ref, read)
		if err != nil {
			return err
		}
		if err := knownOccurrence(m, f.Occurrence); err != nil {
			return err
		}
		bound := []string{
			"registrants", m.Account, strconv.FormatInt(m.ID, 10), fmt.Sprint(f.Statuses),
			strconv.FormatInt(f.Occurrence, 10), muster.EmailKey(f.Email),
		}
		after, err := a.after(tx, p, bound)
		if err != nil {
			return err
		}
		kept, err := a.spelledPage(ctx, tx, m, f, after, p, spelling, spell)
		if err != nil {
			return err
		}
		page.Items = kept.items
		if kept.last != 0 {
			page.Next = a.Keys.PageToken(tx.Now, strconv.FormatInt(kept.last, 10), bound...)
		}
		page.Total, err = a.total(ctx, tx, m, f)
		return err
	})
	return page, err
}

// total counts the registrants of f: from the tallies or, for one email, as they come.
func (a *App) total(ctx context.Context, tx *store.Tx, m *muster.Meeting, f store.RegistrantFilter) (int64, error) {
	if f.Email != "" {
		all, err := tx.Registrants(ctx, m, f, 0, 0, muster.MaxOccurrences*2)
		return int64(len(all)), err
	}
	occurrence := f.Occurrence
	if m.RegistrationType == muster.OnceForAll {
		occurrence = 0
	}
	t, err := tx.Tally(ctx, m, occurrence)
	var n int64
	for _, s := range f.Statuses {
		n += *t.Of(s)
	}
	return n, err
}

// ownOccurrence returns Invalid unless id is 0 or an occurrence that people
// are registered for by itself: what is for the whole series cannot be
// changed for one date of it.
func ownOccurrence(m *muster.Meeting, id int64) error {
	if err := knownOccurrence(m, id); err != nil || id == 0 || m.RegistrationType != muster.OnceForAll {
		return err
	}
	return muster.InvalidField("occurrence_id", "must be left out: under registration_type 1 a registration is for the whole series")
}

// knownOccurrence returns Invalid unless id is 0 or an occurrence of m, a deleted or past one too.
func knownOccurrence(m *muster.Meeting, id int64) error {
	if id == 0 {
		return nil
	}
	if _, ok := m.Occurrence(id); !ok {
		return muster.InvalidField("occurrence_id", "must be the id of an occurrence of this meeting; %d is unknown", id)
	}
	return nil
}

// Registrant returns one registrant of a meeting, for one occurrence if not 0.
func (a *App) Registrant(ctx context.Context, by muster.Actor, ref MeetingRef, id string, occurrence int64) (m *muster.Meeting, r *muster.Registrant, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		if m, err = a.registrantsOf(ctx, tx, by, ref, read); err != nil {
			return err
		}
		r, err = oneRegistrant(ctx, tx, m, id, occurrence)
		return err
	})
	return m, r, err
}

func oneRegistrant(ctx context.Context, tx *store.Tx, m *muster.Meeting, id string, occurrence int64) (*muster.Registrant, error) {
	if err := knownOccurrence(m, occurrence); err != nil {
		return nil, err
	}
	r, err := tx.Registrant(ctx, m, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && occurrence != 0 && !r.Covers(occurrence) {
		return nil, muster.NoSuchRegistrant(id)
	}
	return r, err
}

// RemoveRegistrants removes people's registrations for good, in all
// occurrences. Who is not found is passed over; if nobody is,
// RegistrantNotFound.
func (a *App) RemoveRegistrants(ctx context.Context, by muster.Actor, ref MeetingRef, who []Who) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.registrantsOf(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		found, err := a.find(ctx, tx, m, who, 0)
		if err != nil {
			return err
		}
		tallies := muster.Tallies{}
		list, ids := make([]*muster.Registrant, len(found)), make([]string, len(found))
		for i := range found {
			list[i], ids[i] = &found[i], found[i].ID
			tallies.Move(&found[i], nil)
		}
		if err := tx.RemoveRegistrants(ctx, m, list); err != nil {
			return err
		}
		if err := tx.Count(ctx, m, tallies, 0, 0); err != nil {
			return err
		}
		for _, r := range list {
			if err := forget(ctx, tx, m, r); err != nil {
				return err
			}
		}
		return a.event(ctx, tx, by, muster.RegistrantDeleted, m, ids, nil)
	})
}

// forget removes r, who is gone, from stored answers.
func forget(ctx context.Context, tx *store.Tx, m *muster.Meeting, r *muster.Registrant) error {
	return tx.RedactAnswers(ctx, m.ID, []string{r.ID, r.Person.Email}, func(body string) (string, error) {
		return redact(body, r.ID, r.Person.Email)
	})
}

// RemoveRegistrant removes a person's registration for good or, where
// occurrence is not 0, for that occurrence. Who is gone is gone from stored
// answers, too; events keep the id only.
func (a *App) RemoveRegistrant(ctx context.Context, by muster.Actor, ref MeetingRef, id string, occurrence int64) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.registrantsOf(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		if err := ownOccurrence(m, occurrence); err != nil {
			return err
		}
		before, err := oneRegistrant(ctx, tx, m, id, occurrence)
		if err != nil {
			return err
		}
		after := before.Without(occurrence)
		if after == nil {
			err = tx.RemoveRegistrant(ctx, before)
		} else if err = tx.RemoveChoice(ctx, before, occurrence); err == nil {
			err = tx.SetRegistrant(ctx, after)
		}
		if err != nil {
			return err
		}
		tallies := muster.Tallies{}
		tallies.Move(before, after)
		if err := tx.Count(ctx, m, tallies, 0, 0); err != nil {
			return err
		}
		if after == nil {
			if err := forget(ctx, tx, m, before); err != nil {
				return err
			}
		}
		return a.event(ctx, tx, by, muster.RegistrantDeleted, m, []string{id}, occurrenceData(occurrence))
	})
}

func occurrenceData(occurrence int64) map[string]any {
	if occurrence == 0 {
		return nil
	}
	return map[string]any{"occurrence_id": occurrence}
}

// A Who names a registrant by id, by email or by both, which must agree.
type Who struct{ ID, Email string }

// SetStatus approves, denies or cancels registrations, of one occurrence if
// not 0. Who is not found is passed over; if nobody is, RegistrantNotFound.
func (a *App) SetStatus(ctx context.Context, by muster.Actor, ref MeetingRef, action muster.Action, who []Who, occurrence int64) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.registrantsOf(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		if err := ownOccurrence(m, occurrence); err != nil {
			return err
		}
		found, err := a.find(ctx, tx, m, who, occurrence)
		if err != nil {
			return err
		}
		if err := a.countChanges(ctx, tx, m, found); err != nil {
			return err
		}
		ids, err := a.act(ctx, tx, m, found, action, occurrence)
		if err != nil || len(ids) == 0 {
			return err
		}
		a.observe(tx, resultOf[action], len(ids))
		return a.event(ctx, tx, by, eventOf[action], m, ids, occurrenceData(occurrence))
	})
}

var eventOf = map[muster.Action]muster.EventKind{
	muster.Approve: muster.RegistrantsApproved, muster.Deny: muster.RegistrantsDenied, muster.Cancel: muster.RegistrantsCancelled,
	muster.Return: muster.RegistrantsReturned,
}

var resultOf = map[muster.Action]string{muster.Approve: "approved", muster.Deny: "denied", muster.Cancel: "cancelled", muster.Return: "returned"}

// find returns the registrants whom who names, each once.
func (a *App) find(ctx context.Context, tx *store.Tx, m *muster.Meeting, who []Who, occurrence int64) ([]muster.Registrant, error) {
	var ids, emails []string
	for _, w := range who {
		if w.ID != "" {
			ids = append(ids, w.ID)
		} else if w.Email != "" {
			emails = append(emails, w.Email)
		}
	}
	if len(ids)+len(emails) == 0 {
		return nil, muster.Errorf(muster.RegistrantNotFound, "", "Registrant does not exist: the list names nobody by id or email.")
	}
	candidates, err := tx.FindRegistrants(ctx, m, ids, emails)
	if err != nil {
		return nil, err
	}
	var found []muster.Registrant
	for _, r := range candidates {
		if (occurrence == 0 || r.Covers(occurrence)) && named(&r, who) {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		return nil, muster.NoSuchRegistrant(some(append(ids, emails...)))
	}
	return found, nil
}

// some returns a list that may be long and hostile as a text that is neither.
func some(list []string) string {
	text := []rune(strings.Join(list, ", "))
	if len(text) > 200 {
		return string(text[:200]) + "…"
	}
	return string(text)
}

func named(r *muster.Registrant, who []Who) bool {
	for _, w := range who {
		sameID := w.ID == "" || w.ID == r.ID
		sameEmail := w.Email == "" || muster.EmailKey(w.Email) == muster.EmailKey(r.Person.Email)
		if sameID && sameEmail && w != (Who{}) {
			return true
		}
	}
	return false
}

func (a *App) countChanges(ctx context.Context, tx *store.Tx, m *muster.Meeting, found []muster.Registrant) error {
	subjects := make([]string, len(found))
	for i, r := range found {
		subjects[i] = fmt.Sprintf("%d/%s", m.ID, muster.EmailKey(r.Person.Email))
	}
	return a.today(ctx, tx, m.Account, "status", a.Plan.PersonChanges, subjects, func(i int) error {
		e := muster.Errorf(muster.PersonDailyLimit, found[i].Person.Email, "")
		e.Limit = int(a.Plan.PersonChanges)
		return e
	})
}

// act changes those of found whom action changes and returns their ids.
func (a *App) act(ctx context.Context, tx *store.Tx, m *muster.Meeting, found []muster.Registrant, action muster.Action, occurrence int64) ([]string, error) {
	tallies := muster.Tallies{}
	var ids []string
	alike := map[muster.Status][]string{} // by new status: whose registration has no parts
	for i := range found {
		before, after := &found[i], found[i]
		after.Set(occurrence, func(s muster.Status) muster.Status { return s.After(action) })
		if !changed(&entry{before, after}) {
			continue
		}
		tallies.Move(before, &after)
		ids = append(ids, after.ID)
		if len(after.Choices) == 0 {
			alike[after.Status] = append(alike[after.Status], after.ID)
		} else if err := tx.SetRegistrant(ctx, &after); err != nil {
			return nil, err
		}
	}
	for status, ids := range alike {
		if err := tx.SetStatus(ctx, m, ids, status); err != nil {
			return nil, err
		}
	}
	err := tx.Count(ctx, m, tallies, 0, m.Places(a.Capacity))
	if errors.Is(err, store.ErrFull) {
		return nil, m.NoPlaceLeft("")
	}
	return ids, err
}

// A PersonChange is what an edit says of a registrant. nil means nothing.
type PersonChange struct {
	Email     *string
	Fields    [muster.PersonFields]*string // as muster.Person.Fields orders them
	Answers   *[]muster.Answer
	ResetLink bool // give a new link; the old one is dead at once
}

// EditRegistrant changes what a registrant said, also the email. The link
// stays unless c asks for a new one.
func (a *App) EditRegistrant(ctx context.Context, by muster.Actor, ref MeetingRef, id string, c PersonChange) (m *muster.Meeting, r *muster.Registrant, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if m, err = a.registrantsOf(ctx, tx, by, ref, write); err != nil {
			return err
		}
		if r, err = oneRegistrant(ctx, tx, m, id, 0); err != nil {
			return err
		}
		host, err := tx.User(ctx, m.Account, m.Host)
		if err != nil {
			return err
		}
		if c.Email != nil {
			if err := host.MayRegister(*c.Email); err != nil {
				return err
			}
		}
		before := *r
		edit(r, c)
		err = tx.SetRegistrant(ctx, r)
		if errors.Is(err, store.ErrExists) {
			return muster.InvalidField("email", "must not be the email of another registrant of this meeting")
		} else if err != nil {
			return err
		}
		tallies := muster.Tallies{}
		tallies.Move(&before, r)
		if err := tx.Count(ctx, m, tallies, 0, 0); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.RegistrantEdited, m, []string{id}, map[string]any{"reset_link": c.ResetLink})
	})
	return m, r, err
}

func edit(r *muster.Registrant, c PersonChange) {
	assign(&r.Person.Email, c.Email)
	for i, f := range r.Person.Fields() {
		assign(f, c.Fields[i])
	}
	assign(&r.Person.Answers, c.Answers)
	if c.ResetLink {
		r.LinkVersion++
	}
}

// Invited returns the meeting and the registrant of a join link, or
// MeetingNotFound where the token is wrong.
func (a *App) Invited(ctx context.Context, meeting int64, tk string) (v *MeetingView, r *muster.Registrant, err error) {
	wrong := muster.NoSuchMeeting(meeting)
	id, ok := muster.RegistrantOf(tk)
	if !ok {
		return nil, nil, wrong
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		m, err := tx.PublicMeeting(ctx, meeting)
		if errors.Is(err, store.ErrNotFound) || err == nil && m.State == muster.Deleted {
			return wrong
		} else if err != nil {
			return err
		}
		r, err = tx.Registrant(ctx, m, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && !a.Keys.CheckJoinToken(tk, r) {
			return wrong
		} else if err != nil {
			return err
		}
		v, err = a.view(ctx, tx, m)
		return err
	})
	return v, r, err
}
