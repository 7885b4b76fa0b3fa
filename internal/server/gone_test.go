package server_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/server"
)

// TestClientGone: who hangs up before the answer is no failure of ours,
// whatever was asked for.
func TestClientGone(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	meeting, token := s.Meeting(""), s.Token()
	link, _ := s.Must(201, "POST", meeting+"/registrants", `{"email":"ann@gone.test"}`)["join_url"].(string)
	log := new(mustertest.Log)
	srv, err := server.New(server.Config{App: s.App, Base: mustertest.Base, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(s.Cred.ClientID+":"+s.Cred.ClientSecret))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		line, authorization string
		want                int
	}{
		{"GET /v2/users", "Bearer " + token, 499},
		{"POST /oauth/token?grant_type=account_credentials&account_id=primary", basic, 499},
		{"POST /oauth/revoke?token=x", basic, 499},
		{"GET " + strings.TrimPrefix(link, mustertest.Base), "", 499},
		{"GET /readyz", "", 200}, // which was not answered by the database, but says nothing against it
	} {
		method, path, _ := strings.Cut(c.line, " ")
		r := httptest.NewRequestWithContext(ctx, method, path, nil)
		r.Header.Set("Authorization", c.authorization)
		w := httptest.NewRecorder()
		srv.Handler.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: got %d %s, want %d", c.line, w.Code, w.Body, c.want)
		}
	}
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("logged as failures of ours:\n%s", log)
	}
}

// TestMetricsAreOurs: whoever may not read the metrics is told what a path
// gets that is none, with all that belongs to it.
func TestMetricsAreOurs(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	if a := s.Send("GET", "/metrics", ""); a.Status != 200 {
		t.Errorf("from this machine: got %d, want 200", a.Status)
	}
	a := s.Send("GET", "/metrics", "", "X-Forwarded-For: 192.0.2.1")
	if a.Status != 404 || a.Code(t) != 2300 || a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("X-Zm-Trackingid") == "" {
		t.Errorf("through a proxy: got %d %s with %v, want what NotFound answers", a.Status, a.Body, a.Header)
	}
}
