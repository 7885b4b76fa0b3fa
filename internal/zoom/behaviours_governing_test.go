package zoom_test

import (
	"fmt"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// withRole makes a user of the primary account with a role of the privileges
// and returns their id and a token.
func withRole(s *mustertest.Server, name, privileges string) (id, token string) {
	id = newUser(s, name+"@muster.test")
	role := s.Must(201, "POST", "/v2/roles", fmt.Sprintf(`{"name":%q,"privileges":%s}`, name, privileges))["id"].(string)
	s.Must(201, "POST", "/v2/roles/"+role+"/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, id))
	return id, s.UserToken("primary", id)
}

// TestNobodyGovernsWhoMayMore has somebody who may only administer users try
// what they can with the owner and with somebody who may more.
func TestNobodyGovernsWhoMayMore(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	_, low := withRole(s, "low", `["User:Read","User:Edit"]`)
	high, _ := withRole(s, "high", `["User:Edit","Role:Edit"]`)
	equal := newUser(s, "equal@muster.test")
	owner := s.Must(200, "GET", "/v2/users/me", "")["id"].(string)
	helper, chief := newUser(s, "helper@muster.test"), newUser(s, "chief@muster.test")
	files := map[string]string{}
	for _, whom := range []string{owner, high, equal} {
		for host, assistant := range map[string]string{whom: high, chief: whom} {
			if host != assistant {
				s.Must(201, "POST", "/v2/users/"+host+"/assistants", fmt.Sprintf(`{"assistants":[{"id":%q}]}`, assistant))
			}
		}
		files[whom] = text(s.Must(201, "POST", "/v2/users/"+whom+"/settings/virtual_backgrounds", mustertest.Form("b.png", []byte(dots)))["id"])
	}
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/token", ""},
		{"PATCH", "", `{"first_name":"Hacked"}`},
		{"PUT", "/email", `{"email":"mine@muster.test"}`},
		{"PUT", "/password", `{"password":"Another-1-word"}`},
		{"PUT", "/status", `{"action":"deactivate"}`},
		{"DELETE", "/token", ""},
		{"PATCH", "/settings", `{"muster":{"may_schedule":false}}`},
		{"PATCH", "/settings?dry_run=true", `{"muster":{"may_schedule":false}}`},
		{"POST", "/assistants", fmt.Sprintf(`{"assistants":[{"id":%q}]}`, helper)},
		{"DELETE", "/assistants/" + helper, ""},
		{"DELETE", "/assistants", ""},
		{"DELETE", "/schedulers/" + chief, ""},
		{"DELETE", "/schedulers", ""},
		{"POST", "/picture", mustertest.FormOf("pic_file", "a.png", []byte(dots))},
		{"DELETE", "/picture", ""},
		{"POST", "/settings/virtual_backgrounds", mustertest.Form("a.png", []byte(dots))},
		{"DELETE", "/settings/virtual_backgrounds?file_ids=${file}", ""},
		{"PATCH", "", `{"type":1}`},
		{"DELETE", "?action=delete", ""},
	} {
		for _, whom := range []string{owner, high} {
			before := s.Texts(`SELECT kind FROM events ORDER BY id`)
			if a := s.As(low, c.method, "/v2/users/"+whom+strings.Replace(c.path, "${file}", files[whom], 1), c.body); a.Status != 400 {
				t.Errorf("%s %s %s: got %d %s, want a refusal", c.method, c.path, c.body, a.Status, a.Body)
			}
			if after := s.Texts(`SELECT kind FROM events ORDER BY id`); len(after) != len(before) {
				t.Errorf("%s %s %s: something was done", c.method, c.path, c.body)
			}
		}
		if a := s.As(low, c.method, "/v2/users/"+equal+strings.Replace(c.path, "${file}", files[equal], 1), c.body); a.Status >= 300 {
			t.Errorf("%s %s %s: got %d %s for a member", c.method, c.path, c.body, a.Status, a.Body)
		}
		if c.body == `{"email":"mine@muster.test"}` {
			s.Must(204, "PUT", "/v2/users/"+equal+"/email", `{"email":"equal@muster.test"}`)
		}
	}
	_, reader := withRole(s, "reader", `["User:Read"]`)
	if a := s.As(reader, "GET", "/v2/users/"+helper+"/token", ""); a.Status != 400 || a.Code(t) != 200 {
		t.Errorf("a reader's host token of another: got %d %s, want a refusal", a.Status, a.Body)
	}
	if a := s.As(reader, "GET", "/v2/users/me/token", ""); a.Status != 200 {
		t.Errorf("a reader's own host token: got %d %s", a.Status, a.Body)
	}
	if a := s.As(low, "POST", "/v2/users/features", fmt.Sprintf(`{"feature_type":"user_type","feature_value":"1","users":[{"id":%q}]}`, owner)); a.Status != 400 {
		t.Errorf("bulk: got %d %s", a.Status, a.Body)
	}
}

// TestGroupAdminsGovernMembersOnly: an admin of a group without a role has no
// power over people who administer the account, and cannot lift its rules.
func TestGroupAdminsGovernMembersOnly(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	gina, member := newUser(s, "gina@muster.test"), newUser(s, "member@muster.test")
	high, _ := withRole(s, "high", `["Role:Edit"]`)
	owner := s.Must(200, "GET", "/v2/users/me", "")["id"].(string)
	group := "/v2/groups/" + s.Must(201, "POST", "/v2/groups", `{"name":"Staff"}`)["id"].(string)
	s.Must(201, "POST", group+"/admins", fmt.Sprintf(`{"admins":[{"id":%q}]}`, gina))
	token := s.UserToken("primary", gina)
	for whom, want := range map[string]int{owner: 400, high: 400, member: 201, gina: 201} {
		if a := s.As(token, "POST", group+"/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, whom)); a.Status != want {
			t.Errorf("adding %s: got %d %s, want %d", whom, a.Status, a.Body, want)
		}
	}
	s.Must(204, "PATCH", "/v2/accounts/me/settings", `{"muster":{"may_schedule":false}}`)
	const allow = `{"muster":{"may_schedule":true}}`
	for _, path := range []string{group + "/settings", "/v2/users/me/settings", group + "/lock_settings"} {
		for _, body := range []string{allow, `{"muster":{"may_schedule":"true"}}`} {
			if a := s.As(token, "PATCH", path, body); a.Status != 400 || a.Code(t) != 200 {
				t.Errorf("%s %s: got %d %s, want a refusal", path, body, a.Status, a.Body)
			}
		}
	}
	s.Must(204, "PATCH", group+"/lock_settings", allow)
	if a := s.As(token, "PATCH", group+"/lock_settings", `{"muster":{"may_schedule":false}}`); a.Status != 400 {
		t.Errorf("unlocking: got %d %s, want a refusal", a.Status, a.Body)
	}
	s.Must(204, "PATCH", group+"/settings", `{"muster":{"may_schedule":false}}`)
	for _, path := range []string{group + "/settings", group + "/lock_settings", "/v2/users/me/settings"} { // what is there may be sent back
		for range 2 {
			if a := s.As(token, "PATCH", path, string(s.As(token, "GET", path, "").Body)); a.Status != 204 {
				t.Errorf("%s as it is: got %d %s", path, a.Status, a.Body)
			}
		}
	}
	s.Must(204, "PATCH", "/v2/accounts/me/settings", allow)
	s.Must(204, "PATCH", group+"/settings", allow)
	s.Must(204, "PATCH", group+"/lock_settings", `{"muster":{"may_schedule":false}}`)
	mine := s.As(token, "GET", "/v2/users/me/settings", "").JSON(t)
	if mine["muster"].(map[string]any)["may_schedule"] != true {
		t.Errorf("sending back has made a ban that was the account's one's own: %v", mine["muster"])
	}
}

// TestGroupAdminsLiftNoBan: an admin of groups without a role lets nobody
// schedule who could not, however he moves people between them.
func TestGroupAdminsLiftNoBan(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	gina, ada := newUser(s, "gina@muster.test"), newUser(s, "ada@muster.test")
	token := s.UserToken("primary", gina)
	hosts, guests, plain := newGroup(s, "Hosts"), newGroup(s, "Guests"), newGroup(s, "Plain")
	for group, may := range map[string]bool{hosts: true, guests: false} {
		s.Must(204, "PATCH", group+"/settings", fmt.Sprintf(`{"muster":{"may_schedule":%v}}`, may))
	}
	for _, group := range []string{hosts, guests, plain} {
		s.Must(201, "POST", group+"/admins", fmt.Sprintf(`{"admins":[{"id":%q}]}`, gina))
	}
	add := fmt.Sprintf(`{"members":[{"id":%q}]}`, ada)
	change := func(action, to string) string {
		return fmt.Sprintf(`{"action":%q,"target_group_id":%q}`, action, strings.TrimPrefix(to, "/v2/groups/"))
	}
	refused := func(method, path, body string) {
		t.Helper()
		before := s.Texts(`SELECT kind FROM events ORDER BY id`)
		if a := s.As(token, method, path, body); a.Status != 400 || a.Code(t) != 200 {
			t.Errorf("%s %s %s: got %d %s, want a refusal", method, path, body, a.Status, a.Body)
		}
		if after := s.Texts(`SELECT kind FROM events ORDER BY id`); len(after) != len(before) {
			t.Errorf("%s %s %s: something was done", method, path, body)
		}
	}
	done := func(status int, method, path, body string) {
		t.Helper()
		if a := s.As(token, method, path, body); a.Status != status {
			t.Errorf("%s %s %s: got %d %s, want %d", method, path, body, a.Status, a.Body, status)
		}
	}
	done(201, "POST", guests+"/members", add) // bans her: the account has said what this group's members may
	done(201, "POST", plain+"/members", add)
	done(201, "POST", hosts+"/members", add) // not her primary group
	for _, group := range []string{hosts, plain} {
		refused("PATCH", guests+"/members/"+ada, change("set_primary", group))
		refused("PATCH", group+"/members/"+ada, `{"action":"set_primary"}`)
		refused("PATCH", guests+"/members/"+ada, change("move", group))
	}
	refused("DELETE", guests+"/members/"+ada, "")
	done(204, "DELETE", hosts+"/members/"+ada, "")

	s.Must(204, "PATCH", hosts+"/lock_settings", `{"muster":{"may_schedule":true}}`) // binds members of whatever primary group
	refused("POST", hosts+"/members", add)
	s.Must(204, "PATCH", hosts+"/lock_settings", `{"muster":{"may_schedule":false}}`)

	s.Must(204, "PATCH", "/v2/accounts/me/settings", `{"muster":{"may_schedule":false}}`)
	s.Must(204, "DELETE", guests+"/members/"+ada, "")
	s.Must(204, "DELETE", plain+"/members/"+ada, "")
	refused("POST", hosts+"/members", add) // it would be her primary group
	done(201, "POST", plain+"/members", add)
	done(201, "POST", hosts+"/members", add)
	s.Must(204, "PATCH", hosts+"/members/"+ada, `{"action":"set_primary"}`) // the account's own administrators may
	done(204, "PATCH", plain+"/members/"+ada, `{"action":"set_primary"}`)
}

// TestDottedNamesAreNoPaths: what may be set is decided by where a setting is,
// so a name cannot stand for a place.
func TestDottedNamesAreNoPaths(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	hers := s.UserToken("primary", ada)
	for _, body := range []string{
		`{"muster.may_schedule":true}`, `{"feature.large_meeting":true}`, `{"schedule_meeting.host_video":true}`,
		`{"schedule_meeting":{"host_video":true},"schedule_meeting.host_video":false}`, "feature.zoom_events=true",
	} {
		for _, query := range []string{"", "?dry_run=true"} {
			kind := "application/json"
			if !strings.HasPrefix(body, "{") {
				kind = formKind
			}
			a := s.Send("PATCH", "/v2/users/me/settings"+query, body, "Authorization: Bearer "+hers, "Content-Type: "+kind)
			if a.Status != 400 {
				t.Errorf("%s%s: got %d %s, want a refusal", body, query, a.Status, a.Body)
			}
		}
	}
	group := "/v2/groups/" + s.Must(201, "POST", "/v2/groups", `{"name":"Staff"}`)["id"].(string)
	s.Must(400, "PATCH", group+"/lock_settings", `{"schedule_meeting.host_video":true}`)
}

// TestFeaturesAreJudgedTogether: in one call or in two, as texts or not.
func TestFeaturesAreJudgedTogether(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	path := "/v2/users/" + newUser(s, "ada@muster.test") + "/settings"
	if e := s.Must(400, "PATCH", path, `{"feature":{"zoom_events":"true","webinar":"true"}}`); member(e, "code") != "1204" {
		t.Errorf("as texts: got %v", e)
	}
	s.Must(204, "PATCH", path, `{"feature":{"webinar":true}}`)
	if e := s.Must(400, "PATCH", path, `{"feature":{"zoom_events":true}}`); member(e, "code") != "1204" {
		t.Errorf("one after the other: got %v", e)
	}
	s.Must(204, "PATCH", path, `{"feature":{"zoom_events":true,"webinar":false}}`)
	basic := s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"basic@muster.test","type":1}}`)["id"].(string)
	s.Must(204, "PATCH", "/v2/users/"+basic+"/settings", `{"feature":{"webinar":"false"}}`) // is off, and may be
}

// TestSecretsAreForThoseWhoMaySetThem: a passcode in the settings is not for
// everybody who may read these.
func TestSecretsAreForThoseWhoMaySetThem(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	path := "/v2/users/" + ada + "/settings"
	s.Must(204, "PATCH", path, `{"schedule_meeting":{"pmi_password":"s3cret"}}`)
	_, reader := withRole(s, "reader", `["User:Read"]`)
	_, editor := withRole(s, "editor", `["User:Edit"]`)
	for token, shown := range map[string]bool{reader: false, editor: true, s.UserToken("primary", ada): true, s.Token(): true} {
		for _, query := range []string{"", "?explain=true"} {
			a := s.As(token, "GET", path+query, "")
			if a.Status != 200 || strings.Contains(string(a.Body), "s3cret") != shown {
				t.Errorf("%s: got %d, shown %v, want %v", query, a.Status, !shown, shown)
			}
		}
	}
}

// TestSwitchingIntoTheHomeAccount needs the privilege there, and both accounts
// have it in their audits.
func TestSwitchingIntoTheHomeAccount(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	ada := s.Must(201, "POST", "/v2/accounts/branch/users", `{"action":"create","user_info":{"email":"ada@muster.test","type":2}}`)["id"].(string)
	sub := newUser(s, "sub@muster.test")
	role := s.Must(201, "POST", "/v2/roles", `{"name":"Branches","privileges":["SubAccount:Edit"],"sub_account_privileges":{"second_level":1}}`)["id"].(string)
	s.Must(201, "POST", "/v2/roles/"+role+"/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, sub))
	path, body := "/v2/accounts/branch/users/"+ada+"/account", `{"account_id":"primary"}`
	if a := s.As(s.UserToken("primary", sub), "PUT", path, body); a.Status != 400 {
		t.Errorf("got %d %s, want a refusal", a.Status, a.Body)
	}
	s.Must(204, "PUT", path, body)
	for _, prefix := range []string{"/v2", "/v2/accounts/branch"} {
		if events := s.Must(200, "GET", prefix+"/muster/audit?kind=user.switched&object="+ada, "")["events"].([]any); len(events) != 1 {
			t.Errorf("%s: got %d events, want 1", prefix, len(events))
		}
	}
}
