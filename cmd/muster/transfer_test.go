//go:build unix

package main

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"muster/internal/client"
)

// write makes a file in a folder of the test.
func write(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// table reads a CSV file that begins with a header.
func table(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil || len(records) == 0 {
		t.Fatalf("%s: %v", file, err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// numbered is a CSV file of n people.
func numbered(n int) string {
	var b strings.Builder
	b.WriteString("Email,First Name,Last Name\n")
	for i := range n {
		fmt.Fprintf(&b, "person%d@example.org,Pérson,N%d\n", i, i)
	}
	return b.String()
}

// A tap is a proxy before a server that counts batches. The server answers
// until the given one: then the tap calls cut and gives
// no more answers until open is true.
type tap struct {
	*httptest.Server
	batches atomic.Int32
	open    atomic.Bool
	cut     func()
}

// newTap returns a tap whose target is set before the first request.
func newTap(t *testing.T, batches int32, target func() string, cut func()) *tap {
	t.Helper()
	p := &tap{cut: cut}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: target()}) },
		ModifyResponse: func(r *http.Response) error {
			if !strings.HasSuffix(r.Request.URL.Path, "/batch_registrants") {
				return nil
			}
			n := p.batches.Add(1)
			if n == batches {
				p.cut()
			}
			if n >= batches && !p.open.Load() {
				return errors.New("cut off")
			}
			return nil
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	p.Server = httptest.NewServer(proxy)
	t.Cleanup(p.Close)
	return p
}

// TestImportGoesOnAfterKill kills an import when the server has registered a
// batch and its answer is still on the way. The next start completes it.
func TestImportGoesOnAfterKill(t *testing.T) {
	t.Parallel()
	const people, batches, cut = 600, 20, 14
	var address atomic.Value
	running := make(chan *process, 1)
	tap := newTap(t, cut, func() string { return address.Load().(string) }, func() {
		p := <-running
		_ = p.cmd.Process.Kill() // it is there: it waits for this answer
		<-p.ended
	})
	s := beginServer(t, t.TempDir(), nil, "--public-url", tap.URL)
	address.Store(s.address)
	c := s.client(s.vars)
	meeting := s.meeting(c, map[string]any{"approval_type": 0})

	file := write(t, "people.csv", numbered(people)+"nobody,Bad,Row\nPERSON7@example.org,Again,N7\n")
	args := []string{"import", file, "--meeting", meeting}
	p := begin(t, s.environment(), args...)
	running <- p
	if code := p.wait(); code != -1 {
		t.Fatalf("the import was not killed: %d\n%s\n%s", code, &p.out, &p.errOut)
	}
	_, before, _ := s.people(c, meeting, "approved")
	if before == 0 || before >= people {
		t.Fatalf("registered when it was killed: %d of %d", before, people)
	}

	tap.open.Store(true)
	sent := tap.batches.Load()
	code, out, errOut := invoke(t, s.environment(), args...)
	if code != 1 { // for the bad row
		t.Errorf("exit code of the second start: got %d, want 1\n%s%s", code, out, errOut)
	}
	wantText(t, out, "of the rows were done by an earlier run")
	if sent = tap.batches.Load() - sent; sent == 0 || sent >= batches {
		t.Errorf("the second start sent %d batches, want fewer than all %d", sent, batches)
	}
	stored, rows, counted := s.people(c, meeting, "approved")
	if len(stored) != people || rows != people || counted != people {
		t.Errorf("registered: %d people in %d rows, counted %d; want %d", len(stored), rows, counted, people)
	}
	results := table(t, strings.TrimSuffix(file, ".csv")+".result.csv")
	if len(results) != people+2 {
		t.Fatalf("result: got %d rows, want %d", len(results), people+2)
	}
	for i, r := range results[:people] {
		who := stored[r["email"]].Fields
		if r["row"] != fmt.Sprint(i+2) || r["outcome"] != "registered" || r["registrant_id"] != who["id"] || r["join_url"] != who["join_url"] || who["id"] == "" {
			t.Fatalf("result %v, registered %v", r, who)
		}
	}
	if bad, again := results[people], results[people+1]; bad["outcome"] != "bad" || bad["reason"] == "" || again["outcome"] != "duplicate" {
		t.Errorf("got %v and %v, want bad and duplicate", bad, again)
	}

	if code, out, _ = invoke(t, s.environment(), args...); code != 1 || !strings.Contains(out, fmt.Sprintf("%d of the rows were done by an earlier run", people+2)) {
		t.Errorf("a third start: got %d %s", code, out)
	}
	s.stop()
}

func TestDryRunSendsNothing(t *testing.T) {
	t.Parallel()
	s := beginServer(t, t.TempDir(), nil)
	c := s.client(s.vars)
	meeting := s.meeting(c, map[string]any{"approval_type": 0})
	file := write(t, "people.csv", "Email,First Name,Organization\nann@example.org,Ann,\"Ask & <Co>\x1b[2J\"\nnobody,Bob,\nann@example.org,Ann,\n")
	for name, env := range map[string][]string{"with a server": s.environment(), "without": nil} {
		p := begin(t, env, "import", file, "--meeting", meeting, "--dry-run")
		if code := p.wait(); code != 1 { // a row is bad
			t.Errorf("%s: exit code: got %d, want 1\n%s", name, code, &p.errOut)
		}
		out := p.out.String()
		wantText(t, out, `line 2  would send {"email":"ann@example.org","first_name":"Ann","org":"Ask & <Co>`)
		wantText(t, out, `line 3  bad: "nobody" is no email address`)
		wantText(t, out, "line 4  duplicate: same email as row 2")
		wantText(t, out, "1  would be sent")
		if strings.Contains(out, "\x1b") {
			t.Errorf("%s: commands to the terminal: %q", name, out)
		}
		empty(t, p.work)
	}
	if found, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); err != nil || len(found) != 1 {
		t.Errorf("files beside the list: %v %v", found, err)
	}
	_, metrics := fetch(t, "http://"+s.address+"/metrics")
	wantText(t, metrics, `operation="meetingRegistrantsQuestionsGet"`)
	for _, operation := range []string{"addBatchRegistrants", "meetingRegistrantCreate"} {
		if strings.Contains(metrics, operation) {
			t.Errorf("a dry run has called %s", operation)
		}
	}
	s.stop()
}

// asking makes a meeting whose host approves by hand, with one question.
func (s *served) asking(c *client.Client, title string) string {
	s.t.Helper()
	meeting := s.meeting(c, map[string]any{"approval_type": 1})
	question := map[string]any{"custom_questions": []map[string]any{{"title": title, "type": "short", "required": false}}}
	if err := c.Do(s.t.Context(), http.MethodPatch, "/meetings/"+meeting+"/registrants/questions", question, nil, nil); err != nil {
		s.t.Fatal(err)
	}
	return meeting
}

// TestRoundTrip exports people with answers and formulas, imports the file
// into another meeting and exports that.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	s := beginServer(t, t.TempDir(), nil)
	c := s.client(s.vars)
	meetings := [2]string{s.asking(c, "Which talk?"), s.asking(c, "Which talk?")}
	formula := `=HYPERLINK("http://evil.example","x")`
	for i, p := range []client.Person{
		{"email": "a@example.org", "first_name": formula, "phone": "+49 30 1234", "comments": "two\nlines, \"quoted\""},
		{"email": "b@example.org", "first_name": "Łucja", "custom_questions": []client.Answer{{Title: "Which talk?", Value: "@SUM(1)"}}},
		{"email": "c@example.org", "first_name": "-1", "org": "'apostrophe"},
		{"email": "denied@example.org", "first_name": "Out"},
	} {
		if _, err := c.Register(t.Context(), meetings[0], nil, p, fmt.Sprint("key", i)); err != nil {
			t.Fatal(err)
		}
	}
	decide := func(action, email string) {
		body := map[string]any{"action": action, "registrants": []map[string]any{{"email": email}}}
		if err := c.Do(t.Context(), http.MethodPut, "/meetings/"+meetings[0]+"/registrants/status", body, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	decide("approve", "a@example.org")
	decide("deny", "denied@example.org")

	first := filepath.Join(t.TempDir(), "first.csv")
	code, out, errOut := invoke(t, s.environment(), "export", "--meeting", meetings[0], "-o", first, "--bom")
	if code != 0 || out != "" {
		t.Fatalf("export: %d %s%s", code, out, errOut)
	}
	raw, err := os.ReadFile(first)
	if err != nil || !strings.HasPrefix(string(raw), "\ufeffEmail,") {
		t.Fatalf("no byte order mark: %.20q %v", raw, err)
	}
	for _, harmless := range []string{`"'` + strings.ReplaceAll(formula, `"`, `""`) + `"`, ",'@SUM(1)", ",'+49 30 1234,", ",'-1,"} {
		wantText(t, string(raw), harmless)
	}

	code, out, errOut = invoke(t, s.environment(), "import", "--auto-approve", "--meeting", meetings[1], first)
	if code != 0 {
		t.Fatalf("import: %d %s%s", code, out, errOut)
	}
	wantText(t, out, "1  skipped")
	was, _, _ := s.people(c, meetings[0], "approved")
	waited, _, _ := s.people(c, meetings[0], "pending")
	is, _, _ := s.people(c, meetings[1], "approved")
	if len(is) != 3 || len(waited) != 2 {
		t.Fatalf("got %d people of %d", len(is), len(was)+len(waited))
	}
	was["b@example.org"], was["c@example.org"] = waited["b@example.org"], waited["c@example.org"]
	sameAnswers(t, is, was)

	_, out, _ = invoke(t, append(s.environment(), "MUSTER_STATUS=denied"), "export", "--meeting", meetings[0], "--status", "approved,pending")
	if n := strings.Count(out, "@example.org,"); n != 3 || strings.Contains(out, "denied@example.org") {
		t.Errorf("export of approved and pending: %s", out)
	}
	s.stop()
}

// sameAnswers checks that people said the same both times.
func sameAnswers(t *testing.T, is, was map[string]client.Registrant) {
	t.Helper()
	for email, r := range is {
		for _, field := range []string{"first_name", "last_name", "phone", "org", "comments"} {
			if got, want := r.Fields[field], was[email].Fields[field]; got != want {
				t.Errorf("%s: %s: got %q, want %q", email, field, got, want)
			}
		}
		if !slices.Equal(r.Answers, was[email].Answers) {
			t.Errorf("%s: answers: got %v, want %v", email, r.Answers, was[email].Answers)
		}
	}
}

func TestTransferRefuses(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // nobody answers there
	s := beginServer(t, t.TempDir(), nil)
	t.Cleanup(s.stop)
	file := write(t, "people.csv", numbered(1))
	wrong := []string{"MUSTER_URL=http://" + s.address, "MUSTER_ACCOUNT_ID=a", "MUSTER_CLIENT_ID=b", "MUSTER_CLIENT_SECRET=cccccccccccccccc"}
	for name, test := range map[string]struct {
		env, args []string
		code      int
		want      string
	}{
		"import: no file":           {nil, []string{"import", "--meeting", "1"}, 2, "name the CSV file"},
		"import: no meeting":        {nil, []string{"import", file}, 2, "--meeting is missing"},
		"import: no credentials":    {nil, []string{"import", file, "--meeting", "1"}, 1, "set --account-id or MUSTER_ACCOUNT_ID"},
		"import: wrong credentials": {wrong, []string{"import", file, "--meeting", "1"}, 1, "check --account-id, --client-id and --client-secret"},
		"import: unknown meeting":   {s.environment(), []string{"import", file, "--meeting", "85746065123"}, 1, "meeting 85746065123 does not exist for this account: check --meeting"},
		"import: no such file":      {s.environment(), []string{"import", "/nowhere.csv", "--meeting", "1"}, 1, "/nowhere.csv"},
		"import: unknown flag":      {nil, []string{"import", file, "--fast"}, 2, "fast"},
		"export: no meeting":        {nil, []string{"export"}, 2, "--meeting is missing"},
		"export: unknown meeting":   {s.environment(), []string{"export", "--meeting", "85746065123"}, 1, "meeting 85746065123 does not exist"},
		"export: bad status":        {nil, []string{"export", "--meeting", "1", "--status", "gone"}, 2, "--status must be"},
		"export: a word":            {nil, []string{"export", "file.csv", "--meeting", "1"}, 2, "too many words"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := begin(t, test.env, test.args...)
			if code := p.wait(); code != test.code || p.out.String() != "" && test.code == 2 {
				t.Errorf("got %d, want %d; output %s", code, test.code, &p.out)
			}
			wantText(t, p.errOut.String(), test.want)
			empty(t, p.work)
			empty(t, p.temp)
		})
	}
}

// TestImportWebex registers through one dialect and reads through the other.
func TestImportWebex(t *testing.T) {
	t.Parallel()
	s := beginServer(t, t.TempDir(), nil)
	c := s.client(s.vars)
	meeting := s.meeting(c, map[string]any{"approval_type": 0})
	var made struct {
		UUID string `json:"uuid"`
	}
	if err := c.Do(t.Context(), http.MethodGet, "/meetings/"+meeting, nil, &made, nil); err != nil {
		t.Fatal(err)
	}
	uuid, err := base64.StdEncoding.DecodeString(made.UUID)
	if err != nil {
		t.Fatal(err)
	}
	const people = 130
	file := write(t, "people.csv", numbered(people)+"nobody,Bad,Row\nPERSON7@example.org,Again,N7\n")
	args := []string{"import", file, "--dialect", "webex", "--questions", "none", "--meeting", hex.EncodeToString(uuid)}
	for range 2 {
		code, out, errOut := invoke(t, s.environment(), args...)
		if code != 1 { // for the bad row
			t.Errorf("exit code: got %d, want 1\n%s%s", code, out, errOut)
		}
		wantText(t, out, "130  registered")
	}
	stored, rows, counted := s.people(c, meeting, "approved")
	if len(stored) != people || rows != people || counted != people {
		t.Errorf("registered: %d people in %d rows, counted %d; want %d", len(stored), rows, counted, people)
	}
	for i, r := range table(t, strings.TrimSuffix(file, ".csv")+".result.csv")[:people] {
		if who := stored[r["email"]].Fields; r["outcome"] != "registered" || r["registrant_id"] != who["id"] || who["last_name"] != fmt.Sprintf("N%d", i) {
			t.Fatalf("result %v, registered %v", r, who)
		}
	}
	_, metrics := fetch(t, "http://"+s.address+"/metrics")
	wantText(t, metrics, `operation="createRegistrants"`)

	for meeting, hint := range map[string]string{meeting: "leave --dialect out", "x": "is no id of a meeting"} {
		_, _, errOut := invoke(t, s.environment(), "import", file, "--dialect", "webex", "--meeting", meeting)
		wantText(t, errOut, hint)
	}
	s.stop()
}
