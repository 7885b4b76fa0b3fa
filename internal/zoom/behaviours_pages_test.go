package zoom_test

import (
	"fmt"
	"slices"
	"testing"

	"muster/internal/mustertest"
)

// TestWalkWhileChanging walks through 1,000 people while others come and go.
func TestWalkWhileChanging(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	all := numbered("p", 1000)
	ids := map[string]string{}
	for some := range slices.Chunk(all, 30) {
		for _, row := range r.Must(200, "POST", r.path+"/batch_registrants", batch(some...))["registrants"].([]any) {
			m := row.(map[string]any)
			ids[m["email"].(string)] = m["registrant_id"].(string)
		}
	}
	seen, gone, token := map[string]int{}, map[string]bool{}, ""
	for page := 0; ; page++ {
		got := r.Must(200, "GET", r.path+fmt.Sprintf("/registrants?page_size=%d&next_page_token=%s", 31+page%7, token), "")
		for _, row := range got["registrants"].([]any) {
			seen[row.(map[string]any)["email"].(string)]++
		}
		if token = got["next_page_token"].(string); token == "" {
			break
		}
		leave := []string{all[page*7], all[len(all)-1-page*5], all[(page*131+17)%1000]} // behind, far ahead, anywhere
		for _, email := range leave {
			if !gone[email] {
				r.Must(204, "DELETE", r.path+"/registrants/"+ids[email], "")
				gone[email] = true
			}
		}
		r.add(fmt.Sprintf("late%d@example.com", page), "")
	}
	for _, email := range all {
		if seen[email] > 1 || seen[email] == 0 && !gone[email] {
			t.Errorf("%s was seen %d times, left meanwhile: %t", email, seen[email], gone[email])
		}
	}
	for email, n := range seen {
		if n != 1 {
			t.Errorf("%s was seen %d times", email, n)
		}
	}
	left := r.people("status=all") // which compares total_records with the rows
	if !slices.IsSorted(left[:len(all)-len(gone)]) {
		t.Error("the list is not in the order of registration")
	}
}

// TestPagesByNumber reads the same people by number as by token.
func TestPagesByNumber(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	all := numbered("p", 47)
	for some := range slices.Chunk(all, 30) {
		r.Must(200, "POST", r.path+"/batch_registrants", batch(some...))
	}
	var got []string
	for number := 1; number <= 6; number++ {
		page := r.Must(200, "GET", r.path+fmt.Sprintf("/registrants?page_size=10&page_number=%d", number), "")
		told := fmt.Sprintf("%v of %v, %v each, %v in all", page["page_number"], page["page_count"], page["page_size"], page["total_records"])
		if want := fmt.Sprintf("%d of 5, 10 each, 47 in all", number); told != want {
			t.Errorf("the page says %s, want %s", told, want)
		}
		for _, row := range page["registrants"].([]any) {
			got = append(got, row.(map[string]any)["email"].(string))
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("got %v", got)
	}
	first := r.Must(200, "GET", r.path+"/registrants", "")
	if n := len(first["registrants"].([]any)); n != 30 {
		t.Errorf("without a size a page has %d rows", n)
	}
}
