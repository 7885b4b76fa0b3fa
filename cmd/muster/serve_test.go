//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

var printedCurl = regexp.MustCompile(`(?m)^curl -s -X (\w+) -u "([^"]*)" \\\n  "([^"]*)"$`)

func TestFirstStartPrintsCredentialsOnce(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "deep", "data")
	s := beginServer(t, folder, nil)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("data folder: got %v %v, want mode 0700", info.Mode(), err)
	}
	if s.vars["MUSTER_URL"] != "http://"+s.address || s.vars["MUSTER_OWNER_EMAIL"] == "" || len(s.vars) != 5 {
		t.Errorf("printed variables: %v", s.vars)
	}

	m := printedCurl.FindStringSubmatch(s.out.String())
	if m == nil {
		t.Fatalf("no curl in %q", s.out.String())
	}
	value := func(name string) string { return s.vars[name] }
	req, err := http.NewRequestWithContext(t.Context(), m[1], os.Expand(m[3], value), nil)
	if err != nil {
		t.Fatal(err)
	}
	user, password, _ := strings.Cut(os.Expand(m[2], value), ":")
	req.SetBasicAuth(user, password)
	if status, body := exchange(t, req); status != 200 || !strings.Contains(body, `"access_token"`) {
		t.Errorf("the printed curl: got %d %s", status, body)
	}

	secret := s.vars["MUSTER_CLIENT_SECRET"]
	first := s.vars
	s.stop()
	again := beginServer(t, folder, nil)
	again.meeting(again.client(first), nil)
	again.stop()
	if again.out.String() != "" || strings.Contains(again.errOut.String(), secret) {
		t.Errorf("the second start printed: %s%s", &again.out, &again.errOut)
	}
	if strings.Contains(s.errOut.String(), secret) {
		t.Error("the secret is in the log")
	}
}

var chosen = []string{
	"MUSTER_ACCOUNT_ID=acc1", "MUSTER_CLIENT_ID=cl1", "MUSTER_CLIENT_SECRET=a-secret-of-my-own", "MUSTER_OWNER_EMAIL=me@example.org",
}

func TestFirstStartTakesCredentialsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, chosen)
	s.meeting(s.client(exports("export "+strings.Join(chosen, "\nexport "))), nil)
	s.stop()
	if len(s.vars) != 1 || strings.Contains(s.out.String()+s.errOut.String(), "a-secret-of-my-own") {
		t.Errorf("printed what was given: %s%s", &s.out, &s.errOut)
	}

	same := beginServer(t, folder, chosen)
	same.stop()
	if strings.Contains(same.errOut.String(), "level=WARN") {
		t.Errorf("a warning although nothing differs: %s", &same.errOut)
	}
	other := beginServer(t, folder, []string{"MUSTER_ACCOUNT_ID=acc2", "MUSTER_CLIENT_ID=cl1", "MUSTER_CLIENT_SECRET=another-secret-now", "MUSTER_OWNER_EMAIL=me@example.org"})
	other.stop()
	log := other.errOut.String()
	if strings.Count(log, "level=WARN") != 1 || strings.Contains(log, "another-secret") {
		t.Errorf("want one warning without a secret, got: %s", log)
	}
	wantText(t, log, "MUSTER_ACCOUNT_ID, MUSTER_CLIENT_ID, MUSTER_CLIENT_SECRET")
	if len(other.out.String()) != 0 {
		t.Errorf("printed: %s", &other.out)
	}
}

func TestServeRefuses(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // after the subtests
	busy := l.Addr().String()
	for name, test := range map[string]struct {
		env, args []string
		code      int
		want      string
	}{
		"short secret":      {[]string{"MUSTER_CLIENT_SECRET=tooshort1"}, nil, 1, "MUSTER_CLIENT_SECRET must have at least 16 characters"},
		"bad owner":         {[]string{"MUSTER_OWNER_EMAIL=nobody"}, nil, 1, "MUSTER_OWNER_EMAIL"},
		"port taken":        {nil, []string{"--listen", busy}, 1, "--listen " + busy + ": listen tcp " + busy + ": bind: address already in use"},
		"unknown flag":      {nil, []string{"--colour"}, 2, "colour"},
		"too many words":    {nil, []string{"now"}, 2, `too many words: "now"`},
		"bad limits":        {nil, []string{"--limits", "gold"}, 2, "--limits must be off, free, pro or business"},
		"bad variable":      {[]string{"MUSTER_MEETING_CAPACITY=many"}, nil, 2, "MUSTER_MEETING_CAPACITY"},
		"bad public url":    {nil, []string{"--public-url", "meet.example.org"}, 2, "--public-url"},
		"bad event log":     {nil, []string{"--event-log", "no/such/folder/events"}, 1, "--event-log no/such/folder/events: "},
		"bad trusted proxy": {nil, []string{"--trusted-proxy", "home"}, 2, "--trusted-proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, test.args...)
			code, out, errOut := invoke(t, test.env, args...)
			if code != test.code || out != "" || strings.Contains(errOut, "tooshort1") {
				t.Errorf("got %d, want %d; output %q %q", code, test.code, out, errOut)
			}
			wantText(t, errOut, test.want)
		})
	}
}

func TestSecondServeIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	code, _, errOut := invoke(t, nil, "serve", "--listen", "127.0.0.1:0", "--data", folder)
	if code != 1 {
		t.Errorf("got %d, want 1", code)
	}
	wantText(t, errOut, "another muster serve is running on this folder")
	s.meeting(s.client(s.vars), nil) // the first one is unharmed
	s.stop()
}

func TestPublicURLOfAllAddresses(t *testing.T) {
	t.Parallel()
	s := beginServer(t, t.TempDir(), nil, "--listen", "0.0.0.0:0")
	_, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.vars["MUSTER_URL"], "http://localhost:"+port; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	wantText(t, s.errOut.String(), "set --public-url")
	s.stop()
}

// TestStopFinishesRequests sends SIGTERM when the server has half of a
// request: it takes no other, answers this one and has it stored.
func TestStopFinishesRequests(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	c := s.client(s.vars)
	meeting := s.meeting(c, map[string]any{"approval_type": 0})
	bearer := token(t, s, s.vars)

	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := `{"email":"slow@example.org","first_name":"Slow"}`
	fmt.Fprintf(conn, "POST /v2/meetings/%s/registrants HTTP/1.1\r\nHost: muster\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", meeting, bearer, len(body))
	in := bufio.NewReader(conn)
	if line, err := in.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") { // the server waits for the body
		t.Fatalf("got %q %v", line, err)
	}
	s.signal(syscall.SIGTERM)
	s.await("refusal of new connections", func() bool {
		other, err := net.Dial("tcp", s.address)
		if err == nil {
			_ = other.Close() // the server was not that far yet
		}
		return err != nil
	})
	if _, err := in.ReadString('\n'); err != nil { // the empty line after 100 Continue
		t.Fatal(err)
	}
	fmt.Fprint(conn, body)
	resp, err := http.ReadResponse(in, nil)
	if err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("the request under way: got %v %v, want 201", resp, err)
	}
	_ = resp.Body.Close() // its status is all that counts
	if code := s.wait(); code != 0 {
		t.Errorf("exit code: got %d, want 0\n%s", code, &s.errOut)
	}
	first := s.vars
	s = beginServer(t, folder, nil)
	if people, _, _ := s.people(s.client(first), meeting, "approved"); people["slow@example.org"].Fields["join_url"] == "" {
		t.Errorf("the person is lost: %v", people)
	}
	s.stop()
}
