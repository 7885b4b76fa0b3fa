//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"muster/internal/store"
)

// TestMigrateCommand migrates the database of the first version.
func TestMigrateCommand(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	core, err := os.ReadFile("../../internal/store/migrations/0001_core.sql")
	if err != nil {
		t.Fatal(err)
	}
	schema := strings.NewReplacer( // as SQLite's dialect does
		"{{serial}}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{{by_seq}}", "", "{{key}}", "UNIQUE",
	).Replace(string(core))
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

func TestMigrateRefuses(t *testing.T) {
	t.Parallel()
	newer, fresh := t.TempDir(), t.TempDir()
	change(t, newer, `CREATE TABLE schema_version (version BIGINT NOT NULL); INSERT INTO schema_version VALUES (999)`)
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no database":    {[]string{"migrate", "--data", fresh}, 1, "there is no database"},
		"newer":          {[]string{"migrate", "--data", newer}, 1, "newer than this program's"},
		"check of none":  {[]string{"migrate", "--data", fresh, "--check"}, 1, "there is no database"},
		"check of newer": {[]string{"migrate", "--data", newer, "--check"}, 1, "newer than this program's"},
		"too many words": {[]string{"migrate", "now"}, 2, "too many words"},
		"no Postgres":    {[]string{"migrate", "--database", "mysql://x"}, 2, "--database must be a URL"},
	} {
		t.Run(name, func(t *testing.T) {
			p := begin(t, nil, test.args...)
			if code := p.wait(); code != test.code || p.out.String() != "" {
				t.Errorf("got %d, want %d; output %s", code, test.code, &p.out)
			}
			wantText(t, p.errOut.String(), test.want)
			empty(t, p.work)
			empty(t, fresh)
		})
	}
}
