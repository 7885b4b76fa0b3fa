package zoom_test

import (
	"context"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/store"
)

// TestFingerprintIsKeyed: what is stored of a request is no plain hash of it,
// which somebody with the database could guess passwords by.
func TestFingerprintIsKeyed(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	cred, err := s.App.AddApp(t.Context(), "primary", "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	by := muster.Actor{App: cred.ClientID, Home: "primary", Account: "primary"}
	_, _, err = s.App.Once(t.Context(), by, app.Keyed{Key: "k", Fingerprint: "plain"}, func(context.Context) (app.Reply, error) {
		return app.Reply{Status: 204}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	answer := store.Answer{Account: "primary", App: cred.ClientID, Key: "k", Fingerprint: "another"}
	err = s.App.DB.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ClaimAnswer(t.Context(), &answer, tx.Now.Add(-time.Hour))
		return err
	})
	if want := s.App.Keys.Digest("fingerprint", "plain"); err != nil || answer.Fingerprint != want || want == "plain" {
		t.Errorf("got %q %v, want %q", answer.Fingerprint, err, want)
	}
}
