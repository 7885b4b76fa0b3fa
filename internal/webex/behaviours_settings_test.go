package webex_test

import (
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

// TestSettingsOfTheHost shows options that the account decides: where a
// meeting says nothing, after a PUT that leaves them out, in lists, and locked.
func TestSettingsOfTheHost(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	by, account := muster.Actor{Account: "primary", Home: "primary", Admin: true}, app.OwnerRef{Level: settings.Account}
	err := s.App.SetOwnerSettings(t.Context(), by, account, "", map[string]any{
		"schedule_meeting": map[string]any{"join_before_host": true, "jbh_time": 10.0}, "recording": map[string]any{"auto_recording": "local"},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := webexMeeting(t, s, "")
	inherited := map[string]any{"enabledJoinBeforeHost": true, "joinBeforeHostMinutes": 10, "enabledAutoRecordMeeting": true}
	wants(t, "nothing said", m.inWebex(), inherited)
	wants(t, "in a list", s.Must(200, "GET", "/v1/meetings", "")["items"].([]any)[0].(map[string]any), inherited)

	const rest = `"title":"Open day","start":"2026-03-09T10:00:00","end":"2026-03-09T11:30:00","timezone":"Europe/Berlin","password":"1234"`
	s.Must(200, "PATCH", m.webex, `{"enabledJoinBeforeHost":false}`)
	wants(t, "its own", m.inWebex(), map[string]any{"enabledJoinBeforeHost": false})
	s.Must(200, "PUT", m.webex, `{`+rest+`,"enabledAutoRecordMeeting":true}`)
	wants(t, "left out", m.inWebex(), inherited)
	wants(t, "as the account records", m.inZoom(), map[string]any{"settings.auto_recording": "local"})

	s.Must(200, "PATCH", m.webex, `{"enabledJoinBeforeHost":false}`)
	err = s.App.SetOwnerLocks(t.Context(), by, account, settings.LockChange{Locks: map[string]bool{"schedule_meeting.join_before_host": true, "recording.auto_recording": true}})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "locked", m.inWebex(), inherited)
	for _, method := range []string{"PUT", "PATCH"} {
		a := s.Do(method, m.webex, `{`+rest+`,"enabledJoinBeforeHost":false}`)
		if a.Status != 400 || !strings.Contains(string(a.Body), "enabledJoinBeforeHost") || !strings.Contains(string(a.Body), "is locked by the account") {
			t.Errorf("%s: got %d %s", method, a.Status, a.Body)
		}
		s.Must(200, method, m.webex, `{`+rest+`,"enabledJoinBeforeHost":true,"enabledAutoRecordMeeting":true}`)
	}
	if a := s.Do("POST", "/v1/meetings", `{`+rest+`,"enabledAutoRecordMeeting":false}`); a.Status != 400 {
		t.Errorf("got %d %s", a.Status, a.Body)
	}
}
