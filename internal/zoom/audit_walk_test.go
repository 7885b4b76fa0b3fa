package zoom_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/settings"
)

// audited are the groups of operations that administer an account.
var audited = []string{"Groups", "Accounts", "Users", "Roles", "IM Groups", "Tracking Field"}

// untold are the operations whose event has no before and after, with the reason.
var untold = map[string]string{
	"userUpdate":         "of what is personal only its name is told",
	"userEmailUpdate":    "an email is personal: that it changed is told",
	"userPassword":       "nothing is told of passwords but that there is another",
	"userPicture":        "a picture is personal: that it changed is told",
	"userPictureDelete":  "a picture is personal: that it changed is told",
	"userSSOTokenDelete": "nothing is told of tokens but that they are gone",
}

// changing has what makes an operation change something of a tenant for which
// the body in bodies changes nothing: it returns another.
var changing = map[string]func(v *tenant) string{
	"updateAGroupMember": func(v *tenant) string {
		target := v.do(201, "POST", "/v2/groups", `{"name":"Target"}`)["id"]
		return fmt.Sprintf(`{"action":"move","target_group_id":%q}`, target)
	},
	"groupAdminsCreate":    func(v *tenant) string { return fmt.Sprintf(`{"admins":[{"id":%q}]}`, v.helper) },
	"AddRoleMembers":       func(v *tenant) string { return fmt.Sprintf(`{"members":[{"id":%q}]}`, v.helper) },
	"imGroupMembersCreate": func(v *tenant) string { return fmt.Sprintf(`{"members":[{"id":%q}]}`, v.helper) },
}

// TestAuditWalk calls every operation that administers an account and looks
// its change up in the audit: one event, by who asked, about what was changed,
// with what was before and is after, and without a secret of the request.
func TestAuditWalk(t *testing.T) {
	t.Parallel()
	n := 0
	for _, o := range operations(t) {
		if o.Method == http.MethodGet || o.Ours || !slices.Contains(audited, o.Group) || fruitless[o.ID] != "" {
			continue
		}
		n++
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			prefix, from := "/v2", "victim"
			if o.ID == "switchUserAccount" { // goes from an account that one administers to another
				s.SubAccount("victim")
				prefix, from = "/v2/accounts/victim", "primary"
			} else {
				s.Account("victim")
			}
			v := newTenant(t, s, "victim")
			owner := v.names["userId"][2]
			if from == "primary" {
				owner = text(s.Must(200, "GET", "/v2/users/me", "")["id"])
			}
			body := bodyOf(t, o, v)
			if make := changing[o.ID]; make != nil {
				body = make(v)
			}
			token := s.UserToken(from, owner)
			s.Advance(time.Minute)
			account, audit := "victim", "/v2"
			if o.Whole {
				prefix = "/v2"
			}
			if o.ID == "accountOptionsUpdate" { // is about the sub account
				account, audit = v.sub, "/v2/accounts/"+v.sub
			}
			path := prefix + pathsOf(t, o.Path, v.names)[0]
			if a := s.As(token, o.Method, path, body); a.Status != o.Success {
				t.Fatalf("%s %s: got %d %s, want %d", o.Method, path, a.Status, a.Body, o.Success)
			}
			e := oneEvent(t, v, owner, account, audit)
			beforeAndAfter(t, o, e)
			noSecrets(t, s, body)
		})
	}
	if n < 35 {
		t.Errorf("walked %d operations, want 35 at least", n)
	}
}

// oneEvent returns the only event of an account in the last minute, which every
// way of asking for it below the prefix finds.
func oneEvent(t *testing.T, v *tenant, owner, account, prefix string) map[string]any {
	t.Helper()
	since := v.s.Now().Add(-time.Second)
	if n := v.s.Number(`SELECT COUNT(*) FROM events WHERE account_id = $1 AND at >= $2`, account, since.UnixMilli()); n != 1 {
		t.Fatalf("got %d events, want 1: %v", n, v.s.Texts(`SELECT kind FROM events WHERE account_id = $1 AND at >= $2`, account, since.UnixMilli()))
	}
	find := func(query string) map[string]any {
		t.Helper()
		list := v.do(200, "GET", prefix+"/muster/audit?from="+since.Format(time.RFC3339)+query, "")["events"].([]any)
		if len(list) != 1 {
			t.Fatalf("%s: got %d events, want 1", query, len(list))
		}
		return list[0].(map[string]any)
	}
	e := find("")
	actor, _ := e["actor"].(map[string]any)
	objects, _ := e["objects"].([]any)
	if actor["user_id"] != owner || text(actor["app_id"]) == "" || len(objects) == 0 {
		t.Errorf("got %v, want what %s did, by an app and to something", e, owner)
	}
	queries := []string{"&actor=" + owner, "&actor=" + text(actor["app_id"]), "&kind=" + text(e["kind"])}
	for _, o := range objects {
		queries = append(queries, "&object="+url.QueryEscape(text(o)), "&object="+url.QueryEscape(text(o))+"&actor="+owner)
	}
	for _, q := range queries {
		if got := find(q); got["id"] != e["id"] {
			t.Errorf("%s: got %v, want %v", q, got, e)
		}
	}
	return e
}

// beforeAndAfter wants what was of a thing that is changed or gone, and what is
// of one that is new or changed.
func beforeAndAfter(t *testing.T, o op.Operation, e map[string]any) {
	t.Helper()
	before, after := e["before"] != nil, e["after"] != nil
	if untold[o.ID] != "" {
		if before || after {
			t.Errorf("got %v: it can leave the table untold", e)
		}
		return
	}
	if wantBefore, wantAfter := o.Method != http.MethodPost, o.Method != http.MethodDelete; before != wantBefore && wantBefore || after != wantAfter && wantAfter {
		t.Errorf("%s: got before %v, after %v", e["kind"], e["before"], e["after"])
	}
}

var secretMembers = regexp.MustCompile(`"\w*(?:password|passcode|token|secret)"\s*:\s*"([^"]+)"`)

// noSecrets fails where the log has a secret of a request.
func noSecrets(t *testing.T, s *mustertest.Server, body string) {
	t.Helper()
	log := strings.Join(s.Events(), "\n")
	for _, m := range secretMembers.FindAllStringSubmatch(body, -1) {
		if strings.Contains(log, m[1]) {
			t.Errorf("the event log tells the secret %q:\n%s", m[1], log)
		}
	}
}

// TestAuditTellsNoSecrets gives everything that takes a secret one and reads
// the log and the audit.
func TestAuditTellsNoSecrets(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	made := s.Must(201, "POST", "/v2/users", `{"action":"autoCreate","user_info":{"email":"ada@muster.test","type":2,"password":"Hush-hush-0"}}`)
	user := "/v2/users/" + text(made["id"])
	s.Must(204, "PUT", user+"/password", `{"password":"Hush-hush-1"}`)
	s.Must(204, "PATCH", user+"/settings", `{"schedule_meeting":{"default_password_for_scheduled_meetings":"hush22","pmi_password":"hush33"}}`)
	s.Must(204, "PATCH", user+"/settings", `{"schedule_meeting":{"default_password_for_scheduled_meetings":"hush44","host_video":true}}`)
	archive := map[string]any{"chat": map[string]any{"send_data_to_third_party_archiving_service": map[string]any{"passcode": "hush55", "authorized_channel_token": "hush66"}}}
	by := muster.Actor{Home: "primary", Account: "primary", Admin: true}
	if err := s.App.SetOwnerSettings(t.Context(), by, app.OwnerRef{Level: settings.Account}, "", archive); err != nil {
		t.Fatal(err)
	}
	told, err := json.Marshal(s.Must(200, "GET", "/v2/muster/audit?page_size=300", ""))
	if err != nil {
		t.Fatal(err)
	}
	all := strings.ToLower(strings.Join(s.Events(), "\n") + string(told))
	for _, secret := range []string{"hush-hush", "hush22", "hush33", "hush44", "hush55", "hush66", s.Cred.ClientSecret} {
		if strings.Contains(all, strings.ToLower(secret)) {
			t.Errorf("%q is told: %s", secret, all)
		}
	}
	list := s.Must(200, "GET", "/v2/muster/audit?kind=settings&object="+text(made["id"]), "")["events"].([]any)
	got, err := json.Marshal([]any{list[0].(map[string]any)["before"], list[0].(map[string]any)["after"]})
	want := `[{"schedule_meeting.default_password_for_scheduled_meetings":"(secret)","schedule_meeting.host_video":null},` +
		`{"schedule_meeting.default_password_for_scheduled_meetings":"(secret)","schedule_meeting.host_video":true}]`
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.Must(200, "GET", user+"/settings", "")["schedule_meeting"].(map[string]any)["pmi_password"]; got != "hush33" {
		t.Errorf("the user's own settings: got %v, want the passcode", got)
	}
}
