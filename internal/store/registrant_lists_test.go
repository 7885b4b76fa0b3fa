package store

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
)

// TestRegistrantsFiltered lists people by when they registered, in both orders
// and page by page.
func TestRegistrantsFiltered(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error {
		if err := tx.AddMeeting(ctx, meeting(7)); err != nil {
			return err
		}
		var people []*muster.Registrant
		for i, status := range []muster.Status{muster.Approved, muster.Pending, muster.Denied, muster.Approved, muster.Cancelled, muster.Pending} {
			r := registrant(fmt.Sprint("r", i))
			r.Status, r.CreatedAt, r.PIN = status, start.Add(time.Duration(i)*time.Hour), int64(i)
			people = append(people, r)
		}
		_, err := tx.AddRegistrants(ctx, people)
		return err
	}))
	at := func(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }
	for name, tt := range map[string]struct {
		f    RegistrantFilter
		want string
	}{
		"all":                    {RegistrantFilter{}, "r0 r1 r2 r3 r4 r5"},
		"the last first":         {RegistrantFilter{Descending: true}, "r5 r4 r3 r2 r1 r0"},
		"from":                   {RegistrantFilter{From: at(3)}, "r3 r4 r5"},
		"from, a moment later":   {RegistrantFilter{From: at(3).Add(time.Millisecond)}, "r4 r5"},
		"to, itself not":         {RegistrantFilter{To: at(2)}, "r0 r1"},
		"to, a moment later":     {RegistrantFilter{To: at(2).Add(time.Millisecond)}, "r0 r1 r2"},
		"between":                {RegistrantFilter{From: at(1), To: at(5), Descending: true}, "r4 r3 r2 r1"},
		"of some statuses":       {RegistrantFilter{From: at(1), Statuses: []muster.Status{muster.Approved, muster.Pending}, Descending: true}, "r5 r3 r1"},
		"of one email":           {RegistrantFilter{To: at(4), Email: "R3@x.test"}, "r3"},
		"of one email, too late": {RegistrantFilter{To: at(3), Email: "r3@x.test"}, ""},
	} {
		if tt.f.Statuses == nil {
			tt.f.Statuses = muster.Statuses
		}
		for _, size := range []int{1, 2, 100} {
			if got := pages(t, db, tt.f, size); strings.Join(got, " ") != tt.want {
				t.Errorf("%s, %d in a page: got %v, want %s", name, size, got, tt.want)
			}
		}
	}
}

// pages returns the ids of all pages of a list.
func pages(t *testing.T, db *DB, f RegistrantFilter, size int) (ids []string) {
	t.Helper()
	must(t, db.Read(t.Context(), func(tx *Tx) error {
		ids = nil
		after := int64(0)
		if f.Descending {
			after = math.MaxInt64
		}
		for {
			page, err := tx.Registrants(t.Context(), meeting(7), f, after, 0, size)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, r := range page {
				ids = append(ids, r.ID)
			}
			after = page[len(page)-1].Seq
		}
	}))
	return slices.Clip(ids)
}
