package zoom_test

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// The tests named TestBehaviourNN are the rows of section 13 of the
// behaviour reference, by number.

func TestBehaviour06RegistrationOff(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":2`)
	r.Refused(404, 404, "POST", r.path+"/registrants", `{"email":"a@example.com"}`)
	r.Refused(404, 404, "POST", r.path+"/batch_registrants", batch("a@example.com"))
	r.Refused(404, 404, "GET", r.path+"/registrants", "")
	r.Refused(404, 404, "GET", r.path+"/registrants/x", "")
	r.Refused(404, 404, "GET", r.path+"/registrants/questions", "")
	r.Refused(400, 300, "PUT", r.path+"/registrants/status", change("approve", "a@example.com"))
	r.Refused(400, 300, "DELETE", r.path+"/registrants/x", "")
}

func TestBehaviour07ManualApproval(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":1`)
	made := r.add("a@example.com", "")
	if _, given := made["join_url"]; given {
		t.Errorf("a pending person got a link: %v", made)
	}
	one := r.Must(200, "GET", r.path+"/registrants/"+made["registrant_id"].(string), "")
	if one["status"] != "pending" || one["join_url"] != nil || one["participant_pin_code"] != nil {
		t.Errorf("got %v, want pending without link and code", one)
	}
	if got := r.people(""); len(got) != 0 {
		t.Errorf("the list without a status has %v, want nobody", got)
	}
}

func TestBehaviour08AutoApproveOverManual(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":1`)
	link, _ := r.add("a@example.com", `"auto_approve":true`)["join_url"].(string)
	r.opens(link, 200, registered)
	if got := r.people(""); !slices.Equal(got, []string{"a@example.com"}) {
		t.Errorf("approved are %v", got)
	}
}

func TestBehaviour09AutoApproveFalseOverAutomatic(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	link, _ := r.add("a@example.com", `"auto_approve":false`)["join_url"].(string)
	r.opens(link, 200, registered)
}

func TestBehaviour10SameEmailTwice(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	first, again := r.add("Ann@Example.com", ""), r.add("aNN@example.COM", "")
	if !reflect.DeepEqual(first, again) {
		t.Errorf("got %v, then %v", first, again)
	}
	if n := len(r.people("status=all")); n != 1 {
		t.Errorf("%d are registered", n)
	}
}

func TestBehaviour11FourthAddOfADay(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{Plan: "business"}, `"approval_type":0`)
	for range 3 {
		r.add("a@example.com", "")
	}
	got := r.Refused(429, 429, "POST", r.path+"/registrants", `{"email":"A@example.com"}`)
	if !strings.Contains(got, "daily rate limit of (3) for meeting Add meeting registrant API requests for the registrant (A@example.com)") {
		t.Errorf("the message is %s", got)
	}
	r.add("b@example.com", "")
	other := &room{r.Server, t, r.Meeting("")}
	other.add("a@example.com", "")
	r.Set(time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC))
	r.add("a@example.com", "")
}

func TestBehaviour12EleventhChangeOfADay(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{Plan: "business"}, `"approval_type":1`)
	all := numbered("p", 12)
	r.Must(200, "POST", r.path+"/batch_registrants", batch(all...))
	for _, one := range all[1:] {
		r.set("approve", "", one)
	}
	for i := range 10 {
		r.set([]string{"deny", "approve"}[i%2], "", all[0])
	}
	r.Refused(429, 429, "PUT", r.path+"/registrants/status", change("deny", all[0], all[1]))
	if a, b := r.stands(all[0]), r.stands(all[1]); a != "approved" || b != "approved" {
		t.Errorf("the refused call changed somebody: %s, %s", a, b)
	}
}

func TestBehaviour13Limits(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	all := numbered("p", 31)
	r.Refused(400, 300, "POST", r.path+"/batch_registrants", batch(all...))
	r.Must(200, "POST", r.path+"/batch_registrants", batch(all[:30]...))
	r.Refused(400, 300, "PUT", r.path+"/registrants/status", change("deny", all...))
	r.set("deny", "", all[:30]...)
	series, _ := weekly(t, mustertest.Options{}, `"approval_type":0`)
	series.Refused(400, 303, "POST", series.path+"/batch_registrants", batch("a@example.com"))
}

func TestBehaviour14BatchOverCapacityAndInEveryForm(t *testing.T) {
	t.Parallel()
	full := newRoom(t, mustertest.Options{Capacity: 2}, `"approval_type":0`)
	full.Refused(404, 3043, "POST", full.path+"/batch_registrants", batch(numbered("p", 3)...))
	if n := len(full.people("status=all")); n != 0 {
		t.Fatalf("%d are registered by a batch that was refused", n)
	}
	const people = `[{"email":"a@example.com","first_name":"Ann & Bo"},{"email":"b@example.com","zip":94045}]`
	multipart := strings.NewReplacer("PEOPLE", people, "\n", "\r\n").Replace("--b\nContent-Disposition: form-data; name=\"auto_approve\"\n\ntrue\n" +
		"--b\nContent-Disposition: form-data; name=\"registrants\"\n\nPEOPLE\n--b--\n")
	var answers []string
	for kind, body := range map[string]string{
		"application/json":                  `{"auto_approve":true,"registrants":` + people + `}`,
		"multipart/form-data; boundary=b":   multipart,
		"application/x-www-form-urlencoded": url.Values{"auto_approve": {"true"}, "registrants": {people}}.Encode(),
	} {
		s := newRoom(t, mustertest.Options{}, `"approval_type":1`)
		a := s.Send("POST", s.path+"/batch_registrants", body, "Content-Type: "+kind, "Authorization: Bearer "+s.Token())
		rows := s.Do("GET", s.path+"/registrants", "")
		answers = append(answers, fmt.Sprintf("%d %s\n%s", a.Status, a.Body, rows.Body))
	}
	for _, got := range answers {
		if !strings.HasPrefix(got, "200 ") || got != answers[0] {
			t.Errorf("got\n%s\nand\n%s", got, answers[0])
		}
	}
}

func TestBehaviour15BackFromCancelledAndDenied(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	first := r.add("a@example.com", "")
	r.set("cancel", "", "a@example.com")
	if again := r.add("a@example.com", ""); !reflect.DeepEqual(first, again) {
		t.Errorf("after cancel: got %v, want %v", again, first)
	}
	r.set("deny", "", "a@example.com")
	if text := r.Refused(400, 3000, "POST", r.path+"/registrants", `{"email":"a@example.com"}`); !strings.Contains(text, "denied") {
		t.Errorf("the refusal does not say why: %s", text)
	}
	r.set("approve", "", "a@example.com")
	one := r.Must(200, "GET", r.path+"/registrants/"+first["registrant_id"].(string), "")
	if one["join_url"] != first["join_url"] {
		t.Errorf("after deny and approve the link is %v, was %v", one["join_url"], first["join_url"])
	}
}

func TestBehaviour16DeleteThenAdd(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	first := r.add("a@example.com", "")
	r.Must(204, "DELETE", r.path+"/registrants/"+first["registrant_id"].(string), "")
	if n := len(r.people("status=all")); n != 0 {
		t.Errorf("%d are left", n)
	}
	again := r.add("a@example.com", "")
	for _, name := range []string{"registrant_id", "join_url", "participant_pin_code"} {
		if first[name] == again[name] {
			t.Errorf("%s is %v as before", name, again[name])
		}
	}
	r.opens(first["join_url"].(string), 404, wrongLink)
}

func TestBehaviour18PagesAndTokens(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	all := numbered("p", 302)
	for some := range slices.Chunk(all, 30) {
		r.Must(200, "POST", r.path+"/batch_registrants", batch(some...))
	}
	for _, size := range []string{"300", "301"} {
		page := r.Must(200, "GET", r.path+"/registrants?page_size="+size, "")
		if n := len(page["registrants"].([]any)); n != 300 || fmt.Sprint(page["page_size"]) != "300" {
			t.Errorf("page_size %s gives %d rows and says %v", size, n, page["page_size"])
		}
	}
	token := r.Must(200, "GET", r.path+"/registrants?page_size=1", "")["next_page_token"].(string)
	next := r.path + "/registrants?page_size=1&next_page_token=" + token
	r.Must(200, "GET", next, "")
	for _, other := range []string{"&status=pending", "&status=all", "&email=" + all[1]} {
		r.Refused(400, 300, "GET", next+other, "")
	}
	elsewhere := r.Meeting("")
	r.Refused(400, 300, "GET", elsewhere+"/registrants?page_size=1&next_page_token="+token, "")
	r.Refused(400, 300, "GET", next+"x", "")
	r.Advance(15*time.Minute - time.Second)
	r.Must(200, "GET", next, "")
	r.Advance(time.Second)
	r.Refused(400, 300, "GET", next, "")
}

func TestBehaviour19DeniedListsCancelled(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		r.add(email, "")
	}
	r.set("cancel", "", "c@example.com")
	r.set("deny", "", "a@example.com")
	if got := r.people("status=denied"); !slices.Equal(got, []string{"a@example.com", "c@example.com"}) {
		t.Errorf("denied are %v", got)
	}
}
