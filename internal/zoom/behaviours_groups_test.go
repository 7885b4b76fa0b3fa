package zoom_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

// newGroup makes a group with the users of the ids in it and returns its path.
func newGroup(s *mustertest.Server, name string, members ...string) string {
	g := "/v2/groups/" + s.Must(201, "POST", "/v2/groups", fmt.Sprintf(`{"name":%q}`, name))["id"].(string)
	for _, id := range members {
		s.Must(201, "POST", g+"/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, id))
	}
	return g
}

// leavesOf returns path and type of every leaf of a document, an array being one.
func leavesOf(doc map[string]any, prefix string) []string {
	var all []string
	for name, v := range doc {
		at := prefix + name
		switch v := v.(type) {
		case map[string]any:
			all = append(all, leavesOf(v, at+".")...)
		case bool:
			all = append(all, at+" boolean")
		case json.Number:
			all = append(all, at+" integer")
		case string:
			all = append(all, at+" string")
		case []any:
			all = append(all, at+" array")
		default:
			all = append(all, fmt.Sprintf("%s %T", at, v))
		}
	}
	slices.Sort(all)
	return all
}

// TestGroupAnswersWhatPage5Shows holds the answer to the leaves and types of
// the published sample, listed in testdata/page5.txt.
func TestGroupAnswersWhatPage5Shows(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/page5.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(want) != 231 {
		t.Fatalf("the list has %d leaves, want 231", len(want))
	}
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	id := s.Must(201, "POST", "/v2/accounts/branch/groups", `{"name":"Staff"}`)["id"].(string)
	got := leavesOf(s.Must(200, "GET", "/accounts/branch/groups/"+id+"/settings", ""), "")
	for _, leaf := range want {
		if !slices.Contains(got, leaf) {
			t.Errorf("missing: %s", leaf)
		}
	}
	for _, leaf := range got {
		if !slices.Contains(want, leaf) {
			t.Errorf("not in the sample: %s", leaf)
		}
	}
}

// TestConcurrentChangesLoseNoLeaf has many change settings and locks of one
// group at the same time, each another leaf.
func TestConcurrentChangesLoseNoLeaf(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	g := newGroup(s, "Staff")
	token := s.Token()
	leaves := []string{
		"co_host", "polling", "feedback", "chat", "breakout_room", "remote_support", "file_transfer", "annotation", "whiteboard", "stereo_audio",
		"original_audio", "group_hd", "private_chat", "remote_control", "slide_control", "screen_sharing",
	}
	var hands sync.WaitGroup
	for _, leaf := range leaves {
		for _, path := range []string{"/settings", "/lock_settings"} {
			hands.Go(func() {
				if a := s.As(token, "PATCH", g+path, fmt.Sprintf(`{"in_meeting":{%q:true}}`, leaf)); a.Status != 204 {
					t.Errorf("%s %s: got %d %s", path, leaf, a.Status, a.Body)
				}
			})
		}
	}
	hands.Wait()
	for _, path := range []string{"/settings", "/lock_settings"} {
		doc := s.Must(200, "GET", g+path, "")["in_meeting"].(map[string]any)
		for _, leaf := range leaves {
			if doc[leaf] != true {
				t.Errorf("%s: %s is lost", path, leaf)
			}
		}
	}
}

// TestDeletedGroupLeavesNothing races changes of a group's settings with its end.
func TestDeletedGroupLeavesNothing(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	owner := text(s.Must(200, "GET", "/v2/users/me", "")["id"])
	token := s.Token()
	for i := range 5 {
		g := newGroup(s, fmt.Sprintf("Group %d", i), owner)
		s.Must(201, "POST", g+"/admins", fmt.Sprintf(`{"admins":[{"id":%q}]}`, owner))
		var hands sync.WaitGroup
		for range 3 {
			hands.Go(func() { s.As(token, "PATCH", g+"/settings", `{"in_meeting":{"chat":true}}`) })
			hands.Go(func() { s.As(token, "PATCH", g+"/lock_settings", `{"in_meeting":{"chat":true}}`) })
			hands.Go(func() { s.As(token, "POST", g+"/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, owner)) })
		}
		hands.Go(func() { s.As(token, "DELETE", g, "") })
		hands.Wait()
		s.Refused(404, 4130, "GET", g, "")
	}
	for _, table := range []string{"user_groups", "group_members", "group_admins", "owner_settings"} {
		if n := s.Number(`SELECT COUNT(*) FROM ` + table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// TestAccountAboveGroup has the account decide, lock and unlock over a group.
func TestAccountAboveGroup(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	g := newGroup(s, "Staff")
	by := muster.Actor{Home: "primary", Account: "primary", Admin: true}
	account := app.OwnerRef{Level: settings.Account}
	set := func(body map[string]any, option string) {
		t.Helper()
		if err := s.App.SetOwnerSettings(t.Context(), by, account, option, body); err != nil {
			t.Fatal(err)
		}
	}
	lock := func(name string, locked bool) {
		t.Helper()
		if err := s.App.SetOwnerLocks(t.Context(), by, account, settings.LockChange{Locks: map[string]bool{name: locked}}); err != nil {
			t.Fatal(err)
		}
	}
	chat := func() any {
		return s.Must(200, "GET", g+"/settings?custom_query_fields=chat", "")["in_meeting"].(map[string]any)["chat"]
	}
	set(map[string]any{"in_meeting": map[string]any{"chat": true}}, "")
	if chat() != true {
		t.Error("the group does not have what its account has set")
	}
	s.Must(204, "PATCH", g+"/settings", `{"in_meeting":{"chat":false}}`)
	lock("in_meeting.chat", true)
	if chat() != true {
		t.Error("the account's lock does not hold in the group")
	}
	if told := s.Refused(400, 300, "PATCH", g+"/settings", `{"in_meeting":{"chat":false,"polling":true}}`); !strings.Contains(told, `"in_meeting.chat"`) || !strings.Contains(told, "account") {
		t.Errorf("a locked leaf: got %s, want its path and by whom", told)
	}
	s.Must(204, "PATCH", g+"/settings", `{"in_meeting":{"chat":true}}`) // sent back as it is
	if locks := s.Must(200, "GET", g+"/lock_settings", "")["in_meeting"].(map[string]any); locks["chat"] != true {
		t.Error("what the account has locked is not told as locked in the group")
	}
	s.Refused(400, 300, "PATCH", g+"/lock_settings", `{"in_meeting":{"chat":false}}`)
	lock("in_meeting.chat", false)
	if chat() != false {
		t.Error("unlocking does not bring the group's own value back")
	}

	set(map[string]any{"authentication_option": map[string]any{"action": "add", "name": "Signed in", "type": "enforce_login"}}, settings.MeetingAuthentication)
	list := s.Must(200, "GET", g+"/settings?option=meeting_authentication", "")["authentication_options"].([]any)
	if len(list) != 1 {
		t.Fatalf("got %v, want the account's one option", list)
	}
	id := text(list[0].(map[string]any)["id"])
	s.Must(204, "PATCH", g+"/settings?option=meeting_authentication", fmt.Sprintf(`{"meeting_authentication":true,"authentication_option":{"action":"update","id":%q,"name":"Staff only"}}`, id))
	got := s.Must(200, "GET", g+"/settings?option=meeting_authentication", "")
	first := got["authentication_options"].([]any)[0].(map[string]any)
	if got["meeting_authentication"] != true || first["name"] != "Staff only" || first["id"] != id || first["default_option"] != true || first["visible"] != true {
		t.Errorf("got %v", got)
	}
	lock("schedule_meeting.meeting_authentication", true)
	if told := s.Refused(400, 300, "PATCH", g+"/settings?option=meeting_authentication", fmt.Sprintf(`{"authentication_option":{"action":"hide","id":%q}}`, id)); !strings.Contains(told, "locked by the account") {
		t.Errorf("got %s", told)
	}
}
