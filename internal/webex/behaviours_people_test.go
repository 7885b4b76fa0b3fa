package webex_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"muster/internal/mustertest"
)

// inWebex spells the id of a user of Zoom's dialect.
func inWebex(user string) string {
	return base64.RawStdEncoding.EncodeToString([]byte("ciscospark://us/PEOPLE/" + user))
}

// TestPersonOfBytes: an id is known by its text, and what is none is nobody's.
func TestPersonOfBytes(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for _, id := range []string{"\xceM", "a\x00b", "\xff", ""} {
		if a := s.Do("GET", "/v1/people/"+url.PathEscape(inWebex(id)), ""); a.Status != 404 {
			t.Errorf("%q: got %d %s, want 404", id, a.Status, a.Body)
		}
	}
}

// TestPeoplePageByPage has full pages whatever the filter leaves out, and each
// user once, under the id that the other dialect has.
func TestPeoplePageByPage(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.Account("stranger")
	var ids []string
	for i := range 12 {
		name := "Bee"
		if i%3 == 0 {
			name = "ann"
		}
		body := fmt.Sprintf(`{"action":"create","user_info":{"email":"u%d@x.test","type":2,"first_name":%q,"last_name":"%d"}}`, i, name, i)
		if id := s.Must(201, "POST", "/v2/users", body)["id"].(string); i%3 == 0 {
			ids = append(ids, inWebex(id))
		}
	}
	got := walk(t, s, "/v1/people?displayName=An&max=3", func(so []map[string]any) {
		if len(so) != 3 {
			t.Errorf("a page has %d people, want 3", len(so))
		}
	})
	if !slices.Equal(values(got, "id"), ids) {
		t.Errorf("got %v, want %v", values(got, "id"), ids)
	}
	if n := len(walk(t, s, "/v1/people?max=1000", func([]map[string]any) {})); n != 13 {
		t.Errorf("got %d people, want the account's 13", n)
	}
}
