package zoom_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// newUser makes a Licensed user of the primary account and returns their id.
func newUser(s *mustertest.Server, email string) string {
	return s.Must(201, "POST", "/v2/users", fmt.Sprintf(`{"action":"create","user_info":{"email":%q,"type":2}}`, email))["id"].(string)
}

// meetingOf schedules a meeting with registration for a host and returns its path.
func meetingOf(s *mustertest.Server, host, topic string) string {
	m := s.Must(201, "POST", "/v2/users/"+host+"/meetings", fmt.Sprintf(`{"topic":%q,"type":2,"start_time":"2026-03-09T10:00:00Z","settings":{"approval_type":0}}`, topic))
	return "/v2/meetings/" + m["id"].(json.Number).String()
}

func TestDeactivatedUsersTokensAreDeadAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada, eve := newUser(s, "ada@muster.test"), newUser(s, "eve@muster.test")
	hers, others := s.UserToken("primary", ada), s.UserToken("primary", eve)
	alive := func(token string, want int) {
		t.Helper()
		if a := s.As(token, "GET", "/v2/users/me", ""); a.Status != want {
			t.Errorf("got %d %s, want %d", a.Status, a.Body, want)
		}
	}
	alive(hers, 200)
	alive(others, 200)
	s.Must(204, "PUT", "/v2/users/"+ada+"/status", `{"action":"deactivate"}`)
	alive(hers, 401)
	alive(others, 200)
	alive(s.UserToken("primary", ada), 401) // made in between by somebody who had not heard
	s.Must(204, "PUT", "/v2/users/"+ada+"/status", `{"action":"activate"}`)
	alive(hers, 401) // it was revoked, and does not come back
	alive(s.UserToken("primary", ada), 200)
}

func TestRevokedUserTokens(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	first, second := s.UserToken("primary", ada), s.UserToken("primary", ada, "user:write", "user:read")
	if a := s.As(second, "DELETE", "/v2/users/me/token", ""); a.Status != 204 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	for _, token := range []string{first, second} {
		if a := s.As(token, "GET", "/v2/users/me", ""); a.Status != http.StatusUnauthorized {
			t.Errorf("got %d %s, want 401", a.Status, a.Body)
		}
	}
	s.Must(200, "GET", "/v2/users/me", "")
}

// TestNodesHearOfDeactivation: another node may know a token for a second more.
func TestNodesHearOfDeactivation(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	n := mustertest.Node(t, s)
	ada := newUser(s, "ada@muster.test")
	token := s.UserToken("primary", ada)
	if a := n.As(token, "GET", "/v2/users/me", ""); a.Status != 200 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	s.Must(204, "PUT", "/v2/users/"+ada+"/status", `{"action":"deactivate"}`)
	s.Advance(time.Second)
	for name, at := range map[string]*mustertest.Server{"own": s, "other": n} {
		if a := at.As(token, "GET", "/v2/users/me", ""); a.Status != http.StatusUnauthorized {
			t.Errorf("%s node: got %d %s, want 401", name, a.Status, a.Body)
		}
	}
}

func TestDeletedUsersMeetingsGoToTheHeir(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada, eve := newUser(s, "ada@muster.test"), newUser(s, "eve@muster.test")
	var rooms []*room
	links := map[string]string{}
	for i := range 3 {
		r := &room{s, t, meetingOf(s, ada, fmt.Sprint("Hers ", i))}
		for _, email := range numbered("guest", 2) {
			links[r.path+email] = r.add(email, "")["join_url"].(string)
		}
		rooms = append(rooms, r)
	}
	s.Must(204, "DELETE", rooms[2].path, "") // the heir can recover it
	s.Must(204, "DELETE", "/v2/users/"+ada+"?action=delete&transfer_meeting=true&transfer_email=EVE@muster.test", "")
	s.Refused(404, 1001, "GET", "/v2/users/"+ada, "")
	if n := s.Must(200, "GET", "/v2/users/"+eve+"/meetings", "")["total_records"]; n != json.Number("2") {
		t.Errorf("the heir has %v meetings, want 2", n)
	}
	s.Must(204, "PUT", rooms[2].path+"/status", `{"action":"recover"}`)
	for _, r := range rooms {
		m := s.Must(200, "GET", r.path, "")
		if m["host_id"] != eve || m["host_email"] != "eve@muster.test" {
			t.Errorf("%s is hosted by %v", r.path, m["host_email"])
		}
		if got := r.people(""); len(got) != 2 {
			t.Errorf("%s has %v, want both people", r.path, got)
		}
		for _, email := range numbered("guest", 2) {
			r.opens(links[r.path+email], 200, registered)
			if again := r.add(email, "")["join_url"]; again != links[r.path+email] {
				t.Errorf("%s has another link than before: %v", email, again)
			}
		}
	}
	if n := s.Number(`SELECT COUNT(*) FROM events WHERE kind = 'user.deleted' AND data LIKE '%"meetings_moved":3%'`); n != 1 {
		t.Errorf("%d events tell of the deletion and the 3 meetings, want 1: %s", n, strings.Join(s.Events(), "\n"))
	}
}

func TestDeletedUsersMeetingsGoWithThem(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	r := &room{s, t, meetingOf(s, ada, "Hers")}
	link := r.add("guest@example.com", "")["join_url"].(string)
	s.Must(204, "PATCH", "/v2/users/"+ada+"/settings", `{"schedule_meeting":{"host_video":true}}`)
	s.Must(204, "DELETE", "/v2/users/"+ada+"?action=delete", "")
	s.Refused(404, 1001, "GET", r.path, "")
	s.Refused(404, 1001, "POST", r.path+"/registrants", `{"email":"late@example.com"}`)
	r.opens(link, 404, wrongLink)
	for table, where := range map[string]string{"owner_settings": "owner_id", "tokens": "user_id", "user_secrets": "user_id", "users": "id"} {
		if n := s.Number(`SELECT COUNT(*) FROM `+table+` WHERE `+where+` = $1`, ada); n != 0 {
			t.Errorf("%s has %d rows of the user", table, n)
		}
	}
	s.Advance(31 * 24 * time.Hour)
	if err := s.App.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.Number(`SELECT (SELECT COUNT(*) FROM meetings) + (SELECT COUNT(*) FROM registrants)`); n != 0 {
		t.Errorf("%d rows are left after the purge", n)
	}
}

func TestDisassociatedUserKeepsWhatTheyHave(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	r := &room{s, t, meetingOf(s, ada, "Hers")}
	link := r.add("guest@example.com", "")["join_url"].(string)
	s.Must(204, "PATCH", "/v2/users/"+ada+"/settings", `{"schedule_meeting":{"host_video":true}}`)
	s.Must(204, "DELETE", "/v2/users/"+ada, "")
	s.Refused(404, 1001, "GET", "/v2/users/"+ada, "")
	s.Refused(404, 3001, "GET", r.path, "")
	own := s.Texts(`SELECT account_id FROM users WHERE id = $1`, ada)[0]
	token := s.TokenFor(own)
	me := s.As(token, "GET", "/v2/users/me", "").JSON(t)
	if me["id"] != ada || me["role_name"] != "Owner" || me["account_id"] == "primary" {
		t.Errorf("got %v, want the user as owner of another account", me)
	}
	if a := s.As(token, "GET", r.path+"/registrants", ""); a.Status != 200 || !strings.Contains(string(a.Body), "guest@example.com") {
		t.Errorf("got %d %s, want the people of the meeting", a.Status, a.Body)
	}
	if a := s.As(token, "GET", "/v2/users/me/settings?custom_query_fields=host_video", ""); !strings.Contains(string(a.Body), `"host_video":true`) {
		t.Errorf("the settings are lost: %d %s", a.Status, a.Body)
	}
	r.opens(link, 200, registered)
}

func TestSchedulerRule(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada, eve := newUser(s, "ada@muster.test"), newUser(s, "eve@muster.test")
	token := s.UserToken("primary", eve, "meeting:write", "meeting:read")
	body := `{"topic":"For Ada","type":2,"start_time":"2026-03-09T10:00:00Z","schedule_for":"ada@muster.test"}`
	ask := func(status int) mustertest.Answer {
		t.Helper()
		a := s.As(token, "POST", "/v2/users/me/meetings", body)
		if a.Status != status {
			t.Fatalf("got %d %s, want %d", a.Status, a.Body, status)
		}
		return a
	}
	ask(400)
	s.Must(201, "POST", "/v2/users/"+ada+"/assistants", `{"assistants":[{"email":"eve@muster.test"}]}`)
	m := ask(201).JSON(t)
	if m["host_id"] != ada || m["assistant_id"] != eve {
		t.Errorf("got host %v and assistant %v", m["host_id"], m["assistant_id"])
	}
	s.Must(204, "PUT", "/v2/users/"+ada+"/status", `{"action":"deactivate"}`)
	ask(400)
	s.Must(204, "PUT", "/v2/users/"+ada+"/status", `{"action":"activate"}`)
	ask(201)
	s.Must(204, "DELETE", "/v2/users/"+ada+"/assistants", "")
	ask(400)
}

func TestPasswordsAreHashedAndNeverTold(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	const password = "Correct7Horse"
	s.Must(204, "PUT", "/v2/users/"+ada+"/password", `{"password":"`+password+`"}`)
	kept := s.Texts(`SELECT password FROM user_secrets WHERE user_id = $1`, ada)
	if len(kept) != 1 || !strings.HasPrefix(kept[0], "argon2id-") || strings.Contains(kept[0], password) {
		t.Errorf("got %q, want one hash", kept)
	}
	told := strings.Join(s.Events(), "\n") + s.Log.String() + string(s.Do("GET", "/v2/users/"+ada, "").Body)
	for _, secret := range []string{password, kept[0]} {
		if strings.Contains(told, secret) {
			t.Errorf("%q is told", secret)
		}
	}
}

func TestEventsOfUsers(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := newUser(s, "ada@muster.test")
	before := len(s.Events())
	s.Must(204, "PATCH", "/v2/users/"+ada, `{"type":1,"first_name":"Ada","dept":"Engines"}`)
	s.Must(204, "PATCH", "/v2/users/"+ada, `{"type":1,"first_name":"Ada"}`) // nothing new
	s.Must(204, "PUT", "/v2/users/"+ada+"/status", `{"action":"deactivate"}`)
	s.Must(204, "PUT", "/v2/users/"+ada+"/email", `{"email":"countess@muster.test"}`)
	want := []string{
		`user.updated ["` + ada + `"] {"after":{"type":1},"before":{"type":2},"changed":["first_name","display_name","profile"]}`,
		`user.deactivated ["` + ada + `"] {"after":{"status":"inactive"},"before":{"status":"active"}}`,
		`user.email_changed ["` + ada + `"] {"changed":["email"]}`,
	}
	if got := s.Events()[before:]; strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestLastUserOfTwo: two users who are each other's heirs, deleted at once:
// one stays, with everything.
func TestLastUserOfTwo(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ids := []string{newUser(s, "ada@muster.test"), newUser(s, "eve@muster.test")}
	emails := []string{"ada@muster.test", "eve@muster.test"}
	for _, id := range ids {
		meetingOf(s, id, "Theirs")
	}
	s.Must(200, "GET", "/v2/users/me", "") // a token before the two
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() {
			s.Do("DELETE", "/v2/users/"+id+"?action=delete&transfer_meeting=true&transfer_email="+emails[1-i], "")
		})
	}
	for i := range 4 { // and somebody who goes on scheduling for them
		wg.Go(func() {
			s.Do("POST", "/v2/users/"+ids[i%2]+"/meetings", `{"topic":"New","type":2,"start_time":"2026-03-09T10:00:00Z"}`)
		})
	}
	wg.Wait()
	if n := s.Number(`SELECT COUNT(*) FROM users WHERE id IN ($1, $2)`, ids[0], ids[1]); n != 1 {
		t.Errorf("%d of the two are left, want 1", n)
	}
	if n := s.Number(`SELECT COUNT(*) FROM meetings WHERE state = 'deleted' OR host_id NOT IN (SELECT id FROM users)`); n != 0 {
		t.Errorf("%d meetings are deleted or have no host", n)
	}
}
