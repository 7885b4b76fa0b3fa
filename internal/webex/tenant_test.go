package webex_test

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/webex"
)

// succeeds shows that a walk was refused for who asked and not for what: the
// token is answered.
func succeeds(t testing.TB, s *mustertest.Server, token string, o op.Operation, th *things) {
	t.Helper()
	path := pathTo(t, o, th)
	if a := s.As(token, o.Method, path, bodyOf(t, o, th)); a.Status != o.Success {
		t.Errorf("%s %s: got %d %s, want %d: the walk proves nothing", o.Method, path, a.Status, a.Body, o.Success)
	}
}

// silent fails the test where an answer tells something that the request did not say.
func silent(t testing.TB, what, asked string, a mustertest.Answer, secrets []string) {
	t.Helper()
	if decoded, err := url.PathUnescape(asked); err == nil {
		asked += decoded
	}
	for part := range strings.FieldsFuncSeq(asked, func(r rune) bool { return strings.ContainsRune("/?&= ", r) }) {
		asked += decodedID(part)
	}
	told := string(a.Body) + fmt.Sprint(a.Header)
	for _, secret := range secrets {
		if secret != "" && !strings.Contains(asked, secret) && strings.Contains(told, secret) {
			t.Errorf("%s: the answer tells %q: %s", what, secret, a.Body)
		}
	}
}

// requests returns all requests of o about th: each path, with and without the
// host's email and filters.
func requests(t testing.TB, o op.Operation, th *things) []string {
	t.Helper()
	var all []string
	for _, path := range pathsOf(t, o.Path, th.names) {
		path = webex.Prefix + path + cmp.Or(th.say(queries[o.ID]), "?")
		more := []string{"", "&hostEmail=" + th.host, "&current=true"}
		if o.Method == "GET" {
			more = append(more, "&max=100&email="+th.guest, "&meetingNumber="+strings.TrimPrefix(th.zoom, "/v2/meetings/"), "&meetingId="+th.names["meetingId"][0],
				"&id="+th.names["personId"][0], "&email="+th.host)
		}
		for _, m := range more {
			all = append(all, strings.TrimSuffix(strings.Replace(path+m, "?&", "?", 1), "?"))
		}
	}
	return all
}

// TestTenantWalk calls every operation with the token of another account and
// the ids of the victim. What it is told must be what it would be told of ids
// that do not exist.
func TestTenantWalk(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			s.Account("victim")
			s.Account("stranger")
			victim := newTenant(t, s, "victim")
			before := victim.dump()
			tokens := []string{s.TokenFor("stranger")}
			if len(o.Scopes) > 0 {
				tokens = append(tokens, s.TokenFor("stranger", o.Scopes[0]))
			}
			for _, token := range tokens {
				for i, th := range []*things{victim.own, victim.other} {
					for j, path := range requests(t, o, th) {
						body := strings.ReplaceAll(bodyOf(t, o, th), "new@walk.test", fmt.Sprintf("new%d-%d@walk.test", i, j))
						stranger(t, s, token, o, th, path, body)
					}
				}
			}
			victim.unchanged(before, o.ID+" by a stranger")
			succeeds(t, s, victim.token, o, victim.other)
		})
	}
}

// stranger sends one request. Where it names something of the victim's in the
// path it must be refused in the words that a thing gets that does not exist.
func stranger(t testing.TB, s *mustertest.Server, token string, o op.Operation, th *things, path, body string) {
	t.Helper()
	what := o.Method + " " + path
	send := func(path, body string) mustertest.Answer {
		headers := []string{"Authorization: Bearer " + token, "hostEmail: " + th.host}
		if body != "" {
			headers = append(headers, "Content-Type: application/json")
		}
		return s.Send(o.Method, path, body, headers...)
	}
	a := send(path, body)
	headers(t, what, a.Header)
	silent(t, what, path+" "+body, a, th.secrets)
	if !namesThings(o) {
		if a.Status >= 500 {
			t.Errorf("%s: got %d %s", what, a.Status, a.Body)
		}
		return
	}
	refusal(t, what, a)
	nobody := send(th.absent(path), th.absent(body))
	got, want := th.absent(anyTrackingID.ReplaceAllString(string(a.Body), "")), th.absent(anyTrackingID.ReplaceAllString(string(nobody.Body), ""))
	if a.Status != nobody.Status || got != want {
		t.Errorf("%s: got %d %s, but of what does not exist %d %s", what, a.Status, got, nobody.Status, want)
	}
}

// TestScopeWalk: each scope of an operation suffices for the own user's
// meetings; only those for all of the account reach another host's, whatever
// is said of the host. Webhooks are of the app that made them and no other's.
func TestScopeWalk(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		for i, scope := range o.Scopes {
			if testing.Short() && i > 1 {
				break // the own ones and the account's; what comes after is Zoom's words for them
			}
			t.Run(o.ID+" "+scope, func(t *testing.T) {
				t.Parallel()
				s := mustertest.New(t, mustertest.Options{})
				v := newTenant(t, s, "primary")
				token := s.Token(scope)
				perApp := strings.Contains(o.Path, "{webhookId}")
				switch {
				case !namesThings(o):
				case everywhere(scope) && !perApp:
					succeeds(t, s, token, o, v.other)
				default:
					before := v.dump()
					for _, path := range requests(t, o, v.other) {
						a := s.As(token, o.Method, path, bodyOf(t, o, v.other))
						refusal(t, path, a)
						silent(t, path, path+bodyOf(t, o, v.other), a, v.other.secrets)
					}
					v.unchanged(before, o.ID+" with "+scope)
				}
				if perApp {
					mine := s.As(token, "POST", "/v1/webhooks", bodies["createWebhook"])
					v.own.names["webhookId"] = []string{text(mine.JSON(t)["id"])}
				}
				succeeds(t, s, token, o, v.own)
			})
		}
	}
}

func everywhere(scope string) bool {
	return strings.HasSuffix(scope, ":master") || strings.HasSuffix(scope, ":admin") || strings.Contains(scope, ":admin_") || strings.HasPrefix(scope, "spark-admin:")
}

// TestTokensAreAskedFor: no operation is open, and each has scopes of its own.
func TestTokensAreAskedFor(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	expired := s.Token()
	s.Advance(2 * time.Hour)
	v.token = s.Token()
	before := v.dump()
	for _, o := range operations(t) {
		if o.Public {
			t.Errorf("%s is open to all", o.ID)
		}
		path, body := pathTo(t, o, v.own), bodyOf(t, o, v.own)
		send := func(status int, authorization string) {
			t.Helper()
			all := []string{"Content-Type: application/json"}
			if authorization != "" {
				all = append(all, "Authorization: "+authorization)
			}
			a := s.Send(o.Method, path, body, all...)
			refusal(t, o.ID, a)
			silent(t, o.ID, path+body, a, v.own.secrets)
			if a.Status != status {
				t.Errorf("%s with %q: got %d %s, want %d", o.ID, authorization, a.Status, a.Body, status)
			}
		}
		for _, wrong := range []string{"", "Bearer", "Bearer ", "Bearer x", "Basic " + v.token, v.token, "Bearer " + expired, "Bearer " + v.token + "x"} {
			send(401, wrong)
		}
		for _, scope := range o.Scopes {
			// Who may read meetings may be told of them. [webex-docs: webhooks]
			writes := o.Method != "GET" && o.ID != "queryMeetingRegistrants" && !strings.HasSuffix(o.ID, "Webhook")
			if writes && strings.Contains(scope, "read") || !writes && strings.Contains(scope, "write") {
				t.Errorf("%s takes %s", o.ID, scope)
			}
		}
		if len(o.Scopes) > 0 {
			send(403, "Bearer "+s.Token("phone:read"))
			send(403, "Bearer "+s.Token(foreign(o)...))
		}
	}
	v.unchanged(before, "who has no token for it")
}

// foreign returns the scopes of all other operations that o does not take.
func foreign(o op.Operation) []string {
	var all []string
	for _, scope := range []string{
		"meeting:schedules_read", "meeting:admin_schedule_read", "meeting:read", "meeting:read:admin", "meeting:schedules_write", "meeting:admin_schedule_write",
		"meeting:write", "meeting:write:admin", "spark:people_read", "spark-admin:people_read", "user:read", "user:read:admin", "user:master",
	} {
		if !slices.Contains(o.Scopes, scope) {
			all = append(all, scope)
		}
	}
	return all
}
