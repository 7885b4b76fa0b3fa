package eventlog

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/muster"
)

var example = muster.Event{
	ID: "e1", Account: "acc", At: time.Date(2026, 3, 2, 10, 30, 0, 7_000_000, time.FixedZone("", 3600)), Kind: muster.RegistrantsAdded,
	App: "app", User: "user", Meeting: 52704604957, Subjects: []string{"r1", "r2"}, Data: map[string]any{"auto_approve": true},
}

const exampleLine = `{"id":"e1","at":"2026-03-02T09:30:00.007Z","kind":"registrants.added","account_id":"acc","app_id":"app",` +
	`"user_id":"user","meeting_id":52704604957,"subjects":["r1","r2"],"data":{"auto_approve":true}}` + "\n"

const emptyLine = `{"id":"e2","at":"2026-03-02T09:30:00.000Z","kind":"","account_id":"","app_id":"","user_id":"","meeting_id":0,"subjects":[],"data":{}}` + "\n"

func begin(t *testing.T, has string) (*Log, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.jsonl")
	if has != "" {
		if err := os.WriteFile(file, []byte(has), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return l, file
}

func add(t *testing.T, l *Log, events ...muster.Event) {
	t.Helper()
	if err := l.Append(events); err != nil {
		t.Fatal(err)
	}
}

func wantFile(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	l, file := begin(t, "")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 || info.Size() != 0 {
		t.Errorf("a new file: got %v %v, want it empty with mode 0600", info, err)
	}
	add(t, l)
	wantFile(t, file, "")
	add(t, l, example, muster.Event{ID: "e2", At: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)})
	add(t, l, example)
	wantFile(t, file, exampleLine+emptyLine+exampleLine)
}

func TestTornLineIsEnded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ has, want string }{
		"whole": {exampleLine, exampleLine + exampleLine},
		"torn":  {exampleLine + exampleLine[:40], exampleLine + exampleLine[:40] + "\n" + exampleLine},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, file := begin(t, test.has)
			add(t, l, example)
			wantFile(t, file, test.want)
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
				t.Errorf("got %v %v, want the mode as it was", info, err)
			}
		})
	}
}

func TestFileMayBeMovedAway(t *testing.T) {
	t.Parallel()
	l, file := begin(t, "")
	add(t, l, example)
	if err := os.Rename(file, file+".1"); err != nil {
		t.Fatal(err)
	}
	add(t, l, example)
	wantFile(t, file+".1", exampleLine)
	wantFile(t, file, exampleLine)
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	l, file := begin(t, "")
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := l.Append([]muster.Event{example, example}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantFile(t, file, strings.Repeat(exampleLine, 40))
}

func TestFailures(t *testing.T) {
	t.Parallel()
	if _, err := Open(filepath.Join(t.TempDir(), "absent", "events.jsonl")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in an absent folder: got %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder was opened as a file")
	}
	l, file := begin(t, "")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := l.Append([]muster.Event{example}); err == nil {
		t.Error("a line was appended to a folder")
	}
	unknown := example
	unknown.Data = map[string]any{"f": func() {}}
	var e *json.UnsupportedTypeError
	if err := l.Append([]muster.Event{unknown}); !errors.As(err, &e) {
		t.Errorf("got %v, want what JSON cannot say", err)
	}
}
