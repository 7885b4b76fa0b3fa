package webex_test

import (
	"reflect"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// TestHiddenTrackingCodes shows the codes of a hidden field to whoever
// administers the account alone, and lets nobody else lose them.
func TestHiddenTrackingCodes(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"ada@muster.test","type":2}}`)["id"].(string)
	own := s.UserToken("primary", ada, "meeting:schedules_read", "meeting:schedules_write")
	s.Must(201, "POST", "/v2/tracking_fields", `{"field":"Cost centre"}`)
	s.Must(201, "POST", "/v2/tracking_fields", `{"field":"Site","visible":true}`)
	const (
		rest  = `"title":"Open day","start":"2026-03-10T10:00:00Z","end":"2026-03-10T11:00:00Z"`
		codes = `"trackingCodes":[{"name":"cost centre","value":"cost 4711"},{"name":"Site","value":"Bonn"}]`
	)
	made := s.Must(200, "POST", "/v1/meetings", `{`+rest+`,"recurrence":"FREQ=DAILY;COUNT=2","hostEmail":"ada@muster.test",`+codes+`}`)
	path := "/v1/meetings/" + made["id"].(string)
	has := func(what string, object any, want ...string) {
		t.Helper()
		var got []string
		list, _ := object.(map[string]any)["trackingCodes"].([]any)
		for _, c := range list {
			got = append(got, c.(map[string]any)["value"].(string))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	as := func(method, path, body string) map[string]any {
		t.Helper()
		a := s.As(own, method, path, body)
		if a.Status != 200 {
			t.Fatalf("%s %s: got %d %s", method, path, a.Status, a.Body)
		}
		return a.JSON(t)
	}
	has("created", made, "cost 4711", "Bonn")
	for _, at := range []string{path, path + "?current=true"} {
		has("an admin reads", s.Must(200, "GET", at, ""), "cost 4711", "Bonn")
		has("the host reads", as("GET", at, ""), "Bonn")
	}
	lists := "/v1/meetings?meetingType=scheduledMeeting&from=2026-03-01&to=2026-03-20"
	has("an admin lists", s.Must(200, "GET", lists+"&hostEmail=ada@muster.test", "")["items"].([]any)[0], "cost 4711", "Bonn")
	has("the host lists", as("GET", lists, "")["items"].([]any)[0], "Bonn")

	has("the host changes", as("PATCH", path, `{"trackingCodes":[{"name":"Site","value":"Köln"}]}`), "Köln")
	has("an admin reads that", s.Must(200, "GET", path, ""), "cost 4711", "Köln")
	has("the host says nothing of them", as("PUT", path, `{`+rest+`}`))
	has("an admin reads that", s.Must(200, "GET", path, ""), "cost 4711")
	has("the host names it", as("PATCH", path, `{"trackingCodes":[{"name":"Cost centre","value":"1"}]}`))
	has("an admin reads that", s.Must(200, "GET", path, ""), "1")
	has("an admin says nothing of them", s.Must(200, "PUT", path, `{`+rest+`}`))
}

// TestHiddenTrackingCodesOfDates has a host send a date back as they see it.
func TestHiddenTrackingCodesOfDates(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"ada@muster.test","type":2}}`)["id"].(string)
	own := s.UserToken("primary", ada, "meeting:schedules_read", "meeting:schedules_write")
	s.Must(201, "POST", "/v2/tracking_fields", `{"field":"Cost centre"}`)
	s.Must(200, "POST", "/v1/meetings", `{"title":"Open day","start":"2026-03-10T10:00:00Z","end":"2026-03-10T11:00:00Z","recurrence":"FREQ=DAILY;COUNT=2",
		"hostEmail":"ada@muster.test","trackingCodes":[{"name":"Site","value":"Bonn"},{"name":"Cost centre","value":"cost 4711"}]}`)
	list := s.As(own, "GET", "/v1/meetings?meetingType=scheduledMeeting&from=2026-03-01&to=2026-03-20", "").JSON(t)["items"].([]any)
	path := "/v1/meetings/" + list[0].(map[string]any)["id"].(string)
	if a := s.As(own, "PATCH", path, `{"agenda":"x","trackingCodes":[{"name":"Site","value":"Bonn"}]}`); a.Status != 200 || strings.Contains(string(a.Body), "cost 4711") {
		t.Errorf("got %d %s", a.Status, a.Body)
	}
	if a := s.As(own, "PATCH", path, `{"trackingCodes":[{"name":"Site","value":"Köln"}]}`); a.Status != 400 {
		t.Errorf("another code for one date: got %d %s", a.Status, a.Body)
	}
}
