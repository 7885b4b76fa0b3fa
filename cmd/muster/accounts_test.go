//go:build unix

package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// askToken asks for a token and returns the status and the token.
func askToken(t *testing.T, s *served, vars map[string]string) (int, string) {
	t.Helper()
	query := url.Values{"grant_type": {"account_credentials"}, "account_id": {vars["MUSTER_ACCOUNT_ID"]}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.address+"/oauth/token?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(vars["MUSTER_CLIENT_ID"], vars["MUSTER_CLIENT_SECRET"])
	status, body := exchange(t, req)
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	return status, answer.Token
}

func token(t *testing.T, s *served, vars map[string]string) string {
	t.Helper()
	status, bearer := askToken(t, s, vars)
	if status != 200 || bearer == "" {
		t.Fatalf("token: got %d", status)
	}
	return bearer
}

// dies waits for a token that another process has revoked to be refused: a
// server may trust what it knows of it for a second.
func dies(t *testing.T, s *served, bearer, what string) {
	t.Helper()
	begin := time.Now()
	s.await(what+" to be refused", func() bool { return meStatus(t, s, bearer, "/v2/users/me") == 401 })
	if took := time.Since(begin); took > 10*time.Second { // a second, and a slow machine
		t.Errorf("%s worked for %v, want a second at most", what, took)
	}
}

// meStatus is the status of a call with a token.
func meStatus(t *testing.T, s *served, bearer, path string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	status, _ := exchange(t, req)
	return status
}

// made runs a command beside the server and returns the credentials it prints.
func made(t *testing.T, folder string, args ...string) map[string]string {
	t.Helper()
	code, out, errOut := invoke(t, nil, append(args, "--data", folder)...)
	if code != 0 {
		t.Fatalf("%q: exit code %d\n%s", args, code, errOut)
	}
	return exports(out)
}

func TestAccountsBesideAServer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	defer s.stop()

	other := made(t, folder, "account", "add", "--name", "Other", "--owner-email", "other@example.org")
	if status := meStatus(t, s, token(t, s, other), "/v2/users/me"); status != 200 {
		t.Errorf("the new account: got %d, want 200", status)
	}
	sub := made(t, folder, "account", "add", "--parent", s.vars["MUSTER_ACCOUNT_ID"])
	path := "/v2/accounts/" + sub["MUSTER_ACCOUNT_ID"] + "/users/me/meetings"
	if status := meStatus(t, s, token(t, s, s.vars), path); status != 200 {
		t.Errorf("the sub account, by its parent: got %d, want 200", status)
	}
	if status := meStatus(t, s, token(t, s, other), path); status == 200 {
		t.Error("the sub account is open to a stranger")
	}

	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"unknown parent":     {[]string{"account", "add", "--parent", "nobody"}, 1, "Account does not exist: nobody."},
		"parent is a sub":    {[]string{"account", "add", "--parent", sub["MUSTER_ACCOUNT_ID"]}, 1, "is a sub account"},
		"bad owner":          {[]string{"account", "add", "--owner-email", "x"}, 1, "--owner-email"},
		"no word":            {[]string{"account"}, 2, "say which: add"},
		"app of nobody":      {[]string{"app", "add", "--account", "nobody"}, 1, "Account does not exist: nobody."},
		"app without":        {[]string{"app", "add"}, 2, "--account is missing"},
		"unknown scope":      {[]string{"app", "add", "--account", "a", "--scopes", "fly"}, 2, `the scope "fly"`},
		"rotate without":     {[]string{"app", "rotate"}, 2, "client id is missing"},
		"rotate unknown":     {[]string{"app", "rotate", "nobody"}, 1, "There is no app with the client id nobody."},
		"remove unknown":     {[]string{"app", "remove", "nobody"}, 1, "There is no app with the client id nobody."},
		"remove: words":      {[]string{"app", "remove", "a", "b"}, 2, "too many words"},
		"app: what":          {[]string{"app", "fly"}, 2, "say which: list, add, rotate, remove"},
		"app: unknown flag":  {[]string{"app", "list", "--fly"}, 2, "fly"},
		"app: no such place": {[]string{"app", "list", "--data", "/nowhere"}, 1, "--data /nowhere: there is no database"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errOut := invoke(t, []string{"MUSTER_DATA=" + folder}, test.args...)
			if code != test.code {
				t.Errorf("got %d, want %d", code, test.code)
			}
			wantText(t, errOut, test.want)
		})
	}
}

func TestAppsBesideAServer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	defer s.stop()
	account := s.vars["MUSTER_ACCOUNT_ID"]

	app := made(t, folder, "app", "add", "--account", account, "--name", "reader", "--scopes", "user:read:user:admin")
	bearer := token(t, s, app)
	if user, meetings := meStatus(t, s, bearer, "/v2/users/me"), meStatus(t, s, bearer, "/v2/users/me/meetings"); user != 200 || meetings != 400 {
		t.Errorf("within and beyond its scopes: got %d and %d, want 200 and 400", user, meetings)
	}

	id := app["MUSTER_CLIENT_ID"]
	code, list, _ := invoke(t, nil, "app", "list", "--account", account, "--data", folder)
	if code != 0 || strings.Contains(list, app["MUSTER_CLIENT_SECRET"]) || strings.Count(list, "\n") != 3 {
		t.Errorf("list: got %d %s", code, list)
	}
	wantText(t, list, id)
	wantText(t, list, "user:read:user:admin")

	rotated := made(t, folder, "app", "rotate", id)
	dies(t, s, bearer, "the old token after rotate")
	if status, _ := askToken(t, s, app); status == 200 {
		t.Error("the old secret still works")
	}
	bearer = token(t, s, rotated)
	if status := meStatus(t, s, bearer, "/v2/users/me"); status != 200 {
		t.Errorf("the new secret: got %d, want 200", status)
	}

	made(t, folder, "app", "remove", id)
	dies(t, s, bearer, "the token after remove")
	if status, _ := askToken(t, s, rotated); status == 200 {
		t.Error("a removed app still gets tokens")
	}
}
