package webex_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
)

// seriesOf returns the id of a meeting that Zoom's dialect made.
func seriesOf(t *testing.T, s *mustertest.Server, zoomPath string) string {
	t.Helper()
	return strings.TrimPrefix(asSeries(t, s, zoomPath), "/v1/meetings/")
}

// invite invites people and returns their ids.
func invite(s *mustertest.Server, series string, emails ...string) (ids []string) {
	var items []string
	for _, e := range emails {
		items = append(items, fmt.Sprintf(`{"email":%q}`, e))
	}
	for part := range slices.Chunk(items, 100) {
		got := s.Must(200, "POST", "/v1/meetingInvitees/bulkInsert", fmt.Sprintf(`{"meetingId":%q,"items":[%s]}`, series, strings.Join(part, ",")))
		for _, v := range got["items"].([]any) {
			ids = append(ids, v.(map[string]any)["id"].(string))
		}
	}
	return ids
}

var linkShape = regexp.MustCompile(`<` + regexp.QuoteMeta(mustertest.Base) + `([^>]+)>; rel="(\w+)"`)

// walk follows the Link header from path to the last page and returns the
// items. Before each page but the first it calls between with the items so far.
func walk(t *testing.T, s *mustertest.Server, path string, between func(so []map[string]any)) (items []map[string]any) {
	t.Helper()
	asked, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	for page := 1; path != ""; page++ {
		a := s.Do("GET", path, "")
		if a.Status != 200 {
			t.Fatalf("%s: got %d %s", path, a.Status, a.Body)
		}
		for _, v := range a.JSON(t)["items"].([]any) {
			items = append(items, v.(map[string]any))
		}
		path = ""
		links := map[string]string{}
		for _, l := range linkShape.FindAllStringSubmatch(strings.Join(a.Header["Link"], ", "), -1) {
			links[l[2]] = l[1]
		}
		if (links["first"] != "") != (page > 1) {
			t.Errorf("page %d: links %v", page, links)
		}
		if path = links["next"]; path == "" {
			break
		}
		to, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range asked.Query() {
			if got := to.Query()[name]; !slices.Equal(got, value) {
				t.Errorf("the link to the next page has %s %v, want %v", name, got, value)
			}
		}
		between(items)
	}
	return items
}

func values(items []map[string]any, name string) (all []string) {
	for _, i := range items {
		all = append(all, fmt.Sprint(i[name]))
	}
	return all
}

// TestInviteesPageByPage: whoever is removed on the way, nobody else is left
// out or comes twice.
func TestInviteesPageByPage(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	series := seriesOf(t, s, s.Meeting(""))
	var emails []string
	for i := range 25 {
		emails = append(emails, fmt.Sprintf("p%02d@x.test", i))
	}
	mixed := append(slices.Clone(emails[10:]), emails[:10]...)
	invite(s, series, mixed...)
	path := "/v1/meetingInvitees?meetingId=" + series + "&hostEmail=owner@muster.test&max=4"
	got := walk(t, s, path, func(so []map[string]any) {
		for _, v := range so[len(so)-2:] { // also the one behind whom the next page begins
			s.Must(204, "DELETE", "/v1/meetingInvitees/"+v["id"].(string), "")
		}
	})
	if !slices.Equal(values(got, "email"), emails) {
		t.Errorf("got %v", values(got, "email"))
	}
	if n := len(s.Must(200, "GET", "/v1/meetingInvitees?meetingId="+series, "")["items"].([]any)); n != 10 {
		t.Errorf("a page without max has %d, want 10", n)
	}
	other := seriesOf(t, s, s.Meeting(""))
	first := s.Do("GET", path, "")
	foreign := strings.Replace(linkShape.FindStringSubmatch(first.Header.Get("Link"))[1], series, other, 1)
	if a := s.Do("GET", foreign, ""); a.Status != 400 {
		t.Errorf("the cursor of another meeting: got %d %s, want 400", a.Status, a.Body)
	}
}

// TestInviteesLiveAsLongAsTheMeeting: hidden while it is deleted, back with
// it, gone with it.
func TestInviteesLiveAsLongAsTheMeeting(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	kept, gone := s.Meeting(""), s.Meeting("")
	keptID, goneID := seriesOf(t, s, kept), seriesOf(t, s, gone)
	invite(s, keptID, "ann@x.test", "bob@x.test")
	id := invite(s, goneID, "ann@x.test", "bob@x.test")[0]
	s.Must(204, "DELETE", gone, "")
	if a := s.Do("GET", "/v1/meetingInvitees/"+id, ""); a.Status != 410 {
		t.Errorf("of a deleted meeting: got %d %s, want 410", a.Status, a.Body)
	}
	s.Must(204, "PUT", gone+"/status", `{"action":"recover"}`)
	if got := s.Must(200, "GET", "/v1/meetingInvitees/"+id, ""); got["email"] != "ann@x.test" {
		t.Errorf("of a recovered meeting: got %v", got)
	}
	s.Must(204, "DELETE", gone, "")
	s.Advance(muster.RecoverWithin + time.Hour)
	if err := s.App.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := s.Do("GET", "/v1/meetingInvitees/"+id, ""); a.Status != 404 {
		t.Errorf("of a purged meeting: got %d %s, want 404", a.Status, a.Body)
	}
	if n := s.Number(`SELECT COUNT(*) FROM invitees`); n != 2 {
		t.Errorf("got %d invitees left, want the other meeting's 2", n)
	}
}

// TestWhoIsUninvitedIsGone from everywhere: from the answers kept for
// Idempotency-Keys and from the events.
func TestWhoIsUninvitedIsGone(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	series := seriesOf(t, s, s.Meeting(""))
	token := s.Token()
	keyed := func(method, path, body, key string) map[string]any {
		a := s.Send(method, path, body, "Authorization: Bearer "+token, "Content-Type: application/json", "Idempotency-Key: "+key)
		if a.Status != 200 {
			t.Fatalf("got %d %s", a.Status, a.Body)
		}
		return a.JSON(t)
	}
	ann := keyed("POST", "/v1/meetingInvitees", fmt.Sprintf(`{"meetingId":%q,"email":"ann@x.test","displayName":"Ann Secret"}`, series), "one")["id"].(string)
	both := keyed("POST", "/v1/meetingInvitees/bulkInsert", fmt.Sprintf(`{"meetingId":%q,"items":[{"email":"bob@x.test"},{"email":"cem@x.test"}]}`, series), "two")
	bob := both["items"].([]any)[0].(map[string]any)["id"].(string)
	keyed("PUT", "/v1/meetingInvitees/"+ann, `{"email":"ann@y.test","displayName":"Ann Secret"}`, "three")
	for _, id := range []string{ann, bob} {
		s.Must(204, "DELETE", "/v1/meetingInvitees/"+id, "")
	}
	kept := strings.Join(s.Texts(`SELECT body FROM idempotency ORDER BY key`), "\n")
	for _, gone := range []string{"ann@", "Ann Secret", "bob@"} {
		if strings.Contains(kept, gone) {
			t.Errorf("kept answers still have %s: %s", gone, kept)
		}
	}
	for _, there := range []string{"cem@x.test", ann, bob} {
		if !strings.Contains(kept, there) {
			t.Errorf("kept answers have %s no more: %s", there, kept)
		}
	}
	events := s.Events()
	var kinds []string
	for _, e := range events {
		kind, _, _ := strings.Cut(e, " ")
		kinds = append(kinds, kind)
		if strings.Contains(e, "@") || strings.Contains(e, "Secret") {
			t.Errorf("an event tells of a person: %s", e)
		}
	}
	want := []string{"invitees.added", "invitees.added", "invitee.edited", "invitee.deleted", "invitee.deleted"}
	if got := kinds[len(kinds)-5:]; !slices.Equal(got, want) {
		t.Errorf("got events %v, want %v", got, want)
	}
	if _, number, _ := strings.Cut(ann, "_"); !strings.Contains(events[len(events)-2], number) {
		t.Errorf("got %s, want the number %s in it", events[len(events)-2], number)
	}
}

// TestInvitedWithTheMeeting has invitees that come with a new meeting, all or
// none of it.
func TestInvitedWithTheMeeting(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	me := s.Must(200, "GET", "/v2/users/me", "")["id"].(string)
	by := muster.Actor{App: s.Cred.ClientID, Home: "primary", Account: "primary", User: me, Admin: true}
	topic, start := "With guests", "2026-03-10T10:00:00"
	m, err := s.App.CreateMeeting(t.Context(), by, app.Me, app.MeetingChange{
		Topic: &topic, Start: &start, Invitees: []muster.Invitee{{Email: "bob@x.test"}, {Email: "ann@x.test", DisplayName: "Ann", CoHost: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := s.Must(200, "GET", "/v1/meetingInvitees?meetingId="+seriesOf(t, s, fmt.Sprint("/v2/meetings/", m.ID)), "")["items"].([]any)
	for _, v := range got {
		delete(v.(map[string]any), "id")
		delete(v.(map[string]any), "meetingId")
	}
	text, err := json.Marshal(got)
	want := `[{"coHost":true,"displayName":"Ann","email":"ann@x.test","panelist":false},{"coHost":false,"displayName":"bob@x.test","email":"bob@x.test","panelist":false}]`
	if err != nil || string(text) != want {
		t.Errorf("got %s %v, want %s", text, err, want)
	}
	_, err = s.App.CreateMeeting(t.Context(), by, app.Me, app.MeetingChange{Topic: &topic, Start: &start, Invitees: []muster.Invitee{{Email: "a@x.test"}, {Email: "A@x.test"}}})
	if muster.CodeOf(err) != muster.Invalid || !strings.Contains(fmt.Sprint(err), "invitees[1].email") {
		t.Errorf("somebody twice: got %v, want it refused with the position", err)
	}
	if n := s.Number(`SELECT COUNT(*) FROM meetings`); n != 1 {
		t.Errorf("got %d meetings, want none of the refused call", n)
	}
}

// TestInvitedOnceByMany: of calls that invite somebody at the same time one
// succeeds, and the ceiling holds.
func TestInvitedOnceByMany(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	series := seriesOf(t, s, s.Meeting(""))
	var emails []string
	for i := range muster.MaxInvitees - 2 {
		emails = append(emails, fmt.Sprintf("p%d@x.test", i))
	}
	invite(s, series, emails...)
	token := s.Token()
	at := func(email func(i int) string) (made int) {
		statuses := make([]int, 8)
		var all sync.WaitGroup
		for i := range statuses {
			all.Go(func() {
				statuses[i] = s.As(token, "POST", "/v1/meetingInvitees", fmt.Sprintf(`{"meetingId":%q,"email":%q}`, series, email(i))).Status
			})
		}
		all.Wait()
		for _, status := range statuses {
			switch status {
			case 200:
				made++
			case 409:
			default:
				t.Errorf("got %d, want 200 or 409", status)
			}
		}
		return made
	}
	if n := at(func(int) string { return "ann@x.test" }); n != 1 {
		t.Errorf("one person was invited %d times", n)
	}
	if n := at(func(i int) string { return fmt.Sprintf("late%d@x.test", i) }); n != 1 {
		t.Errorf("%d people got the last place", n)
	}
	if n := s.Number(`SELECT COUNT(*) FROM invitees`); n != muster.MaxInvitees {
		t.Errorf("got %d invitees, want %d", n, muster.MaxInvitees)
	}
}
