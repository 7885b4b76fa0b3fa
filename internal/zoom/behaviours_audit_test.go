package zoom_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
	"muster/internal/store"
)

// auditOf returns the kinds of what a query of the audit lists, over all pages.
func auditOf(s *mustertest.Server, query string) (kinds []string) {
	path := "/v2/muster/audit?" + query
	for next := ""; ; {
		page := s.Must(200, "GET", path+next, "")
		for _, e := range page["events"].([]any) {
			kinds = append(kinds, text(e.(map[string]any)["kind"]))
		}
		if text(page["next_page_token"]) == "" {
			return kinds
		}
		next = "&next_page_token=" + text(page["next_page_token"])
	}
}

// TestAuditTellsBeforeAndAfter looks up what was done, by whom and to what.
func TestAuditTellsBeforeAndAfter(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	user := userNamed(s, "ada")
	role := newRole(s, user, `["Role:Edit","User:Read"]`, "")
	token := s.UserToken("primary", user)
	s.Advance(time.Second)
	if a := s.As(token, "PATCH", "/v2/roles/"+role, `{"name":"Desk","privileges":["Role:Edit"]}`); a.Status != 204 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	list := s.Must(200, "GET", "/v2/muster/audit?actor="+user, "")["events"].([]any)
	if len(list) != 1 {
		t.Fatalf("got %v, want what the user did", list)
	}
	e := list[0].(map[string]any)
	got, err := json.Marshal([]any{e["kind"], e["objects"], e["time"], e["actor"].(map[string]any)["user_id"], e["before"], e["after"]})
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`["role.updated",[%q],"2026-03-02T09:30:01.000Z",%q,`+
		`{"name":"Role of %s","privileges":["User:Read","Role:Edit"]},{"name":"Desk","privileges":["Role:Edit"]}]`, role, user, user)
	if string(got) != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	for query, want := range map[string]string{
		"object=" + role:                                      "role.updated role.assigned role.created",
		"object=" + user:                                      "role.assigned user.created",
		"object=" + user + "&kind=role":                       "role.assigned",
		"kind=role.created":                                   "role.created",
		"kind=rol":                                            "",
		"actor=ada@muster.test":                               "role.updated",
		"actor=nobody@muster.test":                            "",
		"kind=role&to=2026-03-02T09:30:01Z":                   "role.assigned role.created",
		"kind=role&from=2026-03-02T09:30:01Z":                 "role.updated",
		"kind=role&from=2026-03-02&to=2026-03-02":             "role.updated role.assigned role.created",
		"kind=role&from=2026-03-03":                           "",
		"kind=role&to=2026-03-01":                             "",
		"kind=role&page_size=1&object=" + role:                "role.updated role.assigned role.created",
		"object=group:" + role + "&kind=role.updated":         "role.updated", // with what events say of some
		"object=" + strings.ToLower(role) + "&kind=role":      "",
		"actor=" + s.Cred.ClientID + "&kind=role&page_size=1": "role.assigned role.created",
	} {
		if got := strings.Join(auditOf(s, query), " "); got != want {
			t.Errorf("%s: got %q, want %q", query, got, want)
		}
	}
}

// TestAuditPages reads many changes of one moment, each once.
func TestAuditPages(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for i := range 12 {
		s.Must(201, "POST", "/v2/tracking_fields", fmt.Sprintf(`{"field":"F %d"}`, i))
	}
	for _, size := range []int{1, 5, 12, 300} {
		if got := auditOf(s, fmt.Sprintf("kind=tracking_field&page_size=%d", size)); len(got) != 12 {
			t.Errorf("pages of %d: got %d changes, want 12", size, len(got))
		}
	}
	page := s.Must(200, "GET", "/v2/muster/audit?page_size=1", "")
	s.Refused(400, 300, "GET", "/v2/muster/audit?page_size=1&kind=role&next_page_token="+text(page["next_page_token"]), "")
}

// TestAuditIsOfOneAccount does something in several accounts.
func TestAuditIsOfOneAccount(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	s.Account("stranger")
	s.Must(201, "POST", "/v2/roles", `{"name":"Own"}`)
	s.Must(201, "POST", "/v2/accounts/branch/roles", `{"name":"Theirs"}`)
	if a := s.As(s.TokenFor("stranger"), "POST", "/v2/roles", `{"name":"Foreign"}`); a.Status != 201 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	for path, want := range map[string]string{"/v2/": "Own", "/v2/accounts/branch/": "Theirs"} {
		list := s.Must(200, "GET", path+"muster/audit?kind=role", "")["events"].([]any)
		if len(list) != 1 || text(list[0].(map[string]any)["after"].(map[string]any)["name"]) != want {
			t.Errorf("%s: got %v, want the role %s alone", path, list, want)
		}
	}
	s.Refused(404, 2001, "GET", "/v2/accounts/stranger/muster/audit", "")
	if a := s.As(s.TokenFor("branch"), "GET", "/v2/accounts/primary/muster/audit", ""); a.Status != 404 {
		t.Errorf("from below: got %d %s", a.Status, a.Body)
	}
}

// TestAuditHasNoMeetings lists no change of meetings and their people.
func TestAuditHasNoMeetings(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting("")
	s.Must(201, "POST", m+"/registrants", `{"email":"a@b.test","first_name":"A"}`)
	for _, kind := range auditOf(s, "") {
		if strings.HasPrefix(kind, "meeting") || strings.HasPrefix(kind, "registrant") {
			t.Errorf("the audit has %s", kind)
		}
	}
}

// TestAuditRetention keeps the audit for as long as the account wants it, and
// what belongs to meetings or is still followed for longer.
func TestAuditRetention(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.Account("stranger")
	m := s.Meeting("")
	s.Must(201, "POST", "/v2/roles", `{"name":"Old"}`)
	s.App.Followed = true
	s.Must(201, "POST", "/v2/roles", `{"name":"Followed"}`)
	s.App.Followed = false
	others := s.Number(`SELECT COUNT(*) FROM events WHERE account_id = 'stranger'`)
	by := muster.Actor{Home: "primary", Account: "primary", Admin: true}
	keep := func(days any) {
		t.Helper()
		err := s.App.SetOwnerSettings(t.Context(), by, app.OwnerRef{Level: settings.Account}, "", map[string]any{"muster": map[string]any{"audit_retention_days": days}})
		if err != nil {
			t.Fatal(err)
		}
	}
	purge := func() {
		t.Helper()
		if err := s.App.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.Advance(40 * 24 * time.Hour)
	purge()
	if got := auditOf(s, "kind=role"); len(got) != 2 {
		t.Fatalf("without a limit: got %v, want all", got)
	}
	keep(30.0)
	s.Must(201, "POST", "/v2/roles", `{"name":"New"}`)
	purge()
	if got := s.Texts(`SELECT data FROM events WHERE kind = 'role.created' ORDER BY at, data`); len(got) != 2 || !strings.Contains(got[0], "Followed") || !strings.Contains(got[1], "New") {
		t.Errorf("after 30 days: got %v, want the one that is followed and the new one", got)
	}
	if n := s.Number(`SELECT COUNT(*) FROM events WHERE kind = 'meeting.created'`); n != 1 {
		t.Errorf("got %d events of the meeting %s, want 1", n, m)
	}
	if n := s.Number(`SELECT COUNT(*) FROM events WHERE account_id = 'stranger'`); n != others {
		t.Errorf("got %d events of another account, want %d", n, others)
	}
	if n := s.Number(`SELECT COUNT(*) FROM audit WHERE event_id NOT IN (SELECT id FROM events)`); n != 0 {
		t.Errorf("%d rows of the audit have no event", n)
	}
	jobs := s.Texts(`SELECT id FROM jobs WHERE kind = 'event'`)
	err := s.App.DB.Write(t.Context(), func(tx *store.Tx) error {
		claimed, err := tx.ClaimJobs(t.Context(), app.JobEvent, time.Minute, 10)
		if err != nil {
			return err
		}
		return tx.FinishJobs(t.Context(), claimed)
	})
	if err != nil || len(jobs) != 1 {
		t.Fatalf("got %v with the jobs %v, want one", err, jobs)
	}
	purge()
	if got := auditOf(s, "kind=role"); len(got) != 1 {
		t.Errorf("when it was followed: got %v, want the new one alone", got)
	}
	if err := s.App.SetOwnerSettings(t.Context(), by, app.OwnerRef{Level: settings.Account}, "", map[string]any{"muster": map[string]any{"audit_retention_days": -1.0}}); muster.CodeOf(err) != muster.Invalid {
		t.Errorf("a negative number of days: got %v, want a refusal", err)
	}
}
