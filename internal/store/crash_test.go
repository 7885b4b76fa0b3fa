package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// crashFile names, to a child process of this test binary, the database in
// which it commits until it is killed.
const crashFile = "MUSTER_TEST_CRASH_FILE"

// TestKilledProcessLosesNothing kills a process that writes, without warning,
// and looks for every row that it had acknowledged.
func TestKilledProcessLosesNothing(t *testing.T) {
	if file := os.Getenv(crashFile); file != "" {
		commitForEver(file)
	}
	t.Parallel()
	const rounds, enough = 2, 61
	file := filepath.Join(t.TempDir(), "muster.db")
	var acknowledged []string
	for round := range rounds {
		acknowledged = append(acknowledged, kill(t, file, fmt.Sprintf("round%d-", round), enough)...)
	}
	if len(acknowledged) < rounds*(enough-1) {
		t.Fatalf("got %d acknowledged rows, want %d at least", len(acknowledged), rounds*enough)
	}
	db, err := Open(t.Context(), file, Options{})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	for _, id := range acknowledged {
		if !exists(t, db, id) {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	if n := number(t, db, `SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'`); n != 0 {
		t.Errorf("the database is damaged: %d complaints", n)
	}
}

// kill runs a child until it has acknowledged enough rows, kills it in the
// middle of its work and returns all that it acknowledged.
func kill(t *testing.T, file, prefix string, enough int) []string {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledProcessLosesNothing$")
	child.Env = append(os.Environ(), crashFile+"="+file, "MUSTER_TEST_CRASH_PREFIX="+prefix)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	var ids []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		ids = append(ids, lines.Text())
		if len(ids) == enough {
			must(t, child.Process.Kill())
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return ids[:max(len(ids)-1, 0)] // the last line may have been cut
}

// commitForEver writes one row after the other and prints each id once it is durable.
func commitForEver(file string) {
	ctx, prefix := context.Background(), os.Getenv("MUSTER_TEST_CRASH_PREFIX")
	db, err := Open(ctx, file, Options{})
	for i := 0; err == nil; i++ {
		id := fmt.Sprintf("%s%d", prefix, i)
		if err = db.Write(ctx, func(tx *Tx) error { return tx.AddAccount(ctx, account(id)) }); err == nil {
			fmt.Println(id)
		}
	}
	fmt.Fprintln(os.Stderr, "the child failed:", err)
	os.Exit(2)
}
