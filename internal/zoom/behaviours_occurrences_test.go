package zoom_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
)

func TestBehaviour17RegistrationTypes(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":2`)
	first, second := r.addFor(ids[0], ann, ""), r.addFor(ids[1], ann, "")
	if first["registrant_id"] == second["registrant_id"] || first["join_url"] == second["join_url"] {
		t.Errorf("two occurrences under type 2 have one record: %v", second)
	}
	if got := r.people("status=all"); len(got) != 2 {
		t.Errorf("type 2: the list has %v", got)
	}
	if again := r.addFor(ids[0], ann, ""); again["registrant_id"] != first["registrant_id"] {
		t.Errorf("type 2: the same occurrence again made %v", again)
	}
	r.Refused(400, 300, "POST", r.path+"/registrants?occurrence_ids="+ids[0]+","+ids[1], `{"email":"b@example.com"}`)

	r, ids = weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":3`)
	made := r.addFor(ids[0]+","+ids[2], ann, "")
	if got := occurrencesOf(made); !slices.Equal(got, []string{ids[0] + " available", ids[2] + " available"}) {
		t.Errorf("type 3: registered for %v", got)
	}
	if got := r.people("status=all"); len(got) != 1 {
		t.Errorf("type 3: the list has %v", got)
	}
	for i, want := range []int{1, 0, 1, 0} {
		if got := r.people("occurrence_id=" + ids[i]); len(got) != want {
			t.Errorf("type 3: occurrence %d has %v", i, got)
		}
	}
}

// occurrencesOf returns ids and statuses of occurrences[].
func occurrencesOf(answer map[string]any) []string {
	var list []string
	for _, o := range answer["occurrences"].([]any) {
		m := o.(map[string]any)
		list = append(list, fmt.Sprint(m["occurrence_id"], " ", m["status"]))
	}
	return list
}

// standsAt returns the status of one person for one occurrence.
func (r *room) standsAt(occurrence, id string) string {
	r.t.Helper()
	return r.Must(200, "GET", r.path+"/registrants/"+id+"?occurrence_id="+occurrence, "")["status"].(string)
}

func TestStatusPerOccurrence(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{}, `"approval_type":1,"registration_type":3`)
	made := r.addFor(strings.Join(ids[:3], ","), ann, "")
	id := made["registrant_id"].(string)
	steps := []struct {
		action, occurrence, first, second, third, row string
	}{
		{"approve", ids[1], "pending", "approved", "pending", "approved"},
		{"deny", ids[0], "denied", "approved", "pending", "approved"},
		{"cancel", ids[1], "denied", "denied", "pending", "pending"},
		{"deny", ids[2], "denied", "denied", "denied", "denied"},
		{"approve", "", "approved", "approved", "approved", "approved"},
		{"cancel", "", "denied", "denied", "denied", "denied"},
	}
	for _, s := range steps {
		r.set(s.action, s.occurrence, ann)
		got := []string{r.standsAt(ids[0], id), r.standsAt(ids[1], id), r.standsAt(ids[2], id), r.stands(ann)}
		if want := []string{s.first, s.second, s.third, s.row}; !slices.Equal(got, want) {
			t.Fatalf("after %s %s: got %v, want %v", s.action, s.occurrence, got, want)
		}
		for i, o := range ids[:3] {
			for _, status := range []string{"approved", "pending", "denied"} {
				if listed := len(r.people("status="+status+"&occurrence_id="+o)) == 1; listed != (got[i] == status) {
					t.Fatalf("after %s: occurrence %d stands %s, listed as %s: %t", s.action, i, got[i], status, listed)
				}
			}
		}
	}
	r.Refused(404, 3001, "PUT", r.path+"/registrants/status?occurrence_id="+ids[3], change("approve", ann))
	r.Refused(404, 3001, "DELETE", r.path+"/registrants/"+id+"?occurrence_id="+ids[3], "")
}

func TestLinkPageOfSeries(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":3`)
	link := r.addFor(strings.Join(ids[:3], ","), ann, "")["join_url"].(string)
	r.set("deny", ids[1], ann)
	_, text := r.open(link)
	for date, want := range map[string]bool{"10 March": true, "17 March": false, "24 March": true, "31 March": false} {
		if strings.Contains(text, date) != want {
			t.Errorf("%s on the page: want %t\n%s", date, want, text)
		}
	}
	r.Must(204, "DELETE", r.path+"?occurrence_id="+ids[0], "")
	r.Must(204, "DELETE", r.path+"?occurrence_id="+ids[2], "")
	if _, text := r.open(link); !strings.Contains(text, "called off") || strings.Contains(text, "March") {
		t.Errorf("the page does not say that no date is left:\n%s", text)
	}
	r.set("deny", "", ann)
	r.opens(link, 403, declined)
}

func TestOccurrencesNamedTwice(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":3`)
	for i, query := range []string{ids[0] + "," + ids[1], ids[0] + "&occurrence_ids=" + ids[1], "%20" + ids[1] + "%2C" + ids[0] + "," + ids[0]} {
		made := r.addFor(query, fmt.Sprintf("p%d@example.com", i), "")
		if got := occurrencesOf(made); !slices.Equal(got, []string{ids[0] + " available", ids[1] + " available"}) {
			t.Errorf("%s: registered for %v", query, got)
		}
	}
}

func TestBehaviour03MovedOccurrenceKeepsItsPeople(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":2`)
	link := r.addFor(ids[1], ann, "")["join_url"].(string)
	r.Must(204, "PATCH", r.path+"?occurrence_id="+ids[1], `{"start_time":"2026-03-18T15:00:00Z","duration":90}`)
	if got := r.people("occurrence_id=" + ids[1]); !slices.Equal(got, []string{ann}) {
		t.Errorf("the moved occurrence has %v", got)
	}
	made := r.addFor(ids[1], "b@example.com", "")
	o := made["occurrences"].([]any)[0].(map[string]any)
	if made["start_time"] != "2026-03-18T15:00:00Z" || o["start_time"] != made["start_time"] || o["occurrence_id"] != ids[1] || o["duration"] != json.Number("90") {
		t.Errorf("the answer has the old date: %v", made)
	}
	if _, text := r.open(link); !strings.Contains(text, "18 March 2026, 15:00") {
		t.Errorf("the page has not the new date:\n%s", text)
	}
}

func TestBehaviour03DeletedOccurrenceRefuses(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"2", "3"} {
		r, ids := weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":`+kind)
		r.addFor(ids[1], ann, "")
		r.Must(204, "DELETE", r.path+"?occurrence_id="+ids[1], "")
		if got := occurrencesOf(r.Must(200, "GET", r.path, "")); !slices.Contains(got, ids[1]+" deleted") {
			t.Errorf("type %s: the meeting has %v", kind, got)
		}
		for _, email := range []string{ann, "b@example.com"} {
			text := r.Refused(400, 300, "POST", r.path+"/registrants?occurrence_ids="+ids[1], fmt.Sprintf(`{"email":%q}`, email))
			if !strings.Contains(text, "occurrence_ids") || !strings.Contains(text, "deleted") {
				t.Errorf("type %s: the refusal does not say why: %s", kind, text)
			}
		}
		if got := r.people("occurrence_id=" + ids[1]); !slices.Equal(got, []string{ann}) {
			t.Errorf("type %s: the deleted occurrence has %v", kind, got)
		}
		r.Must(204, "DELETE", r.path+"?occurrence_id="+ids[0], "")
		if got := occurrencesOf(r.addFor("", "next@example.com", "")); !slices.Equal(got, []string{ids[2] + " available"}) {
			t.Errorf("type %s: without an id one gets %v", kind, got)
		}
	}
}

func TestChangedRecurrenceKeepsOccurrencesWithPeople(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":3`)
	id := r.addFor(ids[3], ann, "")["registrant_id"].(string)
	r.Must(204, "PATCH", r.path, `{"recurrence":{"type":2,"weekly_days":"3","end_times":2}}`)
	want := []string{ids[0] + " available", ids[1] + " available", ids[3] + " deleted"}
	if got := occurrencesOf(r.Must(200, "GET", r.path, "")); !slices.Equal(got, want) {
		t.Errorf("the meeting has %v, want %v", got, want)
	}
	if got := r.standsAt(ids[3], id); got != "approved" {
		t.Errorf("the person stands %s", got)
	}
	r.Refused(400, 300, "PATCH", r.path, `{"settings":{"registration_type":1}}`)
	r.Must(204, "DELETE", r.path+"/registrants/"+id, "")
	r.Must(204, "PATCH", r.path, `{"settings":{"registration_type":1}}`)
}

func TestSeriesCloses(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{}, `"approval_type":0,"registration_type":2`)
	r.Set(time.Date(2026, 3, 10, 11, 0, 0, 0, time.UTC)) // the first is over
	r.Refused(400, 300, "POST", r.path+"/registrants?occurrence_ids="+ids[0], `{"email":"a@example.com"}`)
	if got := occurrencesOf(r.addFor("", "a@example.com", "")); !slices.Equal(got, []string{ids[1] + " available"}) {
		t.Errorf("the next one is %v", got)
	}
	r.Set(time.Date(2026, 3, 31, 10, 59, 0, 0, time.UTC))
	r.addFor(ids[3], "a@example.com", "")
	r.Set(time.Date(2026, 3, 31, 11, 0, 0, 0, time.UTC))
	r.Refused(400, 3038, "POST", r.path+"/registrants", `{"email":"b@example.com"}`)
	r.set("cancel", "", "a@example.com")
}
