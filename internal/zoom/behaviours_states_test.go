package zoom_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

const ann = "ann@example.com"

// reach brings ann, registered under manual approval, into a state and returns her link.
func reach(r *room, state string) string {
	made := r.add(ann, `"auto_approve":true`)
	switch state {
	case "pending":
		r.set("cancel", "", ann)
		r.add(ann, `"auto_approve":false`)
	case "denied":
		r.set("deny", "", ann)
	case "cancelled":
		r.set("cancel", "", ann)
	}
	return made["join_url"].(string)
}

// TestStates tries every action in every state and looks at the person from
// all sides afterwards.
func TestStates(t *testing.T) {
	t.Parallel()
	table := map[string]map[string]string{ // state, action, state after
		"pending":   {"approve": "approved", "deny": "denied", "cancel": "cancelled", "add": "pending", "add approved": "approved", "edit": "pending"},
		"approved":  {"approve": "approved", "deny": "denied", "cancel": "cancelled", "add": "approved", "add approved": "approved", "edit": "approved"},
		"denied":    {"approve": "approved", "deny": "denied", "cancel": "denied", "add": "refused", "add approved": "refused", "edit": "denied"},
		"cancelled": {"approve": "approved", "deny": "denied", "cancel": "cancelled", "add": "pending", "add approved": "approved", "edit": "cancelled"},
	}
	for state, actions := range table {
		for action, after := range actions {
			t.Run(state+" "+action, func(t *testing.T) {
				t.Parallel()
				r := newRoom(t, mustertest.Options{}, `"approval_type":1`)
				link := reach(r, state)
				r.see(state, link)
				want := after
				if after == "refused" {
					want = state
				}
				r.act(action, after == "refused")
				r.see(want, link)
			})
		}
	}
}

// act does something with ann.
func (r *room) act(action string, refused bool) {
	r.t.Helper()
	body := fmt.Sprintf(`{"email":%q,"auto_approve":%t}`, ann, action == "add approved")
	switch {
	case refused:
		r.Refused(400, 3000, "POST", r.path+"/registrants", body)
		r.Refused(400, 3000, "POST", r.path+"/batch_registrants", batch("first@example.com", ann))
	case strings.HasPrefix(action, "add"):
		r.Must(201, "POST", r.path+"/registrants", body)
	case action == "edit":
		rows := r.Must(200, "GET", r.path+"/registrants?status=all", "")["registrants"].([]any)
		r.Must(200, "PATCH", r.path+"/registrants/"+rows[0].(map[string]any)["id"].(string), `{"first_name":"Ann"}`)
	default:
		r.set(action, "", ann)
	}
}

// see fails unless ann stands so in the answers, the lists and the page
// behind her link.
func (r *room) see(state, link string) {
	r.t.Helper()
	wire, page, status := state, declined, 403
	switch state {
	case "approved":
		page, status = registered, 200
	case "pending":
		page, status = waiting, 200
	case "cancelled":
		wire, page = "denied", cancelled
	}
	for _, asked := range []string{"", "approved", "pending", "denied", "all"} {
		listed := asked == wire || asked == "all" || asked == "" && wire == "approved"
		query := "status=" + asked
		if asked == "" {
			query = ""
		}
		if got := r.people(query); slices.Contains(got, ann) != listed {
			r.t.Fatalf("%s: the list with %q has %v", state, query, got)
		}
	}
	rows := r.Must(200, "GET", r.path+"/registrants?status=all", "")["registrants"].([]any)
	row := rows[0].(map[string]any)
	one := r.Must(200, "GET", r.path+"/registrants/"+row["id"].(string), "")
	if fmt.Sprint(one) != fmt.Sprint(row) || one["status"] != wire {
		r.t.Fatalf("%s: GET has %v, the list %v", state, one, row)
	}
	if got, given := one["join_url"]; given != (state == "approved") || given && got != link {
		r.t.Fatalf("%s: the link is %v, was %s", state, got, link)
	}
	r.opens(link, status, page)
}

func TestLinkLifetime(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	made := r.add(ann, `"first_name":"Ann <b>"`)
	old, one := made["join_url"].(string), r.path+"/registrants/"+made["registrant_id"].(string)
	status, text := r.open(old)
	for _, want := range []string{registered, "Open day", "Monday, 9 March 2026, 09:30", "UTC", "Ann &lt;b&gt;"} {
		if status != 200 || !strings.Contains(text, want) {
			t.Errorf("the page (%d) does not say %q:\n%s", status, want, text)
		}
	}
	if got := r.Must(200, "PATCH", one, `{"email":"new@example.com"}`)["join_url"]; got != old {
		t.Errorf("a new email made a new link: %v", got)
	}
	fresh := r.Must(200, "PATCH", one, `{"reset_link":true}`)["join_url"].(string)
	r.opens(old, 404, wrongLink)
	r.opens(fresh, 200, registered)
	r.set("deny", "", "new@example.com")
	r.opens(fresh, 403, declined)
	r.opens(old, 404, wrongLink)
	r.set("approve", "", "new@example.com")
	if got := r.Must(200, "GET", one, "")["join_url"]; got != fresh {
		t.Errorf("approved again the link is %v, was %s", got, fresh)
	}
	r.Must(204, "DELETE", one, "")
	r.opens(fresh, 404, wrongLink)
}

func TestForgedLinks(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	link := r.add(ann, "")["join_url"].(string)
	at, token, _ := strings.Cut(link, "?tk=")
	other := &room{r.Server, t, r.Meeting("")}
	theirs := other.add(ann, "")["join_url"].(string)
	_, theirToken, _ := strings.Cut(theirs, "?tk=")
	last := "A"
	if strings.HasSuffix(token, last) {
		last = "Q"
	}
	for name, forged := range map[string]string{
		"no token":                   at,
		"empty token":                at + "?tk=",
		"id alone":                   at + "?tk=" + token[:22],
		"cut":                        at + "?tk=" + token[:len(token)-1],
		"longer":                     link + "A",
		"last character":             at + "?tk=" + token[:len(token)-1] + last,
		"other case":                 at + "?tk=" + strings.ToLower(token),
		"token of another meeting":   at + "?tk=" + theirToken,
		"meeting of another token":   strings.Replace(theirs, theirToken, token, 1),
		"id and another's signature": at + "?tk=" + token[:22] + theirToken[22:],
		"no such meeting":            mustertest.Base + "/w/12345678901?tk=" + token,
		"no number":                  mustertest.Base + "/w/abc?tk=" + token,
	} {
		if got, text := r.open(forged); got != 404 || !strings.Contains(text, wrongLink) || strings.Contains(text, "Open day") {
			t.Errorf("%s: got %d\n%s", name, got, text)
		}
	}
	r.opens(link, 200, registered)
	r.Must(204, "DELETE", r.path, "")
	r.opens(link, 404, wrongLink)
	r.Must(204, "PUT", r.path+"/status", `{"action":"recover"}`)
	r.opens(link, 200, registered)
}
