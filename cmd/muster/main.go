// Command muster is a meeting and webinar server that speaks the Zoom REST
// API v2, and the tools around it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"text/tabwriter"
)

// A command is one word after muster.
type command struct {
	name, about string
	run         func(ctx context.Context, args []string, out, errOut io.Writer) error
}

func commands() []command {
	return []command{
		{"serve", "run the server", serve},
		{"demo", "run a server with example data, in a folder that is gone afterwards", demo},
		{"import", "register the people of a CSV file for a meeting", importPeople},
		{"export", "write a meeting's registrants to a CSV file", exportPeople},
		{"account", "add accounts and sub accounts", account},
		{"app", "add, list, rotate and remove the apps of an account", apps},
		{"audit", "list who changed what in the administration of an account", audit},
		{"migrate", "bring a database to the schema of this program", migrate},
		{"backup", "write a copy of a SQLite database to a file, beside a running server too", backup},
		{"restore", "put a backup into a data folder", restore},
		{"copy", "move a SQLite database to a PostgreSQL", copyData},
		{"operations", "list every operation that the server answers", operations},
		{"openapi", "print the OpenAPI document of a dialect", openapi},
		{"version", "print the version", printVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endSignals()...)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// endSignals are those that ask for a clean end. Under nohup, a terminal that
// closes is none.
func endSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// An exitStatus is a failure that the command has told already.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// interrupted is the status of a command that a signal stopped half way.
const interrupted exitStatus = 130

// run carries out one command line and returns its exit code: 0 for success,
// 1 for failure, 2 for a command line that makes no sense, 130 for a demo that
// was stopped half way.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	if len(args) == 0 {
		usage(errOut)
		return 2
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(out)
		return 0
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, args[1:], out, errOut)
		var wrong *usageError
		var status exitStatus
		switch {
		case err == nil || errors.Is(err, flag.ErrHelp):
			return 0
		case errors.As(err, &wrong):
			fmt.Fprintf(errOut, "muster %s: %v\nSee: muster %s --help\n", c.name, err, c.name)
			return 2
		case errors.As(err, &status):
			return int(status)
		}
		fmt.Fprintf(errOut, "muster %s: %v\n", c.name, err)
		return 1
	}
	fmt.Fprintf(errOut, "muster: there is no command %q\n\n", args[0])
	usage(errOut)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Muster registers people for meetings, through the APIs that software already speaks.\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, c := range commands() {
		fmt.Fprintf(t, "  muster %s\t%s\n", c.name, c.about)
	}
	_ = t.Flush() // to the same writer as all else here
	fmt.Fprint(w, "\nEach has --help, which names the variable of each flag that has one: --public-url is MUSTER_PUBLIC_URL.\n")
}

func printVersion(_ context.Context, args []string, out, errOut io.Writer) error {
	f := newFlags("version", "", "Prints the version.", errOut)
	if _, err := f.parse(args, 0); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "muster", version())
	return err
}

// release is set by the linker for released binaries.
var release string

// version returns the release, or what the build knows of its commit.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}
