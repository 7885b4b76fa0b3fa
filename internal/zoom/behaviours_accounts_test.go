package zoom_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"muster/internal/mustertest"
)

const newSub = `{"first_name":"Ada","last_name":"Byron","email":"%s","password":"Another-1-word"}`

// atOnce sends n requests at the same time and counts the answers by status.
func atOnce(n int, send func(i int) mustertest.Answer) map[int]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[int]int{}
	for i := range n {
		all.Go(func() {
			status := send(i).Status
			mu.Lock()
			defer mu.Unlock()
			got[status]++
		})
	}
	all.Wait()
	return got
}

// TestSubAccountsAtOnce: of requests for sub accounts of one owner one succeeds.
func TestSubAccountsAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	got := atOnce(6, func(i int) mustertest.Answer {
		return s.Do("POST", "/v2/accounts", fmt.Sprintf(newSub, []string{"ada@branch.test", "ADA@branch.test"}[i%2]))
	})
	if got[http.StatusCreated] != 1 || got[http.StatusConflict] != 5 {
		t.Errorf("got %v, want one 201 and five 409", got)
	}
	if n := s.Number(`SELECT COUNT(*) FROM accounts WHERE parent_id = 'primary'`); n != 1 {
		t.Errorf("got %d sub accounts, want 1", n)
	}
}

// TestAccountSettingsAtOnce: changes of an account's settings and locks that
// come at the same time lose nothing of each other.
func TestAccountSettingsAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	leaves := []string{"host_video", "participant_video", "join_before_host", "enforce_login", "use_pmi_for_instant_meetings", "use_pmi_for_scheduled_meetings"}
	got := atOnce(2*len(leaves), func(i int) mustertest.Answer {
		body := `{"schedule_meeting":{"` + leaves[i/2] + `":true}}`
		return s.Do("PATCH", "/v2/accounts/me/"+[]string{"settings", "lock_settings"}[i%2], body)
	})
	kept := fmt.Sprint(s.Must(200, "GET", "/v2/accounts/me/settings?custom_query_fields="+strings.Join(leaves, ","), ""))
	locked := fmt.Sprint(s.Must(200, "GET", "/v2/accounts/me/lock_settings?custom_query_fields="+strings.Join(leaves, ","), ""))
	if n := strings.Count(kept, ":true"); n < len(leaves) {
		t.Errorf("of the settings %d are kept, want %d: %s (%v)", n, len(leaves), kept, got)
	}
	if n, want := strings.Count(locked, ":true"), got[http.StatusNoContent]-len(leaves); n < want || want < 2 {
		t.Errorf("of the locks %d are kept, want %d: %s (%v)", n, want, locked, got)
	}
}

// TestOwnersAtOnce: an account has one owner whoever comes first.
func TestOwnersAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	for i := range 4 {
		s.Must(201, "POST", "/v2/accounts/branch/users", fmt.Sprintf(`{"action":"create","user_info":{"email":"u%d@branch.test","type":2}}`, i))
	}
	got := atOnce(4, func(i int) mustertest.Answer {
		return s.Do("PUT", "/v2/accounts/branch/owner", fmt.Sprintf(`{"email":"u%d@branch.test"}`, i))
	})
	if got[http.StatusNoContent] != 4 {
		t.Errorf("got %v, want four 204", got)
	}
	owners := s.Texts(`SELECT id FROM users WHERE account_id = 'branch' AND role = '0'`)
	if want := s.Texts(`SELECT owner_id FROM accounts WHERE id = 'branch'`); len(owners) != 1 || owners[0] != want[0] {
		t.Errorf("got the owners %v, want %v", owners, want)
	}
	if n := s.Number(`SELECT COUNT(*) FROM users WHERE account_id = 'branch' AND role = '1'`); n != 4 {
		t.Errorf("got %d administrators, want the 4 who are owners no more", n)
	}
}

// TestOwnerChangeAtOnce: a token reaches as far as its user does now.
func TestOwnerChangeAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ada := userNamed(s, "ada")
	email := text(s.Must(200, "GET", "/v2/users/"+ada, "")["email"])
	old, young := s.Token(), s.UserToken("primary", ada)
	if a := s.As(young, "GET", "/v2/users", ""); a.Status != 400 { // which is remembered, too
		t.Fatalf("a member: got %d %s, want 400", a.Status, a.Body)
	}
	if a := s.As(old, "PUT", "/v2/accounts/me/owner", `{"email":"`+email+`"}`); a.Status != 204 {
		t.Fatalf("got %d %s, want 204", a.Status, a.Body)
	}
	if a := s.As(old, "PUT", "/v2/accounts/me/owner", `{"email":"owner@muster.test"}`); a.Status != 400 || a.Code(t) != 200 {
		t.Errorf("who was the owner gives it away: got %d %s, want 400 with code 200", a.Status, a.Body)
	}
	if a := s.As(old, "GET", "/v2/users", ""); a.Status != 200 {
		t.Errorf("who was the owner administers: got %d %s, want 200", a.Status, a.Body)
	}
	if a := s.As(young, "PUT", "/v2/accounts/me/owner", `{"email":"owner@muster.test"}`); a.Status != 204 {
		t.Errorf("the new owner gives it back: got %d %s, want 204", a.Status, a.Body)
	}
}

// TestDisassociatedAtOnce: every operation that names the account is 2001 for
// the former parent from the next request on, and nothing of it changes.
func TestDisassociatedAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	branch := newTenant(t, s, "branch")
	token := s.Token()
	if a := s.As(token, "GET", "/v2/accounts/branch/users", ""); a.Status != 200 {
		t.Fatalf("got %d %s, want 200", a.Status, a.Body)
	}
	if a := s.As(token, "DELETE", "/v2/accounts/branch", ""); a.Status != 204 {
		t.Fatalf("got %d %s, want 204", a.Status, a.Body)
	}
	before := branch.dump()
	for _, o := range operations(t) {
		for _, path := range inAccount(t, o, "branch", branch.names) {
			if a := s.As(token, o.Method, path, bodyOf(t, o, branch)); a.Code(t) != 2001 {
				t.Errorf("%s %s: got %d %s, want code 2001", o.Method, path, a.Status, a.Body)
			}
		}
	}
	branch.unchanged(before, "who was the parent")
}

// TestAccountPaths: what is about accounts is under two prefixes, and not
// under that of another account.
func TestAccountPaths(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	for _, path := range []string{"/v2/accounts/branch/accounts", "/v2/accounts/branch/accounts/branch", "/accounts/branch/accounts/me/settings", "/v1/accounts"} {
		if a := s.Do("GET", path, ""); a.Status != 404 || strings.Contains(path, "/v1") == (a.Code(t) == 2300) {
			t.Errorf("%s: got %d %s, want 404 that says it is no operation", path, a.Status, a.Body)
		}
	}
	if a := s.Do("PUT", "/v2/users/me/account", `{"account_id":"branch"}`); a.Code(t) != 2300 {
		t.Errorf("got %d %s, want 2300: this one names the account in its path", a.Status, a.Body)
	}
}
