//go:build linux

package faults

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// An eventLog is what muster serve --event-log wrote, one file for each node.
// Where the server knows no such flag it is empty and complete.
type eventLog struct{ files []string }

// newEventLog names the files.
func newEventLog(t *testing.T, nodes int) *eventLog {
	t.Helper()
	e := &eventLog{}
	dir := t.TempDir()
	for n := range nodes {
		if knows(t, "event-log") {
			e.files = append(e.files, filepath.Join(dir, fmt.Sprintf("events-%d.jsonl", n)))
		}
	}
	return e
}

// flags are those of a node.
func (e *eventLog) flags(node int) []string {
	if len(e.files) == 0 {
		return nil
	}
	return []string{"--event-log", e.files[node]}
}

// complete waits until every event of d is in the log, whichever node wrote it.
func (e *eventLog) complete(t *testing.T, d *database) {
	t.Helper()
	if len(e.files) == 0 {
		return
	}
	s, err := read(t.Context(), d.open(t))
	if err != nil {
		t.Fatal(err)
	}
	await(t, "every event in --event-log", func() bool {
		have := e.read(t)
		for id := range s.eventIDs {
			if !have[id] {
				return false
			}
		}
		return true
	})
}

// read returns the ids in the log. A line that a kill cut short is none.
func (e *eventLog) read(t *testing.T) map[string]bool {
	t.Helper()
	have := map[string]bool{}
	for _, file := range e.files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var event struct{ ID string }
			if json.Unmarshal(lines.Bytes(), &event) == nil {
				have[event.ID] = true
			}
		}
		_ = f.Close() // it was read
	}
	return have
}
