package main

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed csqlite/csqlite.c
var csqliteSource []byte

// sqliteModule is the module that SQLite's C source comes with.
const sqliteModule = "github.com/mattn/go-sqlite3"

// build builds Muster from the repository, PocketBase from its module and the
// program in C. Without the last two the rest is measured.
func (b *bench) build(ctx context.Context) error {
	gomod, err := output(ctx, "", "go", "env", "GOMOD")
	if err != nil {
		return err
	}
	here := filepath.Dir(gomod)
	if b.root = filepath.Dir(here); filepath.Base(here) != "bench" {
		return errors.New("run it in the folder bench of the repository")
	}
	if b.commit, err = output(ctx, b.root, "git", "describe", "--always", "--dirty"); err != nil {
		b.commit = "unknown"
	}
	say("building Muster")
	b.musterBin = b.file("muster")
	if _, err := output(ctx, b.root, "go", "build", "-trimpath", "-o", b.musterBin, "./cmd/muster"); err != nil {
		return err
	}
	say("building PocketBase")
	b.pocketbaseBin = b.file("pocketbase")
	if _, err := output(ctx, here, "go", "build", "-trimpath", "-o", b.pocketbaseBin, "./pocketbase"); err != nil {
		b.pocketbaseBin = ""
		b.note("PocketBase: %v", err)
	}
	if b.csqliteBin, err = buildC(ctx, here); err != nil {
		b.csqliteBin = ""
		b.note("SQLite in C: %v", err)
	}
	return ctx.Err()
}

// buildC compiles csqlite with SQLite and keeps it in the user's cache, for
// that takes a minute.
func buildC(ctx context.Context, here string) (string, error) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		return "", errors.New("gcc is not installed")
	}
	told, err := output(ctx, here, "go", "mod", "download", "-json", sqliteModule)
	if err != nil {
		return "", err
	}
	var module struct{ Version, Dir string }
	if err := json.Unmarshal([]byte(told), &module); err != nil {
		return "", err
	}
	compiler, err := output(ctx, "", gcc, "--version")
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	flags := []string{"-O2", "-I", module.Dir}
	sum := sha256.Sum256(append([]byte(compiler+module.Version+flags[0]), csqliteSource...))
	folder := filepath.Join(cache, "muster-bench", module.Version+"-"+hex.EncodeToString(sum[:6]))
	program := filepath.Join(folder, "csqlite")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	say("compiling SQLite in C, which takes a minute and is kept in %s", folder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	source := filepath.Join(folder, "csqlite.c")
	if err := os.WriteFile(source, csqliteSource, 0o644); err != nil {
		return "", err
	}
	unfinished := program + ".new"
	args := append(flags, "-o", unfinished, source, filepath.Join(module.Dir, "sqlite3-binding.c"), "-lm", "-lpthread", "-ldl")
	if _, err := output(ctx, "", gcc, args...); err != nil {
		return "", err
	}
	return program, os.Rename(unfinished, program)
}

// output runs a program in dir, without C for Go's own, and returns what it
// prints, or an error with what it complains of.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	text := strings.TrimSpace(string(out))
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return text, fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args[:min(2, len(args))], " "), err, lastLines(string(e.Stderr)))
	} else if err != nil {
		return text, fmt.Errorf("%s: %w", name, err)
	}
	return text, nil
}

// lastLines returns the end of a long text.
func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}
