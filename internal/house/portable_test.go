package house_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unportable are words of Postgres that a distributed one, such as Citus or
// YugabyteDB, lacks or makes slow. All that waits or happens later does so by
// rows: see docs/scaling.md.
var unportable = regexp.MustCompile(`(?i)\b(LISTEN\s+[a-z"]|NOTIFY\b|UNLISTEN|pg_notify|pg_(try_)?advisory|CREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+)?(TRIGGER|FUNCTION|PROCEDURE|RULE)|CREATE\s+EXTENSION|CITEXT|SKIP\s+LOCKED|ON\s+UPDATE\s+CASCADE|DEFERRABLE|EXCLUDE\s+USING|UNLOGGED|NOWAIT)`)

// comment is prose, which may name what the code does not use.
var comment = regexp.MustCompile(`(?m)(^|\s)(//|--).*$`)

// TestSQLIsPortable reads the source of store, where all SQL is: nobody else
// may import a driver.
func TestSQLIsPortable(t *testing.T) {
	t.Parallel()
	read := 0
	err := filepath.WalkDir(filepath.Join("..", "store"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		for _, found := range unportable.FindAll(comment.ReplaceAll(text, nil), -1) {
			t.Errorf("%s: %q is not for every Postgres", path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 20 {
		t.Fatalf("only %d files read: the walk is broken", read)
	}
}

func TestUnportableIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"LISTEN events": true, "listen \"x\"": true, "SELECT pg_notify('a', 'b')": true, "SELECT pg_advisory_xact_lock(1)": true,
		"SELECT pg_try_advisory_lock(1)": true, "create or replace function f()": true, "CREATE TRIGGER t": true,
		"CREATE EXTENSION IF NOT EXISTS citext": true, "email CITEXT": true, "FOR UPDATE SKIP LOCKED": true,
		"SELECT id FROM jobs FOR UPDATE": false, "x := 1 // LISTEN to nobody": false, "-- no TRIGGER here": false, "ON DELETE CASCADE": false,
	} {
		if got := unportable.Match(comment.ReplaceAll([]byte(text), nil)); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
