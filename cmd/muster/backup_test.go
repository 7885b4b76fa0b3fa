//go:build unix

package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
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
	if names := differ(before, files(t, folder)); len(names) > 0 {
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

// TestRestoreKeepsTheOldOne restores over a database that a killed server has
// left, with its last people in its log only, and over a damaged one.
func TestRestoreKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	backed, vars := firstDatabase(t)
	file := filepath.Join(t.TempDir(), "backup.db")
	if code, _, errOut := invoke(t, nil, "backup", file, "--data", backed); code != 0 {
		t.Fatal(errOut)
	}
	for name, damage := range map[string]bool{"after a crash": false, "damaged": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			s := beginServer(t, folder, nil)
			meeting := s.meeting(s.client(s.vars), map[string]any{"approval_type": 0})
			register(t, s, s.client(s.vars), meeting, "late")
			if damage {
				if err := os.WriteFile(filepath.Join(folder, "muster.db"), bytes.Repeat([]byte("x"), 50000), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			before := files(t, folder)
			if before["muster.db-wal"] == "" {
				t.Fatal("there is no log")
			}
			code, _, errOut := invoke(t, nil, "restore", file, "--data", folder)
			if names := differ(before, files(t, folder)); code != 1 || len(names) > 0 {
				t.Errorf("without --force: got %d, changed %v", code, names)
			}
			wantText(t, errOut, "there is a database in it")

			code, out, errOut := invoke(t, nil, "restore", file, "--data", folder, "--force")
			_, aside, told := strings.Cut(strings.TrimSpace(out), "is kept as ")
			if code != 0 || !told {
				t.Fatalf("got %d %s%s", code, out, errOut)
			}
			if left := glob(t, folder, "muster.db-*"); len(left) > 0 {
				t.Errorf("beside the new database: %v", left)
			}
			is := files(t, folder)
			if damage {
				if is[filepath.Base(aside)] != before["muster.db"] || is[filepath.Base(aside)+"-wal"] != before["muster.db-wal"] {
					t.Errorf("the old database is not what it was")
				}
			} else if c, err := store.Inspect(t.Context(), aside, true); c.Registrants < 50 || err != nil {
				t.Errorf("the old database: got %+v %v, want all who were registered", c, err)
			}
			first := s.vars
			s = beginServer(t, folder, nil)
			defer s.stop()
			if status := meStatus(t, s, token(t, s, vars), "/v2/users/me"); status != 200 {
				t.Errorf("got %d, want 200", status)
			}
			if status, _ := askToken(t, s, first); status == 200 {
				t.Error("the app of the old database still gets tokens")
			}
		})
	}
}

func TestBackupAndRestoreRefuse(t *testing.T) {
	t.Parallel()
	folder, _ := firstDatabase(t)
	s := beginServer(t, folder, nil)
	t.Cleanup(s.stop)
	file := filepath.Join(t.TempDir(), "backup.db")
	if code, _, errOut := invoke(t, nil, "backup", file, "--data", folder); code != 0 {
		t.Fatal(errOut)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	newer, fresh := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(newer, "muster.db"), good, 0o600); err != nil {
		t.Fatal(err)
	}
	change(t, newer, `UPDATE schema_version SET version = 999`)
	text, cut, beside := write(t, "text", "no database"), write(t, "cut.db", string(good[:len(good)/2])), write(t, "copied.db", string(good))
	if err := os.WriteFile(beside+"-wal", []byte("more"), 0o600); err != nil {
		t.Fatal(err)
	}
	postgres := []string{"--database", "postgres://u:hidden@nowhere.example/x"}
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"backup: no file":          {[]string{"backup"}, 2, "name the FILE"},
		"backup: to the output":    {[]string{"backup", "-"}, 2, "must be the name of a file"},
		"backup: is there":         {[]string{"backup", file, "--data", folder}, 1, file + " is there already"},
		"backup: over itself":      {[]string{"backup", filepath.Join(folder, "muster.db"), "--data", folder, "--force"}, 1, "belongs to the database itself"},
		"backup: over its log":     {[]string{"backup", filepath.Join(folder, "muster.db-wal"), "--data", folder, "--force"}, 1, "belongs to the database itself"},
		"backup: a folder":         {[]string{"backup", folder, "--data", folder, "--force"}, 1, "is no plain file"},
		"backup: nowhere":          {[]string{"backup", "no/such/folder/x", "--data", folder}, 1, "no/such/folder"},
		"backup: no database":      {[]string{"backup", "x", "--data", fresh}, 1, "there is no database"},
		"backup: newer":            {[]string{"backup", "x", "--data", newer}, 1, "newer than this program's"},
		"backup: Postgres":         {append([]string{"backup", "x"}, postgres...), 1, "pg_dump"},
		"restore: no file":         {[]string{"restore"}, 2, "name the FILE"},
		"restore: Postgres":        {append([]string{"restore", file}, postgres...), 1, "pg_restore"},
		"restore: not there":       {[]string{"restore", "x", "--data", fresh}, 1, "no such file"},
		"restore: a server runs":   {[]string{"restore", file, "--data", folder, "--force"}, 1, "a server is running on this folder: stop it first"},
		"restore: is there":        {[]string{"restore", file, "--data", newer}, 1, "say --force"},
		"restore: itself":          {[]string{"restore", filepath.Join(newer, "muster.db"), "--data", newer, "--force"}, 1, "is the database of"},
		"restore: newer":           {[]string{"restore", filepath.Join(newer, "muster.db"), "--data", fresh}, 1, "newer than this program's"},
		"restore: text":            {[]string{"restore", text, "--data", fresh}, 1, "no database of Muster's"},
		"restore: cut":             {[]string{"restore", cut, "--data", newer, "--force"}, 1, "damaged"},
		"restore: with its log":    {[]string{"restore", beside, "--data", fresh}, 1, "copied.db-wal beside it"},
		"migrate: no database":     {[]string{"migrate", "--data", fresh}, 1, "there is no database"},
		"migrate: newer":           {[]string{"migrate", "--data", newer}, 1, "newer than this program's"},
		"migrate: check of none":   {[]string{"migrate", "--data", fresh, "--check"}, 1, "there is no database"},
		"migrate: check of newer":  {[]string{"migrate", "--data", newer, "--check"}, 1, "newer than this program's"},
		"migrate: too many words":  {[]string{"migrate", "now"}, 2, "too many words"},
		"migrate: not of a server": {[]string{"migrate", "--database", "mysql://x"}, 2, "--database must be a URL"},
	} {
		t.Run(name, func(t *testing.T) {
			p := begin(t, nil, test.args...)
			if code := p.wait(); code != test.code || p.out.String() != "" || strings.Contains(p.errOut.String(), "hidden") {
				t.Errorf("got %d, want %d; output %s", code, test.code, &p.out)
			}
			wantText(t, p.errOut.String(), test.want)
			empty(t, p.work)
			empty(t, fresh)
			if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, good) {
				t.Fatalf("the backup has changed: %v", err)
			}
		})
	}
	if code, _, errOut := invoke(t, nil, "backup", file, "--data", folder, "--force"); code != 0 {
		t.Errorf("--force: got %d %s", code, errOut)
	}
}

// TestMigrateCommand migrates the database of the first version.
func TestMigrateCommand(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	core, err := os.ReadFile("../../internal/store/migrations/0001_core.sql")
	if err != nil {
		t.Fatal(err)
	}
	schema := strings.NewReplacer("{{serial}}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{{by_seq}}", "", "{{key}}", "UNIQUE").Replace(string(core))
	change(t, folder, schema+`; CREATE TABLE schema_version (version BIGINT NOT NULL); INSERT INTO schema_version VALUES (1)`)
	before := files(t, folder)
	run := func(wantCode int, want string, args ...string) {
		t.Helper()
		code, out, errOut := invoke(t, nil, append(args, "--data", folder)...)
		if code != wantCode || !strings.HasPrefix(out+errOut, want) {
			t.Errorf("%q: got %d %s%s, want %d %s", args, code, out, errOut, wantCode, want)
		}
	}
	newest := store.NewestSchema()
	run(1, fmt.Sprintf("schema 1 → %d is to be done\n", newest), "migrate", "--check")
	lock, err := lockFile(lockName(folder))
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"migrate"}, {"app", "list"}} {
		run(1, "muster "+args[0]+": --data "+folder+": its database has schema 1 and this program needs", args...)
	}
	delete(before, "muster.lock")
	is := files(t, folder)
	delete(is, "muster.lock")
	if names := differ(before, is); len(names) > 0 {
		t.Errorf("under a server's lock it has changed %v", names)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	run(0, fmt.Sprintf("schema 1 → %d\n", newest), "migrate")
	run(0, fmt.Sprintf("the schema is up to date (%d)\n", newest), "migrate")
	run(0, fmt.Sprintf("the schema is up to date (%d)\n", newest), "migrate", "--check")

	s := beginServer(t, folder, nil)
	defer s.stop()
	run(0, "the schema is up to date", "migrate") // beside a server there is nothing to do
	if _, err := os.Stat(filepath.Join(folder, "muster.lock")); errors.Is(err, fs.ErrNotExist) {
		t.Error("the lock is gone")
	}
}
