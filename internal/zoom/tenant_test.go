package zoom_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/zoom"
)

// TestTenantWalk calls every operation, under every prefix, with the token of
// another account and the ids of the victim. What it is told must be what it
// would be told of ids that do not exist.
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
			for _, token := range []string{s.TokenFor("stranger"), s.TokenFor("stranger", o.Scopes[0])} {
				w := &walk{t: t, s: s, victim: victim, token: token, own: "stranger"}
				w.operation(o)
			}
			victim.unchanged(before, o.ID+" by a stranger")
			succeeds(t, victim, o)
		})
	}
}

// succeeds shows that the walk was refused for who asked and not for what:
// the victim itself is answered.
func succeeds(t *testing.T, victim *tenant, o op.Operation) {
	t.Helper()
	if fruitless[o.ID] != "" || o.ID == "switchUserAccount" { // there is nowhere to go
		return
	}
	if parental[o.ID] && victim.sub == "" { // it is a sub account itself
		return
	}
	path := "/v2" + pathsOf(t, o.Path, victim.names)[0]
	if a := victim.s.As(victim.token, o.Method, path, bodyOf(t, o, victim)); a.Status != o.Success {
		t.Errorf("%s %s by the victim: got %d %s, want %d: the walk proves nothing", o.Method, path, a.Status, a.Body, o.Success)
	}
}

// A walk is the requests of one attacker.
type walk struct {
	t          *testing.T
	s          *mustertest.Server
	victim     *tenant
	token, own string
	n          int // bodies of its own, so that nothing it makes exists already
}

func (w *walk) operation(o op.Operation) {
	w.t.Helper()
	body := bodyOf(w.t, o, w.victim)
	for _, prefix := range zoom.Prefixes.Of(o.Spec) {
		for _, account := range []string{"me", w.own, w.victim.account, w.victim.sub} {
			at := prefix + o.Path
			if !strings.Contains(at, "{accountId}") && account != "me" || account == "" {
				continue
			}
			at = strings.Replace(at, "{accountId}", account, 1)
			theirs := account == w.victim.account || account == w.victim.sub
			for _, path := range pathsOf(w.t, at, w.victim.names) {
				w.request(o, path, body, theirs || strings.Contains(at, "{") || o.Method == "DELETE" && path != at)
			}
			for _, query := range []string{"?page_size=300&status=all", "?type=upcoming", "?email=guest@victim.test&status=all"} {
				if o.Method == "GET" {
					w.request(o, pathsOf(w.t, at, w.victim.names)[0]+query, "", theirs || strings.Contains(at, "{"))
				}
			}
		}
	}
}

// request sends one request. Where it names something of the victim's it
// must be refused in the words that a thing gets that does not exist.
func (w *walk) request(o op.Operation, path, body string, names bool) {
	w.t.Helper()
	w.n++
	body = strings.ReplaceAll(body, "new@walk.test", fmt.Sprintf("new%d@walk.test", w.n))
	what := o.Method + " " + path
	a := w.s.As(w.token, o.Method, path, body)
	headers(w.t, what, a.Header)
	w.silent(what, path+" "+body, string(a.Body))
	if !names {
		if a.Status >= 500 {
			w.t.Errorf("%s: got %d %s", what, a.Status, a.Body)
		}
		return
	}
	refusal(w.t, what, a)
	if strings.Contains(path, "/accounts/"+w.victim.account) || w.victim.sub != "" && strings.Contains(path, "/accounts/"+w.victim.sub) {
		if want := zoom.AnswerTo(o.Spec, muster.AccountNotFound); a.Status != want.Status || a.Code(w.t) != want.Code {
			w.t.Errorf("%s: got %d %s, want %d with code %d", what, a.Status, a.Body, want.Status, want.Code)
		}
	}
	nobody := w.s.As(w.token, o.Method, w.absent(path), w.absent(body))
	if got, want := w.absent(string(a.Body)), w.absent(string(nobody.Body)); a.Status != nobody.Status || got != want {
		w.t.Errorf("%s: got %d %s, but of what does not exist %d %s", what, a.Status, got, nobody.Status, want)
	}
}

// silent fails the test where an answer tells something that the request did not say.
func (w *walk) silent(what, asked, told string) {
	w.t.Helper()
	for decoded := asked; strings.Contains(decoded, "%"); { // a uuid with a slash is escaped twice
		once, err := url.PathUnescape(decoded)
		if err != nil {
			break
		}
		asked, decoded = asked+once, once
	}
	for _, secret := range w.victim.secrets {
		if secret != "" && !strings.Contains(asked, secret) && strings.Contains(told, secret) {
			w.t.Errorf("%s: the answer tells %q of the victim: %s", what, secret, told)
		}
	}
}

// absent replaces the victim's names by others of the same form.
func (w *walk) absent(text string) string {
	n := w.victim.names
	id, user := strings.Repeat("0", 22), "nobody@victim.test"
	pairs := []string{
		"/accounts/" + w.victim.account, "/accounts/nobody", ": " + w.victim.account + ".", ": nobody.",
		n["userId"][0], id, n["userId"][1], user, n["userId"][2], id, n["userId"][3], user, n["registrantId"][0], id, n["groupId"][0], id,
		n["fileId"][0], id, n["users/fileId"][0], id, n["roleId"][0], id, n["fieldId"][0], id, n["im/groupId"][0], id, w.victim.helper, id,
		n["account/fileId"][0], id,
		n["meetingId"][0], "99999999999",
	}
	if w.victim.sub != "" {
		pairs = append(pairs, w.victim.sub, id)
	}
	uuid, _ := url.PathUnescape(n["meetingId"][1]) // we escaped it
	for _, form := range []string{n["meetingId"][2], n["meetingId"][1], uuid} {
		pairs = append(pairs, form, "AAAAAAAAAAAAAAAAAAAAAA==")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
