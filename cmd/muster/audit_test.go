//go:build unix

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestAuditOfACall lists on the command line what was done through the API.
func TestAuditOfACall(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	defer s.stop()
	call := func(method, path, body string, set func(*http.Request)) (answer map[string]any) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.address+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		set(r)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // it was read
		if err != nil || res.StatusCode > 299 {
			t.Fatalf("%s %s: got %d %s, %v", method, path, res.StatusCode, text, err)
		}
		if len(text) > 0 {
			err = json.Unmarshal(text, &answer)
		}
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	token, _ := call("POST", "/oauth/token?grant_type=account_credentials&account_id="+s.vars["MUSTER_ACCOUNT_ID"], "", func(r *http.Request) {
		r.SetBasicAuth(s.vars["MUSTER_CLIENT_ID"], s.vars["MUSTER_CLIENT_SECRET"])
	})["access_token"].(string)
	bearer := func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
	}
	group, _ := call("POST", "/v2/groups", `{"name":"One"}`, bearer)["id"].(string)
	call("PATCH", "/v2/groups/"+group, `{"name":"Two"}`, bearer)
	call("PATCH", "/v2/groups/"+group+"/settings", `{"in_meeting":{"chat":true}}`, bearer)
	code, out, errOut := invoke(t, nil, "audit", "--data", folder, "--json", "--object", group, "--actor", s.vars["MUSTER_CLIENT_ID"])
	var got []string
	for line := range strings.Lines(out) {
		var e struct {
			Kind string
			Data json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Kind+" "+string(e.Data))
	}
	want := `settings.changed {"after":{"in_meeting.chat":true},"before":{"in_meeting.chat":null}}
group.updated {"after":{"name":"Two"},"before":{"name":"One"}}
group.created {"after":{"name":"One"}}`
	if code != 0 || strings.Join(got, "\n") != want {
		t.Errorf("got %d %s\n%s\nwant\n%s", code, errOut, strings.Join(got, "\n"), want)
	}
}

func TestAuditBesideAServer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	defer s.stop()
	other := made(t, folder, "account", "add", "--name", "Other", "--owner-email", "other@example.org")
	app := made(t, folder, "app", "add", "--account", s.vars["MUSTER_ACCOUNT_ID"], "--name", "reader")["MUSTER_CLIENT_ID"]
	list := func(want []string, args ...string) {
		t.Helper()
		code, out, errOut := invoke(t, nil, append([]string{"audit", "--data", folder, "--json"}, args...)...)
		if code != 0 {
			t.Fatalf("%q: exit code %d\n%s", args, code, errOut)
		}
		var got []string
		for line := range strings.Lines(out) {
			var e struct {
				Kind    string
				Objects []string
			}
			if err := json.Unmarshal([]byte(line), &e); err != nil || len(e.Objects) == 0 {
				t.Fatalf("%q: %v: %s", args, err, line)
			}
			got = append(got, e.Kind)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: got %v, want %v", args, got, want)
		}
	}
	list([]string{"app.added", "app.added", "account.created"})
	list([]string{"app.added"}, "--limit", "1")
	list([]string{"app.added"}, "--object", app)
	list([]string{"app.added", "account.created"}, "--account", other["MUSTER_ACCOUNT_ID"], "--limit", "0")
	list([]string{"app.added", "app.added", "account.created"}, "--since", "1h")
	list(nil, "--until", "2020-01-01")
	list(nil, "--actor", "nobody")
	list(nil, "--account", "nobody")
	code, out, _ := invoke(t, nil, "audit", "--data", folder)
	if code != 0 || strings.Count(out, "\n") != 4 || !strings.HasPrefix(out, "TIME ") || !strings.Contains(out, app) {
		t.Errorf("the table: got %d %s", code, out)
	}
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"bad time":       {[]string{"--since", "yesterday"}, 2, "--since"},
		"bad until":      {[]string{"--until", "x"}, 2, "--until"},
		"negative limit": {[]string{"--limit", "-1"}, 2, "--limit"},
		"words":          {[]string{"all"}, 2, "too many words"},
		"no such place":  {[]string{"--data", "/nowhere"}, 1, "there is no database"},
	} {
		code, _, errOut := invoke(t, []string{"MUSTER_DATA=" + folder}, append([]string{"audit"}, test.args...)...)
		if code != test.code {
			t.Errorf("%s: got %d %s, want %d", name, code, errOut, test.code)
		}
		wantText(t, errOut, test.want)
	}
}

// TestAuditOfTheCommandLine tells what was made and removed there, and in the
// parent's audit that it has a sub account.
func TestAuditOfTheCommandLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	defer s.stop()
	home := s.vars["MUSTER_ACCOUNT_ID"]
	app := made(t, folder, "app", "add", "--account", home, "--name", "reader", "--scopes", "meeting:read,user:read")["MUSTER_CLIENT_ID"]
	for _, word := range []string{"rotate", "remove"} {
		if code, _, errOut := invoke(t, nil, "app", word, "--data", folder, app); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", word, code, errOut)
		}
	}
	sub := made(t, folder, "account", "add", "--name", "Branch", "--owner-email", "other@example.org", "--parent", home)["MUSTER_ACCOUNT_ID"]
	for account, want := range map[string]string{
		home: `account.created {"after":{"name":"Branch","owner":"OWNER","parent":"` + home + `"}}
app.removed {"before":{"name":"reader","scopes":"meeting:read user:read"}}
app.rotated {"changed":["secret"]}
app.added {"after":{"name":"reader","scopes":"meeting:read user:read"}}`,
		sub: `app.added {"after":{"name":"first app","scopes":"(all)"}}
account.created {"after":{"name":"Branch","owner":"OWNER","parent":"` + home + `"}}`,
	} {
		code, out, errOut := invoke(t, nil, "audit", "--data", folder, "--json", "--account", account, "--limit", "4")
		var got []string
		for line := range strings.Lines(out) {
			var e struct {
				Kind, Time string
				Objects    []string
				Data       json.RawMessage
			}
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			data := string(e.Data)
			if e.Kind == "account.created" {
				data = strings.Replace(data, e.Objects[1], "OWNER", 1)
			}
			got = append(got, e.Kind+" "+data)
			if len(e.Time) != len("2026-03-25T07:46:00.000Z") {
				t.Errorf("got the time %s, want it to the millisecond", e.Time)
			}
		}
		if code != 0 || strings.Join(got, "\n") != want {
			t.Errorf("got %d %s\n%s\nwant\n%s", code, errOut, strings.Join(got, "\n"), want)
		}
	}
}
