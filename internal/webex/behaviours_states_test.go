package webex_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

const ann = "ann@example.com"

// ids returns the id of a registrant.
func (r *room) id(email string) string {
	r.t.Helper()
	people, _ := r.page(r.webex + "/registrants?email=" + email)
	if len(people) != 1 {
		r.t.Fatalf("%s is registered %d times", email, len(people))
	}
	return people[0].ID
}

// reach brings ann into a state, through one dialect or the other. This one
// cannot cancel as Zoom does.
func (r *room) reach(state string, throughZoom bool) {
	r.t.Helper()
	if throughZoom || state == "cancelled" {
		r.Must(201, "POST", r.zoom+"/registrants", `{"email":"ann@example.com","first_name":"Ann","last_name":"Lee"}`)
		if action := map[string]string{"approved": "approve", "denied": "deny", "cancelled": "cancel"}[state]; action != "" {
			r.Must(204, "PUT", r.zoom+"/registrants/status", `{"action":"`+action+`","registrants":[{"email":"ann@example.com"}]}`)
		}
		return
	}
	id := r.add(ann, "")["id"].(string)
	if verb := map[string]string{"approved": "approve", "denied": "reject"}[state]; verb != "" {
		r.set(verb, id)
	}
}

// see fails unless ann stands so in both dialects.
func (r *room) see(state string) {
	r.t.Helper()
	wantZoom, wantWebex := state, state
	switch state {
	case "denied":
		wantWebex = "rejected"
	case "cancelled":
		wantZoom, wantWebex = "denied", "rejected"
	case "gone":
		wantZoom, wantWebex = "", ""
	}
	if zoom, webex := r.stands(ann); zoom != wantZoom || webex != wantWebex {
		r.t.Fatalf("%s: Zoom tells %q, Webex %q", state, zoom, webex)
	}
	for _, asked := range []string{"approved", "pending", "rejected"} {
		people, _ := r.page(r.webex + "/registrants?email=" + ann + "&status=" + asked)
		if listed := len(people) == 1; listed != (asked == wantWebex) {
			r.t.Fatalf("%s: the list of who is %s has %v", state, asked, people)
		}
	}
	if state == "gone" {
		return
	}
	one := r.Must(200, "GET", r.webex+"/registrants/"+r.id(ann), "")
	if one["status"] != wantWebex {
		r.t.Fatalf("%s: GET tells %v", state, one["status"])
	}
	row := r.Must(200, "GET", r.zoom+"/registrants/"+r.id(ann), "")
	if _, link := row["join_url"]; link != (state == "approved") {
		r.t.Fatalf("%s: Zoom's row is %v: only who is approved has a link", state, row)
	}
}

// act does something with ann, through the dialect that the verb's first word names.
func (r *room) act(action string) {
	r.t.Helper()
	dialect, verb, _ := strings.Cut(action, " ")
	verb, refused := strings.CutSuffix(verb, " refused")
	if dialect == "zoom" {
		switch body := `{"email":"ann@example.com","auto_approve":` + fmt.Sprint(verb == "add approved") + `}`; {
		case refused:
			r.refused(400, "POST", r.zoom+"/registrants", body)
		case strings.HasPrefix(verb, "add"):
			r.Must(201, "POST", r.zoom+"/registrants", body)
		case verb == "delete":
			r.Must(204, "DELETE", r.zoom+"/registrants/"+r.id(ann), "")
		default:
			r.Must(204, "PUT", r.zoom+"/registrants/status", `{"action":"`+verb+`","registrants":[{"email":"ann@example.com"}]}`)
		}
		return
	}
	switch {
	case refused:
		r.refused(409, "POST", r.webex+"/registrants", person(ann, ""))
	case verb == "add":
		r.add(ann, "")
	case verb == "bulk":
		r.Must(200, "POST", r.webex+"/registrants/bulkInsert", "["+person(ann, "")+"]")
	case verb == "delete":
		r.Must(204, "DELETE", r.webex+"/registrants/"+r.id(ann), "")
	default:
		r.set(verb, r.id(ann))
	}
}

// TestStates tries every action of both dialects in every state, reached
// through both, and looks at the person and at the events through both.
func TestStates(t *testing.T) {
	t.Parallel()
	type end struct{ state, event string } // afterwards; "" for no event
	same := func(state string) end { return end{state, ""} }
	approved, denied := end{"approved", "registrants.approved"}, end{"denied", "registrants.denied"}
	returned, cancelled := end{"pending", "registrants.returned"}, end{"cancelled", "registrants.cancelled"}
	gone := end{"gone", "registrant.deleted"}
	again := func(state string) end { return end{state, "registrants.added"} }
	table := map[string]map[string]end{
		"pending": {
			"webex approve": approved, "webex reject": denied, "webex cancel": same("pending"), "webex add refused": same("pending"),
			"webex bulk": again("pending"), "webex delete": gone, "webex bulkDelete": gone,
			"zoom approve": approved, "zoom deny": denied, "zoom cancel": cancelled, "zoom add": again("pending"), "zoom add approved": again("approved"), "zoom delete": gone,
		},
		"approved": {
			"webex approve": same("approved"), "webex reject": denied, "webex cancel": returned, "webex add refused": same("approved"),
			"webex bulk": again("approved"), "webex delete": gone, "webex bulkDelete": gone,
			"zoom approve": same("approved"), "zoom deny": denied, "zoom cancel": cancelled, "zoom add": again("approved"), "zoom add approved": again("approved"), "zoom delete": gone,
		},
		"denied": {
			"webex approve": approved, "webex reject": same("denied"), "webex cancel": returned, "webex add refused": same("denied"),
			"webex bulk": again("denied"), "webex delete": gone, "webex bulkDelete": gone,
			"zoom approve": approved, "zoom deny": same("denied"), "zoom cancel": same("denied"), "zoom add refused": same("denied"), "zoom add approved refused": same("denied"), "zoom delete": gone,
		},
		"cancelled": {
			"webex approve": approved, "webex reject": denied, "webex cancel": returned, "webex add": again("pending"),
			"webex bulk": again("pending"), "webex delete": gone, "webex bulkDelete": gone,
			"zoom approve": approved, "zoom deny": denied, "zoom cancel": same("cancelled"), "zoom add": again("pending"), "zoom add approved": again("approved"), "zoom delete": gone,
		},
	}
	for state, actions := range table {
		for _, throughZoom := range []bool{true, false} {
			t.Run(fmt.Sprint(state, " through Zoom ", throughZoom), func(t *testing.T) {
				t.Parallel()
				s := mustertest.New(t, mustertest.Options{})
				for action, want := range actions {
					r := roomOn(t, s, `"approval_type":1`)
					r.reach(state, throughZoom)
					r.see(state)
					id, before := r.id(ann), len(r.Events())
					r.act(action)
					r.see(want.state)
					var wantEvents []string
					if want.event != "" {
						wantEvents = []string{want.event}
					}
					if got := kinds(r, before, id); !slices.Equal(got, wantEvents) {
						t.Errorf("%s: events: got %v, want %v about %s", action, got, wantEvents, id)
					}
				}
			})
		}
	}
}

// kinds returns the kinds of the events that were logged after the first n and
// are about a registrant.
func kinds(r *room, n int, id string) []string {
	var all []string
	for _, e := range r.Events()[n:] {
		kind, rest, _ := strings.Cut(e, " ")
		if strings.Contains(rest, id) {
			all = append(all, kind)
		}
	}
	return all
}

// TestPlacesAreOne: maxRegisterNum is a ceiling for both dialects, and a place
// that one gives back the other can give away.
func TestPlacesAreOne(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":1`)
	r.Must(200, "PUT", r.webex+"/registration", `{"maxRegisterNum":2}`)
	r.add(ann, "")
	r.Must(201, "POST", r.zoom+"/registrants", `{"email":"bob@example.com"}`)
	full := func() {
		t.Helper()
		r.refused(409, "POST", r.webex+"/registrants", person("cy@example.com", ""))
		r.refused(409, "POST", r.webex+"/registrants/bulkInsert", "["+person("cy@example.com", "")+"]")
		r.Refused(400, 3043, "POST", r.zoom+"/registrants", `{"email":"cy@example.com"}`)
		r.Refused(404, 3043, "POST", r.zoom+"/batch_registrants", `{"registrants":[{"email":"cy@example.com"}]}`)
		if zoom, webex := r.stands("cy@example.com"); zoom != "" || webex != "" {
			t.Errorf("registered beyond the ceiling: %q %q", zoom, webex)
		}
	}
	full()
	id := r.id(ann)
	r.set("approve", id) // has a place already
	r.set("cancel", id)
	full()
	r.set("reject", id)
	dee := r.Must(201, "POST", r.zoom+"/registrants", `{"email":"dee@example.com"}`)["registrant_id"].(string)
	for _, verb := range []string{"approve", "cancel"} {
		r.refused(409, "POST", r.webex+"/registrants/"+verb, idList(r.id("bob@example.com"), id))
	}
	r.Refused(400, 3043, "PUT", r.zoom+"/registrants/status", `{"action":"approve","registrants":[{"email":"ann@example.com"}]}`)
	r.see("denied")
	if zoom, _ := r.stands("bob@example.com"); zoom != "pending" {
		t.Errorf("bob was changed by a call that was refused: %s", zoom)
	}
	r.Must(204, "PUT", r.zoom+"/registrants/status", `{"action":"cancel","registrants":[{"id":"`+dee+`"}]}`)
	r.set("cancel", id)
	r.see("pending")
	full()
	r.refused(409, "POST", r.webex+"/registrants", person("dee@example.com", "")) // was cancelled, but there is no place
	r.set("bulkDelete", r.id("bob@example.com"))
	r.add("dee@example.com", "")
	r.Must(200, "PUT", r.webex+"/registration", `{}`) // no ceiling of its own
	r.add("cy@example.com", "")
}

// TestWhoWasCancelledComesBack: with the same id and link, and what is said now.
func TestWhoWasCancelledComesBack(t *testing.T) {
	t.Parallel()
	for _, bulk := range []bool{false, true} {
		r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
		r.reach("approved", true)
		id := r.id(ann)
		link := r.Must(200, "GET", r.zoom+"/registrants/"+id, "")["join_url"]
		r.act("zoom cancel")
		if body := person(ann, `"city":"Bonn"`); bulk {
			r.Must(200, "POST", r.webex+"/registrants/bulkInsert", "["+body+"]")
		} else {
			r.Must(200, "POST", r.webex+"/registrants", body)
		}
		row := r.Must(200, "GET", r.zoom+"/registrants/"+id, "")
		if row["status"] != "approved" || row["join_url"] != link || row["city"] != "Bonn" {
			t.Errorf("bulk %t: got %v, want approved with the link %v", bulk, row, link)
		}
	}
}
