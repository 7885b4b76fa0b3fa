//go:build linux

package faults

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// built is the folder that holds the program, nil as long as there is none.
var built atomic.Pointer[string]

func removeProgram() error {
	if dir := built.Load(); dir != nil {
		return os.RemoveAll(*dir)
	}
	return nil
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

// tail returns the last lines.
func (b *text) tail() string {
	s := b.String()
	return s[max(0, len(s)-3000):]
}

// A process is a running program. What it writes to either output is in out.
type process struct {
	cmd   *exec.Cmd
	out   text
	ended chan struct{}
}

// run starts cmd, which ends with the test at the latest.
func run(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p, err := launch(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

func launch(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.out, &p.out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = cmd.Wait() // the exit code is read where it matters
		close(p.ended)
	}()
	return p, nil
}

// kill ends the process without warning, as SIGKILL does. It may have ended.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it has ended by itself
	<-p.ended
}

// wait returns the exit code, -1 for a process that a signal ended.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(2 * patience):
		t.Fatalf("%q does not end:\n%s", p.cmd.Args, p.out.tail())
	}
	return p.cmd.ProcessState.ExitCode()
}

// stop asks the process to end and checks that it ends well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.wait(t); code != 0 {
		t.Fatalf("exit code after SIGTERM: got %d, want 0\n%s", code, p.out.tail())
	}
}

// await waits until ok is true.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in %v: %s", patience, what)
		}
	}
}

// muster returns a command line of the program with only env in its environment.
func muster(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(file, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"TMPDIR=" + os.TempDir()}, env...)
	return cmd
}

// The first app of every server of these tests.
const (
	accountID    = "faults"
	clientID     = "faults-client"
	clientSecret = "a-secret-of-the-faults"
)

var credentials = []string{
	"MUSTER_ACCOUNT_ID=" + accountID, "MUSTER_CLIENT_ID=" + clientID, "MUSTER_CLIENT_SECRET=" + clientSecret, "MUSTER_OWNER_EMAIL=owner@example.com",
}

// A server is a running muster serve.
type server struct {
	*process
	name string // as Postgres knows its connections
	base string // its origin
}

var servers atomic.Int64 // how many were started

var listening = regexp.MustCompile(`msg=serving address=(\S+)`)

// serve starts a server on d and waits until it serves.
func (d *database) serve(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{name: fmt.Sprintf("muster_%d", servers.Add(1))}
	s.process = run(t, d.serveCommand(t, s.name, args...))
	s.listens(t)
	if d.engine == "postgres" && d.connections(t, s) == 0 {
		t.Fatalf("Postgres knows no connections of %s: nobody could tell when they end", s.name)
	}
	return s
}

// serveCommand is the command line of a server on d, without a ceiling of places.
func (d *database) serveCommand(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	all := append([]string{"serve", "--listen", "127.0.0.1:0", "--meeting-capacity", "0"}, d.args(t, name)...)
	return muster(t, credentials, append(all, args...)...)
}

// listens waits until the process says where it serves.
func (s *server) listens(t *testing.T) {
	t.Helper()
	await(t, "a line that it serves", func() bool {
		if m := listening.FindStringSubmatch(s.out.String()); m != nil {
			s.base = "http://" + m[1]
			return true
		}
		select {
		case <-s.ended:
			t.Fatalf("the server ended with %d before it served:\n%s", s.cmd.ProcessState.ExitCode(), s.out.tail())
		default:
		}
		return false
	})
}

// refuses runs a server that must not start and returns what it said.
func refuses(t *testing.T, d *database, args ...string) string {
	t.Helper()
	p := run(t, d.serveCommand(t, "muster", args...))
	if code := p.wait(t); code != 1 {
		t.Fatalf("exit code of a server that cannot start: got %d, want 1\n%s", code, p.out.tail())
	}
	return p.out.String()
}

// memory returns the resident memory of the process in MiB.
func (p *process) memory(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kib, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kib >> 10
}

// wantText checks that got has each of want in it.
func wantText(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("got %q, want something with %q", got, w)
		}
	}
}
