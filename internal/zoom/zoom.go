// Package zoom has what all operations of the Zoom REST API v2 share: how a
// request is admitted and limited, how a failure is told, and how ids, times
// and pages are spelled.
package zoom

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

// Prefixes are the paths under which operations are mounted: the plain form,
// the form for an account, and that form as some pages write it. What is about
// accounts has the account in its own path, in the last two of these forms.
var Prefixes = op.Prefixes{
	All:   []string{"/v2", "/v2/accounts/{accountId}", "/accounts/{accountId}"},
	Whole: []string{"/v2", ""},
}

// Dialect is the Zoom REST API v2.
type Dialect struct {
	App    *app.App
	Scopes []string // every scope of the running version
	Limits *Limiter // nil: no limits
}

type requestKey struct{}

// A request is what the dialect knows of an admitted request.
type request struct {
	actor   muster.Actor
	meeting int64 // the number in the path, 0 if none
}

// Actor returns the caller that Admit put in ctx.
func Actor(ctx context.Context) muster.Actor { return ctx.Value(requestKey{}).(request).actor }

// Scopes returns the scopes of an operation, any one of which suffices: the
// granular one such as meeting:write:registrant and the classic ones such as
// meeting:write, each for the own user, the account (:admin) and sub accounts
// (:master; the classic one of an area has no verb).
func Scopes(granular string, classic ...string) []string {
	var all []string
	for _, c := range classic {
		all = append(all, c, c+":admin")
	}
	area, _, _ := strings.Cut(granular, ":")
	return append(all, area+":master", granular, granular+":admin", granular+":master")
}

// AllScopes returns the scopes that ops ask for, sorted, each once.
func AllScopes(ops []op.Operation) []string {
	var all []string
	for _, o := range ops {
		all = append(all, o.Scopes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Admit implements op.Dialect.
func (d *Dialect) Admit(w http.ResponseWriter, r *http.Request, s *op.Spec) (context.Context, error) {
	grant, err := d.authenticate(r)
	if err != nil {
		return nil, err
	}
	call := op.CallOf(r.Context())
	call.App, call.Account = grant.App.ID, grant.App.Account
	set(w.Header(), "X-RateLimit-Category", string(s.Rate))
	actor, err := d.authorize(r, s, grant)
	if err != nil {
		return nil, err
	}
	if err := d.Limits.admit(r.Context(), w, d.App, actor.Home, s.Rate); err != nil {
		return nil, err
	}
	meeting, _ := meetingID(r.PathValue("meetingId")) // 0 where the handler will refuse it
	return context.WithValue(r.Context(), requestKey{}, request{actor, meeting}), nil
}

// authenticate returns the grant of the request's token, which may stand
// only in the Authorization header.
func (d *Dialect) authenticate(r *http.Request) (*app.Grant, error) {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(kind, "Bearer") || token == "" {
		return nil, &failure{http.StatusUnauthorized, 4700, "The access token is missing: send it in the header Authorization: Bearer."}
	}
	grant, err := d.App.Authenticate(r.Context(), token)
	if errors.Is(err, app.ErrBadToken) {
		return nil, &failure{http.StatusUnauthorized, 124, "Invalid access token: it is unknown, revoked or expired."}
	}
	return grant, err
}

// authorize returns who acts and in which account.
func (d *Dialect) authorize(r *http.Request, s *op.Spec, grant *app.Grant) (muster.Actor, error) {
	have := grant.Scopes
	if len(have) == 0 {
		have = d.Scopes
	}
	a := muster.Actor{App: grant.App.ID, Home: grant.App.Account, Account: grant.App.Account, User: grant.User}
	granted, admin, master := s.Scopes == nil, false, false // without scopes every token will do
	for _, scope := range s.Scopes {
		if slices.Contains(have, scope) {
			granted = true
			master = master || strings.HasSuffix(scope, ":master")
			admin = admin || master || strings.HasSuffix(scope, ":admin")
		}
	}
	asked := r.PathValue("accountId")
	a.Prefixed = asked != ""
	if asked != "" && asked != app.Me && asked != a.Home {
		var id wire.String
		if err := id.UnmarshalText([]byte(asked)); err != nil {
			return a, op.Invalid("accountId", err.Error())
		}
		if err := d.App.SubAccount(r.Context(), a.Home, asked); err != nil {
			return a, err
		}
		a.Account = asked
		granted = master
	}
	if !granted {
		return a, missingScopes(s, a.Account != a.Home)
	}
	if a.Role = &grant.Role; !admin {
		return a, nil
	}
	return a, withinRole(&a, s, grant, master)
}

// withinRole lets a reach beyond their own things as far as their role allows:
// a token with scopes for the whole account, of somebody whose role does not
// have the privilege, is a token for what is their own. In a sub account
// nothing is.
func withinRole(a *muster.Actor, s *op.Spec, grant *app.Grant, master bool) error {
	sub := a.Account != a.Home
	a.Lacks, a.Admin = grant.Reaches(s.Scopes, sub)
	if master {
		_, a.Master = grant.Reaches(s.Scopes, true)
	}
	if sub {
		return a.NeedsAdmin("This")
	}
	return nil
}

// missingScopes names the granular scopes of which one would do, the classic
// ones where there are no others. Clients read the list in the brackets.
func missingScopes(s *op.Spec, master bool) error {
	var want, classic []string
	for _, scope := range s.Scopes {
		granular := strings.Count(strings.TrimSuffix(strings.TrimSuffix(scope, ":admin"), ":master"), ":") == 2
		if master && !strings.HasSuffix(scope, ":master") {
			continue
		}
		if classic = append(classic, scope); granular {
			want = append(want, scope)
		}
	}
	if len(want) == 0 { // the operation has no granular ones
		want = classic
	}
	return &failure{http.StatusBadRequest, 4711, "Invalid access token, does not contain scopes:[" + strings.Join(want, ", ") + "]"}
}

// TakesForms implements op.Dialect.
func (d *Dialect) TakesForms() bool { return true }

// Once implements op.Dialect.
func (d *Dialect) Once(ctx context.Context, k op.Keyed, run func(context.Context) (op.Reply, error)) (op.Reply, bool, error) {
	req := ctx.Value(requestKey{}).(request)
	keyed := app.Keyed{Key: k.Key, Fingerprint: k.Fingerprint, Meeting: app.MeetingRef{ID: req.meeting}}
	reply, replayed, err := d.App.Once(ctx, req.actor, keyed, func(ctx context.Context) (app.Reply, error) {
		r, err := run(ctx)
		return app.Reply{Status: r.Status, Body: r.Body}, err
	})
	return op.Reply{Status: reply.Status, Body: reply.Body}, replayed, err
}

// Headers returns next with the headers that every answer of the API has.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		set(h, "x-zm-trackingid", "v=2.0;clid=muster;rid=WEB_"+op.CallOf(r.Context()).ID)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// set sets a header in the original's own capitals, which net/http would change.
func set(h http.Header, name, value string) { h[name] = []string{value} }

// NotFound answers what is no operation.
func NotFound(w http.ResponseWriter, r *http.Request) {
	op.CallOf(r.Context()).Code = "no_such_operation"
	writeFailure(w, http.StatusNotFound, envelope{Code: 2300, Message: "This API endpoint is not recognized: " + shown(r.Method) + " " + shown(r.URL.Path) + "."})
}

// shown bounds what an answer repeats of a request.
func shown(text string) string {
	if runes := []rune(text); len(runes) > 200 {
		return string(runes[:200]) + "…"
	}
	return strings.ToValidUTF8(text, "�")
}

func atoi(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// InternalError answers where something of ours broke before any operation
// could tell.
func InternalError(w http.ResponseWriter, _ *http.Request) {
	writeFailure(w, http.StatusInternalServerError, envelope{Code: 500, Message: "Internal error."})
}
