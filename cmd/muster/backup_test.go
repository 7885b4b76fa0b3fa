//go:build unix

package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"muster/internal/client"
	"muster/internal/store"
)

// A crowd registers people for a meeting, one after the other in each of some
// hands, until it is told to stop.
type crowd struct {
	mu       sync.Mutex
	answered []string // the emails of those who are registered
	stop     chan struct{}
	hands    sync.WaitGroup
}

func newCrowd(t *testing.T, c *client.Client, meeting string) *crowd {
	t.Helper()
	w := &crowd{stop: make(chan struct{})}
	for i := range 6 {
		w.hands.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-w.stop:
					return
				default:
				}
				who := map[string]any{"email": fmt.Sprintf("p%d-%d@example.com", i, n), "first_name": "P"}
				if err := c.Do(t.Context(), http.MethodPost, "/meetings/"+meeting+"/registrants", who, nil, nil); err != nil {
					t.Error(err)
					return
				}
				w.mu.Lock()
				w.answered = append(w.answered, who["email"].(string))
				w.mu.Unlock()
			}
		})
	}
	return w
}

// sofar returns the emails of those who are registered.
func (w *crowd) sofar() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answered
}

// TestBackupUnderLoad takes a backup of a server that registers people all the
// time, restores it and asks a server on it for everything.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := beginServer(t, folder, nil)
	first := s.vars
	c, bearer := s.client(first), token(t, s, first)
	meeting := s.meeting(c, map[string]any{"approval_type": 0})
	w := newCrowd(t, c, meeting)
	s.await("people", func() bool { return len(w.sofar()) > 50 })

	file := filepath.Join(t.TempDir(), "backup.db")
	before := w.sofar()
	code, out, errOut := invoke(t, []string{"MUSTER_DATA=" + folder}, "backup", file)
	after := w.sofar()
	if code != 0 || errOut != "" {
		t.Fatalf("backup: got %d %s", code, errOut)
	}
	wantText(t, out, "1 account, 1 meeting, ")
	s.await("more people", func() bool { return len(w.sofar()) > len(after)+20 })
	close(w.stop)
	w.hands.Wait()
	live, _, _ := s.people(c, meeting, "approved")
	s.stop()

	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v %v, want mode 0600", info, err)
	}
	again := filepath.Join(t.TempDir(), "new", "data")
	if code, out, errOut = invoke(t, nil, "restore", file, "--data", again); code != 0 || !strings.Contains(out, "1 meeting") {
		t.Fatalf("restore: got %d %s %s", code, out, errOut)
	}
	s = beginServer(t, again, nil)
	defer s.stop()
	kept, rows, counted := s.people(s.client(first), meeting, "approved")
	if rows != len(kept) || counted != rows || rows < len(before) || rows >= len(live) {
		t.Errorf("got %d people in %d rows, counted %d; want from %d to %d", len(kept), rows, counted, len(before), len(after)+6)
	}
	for _, email := range before {
		if kept[email].Fields["id"] == "" || path(t, kept[email]) != path(t, live[email]) {
			t.Fatalf("%s was registered before the backup: got %v, want %v", email, kept[email], live[email])
		}
	}
	if status := meStatus(t, s, bearer, "/v2/users/me"); status != 200 {
		t.Errorf("the old token: got %d, want 200", status)
	}
	if status, page := fetch(t, "http://"+s.address+path(t, live[before[0]])); status != 200 {
		t.Errorf("an old link: got %d, want 200\n%s", status, page)
	}
}

// path is a registrant's link without the address of the server.
func path(t *testing.T, r client.Registrant) string {
	t.Helper()
	link, err := url.Parse(r.Fields["join_url"])
	if err != nil {
		t.Fatal(err)
	}
	return link.RequestURI()
}

// firstDatabase returns a folder with an account and a meeting, and the credentials.
func firstDatabase(t *testing.T) (folder string, vars map[string]string) {
	t.Helper()
	folder = t.TempDir()
	s := beginServer(t, folder, nil)
	s.meeting(s.client(s.vars), nil)
	s.stop()
	return folder, s.vars
}

// change runs a statement on the database of a folder.
func change(t *testing.T, folder, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(folder, "muster.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// heavy makes the database of a folder some 100 MB larger.
const heavy = `WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
	INSERT INTO events (id, account_id, at, kind, app_id, user_id, meeting_id, subjects, data)
	SELECT 'heavy' || i, 'nobody', i, 'test', '', '', 0, '', hex(zeroblob(500)) FROM n`

func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	names, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, n := range names {
		content, err := os.ReadFile(filepath.Join(folder, n.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[n.Name()] = string(content)
	}
	return all
}

// differ returns the names of what is not in both with the same content.
func differ(a, b map[string]string) (names []string) {
	for name := range a {
		if other, ok := b[name]; !ok || other != a[name] {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

// TestKilledBackupAndRestore kills both in the middle of their work.
func TestKilledBackupAndRestore(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a large database")
	}
	folder, vars := firstDatabase(t)
	good := filepath.Join(t.TempDir(), "good.db")
	if code, _, errOut := invoke(t, nil, "backup", good, "--data", folder); code != 0 {
		t.Fatal(errOut)
	}
	change(t, folder, heavy)
	before := files(t, folder)

	for _, how := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		to := t.TempDir()
		p := begin(t, nil, "backup", filepath.Join(to, "backup.db"), "--data", folder)
		p.await("copy under way", func() bool { return len(glob(t, to, "backup.db.part-*")) > 0 })
		p.signal(how)
		if code := p.wait(); code != -1 && code != 130 {
			t.Fatalf("%v came too late: %d %s", how, code, &p.out)
		}
		if left := glob(t, to, "*"); how == syscall.SIGTERM && len(left) > 0 || len(glob(t, to, "backup.db")) > 0 {
			t.Errorf("%v: left behind: %v", how, left)
		}
	}
	is := files(t, folder)
	delete(is, "muster.db-shm")
	if is["muster.db-wal"] == "" { // who is killed cannot remove it, and has written nothing
		delete(is, "muster.db-wal")
	}
	if names := differ(before, is); len(names) > 0 {
		t.Errorf("a backup that was killed has changed %v", names)
	}

	big := filepath.Join(t.TempDir(), "big.db")
	if code, _, errOut := invoke(t, nil, "backup", big, "--data", folder); code != 0 {
		t.Fatal(errOut)
	}
	old := t.TempDir()
	if code, _, errOut := invoke(t, nil, "restore", good, "--data", old); code != 0 {
		t.Fatal(errOut)
	}
	before = files(t, old)
	for _, how := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		p := begin(t, nil, "restore", big, "--data", old, "--force")
		p.await("copy under way", func() bool { return len(glob(t, old, "muster.db.restoring")) > 0 })
		p.signal(how)
		if code := p.wait(); code != -1 && code != 130 {
			t.Fatalf("%v came too late: %d %s", how, code, &p.out)
		}
		names := differ(before, files(t, old))
		if how == syscall.SIGTERM && len(names) > 0 || len(names) > 1 || len(names) == 1 && names[0] != "muster.db.restoring" {
			t.Errorf("%v: a restore that was killed has changed %v", how, names)
		}
	}
	s := beginServer(t, old, nil)
	s.meeting(s.client(vars), nil) // the old one serves
	s.stop()
	if code, _, errOut := invoke(t, nil, "restore", big, "--data", old, "--force"); code != 0 {
		t.Fatal(errOut)
	}
	if left := glob(t, old, "muster.db.restoring*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if c, err := store.Inspect(t.Context(), filepath.Join(old, "muster.db"), true); c.Meetings != 1 || err != nil {
		t.Errorf("got %+v %v, want the one meeting of the backup", c, err)
	}
}

func glob(t *testing.T, folder, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
