package muster

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestInvite(t *testing.T) {
	t.Parallel()
	many := func(n int, domain string) (list []Invitee) {
		for i := range n {
			list = append(list, Invitee{Email: fmt.Sprintf("p%d@%s", i, domain)})
		}
		return list
	}
	invited := func(n int) map[string]int64 {
		m := map[string]int64{}
		for i, v := range many(n, "there.test") {
			m[v.Email] = int64(i)
		}
		return m
	}
	tests := map[string]struct {
		list    []Invitee
		invited map[string]int64
		refused Code
		fields  string // those that are named
	}{
		"some":                       {many(3, "new.test"), invited(3), "", ""},
		"as many as fit":             {many(400, "new.test"), invited(600), "", ""},
		"one too many":               {many(401, "new.test"), invited(600), Full, ""},
		"no email":                   {[]Invitee{{Email: "a@b.test"}, {Email: "b"}}, nil, Invalid, "invitees[1].email"},
		"twice, in other letters":    {[]Invitee{{Email: "a@b.test"}, {Email: "A@B.test"}}, nil, Invalid, "invitees[1].email"},
		"all who are there":          {[]Invitee{{Email: "P0@there.test"}, {Email: "a@b.test"}, {Email: "p1@there.test"}}, invited(2), InviteeExists, "invitees[0].email invitees[2].email"},
		"what is wrong comes first":  {[]Invitee{{Email: "p0@there.test"}, {Email: "b"}}, invited(2), Invalid, "invitees[1].email"},
		"nobody":                     {nil, invited(MaxInvitees), "", ""},
		"somebody instead of nobody": {many(1, "new.test"), invited(MaxInvitees), Full, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Invite(tt.list, tt.invited)
			var fields []string
			if e, ok := errors.AsType[*Error](err); ok {
				for _, p := range e.Problems {
					fields = append(fields, p.Field)
				}
			}
			if CodeOf(err) != tt.refused || strings.Join(fields, " ") != tt.fields {
				t.Errorf("got %v, want code %q about %q", err, tt.refused, tt.fields)
			}
		})
	}
}

func TestInviteesAreNamed(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"": "a@b.test", "Ann": "Ann"} {
		if got := (Invitee{Email: "a@b.test", DisplayName: given}).Named().DisplayName; got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
