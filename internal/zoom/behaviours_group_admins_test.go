package zoom_test

import (
	"fmt"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// A call is a request and the status of its success.
type call struct {
	status             int
	method, path, body string
}

// ofGroup are the calls about one group that its admins may make, in an order
// in which each succeeds. ${file} is the id of the file that was uploaded.
func ofGroup(group, member, newcomer string) []call {
	return []call{
		{200, "GET", group, ""},
		{200, "GET", group + "/members", ""},
		{200, "GET", group + "/admins", ""},
		{201, "POST", group + "/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, newcomer)},
		{204, "PATCH", group + "/members/" + newcomer, `{"action":"set_primary"}`},
		{204, "DELETE", group + "/members/" + newcomer, ""},
		{200, "GET", group + "/settings", ""},
		{200, "GET", group + "/settings?explain=true", ""},
		{204, "PATCH", group + "/settings", `{"schedule_meeting":{"host_video":true}}`},
		{200, "GET", group + "/lock_settings", ""},
		{204, "PATCH", group + "/lock_settings", `{"schedule_meeting":{"host_video":true}}`},
		{200, "GET", group + "/settings/registration", ""},
		{204, "PATCH", group + "/settings/registration", `{"approve_type":1}`},
		{201, "POST", group + "/settings/virtual_backgrounds", mustertest.Form("a.png", []byte(dots))},
		{204, "DELETE", group + "/settings/virtual_backgrounds?file_ids=${file}", ""},
		{204, "PATCH", group, `{"name":"Renamed"}`},
		{204, "DELETE", group + "/members/" + member, ""},
	}
}

// TestGroupAdminsReach: who is an admin of a group, and has no right in the
// account, manages that group and nothing of another, nor of the account.
func TestGroupAdminsReach(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	admin, member, newcomer, stranger := newUser(s, "admin@muster.test"), newUser(s, "member@muster.test"), newUser(s, "new@muster.test"), newUser(s, "stranger@muster.test")
	own, foreign := newGroup(s, "Own", member), newGroup(s, "Foreign", member, stranger)
	file := text(s.Must(201, "POST", foreign+"/settings/virtual_backgrounds", mustertest.Form("b.png", []byte(dots)))["id"])
	token := s.UserToken("primary", admin) // of all scopes: it is the role that has no right
	ask := func(token string, c call, file string) mustertest.Answer {
		return s.As(token, c.method, strings.Replace(c.path, "${file}", file, 1), c.body)
	}
	refused := func(who, token string, c call, file string, code int) {
		t.Helper()
		if a := ask(token, c, file); a.Status < 400 || a.Status >= 500 || a.Code(t) != code {
			t.Errorf("%s: %s %s: got %d %s, want code %d", who, c.method, c.path, a.Status, a.Body, code)
		}
	}
	for _, c := range ofGroup(own, member, newcomer) {
		refused("before they are appointed", token, c, "x", 200)
	}
	s.Must(201, "POST", own+"/admins", fmt.Sprintf(`{"admins":[{"id":%q}]}`, admin))

	tell := func() (all string) {
		for _, path := range []string{foreign, foreign + "/members", foreign + "/admins", foreign + "/settings", foreign + "/lock_settings", foreign + "/settings/registration", "/v2/groups", own + "/admins"} {
			all += string(s.Do("GET", path, "").Body) + "\n"
		}
		return all
	}
	before := tell()
	absent := "/v2/groups/0000000000000000000000"
	for i, c := range ofGroup(foreign, member, newcomer) {
		refused("another group", token, c, file, 200)
		nobodys := ofGroup(absent, member, newcomer)[i]
		if a, b := ask(token, c, file), ask(token, nobodys, file); a.Status != b.Status || string(a.Body) != string(b.Body) {
			t.Errorf("%s %s: got %s, but of a group that is not there %s", c.method, c.path, a.Body, b.Body)
		}
		refused("the sub account's", token, call{c.status, c.method, strings.Replace(c.path, "/v2/", "/v2/accounts/branch/", 1), c.body}, file, 200)
	}
	for _, c := range []call{
		{0, "GET", "/v2/groups", ""},
		{0, "POST", "/v2/groups", `{"name":"Third"}`},
		{0, "DELETE", own, ""},
		{0, "POST", own + "/admins", fmt.Sprintf(`{"admins":[{"id":%q}]}`, newcomer)},
		{0, "DELETE", own + "/admins/" + admin, ""},
		{0, "PATCH", own + "/members/" + member, fmt.Sprintf(`{"action":"move","target_group_id":%q}`, strings.TrimPrefix(foreign, "/v2/groups/"))},
		{0, "GET", "/v2/users", ""},
		{0, "GET", "/v2/roles", ""},
		{0, "GET", "/v2/tracking_fields", ""},
		{0, "GET", "/v2/im/groups", ""},
		{0, "GET", "/v2/muster/audit", ""},
	} {
		refused("the account's", token, c, "", 200)
	}
	for _, c := range []call{ // to manage a group is not to manage its members
		{0, "GET", "/v2/users/" + member, ""},
		{0, "PATCH", "/v2/users/" + member + "/settings", `{"schedule_meeting":{"host_video":true}}`},
		{0, "POST", "/v2/users/" + member + "/picture", mustertest.FormOf("pic_file", "a.png", []byte(dots))},
		{0, "GET", "/v2/users/" + member + "/meetings", ""},
	} {
		refused("a member's", token, c, "", 1001)
	}
	if after := tell(); after != before {
		t.Errorf("refused, and yet it changed:\n got %s\nwant %s", after, before)
	}

	reader := s.UserToken("primary", admin, "group:read:admin")
	uploaded := ""
	for _, c := range ofGroup(own, member, newcomer) {
		if c.method != "GET" {
			refused("without the scope", reader, c, "x", 4711)
		}
		a := ask(token, c, uploaded)
		if a.Status != c.status {
			t.Errorf("%s %s: got %d %s, want %d", c.method, c.path, a.Status, a.Body, c.status)
		}
		if strings.HasSuffix(c.path, "/virtual_backgrounds") {
			uploaded = text(a.JSON(t)["id"])
		}
	}
	s.Must(204, "DELETE", own+"/admins/"+admin, "")
	for _, c := range ofGroup(own, member, newcomer) {
		refused("who was an admin", token, c, "x", 200)
	}
}
