package zoom_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"muster/internal/mustertest"
)

// TestIMGroupMembersAtOnce puts the same users into a group many times at once:
// each joins once, and is answered once.
func TestIMGroupMembersAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	token := s.Token()
	group := "/v2/im/groups/" + text(s.Must(201, "POST", "/v2/im/groups", `{"name":"Developers"}`)["id"])
	var refs []string
	for i := range 5 {
		refs = append(refs, `{"id":"`+userNamed(s, fmt.Sprint("m", i))+`"}`)
	}
	body := `{"members":[` + strings.Join(refs, ",") + `]}`
	var all sync.WaitGroup
	answers := make([]mustertest.Answer, 8)
	for i := range answers {
		all.Go(func() { answers[i] = s.As(token, "POST", group+"/members", body) })
	}
	all.Wait()
	joined := 0
	for _, a := range answers {
		if a.Status != 201 {
			t.Fatalf("got %d %s", a.Status, a.Body)
		}
		joined += len(strings.FieldsFunc(text(a.JSON(t)["ids"]), func(r rune) bool { return r == ',' }))
	}
	if n := text(s.Must(200, "GET", group, "")["total_members"]); joined != 5 || n != "5" {
		t.Errorf("got %d joined and %s members, want 5", joined, n)
	}
	for range 3 { // a group that goes while somebody joins
		gone := "/v2/im/groups/" + text(s.Must(201, "POST", "/v2/im/groups", `{"name":"short-lived"}`)["id"])
		for _, c := range [][2]string{{"POST", gone + "/members"}, {"DELETE", gone}, {"POST", gone + "/members"}} {
			all.Go(func() {
				if a := s.As(token, c[0], c[1], body); a.Status >= 500 {
					t.Errorf("%s: got %d %s", c, a.Status, a.Body)
				}
			})
		}
		all.Wait()
	}
}
