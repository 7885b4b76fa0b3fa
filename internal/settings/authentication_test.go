package settings

import (
	"fmt"
	"testing"
)

// TestAuthenticationOptions changes the list of options at the account and at
// a group below it.
func TestAuthenticationOptions(t *testing.T) {
	t.Parallel()
	const key = MeetingAuthentication + ".authentication_options"
	account, group := &Owner{Level: Account, Values: Doc{}}, &Owner{Level: Group, Name: "Staff", Values: Doc{}}
	chains := map[Level]Chain{Account: {Account: account}, Group: {Account: account, Groups: []*Owner{group}}}
	n := 0
	for i, tt := range []struct {
		level   Level
		asked   map[string]any
		refused string // the field
		list    string // what the end of the chain has then: ids, * the default, - hidden
	}{
		{Account, map[string]any{"action": "show", "id": "1"}, "id", ""},
		{Account, map[string]any{"action": "add", "name": "In"}, "type", ""},
		{Account, map[string]any{"name": "In"}, "action", ""},
		{Account, map[string]any{"action": "add", "name": "In", "type": "enforce_login"}, "", "2*"},
		{Account, map[string]any{"action": "add", "name": "At", "type": "enforce_login_with_domains"}, "domains", "2*"},
		{Account, map[string]any{"action": "add", "name": "At", "type": "enforce_login_with_domains", "domains": "a.test"}, "", "2* 4"},
		{Group, map[string]any{"action": "add", "name": "My", "type": "enforce_login"}, "action", "2* 4"},
		{Group, map[string]any{"action": "hide", "id": "2"}, "id", "2* 4"},
		{Group, map[string]any{"action": "update", "id": "2", "default_option": false}, "default_option", "2* 4"},
		{Group, map[string]any{"action": "update", "id": "4", "default_option": true}, "", "2 4*"},
		{Group, map[string]any{"action": "hide", "id": "2"}, "", "2- 4*"},
		{Group, map[string]any{"action": "update", "id": "2", "default_option": true}, "default_option", "2- 4*"},
		{Account, map[string]any{"action": "delete", "id": "2"}, "id", "2* 4"},
		{Account, map[string]any{"action": "delete", "id": "4"}, "", "2*"},
		{Group, map[string]any{"action": "show", "id": "2"}, "", "2 4*"},
		{Account, map[string]any{"action": "delete", "id": "2"}, "", ""},
	} {
		c := chains[tt.level]
		shape, _ := Shape(tt.level, MeetingAuthentication)
		change, problems := c.Change(shape, map[string]any{"authentication_option": tt.asked})
		problems = append(problems, c.Authenticate(shape, change, func() string { n++; return fmt.Sprint(n) })...)
		switch {
		case tt.refused != "" && (len(problems) != 1 || problems[0].Field != "authentication_option."+tt.refused):
			t.Errorf("%d: got %v, want %s refused", i, problems, tt.refused)
		case tt.refused == "" && len(problems) > 0:
			t.Errorf("%d: got %v", i, problems)
		case tt.refused == "":
			if len(change) != 1 {
				t.Errorf("%d: the change is %v, want the list alone", i, change)
			}
			c.End().Values = Merge(c.End().Values, change)
		}
		got := ""
		list, _ := c.Answer(shape, nil)["authentication_options"].([]any)
		for _, o := range list {
			d := Doc(o.(map[string]any))
			got += " " + d.String("id")
			if !d.Bool("visible") {
				got += "-"
			}
			if d.Bool("default_option") {
				got += "*"
			}
		}
		if want := tt.list; got != "" && got[1:] != want || got == "" && want != "" {
			t.Errorf("%d: got the options%s, want %s", i, got, want)
		}
		if account.Values[key] == nil && tt.level == Group {
			t.Errorf("%d: the account's list is gone", i)
		}
	}
	account.Locked = map[string]bool{"schedule_meeting.meeting_authentication": true}
	shape, _ := Shape(Group, MeetingAuthentication)
	change, _ := chains[Group].Change(shape, map[string]any{"authentication_option": map[string]any{"action": "show", "id": "2"}})
	if problems := chains[Group].Authenticate(shape, change, nil); len(problems) != 1 {
		t.Errorf("locked above: got %v", problems)
	}
}
