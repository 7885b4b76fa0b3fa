package pgtest

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // the database is dropped
	return db
}

func tables(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEmptyDatabase(t *testing.T) {
	t.Parallel()
	if n := tables(t, open(t, Database(t, nil))); n != 0 {
		t.Errorf("got %d tables, want none", n)
	}
}

var migrated atomic.Int64

func migration(url string) error {
	migrated.Add(1)
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	_, err = db.Exec("CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('Ann')")
	return errors.Join(err, db.Close())
}

// TestCopies wants each test to have a database of its own, migrated once.
func TestCopies(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			db := open(t, Database(t, migration))
			var n int
			if _, err := db.ExecContext(t.Context(), "INSERT INTO people VALUES ('Bob')"); err != nil {
				t.Fatal(err)
			}
			if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM people").Scan(&n); err != nil || n != 2 {
				t.Errorf("got %d people, %v; want Ann and Bob", n, err)
			}
			if n := migrated.Load(); n != 1 {
				t.Errorf("migrated %d times, want once", n)
			}
		})
	}
}

// TestDropped wants the database gone after its test, though somebody is
// still connected.
func TestDropped(t *testing.T) {
	t.Parallel()
	var url string
	if !t.Run("test", func(t *testing.T) {
		url = Database(t, nil)
		db, err := sql.Open("pgx", url)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.PingContext(t.Context()); err != nil {
			t.Fatal(err)
		}
	}) || url == "" {
		t.Skip("there is no server")
	}
	err := open(t, url).PingContext(t.Context())
	if err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("got %v, want that the database does not exist", err)
	}
}

// TestHelperKilled is no test: TestKilled runs it in a process of its own.
func TestHelperKilled(t *testing.T) {
	if os.Getenv("MUSTER_PGTEST_HELPER") == "" {
		t.Skip("runs in a process of its own")
	}
	fmt.Println("url", Database(t, nil))
	time.Sleep(time.Minute)
}

// TestKilled kills a test binary. On a server of its own nothing of it may be
// left at once, on a shared one not after the next start.
func TestKilled(t *testing.T) {
	t.Parallel()
	if reason, ok := Available(); !ok {
		t.Skip(reason)
	}
	helper := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelperKilled$", "-test.v")
	helper.Env = append(os.Environ(), "MUSTER_PGTEST_HELPER=1")
	out, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	var url string
	for word := ""; word != "url"; {
		if _, err := fmt.Fscan(out, &word); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fmt.Fscan(out, &url); err != nil {
		t.Fatal(err)
	}
	db := open(t, url)
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = helper.Wait() // it was killed
	end := time.Now().Add(20 * time.Second)
	for db.PingContext(t.Context()) == nil {
		if time.Now().After(end) {
			t.Fatal("the database of a killed test is still there")
		}
		if named := os.Getenv(Variable); named != "" {
			s, err := connect(t.Context(), named) // the next start
			if err != nil {
				t.Fatal(err)
			}
			_ = s.db.Close() // but for the lock, which this test binary holds from now on
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func BenchmarkDatabase(b *testing.B) {
	for b.Loop() {
		Database(b, migration)
	}
}
