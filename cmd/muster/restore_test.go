//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/store"
)

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
		"backup: no file":        {[]string{"backup"}, 2, "name the FILE"},
		"backup: to the output":  {[]string{"backup", "-"}, 2, "must be the name of a file"},
		"backup: is there":       {[]string{"backup", file, "--data", folder}, 1, file + " is there already"},
		"backup: over itself":    {[]string{"backup", filepath.Join(folder, "muster.db"), "--data", folder, "--force"}, 1, "belongs to the database itself"},
		"backup: over its log":   {[]string{"backup", filepath.Join(folder, "muster.db-wal"), "--data", folder, "--force"}, 1, "belongs to the database itself"},
		"backup: a folder":       {[]string{"backup", folder, "--data", folder, "--force"}, 1, "is no plain file"},
		"backup: nowhere":        {[]string{"backup", "no/such/folder/x", "--data", folder}, 1, "no/such/folder"},
		"backup: no database":    {[]string{"backup", "x", "--data", fresh}, 1, "there is no database"},
		"backup: newer":          {[]string{"backup", "x", "--data", newer}, 1, "newer than this program's"},
		"backup: Postgres":       {append([]string{"backup", "x"}, postgres...), 1, "pg_dump"},
		"restore: no file":       {[]string{"restore"}, 2, "name the FILE"},
		"restore: Postgres":      {append([]string{"restore", file}, postgres...), 1, "pg_restore"},
		"restore: not there":     {[]string{"restore", "x", "--data", fresh}, 1, "no such file"},
		"restore: a server runs": {[]string{"restore", file, "--data", folder, "--force"}, 1, "a server is running on this folder: stop it first"},
		"restore: is there":      {[]string{"restore", file, "--data", newer}, 1, "say --force"},
		"restore: itself":        {[]string{"restore", filepath.Join(newer, "muster.db"), "--data", newer, "--force"}, 1, "is the database of"},
		"restore: newer":         {[]string{"restore", filepath.Join(newer, "muster.db"), "--data", fresh}, 1, "newer than this program's"},
		"restore: text":          {[]string{"restore", text, "--data", fresh}, 1, "no database of Muster's"},
		"restore: cut":           {[]string{"restore", cut, "--data", newer, "--force"}, 1, "damaged"},
		"restore: with its log":  {[]string{"restore", beside, "--data", fresh}, 1, "copied.db-wal beside it"},
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
