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

	emails   []string          // of the people, in order
	by       map[string]*entry // who is known, by email key
	fresh    []*entry          // who is new, in order
	entries  []*entry          // of the people, in order; nil for who was refused
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
	w.emails = make([]string, len(w.r.People))
	for i, p := range w.r.People {
		w.emails[i] = p.Email
	}
	if err := w.countToday(ctx, tx); err != nil {
		return err
	}
	if w.hopeful() {
		if done, err := w.asNew(ctx, tx); done || err != nil {
			return err
		}
	}
	w.by, w.fresh, w.tallies = map[string]*entry{}, nil, muster.Tallies{}
	known, err := tx.RegistrantsOf(ctx, w.m, w.slot(), w.emails)
	if err != nil {
		return err
	}
	for i := range known {
		w.by[muster.EmailKey(known[i].Person.Email)] = &entry{before: &known[i], after: known[i]}
	}
	room, err := w.room(ctx, tx)
	if err != nil {
		return err
	}
	if err := w.all(tx, room); err != nil {
		return err
	}
	added, err := w.add(ctx, tx)
	if err != nil {
		return err
	}
	if added != len(w.fresh) {
		return fmt.Errorf("app: %d of %d new registrants of meeting %d were there already", len(w.fresh)-added, len(w.fresh), w.m.ID)
	}
	return w.finish(ctx, tx)
}

// hopeful reports whether the call can be tried as if nobody in it was known:
// most calls are so, and looking everybody up first costs a tenth of a batch.
func (w *registering) hopeful() bool {
	return !w.r.Each && w.m.RegistrationType != muster.OnceAndChoose
}

// asNew registers the people if none of them is known. Else it leaves all as
// it was and reports false, also where a rule refuses one: whether that holds
// for somebody known is not said yet.
func (w *registering) asNew(ctx context.Context, tx *store.Tx) (done bool, err error) {
	if err := w.all(tx, nil); err != nil {
		return false, nil // the thorough way meets it again
	}
	added, err := w.add(ctx, tx)
	if err != nil {
		return false, err
	}
	if added == len(w.fresh) {
		return true, w.finish(ctx, tx)
	}
	if added > 0 {
		err = tx.RemoveRegistrants(ctx, w.m, registrants(w.fresh))
	}
	return false, err
}

// all works out what becomes of each person.
func (w *registering) all(tx *store.Tx, room map[int64]int64) error {
	w.entries = make([]*entry, len(w.r.People))
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
		w.entries[i], w.outcomes[i].Result = e, result
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

func (w *registering) countToday(ctx context.Context, tx *store.Tx) error {
	subjects := make([]string, len(w.emails))
	for i, e := range w.emails {
		subjects[i] = fmt.Sprintf("%d/%s", w.m.ID, muster.EmailKey(e))
	}
	return w.a.today(ctx, tx, w.m.Account, "add", w.a.Plan.PersonAdds, subjects, func(i int) error {
		e := muster.Errorf(muster.PersonDailyLimit, w.emails[i], "")
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
	places := w.m.Places(w.a.Capacity)
	if places == 0 || !w.r.Each {
		return nil, nil // nil is: no ceiling to look at
	}
	room := map[int64]int64{}
	for _, occurrence := range w.limited() {
		t, err := tx.Tally(ctx, w.m, occurrence)
		if err != nil {
			return nil, err
		}
		room[occurrence] = places - t.Places()
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
	if result == Updated && e.after.Status != muster.Cancelled && w.r.Known != UpdateKnown {
		return e, Updated, w.keep(e)
	}
	next := e.after
	if result == Updated { // first, for the form's rules ask what is said now
		next.Person.Update(p)
	}
	if w.r.Strict {
		if err := muster.InvalidFields(w.m.Questions.CheckPerson(&next.Person, w.r.Fields)); err != nil {
			return nil, "", err
		}
	}
	if err := w.m.Register(&next, w.chosen, w.r.AutoApprove); err != nil {
		return nil, "", err
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

// keep returns RegistrantExists where the call may not name who is registered.
func (w *registering) keep(e *entry) error {
	email := e.after.Person.Email
	switch {
	case w.r.Known == KeepKnown:
		return nil
	case e.after.Status == muster.Denied:
		return muster.Errorf(muster.RegistrantExists, email, "The registration of %s was denied: a host has to approve it.", email)
	}
	return muster.Errorf(muster.RegistrantExists, email, "%s is registered already.", email)
}

func (w *registering) newEntry(tx *store.Tx, p muster.Person) *entry {
	return &entry{after: muster.Registrant{
		ID: w.a.IDs.Ordered(tx.Now), Meeting: w.m.ID, Slot: w.slot(), Person: p, CreatedAt: tx.Now,
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

// add gives the new people their codes and stores those of them whom nobody
// knew. It returns how many they were.
func (w *registering) add(ctx context.Context, tx *store.Tx) (added int, err error) {
	if len(w.fresh) == 0 {
		return 0, nil
	}
	made, err := tx.EverRegistered(ctx, w.m)
	if err != nil {
		return 0, err
	}
	for i, e := range w.fresh {
		e.after.PIN = w.a.pins.PIN(w.a.Keys, w.m.ID, made+int64(i))
	}
	return tx.AddRegistrants(ctx, registrants(w.fresh))
}

func registrants(of []*entry) []*muster.Registrant {
	list := make([]*muster.Registrant, len(of))
	for i, e := range of {
		list[i] = &e.after
	}
	return list
}

// finish stores all else: who changed, what people chose, the tallies.
func (w *registering) finish(ctx context.Context, tx *store.Tx) error {
	for _, e := range w.fresh {
		w.tallies.Move(nil, &e.after)
	}
	if err := tx.PutChoices(ctx, registrants(w.fresh)); err != nil {
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
	err := tx.Count(ctx, w.m, w.tallies, len(w.fresh), w.m.Places(w.a.Capacity))
	if errors.Is(err, store.ErrFull) {
		return w.m.NoPlaceLeft("")
	} else if err != nil {
		return err
	}
	for i, e := range w.entries {
		if e != nil {
			w.outcomes[i].Registrant = e.after
		} else if e = w.by[muster.EmailKey(w.emails[i])]; e != nil {
			w.outcomes[i].Registrant = e.after // refused, but known
		}
	}
	return nil
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
