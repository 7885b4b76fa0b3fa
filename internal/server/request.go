package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"muster/internal/op"
	"muster/internal/webex"
	"muster/internal/zoom"
)

// observed gives each request an id, a deadline and a log line, counts it and
// survives its panics.
func observed(c Config, m *metrics, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		call := &op.Call{ID: requestID(), Client: clientOf(r, c.TrustedProxies)}
		ctx, cancel := context.WithTimeout(op.WithCall(r.Context(), call), requestTime)
		defer cancel()
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if v := recover(); v != nil && v != http.ErrAbortHandler {
				call.Err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
				if rec.status == 0 {
					internalError(r).ServeHTTP(rec, r.WithContext(ctx))
				}
			}
			m.request(call.Operation, r.Method, rec.status, time.Since(begin))
			logRequest(c.Log, r.Method, call, rec.status, time.Since(begin))
		}()
		next.ServeHTTP(rec, r.WithContext(ctx))
	})
}

// internalError answers in the words of the dialect that the path is of.
func internalError(r *http.Request) http.Handler {
	if strings.HasPrefix(r.URL.Path, webex.Prefix+"/") {
		return webex.Headers(http.HandlerFunc(webex.InternalError))
	}
	return zoom.Headers(http.HandlerFunc(zoom.InternalError))
}

// logRequest writes the one line. It has no path and no query: they may hold
// emails, tokens and links.
func logRequest(log *slog.Logger, method string, call *op.Call, status int, took time.Duration) {
	attrs := []any{
		"request_id", call.ID, "operation", call.Operation, "method", method, "status", status,
		"duration_ms", float64(took.Microseconds()) / 1000,
	}
	for _, a := range []struct{ key, value string }{{"account", call.Account}, {"app", call.App}, {"code", call.Code}} {
		if a.value != "" {
			attrs = append(attrs, a.key, a.value)
		}
	}
	if call.Err != nil {
		log.Error("request", append(attrs, "error", call.Err.Error())...)
		return
	}
	log.Info("request", attrs...)
}

// requestID returns 32 hex digits.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToUpper(hex.EncodeToString(b[:]))
}

// clientOf returns the address of who asks: the peer's or, behind proxies
// that we trust, the last one that they did not add themselves.
func clientOf(r *http.Request, trusted []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) }) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		addr = next.Unmap()
	}
	return addr.String()
}

// cleanPath folds // to / and refuses dot segments before the mux sees the
// path: the mux would answer both with a redirect, and clients lose their
// token on it.
func cleanPath(next http.Handler) http.Handler {
	notFound := zoom.Headers(http.HandlerFunc(zoom.NotFound))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw := r.URL.EscapedPath()
		if !strings.HasPrefix(raw, "/") { // "*", or the address alone: the mux has answers of its own to them
			notFound.ServeHTTP(w, r)
			return
		}
		folded := raw
		for strings.Contains(folded, "//") {
			folded = strings.ReplaceAll(folded, "//", "/")
		}
		for segment := range strings.SplitSeq(folded, "/") {
			if segment == "." || segment == ".." {
				notFound.ServeHTTP(w, r)
				return
			}
		}
		if folded != raw {
			path, err := url.PathUnescape(folded)
			if err != nil {
				notFound.ServeHTTP(w, r)
				return
			}
			r2 := *r
			u := *r.URL
			u.Path, u.RawPath = path, folded
			r2.URL = &u
			r = &r2
		}
		next.ServeHTTP(w, r)
	})
}

// A recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the first status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write is an answer of 200 where nothing else was said.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
