package transfer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/client"
	"muster/internal/roster"
)

// People is a file of n people, p2@example.com in line 2 and so on.
func people(n int) string {
	var b strings.Builder
	b.WriteString("Email,First Name,Last Name\n")
	for i := range n {
		fmt.Fprintf(&b, "p%d@example.com,Ann,Number %d\n", i+2, i+2)
	}
	return b.String()
}

func options(t *testing.T, s *server, file string) ImportOptions {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	return ImportOptions{Client: s.client(t), Meeting: "123", File: path, Concurrency: 1}
}

// Results reads the result file and checks that it has each row once, in order.
func results(t *testing.T, o ImportOptions) []roster.Result {
	t.Helper()
	path := strings.TrimSuffix(o.File, ".csv") + ".result.csv"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %v %v, want 0600", info.Mode(), err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	if lines[0] != roster.ResultHeader {
		t.Fatalf("got header %q", lines[0])
	}
	var out []roster.Result
	for _, line := range lines[1 : len(lines)-1] {
		r, err := roster.ParseResult(line)
		if err != nil {
			t.Fatal(err)
		}
		if len(out) > 0 && out[len(out)-1].Row >= r.Row {
			t.Errorf("row %d stands after row %d", r.Row, out[len(out)-1].Row)
		}
		out = append(out, r)
	}
	return out
}

func refuseEmails(code int, message string, emails ...string) func(string) *refusal {
	return func(email string) *refusal {
		if slices.Contains(emails, email) {
			return &refusal{400, code, strings.ReplaceAll(message, "EMAIL", email), nil}
		}
		return nil
	}
}

func TestImportOutcomes(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.questions = `{"custom_questions":[{"title":"What diet?"}]}`
	s.refuse = refuseEmails(3000, "Denied before.", "no@example.com")
	o := options(t, s, "Email;First Name;what diet;Shoe size;Approval Status\n"+
		"a@example.com;Ann;vegan;38;approved\nA@Example.com;Again;;;\nbad;Bad;;;\nno@example.com;No;;;\ngone@example.com;Gone;;;denied\n;;;;\nb@example.com;Bo;;;\n")
	var done []int
	o.Progress = func(n, _ int) { done = append(done, n) }
	sum, err := Import(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	got := results(t, o)
	var outcomes []string
	for _, r := range got {
		outcomes = append(outcomes, fmt.Sprintf("%d %s", r.Row, r.Outcome))
	}
	want := []string{"2 registered", "3 duplicate", "4 bad", "5 refused", "6 skipped", "8 registered"}
	if !slices.Equal(outcomes, want) {
		t.Errorf("got %v, want %v", outcomes, want)
	}
	if got[0].RegistrantID != "-id-a@example.com" || got[0].JoinURL != "https://example.com/w/123?tk=a@example.com" {
		t.Errorf("got %+v", got[0])
	}
	if got[3].Reason != "Denied before. (3000)" {
		t.Errorf("got reason %q", got[3].Reason)
	}
	if answers := fmt.Sprint(s.people["a@example.com"]["custom_questions"]); answers != "[map[title:What diet? value:vegan]]" {
		t.Errorf("got answers %s", answers)
	}
	if sum.Rows != 6 || sum.Blank != 1 || sum.Registered != 2 || sum.Clean() || !slices.Equal(sum.Ignored, []string{"Shoe size"}) {
		t.Errorf("got summary\n%s", sum)
	}
	if len(done) == 0 || done[len(done)-1] != 6 {
		t.Errorf("got progress %v, want it to end with 6", done)
	}
}

func TestImportRequests(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rows    int
		server  func(*server)
		options func(*ImportOptions)
		calls   []string
		refused int
	}{
		"batches":          {65, nil, nil, []string{"batch 30", "batch 30", "batch 5"}, 0},
		"one by one":       {2, nil, func(o *ImportOptions) { o.Single = true }, []string{"single 1", "single 1"}, 0},
		"occurrences":      {1, nil, func(o *ImportOptions) { o.Occurrences = []string{"7", "8"} }, []string{"single7,8 1"}, 0},
		"no batches there": {3, func(s *server) { s.noBatch = true }, nil, []string{"batch 3", "single 1", "single 1", "single 1"}, 0},
		"halves": {
			8, func(s *server) { s.refuse = refuseEmails(3000, "No.", "p4@example.com") }, nil,
			[]string{"batch 8", "batch 4", "batch 2", "batch 2", "batch 1", "batch 1", "batch 4"},
			1,
		},
		"named by index": {
			8, func(s *server) {
				s.blame, s.refuse = true, refuseEmails(300, "No.", "p4@example.com", "p9@example.com")
			}, nil,
			[]string{"batch 8", "batch 7", "batch 6"},
			2,
		},
		"named by email": {
			8, func(s *server) { s.refuse = refuseEmails(3027, "The host (EMAIL) cannot register.", "p4@example.com") }, nil,
			[]string{"batch 8", "batch 7"},
			1,
		},
		"smaller batches": {8, func(s *server) { s.maxBatch = 4 }, nil, []string{"batch 8", "batch 4", "batch 4"}, 0},
		"passing trouble": {
			2, func(s *server) {
				s.meddle = func(call int) *refusal {
					return []*refusal{{503, 0, "", nil}, {429, 429, "slow", map[string]string{"Retry-After": "2"}}, {500, 0, "", nil}, nil}[min(call, 4)-1]
				}
			}, nil, []string{"batch 2", "batch 2", "batch 2", "batch 2"}, 0,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			if tt.server != nil {
				tt.server(s)
			}
			o := options(t, s, people(tt.rows))
			if tt.options != nil {
				tt.options(&o)
			}
			sum, err := Import(t.Context(), o)
			if err != nil || sum.Refused != tt.refused || sum.Registered != tt.rows-tt.refused {
				t.Errorf("got %v and\n%s", err, sum)
			}
			if !slices.Equal(s.calls, tt.calls) {
				t.Errorf("got calls %v, want %v", s.calls, tt.calls)
			}
			if odd := s.oddities(tt.rows - tt.refused); odd != "" {
				t.Error(odd)
			}
			if got := results(t, o); len(got) != tt.rows {
				t.Errorf("got %d results, want %d", len(got), tt.rows)
			}
		})
	}
}

func TestImportStops(t *testing.T) {
	t.Parallel()
	always := func(status, code int, message string) func(*server) {
		return func(s *server) {
			s.meddle = func(int) *refusal { return &refusal{status, code, message, nil} }
		}
	}
	tests := map[string]struct {
		server   func(*server)
		says     string
		calls    int
		openLeft int
	}{
		"registration off": {always(404, 404, "Off."), "switch it on", 1, 40},
		"over":             {always(400, 3038, "Over."), "is over", 1, 40},
		"no such meeting":  {always(404, 3001, "None."), "check --meeting", 1, 40},
		"scope":            {always(400, 4711, "Invalid access token, does not contain scopes:[x]."), "lacks a scope", 1, 40},
		"other account":    {always(400, 1010, "No."), "nothing more was sent", 1, 40},
		"wrong address":    {always(404, 0, ""), "check --url", 1, 40},
		"down":             {always(502, 0, ""), "start again", 6, 40},
		"day's limit": {
			func(s *server) {
				s.meddle = func(int) *refusal {
					return &refusal{429, 429, "You have reached the maximum daily limit.", map[string]string{"Retry-After": "2026-01-21T00:00:00Z"}}
				}
			}, "2026-01-21 00:00:00 UTC", 1, 40,
		},
		// 30: full, 15, 15: full, 7: full, 3, 4: full, 2, 2: full, 1, 1: full.
		"full":                 {func(s *server) { s.capacity = 21 }, "is full", 10, 19},
		"everybody is refused": {func(s *server) { s.refuse = func(string) *refusal { return &refusal{400, 3000, "No.", nil} } }, "", 0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			tt.server(s)
			rows := 40
			if tt.says == "" {
				rows = 3 * maxRefusals
			}
			o := options(t, s, people(rows))
			sum, err := Import(t.Context(), o)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got error %v, want it to say %q", err, tt.says)
			}
			if tt.says != "" && (len(s.calls) != tt.calls || sum.Open != tt.openLeft) {
				t.Errorf("got %d calls and %d rows open, want %d and %d: %v", len(s.calls), sum.Open, tt.calls, tt.openLeft, s.calls)
			}
			if got := results(t, o); len(got) != rows {
				t.Errorf("got %d results, want %d", len(got), rows)
			}
			// What stopped it is mended: everybody comes in, once.
			s.meddle, s.refuse, s.capacity = nil, nil, 0
			o.RetryRefused = true
			if sum, err = Import(t.Context(), o); err != nil || sum.Registered != rows {
				t.Errorf("the second run: got %v and\n%s", err, sum)
			}
			if odd := s.oddities(rows); odd != "" {
				t.Error(odd)
			}
		})
	}
}

func TestImportPersonalLimit(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	limited := `You have exceeded the daily rate limit of (3) for meeting Perform batch registration API requests for the registrant (p3@example.com). You can resume these API requests at GMT 00:00:00.`
	s.refuse = func(email string) *refusal {
		if email == "p3@example.com" {
			return &refusal{429, 429, limited, map[string]string{"Retry-After": "2026-01-21T00:00:00Z"}}
		}
		return nil
	}
	o := options(t, s, people(4))
	sum, err := Import(t.Context(), o)
	if err == nil || sum.Open != 1 || sum.Registered != 3 || !slices.Equal(s.calls, []string{"batch 4", "batch 3"}) {
		t.Errorf("got %v, calls %v and\n%s", err, s.calls, sum)
	}
	s.refuse = nil
	if sum, err = Import(t.Context(), o); err != nil || sum.Registered != 4 || sum.Earlier != 3 {
		t.Errorf("got %v and\n%s", err, sum)
	}
	if odd := s.oddities(4); odd != "" {
		t.Error(odd)
	}
}

func TestImportPending(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.manual = true
	o := options(t, s, people(2))
	sum, err := Import(t.Context(), o)
	if err != nil || sum.Pending != 2 || results(t, o)[0].JoinURL != "" {
		t.Errorf("got %v and\n%s", err, sum)
	}
}

func TestImportCancelled(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.answered = func(call int) {
		if call == 2 {
			cancel()
		}
	}
	o := options(t, s, people(100))
	sum, err := Import(ctx, o)
	if err == nil || sum.Open == 0 || len(results(t, o)) != 100 {
		t.Errorf("got %v and\n%s", err, sum)
	}
	if sum, err = Import(t.Context(), o); err != nil || sum.Registered != 100 {
		t.Errorf("got %v and\n%s", err, sum)
	}
	if odd := s.oddities(100); odd != "" {
		t.Error(odd)
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	file := "Email,First Name,Diet\na@example.com,Ann,vegan\nbad,Bad,\nA@example.com,Ann,\n"
	for name, online := range map[string]bool{"with a server": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.questions = `{"custom_questions":[{"title":"Diet"}]}`
			o := options(t, s, file)
			o.DryRun = true
			if !online {
				o.Client = nil
			}
			var sent []client.Person
			var problems []string
			o.Preview = func(p Preview) {
				if p.Person != nil {
					sent = append(sent, p.Person)
				} else {
					problems = append(problems, fmt.Sprintf("%d %s", p.Result.Row, p.Result.Outcome))
				}
			}
			sum, err := Import(t.Context(), o)
			if err != nil || sum.Ready != 1 || sum.Bad != 1 || sum.Duplicates != 1 || len(s.calls) != 0 {
				t.Errorf("got %v, %d calls and\n%s", err, len(s.calls), sum)
			}
			if len(sent) != 1 || (sent[0]["custom_questions"] != nil) != online || !slices.Equal(problems, []string{"3 bad", "4 duplicate"}) {
				t.Errorf("got %v and %v", sent, problems)
			}
			if files, err := filepath.Glob(filepath.Dir(o.File) + "/*"); err != nil || len(files) != 1 {
				t.Errorf("a dry run leaves %v", files)
			}
		})
	}
}
