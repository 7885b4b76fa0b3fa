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
	var kept []muster.Occurrence
	for _, o := range occs {
		if o.Start.Add(o.Duration).After(now) {
			kept = append(kept, o)
		}
	}
	return kept
}

// Find returns the position in occs of the occurrence with id, and whether
// there is one.
func Find(occs []muster.Occurrence, id int64) (int, bool) {
	i := slices.IndexFunc(occs, func(o muster.Occurrence) bool { return o.ID == id })
	return i, i >= 0
}
