package app

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"muster/internal/muster"
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
func (a *App) RegistrantsInOrder(ctx context.Context, by muster.Actor, ref MeetingRef, f store.RegistrantFilter, o RegistrantOrder, p Page) (
	m *muster.Meeting, list Listed[muster.Registrant], err error,
) {
	err = a.read(ctx, func(tx *store.Tx) error {
		if m, err = a.registrantsOf(ctx, tx, by, ref, read); err != nil {
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
		list = Listed[muster.Registrant]{Items: rows}
		if len(rows) > p.Size {
			list.Items = rows[:p.Size]
			list.Next = a.Keys.PageToken(tx.Now, strconv.FormatInt(rows[p.Size-1].Seq, 10), bound...)
		}
		return nil
	})
	return m, list, err
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

// sorted returns a page of all, which it sorts. A page goes on behind the last
// one of the page before or, where they are gone, where they were.
func (a *App) sorted(tx *store.Tx, all []muster.Registrant, o RegistrantOrder, p Page, bound []string) (list Listed[muster.Registrant], err error) {
	slices.SortStableFunc(all, func(x, y muster.Registrant) int {
		order := cmp.Or(strings.Compare(orderKey(&x, o.By), orderKey(&y, o.By)), cmp.Compare(x.Seq, y.Seq))
		if o.Descending {
			return -order
		}
		return order
	})
	begin := 0
	if p.Token != "" {
		cursor, err := a.Keys.Cursor(tx.Now, p.Token, bound...)
		if err != nil {
			return list, err
		}
		var seq int64
		if _, err := fmt.Sscanf(cursor, "%d/%d", &seq, &begin); err != nil { // our own text, under a MAC
			return list, err
		}
		if i := slices.IndexFunc(all, func(r muster.Registrant) bool { return r.Seq == seq }); i >= 0 {
			begin = i + 1
		} else {
			begin = min(max(begin-1, 0), len(all))
		}
	}
	end := min(begin+p.Size, len(all))
	list.Items = all[begin:end]
	if end < len(all) {
		list.Next = a.Keys.PageToken(tx.Now, fmt.Sprintf("%d/%d", all[end-1].Seq, end), bound...)
	}
	return list, nil
}

// orderKey is what r is sorted by; capitals and small letters are alike.
func orderKey(r *muster.Registrant, by OrderBy) string {
	switch by {
	case ByFirstName:
		return strings.ToLower(r.Person.FirstName)
	case ByLastName:
		return strings.ToLower(r.Person.LastName)
	case ByEmail:
		return muster.EmailKey(r.Person.Email)
	case ByStatus:
		return string(r.Status)
	}
	return ""
}
