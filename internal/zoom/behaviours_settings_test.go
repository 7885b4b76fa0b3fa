package zoom_test

import (
	"strings"
	"testing"

	"muster/internal/mustertest"
)

func TestGroupSettings(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	g := "/v2/groups/" + s.Must(201, "POST", "/v2/groups", `{"name":"Staff"}`)["id"].(string)
	s.Must(204, "PATCH", g+"/settings", `{"schedule_meeting":{"host_video":true}}`)
	s.Must(204, "PATCH", g+"/settings", `{"in_meeting":{"chat":true}}`)
	doc := s.Must(200, "GET", g+"/settings", "")
	if doc["schedule_meeting"].(map[string]any)["host_video"] != true || doc["in_meeting"].(map[string]any)["chat"] != true {
		t.Errorf("a leaf that was not sent is lost: %v", doc)
	}
	s.Must(204, "PATCH", g+"/settings", `{"schedule_meeting":{"host_video":null},"in_meeting":null}`)
	if after := s.Must(200, "GET", g+"/settings", ""); after["schedule_meeting"].(map[string]any)["host_video"] != true || after["in_meeting"].(map[string]any)["chat"] != true {
		t.Errorf("null has said something: %v", after)
	}
	s.Must(204, "PATCH", g+"/lock_settings", `{"in_meeting":{"chat":true}}`)
	if locks := s.Must(200, "GET", g+"/lock_settings", ""); locks["in_meeting"].(map[string]any)["chat"] != true {
		t.Errorf("got %v, want a lock", locks)
	}
	only := s.Must(200, "GET", g+"/settings?custom_query_fields=host_video", "")
	if len(only) != 1 || len(only["schedule_meeting"].(map[string]any)) != 1 {
		t.Errorf("got %v, want host_video alone", only)
	}
	if told := s.Refused(400, 300, "PATCH", g+"/settings", `{"in_meeting":{"nothing":1}}`); !strings.Contains(told, "in_meeting.nothing") {
		t.Errorf("the answer does not name the leaf: %s", told)
	}
	s.Refused(404, 4130, "GET", "/v2/groups/nobody/settings", "")
}

// TestFilesStayInherited: who sends an empty list of files back has none of
// their own, so that what the account has goes on to hold for them.
func TestFilesStayInherited(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := "/v2/users/" + newUser(s, "ada@muster.test") + "/settings"
	files := func() []any {
		return s.Must(200, "GET", ada, "")["in_meeting"].(map[string]any)["virtual_background_settings"].(map[string]any)["files"].([]any)
	}
	s.Must(204, "PATCH", ada, `{"in_meeting":{"virtual_background_settings":{"files":[]}}}`)
	s.Must(201, "POST", "/v2/accounts/me/settings/virtual_backgrounds", mustertest.Form("a.png", []byte(dots)))
	if got := files(); len(got) != 1 {
		t.Fatalf("got %v, want the account's file", got)
	}
	s.Must(204, "PATCH", ada, string(s.Do("GET", ada, "").Body))
	s.Must(201, "POST", "/v2/accounts/me/settings/virtual_backgrounds", mustertest.Form("b.png", []byte(dots)))
	if got := files(); len(got) != 2 {
		t.Errorf("got %v, want both of the account's files", got)
	}
}
