package transfer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"muster/internal/client"
	"muster/internal/roster"
)

// The test binary is also the importer that gets killed.
const importerVariable = "MUSTER_TEST_IMPORTER"

func TestMain(m *testing.M) {
	if url := os.Getenv(importerVariable); url != "" {
		os.Exit(importer(url, os.Args[1]))
	}
	os.Exit(m.Run())
}

func importer(url, file string) int {
	c, err := client.New(client.Config{URL: url, AccountID: "a", ClientID: "b", ClientSecret: "c"})
	if err == nil {
		_, err = Import(context.Background(), ImportOptions{Client: c, Meeting: "123", File: file, BatchSize: 10})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func TestKilledImportLosesAndDoublesNobody(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	const rows, bad = 600, 3
	s := newServer(t)
	s.blame = true
	s.refuse = refuseEmails(300, "No.", "p17@example.com", "p300@example.com", "p301@example.com")
	o := options(t, s, people(rows)+"p2@example.com,Ann,Twice\nnobody,Ann,Bad\n")

	var victim *exec.Cmd
	var left int // requests until the end
	var late bool
	kill := func() {
		if left--; left == 0 {
			_ = victim.Process.Kill() // it may have ended by itself
		}
	}
	s.meddle = func(int) *refusal {
		if !late {
			kill()
		}
		return nil
	}
	s.answered = func(int) {
		if late {
			kill()
		}
	}
	kills := 0
	for round := 0; ; round++ {
		if round > rows {
			t.Fatal("the import gets nowhere")
		}
		s.mu.Lock()
		left, late = 1+random.IntN(12), random.IntN(2) == 0
		victim = exec.CommandContext(t.Context(), os.Args[0], o.File)
		victim.Env = append(os.Environ(), importerVariable+"="+s.URL)
		var said strings.Builder
		victim.Stderr = &said
		err := victim.Start()
		s.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		err = victim.Wait()
		if err == nil {
			break
		}
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() != -1 {
			t.Fatalf("the importer failed by itself: %v %s", err, said.String())
		}
		kills++
		if random.IntN(3) == 0 {
			tear(t, o)
		}
	}
	t.Logf("%d kills, %d requests", kills, len(s.calls))
	if odd := s.oddities(rows - bad); odd != "" {
		t.Error(odd)
	}
	counts := map[roster.Outcome]int{}
	for _, r := range results(t, o) {
		counts[r.Outcome]++
	}
	if counts[roster.Registered] != rows-bad || counts[roster.Refused] != bad || counts[roster.Duplicate] != 1 || counts[roster.Bad] != 1 {
		t.Errorf("got %v", counts)
	}
}

// Tear leaves the result file as a run that was killed while it wrote to it.
func tear(t *testing.T, o ImportOptions) {
	t.Helper()
	f, err := os.OpenFile(strings.TrimSuffix(o.File, ".csv")+".result.csv", os.O_WRONLY|os.O_APPEND, 0)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	// The first byte of what is appended is not there yet.
	_, err = f.WriteString("\x0099,p599@example.com,x,,registered,\n600,p6")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestResumeRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(t *testing.T, o *ImportOptions)
		says   string
	}{
		"same":         {func(*testing.T, *ImportOptions) {}, ""},
		"new content":  {func(t *testing.T, o *ImportOptions) { edit(t, o.File, people(6)) }, "another content"},
		"meeting":      {func(_ *testing.T, o *ImportOptions) { o.Meeting, o.Questions = "124", "none" }, "meeting 123"},
		"options":      {func(_ *testing.T, o *ImportOptions) { o.AutoApprove = true }, "other options"},
		"own input":    {func(_ *testing.T, o *ImportOptions) { o.Result = o.File }, "must not be the file to import"},
		"strange file": {func(t *testing.T, o *ImportOptions) { o.Result = o.File + ".txt"; edit(t, o.Result, "precious") }, "--restart"},
		"damaged": {func(t *testing.T, o *ImportOptions) {
			edit(t, strings.TrimSuffix(o.File, ".csv")+".result.csv", roster.ResultHeader+"2,a\n")
		}, "line 2"},
		"overwritten": {func(t *testing.T, o *ImportOptions) {
			edit(t, strings.TrimSuffix(o.File, ".csv")+".result.csv", "a,b\nc,d\n")
		}, "no result file"},
		"restart": {func(t *testing.T, o *ImportOptions) { edit(t, o.File, people(6)); o.Restart = true }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.upsert = true
			o := options(t, s, people(5))
			if _, err := Import(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			calls := len(s.calls)
			tt.change(t, &o)
			sum, err := Import(t.Context(), o)
			if (err == nil) != (tt.says == "") || (err != nil && !strings.Contains(err.Error(), tt.says)) {
				t.Errorf("got %v, want it to say %q", err, tt.says)
			}
			if sent := len(s.calls) > calls; sent != o.Restart {
				t.Errorf("got sent %t, want %t", sent, o.Restart)
			}
			if err == nil && (len(results(t, o)) != sum.Rows || sum.Registered != sum.Rows) {
				t.Errorf("got\n%s", sum)
			}
		})
	}
}

func edit(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOneImportAtATime(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	o := options(t, s, people(1))
	var second error
	s.answered = func(int) { _, second = Import(t.Context(), o) }
	if _, err := Import(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if second == nil || !strings.Contains(second.Error(), "in use by another import") {
		t.Errorf("got %v", second)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.blame = true
	s.refuse = refuseEmails(300, "No.", "p500@example.com")
	o := options(t, s, people(3000))
	o.Concurrency = 8
	sum, err := Import(t.Context(), o)
	if err != nil || sum.Registered != 2999 || sum.Refused != 1 || len(results(t, o)) != 3000 {
		t.Errorf("got %v and\n%s", err, sum)
	}
	if odd := s.oddities(2999); odd != "" {
		t.Error(odd)
	}
}
