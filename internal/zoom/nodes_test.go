package zoom_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/mustertest"
)

// nodes returns one meeting as three servers on one database see it.
func nodes(t *testing.T, o mustertest.Options, settings string) []*room {
	t.Helper()
	mustertest.NeedNodes(t)
	return spread(t, newRoom(t, o, settings))
}

// spread starts two more servers on the database of r.
func spread(t *testing.T, r *room) []*room {
	t.Helper()
	return []*room{r, {mustertest.Node(t, r.Server), t, r.path}, {mustertest.Node(t, r.Server), t, r.path}}
}

// reaches fails unless a token gets the status at each of the nodes.
func reaches(t *testing.T, what, token string, want int, at ...*room) {
	t.Helper()
	for i, n := range at {
		if a := n.As(token, "GET", "/v2/users/me", ""); a.Status != want {
			t.Errorf("%s, node %d of %d: got %d %s, want %d", what, i+1, len(at), a.Status, a.Body, want)
		}
	}
}

func TestNodesShareTokens(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	issuer := all[0]
	token := tokenOf(t, issuer.Server, issuer.Cred)
	reaches(t, "a fresh token", token, 200, all[1], all[2])
	issuer.Advance(300 * time.Millisecond)
	unseen := tokenOf(t, all[1].Server, issuer.Cred)
	for _, tk := range []string{token, unseen} {
		form := "token=" + tk + "&client_id=" + issuer.Cred.ClientID + "&client_secret=" + issuer.Cred.ClientSecret
		if a := issuer.Send("POST", "/oauth/revoke", form); a.Status != 200 {
			t.Fatalf("revoke: got %d %s", a.Status, a.Body)
		}
	}
	reaches(t, "revoked, where it was revoked", token, 401, issuer)
	reaches(t, "revoked, before any other node knew it", unseen, 401, all...)
	issuer.Advance(699 * time.Millisecond)
	reaches(t, "revoked, 999 ms after the others read it: they do not read it again", token, 200, all[1], all[2])
	issuer.Advance(time.Millisecond)
	reaches(t, "revoked, a second after the others read it", token, 401, all...)
}

// TestNodesFollowTheCommandLine rotates and removes an app at one node, by the
// use cases of `muster app`.
func TestNodesFollowTheCommandLine(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	cred := newApp(t, all[0].Server)
	token := tokenOf(t, all[1].Server, cred)
	reaches(t, "the token", token, 200, all...)
	rotated, err := all[2].App.RotateApp(t.Context(), cred.ClientID)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range all {
		if a := askToken(n.Server, cred, cred.ClientSecret); a.Status != http.StatusUnauthorized {
			t.Errorf("node %d takes the old secret: got %d %s", i, a.Status, a.Body)
		}
		reaches(t, "a token of the new secret", tokenOf(t, n.Server, *rotated), 200, all...)
	}
	all[0].Advance(time.Second)
	reaches(t, "the token of before the rotation", token, 401, all...)
	token = tokenOf(t, all[0].Server, *rotated)
	reaches(t, "the new token", token, 200, all...)
	if err := all[1].App.RemoveApp(t.Context(), cred.ClientID); err != nil {
		t.Fatal(err)
	}
	if a := askToken(all[0].Server, *rotated, rotated.ClientSecret); a.Status != http.StatusUnauthorized {
		t.Errorf("a removed app: got %d %s", a.Status, a.Body)
	}
	all[0].Advance(time.Second)
	reaches(t, "the token of a removed app", token, 401, all...)
}

func TestNodesMakeUniqueIDs(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	token := all[0].Token()
	var mu sync.Mutex
	ids := map[string]int{}
	rush(90, func(i int) {
		n := all[i%3]
		var a mustertest.Answer
		names := []string{"id", "uuid"}
		switch i / 3 % 3 {
		case 0:
			a = n.As(token, "POST", "/v2/users/me/meetings", `{"topic":"x"}`)
		case 1:
			a = n.As(token, "POST", n.path+"/registrants", fmt.Sprintf(`{"email":"p%d@example.com"}`, i))
			names = []string{"registrant_id", "participant_pin_code", "join_url"}
		default:
			a = n.As(token, "POST", "/v2/users", fmt.Sprintf(`{"action":"create","user_info":{"email":"u%d@muster.test","type":2}}`, i))
			names = []string{"id"}
		}
		if a.Status != 201 {
			t.Errorf("got %d %s", a.Status, a.Body)
			return
		}
		made := a.JSON(t)
		mu.Lock()
		defer mu.Unlock()
		for _, name := range names {
			ids[name+" "+member(made, name)]++
		}
	})
	if len(ids) != 30*2+30*3+30 {
		t.Errorf("got %d different ids, want 180: %v", len(ids), ids)
	}
}

// TestNodesSeeAChangeAtOnce changes a meeting at each node and looks at it at
// the next.
func TestNodesSeeAChangeAtOnce(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	path := all[0].path
	for i, n := range all {
		next := all[(i+1)%3]
		topic := fmt.Sprintf("Topic %d", i)
		n.Must(204, "PATCH", path, fmt.Sprintf(`{"topic":%q}`, topic))
		if got := next.Must(200, "GET", path, "")["topic"]; got != topic {
			t.Errorf("node %d: got the topic %v, want %s", i, got, topic)
		}
		email := fmt.Sprintf("p%d@example.com", i)
		n.add(email, "")
		next.set("deny", "", email)
		if got := n.stands(email); got != "denied" {
			t.Errorf("node %d: got %s, want denied", i, got)
		}
		n.Must(204, "DELETE", path, "")
		next.Refused(404, 3001, "GET", path, "")
		next.Refused(404, 3001, "POST", path+"/registrants", `{"email":"late@example.com"}`)
		next.Must(204, "PUT", path+"/status", `{"action":"recover"}`)
		n.Must(200, "GET", path, "")
	}
	all[1].Must(204, "PUT", path+"/status", `{"action":"end"}`)
	for _, n := range all {
		n.Refused(400, 3038, "POST", path+"/registrants", `{"email":"late@example.com"}`)
	}
}

func TestNodesTakePageTokensOfOthers(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	want := numbered("p", 10)
	for i, email := range want {
		all[i%3].add(email, "")
	}
	var got []string
	token := ""
	for page := 0; page == 0 || token != ""; page++ {
		answer := all[page%3].Must(200, "GET", all[0].path+"/registrants?page_size=2&next_page_token="+token, "")
		for _, row := range answer["registrants"].([]any) {
			got = append(got, row.(map[string]any)["email"].(string))
		}
		token = answer["next_page_token"].(string)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestNodesMissNobodyWhilePaging pages through the list from the beginning to
// its end, again and again, while people register at three nodes. What it has
// read at an end is how the list began: nobody came before somebody who was
// read.
func TestNodesMissNobodyWhilePaging(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	token := all[0].Token()
	done := make(chan bool)
	go func() {
		defer close(done)
		rush(90, func(i int) {
			path, body := "/registrants", fmt.Sprintf(`{"email":"one%d@example.com"}`, i)
			if i%3 == 0 {
				path, body = "/batch_registrants", batch(numbered(fmt.Sprintf("many%d-", i), 5)...)
			}
			if a := all[i%3].As(token, "POST", all[0].path+path, body); a.Status >= 300 {
				t.Errorf("got %d %s", a.Status, a.Body)
			}
		})
	}()
	var read [][]string
	for running := true; running; {
		select {
		case <-done:
			running = false // once more, all of it
		default:
		}
		read = append(read, pages(t, all, token))
	}
	final := all[0].Texts(`SELECT id FROM registrants ORDER BY seq`)
	if last := read[len(read)-1]; len(final) != 60+30*5 || !slices.Equal(last, final) {
		t.Errorf("got %d people in the end, %d by pages, want 210", len(final), len(last))
	}
	for i, list := range read {
		if len(list) > len(final) || !slices.Equal(list, final[:len(list)]) {
			t.Errorf("walk %d of %d missed somebody or read somebody twice: %d read", i, len(read), len(list))
		}
	}
}

// pages returns the ids of all pages, each from another node.
func pages(t *testing.T, all []*room, token string) (ids []string) {
	t.Helper()
	next := ""
	for page := 0; page == 0 || next != ""; page++ {
		a := all[page%3].As(token, "GET", all[0].path+"/registrants?page_size=7&next_page_token="+next, "")
		if a.Status != 200 {
			t.Fatalf("got %d %s", a.Status, a.Body)
		}
		answer := a.JSON(t)
		for _, row := range answer["registrants"].([]any) {
			ids = append(ids, row.(map[string]any)["id"].(string))
		}
		next = answer["next_page_token"].(string)
	}
	return ids
}

// TestNodesPurgeOnce: several nodes that purge at once remove each meeting
// once, and a meeting that is recovered meanwhile is recovered or gone, with
// all its people.
func TestNodesPurgeOnce(t *testing.T) {
	t.Parallel()
	all := nodes(t, mustertest.Options{}, `"approval_type":0`)
	const meetings = 25 // more than one portion
	var paths []string
	for i := range meetings {
		path := all[i%3].Meeting("")
		all[i%3].Must(201, "POST", path+"/registrants", `{"email":"p@example.com"}`)
		all[i%3].Must(204, "DELETE", path, "")
		paths = append(paths, path)
	}
	all[0].Advance(30*24*time.Hour + time.Millisecond) // to the millisecond: for who begins now it is too late to recover
	token := all[0].Token()
	rush(9, func(i int) {
		if i < 6 {
			if err := all[i%3].App.Purge(t.Context()); err != nil {
				t.Error(err)
			}
			return
		}
		for _, path := range paths {
			if a := all[i%3].As(token, "PUT", path+"/status", `{"action":"recover"}`); a.Status != 404 {
				t.Errorf("recover after 30 days: got %d %s", a.Status, a.Body)
			}
		}
	})
	purged := 0
	for _, e := range all[0].Events() {
		if strings.HasPrefix(e, "meeting.purged ") {
			purged++
		}
	}
	if left := all[0].Number(`SELECT COUNT(*) FROM registrants`); left != 0 || purged != meetings {
		t.Errorf("%d people left, %d meetings purged, want 0 and %d", left, purged, meetings)
	}
}

// TestNodesStartAtOnce: of several nodes that make the first account only one does.
func TestNodesStartAtOnce(t *testing.T) {
	t.Parallel()
	mustertest.NeedNodes(t)
	first := mustertest.New(t, mustertest.Options{})
	keys := string(first.App.Keys.Secret)
	rush(6, func(int) {
		n := mustertest.Node(t, first)
		made, existing, err := n.App.Bootstrap(t.Context(), app.NewAccount{ID: "another"})
		if err != nil || made != nil || existing != "primary" || string(n.App.Keys.Secret) != keys {
			t.Errorf("got %+v, %q, %v", made, existing, err)
		}
	})
}
