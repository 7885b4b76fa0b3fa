package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"muster/internal/muster"
	"muster/internal/store"
)

// registering is one Registration on its way through a transaction.
type registering struct {
	a      *App
	m      *muster.Meeting
	host   *muster.User
	r      Registration
	chosen []muster.Occurrence

	by       map[string]*entry // who is known, by email key
	fresh    []*entry          // who is new, in order
	tallies  muster.Tallies
	outcomes []Outcome
}

// An entry is one registration: as the store has it (nil for a new one) and as it will be.
type entry struct {
	before *muster.Registrant
	after  muster.Registrant
}

// slot returns where registrations are looked up and kept.
func (w *registering) slot() int64 {
	if w.m.RegistrationType == muster.EachSeparate && len(w.chosen) > 0 {
		return w.chosen[0].ID
	}
	return 0
}

func (w *registering) run(ctx context.Context, tx *store.Tx) error {
	w.outcomes = make([]Outcome, len(w.r.People))
	emails := make([]string, len(w.r.People))
	for i, p := range w.r.People {
		emails[i] = p.Email
	}
	known, err := tx.RegistrantsOf(ctx, w.m, w.slot(), emails)
	if err != nil {
		return err
	}
	for i := range known {
		w.by[muster.EmailKey(known[i].Person.Email)] = &entry{before: &known[i], after: known[i]}
	}
	if err := w.countToday(ctx, tx, emails); err != nil {
		return err
	}
	room, err := w.room(ctx, tx)
	if err != nil {
		return err
	}
	entries := make([]*entry, len(w.r.People))
	for i, p := range w.r.People {
		if w.outcomes[i].Err != nil {
			continue
		}
		e, result, err := w.one(tx, p, room)
		if refusal, ok := errors.AsType[*muster.Error](err); ok && w.r.Each {
			w.outcomes[i] = Outcome{Result: Refused, Err: refusal}
			continue
		} else if ok && w.r.Batch {
			return inRow(refusal, i, p.Email)
		} else if err != nil {
			return err
		}
		entries[i], w.outcomes[i].Result = e, result
	}
	if err := w.store(ctx, tx); err != nil {
		return err
	}
	for i, e := range entries {
		if e != nil {
			w.outcomes[i].Registrant = e.after
		} else if e = w.by[muster.EmailKey(emails[i])]; e != nil {
			w.outcomes[i].Registrant = e.after // refused, but known
		}
	}
	return nil
}

// inRow says of which person of a batch a refusal is.
func inRow(e *muster.Error, i int, email string) error {
	told := *e
	told.Problems = slices.Clone(e.Problems)
	for p := range told.Problems {
		told.Problems[p].Field = fmt.Sprintf("registrants[%d].%s", i, told.Problems[p].Field)
	}
	if len(told.Problems) > 0 {
		return &told
	}
	told.Detail = fmt.Sprintf("registrants[%d] (%s): %s", i, email, e.Detail)
	return &told
}

func (w *registering) countToday(ctx context.Context, tx *store.Tx, emails []string) error {
	subjects := make([]string, len(emails))
	for i, e := range emails {
		subjects[i] = fmt.Sprintf("%d/%s", w.m.ID, muster.EmailKey(e))
	}
	return w.a.today(ctx, tx, w.m.Account, "add", w.a.Plan.PersonAdds, subjects, func(i int) error {
		e := muster.Errorf(muster.PersonDailyLimit, emails[i], "")
		e.Limit = int(w.a.Plan.PersonAdds)
		if w.r.Each {
			w.outcomes[i] = Outcome{Result: Refused, Err: e}
			return nil
		}
		return e
	})
}

// room returns how many places are left by occurrence (0: the meeting), nil
// without a ceiling. It serves Registration.Each, which has to know who fits
// before it stores; the ceiling itself is kept by store.Tx.Count.
func (w *registering) room(ctx context.Context, tx *store.Tx) (map[int64]int64, error) {
	if w.a.Capacity == 0 || !w.r.Each {
		return nil, nil // nil is: no ceiling to look at
	}
	room := map[int64]int64{}
	for _, occurrence := range w.limited() {
		t, err := tx.Tally(ctx, w.m, occurrence)
		if err != nil {
			return nil, err
		}
		room[occurrence] = w.a.Capacity - t.Places()
	}
	return room, nil
}

// limited returns the tallies whose places the registration takes.
func (w *registering) limited() []int64 {
	if len(w.chosen) == 0 {
		return []int64{0}
	}
	ids := make([]int64, len(w.chosen))
	for i, o := range w.chosen {
		ids[i] = o.ID
	}
	return ids
}

// one works out what becomes of one person and changes nothing where it
// returns an error.
func (w *registering) one(tx *store.Tx, p muster.Person, room map[int64]int64) (*entry, Result, error) {
	if err := w.host.MayRegister(p.Email); err != nil {
		return nil, "", err
	}
	key := muster.EmailKey(p.Email)
	e, result := w.by[key], Updated
	if e == nil {
		e, result = w.newEntry(tx, p), Added
	}
	next := e.after
	if err := w.m.Register(&next, w.chosen, w.r.AutoApprove); err != nil {
		return nil, "", err
	}
	if result == Updated {
		next.Person.Update(p)
		next.UpdatedAt = tx.Now
	}
	if err := next.Person.CheckAnswers(); err != nil {
		return nil, "", err
	}
	if room != nil && !fits(room, &e.after, &next, result == Added) {
		return nil, "", w.m.NoPlaceLeft(p.Email)
	}
	e.after = next
	if result == Added {
		w.by[key] = e
		w.fresh = append(w.fresh, e)
	}
	return e, result, nil
}

func (w *registering) newEntry(tx *store.Tx, p muster.Person) *entry {
	return &entry{after: muster.Registrant{
		ID: w.a.IDs.Ordered(tx.Now), Meeting: w.m.ID, Slot: w.slot(), Person: p, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}}
}

// fits takes the places that next needs beyond before from room, all or none.
func fits(room map[int64]int64, before, next *muster.Registrant, isNew bool) bool {
	need := func(occurrence int64) int64 {
		var n int64
		if next.At(occurrence).TakesPlace() {
			n++
		}
		if !isNew && before.Covers(occurrence) && before.At(occurrence).TakesPlace() {
			n--
		}
		return n
	}
	for occurrence, left := range room {
		if n := need(occurrence); n > 0 && n > left {
			return false
		}
	}
	for occurrence := range room {
		room[occurrence] -= need(occurrence)
	}
	return true
}

// store writes who is new and who changed, then the tallies.
func (w *registering) store(ctx context.Context, tx *store.Tx) error {
	made, err := tx.EverRegistered(ctx, w.m)
	if err != nil {
		return err
	}
	added := make([]*muster.Registrant, len(w.fresh))
	for i, e := range w.fresh {
		e.after.PIN = w.a.Keys.PIN(w.m.ID, made+int64(i))
		added[i] = &e.after
		w.tallies.Move(nil, &e.after)
	}
	if err := tx.AddRegistrants(ctx, added); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(w.by)) { // in one order, so that two writers cannot deadlock
		e := w.by[key]
		if e.before == nil || !changed(e) {
			continue
		}
		if err := tx.SetRegistrant(ctx, &e.after); err != nil {
			return err
		}
		w.tallies.Move(e.before, &e.after)
	}
	err = tx.Count(ctx, w.m, w.tallies, len(w.fresh), w.a.Capacity)
	if errors.Is(err, store.ErrFull) {
		return w.m.NoPlaceLeft("")
	}
	return err
}

// changed reports whether there is more to store than the time of the call.
func changed(e *entry) bool {
	return e.before.Status != e.after.Status || !slices.Equal(e.before.Choices, e.after.Choices) || !e.before.Person.Equal(e.after.Person)
}

// ids returns the ids of all whom the call registered or found registered.
func (w *registering) ids() []string {
	var ids []string
	seen := map[string]bool{}
	for _, o := range w.outcomes {
		if id := o.Registrant.ID; o.Err == nil && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}
