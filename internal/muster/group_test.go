package muster

import (
	"strings"
	"testing"
)

func TestMayManageGroup(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by    Actor
		admin bool // of the group
		may   bool
	}{
		"the account":                 {Actor{Home: "a", Account: "a", User: "u", Admin: true}, false, true},
		"a sub account's parent":      {Actor{Home: "a", Account: "b", User: "u", Admin: true, Master: true}, false, true},
		"an admin of the group":       {Actor{Home: "a", Account: "a", User: "u"}, true, true},
		"another user":                {Actor{Home: "a", Account: "a", User: "u"}, false, false},
		"an admin of it, from abroad": {Actor{Home: "a", Account: "b", User: "u"}, true, false},
		"nobody":                      {Actor{Home: "a", Account: "a"}, true, false},
	} {
		err := tt.by.MayManageGroup(tt.admin)
		if (err == nil) != tt.may || err != nil && CodeOf(err) != Forbidden {
			t.Errorf("%s: got %v, want that they may: %v", name, err, tt.may)
		}
	}
}

func TestCheckGroupName(t *testing.T) {
	t.Parallel()
	for name, good := range map[string]bool{
		"Staff": true, "Büro 2": true, strings.Repeat("ü", 128): true, strings.Repeat("ü", 129): false, "": false, " Staff": false, "Staff\t": false,
	} {
		if rule := CheckGroupName(name); (rule == "") != good {
			t.Errorf("%q: got %q, want that it is good: %v", name, rule, good)
		}
	}
}
