//go:build unix

package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"muster/internal/client"
)

// eventIDs returns the id of each event in the database of folder.
func eventIDs(t *testing.T, folder string) (ids []string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "muster.db")+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // it only read
	rows, err := db.QueryContext(t.Context(), `SELECT id FROM events`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// A loggedEvent is a line of an event log.
type loggedEvent struct {
	ID, Kind string
	Account  string   `json:"account_id"`
	Meeting  int64    `json:"meeting_id"`
	Subjects []string `json:"subjects"`
}

// logged returns the lines of an event log by id.
func logged(t *testing.T, file string) map[string]loggedEvent {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	events := map[string]loggedEvent{}
	for line := range strings.Lines(string(text)) {
		var e loggedEvent
		if err := json.Unmarshal([]byte(line), &e); err == nil { // not of a line that was cut
			events[e.ID] = e
		}
	}
	return events
}

// awaitEvents waits until every event is in the log, those before aside.
func (s *served) awaitEvents(folder, file string, before ...string) {
	s.t.Helper()
	s.await("line for each event", func() bool {
		got := logged(s.t, file)
		return !slices.ContainsFunc(eventIDs(s.t, folder), func(id string) bool { return got[id].ID == "" && !slices.Contains(before, id) })
	})
}

func TestEventLog(t *testing.T) {
	t.Parallel()
	folder, file := t.TempDir(), filepath.Join(t.TempDir(), "events.jsonl")
	s := beginServer(t, folder, []string{"MUSTER_EVENT_LOG=" + file})
	first := s.vars
	meeting := s.meeting(s.client(first), map[string]any{"approval_type": 0})
	who := map[string]any{"email": "ann-lou@example.com", "first_name": "Ann-Lou"} // no id has a hyphen
	var made struct {
		ID string `json:"registrant_id"`
	}
	if err := s.client(first).Do(t.Context(), http.MethodPost, "/meetings/"+meeting+"/registrants", who, &made, nil); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := invoke(t, nil, "app", "add", "--data", folder, "--account", first["MUSTER_ACCOUNT_ID"], "--name", "beside"); code != 0 {
		t.Fatalf("app add: %s", errOut)
	}
	s.awaitEvents(folder, file)
	s.stop()

	var kinds []string
	for _, e := range logged(t, file) {
		kinds = append(kinds, e.Kind)
		if e.Kind == "registrants.added" && (!slices.Equal(e.Subjects, []string{made.ID}) || fmt.Sprint(e.Meeting) != meeting || e.Account != first["MUSTER_ACCOUNT_ID"]) {
			t.Errorf("got %+v, want registrant %s of meeting %s", e, made.ID, meeting)
		}
	}
	slices.Sort(kinds)
	if want := []string{"account.created", "app.added", "app.added", "meeting.created", "registrants.added"}; !slices.Equal(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(strings.ToLower(string(text)), "ann-lou") {
		t.Errorf("a name is in the log: %v %s", err, text)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v %v, want mode 0600", info, err)
	}

	s = beginServer(t, folder, nil)
	s.meeting(s.client(first), nil) // nobody follows
	s.stop()
	before := eventIDs(t, folder)
	s = beginServer(t, folder, nil, "--event-log", file)
	s.meeting(s.client(first), nil)
	s.awaitEvents(folder, file, before...)
	s.stop()
	if got := len(logged(t, file)); got != 6 {
		t.Errorf("got %d events in the log, want 6: none of when nobody followed", got)
	}
}

// TestEventLogMissesNothing kills the server in the middle of many requests,
// some answered, some not: once while it writes the log, once while it cannot.
// The next server writes what is missing.
func TestEventLogMissesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits for a lease to end")
	}
	folder, logs := t.TempDir(), filepath.Join(t.TempDir(), "logs")
	if err := os.Mkdir(logs, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(logs, "events.jsonl")
	s := beginServer(t, folder, nil, "--event-log", file)
	first := s.vars
	meeting := s.meeting(s.client(first), map[string]any{"approval_type": 0})
	register(t, s, s.client(first), meeting, "a")
	s = beginServer(t, folder, nil, "--event-log", file)
	s.awaitEvents(folder, file)

	if err := os.Rename(logs, logs+".away"); err != nil {
		t.Fatal(err)
	}
	register(t, s, s.client(first), meeting, "b")
	wantText(t, s.errOut.String(), "level=ERROR msg=job kind=event")
	if err := os.Rename(logs+".away", logs); err != nil {
		t.Fatal(err)
	}
	if events, lines := eventIDs(t, folder), logged(t, file); len(lines) > len(events)-50 {
		t.Fatalf("got %d of %d events in the log: it was to be out of reach", len(lines), len(events))
	}
	s = beginServer(t, folder, nil, "--event-log", file)
	s.awaitEvents(folder, file)
	s.stop()
	if events, lines := eventIDs(t, folder), logged(t, file); len(lines) != len(events) {
		t.Errorf("got %d events in the log, want %d", len(lines), len(events))
	}
}

// register registers people until 50 are, and kills the server then, which is
// with others.
func register(t *testing.T, s *served, c *client.Client, meeting, prefix string) {
	t.Helper()
	var wg sync.WaitGroup
	answered := make(chan bool, 1000)
	for i := range 8 {
		wg.Go(func() {
			for n := 0; ; n++ {
				who := map[string]any{"email": fmt.Sprintf("%s-%d-%d@example.com", prefix, i, n), "first_name": "P"}
				if err := c.Do(t.Context(), http.MethodPost, "/meetings/"+meeting+"/registrants", who, nil, nil); err != nil {
					return // it is dead
				}
				answered <- true
			}
		})
	}
	for range 50 {
		<-answered
	}
	s.signal(syscall.SIGKILL)
	wg.Wait()
	if code := s.wait(); code != -1 {
		t.Fatalf("got exit code %d, want none", code)
	}
}
