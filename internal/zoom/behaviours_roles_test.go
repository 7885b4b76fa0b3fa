package zoom_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/server"
)

// userNamed makes a user of the primary account and returns their id.
func userNamed(s *mustertest.Server, name string) string {
	return text(s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"`+name+`@muster.test","type":2,"first_name":"`+name+`"}}`)["id"])
}

// newRole makes a role with privileges, given as a JSON list, and what else
// the body has, and gives it to a user.
func newRole(s *mustertest.Server, user, privileges, more string) string {
	id := text(s.Must(201, "POST", "/v2/roles", `{"name":"Role of `+user+`","privileges":`+privileges+more+`}`)["id"])
	s.Must(201, "POST", "/v2/roles/"+id+"/members", `{"members":[{"id":"`+user+`"}]}`)
	return id
}

// TestRoleDecidesReach calls what needs a privilege of each area with tokens of
// all scopes whose users have just this privilege, another, or none.
func TestRoleDecidesReach(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	host, meeting := userNamed(s, "host"), ""
	meeting = "/v2/meetings/" + text(s.Must(201, "POST", "/v2/users/"+host+"/meetings", `{"topic":"t","type":2,"settings":{"approval_type":0}}`)["id"])
	group := text(s.Must(201, "POST", "/v2/groups", `{"name":"Staff"}`)["id"])
	for i, c := range []struct {
		privilege, method, path, body string
		status                        int
	}{
		{"User:Read", "GET", "/v2/users", "", 200},
		{"User:Read", "GET", "/v2/users/" + host, "", 200},
		{"User:Edit", "POST", "/v2/users", `{"action":"create","user_info":{"email":"new%d@muster.test","type":1}}`, 201},
		{"User:Read", "GET", meeting, "", 200},
		{"User:Edit", "PATCH", meeting, `{"topic":"u"}`, 204},
		{"User:Edit", "POST", meeting + "/registrants", `{"email":"a%d@b.test","first_name":"A"}`, 201},
		{"User:Edit", "POST", "/v2/users/" + host + "/meetings", `{"topic":"t"}`, 201},
		{"Group:Edit", "POST", "/v2/groups", `{"name":"G %d"}`, 201},
		{"Group:Read", "GET", "/v2/groups/" + group + "/settings", "", 200},
		{"Group:Edit", "PATCH", "/v2/groups/" + group + "/settings", `{"in_meeting":{"chat":true}}`, 204},
		{"Role:Read", "GET", "/v2/roles", "", 200},
		{"Role:Edit", "POST", "/v2/roles", `{"name":"R %d"}`, 201},
		{"IMGroups:Read", "GET", "/v2/im/groups", "", 200},
		{"IMGroups:Edit", "POST", "/v2/im/groups", `{"name":"D %d"}`, 201},
		{"UsageReport:Read", "GET", "/v2/muster/audit", "", 200},
		{"ScheduleTrackingFields:Read", "GET", "/v2/tracking_fields", "", 200},
		{"ScheduleTrackingFields:Edit", "POST", "/v2/tracking_fields", `{"field":"F %d"}`, 201},
	} {
		if strings.Contains(c.body, "%d") {
			c.body = fmt.Sprintf(c.body, i)
		}
		what := c.privilege + ": " + c.method + " " + c.path
		with, without, nothing := userNamed(s, fmt.Sprint("with", i)), userNamed(s, fmt.Sprint("without", i)), userNamed(s, fmt.Sprint("nothing", i))
		newRole(s, with, `["`+c.privilege+`"]`, "")
		other := `["Dashboard:Read"]`
		if area, edit := strings.CutSuffix(c.privilege, ":Edit"); edit { // seeing is not changing
			other = `["` + area + `:Read"]`
		}
		newRole(s, without, other, "")
		for _, user := range []string{without, nothing} {
			if a := s.As(s.UserToken("primary", user), c.method, c.path, c.body); a.Status < 400 || a.Status >= 500 {
				t.Errorf("%s without it: got %d %s, want a refusal", what, a.Status, a.Body)
			}
		}
		if a := s.As(s.UserToken("primary", with), c.method, c.path, c.body); a.Status != c.status {
			t.Errorf("%s: got %d %s, want %d", what, a.Status, a.Body, c.status)
		}
	}
}

// TestMemberReachesOwnThings walks every operation with the token of a Member
// that has every scope, about what is another's. Nothing of it is done, so that
// one account does for all.
func TestMemberReachesOwnThings(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	owner := newTenant(t, s, "primary")
	member := s.UserToken("primary", userNamed(s, "member"))
	for _, o := range operations(t) {
		t.Run(o.ID, func(t *testing.T) {
			before := owner.dump()
			for _, path := range pathsOf(t, o.Path, owner.names) {
				if a := s.As(member, o.Method, "/v2"+path, bodyOf(t, o, owner)); a.Status < 400 || a.Status >= 500 {
					t.Errorf("%s %s: got %d %s, want a refusal", o.Method, path, a.Status, a.Body)
				}
			}
			owner.unchanged(before, o.ID+" by a member")
		})
	}
}

// TestMemberHasOwnThings shows that a Member may do with their own things what
// anybody may, with the widest token.
func TestMemberHasOwnThings(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	user := userNamed(s, "member")
	token := s.UserToken("primary", user)
	if a := s.As(token, "GET", "/v2/users/me", ""); a.Status != 200 || text(a.JSON(t)["id"]) != user {
		t.Errorf("me: got %d %s", a.Status, a.Body)
	}
	made := s.As(token, "POST", "/v2/users/me/meetings", `{"topic":"mine","type":2,"settings":{"approval_type":0}}`)
	if made.Status != 201 || text(made.JSON(t)["host_id"]) != user {
		t.Fatalf("got %d %s", made.Status, made.Body)
	}
	path := "/v2/meetings/" + text(made.JSON(t)["id"])
	if a := s.As(token, "POST", path+"/registrants", `{"email":"a@b.test","first_name":"A"}`); a.Status != 201 {
		t.Errorf("register: got %d %s", a.Status, a.Body)
	}
	if a := s.As(token, "POST", "/v2/users/me/meetings", `{"topic":"theirs","schedule_for":"owner@muster.test"}`); a.Status != 400 {
		t.Errorf("schedule for another: got %d %s", a.Status, a.Body)
	}
	if a := s.As(s.Token(), "GET", path, ""); a.Status != 200 {
		t.Errorf("the owner: got %d %s", a.Status, a.Body)
	}
	if a := s.Send("GET", "/v1/meetings/"+text(s.Must(201, "POST", "/v2/users/me/meetings", `{"topic":"owner's","type":2,"settings":{"approval_type":0}}`)["id"])+"/registrants", "", "Authorization: Bearer "+token); a.Status < 400 {
		t.Errorf("the other dialect: got %d %s, want a refusal", a.Status, a.Body)
	}
}

// TestRoleChangesTakeEffect changes what a user may do in each way that there is.
func TestRoleChangesTakeEffect(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	user := userNamed(s, "ada")
	token := s.UserToken("primary", user)
	may := func(when string, want int) {
		t.Helper()
		if a := s.As(token, "GET", "/v2/roles", ""); a.Status != want {
			t.Errorf("%s: got %d %s, want %d", when, a.Status, a.Body, want)
		}
	}
	may("member", 400)
	role := newRole(s, user, `["Role:Read"]`, "")
	may("assigned", 200)
	s.Must(204, "PATCH", "/v2/roles/"+role, `{"privileges":[]}`)
	may("privilege taken", 400)
	s.Must(204, "PATCH", "/v2/roles/"+role, `{"privileges":["Role:Edit"]}`)
	may("privilege given", 200)
	s.Must(204, "DELETE", "/v2/roles/"+role+"/members/"+user, "")
	may("unassigned", 400)
	s.Must(201, "POST", "/v2/roles/1/members", `{"members":[{"id":"`+user+`"}]}`)
	may("admin", 200)
	s.Must(201, "POST", "/v2/roles/"+role+"/members", `{"members":[{"id":"`+user+`"}]}`)
	may("moved", 200)
	s.Must(204, "DELETE", "/v2/roles/"+role, "")
	may("role deleted", 400)
}

// TestNodesLearnOfRoles changes a role on one node and asks another.
func TestNodesLearnOfRoles(t *testing.T) {
	mustertest.NeedNodes(t)
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	other := mustertest.Node(t, s)
	user := userNamed(s, "ada")
	role := newRole(s, user, `["Role:Read"]`, "")
	token := s.UserToken("primary", user)
	if a := other.As(token, "GET", "/v2/roles", ""); a.Status != 200 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	s.Must(204, "DELETE", "/v2/roles/"+role+"/members/"+user, "")
	s.Advance(time.Second)
	if a := other.As(token, "GET", "/v2/roles", ""); a.Status != 400 {
		t.Errorf("a second later: got %d %s, want a refusal", a.Status, a.Body)
	}
}

// TestRolesReachSubAccounts calls a sub account with each way to manage them.
func TestRolesReachSubAccounts(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	for i, c := range []struct {
		privileges, more string
		status           int
	}{
		{`["User:Read"]`, ``, 400},
		{`["SubAccount:Edit"]`, `,"sub_account_privileges":{"second_level":3}`, 400}, // settings only
		{`["User:Read"]`, `,"sub_account_privileges":{"second_level":2}`, 200},
		{`["Group:Read"]`, `,"sub_account_privileges":{"second_level":2}`, 400},
		{`[]`, `,"sub_account_privileges":{"second_level":1}`, 200},
	} {
		user := userNamed(s, fmt.Sprint("sub", i))
		newRole(s, user, c.privileges, c.more)
		token := s.UserToken("primary", user)
		if a := s.As(token, "GET", "/v2/accounts/branch/users", ""); a.Status != c.status {
			t.Errorf("%s%s: got %d %s, want %d", c.privileges, c.more, a.Status, a.Body, c.status)
		}
		for _, path := range []string{"/v2/accounts/nowhere/users", "/v2/accounts/nowhere/users/me"} {
			if a := s.As(token, "GET", path, ""); a.Status != 404 || a.Code(t) != 2001 {
				t.Errorf("%s: got %d %s, want 404 with 2001", path, a.Status, a.Body)
			}
		}
	}
}

// TestKeysAreEachUsersOwn sends one Idempotency-Key with tokens of one app that
// stand for two users.
func TestKeysAreEachUsersOwn(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	cred := newApp(t, s)
	client, err := s.App.Client(t.Context(), cred.ClientID, cred.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, user := range []string{"", userNamed(s, "ada"), userNamed(s, "bob")} {
		token, err := s.App.IssueTokenFor(t.Context(), client, user)
		if err != nil {
			t.Fatal(err)
		}
		a := s.Send("POST", "/v2/users/me/meetings", `{"topic":"t"}`, "Authorization: Bearer "+token, "Content-Type: application/json", "Idempotency-Key: one")
		if a.Status != 201 || seen[string(a.Body)] {
			t.Errorf("%q: got %d %s, want a meeting of their own", user, a.Status, a.Body)
		}
		seen[string(a.Body)] = true
	}
	if _, err := s.App.IssueTokenFor(t.Context(), client, "nobody"); muster.CodeOf(err) != muster.UserNotFound {
		t.Errorf("nobody: got %v", err)
	}
}

// TestAssigningWhileDeleting leaves nobody with a role that is gone.
func TestAssigningWhileDeleting(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	user, token := userNamed(s, "ada"), s.Token()
	for range 5 {
		role := text(s.Must(201, "POST", "/v2/roles", `{"name":"short-lived"}`)["id"])
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { s.As(token, "POST", "/v2/roles/"+role+"/members", `{"members":[{"id":"`+user+`"}]}`) })
		}
		group.Go(func() { s.As(token, "DELETE", "/v2/roles/"+role, "") })
		group.Wait()
		if got := text(s.Must(200, "GET", "/v2/users/"+user, "")["role_id"]); got != "2" {
			t.Fatalf("got role %s, want that of a Member", got)
		}
	}
}

// TestEveryOperationHasAPrivilege: of scopes that the table does not know
// nobody but the owner would have the privilege.
func TestEveryOperationHasAPrivilege(t *testing.T) {
	t.Parallel()
	server.Declare(&app.App{}, "").Each(func(dialect string, o op.Operation) {
		p := muster.PrivilegeFor(o.Scopes)
		if o.Scopes != nil && p.Area == "" {
			t.Errorf("%s %s: no privilege covers %v", dialect, o.ID, o.Scopes)
		}
		if dialect == "zoom" && p.Edit == (o.Method == "GET") { // the other API queries by POST
			t.Errorf("%s %s: %s of the scopes %v is of the other verb than %s", dialect, o.ID, p, o.Scopes, o.Method)
		}
	})
}
