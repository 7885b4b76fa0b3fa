package zoom_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/settings"
)

// onPasswords returns the test of a setting that a user's password must obey:
// both are taken without it, and with it only good.
func onPasswords(v any, good, bad string) func(*testing.T, *settings.Setting) {
	return func(t *testing.T, s *settings.Setting) {
		o := newOffice(t)
		put := func(password string) int {
			return o.Do("PUT", "/v2/users/"+o.ada+"/password", fmt.Sprintf(`{"password":%q}`, password)).Status
		}
		if got := put(bad); got != 204 {
			t.Fatalf("before: got %d, want 204", got)
		}
		o.set(settings.Account, s.Name, v)
		if got := put(good); got != 204 {
			t.Errorf("%s: got %d, want 204", good, got)
		}
		if got := put(bad); got != 400 {
			t.Errorf("%s: got %d, want 400", bad, got)
		}
	}
}

// renames fails unless ada's change of her own name has the answer.
func renames(o *office, want int) {
	o.t.Helper()
	if a := o.As(o.UserToken("primary", o.ada), "PATCH", "/v2/users/me", fmt.Sprintf(`{"first_name":"Ada %d"}`, want)); a.Status != want {
		o.t.Errorf("got %d %s, want %d", a.Status, a.Body, want)
	}
}

// closesRegistration shows close_registration of the account and the group
// on meetings whose time is over.
func closesRegistration(t *testing.T, s *settings.Setting) {
	onMeetings("close_registration", true, false)(t, s)
	o := newOffice(t)
	silent, open := o.meeting(map[string]any{"approval_type": 0}), o.meeting(map[string]any{"approval_type": 0, "close_registration": false})
	n := 0
	register := func(meeting string) int {
		n++
		return o.Do("POST", meeting+"/registrants", fmt.Sprintf(`{"email":"p%d@example.com","first_name":"P"}`, n)).Status
	}
	o.set(settings.Account, s.Name, true)
	if got := register(silent); got != 201 {
		t.Errorf("before its end: got %d, want 201", got)
	}
	o.Advance(60 * 24 * time.Hour)
	if got := register(silent); got == 201 {
		t.Error("after its end people register though the account closes registration")
	}
	if got := register(open); got != 201 {
		t.Errorf("its own: got %d, want 201", got)
	}
	o.set(settings.Group, s.Name, false)
	if got := register(silent); got != 201 {
		t.Errorf("the group leaves it open: got %d, want 201", got)
	}
}

// waysToSignIn shows how meetings choose from what the account offers.
func waysToSignIn(t *testing.T, _ *settings.Setting) {
	o := newOffice(t)
	silent := o.meeting(map[string]any{"meeting_authentication": true})
	if got := o.shows(silent, "authentication_option"); got != nil {
		t.Fatalf("got %v before there are any", got)
	}
	add := func(name, more string) {
		var body any
		if err := json.Unmarshal([]byte(`{"action":"add","type":"enforce_login","name":"`+name+`"`+more+`}`), &body); err != nil {
			t.Fatal(err)
		}
		err := o.App.SetOwnerSettings(t.Context(), o.administers, ownAccount, settings.MeetingAuthentication, map[string]any{"authentication_option": body})
		if err != nil {
			t.Fatal(err)
		}
	}
	add("Anybody", "")
	add("Members", `,"type":"enforce_login_with_domains","domains":"members.example"`)
	if got := o.shows(silent, "authentication_name"); got != "Anybody" {
		t.Errorf("got %v, want the default of the account", got)
	}
	ids := map[string]string{}
	list := o.Must(200, "GET", "/v2/users/"+o.ada+"/settings?option=meeting_authentication", "")["authentication_options"].([]any)
	for _, option := range list {
		ids[option.(map[string]any)["name"].(string)] = option.(map[string]any)["id"].(string)
	}
	chosen := o.meeting(map[string]any{"meeting_authentication": true, "authentication_option": ids["Members"]})
	if o.shows(chosen, "authentication_name") != "Members" || o.shows(chosen, "authentication_domains") != "members.example" {
		t.Errorf("got %v", o.Must(200, "GET", chosen, "")["settings"])
	}
	told := o.Refused(400, 300, "PATCH", chosen, `{"settings":{"authentication_option":"nothing"}}`)
	if !strings.Contains(told, "settings.authentication_option") {
		t.Errorf("the answer does not name the leaf: %s", told)
	}
	for path, name := range map[string]string{"/v2/groups/" + o.staff: "Of the group", "/v2/users/" + o.ada: "Of the user"} {
		o.Must(204, "PATCH", path+"/settings?option=meeting_authentication",
			fmt.Sprintf(`{"authentication_option":{"action":"update","id":%q,"name":%q}}`, ids["Anybody"], name))
	}
	if got := o.shows(silent, "authentication_name"); got != "Of the user" {
		t.Errorf("got %v, want what the user calls it", got)
	}
	o.Must(204, "PATCH", "/v2/users/"+o.ada+"/settings?option=meeting_authentication",
		fmt.Sprintf(`{"authentication_option":{"action":"hide","id":%q}}`, ids["Members"]))
	o.Must(204, "PATCH", chosen, fmt.Sprintf(`{"settings":{"authentication_option":%q}}`, ids["Members"])) // as it stands
	o.Refused(400, 300, "PATCH", silent, fmt.Sprintf(`{"settings":{"authentication_option":%q}}`, ids["Members"]))
}

// TestTurnedOffByTheWaitingRoom shows a setting that another one of the
// host's turns off.
func TestTurnedOffByTheWaitingRoom(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.set(settings.User, "schedule_meeting.join_before_host", true)
	m := o.meeting(nil)
	o.holds(m, "join_before_host", true, "user", nil)
	o.set(settings.Group, "in_meeting.waiting_room", true)
	o.holds(m, "join_before_host", false, "group", nil)
	if e := o.explains(m, "join_before_host"); e["off_with"] != "waiting_room" || e["decided_by_name"] != "Staff" || e["decided_by_id"] != o.staff {
		t.Errorf("got %v", e)
	}
	o.lock(settings.Group, "in_meeting.waiting_room", true)
	o.holds(m, "waiting_room", true, "group", "group")
	locks := o.Must(200, "GET", "/v2/groups/"+o.staff+"/lock_settings?option=meeting_security", "")
	if locks["meeting_security"].(map[string]any)["waiting_room"] != true {
		t.Errorf("got %v: it is one lock under two names", locks)
	}
	o.Must(204, "PATCH", m, `{"settings":{"join_before_host":false,"waiting_room":true}}`) // as it stands
	o.lock(settings.Group, "meeting_security.waiting_room", false)
	o.holds(m, "waiting_room", true, "group", nil) // what was sent back was not kept as the meeting's own
}

// TestLockedForOneDate holds the dates of a series to the locks.
func TestLockedForOneDate(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	series := o.Must(201, "POST", "/v2/users/"+o.ada+"/meetings",
		`{"type":8,"start_time":"2026-03-10T10:00:00Z","recurrence":{"type":2,"weekly_days":"3","end_times":4}}`)
	m := "/v2/meetings/" + series["id"].(json.Number).String()
	date := "?occurrence_id=" + series["occurrences"].([]any)[0].(map[string]any)["occurrence_id"].(string)
	o.Must(204, "PATCH", m+date, `{"settings":{"host_video":false}}`)
	o.set(settings.Account, "schedule_meeting.host_video", true)
	if o.shows(m, "host_video") != true || o.shows(m+date, "host_video") != false {
		t.Error("the date has not its own value, or the series not the account's")
	}
	o.lock(settings.Account, "schedule_meeting.host_video", true)
	if o.shows(m+date, "host_video") != true {
		t.Error("the lock does not hold of the date")
	}
	if told := o.Refused(400, 300, "PATCH", m+date, `{"settings":{"host_video":false}}`); !strings.Contains(told, "is locked by the account") {
		t.Errorf("got %s", told)
	}
	o.Must(204, "PATCH", m+date, `{"settings":{"host_video":true}}`)
	o.lock(settings.Account, "schedule_meeting.host_video", false)
	if o.shows(m+date, "host_video") != false {
		t.Error("the date's own value did not come back")
	}
}

// TestMeetingsFollowTheirHosts shows that groups count at once, the primary
// one for values and each for locks, and those of others do not.
func TestMeetingsFollowTheirHosts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	m, others := o.meeting(nil), o.Meeting("")
	second := o.Must(201, "POST", "/v2/groups", `{"name":"Second"}`)["id"].(string)
	o.Must(204, "PATCH", "/v2/groups/"+second+"/settings", `{"schedule_meeting":{"host_video":true}}`)
	o.holds(m, "host_video", false, "default", nil)
	o.Must(201, "POST", "/v2/groups/"+second+"/members", `{"members":[{"id":"`+o.ada+`"}]}`)
	o.holds(m, "host_video", false, "default", nil) // it is not the primary one
	o.Must(204, "PATCH", "/v2/groups/"+second+"/lock_settings", `{"schedule_meeting":{"host_video":true}}`)
	o.holds(m, "host_video", true, "group", "group")
	o.holds(others, "host_video", false, "default", nil)
	o.Must(204, "DELETE", "/v2/groups/"+second+"/members/"+o.ada, "")
	o.holds(m, "host_video", false, "default", nil)

	e := o.explains(m, "contact_email")
	if e["value"] != "ada@muster.test" || e["decided_by"] != "default" {
		t.Errorf("got %v", e)
	}
	own := o.explains(o.meeting(map[string]any{"host_video": true}), "host_video")
	if own["decided_by_name"] != "Open day" || own["decided_by_id"] == "" {
		t.Errorf("got %v, want the meeting by its name", own)
	}
	o.Account("stranger")
	if a := o.As(o.TokenFor("stranger"), "GET", m+"?explain=true", ""); a.Status != 404 {
		t.Errorf("a stranger got %d %s", a.Status, a.Body)
	}
	if err := o.App.SetOwnerSettings(t.Context(), o.administers, ownAccount, "", map[string]any{"schedule_meeting": map[string]any{"enforce_login_domains": "a.example,b.example"}}); err == nil ||
		!strings.Contains(err.Error(), "schedule_meeting.enforce_login_domains") {
		t.Errorf("got %v, want the domains refused, for a meeting could not be sent back with them", err)
	}
}

// ownAccount names the settings of the account acted in.
var ownAccount = app.OwnerRef{Level: settings.Account}

// hasDomains shows that an account's domains are answered where they are asked for.
func hasDomains(t *testing.T, s *settings.Setting) {
	o := newOffice(t)
	call, want := "managed_domains", `{"domains":[{"domain":"a.example","status":"unverified"}],"total_records":1}`
	if s.Name == settings.TrustedDomains {
		call, want = "trusted_domains", `{"trusted_domains":["a.example"]}`
	}
	o.set(settings.Account, s.Name, []any{"a.example"})
	if got := o.As(o.Token(), "GET", "/v2/accounts/me/"+call, ""); string(got.Body) != want {
		t.Errorf("got %s, want %s", got.Body, want)
	}
}
