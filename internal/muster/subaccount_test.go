package muster

import (
	"reflect"
	"testing"
)

func TestOptionsWith(t *testing.T) {
	t.Parallel()
	yes, no, sub := true, false, PaySub
	list, none := []string{"10.0.0.1"}, []string{}
	shared := AccountOptions{ShareRooms: true, RoomConnectors: list}
	for name, c := range map[string]struct {
		of     AccountOptions
		change OptionsChange
		want   AccountOptions
		wrong  string // the field
	}{
		"nothing":                  {shared, OptionsChange{}, shared, ""},
		"share and list":           {AccountOptions{}, OptionsChange{ShareRooms: &yes, RoomConnectors: &list}, shared, ""},
		"list where it is shared":  {AccountOptions{ShareRooms: true}, OptionsChange{RoomConnectors: &list}, shared, ""},
		"list, not shared":         {AccountOptions{}, OptionsChange{RoomConnectors: &list}, AccountOptions{}, "room_connector_list"},
		"list of the other":        {shared, OptionsChange{MeetingConnectors: &list}, shared, "meeting_connector_list"},
		"no longer shared":         {shared, OptionsChange{ShareRooms: &no}, AccountOptions{}, ""},
		"no longer shared, a list": {shared, OptionsChange{ShareRooms: &no, RoomConnectors: &list}, AccountOptions{}, "room_connector_list"},
		"an empty list":            {AccountOptions{}, OptionsChange{MeetingConnectors: &none}, AccountOptions{}, ""},
		"the rest":                 {shared, OptionsChange{PayMode: &sub, AutoRenew: &yes}, AccountOptions{ShareRooms: true, RoomConnectors: list, PayMode: PaySub, AutoRenew: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.of.With(c.change)
			if e, ok := err.(*Error); c.wrong != "" && (!ok || len(e.Problems) != 1 || e.Problems[0].Field != c.wrong) || c.wrong == "" && err != nil {
				t.Errorf("got %v, want a problem with %q", err, c.wrong)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestMayOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		u    User
		want Code
	}{
		"a member":     {User{ID: "u", Status: UserActive, Role: RoleMember}, ""},
		"an admin":     {User{ID: "u", Status: UserActive, Role: RoleAdmin}, ""},
		"the owner":    {User{ID: "owner", Status: UserActive}, Forbidden},
		"switched off": {User{ID: "u", Status: UserInactive}, Forbidden},
		"custCreate":   {User{ID: "u", Status: UserActive, Action: ActionCustCreate}, Forbidden},
	} {
		if got := CodeOf(c.u.MayOwn("owner")); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestCheckDomain(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"example.com", "a.b.example", "münchen.example"} {
		if rule := CheckDomain(good); rule != "" {
			t.Errorf("%s: got %q, want no rule broken", good, rule)
		}
	}
	for _, bad := range []string{"", "@example.com", "a b.example", "https://example.com", "-a.example", "a..b"} {
		if CheckDomain(bad) == "" {
			t.Errorf("%q is taken for a domain", bad)
		}
	}
}
