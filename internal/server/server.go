// Package server mounts the dialects and pages on one HTTP handler and does
// for every request what none of them should have to: identity, log line,
// metrics, recovery, deadline, a clean path.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"muster/internal/app"
	"muster/internal/oauth"
	"muster/internal/op"
	"muster/internal/store"
	"muster/internal/web"
	"muster/internal/webex"
	"muster/internal/zoom"
)

// Config is what a Server needs. App is completed by New: it observes registrations.
type Config struct {
	App            *app.App
	Base           string // the public origin that links begin with, without trailing slash
	Plan           string // whose rate limits to imitate: off, free, pro, business
	TrustedProxies []netip.Prefix
	OwnMetrics     bool // metrics have a listener of their own: not on the main one
	Log            *slog.Logger
	Version        string
}

// A Server is the HTTP side of Muster.
type Server struct {
	Handler http.Handler // everything for the main listener
	Metrics http.Handler // health and metrics, for a listener of their own

	stopping atomic.Bool
}

// CheckPlan returns nil if plan is one whose limits a server can imitate.
func CheckPlan(plan string) error {
	_, err := zoom.NewLimiter(plan)
	return err
}

// requestTime is how long one request may take in all.
const requestTime = 60 * time.Second

// New returns a server over c.App.
func New(c Config) (*Server, error) {
	limits, err := zoom.NewLimiter(c.Plan)
	if err != nil {
		return nil, err
	}
	if limits != nil {
		c.App.Plan = zoom.PersonalLimits
		c.App.Free = c.Plan == "free"
	}
	s := &Server{}
	m := newMetrics(c.App.DB)
	c.App.Observe = m.registered

	declared := Declare(c.App, c.Base)
	api := http.NewServeMux()
	scopes := declared.Scopes()
	op.Mount(api, &zoom.Dialect{App: c.App, Scopes: scopes, Limits: limits}, zoom.Prefixes, declared.Zoom)
	tokens := http.NewServeMux()
	op.Mount(tokens, oauth.Dialect{}, op.Prefixes{All: []string{""}}, declared.OAuth)
	api.Handle("POST /oauth/token", oauth.Lenient(tokens))
	api.Handle("POST /oauth/revoke", oauth.Lenient(tokens))
	api.HandleFunc("/", zoom.NotFound)
	meetings := http.NewServeMux()
	wx := &webex.Dialect{App: c.App, Scopes: scopes}
	if limits != nil {
		wx.Limits = webex.NewLimiter()
	}
	op.Mount(meetings, wx, op.Prefixes{All: []string{webex.Prefix}}, declared.Webex)
	meetings.HandleFunc("/", webex.NotFound(otherMethods(meetings)))

	mux := http.NewServeMux()
	mux.Handle("/", zoom.Headers(api))
	v1 := webex.Headers(withoutSlash(meetings))
	mux.Handle(webex.Prefix+"/", v1)
	mux.Handle(webex.Prefix, v1) // which the mux would answer with a redirect
	web.Mount(mux, c.App)
	documentsOf(declared, c.Base, c.Version).mount(mux)
	health := s.health(c.App.DB)
	mux.Handle("GET /healthz", health)
	mux.Handle("GET /readyz", health)
	metrics := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	if !c.OwnMetrics {
		mux.Handle("GET /metrics", loopbackOnly(metrics))
	}
	own := http.NewServeMux()
	own.Handle("GET /healthz", health)
	own.Handle("GET /readyz", health)
	own.Handle("GET /metrics", metrics)

	s.Handler = observed(c, m, cleanPath(mux))
	s.Metrics = own
	return s, nil
}

// withoutSlash drops a slash at the end of a path: the original's own client
// for JavaScript lists people at /people/.
func withoutSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.EscapedPath(), "/") {
			u := *r.URL
			u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/"), strings.TrimSuffix(u.RawPath, "/")
			trimmed := *r
			trimmed.URL = &u
			next.ServeHTTP(w, &trimmed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// otherMethods returns with which methods what mux has would take a request's path.
func otherMethods(mux *http.ServeMux) func(*http.Request) []string {
	return func(r *http.Request) (methods []string) {
		for _, m := range []string{"DELETE", "GET", "PATCH", "POST", "PUT"} {
			other := *r
			other.Method = m
			if _, pattern := mux.Handler(&other); pattern != "/" {
				methods = append(methods, m)
			}
		}
		return methods
	}
}

// Stopping makes /readyz say that no new requests should come.
func (s *Server) Stopping() { s.stopping.Store(true) }

// health answers /healthz while the process lives and /readyz while it can serve.
func (s *Server) health(db *store.DB) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, text := http.StatusOK, "ok\n"
		if r.URL.Path == "/readyz" {
			ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
			defer cancel()
			if s.stopping.Load() {
				status, text = http.StatusServiceUnavailable, "stopping\n"
			} else if err := db.Ping(ctx); err != nil && r.Context().Err() == nil { // else the client is gone
				status, text = http.StatusServiceUnavailable, "the database does not answer\n"
				op.CallOf(r.Context()).Err = err
			}
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, text) // the client is gone; nobody to tell
	})
}

// loopbackOnly answers clients on this machine that no proxy stands before.
func loopbackOnly(next http.Handler) http.Handler {
	notFound := zoom.Headers(http.HandlerFunc(zoom.NotFound))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		forwarded := r.Header.Get("X-Forwarded-For") + r.Header.Get("Forwarded") + r.Header.Get("Via")
		if err != nil || !peer.Addr().Unmap().IsLoopback() || forwarded != "" {
			notFound.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
