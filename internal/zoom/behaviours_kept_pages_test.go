package zoom_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"muster/internal/mustertest"
)

// TestKeptPagesFollowEveryChange asks for a list twice, so that its page is
// kept, and again after each kind of change.
func TestKeptPagesFollowEveryChange(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	checked := 0
	check := s.App.CheckPage
	s.App.CheckPage = func(kept, fresh []byte) { checked++; check(kept, fresh) }
	m := s.Meeting(`"settings":{"approval_type":1}`)
	list := m + "/registrants?status=all&page_size=2"
	page := func() string {
		t.Helper()
		all := s.Must(200, "GET", list, "")
		text, err := json.Marshal(all["registrants"])
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(all["total_records"], string(text))
	}
	id := ""
	for _, c := range []struct {
		name         string
		status       int
		method, path string
		body         string
	}{
		{"registering", 201, "POST", "/registrants", `{"email":"a@example.com","first_name":"A"}`},
		{"a batch", 200, "POST", "/batch_registrants", `{"registrants":[{"email":"b@example.com","first_name":"B"}]}`},
		{"registering again with another name", 201, "POST", "/registrants", `{"email":"a@example.com","first_name":"Other"}`},
		{"a batch of somebody known and somebody new", 200, "POST", "/batch_registrants", `{"registrants":[{"email":"b@example.com","first_name":"Bob"},{"email":"c@example.com"}]}`},
		{"approving", 204, "PUT", "/registrants/status", `{"action":"approve","registrants":[{"email":"a@example.com"}]}`},
		{"denying", 204, "PUT", "/registrants/status", `{"action":"deny","registrants":[{"email":"a@example.com"},{"email":"b@example.com"}]}`},
		{"approving again", 204, "PUT", "/registrants/status", `{"action":"approve","registrants":[{"email":"a@example.com"}]}`},
		{"editing", 200, "PATCH", "/registrants/ID", `{"city":"Ulm"}`},
		{"a new link", 200, "PATCH", "/registrants/ID", `{"reset_link":true}`},
		{"a new email", 200, "PATCH", "/registrants/ID", `{"email":"z@example.com"}`},
		{"cancelling", 204, "PUT", "/registrants/status", `{"action":"cancel","registrants":[{"email":"z@example.com"}]}`},
		{"deleting", 204, "DELETE", "/registrants/ID", ""},
	} {
		before := page()
		if again := page(); again != before {
			t.Errorf("before %s: the list asked for twice got %s, then %s", c.name, before, again)
		}
		path := c.path
		if path == "/registrants/ID" {
			path = "/registrants/" + id
		}
		s.Must(c.status, c.method, m+path, c.body)
		if after := page(); after == before {
			t.Errorf("the list is the same after %s: %s", c.name, after)
		}
		if id == "" {
			id = s.Must(200, "GET", m+"/registrants?status=pending", "")["registrants"].([]any)[0].(map[string]any)["id"].(string)
		}
	}
	if checked < 12 {
		t.Errorf("got %d kept pages compared with fresh ones, want one before each change", checked)
	}
}

// TestKeptPagesOfOccurrences does so where people choose dates of a series.
func TestKeptPagesOfOccurrences(t *testing.T) {
	t.Parallel()
	for _, kind := range []int{1, 2, 3} {
		t.Run(fmt.Sprint("registration type ", kind), func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			m := s.Meeting(fmt.Sprintf(`"type":8,"recurrence":{"type":1,"repeat_interval":1,"end_times":3},"settings":{"approval_type":1,"registration_type":%d}`, kind))
			var dates []string
			for _, o := range s.Must(200, "GET", m, "")["occurrences"].([]any) {
				dates = append(dates, fmt.Sprint(o.(map[string]any)["occurrence_id"]))
			}
			page := func(date string) string {
				t.Helper()
				text, err := json.Marshal(s.Must(200, "GET", m+"/registrants?status=all&occurrence_id="+date, ""))
				if err != nil {
					t.Fatal(err)
				}
				return string(text)
			}
			both := func() [2]string { return [2]string{page(dates[0]), page(dates[1])} }
			change := func(name string, f func()) {
				t.Helper()
				both()
				before := both()
				f()
				if after := both(); after == before {
					t.Errorf("the lists are the same after %s: %s", name, after)
				}
			}
			one := ""
			if kind != 1 {
				one = "?occurrence_id=" + dates[0]
			}
			change("registering", func() {
				s.Must(201, "POST", m+"/registrants?occurrence_ids="+dates[0], `{"email":"a@example.com","first_name":"A"}`)
			})
			change("approving", func() {
				s.Must(204, "PUT", m+"/registrants/status"+one, `{"action":"approve","registrants":[{"email":"a@example.com"}]}`)
			})
			if kind != 1 {
				change("registering for another date", func() {
					s.Must(201, "POST", m+"/registrants?occurrence_ids="+dates[1], `{"email":"a@example.com","first_name":"A"}`)
				})
			}
			id := s.Must(200, "GET", m+"/registrants?occurrence_id="+dates[0], "")["registrants"].([]any)[0].(map[string]any)["id"].(string)
			change("deleting", func() { s.Must(204, "DELETE", m+"/registrants/"+id+one, "") })
		})
	}
}
