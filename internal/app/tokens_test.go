package app_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
)

// TestNoTokenAfterRotation has an app rotated or removed between the moment
// at which it proves its secret and the one at which it gets its token.
func TestNoTokenAfterRotation(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ctx := t.Context()
	for name, change := range map[string]func(id string) error{
		"rotated": func(id string) error {
			_, err := s.App.RotateApp(ctx, id)
			return err
		},
		"removed": func(id string) error { return s.App.RemoveApp(ctx, id) },
	} {
		cred, err := s.App.AddApp(ctx, "primary", name, nil)
		if err != nil {
			t.Fatal(err)
		}
		client, err := s.App.Client(ctx, cred.ClientID, cred.ClientSecret)
		if err != nil {
			t.Fatal(err)
		}
		if err := change(cred.ClientID); err != nil {
			t.Fatal(err)
		}
		if token, err := s.App.IssueToken(ctx, client, "primary"); !errors.Is(err, app.ErrBadClient) {
			t.Errorf("%s: got %q, %v, want ErrBadClient", name, token, err)
		}
	}
}

// TestTokensRaceRotation issues tokens while the app is rotated: none of
// those that were proved by the old secret works afterwards.
func TestTokensRaceRotation(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	ctx := t.Context()
	cred, err := s.App.AddApp(ctx, "primary", "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := s.App.Client(ctx, cred.ClientID, cred.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	tokens := make(chan string, 40)
	for i := range 40 {
		all.Go(func() {
			if i == 20 {
				if _, err := s.App.RotateApp(ctx, cred.ClientID); err != nil {
					t.Error(err)
				}
				return
			}
			token, err := s.App.IssueToken(ctx, client, "primary")
			if err == nil {
				tokens <- token
			} else if !errors.Is(err, app.ErrBadClient) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	close(tokens)
	for token := range tokens {
		if _, err := s.App.Authenticate(ctx, token); !errors.Is(err, app.ErrBadToken) {
			t.Errorf("a token of before the rotation: got %v, want ErrBadToken", err)
		}
	}
}

// TestNamesAreTexts: Postgres refuses what SQLite would store.
func TestNamesAreTexts(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for _, name := range []string{"a\xff", "a\x00b"} {
		_, addApp := s.App.AddApp(t.Context(), "primary", name, nil)
		_, addAccount := s.App.AddAccount(t.Context(), app.NewAccount{Name: name})
		for what, err := range map[string]error{"app": addApp, "account": addAccount} {
			if muster.CodeOf(err) != muster.Invalid || !strings.Contains(err.Error(), "UTF-8") {
				t.Errorf("%s %q: got %v, want Invalid", what, name, err)
			}
		}
	}
}
