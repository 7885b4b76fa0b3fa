package zoom_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/store"
)

// newest returns kind, before and after of the newest change that a query of
// the audit lists.
func newest(t *testing.T, s *mustertest.Server, query string) string {
	t.Helper()
	list := s.Must(200, "GET", "/v2/muster/audit?page_size=1&"+query, "")["events"].([]any)
	if len(list) == 0 {
		return ""
	}
	e := list[0].(map[string]any)
	text, err := json.Marshal([]any{e["kind"], e["before"], e["after"]})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestAuditTellsWhoLost deletes what people were in: the audit of each of them
// tells it.
func TestAuditTellsWhoLost(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada, eve := userNamed(s, "ada"), userNamed(s, "eve")
	role := newRole(s, ada, `["User:Read"]`, "")
	former := newRole(s, eve, `["Role:Read"]`, "")
	s.Must(201, "POST", "/v2/roles/"+role+"/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, eve))
	if got, want := newest(t, s, "object="+former), fmt.Sprintf(`["role.assigned",{"roles":{%q:%q}},{"name":"Role of %s","role":%q}]`, eve, former, ada, role); got != want {
		t.Errorf("a role that was taken for another: got %s, want %s", got, want)
	}
	s.Must(204, "DELETE", "/v2/roles/"+role+"/members/"+eve, "")
	group := newGroup(s, "Staff", ada)
	s.Must(201, "POST", group+"/admins", fmt.Sprintf(`{"admins":[{"id":%q}]}`, eve))
	directory := text(s.Must(201, "POST", "/v2/im/groups", `{"name":"Directory"}`)["id"])
	s.Must(201, "POST", "/v2/im/groups/"+directory+"/members", fmt.Sprintf(`{"members":[{"id":%q}]}`, ada))
	for _, c := range []struct{ path, user, want string }{
		{"/v2/roles/" + role, ada, fmt.Sprintf(`["role.deleted",{"description":"","members":[%q],"name":"Role of %s","privileges":["User:Read"],"second_level":0},{"role":"2"}]`, ada, ada)},
		{group, ada, fmt.Sprintf(`["group.deleted",{"admins":[%q],"members":[%q],"name":"Staff"},null]`, eve, ada)},
		{group, eve, fmt.Sprintf(`["group.deleted",{"admins":[%q],"members":[%q],"name":"Staff"},null]`, eve, ada)},
		{"/v2/im/groups/" + directory, ada, fmt.Sprintf(`["im_group.deleted",{"members":[%q],"name":"Directory","search_by_account":false,"search_by_domain":false,"search_by_ma_account":false,"type":"normal"},null]`, ada)},
	} {
		if a := s.Do("GET", c.path, ""); a.Status == 200 {
			s.Advance(time.Second)
			s.Must(204, "DELETE", c.path, "")
		}
		if got := newest(t, s, "object="+c.user); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestAuditOfManyPeople deletes a role and a group of more people than one event
// names: there are several, and everybody is in one.
func TestAuditOfManyPeople(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	role := muster.Role(newRole(s, userNamed(s, "ada"), `["User:Read"]`, ""))
	group := strings.TrimPrefix(newGroup(s, "Staff"), "/v2/groups/")
	const people = 2100
	err := s.App.DB.Write(t.Context(), func(tx *store.Tx) error {
		ids := make([]string, people)
		for i := range ids {
			u := &muster.User{
				ID: s.App.IDs.Ordered(tx.Now), Account: "primary", Email: fmt.Sprintf("u%d@muster.test", i), Type: muster.Basic,
				Status: muster.UserActive, Role: role, PMI: s.App.IDs.PMI(), Timezone: "UTC", CreatedAt: tx.Now, UpdatedAt: tx.Now,
			}
			if err := tx.AddUser(t.Context(), u); err != nil {
				return err
			}
			ids[i] = u.ID
		}
		_, err := tx.Join(t.Context(), "primary", group, ids)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Must(204, "DELETE", "/v2/roles/"+string(role), "")
	s.Must(204, "DELETE", "/v2/groups/"+group, "")
	for kind, want := range map[string]int64{"role.deleted": people + 1, "group.deleted": people} {
		told := s.Number(`SELECT COUNT(DISTINCT object) FROM audit WHERE object IN (SELECT id FROM users) AND event_id IN (SELECT id FROM events WHERE kind = $1)`, kind)
		if n := s.Number(`SELECT COUNT(*) FROM events WHERE kind = $1`, kind); n != 3 || told != want {
			t.Errorf("%s: got %d events about %d people, want 3 about %d", kind, n, told, want)
		}
	}
}

// TestAuditTellsOnlyWhatChanged changes one of several fields, and then nothing.
func TestAuditTellsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	id := func(path, body string) string { return path + "/" + text(s.Must(201, "POST", path, body)["id"]) }
	for _, c := range []struct{ path, body, want string }{
		{id("/v2/roles", `{"name":"One"}`), `{"name":"One","description":"new"}`, `["role.updated",{"description":""},{"description":"new"}]`},
		{id("/v2/im/groups", `{"name":"One"}`), `{"name":"Two","type":"normal"}`, `["im_group.updated",{"name":"One"},{"name":"Two"}]`},
		{
			id("/v2/tracking_fields", `{"field":"One","visible":true}`), `{"field":"One","required":true,"visible":true}`,
			`["tracking_field.updated",{"required":false},{"required":true}]`,
		},
		{"/v2/users/me/settings", `{"schedule_meeting":{"host_video":true}}`, `["settings.changed",{"schedule_meeting.host_video":null},{"schedule_meeting.host_video":true}]`},
		{
			"/v2/users/me/settings", `{"schedule_meeting":{"host_video":true,"participants_video":true}}`,
			`["settings.changed",{"schedule_meeting.participant_video":null},{"schedule_meeting.participant_video":true}]`,
		},
		{"/v2/accounts/me/lock_settings", `{"schedule_meeting":{"host_video":true}}`, `["settings.changed",{"schedule_meeting.host_video":false},{"schedule_meeting.host_video":true}]`},
		{
			"/v2/accounts/me/lock_settings", `{"schedule_meeting":{"host_video":true,"participant_video":true}}`,
			`["settings.changed",{"schedule_meeting.participant_video":false},{"schedule_meeting.participant_video":true}]`,
		},
		{"/v2/accounts/branch/options", `{"share_rc":true}`, `["account.updated",{"share_rc":false},{"share_rc":true}]`},
	} {
		s.Advance(time.Second)
		s.Must(204, "PATCH", c.path, c.body)
		in := ""
		if strings.Contains(c.path, "branch") {
			in = "accounts/branch/"
		}
		list := func() []any { return s.Must(200, "GET", "/v2/"+in+"muster/audit?page_size=1", "")["events"].([]any) }
		e := list()[0].(map[string]any)
		got, err := json.Marshal([]any{e["kind"], e["before"], e["after"]})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s\nwant %s", c.path, got, c.want)
		}
		s.Advance(time.Second)
		s.Must(204, "PATCH", c.path, c.body)
		if again := list()[0].(map[string]any); again["id"] != e["id"] {
			t.Errorf("%s: what changes nothing is told: %v", c.path, again)
		}
	}
}
