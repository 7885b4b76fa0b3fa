package muster

import (
	"fmt"
	"slices"
	"testing"
)

func TestFirstStatus(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		approval Approval
		auto     bool
		want     Status
	}{
		"automatic":                    {ApproveAutomatically, false, Approved},
		"automatic and approved":       {ApproveAutomatically, true, Approved},
		"by hand":                      {ApproveManually, false, Pending},
		"by hand and approved already": {ApproveManually, true, Approved},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (&Meeting{Approval: c.approval}).FirstStatus(&Person{}, c.auto); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestStatusAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at       Status
		approval Approval
		auto     bool
		want     Status
		refused  bool
	}{
		"approved stays":                 {Approved, ApproveManually, false, Approved, false},
		"approved stays with auto":       {Approved, ApproveManually, true, Approved, false},
		"pending stays":                  {Pending, ApproveManually, false, Pending, false},
		"pending is approved by auto":    {Pending, ApproveManually, true, Approved, false},
		"pending from before, automatic": {Pending, ApproveAutomatically, true, Pending, false},
		"cancelled begins anew":          {Cancelled, ApproveAutomatically, false, Approved, false},
		"cancelled waits anew":           {Cancelled, ApproveManually, false, Pending, false},
		"cancelled with auto":            {Cancelled, ApproveManually, true, Approved, false},
		"denied stays out":               {Denied, ApproveAutomatically, false, Denied, true},
		"denied stays out with auto":     {Denied, ApproveManually, true, Denied, true},
		"waitlisted stays":               {Waitlisted, ApproveManually, false, Waitlisted, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := (&Meeting{Approval: c.approval}).StatusAgain(c.at, &Person{Email: "ann@x.test"}, c.auto)
			if got != c.want || (CodeOf(err) == Refused) != c.refused {
				t.Errorf("got %s, %v; want %s, refused %v", got, err, c.want, c.refused)
			}
		})
	}
}

func TestAfter(t *testing.T) {
	t.Parallel()
	want := map[Status]map[Action]Status{
		Pending:    {Approve: Approved, Deny: Denied, Cancel: Cancelled, "else": Pending},
		Approved:   {Approve: Approved, Deny: Denied, Cancel: Cancelled, "else": Approved},
		Denied:     {Approve: Approved, Deny: Denied, Cancel: Denied, "else": Denied},
		Cancelled:  {Approve: Approved, Deny: Denied, Cancel: Cancelled, "else": Cancelled},
		Waitlisted: {Approve: Approved, Deny: Denied, Cancel: Cancelled, "else": Waitlisted},
	}
	if len(want) != len(Statuses) {
		t.Fatalf("got %d statuses in the table, want %d", len(want), len(Statuses))
	}
	for s, actions := range want {
		for action, next := range actions {
			if got := s.After(action); got != next {
				t.Errorf("%s after %s: got %s, want %s", s, action, got, next)
			}
		}
	}
}

func TestBest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of   []Status
		want Status
	}{
		"approved first":         {[]Status{Denied, Cancelled, Pending, Approved}, Approved},
		"pending over cancelled": {[]Status{Cancelled, Pending, Denied}, Pending},
		"cancelled over denied":  {[]Status{Denied, Cancelled}, Cancelled},
		"denied alone":           {[]Status{Denied, Denied}, Denied},
		"nothing":                {nil, Denied},
	} {
		if got := Best(c.of); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestTakesPlace(t *testing.T) {
	t.Parallel()
	for _, s := range Statuses {
		if got, want := s.TakesPlace(), s == Approved || s == Pending; got != want {
			t.Errorf("%s: got %v, want %v", s, got, want)
		}
	}
}

func TestSetAtCovers(t *testing.T) {
	t.Parallel()
	whole := Registrant{Status: Pending}
	whole.Set(5, func(Status) Status { return Approved })
	if whole.Status != Approved || whole.At(5) != Approved || !whole.Covers(5) {
		t.Errorf("of the whole series: got %s, at 5 %s, covers %v", whole.Status, whole.At(5), whole.Covers(5))
	}
	slot := Registrant{Status: Approved, Slot: 7}
	if !slot.Covers(7) || slot.Covers(8) {
		t.Errorf("of one occurrence: got covers 7 %v and 8 %v", slot.Covers(7), slot.Covers(8))
	}
	chosen := Registrant{Status: Approved, Choices: []Choice{{1, Approved}, {2, Pending}}}
	before := slices.Clone(chosen.Choices)
	one := chosen
	one.Set(1, func(s Status) Status { return s.After(Deny) })
	if one.At(1) != Denied || one.At(2) != Pending || one.Status != Pending || one.At(0) != Pending {
		t.Errorf("one denied: got %v, %s", one.Choices, one.Status)
	}
	all := chosen
	all.Set(0, func(s Status) Status { return s.After(Cancel) })
	if all.At(1) != Cancelled || all.At(2) != Cancelled || all.Status != Cancelled {
		t.Errorf("all cancelled: got %v, %s", all.Choices, all.Status)
	}
	if !slices.Equal(chosen.Choices, before) {
		t.Errorf("a copy changed what it was copied from: %v", chosen.Choices)
	}
	if !chosen.Covers(1) || chosen.Covers(3) {
		t.Errorf("of chosen ones: got covers 1 %v and 3 %v", chosen.Covers(1), chosen.Covers(3))
	}
}

func TestTallies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after *Registrant
		want          map[int64]Tally
	}{
		"new":        {nil, &Registrant{Status: Pending}, map[int64]Tally{0: {Pending: 1}}},
		"gone":       {&Registrant{Status: Denied}, nil, map[int64]Tally{0: {Denied: -1}}},
		"approved":   {&Registrant{Status: Pending}, &Registrant{Status: Approved}, map[int64]Tally{0: {Pending: -1, Approved: 1}}},
		"as before":  {&Registrant{Status: Approved}, &Registrant{Status: Approved}, map[int64]Tally{0: {}}},
		"in a slot":  {nil, &Registrant{Status: Approved, Slot: 9}, map[int64]Tally{0: {Approved: 1}, 9: {Approved: 1}}},
		"waitlisted": {nil, &Registrant{Status: Waitlisted}, map[int64]Tally{0: {Waitlisted: 1}}},
		"chose another": {
			&Registrant{Status: Approved, Choices: []Choice{{1, Approved}}},
			&Registrant{Status: Approved, Choices: []Choice{{1, Cancelled}, {2, Approved}}},
			map[int64]Tally{0: {}, 1: {Approved: -1, Cancelled: 1}, 2: {Approved: 1}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Tallies{}
			got.Move(c.before, c.after)
			if len(got) != len(c.want) || !slices.IsSorted(got.Occurrences()) {
				t.Errorf("got tallies of %v, want of %d", got.Occurrences(), len(c.want))
			}
			for occurrence, want := range c.want {
				if tally := got[occurrence]; tally == nil || *tally != want {
					t.Errorf("occurrence %d: got %+v, want %+v", occurrence, tally, want)
				}
			}
		})
	}
	if got := (Tally{Pending: 2, Approved: 3, Denied: 5, Cancelled: 7, Waitlisted: 11}).Places(); got != 5 {
		t.Errorf("places: got %d, want 5", got)
	}
}

func TestLimitedPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of            MeetingType
		registration  RegistrationType
		whole, single bool
	}{
		{Scheduled, OnceForAll, true, false},
		{Scheduled, OnceAndChoose, true, false},
		{Recurring, OnceForAll, true, false},
		{Recurring, EachSeparate, false, true},
		{Recurring, OnceAndChoose, false, true},
	} {
		m := &Meeting{Type: c.of, RegistrationType: c.registration}
		if whole, single := m.LimitedPlaces(0), m.LimitedPlaces(5); whole != c.whole || single != c.single {
			t.Errorf("type %d, registration %d: got %v, %v; want %v, %v", c.of, c.registration, whole, single, c.whole, c.single)
		}
	}
}

func TestPersonUpdate(t *testing.T) {
	t.Parallel()
	shared := []Answer{{"a", "1"}, {"b", "2"}}
	p := Person{Email: "ann@x.test", FirstName: "Ann", City: "Bonn", Answers: shared}
	q := p
	q.Update(Person{Email: "ANN@x.test", FirstName: "Anne", Answers: []Answer{{"b", "3"}, {"c", "4"}}})
	want := Person{Email: "ANN@x.test", FirstName: "Anne", City: "Bonn", Answers: []Answer{{"a", "1"}, {"b", "3"}, {"c", "4"}}}
	if !q.Equal(want) {
		t.Errorf("got %+v, want %+v", q, want)
	}
	if p.Equal(q) || shared[1].Value != "2" {
		t.Errorf("an update changed what it was copied from: %v", shared)
	}
	fields := p.Fields()
	for i, f := range fields {
		*f = fmt.Sprint(i)
		if other := want; p.Equal(other) {
			t.Errorf("field %d does not tell two people apart", i)
		}
	}
}
