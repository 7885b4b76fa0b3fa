package app_test

import (
	"fmt"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/store"
)

// TestSortedListsAreBounded: what is sorted anew for each page has an end.
func TestSortedListsAreBounded(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	var number int64
	if _, err := fmt.Sscanf(s.Meeting(""), "/v2/meetings/%d", &number); err != nil {
		t.Fatal(err)
	}
	people := make([]*muster.Registrant, app.MaxSorted+1)
	for i := range people {
		email := fmt.Sprintf("p%d@example.com", i)
		people[i] = &muster.Registrant{ID: fmt.Sprint("p", i), Meeting: number, Status: muster.Approved, Person: muster.Person{Email: email}, PIN: int64(i)}
	}
	err := s.App.DB.Write(t.Context(), func(tx *store.Tx) error {
		for begin := 0; begin < len(people); begin += 1000 {
			if _, err := tx.AddRegistrants(t.Context(), people[begin:min(begin+1000, len(people))]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	by := muster.Actor{Home: "primary", Account: "primary", Admin: true}
	list := func(order app.OrderBy) error {
		f := app.RegistrantFilter{Statuses: muster.Statuses}
		_, _, err := s.App.RegistrantsInOrder(t.Context(), by, app.MeetingRef{ID: number}, f, app.Window{}, app.RegistrantOrder{By: order}, app.Page{Size: 10})
		return err
	}
	if err := list(app.ByLastName); muster.CodeOf(err) != muster.Invalid {
		t.Errorf("one too many: got %v", err)
	}
	if err := list(app.ByRegistration); err != nil {
		t.Errorf("in the order of registration: got %v", err)
	}
	if err := s.App.RemoveRegistrant(t.Context(), by, app.MeetingRef{ID: number}, "p0", 0); err != nil {
		t.Fatal(err)
	}
	if err := list(app.ByLastName); err != nil {
		t.Errorf("just as many as may be: got %v", err)
	}
}
