package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func runCommand(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, &o, &e)
	return code, o.String(), e.String()
}

func TestCommandLines(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		line      string
		code      int
		out, errs string
	}{
		"nothing":         {"", 2, "", "muster serve"},
		"help":            {"help", 0, "muster import", ""},
		"unknown command": {"fly", 2, "", `there is no command "fly"`},
		"help of one":     {"import --help", 0, "", "--client-secret secret (MUSTER_CLIENT_SECRET)"},
		"help of a word":  {"app --help", 0, "", "muster app list"},
		"version":         {"version", 0, "muster ", ""},
		"openapi of none": {"openapi", 2, "", "say which dialect"},
		"openapi":         {"openapi zoom", 0, `"openapi"`, ""},
		"openapi webex":   {"openapi webex", 0, `/meetings/{meetingId}/registrants/bulkInsert`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errOut := runCommand(strings.Fields(test.line)...)
			if code != test.code || !strings.Contains(out, test.out) || !strings.Contains(errOut, test.errs) {
				t.Errorf("got %d %.200q %.200q", code, out, errOut)
			}
		})
	}
}

func TestOperationsHasItsColumns(t *testing.T) {
	t.Parallel()
	code, out, _ := runCommand("operations")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || lines[0] != "dialect\tgroup\tid\tmethod\tpath\tscopes\trate_label\tsuccess_status" {
		t.Fatalf("got %d %q", code, lines[0])
	}
	found := false
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 8 {
			t.Errorf("%d columns: %q", len(cells), line)
			continue
		}
		found = found || cells[2] == "addBatchRegistrants" && cells[6] == "heavy" && cells[7] == "200"
	}
	if !found {
		t.Error("addBatchRegistrants is not there")
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		env   string // of --some-name
		args  []string
		value string
		words []string
		fails string
	}{
		"default":             {value: "d"},
		"variable":            {env: "v", value: "v"},
		"flag before":         {env: "v", args: []string{"--some-name", "f", "w"}, value: "f", words: []string{"w"}},
		"flag after":          {args: []string{"w", "-some-name=f"}, value: "f", words: []string{"w"}},
		"flag between":        {args: []string{"w", "--some-name", "f", "x"}, value: "f", words: []string{"w", "x"}},
		"too many words":      {args: []string{"w", "x", "y"}, fails: `too many words: "y"`},
		"unknown":             {args: []string{"--other"}, fails: "other"},
		"without its value":   {args: []string{"--some-name"}, fails: "needs an argument"},
		"no variable for one": {args: []string{"--count", "x"}, fails: "count"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFlags("x", "", "", &bytes.Buffer{})
			f.getenv = func(name string) string {
				return map[string]string{"MUSTER_SOME_NAME": test.env, "MUSTER_COUNT": "nonsense"}[name]
			}
			value := f.String("some-name", "d", "")
			f.Int("count", 1, "")
			f.noEnv["count"] = true
			words, err := f.parse(test.args, 2)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("got %v, want %q", err, test.fails)
				}
				return
			}
			if err != nil || *value != test.value || strings.Join(words, " ") != strings.Join(test.words, " ") {
				t.Errorf("got %q %q %v, want %q %q", *value, words, err, test.value, test.words)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out, "people ")
	p.end() // nothing was counted
	p.show(1, 4)
	p.show(2, 4)
	p.end()
	if got, want := out.String(), "people "+strings.Repeat("█", 15)+strings.Repeat("░", 15)+" 2/4\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
