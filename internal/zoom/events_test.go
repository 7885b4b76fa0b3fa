package zoom_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/mustertest"
)

// kinds returns the kinds of events that were logged after the first n.
func kinds(s *mustertest.Server, n int) []string {
	var all []string
	for _, e := range s.Events()[n:] {
		kind, _, _ := strings.Cut(e, " ")
		all = append(all, kind)
	}
	return all
}

func TestEveryChangeHasItsEvent(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{Capacity: 4999})
	s.Do("GET", "/v2/users/me", "")
	before := len(s.Events())

	s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"ada@example.com","type":1}}`)
	m := s.Meeting(`"settings":{"approval_type":1}`)
	s.Must(204, "PATCH", m, `{"topic":"Other"}`)
	s.Must(204, "PATCH", m+"/registrants/questions", `{"questions":[{"field_name":"org"}]}`)
	s.Must(200, "POST", m+"/batch_registrants", `{"registrants":[{"email":"bo@example.com"},{"email":"cy@example.com"}]}`)
	id := s.Must(201, "POST", m+"/registrants", `{"email":"di@example.com"}`)["registrant_id"].(string)
	for _, action := range []string{"approve", "cancel", "deny"} {
		s.Must(204, "PUT", m+"/registrants/status", fmt.Sprintf(`{"action":%q,"registrants":[{"id":%q}]}`, action, id))
	}
	s.Must(200, "PATCH", m+"/registrants/"+id, `{"first_name":"Di","reset_link":true}`)
	s.Must(204, "DELETE", m+"/registrants/"+id, "")
	s.Must(204, "PUT", m+"/status", `{"action":"end"}`)
	s.Must(204, "DELETE", m, "")
	s.Must(204, "PUT", m+"/status", `{"action":"recover"}`)

	want := []muster.EventKind{
		muster.UserCreated, muster.MeetingCreated, muster.MeetingUpdated, muster.QuestionsChanged, muster.RegistrantsAdded,
		muster.RegistrantsAdded, muster.RegistrantsApproved, muster.RegistrantsCancelled, muster.RegistrantsDenied, muster.RegistrantEdited,
		muster.RegistrantDeleted, muster.MeetingEnded, muster.MeetingDeleted, muster.MeetingRecovered,
	}
	got := kinds(s, before)
	if !slices.EqualFunc(got, want, func(g string, w muster.EventKind) bool { return g == string(w) }) {
		t.Errorf("events\n got %v\nwant %v", got, want)
	}
	for _, e := range s.Events() {
		if strings.Contains(e, "@") || strings.Contains(e, "Di\"") || strings.Contains(e, "tk=") {
			t.Errorf("an event tells more than ids: %s", e)
		}
	}
}

func TestBatchHasOneEventOfAllItsPeople(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting("")
	before := len(s.Events())
	list := s.Must(200, "POST", m+"/batch_registrants", `{"registrants":[{"email":"bo@example.com"},{"email":"cy@example.com"},{"email":"BO@example.com"}]}`)
	events := s.Events()[before:]
	if len(events) != 1 {
		t.Fatalf("got %d events, want 1: %v", len(events), events)
	}
	var subjects []string
	_, rest, _ := strings.Cut(events[0], " ")
	if err := json.NewDecoder(strings.NewReader(rest)).Decode(&subjects); err != nil {
		t.Fatal(err)
	}
	rows := list["registrants"].([]any)
	want := []string{rows[0].(map[string]any)["registrant_id"].(string), rows[1].(map[string]any)["registrant_id"].(string)}
	if !slices.Equal(subjects, want) {
		t.Errorf("subjects: got %v, want %v", subjects, want)
	}
}

func TestRefusedChangesHaveNoEvent(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{Capacity: 1})
	m := s.Meeting("")
	s.Must(201, "POST", m+"/registrants", `{"email":"bo@example.com"}`)
	before := len(s.Events())
	s.Refused(400, 3043, "POST", m+"/registrants", `{"email":"cy@example.com"}`)
	s.Refused(404, 3043, "POST", m+"/batch_registrants", `{"registrants":[{"email":"cy@example.com"}]}`)
	s.Refused(400, 300, "PATCH", m, `{"timezone":"Nowhere"}`)
	s.Refused(404, 3001, "PUT", m+"/registrants/status", `{"action":"deny","registrants":[{"email":"nobody@example.com"}]}`)
	s.Refused(400, 3027, "POST", m+"/registrants", `{"email":"owner@muster.test"}`)
	if got := kinds(s, before); len(got) != 0 {
		t.Errorf("events of refused requests: %v", got)
	}
}

func TestDeletedMeetingsArePurged(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting("")
	s.Must(201, "POST", m+"/registrants", `{"email":"bo@example.com"}`)
	s.Must(204, "DELETE", m, "")
	s.Advance(29 * 24 * time.Hour)
	if err := s.App.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Must(204, "PUT", m+"/status", `{"action":"recover"}`)
	s.Must(204, "DELETE", m, "")
	s.Advance(31 * 24 * time.Hour)
	if err := s.App.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Refused(404, 3001, "PUT", m+"/status", `{"action":"recover"}`)
	events := s.Events()
	if last := events[len(events)-1]; !strings.HasPrefix(last, string(muster.MeetingPurged)) {
		t.Errorf("last event: got %s, want %s", last, muster.MeetingPurged)
	}
}
