package zoom_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/server"
	"muster/internal/zoom"
)

// TestTranscripts replays testdata/<operation>/*.txtar. Each operation must
// have a success and each failure that its Spec says it may answer.
func TestTranscripts(t *testing.T) {
	declared := server.Declare(&app.App{}, "")
	reached := operationOf(t, declared)
	declared.Each(func(dialect string, o op.Operation) {
		if dialect == "webex" {
			return // has its own
		}
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
			if fruitless[o.ID] == "" && !slices.ContainsFunc(seen, func(s mustertest.Seen) bool { return reached(s) == o.ID && s.Status == o.Success }) {
				t.Errorf("no transcript in which %s succeeds", o.ID)
			}
			for _, code := range o.Refuses {
				want := zoom.AnswerTo(o.Spec, muster.Code(code))
				if !slices.ContainsFunc(seen, func(s mustertest.Seen) bool {
					return reached(s) == o.ID && s.Status == want.Status && s.Code == want.Code
				}) {
					t.Errorf("no transcript in which %s refuses with %s (%d/%d)", o.ID, code, want.Status, want.Code)
				}
			}
		})
	})
}

// operationOf returns which operation a request of a transcript reaches, as
// the server's own router decides it.
func operationOf(t *testing.T, declared server.Declared) func(mustertest.Seen) string {
	t.Helper()
	mux, ids := http.NewServeMux(), map[string]string{}
	declared.Each(func(dialect string, o op.Operation) {
		prefixes := zoom.Prefixes
		if dialect != "zoom" {
			prefixes = op.Prefixes{All: []string{""}}
		}
		for _, pattern := range prefixes.Patterns(o.Spec) {
			mux.Handle(pattern, http.NotFoundHandler())
			ids[pattern] = o.ID
		}
	})
	return func(s mustertest.Seen) string {
		_, pattern := mux.Handler(httptest.NewRequest(s.Method, s.Path, nil))
		return ids[pattern]
	}
}
