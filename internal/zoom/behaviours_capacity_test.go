package zoom_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"muster/internal/mustertest"
)

// rush runs do n times at once and waits.
func rush(n int, do func(i int)) {
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { do(i) })
	}
	wait.Wait()
}

// counted returns how many people hold a place and how many there are in
// all, of one occurrence if not "". The lists are counted row by row.
func (r *room) counted(occurrence string) (places, all int) {
	r.t.Helper()
	more := ""
	if occurrence != "" {
		more = "&occurrence_id=" + occurrence
	}
	approved, pending := len(r.people("status=approved"+more)), len(r.people("status=pending"+more))
	denied, all := len(r.people("status=denied"+more)), len(r.people("status=all"+more))
	if approved+pending+denied != all {
		r.t.Errorf("%d approved, %d pending, %d denied are not %d in all", approved, pending, denied, all)
	}
	return approved + pending, all
}

// TestNoOversell has 200 callers who want 300 places of 50: one by one, in
// batches and by approving people who are out.
func TestNoOversell(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{Capacity: 50}, `"approval_type":1`)
	out := numbered("out", 40)
	r.Must(200, "POST", r.path+"/batch_registrants", batch(out[:30]...))
	r.set("deny", "", out[:30]...)
	r.Must(200, "POST", r.path+"/batch_registrants", batch(out[30:]...))
	r.set("cancel", "", out[30:]...)
	token := r.Token()
	var mu sync.Mutex
	taken := 0
	rush(200, func(i int) {
		method, path, body, wants := "POST", "/registrants", fmt.Sprintf(`{"email":"one%d@example.com","auto_approve":%t}`, i, i%2 == 0), 1
		full := http.StatusBadRequest
		switch {
		case i%5 == 3:
			method, path, body = "PUT", "/registrants/status", change("approve", out[i/5])
		case i%5 == 4:
			path, body, wants, full = "/batch_registrants", batch(numbered(fmt.Sprintf("batch%d-", i), 4)...), 4, http.StatusNotFound
		}
		a := r.As(token, method, r.path+path, body)
		switch {
		case a.Status < 300:
			mu.Lock()
			defer mu.Unlock()
			taken += wants
		case a.Status != full || a.Code(t) != 3043:
			t.Errorf("%s %s: got %d %s", method, path, a.Status, a.Body)
		}
	})
	places, all := r.counted("")
	if places != 50 || taken != 50 {
		t.Errorf("%d places are taken, and the answers gave %d: want 50", places, taken)
	}
	if got := len(r.people("status=denied")); all != places+got {
		t.Errorf("%d in all, %d out", all, got)
	}
	r.Refused(400, 3043, "POST", r.path+"/registrants", `{"email":"late@example.com"}`)
}

// TestNoOversellPerOccurrence has 100 callers who want two of three
// occurrences each, of 20 places.
func TestNoOversellPerOccurrence(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{Capacity: 20}, `"approval_type":0,"registration_type":3`)
	token := r.Token()
	rush(100, func(i int) {
		chosen := ids[i%3] + "," + ids[(i+1)%3]
		a := r.As(token, "POST", r.path+"/registrants?occurrence_ids="+chosen, fmt.Sprintf(`{"email":"p%d@example.com"}`, i))
		if a.Status != 201 && (a.Status != 400 || a.Code(t) != 3043) {
			t.Errorf("got %d %s", a.Status, a.Body)
		}
	})
	sum := 0
	for i, id := range ids[:3] {
		places, _ := r.counted(id)
		if places > 20 {
			t.Errorf("occurrence %d has %d people: want at most 20", i, places)
		}
		sum += places
	}
	places, all := r.counted("")
	if sum != 2*places || places != all || sum < 40 { // two occurrences at least are full, or more would fit
		t.Errorf("%d people hold %d places", places, sum)
	}
	for i, id := range ids[:3] { // what is left, one by one
		places, _ := r.counted(id)
		for n := places; n < 20; n++ {
			r.addFor(id, fmt.Sprintf("left%d-%d@example.com", i, n), "")
		}
		r.Refused(400, 3043, "POST", r.path+"/registrants?occurrence_ids="+id, `{"email":"late@example.com"}`)
	}
}

// TestPlacesComeBack takes, gives back and takes again: by every way out.
func TestPlacesComeBack(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{Capacity: 1}, `"approval_type":0`)
	id := r.add("a@example.com", "")["registrant_id"].(string)
	taken := func() {
		t.Helper()
		r.Refused(400, 3043, "POST", r.path+"/registrants", `{"email":"late@example.com"}`)
	}
	taken()
	r.set("cancel", "", "a@example.com")
	r.add("b@example.com", "")
	taken()
	r.Refused(400, 3043, "POST", r.path+"/registrants", `{"email":"a@example.com"}`)
	r.Refused(400, 3043, "PUT", r.path+"/registrants/status", change("approve", "a@example.com"))
	r.set("deny", "", "b@example.com")
	r.set("approve", "", "a@example.com")
	taken()
	r.Must(204, "DELETE", r.path+"/registrants/"+id, "")
	r.Must(200, "POST", r.path+"/batch_registrants", batch("c@example.com", "C@example.com"))
	taken()
	if places, all := r.counted(""); places != 1 || all != 2 {
		t.Errorf("%d places of %d people", places, all)
	}
}

// TestPlacesOfOccurrences gives one occurrence of two back.
func TestPlacesOfOccurrences(t *testing.T) {
	t.Parallel()
	r, ids := weekly(t, mustertest.Options{Capacity: 1}, `"approval_type":0,"registration_type":3`)
	id := r.addFor(ids[0]+","+ids[1], ann, "")["registrant_id"].(string)
	r.set("cancel", ids[0], ann)
	r.addFor(ids[0], "b@example.com", "")
	r.Refused(400, 3043, "PUT", r.path+"/registrants/status?occurrence_id="+ids[0], change("approve", ann))
	r.Refused(400, 3043, "PUT", r.path+"/registrants/status", change("approve", ann))
	r.Refused(400, 3043, "POST", r.path+"/registrants?occurrence_ids="+ids[1], `{"email":"b@example.com"}`)
	r.Must(204, "DELETE", r.path+"/registrants/"+id+"?occurrence_id="+ids[1], "")
	r.addFor(ids[1], "b@example.com", "")
	if got := r.stands(ann); got != "denied" {
		t.Errorf("ann stands %q, want denied: only the cancelled occurrence is left", got)
	}
	separate, ids := weekly(t, mustertest.Options{Capacity: 1}, `"approval_type":0,"registration_type":2`)
	for _, o := range ids {
		separate.addFor(o, ann, "")
		separate.Refused(400, 3043, "POST", separate.path+"/registrants?occurrence_ids="+o, `{"email":"b@example.com"}`)
	}
}
