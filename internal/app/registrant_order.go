package app

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/store"
)

// A RegistrantOrder says how a list of registrants is sorted. The zero value
// is the order of registration.
type RegistrantOrder struct {
	By         OrderBy
	Descending bool
}

// OrderBy is what a list of registrants is sorted by.
type OrderBy string

// What lists can be sorted by; people who are alike in it stand in the order
// of registration.
const (
	ByRegistration OrderBy = ""
	ByFirstName    OrderBy = "first_name"
	ByLastName     OrderBy = "last_name"
	ByEmail        OrderBy = "email"
	ByStatus       OrderBy = "status"
)

// MaxSorted is how many registrants a list may have that is sorted otherwise
// than by registration: it is sorted anew for each page.
const MaxSorted = 10_000

// RegistrantsInOrder returns a page of a meeting's registrants in an order,
// and the meeting. It counts nothing: Listed.Total is 0.
func (a *App) RegistrantsInOrder(ctx context.Context, by muster.Actor, ref MeetingRef, f store.RegistrantFilter, w Window, o RegistrantOrder, p Page) (
	m *muster.Meeting, list Listed[muster.Registrant], err error,
) {
	err = a.read(ctx, func(tx *store.Tx) error {
		if m, err = a.registrantsOf(ctx, tx, by, ref, read); err != nil {
			return err
		}
		if f.From, f.To, err = w.within(m); err != nil {
			return err
		}
		bound := orderBound(m, f, o)
		if o.By != ByRegistration {
			all, err := tx.Registrants(ctx, m, f, 0, 0, MaxSorted+1)
			if err != nil {
				return err
			}
			if len(all) > MaxSorted {
				return muster.InvalidField("orderBy", "must be left out for more than %d registrants", MaxSorted)
			}
			list, err = a.sorted(tx, all, o, p, bound)
			return err
		}
		f.Descending = o.Descending
		after, err := a.after(tx, p, bound)
		if err != nil {
			return err
		}
		if after == 0 && o.Descending {
			after = math.MaxInt64
		}
		rows, err := tx.Registrants(ctx, m, f, after, 0, p.Size+1)
		if err != nil {
			return err
		}
		list = listed(a, tx, p, bound, rows, 0, func(i int) string { return strconv.FormatInt(rows[i].Seq, 10) })
		return nil
	})
	return m, list, err
}

// A Window is a time of registration, as sent: without an offset it is the
// wall clock in the meeting's zone. See muster.RegistrationWindow.
type Window struct{ From, To string }

func (w Window) within(m *muster.Meeting) (from, to time.Time, err error) {
	zone, err := schedule.Zone(m.Timezone)
	if err != nil {
		zone = time.UTC
	}
	for _, end := range []struct {
		field, text string
		at          *time.Time
	}{{"registrationTimeFrom", w.From, &from}, {"registrationTimeTo", w.To, &to}} {
		if end.text == "" {
			continue
		}
		if *end.at, err = schedule.ParseTime(end.text, zone); err != nil {
			return from, to, muster.InvalidField(end.field, "%v", err)
		}
	}
	return muster.RegistrationWindow(from, to)
}

// RegistrantsByEmail returns a page of those registrants of a meeting whose
// emails are among the given and whose statuses are f's, and the meeting.
func (a *App) RegistrantsByEmail(ctx context.Context, by muster.Actor, ref MeetingRef, emails []string, f store.RegistrantFilter, o RegistrantOrder, p Page) (
	m *muster.Meeting, list Listed[muster.Registrant], err error,
) {
	err = a.read(ctx, func(tx *store.Tx) error {
		if m, err = a.registrantsOf(ctx, tx, by, ref, read); err != nil {
			return err
		}
		all, err := tx.FindRegistrants(ctx, m, nil, emails)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(r muster.Registrant) bool { return !slices.Contains(f.Statuses, r.Status) })
		f.Email = strings.Join(emails, " ")
		list, err = a.sorted(tx, all, o, p, orderBound(m, f, o))
		return err
	})
	return m, list, err
}

// orderBound is what a page token of such a list is bound to.
func orderBound(m *muster.Meeting, f store.RegistrantFilter, o RegistrantOrder) []string {
	return []string{
		"registrants in order", m.Account, strconv.FormatInt(m.ID, 10), fmt.Sprint(f.Statuses), muster.EmailKey(f.Email),
		fmt.Sprint(f.From.UnixMilli(), f.To.UnixMilli()), fmt.Sprint(o),
	}
}

// sorted returns a page of all, which it sorts. A page goes on behind the place
// of the last one of the page before, whoever is gone since.
func (a *App) sorted(tx *store.Tx, all []muster.Registrant, o RegistrantOrder, p Page, bound []string) (list Listed[muster.Registrant], err error) {
	places := make([]place, len(all))
	for i := range all {
		places[i] = place{orderKey(&all[i], o.By), all[i].Seq, i}
	}
	before := func(x, y place) int {
		order := cmp.Or(strings.Compare(x.key, y.key), cmp.Compare(x.seq, y.seq))
		if o.Descending {
			return -order
		}
		return order
	}
	slices.SortFunc(places, before)
	begin := 0
	if p.Token != "" {
		last, err := a.placeOf(tx, p.Token, bound)
		if err != nil {
			return list, err
		}
		if begin, _ = slices.BinarySearchFunc(places, last, before); begin < len(places) && before(places[begin], last) == 0 {
			begin++
		}
	}
	end := min(begin+p.Size, len(all))
	for _, at := range places[begin:end] {
		list.Items = append(list.Items, all[at.index])
	}
	if end < len(all) {
		last := places[end-1]
		list.Next = a.Keys.PageToken(tx.Now, fmt.Sprintf("%d/%s", last.seq, last.key), bound...)
	}
	return list, nil
}

// A place is where somebody stands in a sorted list.
type place struct {
	key   string
	seq   int64
	index int // in the list that is sorted
}

func (a *App) placeOf(tx *store.Tx, token string, bound []string) (at place, err error) {
	cursor, err := a.Keys.Cursor(tx.Now, token, bound...)
	if err != nil {
		return at, err
	}
	seq, key, _ := strings.Cut(cursor, "/")
	at.key = key
	at.seq, err = strconv.ParseInt(seq, 10, 64) // our own text, under a MAC
	return at, err
}

// orderKey is what r is sorted by; capitals and small letters are alike. Of the
// statuses those come first that let in, last those that keep out.
func orderKey(r *muster.Registrant, by OrderBy) string {
	switch by {
	case ByFirstName:
		return strings.ToLower(r.Person.FirstName)
	case ByLastName:
		return strings.ToLower(r.Person.LastName)
	case ByEmail:
		return muster.EmailKey(r.Person.Email)
	case ByStatus:
		switch r.Status {
		case muster.Approved:
			return "1"
		case muster.Pending, muster.Waitlisted:
			return "2"
		}
		return "3"
	}
	return ""
}
