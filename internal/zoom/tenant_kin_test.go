package zoom_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// family is a server with a primary account and two sub accounts, all full.
func family(t *testing.T) (s *mustertest.Server, parent, left, right *tenant) {
	t.Helper()
	s = mustertest.New(t, mustertest.Options{})
	s.SubAccount("left")
	s.SubAccount("right")
	return s, newTenant(t, s, "primary"), newTenant(t, s, "left"), newTenant(t, s, "right")
}

// TestTenantParentNeedsMaster walks all operations on a sub account with the
// parent's tokens: with and without a scope for sub accounts.
func TestTenantParentNeedsMaster(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			s, parent, left, _ := family(t)
			before := left.dump()
			body := bodyOf(t, o, left)
			for _, scope := range o.Scopes {
				if strings.HasSuffix(scope, ":master") {
					continue
				}
				token := s.TokenFor("primary", scope)
				for _, path := range inAccount(t, o, "left", left.names) {
					a := s.As(token, o.Method, path, body)
					if code := refusal(t, path, a); code != 4711 || !strings.Contains(string(a.Body), ":master") {
						t.Errorf("%s %s with %s: got %d %s, want code 4711 that names the scope", o.Method, path, scope, a.Status, a.Body)
					}
				}
			}
			// Without the prefix a token for sub accounts reaches the parent only.
			if plain := "/v2" + pathsOf(t, o.Path, left.names)[0]; !o.Whole {
				if a := parent.s.As(parent.token, o.Method, plain, body); strings.Contains(o.Path, "{") {
					refusal(t, plain, a)
				}
			}
			left.unchanged(before, o.ID+" without :master")
			paths := inAccount(t, o, "left", left.names)
			if len(paths) == 0 {
				return // it is about no account but the own
			}
			path := paths[0]
			master := masterOf(o.Scopes)
			if a := s.As(s.TokenFor("primary", master), o.Method, path, body); a.Status != o.Success && fruitless[o.ID] == "" {
				t.Errorf("%s %s with %s: got %d %s, want %d", o.Method, path, master, a.Status, a.Body, o.Success)
			}
		})
	}
}

func masterOf(scopes []string) string {
	for _, scope := range scopes {
		if strings.HasSuffix(scope, ":master") {
			return scope
		}
	}
	return ""
}

// TestTenantSubReachesNeitherParentNorSibling walks all operations from a sub
// account, with all scopes, :master among them. Nothing of it is done in the
// others, so that one family does for all.
func TestTenantSubReachesNeitherParentNorSibling(t *testing.T) {
	t.Parallel()
	s, parent, left, right := family(t)
	for _, o := range operations(t) {
		t.Run(o.ID, func(t *testing.T) {
			for _, victim := range []*tenant{parent, right} {
				before := victim.dump()
				w := &walk{t: t, s: s, victim: victim, token: left.token, own: "left"}
				w.operation(o)
				victim.unchanged(before, o.ID+" from a sub account")
			}
		})
	}
}

// TestTenantWrongAccount: who administers both is told where a thing is not,
// and still reaches nothing through the wrong account.
func TestTenantWrongAccount(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		if !strings.Contains(strings.Replace(o.Path, "{accountId}", "", 1), "{") {
			continue // it names nothing in the account
		}
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			s, parent, left, right := family(t)
			before := left.dump()
			for _, path := range inAccount(t, o, "right", left.names) {
				a := s.As(parent.token, o.Method, path, bodyOf(t, o, left))
				if code := refusal(t, path, a); code != 1010 && code != 3001 && code != 1001 && code != 4130 && code != 5110 && code != 1034 && code != 300 {
					t.Errorf("%s %s: got %d %s, want 1010 or that it does not exist", o.Method, path, a.Status, a.Body)
				}
				(&walk{t: t, victim: left}).silent(path, path, string(a.Body))
			}
			left.unchanged(before, o.ID+" through another account")
			succeeds(t, right, o)
		})
	}
}

// TestTenantPageTokens: a page token works for the list that gave it only.
func TestTenantPageTokens(t *testing.T) {
	t.Parallel()
	s, parent, left, right := family(t)
	for _, v := range []*tenant{parent, left, right} {
		v.do(201, "POST", v.meeting+"/registrants", `{"email":"second@walk.test","first_name":"S"}`)
		v.do(201, "POST", "/v2/users/me/meetings", `{"topic":"Second","type":2,"start_time":"2026-03-10T10:00:00Z","settings":{"approval_type":0}}`)
	}
	lists := []string{"/users?page_size=1", "/users/me/meetings?page_size=1", "/meetings/%s/registrants?page_size=1"}
	for _, list := range lists {
		page := func(v *tenant) string {
			if strings.Contains(list, "%s") {
				return fmt.Sprintf(list, v.names["meetingId"][0])
			}
			return list
		}
		token := text(left.do(200, "GET", "/v2"+page(left), "")["next_page_token"])
		if token == "" {
			t.Fatalf("%s: no further page", list)
		}
		more := "&next_page_token=" + url.QueryEscape(token)
		left.do(200, "GET", "/v2"+page(left)+more, "")
		for name, a := range map[string]mustertest.Answer{
			"sibling":                  s.As(right.token, "GET", "/v2"+page(right)+more, ""),
			"parent":                   s.As(parent.token, "GET", "/v2"+page(parent)+more, ""),
			"parent for sibling":       s.As(parent.token, "GET", "/v2/accounts/right"+page(right)+more, ""),
			"another list":             s.As(left.token, "GET", "/v2/users?page_size=1&role_id=2"+more, ""),
			"forged":                   s.As(left.token, "GET", "/v2"+page(left)+"&next_page_token="+url.QueryEscape(token[:len(token)-2]+"AA"), ""),
			"rubbish":                  s.As(left.token, "GET", "/v2"+page(left)+"&next_page_token=%21%21", ""),
			"the words of its own way": s.As(left.token, "GET", "/v2"+page(left)+"&next_page_token=MTIz", ""),
		} {
			if code := refusal(t, list+" "+name, a); a.Status != 400 || code != 300 {
				t.Errorf("%s with the token of %s: got %d %s, want 400 with code 300", list, name, a.Status, a.Body)
			}
		}
	}
}

// TestTenantIdempotencyKeys: one key of two callers is two keys.
func TestTenantIdempotencyKeys(t *testing.T) {
	t.Parallel()
	s, _, left, right := family(t)
	body := `{"action":"create","user_info":{"email":"keyed@walk.test","type":2}}`
	send := func(token, path string) mustertest.Answer {
		return s.Send("POST", path, body, "Authorization: Bearer "+token, "Content-Type: application/json", "Idempotency-Key: one")
	}
	first := send(left.token, "/v2/users")
	if first.Status != 201 || first.Header.Get("Idempotent-Replayed") != "" {
		t.Fatalf("first: got %d %s", first.Status, first.Body)
	}
	if again := send(left.token, "/v2/users"); again.Header.Get("Idempotent-Replayed") != "true" || string(again.Body) != string(first.Body) {
		t.Errorf("the same again: got %v %s, want the first answer replayed", again.Header, again.Body)
	}
	if other := send(right.token, "/v2/users"); other.Status != 201 || other.Header.Get("Idempotent-Replayed") != "" || string(other.Body) == string(first.Body) {
		t.Errorf("of another account: got %d %s, want an answer of its own", other.Status, other.Body)
	}
	if app := send(s.TokenFor("left"), "/v2/users"); app.Status != 409 || app.Code(t) != 1005 {
		t.Errorf("of another app of the account: got %d %s, want to be run and refused with 1005", app.Status, app.Body)
	}
	// The same app in two accounts: another path is another request, never the other's answer.
	master := s.TokenFor("primary")
	if a := send(master, "/v2/accounts/left/users"); a.Status != 409 {
		t.Errorf("parent in left: got %d %s, want 409", a.Status, a.Body)
	}
	if a := send(master, "/v2/users"); a.Status != 201 {
		t.Errorf("parent at home: got %d %s, want 201", a.Status, a.Body)
	}
	if a := send(master, "/v2/accounts/right/users"); a.Status != 409 || a.Code(t) != 3000 {
		t.Errorf("the key again on another path: got %d %s, want 409 with 3000", a.Status, a.Body)
	}
}

// TestTenantJoinTokens: a personal link opens its own page only, and what is
// wrong with any other is not told.
func TestTenantJoinTokens(t *testing.T) {
	t.Parallel()
	s, _, left, right := family(t)
	_, query, _ := strings.Cut(left.pages[0], "?")
	tk := strings.TrimPrefix(query, "tk=")
	if a := s.Send("GET", left.pages[0], ""); a.Status != 200 || !strings.Contains(string(a.Body), "Hiddenleftguest") {
		t.Fatalf("the link itself: got %d %s", a.Status, a.Body)
	}
	mine, theirs := left.names["meetingId"][0], right.names["meetingId"][0]
	wrong := s.Send("GET", "/w/99999999999?tk=none", "")
	for name, path := range map[string]string{
		"another meeting":          "/w/" + theirs + "?tk=" + tk,
		"another person":           "/w/" + mine + "?tk=" + right.names["registrantId"][0] + tk[22:],
		"id alone":                 "/w/" + mine + "?tk=" + left.names["registrantId"][0],
		"cut":                      "/w/" + mine + "?tk=" + tk[:len(tk)-1],
		"longer":                   "/w/" + mine + "?tk=" + tk + "A",
		"none":                     "/w/" + mine,
		"rubbish":                  "/w/" + mine + "?tk=%00%ff",
		"rubbish as long as an id": "/w/" + mine + "?tk=" + strings.Repeat("%ff%00", 30),
		"no number":                "/w/x?tk=" + tk,
		"huge number":              "/w/99999999999999999999999?tk=" + tk,
		"negative":                 "/w/-" + mine + "?tk=" + tk,
	} {
		if a := s.Send("GET", path, ""); a.Status != 404 || string(a.Body) != string(wrong.Body) {
			t.Errorf("%s: got %d %s, want 404 and the page of any wrong link", name, a.Status, a.Body)
		}
	}
}

// TestTenantNamedPeople: people of another account can be neither hosts nor
// helpers, and naming them tells nothing of them.
func TestTenantNamedPeople(t *testing.T) {
	t.Parallel()
	s, _, left, right := family(t)
	before := right.dump()
	for _, member := range []string{`"settings":{"alternative_hosts":%q}`, `"schedule_for":%q`} {
		for i, name := range right.names["userId"] {
			absent := []string{strings.Repeat("0", 22), "nobody@right.test"}[i%2]
			ask := func(who string) mustertest.Answer {
				return s.As(left.token, "POST", "/v2/users/me/meetings", `{"topic":"T",`+fmt.Sprintf(member, who)+`}`)
			}
			a, nobody := ask(name), ask(absent)
			refusal(t, member, a)
			if strings.ReplaceAll(string(a.Body), name, "X") != strings.ReplaceAll(string(nobody.Body), absent, "X") || a.Code(t) != 300 {
				t.Errorf("%s naming %s: got %d %s, but of nobody %s", member, name, a.Status, a.Body, nobody.Body)
			}
			u := s.As(left.token, "PATCH", left.meeting, `{`+fmt.Sprintf(`"settings":{"alternative_hosts":%q}`, name)+`}`)
			refusal(t, "update", u)
		}
	}
	right.unchanged(before, "naming its people")
}
