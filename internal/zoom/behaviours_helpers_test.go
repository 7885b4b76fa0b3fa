package zoom_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// A room is one meeting on a server of its own.
type room struct {
	*mustertest.Server
	t    testing.TB
	path string // /v2/meetings/{meetingId}
}

// newRoom schedules a meeting with the settings on a new server.
func newRoom(t testing.TB, o mustertest.Options, settings string) *room {
	t.Helper()
	s := mustertest.New(t, o)
	return &room{s, t, s.Meeting(`"settings":{` + settings + `}`)}
}

// weekly schedules a series of four dates, the first in eight days, on a new
// server and returns it with the ids of its occurrences.
func weekly(t testing.TB, o mustertest.Options, settings string) (*room, []string) {
	t.Helper()
	s := mustertest.New(t, o)
	r := &room{s, t, s.Meeting(`"type":8,"start_time":"2026-03-10T10:00:00Z","recurrence":{"type":2,"weekly_days":"3","end_times":4},"settings":{` + settings + `}`)}
	var ids []string
	for _, o := range s.Must(200, "GET", r.path, "")["occurrences"].([]any) {
		ids = append(ids, o.(map[string]any)["occurrence_id"].(string))
	}
	return r, ids
}

// add registers one person, with further members of the body, and returns the answer.
func (r *room) add(email, more string) map[string]any {
	r.t.Helper()
	return r.addFor("", email, more)
}

// addFor is add for occurrences, with commas between.
func (r *room) addFor(occurrences, email, more string) map[string]any {
	r.t.Helper()
	if more != "" {
		more = "," + more
	}
	return r.Must(201, "POST", r.path+"/registrants?occurrence_ids="+occurrences, fmt.Sprintf(`{"email":%q%s}`, email, more))
}

// batch returns the body of a batch of emails.
func batch(emails ...string) string {
	rows := make([]map[string]string, len(emails))
	for i, e := range emails {
		rows[i] = map[string]string{"email": e}
	}
	b, _ := json.Marshal(map[string]any{"registrants": rows}) // strings
	return string(b)
}

// change returns the body of a status call for emails.
func change(action string, emails ...string) string {
	return strings.Replace(batch(emails...), "{", fmt.Sprintf(`{"action":%q,`, action), 1)
}

// set changes the status of people, of one occurrence if not "".
func (r *room) set(action, occurrence string, emails ...string) {
	r.t.Helper()
	r.Must(204, "PUT", r.path+"/registrants/status?occurrence_id="+occurrence, change(action, emails...))
}

// people returns the emails of all pages of the list that the query asks
// for, and fails where total_records says another number.
func (r *room) people(query string) []string {
	r.t.Helper()
	emails := []string{}
	token := ""
	for {
		page := r.Must(200, "GET", r.path+"/registrants?page_size=300&"+query+"&next_page_token="+token, "")
		for _, row := range page["registrants"].([]any) {
			emails = append(emails, row.(map[string]any)["email"].(string))
		}
		if token = page["next_page_token"].(string); token == "" {
			if total := page["total_records"].(json.Number).String(); total != fmt.Sprint(len(emails)) {
				r.t.Fatalf("%s: total_records is %s, the pages have %d rows", query, total, len(emails))
			}
			return emails
		}
	}
}

// stands returns the status of one person, "" if nobody has the email.
func (r *room) stands(email string) string {
	r.t.Helper()
	rows := r.Must(200, "GET", r.path+"/registrants?status=all&email="+url.QueryEscape(email), "")["registrants"].([]any)
	if len(rows) == 0 {
		return ""
	}
	return rows[0].(map[string]any)["status"].(string)
}

// open returns the status and the text of the page behind a link.
func (r *room) open(link string) (int, string) {
	r.t.Helper()
	a := r.Send("GET", strings.TrimPrefix(link, mustertest.Base), "")
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Referrer-Policy") != "no-referrer" {
		r.t.Fatalf("%s: headers %v: want no-store and no-referrer", link, a.Header)
	}
	return a.Status, string(a.Body)
}

// opens fails unless the page behind a link has the status and the title.
func (r *room) opens(link string, status int, title string) {
	r.t.Helper()
	got, text := r.open(link)
	if got != status || !strings.Contains(text, "<h1>"+title+"</h1>") {
		r.t.Fatalf("%s: got %d, want %d with the title %q in\n%s", link, got, status, title, text)
	}
}

// What the page behind a link is called.
const (
	registered = "You are registered"
	waiting    = "Waiting for approval"
	cancelled  = "Registration cancelled"
	declined   = "Registration declined"
	wrongLink  = "This link does not work"
)

// numbered returns n addresses that begin with the prefix.
func numbered(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s%04d@example.com", prefix, i)
	}
	return list
}
