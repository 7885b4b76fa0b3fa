//go:build linux

package faults

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for something that should come soon: long,
// for the machine may be busy.
const patience = 30 * time.Second

// long says that faults are to be tried as often as docs/reliability.md tells.
var long = os.Getenv("MUSTER_FAULTS") == "long"

// times returns how often to try something: few times by default, many in the long runs.
func times(few, many int) int {
	if long {
		return many
	}
	return few
}

// faulty begins a test of this package.
func faulty(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("faults take some time: left out by -short")
	}
	t.Parallel()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if err := errors.Join(stopShared(), removeProgram()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// program builds muster once and returns its path.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "muster-faults")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // some tests run it as another user
		return "", err
	}
	built.Store(&dir)
	file := filepath.Join(dir, "muster")
	cmd := exec.Command("go", "build", "-o", file, "muster/cmd/muster")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, nil
})

// help is what serve says of its flags.
var help = sync.OnceValues(func() (string, error) {
	file, err := program()
	if err != nil {
		return "", err
	}
	out, err := exec.Command(file, "serve", "--help").CombinedOutput()
	return string(out), err
})

// knows reports whether serve has a flag.
func knows(t *testing.T, flag string) bool {
	t.Helper()
	text, err := help()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(text, "--"+flag+" ")
}
