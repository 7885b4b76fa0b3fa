package zoom_test

import (
	"fmt"
	"testing"

	"muster/internal/mustertest"
)

// TestLocksOfBothShapes: the body alone says which locks are meant, of the
// account as of a group, and some are locked at a value.
func TestLocksOfBothShapes(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	member := newUser(s, "member@muster.test")
	for _, path := range []string{"/v2/accounts/me", newGroup(s, "Staff", member)} {
		locks := path + "/lock_settings"
		s.Must(204, "PATCH", locks, `{"meeting_security":{"waiting_room":true,"approved_or_denied_countries_or_regions":true},"in_meeting":{"co_host":true}}`)
		s.Must(204, "PATCH", locks+"?option=meeting_security", `{"meeting_security":{"webinar_password":true}}`)
		s.Refused(400, 300, "PATCH", locks+"?option=meeting_security", `{"in_meeting":{"co_host":true}}`)
		security := s.Must(200, "GET", locks+"?option=meeting_security", "")["meeting_security"].(map[string]any)
		for _, name := range []string{"waiting_room", "approved_or_denied_countries_or_regions", "webinar_password"} {
			if security[name] != true {
				t.Errorf("%s: %s is not locked: %v", path, name, security)
			}
		}
		s.Must(204, "PATCH", locks, `{"in_meeting":{"entry_exit_chime":"host"},"recording":{"ip_address_access_control":{"enable":true,"ip_addresses_or_ranges":"10.0.0.1"}},"meeting_security":{"encryption_type":"e2ee"}}`)
		told := s.Refused(400, 300, "PATCH", locks, `{"in_meeting":{"entry_exit_chime":"drums"}}`)
		if told == "" {
			t.Error("a refusal without a field")
		}
		of := "/v2/users/" + member + "/settings"
		doc, more := s.Must(200, "GET", of, ""), s.Must(200, "GET", of+"?option=meeting_security", "")
		if got := fmt.Sprintln(doc["in_meeting"].(map[string]any)["entry_exit_chime"], doc["recording"].(map[string]any)["ip_address_access_control"], more["meeting_security"].(map[string]any)["encryption_type"]); got != "host map[enable:true ip_addresses_or_ranges:10.0.0.1] e2ee\n" {
			t.Errorf("%s: got %s", path, got)
		}
		s.Refused(400, 300, "PATCH", of, `{"in_meeting":{"entry_exit_chime":"none"}}`)
		answer := s.Do("GET", locks, "")
		if answer.JSON(t)["in_meeting"].(map[string]any)["entry_exit_chime"] != true {
			t.Errorf("%s: not answered as locked: %s", path, answer.Body)
		}
		s.Must(204, "PATCH", locks, string(answer.Body))
		if path == "/v2/accounts/me" {
			s.Must(204, "PATCH", locks, `{"in_meeting":{"entry_exit_chime":false},"recording":{"ip_address_access_control":false},"meeting_security":{"encryption_type":false}}`)
		}
	}
}

// TestRehearsedLocks: dry_run says for how many other settings would hold, and
// changes nothing, of locks and of what registrants are asked.
func TestRehearsedLocks(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada, bob := newUser(s, "ada@muster.test"), newUser(s, "bob@muster.test")
	group := newGroup(s, "Staff", ada, bob)
	s.Must(204, "PATCH", "/v2/users/"+ada+"/settings", `{"schedule_meeting":{"host_video":true}}`)
	s.Must(204, "PATCH", "/v2/users/"+bob+"/settings", `{"in_meeting":{"entry_exit_chime":"none"}}`)
	tell := func() (all string) {
		for _, path := range []string{"/v2/accounts/me/lock_settings", group + "/lock_settings", group + "/settings", group + "/settings/registration", "/v2/accounts/me/settings/registration"} {
			all += string(s.Do("GET", path, "").Body) + "\n"
		}
		return all + fmt.Sprint(s.Texts(`SELECT kind FROM events ORDER BY id`))
	}
	before := tell()
	for _, tt := range []struct{ path, body, want string }{
		{group + "/lock_settings", `{"schedule_meeting":{"host_video":true}}`, "0 groups, 1 users"},
		{group + "/lock_settings", `{"schedule_meeting":{"host_video":false}}`, "0 groups, 0 users"},
		{group + "/lock_settings", `{"in_meeting":{"entry_exit_chime":"host"}}`, "1 groups, 2 users"},
		{"/v2/accounts/me/lock_settings", `{"schedule_meeting":{"host_video":true},"in_meeting":{"entry_exit_chime":true}}`, "0 groups, 2 users"},
		{group + "/settings/registration", `{"approve_type":1}`, "1 groups, 0 users"},
		{"/v2/accounts/me/settings/registration", `{"approve_type":1}`, "1 groups, 0 users"},
	} {
		e := s.Must(200, "PATCH", tt.path+"?dry_run=true", tt.body)
		if got := fmt.Sprintf("%v groups, %v users", e["groups"], e["users"]); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.path, tt.body, got, tt.want)
		}
	}
	s.Refused(400, 300, "PATCH", group+"/lock_settings?dry_run=true", `{"in_meeting":{"nothing":true}}`)
	s.Refused(400, 300, "PATCH", group+"/settings/registration?dry_run=true", `{"nothing":true}`)
	if after := tell(); after != before {
		t.Errorf("a rehearsal changed something:\n got %s\nwant %s", after, before)
	}
}
