// Package webex is the Webex Meetings API v1: its operations, how a request is
// admitted, how a failure is told, and how ids, times and pages are spelled.
package webex

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
)

// Prefix is the path under which every operation is mounted.
const Prefix = "/v1"

// API serves the operations.
type API struct {
	App  *app.App
	Base string // of links, without trailing slash
}

// Operations lists them all.
func (a *API) Operations() []op.Operation {
	return slices.Concat(
		a.meetingOperations(), a.registrantOperations(), a.registrationOperations(), a.inviteeOperations(), a.peopleOperations(), a.webhookOperations(),
	)
}

// Dialect is the Webex Meetings API v1.
type Dialect struct {
	App    *app.App
	Scopes []string // every scope of the running version
	Limits *Limiter // nil: no limits
}

type requestKey struct{}

// A request is what the dialect knows of an admitted request.
type request struct {
	actor   muster.Actor
	meeting app.MeetingRef // what the path names, zero if nothing
	url     *url.URL
}

func requestOf(ctx context.Context) request { return ctx.Value(requestKey{}).(request) }

// actor returns the caller that Admit put in ctx.
func actor(ctx context.Context) muster.Actor { return requestOf(ctx).actor }

// Areas of scopes: what a token must have to read or write them.
var (
	readMeetings  = scopes("meeting:schedules_read", "meeting:admin_schedule_read", "meeting:read", "meeting:master")
	writeMeetings = scopes("meeting:schedules_write", "meeting:admin_schedule_write", "meeting:write", "meeting:master")
	readPeople    = scopes("spark:people_read", "spark-admin:people_read", "user:read", "user:master")
)

// scopes returns the scopes of which any one suffices: those of this API for
// the own things and for all of the account, and Zoom's classic ones, which an
// app of the same account may have instead.
func scopes(own, admin, zoom, master string) []string {
	return []string{own, admin, zoom, zoom + ":admin", master}
}

// reachesAll reports whether a scope is for everything in the account.
func reachesAll(scope string) bool {
	return strings.Contains(scope, ":admin") || strings.HasPrefix(scope, "spark-admin:") || strings.HasSuffix(scope, ":master")
}

// Admit implements op.Dialect.
func (d *Dialect) Admit(w http.ResponseWriter, r *http.Request, s *op.Spec) (context.Context, error) {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(kind, "Bearer") || token == "" {
		return nil, &failure{status: http.StatusUnauthorized, text: "The access token is missing: send it in the header Authorization: Bearer."}
	}
	grant, err := d.App.Authenticate(r.Context(), token)
	if errors.Is(err, app.ErrBadToken) {
		return nil, &failure{status: http.StatusUnauthorized, text: "The access token is unknown, revoked or expired."}
	} else if err != nil {
		return nil, err
	}
	call := op.CallOf(r.Context())
	call.App, call.Account = grant.App.ID, grant.App.Account
	a := muster.Actor{App: grant.App.ID, Home: grant.App.Account, Account: grant.App.Account, User: grant.User}
	have, granted := grant.Scopes, s.Scopes == nil
	if len(have) == 0 {
		have = d.Scopes
	}
	for _, scope := range s.Scopes {
		if slices.Contains(have, scope) {
			granted = true
			a.Admin = a.Admin || reachesAll(scope)
		}
	}
	if !granted {
		return nil, &failure{status: http.StatusForbidden, text: "The access token has none of the scopes of which this needs one: " + strings.Join(s.Scopes[:2], ", ") + "."}
	}
	if a.Role = &grant.Role; a.Admin {
		a.Lacks, a.Admin = grant.Reaches(s.Scopes, false)
	}
	if err := d.Limits.admit(d.App.Now(), a.App); err != nil {
		return nil, err
	}
	ref, _ := anyMeeting(r.PathValue("meetingId")) // zero where the handler will refuse it
	return context.WithValue(r.Context(), requestKey{}, request{a, ref.series, r.URL}), nil
}

// TakesForms implements op.Dialect.
func (d *Dialect) TakesForms() bool { return false }

// Once implements op.Dialect.
func (d *Dialect) Once(ctx context.Context, k op.Keyed, run func(context.Context) (op.Reply, error)) (op.Reply, bool, error) {
	req := requestOf(ctx)
	keyed := app.Keyed{Key: k.Key, Fingerprint: k.Fingerprint, Meeting: req.meeting}
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
		h["trackingid"] = []string{trackingID(r)} // in the original's own small letters
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func trackingID(r *http.Request) string { return "ROUTER_" + op.CallOf(r.Context()).ID }

// NotFound answers what is no operation: 405 where allowed says that the path
// has others.
func NotFound(allowed func(*http.Request) []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		op.CallOf(r.Context()).Code = "no_such_operation"
		if methods := allowed(r); len(methods) > 0 {
			w.Header().Set("Allow", strings.Join(methods, ", "))
			writeFailure(w, r, &failure{status: http.StatusMethodNotAllowed, text: "This resource takes " + strings.Join(methods, ", ") + "."})
			return
		}
		writeFailure(w, r, &failure{status: http.StatusNotFound, text: "There is no such resource here."})
	}
}

// InternalError answers where something of ours broke before any operation
// could tell.
func InternalError(w http.ResponseWriter, r *http.Request) {
	writeFailure(w, r, &failure{status: http.StatusInternalServerError, text: internal})
}
