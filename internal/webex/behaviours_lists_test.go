package webex_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// A listed is somebody in a list.
type listed struct{ ID, Email, FirstName, LastName, Status string }

func (r *room) page(path string) ([]listed, mustertest.Answer) {
	r.t.Helper()
	a := r.Do("GET", path, "")
	var page struct{ Items []listed }
	if err := json.Unmarshal(a.Body, &page); a.Status != 200 || err != nil {
		r.t.Fatalf("%s: got %d %s", path, a.Status, a.Body)
	}
	return page.Items, a
}

// crowd registers 23 people, among them some who are alike but for capitals.
func (r *room) crowd() {
	r.t.Helper()
	var rows []string
	for i := range 23 {
		first := []string{"ann", "Bob", "BOB", "cy", "Dee"}[i%5]
		last := []string{"lee", "LEE", "Ray"}[i%3]
		rows = append(rows, fmt.Sprintf(`{"firstName":%q,"lastName":%q,"email":"P%02d@example.com"}`, first, last, i*7%23))
	}
	r.Must(200, "POST", r.webex+"/registrants/bulkInsert", "["+strings.Join(rows, ",")+"]")
	people, _ := r.page(r.webex + "/registrants?max=100&orderType=ASC")
	for i, p := range people {
		if verb := []string{"approve", "reject", ""}[i%3]; verb != "" {
			r.set(verb, p.ID)
		}
	}
	r.Must(204, "PUT", r.zoom+"/registrants/status", `{"action":"cancel","registrants":[{"email":"p00@example.com"},{"email":"p07@example.com"}]}`)
}

// orders are the orders of lists, each with what is alike in it.
var orders = map[string]func(x, y listed) int{
	"registrationTime": func(listed, listed) int { return 0 },
	"firstName": func(x, y listed) int {
		return strings.Compare(strings.ToLower(x.FirstName), strings.ToLower(y.FirstName))
	},
	"lastName": func(x, y listed) int {
		return strings.Compare(strings.ToLower(x.LastName), strings.ToLower(y.LastName))
	},
	"email":  func(x, y listed) int { return strings.Compare(strings.ToLower(x.Email), strings.ToLower(y.Email)) },
	"status": func(x, y listed) int { return strings.Compare(x.Status, y.Status) },
}

// TestListsInOrder follows the Link headers through every order, while people
// who were read already, or are still to come, are deleted between the pages:
// who was there all the time comes once, in the order that one page has.
func TestListsInOrder(t *testing.T) {
	t.Parallel()
	for order, alike := range orders {
		for _, direction := range []string{"ASC", ""} {
			t.Run(order+direction, func(t *testing.T) {
				t.Parallel()
				s := mustertest.New(t, mustertest.Options{})
				for _, deleted := range []string{"nobody", "the last", "the page", "all before", "some to come"} {
					r := roomOn(t, s, `"approval_type":1`)
					r.crowd()
					query := "/registrants?orderBy=" + order + "&orderType=" + direction
					want, _ := r.page(r.webex + query + "&max=100")
					sorted(t, want, alike, direction == "ASC", r)
					got, gone := r.through(r.webex+query+"&max=4", want, deleted)
					there := slices.DeleteFunc(slices.Clone(want), func(p listed) bool { return gone[p.ID] && !slices.Contains(got, p) })
					if !slices.Equal(got, there) {
						t.Errorf("%s deleted\n got %v\nwant %v", deleted, got, there)
					}
				}
			})
		}
	}
}

// sorted fails unless a list stands in the order, who is alike as registered.
func sorted(t *testing.T, list []listed, alike func(x, y listed) int, ascending bool, r *room) {
	t.Helper()
	registered, _ := r.page(r.webex + "/registrants?max=100&orderType=ASC")
	place := func(x listed) int { return slices.IndexFunc(registered, func(y listed) bool { return x.ID == y.ID }) }
	if len(list) != 23 || !slices.IsSortedFunc(list, func(x, y listed) int {
		n := cmp.Or(alike(x, y), cmp.Compare(place(x), place(y)))
		if ascending {
			return n
		}
		return -n
	}) {
		t.Fatalf("not sorted: %v", list)
	}
}

// through reads all pages, and deletes between them. It returns whom it read
// and whom it deleted.
func (r *room) through(path string, all []listed, deleted string) (got []listed, gone map[string]bool) {
	r.t.Helper()
	gone = map[string]bool{}
	remove := func(people ...listed) {
		var ids []string
		for _, p := range people {
			if !gone[p.ID] {
				gone[p.ID] = true
				ids = append(ids, p.ID)
			}
		}
		if len(ids) > 0 {
			r.set("bulkDelete", ids...)
		}
	}
	for n := 1; path != ""; n++ {
		page, a := r.page(path)
		got, path = append(got, page...), nextPage(a)
		switch {
		case path == "" || deleted == "nobody":
		case deleted == "the last":
			remove(page[len(page)-1])
		case deleted == "the page":
			remove(page...)
		case deleted == "all before" && n == 3:
			remove(got...)
		case deleted == "some to come":
			at := slices.Index(all, page[len(page)-1])
			remove(all[at+1 : min(at+3, len(all))]...)
		}
	}
	return got, gone
}

// TestLinksKeepWhatWasAsked: a link is absolute and has every filter, and a
// cursor works for its own list only.
func TestLinksKeepWhatWasAsked(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	for i := range 3 {
		r.add(fmt.Sprintf("p%d@example.com", i), "")
	}
	query := "registrationTimeFrom=2026-03-01&registrationTimeTo=2026-03-05T00%3A00%3A00%2B02%3A00&status=approved&orderBy=lastName&orderType=ASC&hostEmail=owner%40muster.test"
	first, a := r.page(r.webex + "/registrants?max=2&" + query)
	link := a.Header.Get("Link")
	for part := range strings.SplitSeq(query+"&max=2&<"+mustertest.Base+r.webex+"/registrants?", "&") {
		if !strings.Contains(link, part) {
			t.Errorf("the link %s lacks %s", link, part)
		}
	}
	second, b := r.page(nextPage(a))
	if len(first) != 2 || len(second) != 1 || nextPage(b) != "" || !strings.Contains(b.Header.Get("Link"), `rel="first"`) {
		t.Errorf("got %v, then %v with %s", first, second, b.Header)
	}
	_, cursor, _ := strings.Cut(nextPage(a), "cursor=")
	cursor, _, _ = strings.Cut(cursor, "&")
	for _, other := range []string{"", "&orderBy=email", "&orderBy=lastName", "&orderBy=lastName&orderType=ASC", "&status=pending", "&email=p1@example.com"} {
		r.refused(400, "GET", r.webex+"/registrants?max=2&cursor="+cursor+other, "")
	}
	r.refused(400, "POST", r.webex+"/registrants/query?max=2&cursor="+cursor, `{"emails":["p1@example.com"]}`)
	if path := nextPage(a); len(path) > 0 {
		r.Advance(16 * time.Minute)
		r.refused(400, "GET", path, "")
	}
}

// TestQueryByEmails reads the pages of a query.
func TestQueryByEmails(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":1`)
	r.crowd()
	emails, _ := json.Marshal([]string{"p01@example.com", "P02@EXAMPLE.com", "p03@example.com", "'p04@example.com'", "p05@example.com", "nobody@example.com"})
	body := `{"orderBy":"email","orderType":"ASC","emails":` + string(emails) + `}`
	var got []string
	for path := r.webex + "/registrants/query?max=2"; path != ""; {
		a := r.Do("POST", path, body)
		var page struct{ Items []listed }
		if err := json.Unmarshal(a.Body, &page); err != nil || a.Status != 200 {
			t.Fatalf("got %d %s", a.Status, a.Body)
		}
		for _, p := range page.Items {
			got = append(got, p.Email)
		}
		path = nextPage(a)
	}
	if text := strings.Join(got, " "); text != "P01@example.com P02@example.com P03@example.com P04@example.com P05@example.com" {
		t.Errorf("got %s", text)
	}
	for status, want := range map[string]int{"approved": 0, "pending": 0, "rejected": 0} {
		all, _ := r.page(r.webex + "/registrants?max=100&status=" + status)
		for _, p := range all {
			if p.Email >= "P01" && p.Email < "P06" {
				want++
			}
		}
		items := r.Must(200, "POST", r.webex+"/registrants/query", `{"status":"`+status+`","emails":`+string(emails)+`}`)["items"].([]any)
		if len(items) != want {
			t.Errorf("%s: got %v, want %d", status, items, want)
		}
	}
}
