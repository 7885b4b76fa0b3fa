package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
)

// helpFlag is a flag in a command's help: name, variable and default if it has them.
var helpFlag = regexp.MustCompile(`(?m)^  --([a-z-]+) [^(\n]*(?:\((MUSTER_[A-Z_]+)\))?\n {8}.*?(?: \[(.*)\])?$`)

// TestFlagsAreDocumented finds each flag of a command's help, with its
// variable and its default, in one line of the page on it.
func TestFlagsAreDocumented(t *testing.T) {
	t.Parallel()
	for command, page := range map[string]string{
		"serve": "configuration.md", "import": "import.md", "export": "import.md", "migrate": "backup.md", "backup": "backup.md", "restore": "backup.md",
		"copy": "backup.md", "audit": "audit.md",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			var out, help bytes.Buffer
			if code := run(context.Background(), []string{command, "--help"}, &out, &help); code != 0 {
				t.Fatalf("muster %s --help: got exit code %d\n%s", command, code, &help)
			}
			text, err := os.ReadFile("../../docs/" + page)
			if err != nil {
				t.Fatal(err)
			}
			flags := helpFlag.FindAllStringSubmatch(out.String()+help.String(), -1)
			if len(flags) < 2 {
				t.Fatalf("only %d flags were found in the help:\n%s%s", len(flags), &out, &help)
			}
			for _, f := range flags {
				name, variable, value := f[1], f[2], f[3]
				if !documented(string(text), name, variable, value) {
					t.Errorf("docs/%s has no line with `--%s`, %q and the default %q", page, name, variable, value)
				}
			}
		})
	}
}

func documented(page, name, variable, value string) bool {
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| `--"+name+"`") && strings.Contains(line, variable) && strings.Contains(line, value) {
			return true
		}
	}
	return false
}
