package muster

import (
	"reflect"
	"testing"
	"time"
)

func TestRegister(t *testing.T) {
	t.Parallel()
	chosen := []Occurrence{{ID: 1}, {ID: 2}}
	tests := map[string]struct {
		typ      RegistrationType
		approval Approval
		before   Registrant
		chosen   []Occurrence
		approve  bool
		want     Registrant
		refused  Code
	}{
		"new, approved by itself":        {OnceForAll, ApproveAutomatically, Registrant{}, nil, false, Registrant{Status: Approved}, ""},
		"new, the host approves":         {OnceForAll, ApproveManually, Registrant{}, nil, false, Registrant{Status: Pending}, ""},
		"new, the caller approves":       {OnceForAll, ApproveManually, Registrant{}, nil, true, Registrant{Status: Approved}, ""},
		"again, cancelled":               {OnceForAll, ApproveManually, Registrant{Status: Cancelled}, nil, false, Registrant{Status: Pending}, ""},
		"again, denied":                  {OnceForAll, ApproveAutomatically, Registrant{Status: Denied}, nil, true, Registrant{Status: Denied}, Refused},
		"one date by itself has no list": {EachSeparate, ApproveAutomatically, Registrant{}, chosen[:1], false, Registrant{Status: Approved}, ""},
		"new, two dates": {
			OnceAndChoose, ApproveAutomatically,
			Registrant{},
			chosen, false,
			Registrant{Status: Approved, Choices: []Choice{{1, Approved}, {2, Approved}}},
			"",
		},
		"one date more": {
			OnceAndChoose, ApproveManually,
			Registrant{Status: Approved, Choices: []Choice{{1, Approved}}},
			chosen[1:], false,
			Registrant{Status: Approved, Choices: []Choice{{1, Approved}, {2, Pending}}},
			"",
		},
		"denied for one of them: nothing changes": {
			OnceAndChoose, ApproveAutomatically,
			Registrant{Status: Denied, Choices: []Choice{{2, Denied}}},
			chosen, false,
			Registrant{Status: Denied, Choices: []Choice{{2, Denied}}},
			Refused,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, got := &Meeting{Type: Recurring, RegistrationType: tt.typ, Approval: tt.approval}, tt.before
			err := m.Register(&got, tt.chosen, tt.approve)
			if CodeOf(err) != tt.refused || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v; want %+v, code %q", got, err, tt.want, tt.refused)
			}
		})
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	r := Registrant{Status: Approved, Choices: []Choice{{1, Approved}, {2, Pending}}}
	want := Registrant{Status: Pending, Choices: []Choice{{2, Pending}}}
	if got := r.Without(1); got == nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("without one of two: got %+v, want %+v", got, want)
	}
	if len(r.Choices) != 2 {
		t.Errorf("the original changed: %+v", r)
	}
	for name, gone := range map[string]*Registrant{
		"all": r.Without(0), "the last": want.Without(2), "the slot": (&Registrant{Slot: 1, Status: Approved}).Without(1),
	} {
		if gone != nil {
			t.Errorf("without %s: got %+v, want nothing left", name, gone)
		}
	}
}

func TestHostMayNotRegister(t *testing.T) {
	t.Parallel()
	host := &User{Email: "Host@example.com"}
	if err := host.MayRegister("hOST@example.com"); CodeOf(err) != HostCannotRegister {
		t.Errorf("the host: got %v, want %s", err, HostCannotRegister)
	}
	if err := host.MayRegister("guest@example.com"); err != nil {
		t.Errorf("a guest: got %v", err)
	}
}

func TestRegistrationWindow(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n) }
	none := time.Time{}
	for name, tt := range map[string]struct{ from, to, wantFrom, wantTo time.Time }{
		"neither":       {none, none, none, none},
		"from only":     {day(0), none, day(0), day(7)},
		"to only":       {none, day(0), day(-7), day(0)},
		"both":          {day(0), day(30), day(0), day(30)},
		"90 days":       {day(0), day(90), day(0), day(90)},
		"a second more": {day(0), day(90).Add(time.Second), none, none},
		"turned round":  {day(1), day(0), none, none},
		"empty":         {day(1), day(1), none, none},
	} {
		from, to, err := RegistrationWindow(tt.from, tt.to)
		refused := name == "a second more" || name == "turned round" || name == "empty"
		if refused != (CodeOf(err) == Invalid) || !refused && (!from.Equal(tt.wantFrom) || !to.Equal(tt.wantTo)) {
			t.Errorf("%s: got %v to %v, %v", name, from, to, err)
		}
	}
}
