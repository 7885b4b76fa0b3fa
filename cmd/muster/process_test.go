//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"muster/internal/client"
)

// asMuster in the environment makes the test binary be the program: tests
// start real processes without building one.
const asMuster = "MUSTER_TEST_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(asMuster) != "" {
		main()
	}
	os.Exit(m.Run())
}

// patience is how long a test waits for something that should come at once.
const patience = 20 * time.Second

// A process is a running muster. Its working folder and its folder for
// temporary files are empty at first and its own.
type process struct {
	t           *testing.T
	cmd         *exec.Cmd
	out, errOut text
	work, temp  string
	ended       chan struct{}
}

// A text is what a process has written so far.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *text) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *text) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// begin starts a process with nothing in its environment but env.
func begin(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, work: t.TempDir(), temp: t.TempDir(), ended: make(chan struct{})}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd = exec.Command(self, args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = p.work, &p.out, &p.errOut
	p.cmd.Env = append([]string{asMuster + "=1", "TMPDIR=" + p.temp}, env...)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the exit code is read where it matters
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it has ended, unless the test failed
		<-p.ended
	})
	return p
}

// invoke runs a process to its end.
func invoke(t *testing.T, env []string, args ...string) (code int, out, errOut string) {
	t.Helper()
	p := begin(t, env, args...)
	code = p.wait()
	return code, p.out.String(), p.errOut.String()
}

// wait returns the exit code, -1 for a process that was killed.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("muster %q does not end:\n%s\n%s", p.cmd.Args[1:], &p.out, &p.errOut)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// stop ends a server and checks that it ends well.
func (p *process) stop() {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		p.t.Fatalf("exit code after SIGTERM: got %d, want 0\n%s", code, &p.errOut)
	}
}

// await waits until ok is true.
func (p *process) await(what string, ok func() bool) {
	p.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("no %s:\n%s\n%s", what, &p.out, &p.errOut)
		}
		select {
		case <-p.ended:
			if !ok() {
				p.t.Fatalf("the process ended with %d before %s:\n%s\n%s", p.cmd.ProcessState.ExitCode(), what, &p.out, &p.errOut)
			}
			return
		default:
		}
	}
}

// A served is a server process with what it printed.
type served struct {
	*process
	address string
	vars    map[string]string // what its lines for a shell export
}

var exported = regexp.MustCompile(`(?m)^export (\w+)=(.*)$`)

var listening = regexp.MustCompile(`msg=serving address=(\S+)`)

func exports(out string) map[string]string {
	vars := map[string]string{}
	for _, m := range exported.FindAllStringSubmatch(out, -1) {
		vars[m[1]] = m[2]
	}
	return vars
}

// beginServer starts a server on folder and waits until it serves and, where
// the folder is new, has printed the credentials.
func beginServer(t *testing.T, folder string, env []string, args ...string) *served {
	t.Helper()
	_, err := os.Stat(filepath.Join(folder, "muster.db"))
	first := errors.Is(err, fs.ErrNotExist)
	p := begin(t, env, append([]string{"serve", "--data", folder, "--listen", "127.0.0.1:0"}, args...)...)
	s := &served{process: p}
	p.await("line that it serves", func() bool {
		m := listening.FindStringSubmatch(p.errOut.String())
		if m != nil {
			s.address = m[1]
		}
		return m != nil && (!first || strings.Contains(p.out.String(), tokenCurl))
	})
	s.vars = exports(p.out.String())
	return s
}

// environment are the variables that import and export read.
func (s *served) environment() []string {
	var env []string
	for _, name := range []string{"MUSTER_URL", "MUSTER_ACCOUNT_ID", "MUSTER_CLIENT_ID", "MUSTER_CLIENT_SECRET"} {
		env = append(env, name+"="+s.vars[name])
	}
	return env
}

// client speaks to the server with the credentials of vars.
func (s *served) client(vars map[string]string) *client.Client {
	s.t.Helper()
	c, err := client.New(client.Config{
		URL: "http://" + s.address, AccountID: vars["MUSTER_ACCOUNT_ID"], ClientID: vars["MUSTER_CLIENT_ID"], ClientSecret: vars["MUSTER_CLIENT_SECRET"],
		Attempts: 1,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// meeting makes a meeting of type 2 and returns its number.
func (s *served) meeting(c *client.Client, settings map[string]any) string {
	s.t.Helper()
	var made struct {
		ID int64 `json:"id"`
	}
	ask := map[string]any{"topic": "Test", "type": 2, "start_time": "2099-01-01T10:00:00Z", "duration": 60, "settings": settings}
	if err := c.Do(s.t.Context(), http.MethodPost, "/users/me/meetings", ask, &made, nil); err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(made.ID)
}

// people returns the registrants of a status by email and how many rows and
// how many the server counts.
func (s *served) people(c *client.Client, meeting, status string) (byEmail map[string]client.Registrant, rows, counted int) {
	s.t.Helper()
	byEmail = map[string]client.Registrant{}
	err := c.Registrants(s.t.Context(), meeting, status, "", func(page []client.Registrant, total int) error {
		for _, r := range page {
			byEmail[r.Fields["email"]] = r
		}
		rows, counted = rows+len(page), total
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return byEmail, rows, counted
}

// fetch returns the status and the body of a GET.
func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return exchange(t, req)
}

func exchange(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// empty checks that a folder holds nothing.
func empty(t *testing.T, folder string) {
	t.Helper()
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		t.Errorf("left behind: %s", f.Name())
	}
}

func wantText(t *testing.T, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("got %q, want something with %q", got, want)
	}
}
