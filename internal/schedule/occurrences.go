package schedule

import (
	"cmp"
	"slices"
	"time"

	"muster/internal/muster"
)

// Rebuild returns the occurrences of a series whose pattern has changed from
// old to fresh, by start. All of fresh are in it as they are: an id that is in
// both has its fresh time again, no changes of its own, and is not deleted.
// Of the others those of old stay, as deleted, for which holdsPeople is true:
// nobody's registration may point at nothing. That can make the result longer
// than muster.MaxOccurrences. Neither argument is changed.
func Rebuild(old, fresh []muster.Occurrence, holdsPeople func(id int64) bool) []muster.Occurrence {
	occs := slices.Clone(fresh)
	for _, o := range old {
		if _, ok := Find(fresh, o.ID); ok || !holdsPeople(o.ID) {
			continue
		}
		o.Deleted = true
		occs = append(occs, o)
	}
	slices.SortFunc(occs, func(a, b muster.Occurrence) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	return occs
}

// Upcoming returns those of occs that are not over at now, deleted ones
// included, in their order and in a new slice.
func Upcoming(occs []muster.Occurrence, now time.Time) []muster.Occurrence {
	return filter(occs, func(o muster.Occurrence) bool { return end(o).After(now) })
}

// Available returns those of occs that are not deleted, in their order and in
// a new slice.
func Available(occs []muster.Occurrence) []muster.Occurrence {
	return filter(occs, func(o muster.Occurrence) bool { return !o.Deleted })
}

// Find returns the position in occs of the occurrence with id, and whether
// there is one.
func Find(occs []muster.Occurrence, id int64) (int, bool) {
	i := slices.IndexFunc(occs, func(o muster.Occurrence) bool { return o.ID == id })
	return i, i >= 0
}

// LastEnd returns when the last of occs to end is over, deleted ones left out,
// or the zero time if none remains. Occs may be in any order.
func LastEnd(occs []muster.Occurrence) time.Time {
	var last time.Time
	for _, o := range Available(occs) {
		if end(o).After(last) {
			last = end(o)
		}
	}
	return last
}

func end(o muster.Occurrence) time.Time { return o.Start.Add(o.Duration) }

func filter(occs []muster.Occurrence, keep func(muster.Occurrence) bool) []muster.Occurrence {
	var kept []muster.Occurrence
	for _, o := range occs {
		if keep(o) {
			kept = append(kept, o)
		}
	}
	return kept
}
