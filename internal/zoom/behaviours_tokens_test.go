package zoom_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/mustertest"
)

// askToken asks for a token as the client of c, with the given secret.
func askToken(s *mustertest.Server, c app.Credentials, secret string) mustertest.Answer {
	basic := base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(c.ClientID) + ":" + url.QueryEscape(secret)))
	return s.Send("POST", "/oauth/token?grant_type=account_credentials&account_id="+c.AccountID, "", "Authorization: Basic "+basic)
}

// tokenOf returns a token that the server issued to the client of c.
func tokenOf(t *testing.T, s *mustertest.Server, c app.Credentials) string {
	t.Helper()
	a := askToken(s, c, c.ClientSecret)
	if a.Status != http.StatusOK {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	return member(a.JSON(t), "access_token")
}

// newApp adds an app with scopes to the primary account.
func newApp(t *testing.T, s *mustertest.Server, scopes ...string) app.Credentials {
	t.Helper()
	c, err := s.App.AddApp(t.Context(), "primary", "test", scopes)
	if err != nil {
		t.Fatal(err)
	}
	return *c
}

func TestTokenLivesAnHour(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	token := tokenOf(t, s, s.Cred)
	s.Advance(time.Hour - time.Second)
	if a := s.As(token, "GET", "/v2/users/me", ""); a.Status != http.StatusOK {
		t.Errorf("within the hour: got %d %s", a.Status, a.Body)
	}
	s.Advance(time.Second)
	if a := s.As(token, "GET", "/v2/users/me", ""); a.Status != http.StatusUnauthorized || a.Code(t) != 124 {
		t.Errorf("after an hour: got %d %s, want 401 with 124", a.Status, a.Body)
	}
}

func TestRevokedTokenIsDeadAtOnce(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	other := newApp(t, s)
	mine, second, theirs := tokenOf(t, s, s.Cred), tokenOf(t, s, s.Cred), tokenOf(t, s, other)
	basic := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s.Cred.ClientID+":"+s.Cred.ClientSecret))
	for _, token := range []string{mine, theirs, "unknown"} { // whose it is, is not told
		if a := s.Send("POST", "/oauth/revoke?token="+token, "", basic); a.Status != http.StatusOK || string(a.Body) != `{"status":"success"}` {
			t.Errorf("got %d %s", a.Status, a.Body)
		}
	}
	for name, c := range map[string]struct {
		token  string
		status int
	}{"revoked": {mine, 401}, "another of the app": {second, 200}, "of another app": {theirs, 200}} {
		if a := s.As(c.token, "GET", "/v2/users/me", ""); a.Status != c.status {
			t.Errorf("%s: got %d %s, want %d", name, a.Status, a.Body, c.status)
		}
	}
}

func TestTokenTellsItsScopes(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	some := newApp(t, s, "meeting:read", "meeting:write:registrant:admin")
	got := askToken(s, some, some.ClientSecret).JSON(t)
	want := map[string]string{"token_type": "bearer", "expires_in": "3600", "scope": "meeting:read meeting:write:registrant:admin", "api_url": mustertest.Base}
	for name, value := range want {
		if member(got, name) != value {
			t.Errorf("%s: got %v, want %s", name, got[name], value)
		}
	}
	all := strings.Fields(member(askToken(s, s.Cred, s.Cred.ClientSecret).JSON(t), "scope"))
	for _, scope := range []string{"meeting:write", "meeting:write:admin", "meeting:master", "meeting:write:registrant:master", "user:read:list_users:admin"} {
		if !slices.Contains(all, scope) {
			t.Errorf("the first app lacks %s", scope)
		}
	}
}

func TestTokenParametersInEveryForm(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	form := "grant_type=account_credentials&account_id=primary&client_id=client&client_secret=" + s.Cred.ClientSecret
	object := fmt.Sprintf(`{"grant_type":"account_credentials","account_id":"primary","client_id":"client","client_secret":%q}`, s.Cred.ClientSecret)
	for _, kind := range []string{"", "application/x-www-form-urlencoded", "application/json", "text/plain", "application/octet-stream", "nonsense"} {
		for body, query := range map[string]string{form: "", object: "", "": "?" + form} {
			a := s.Send("POST", "/oauth/token"+query, body, "Content-Type: "+kind)
			if a.Status != http.StatusOK || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%q %q %q: got %d %s", kind, body, query, a.Status, a.Body)
			}
		}
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	other := newApp(t, s)
	for i := range 10 {
		if a := askToken(s, s.Cred, fmt.Sprint("guess", i)); a.Status != http.StatusUnauthorized {
			t.Fatalf("guess %d: got %d %s", i, a.Status, a.Body)
		}
		s.Advance(time.Second)
	}
	for _, secret := range []string{"guess", s.Cred.ClientSecret} { // the right one does not help
		a := askToken(s, s.Cred, secret)
		if a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "50" {
			t.Errorf("got %d, Retry-After %q, want 429 and 50", a.Status, a.Header.Get("Retry-After"))
		}
	}
	tokenOf(t, s, other)
	s.Advance(49 * time.Second)
	if a := askToken(s, s.Cred, s.Cred.ClientSecret); a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "1" {
		t.Errorf("got %d, Retry-After %q, want 429 and 1", a.Status, a.Header.Get("Retry-After"))
	}
	s.Advance(time.Second)
	tokenOf(t, s, s.Cred)
}
