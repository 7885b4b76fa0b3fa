package webex_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/mustertest"
	"muster/internal/pgtest"
	"muster/internal/server"
	"muster/internal/webex"
)

func TestOnPostgres(t *testing.T) { pgtest.Again(t) }

// TestTranscripts replays testdata/<operation>/*.txtar. Each operation must
// have a success and each failure that its Spec says it may answer.
func TestTranscripts(t *testing.T) {
	declared := server.Declare(&app.App{}, "").Webex
	mux, ids := http.NewServeMux(), map[string]string{}
	for _, o := range declared {
		pattern := o.Method + " " + webex.Prefix + o.Path
		mux.Handle(pattern, http.NotFoundHandler())
		ids[pattern] = o.ID
	}
	reached := func(s mustertest.Seen) string {
		_, pattern := mux.Handler(httptest.NewRequest(s.Method, s.Path, nil))
		return ids[pattern]
	}
	for _, o := range declared {
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join("testdata", o.ID, "*.txtar"))
			if err != nil {
				t.Fatal(err)
			}
			var seen []mustertest.Seen
			for _, f := range files {
				t.Run(strings.TrimSuffix(filepath.Base(f), ".txtar"), func(t *testing.T) {
					seen = append(seen, mustertest.Transcript(t, f)...)
				})
			}
			if !slices.ContainsFunc(seen, func(s mustertest.Seen) bool { return reached(s) == o.ID && s.Status == o.Success }) {
				t.Errorf("no transcript in which %s succeeds", o.ID)
			}
			for _, code := range o.Refuses {
				if !slices.ContainsFunc(seen, func(s mustertest.Seen) bool { return reached(s) == o.ID && s.Refusal == code }) {
					t.Errorf("no transcript in which %s refuses with %s", o.ID, code)
				}
			}
		})
	}
}
