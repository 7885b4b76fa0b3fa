package server_test

import (
	"testing"

	"muster/internal/mustertest"
)

// TestPathsOfWebex finds no redirect, on which a client loses its token, and
// takes the slash that the original's client for JavaScript sends.
func TestPathsOfWebex(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for path, want := range map[string]int{
		"/v1":                        404,
		"/v1/":                       404,
		"/v1/people":                 200,
		"/v1/people/":                200,
		"/v1/people/?email=a@b.test": 200,
		"/v1/people/me/":             200,
		"/v1/people/me%2F":           404,
		"/v1/people/%2e%2e%2f":       404,
		"/v1/people/nobody/":         404,
		"/docs/webex":                200,
		"/openapi/webex.json":        200,
	} {
		if a := s.As(s.Token(), "GET", path, ""); a.Status != want {
			t.Errorf("GET %s: got %d %.200s, want %d", path, a.Status, a.Body, want)
		}
	}
}
