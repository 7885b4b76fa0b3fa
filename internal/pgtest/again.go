package pgtest

import (
	"flag"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// again in the environment makes the tests of a package run on Postgres.
const again = "MUSTER_TEST_ENGINE"

// On reports whether the tests of this process are to run on Postgres: those
// that know On, and that Again has started.
func On() bool { return os.Getenv(again) == "postgres" }

// Again runs the tests of the calling package once more, on Postgres, in a
// process of its own. It is the whole of a test by the name TestOnPostgres.
// What -run says holds there too; under -short it is left out.
func Again(t *testing.T) {
	t.Helper()
	if On() {
		t.Skip("this is the run on Postgres")
	}
	if testing.Short() {
		t.Skip("it doubles the time")
	}
	t.Parallel()
	if reason, ok := Available(); !ok {
		if os.Getenv("CI") != "" || os.Getenv(Variable) != "" {
			t.Fatal(reason)
		}
		t.Skip(reason)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-test.skip=^TestOnPostgres$"}
	for _, name := range []string{"test.timeout", "test.parallel"} {
		args = append(args, "-"+name+"="+flag.Lookup(name).Value.String())
	}
	if run := flag.Lookup("test.run").Value.String(); !strings.Contains("TestOnPostgres", strings.Trim(run, "^$")) {
		args = append(args, "-test.run="+run)
	}
	if testing.Verbose() {
		args = append(args, "-test.v")
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), again+"=postgres")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("on Postgres: %v\n%s", err, out)
	} else {
		t.Logf("on Postgres:\n%s", out)
	}
}
