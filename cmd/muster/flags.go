package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// A usageError is a command line that makes no sense.
type usageError struct{ text string }

func (u *usageError) Error() string { return u.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// flags are the flags of one command. Each flag --some-name may be given by
// the variable MUSTER_SOME_NAME instead; the flag wins.
type flags struct {
	*flag.FlagSet
	getenv func(string) string
	noEnv  map[string]bool // flags without a variable
}

func newFlags(name, args, about string, errOut io.Writer) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError), getenv: os.Getenv, noEnv: map[string]bool{}}
	f.SetOutput(io.Discard) // parse tells errors itself
	f.Usage = func() {
		fmt.Fprintf(errOut, "Usage: muster %s\n\n%s\n", strings.TrimSpace(name+" [flags] "+args), about)
		f.VisitAll(func(fl *flag.Flag) {
			if len(fl.Name) == 1 {
				return // another name of a flag that says so
			}
			kind, use := flag.UnquoteUsage(fl)
			twin := ""
			if !f.noEnv[fl.Name] {
				twin = " (" + variable(fl.Name) + ")"
			}
			if fl.DefValue != "" && fl.DefValue != "false" {
				use += " [" + fl.DefValue + "]"
			}
			fmt.Fprintf(errOut, "\n  --%s %s%s\n        %s\n", fl.Name, kind, twin, use)
		})
	}
	return f
}

// variable returns the name of a flag's variable.
func variable(name string) string {
	return "MUSTER_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// parse sets the flags from the variables, then from args, where flags may
// stand before and after the words. It returns the words, at most most.
func (f *flags) parse(args []string, most int) ([]string, error) {
	var bad error
	f.VisitAll(func(fl *flag.Flag) {
		if v := f.getenv(variable(fl.Name)); v != "" && !f.noEnv[fl.Name] {
			if err := f.Set(fl.Name, v); err != nil && bad == nil {
				bad = usagef("the variable %s: %v", variable(fl.Name), err)
			}
		}
	})
	var words []string
	for bad == nil {
		if err := f.Parse(args); err != nil {
			if err == flag.ErrHelp {
				return nil, err
			}
			return nil, usagef("%v", err)
		}
		if f.NArg() == 0 {
			break
		}
		words = append(words, f.Arg(0))
		args = f.Args()[1:]
	}
	if bad == nil && len(words) > most {
		bad = usagef("too many words: %q", words[most])
	}
	return words, bad
}

// names lists the flags.
func (f *flags) names() []string {
	var names []string
	f.VisitAll(func(fl *flag.Flag) { names = append(names, fl.Name) })
	return names
}
