package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/server"
	"muster/internal/settings"
	"muster/internal/webex"
	"muster/internal/zoom"
)

func declared() server.Declared { return server.Declare(&app.App{}, "") }

// TestGenerated holds the generated files to what would be generated now.
func TestGenerated(t *testing.T) {
	t.Parallel()
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the declarations and transcripts give: run go generate ./...", name)
		}
	}
}

// TestCoverage finds every operation in the coverage page.
func TestCoverage(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/coverage.md")
	declared().Each(func(_ string, o op.Operation) {
		if !strings.Contains(page, "\n### "+o.ID+"\n") {
			t.Errorf("docs/coverage.md has no section on %s", o.ID)
		}
	})
}

// TestEventsPage finds every kind of event in the page about events.
func TestEventsPage(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/events.md")
	kinds := regexp.MustCompile(`EventKind = "([a-z_.]+)"`).FindAllStringSubmatch(read(t, "internal/muster/event.go"), -1)
	if len(kinds) < 40 {
		t.Fatalf("found %d kinds of events, want 40 at least", len(kinds))
	}
	for _, kind := range kinds {
		if !strings.Contains(page, "`"+kind[1]+"`") {
			t.Errorf("docs/events.md does not have %s", kind[1])
		}
	}
}

// TestCoverageOfSettings finds each setting in the coverage page once: what it
// does, or that it is for clients only.
func TestCoverageOfSettings(t *testing.T) {
	t.Parallel()
	_, page, _ := strings.Cut(read(t, "docs/coverage.md"), "\n## Settings\n")
	for _, s := range settings.Settings() {
		section, name, _ := strings.Cut(s.Name, ".")
		row := strings.Contains(page, "\n| `"+s.Name+"` | ") && strings.Contains(page, " | "+s.Effect+" |\n")
		_, list, _ := strings.Cut(page, "\n- `"+section+"` (")
		list, _, _ = strings.Cut(list, "\n")
		kept := strings.Contains(list, "`"+name+"`")
		if row != (s.Effect != "") || kept != (s.Effect == "" && !s.WriteOnly) {
			t.Errorf("%s: in the table of effects %v, among those for clients only %v", s.Name, row, kept)
		}
	}
}

// TestDocumented compares the declared operations with the document, both ways.
func TestDocumented(t *testing.T) {
	t.Parallel()
	zoomDoc, webexDoc, err := server.OpenAPI(declared(), "", "devel")
	if err != nil {
		t.Fatal(err)
	}
	routes(t, zoomDoc, declared().Zoom)
	routes(t, webexDoc, declared().Webex)
}

// routes compares the paths of a document with operations.
func routes(t *testing.T, doc []byte, operations []op.Operation) {
	t.Helper()
	var d struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(doc, &d); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for path, methods := range d.Paths {
		for method, o := range methods {
			got[strings.ToUpper(method)+" "+path] = o.OperationID
		}
	}
	for _, o := range operations {
		route := o.Method + " " + o.Path
		if got[route] != o.ID {
			t.Errorf("the document has %q at %s, want %s", got[route], route, o.ID)
		}
		delete(got, route)
	}
	for route, id := range got {
		t.Errorf("the document has %s at %s, which is not declared", id, route)
	}
}

// TestEveryCodeIsSpelled finds an answer and a sentence for every failure of the domain.
func TestEveryCodeIsSpelled(t *testing.T) {
	t.Parallel()
	for _, code := range muster.Codes {
		if f := zoom.Described(code); f.Status < 400 || f.Code == 0 || f.Text == "" {
			t.Errorf("%s: got %d/%d %q, want a status, a code and a sentence", code, f.Status, f.Code, f.Text)
		}
		if f := webex.Described(code); f.Status < 400 || f.Text == "" {
			t.Errorf("webex: %s: got %d %q, want a status and a sentence", code, f.Status, f.Text)
		}
	}
}

// TestReadme finds the two commands that CI and people start with, each alone in a fenced block.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme := read(t, "README.md")
	for _, command := range []string{"go run ./cmd/muster demo", "go test ./..."} {
		block := regexp.MustCompile("(?m)^```[a-z]*\n" + regexp.QuoteMeta(command) + "\n```$")
		if n := len(block.FindAllString(readme, -1)); n != 1 {
			t.Errorf("README.md has %q alone in %d fenced blocks, want 1", command, n)
		}
	}
}

// TestReadmeCounts compares how many operations README.md says that there are
// with those that are declared.
func TestReadmeCounts(t *testing.T) {
	t.Parallel()
	all := declared()
	meetings := 0
	for _, o := range all.Zoom {
		if o.Group == "Meetings" {
			meetings++
		}
	}
	readme := strings.Join(strings.Fields(read(t, "README.md")), " ")
	for _, want := range []string{
		fmt.Sprintf("are %d operations of the Zoom API, %d on meetings and registrants", len(all.Zoom), meetings),
		fmt.Sprintf("%d of the Webex API", len(all.Webex)),
	} {
		if !strings.Contains(readme, want) {
			t.Errorf("README.md does not say %q", want)
		}
	}
}

// TestExtensionsPage finds what the document marks as our own on the page of
// extensions.
func TestExtensionsPage(t *testing.T) {
	t.Parallel()
	doc, _, err := server.OpenAPI(declared(), "", "devel")
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	page, n := read(t, "docs/extensions.md"), 0
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if parameter, is := v["name"].(string); is {
				name = parameter
			}
			if v["x-muster-extension"] == true && v["operationId"] == nil {
				if n++; !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(page) {
					t.Errorf("docs/extensions.md does not mention %s", name)
				}
			}
			for name, member := range v {
				walk(name, member)
			}
		case []any:
			for _, element := range v {
				walk(name, element)
			}
		}
	}
	walk("", v)
	if n < 10 {
		t.Errorf("found %d parameters and fields of our own, want 10 at least", n)
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)\s]*)?\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

// TestLinks follows the links between our own pages.
func TestLinks(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, top...) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target := filepath.Join(filepath.Dir(page), m[1])
			if strings.Contains(m[1], "://") {
				continue
			}
			found, err := os.ReadFile(target)
			if info, statErr := os.Stat(target); statErr == nil && info.IsDir() {
				continue
			}
			if err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			} else if m[2] != "" && !slices.Contains(anchors(string(found)), m[2]) {
				t.Errorf("%s links to %s%s, which has no such heading", page, m[1], m[2])
			}
		}
	}
}

// anchors returns the anchors of a page's headings.
func anchors(page string) []string {
	var all []string
	for _, m := range heading.FindAllStringSubmatch(page, -1) {
		kept := strings.Map(func(r rune) rune {
			if r == ' ' {
				return '-'
			}
			if strings.ContainsRune("`.,:;/()*'\"?!", r) {
				return -1
			}
			return r
		}, strings.ToLower(m[1]))
		all = append(all, "#"+kept)
	}
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestUnsents finds each operation of the table declared, and its answer not
// sent and there once.
func TestUnsents(t *testing.T) {
	t.Parallel()
	sent := answers(t, zoomDialect(declared()))
	reasons := map[string]string{}
	for _, u := range unsents {
		for _, id := range strings.Fields(u.operations) {
			if other, twice := reasons[id+" "+u.answer]; twice {
				t.Errorf("%s of %s is there twice: %q and %q", u.answer, id, other, u.reason)
			}
			reasons[id+" "+u.answer] = u.reason
			if sent[id] == nil {
				t.Errorf("%s is no operation", id)
			} else if sent[id][u.answer] {
				t.Errorf("%s answers %s after all", id, u.answer)
			}
		}
	}
}

// answers returns what each operation may answer, as "400:300".
func answers(t *testing.T, of *dialect) map[string]map[string]bool {
	t.Helper()
	doc, webexDoc, err := server.OpenAPI(declared(), "", "devel")
	if err != nil {
		t.Fatal(err)
	}
	if of.name == "webex" {
		doc = webexDoc
	}
	byID, err := documented(doc)
	if err != nil {
		t.Fatal(err)
	}
	every, _ := of.common(byID)
	all := map[string]map[string]bool{}
	for id, f := range byID {
		all[id] = map[string]bool{}
		for _, set := range []failures{f, every} {
			for a := range set {
				all[id][fmt.Sprintf("%d:%d", a.Status, a.Code)] = true
			}
		}
	}
	return all
}

var olderOnly = regexp.MustCompile(`older-only codes: ([0-9: ]+)`)

// TestReference compares the operations with a list of the original's, which
// lies beside the repository where Muster is developed and not in it: route,
// label, success and scopes are its own, and each of its codes is sent or in
// the table of those that are not.
func TestReference(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "..", "shared", "reference", "operations.tsv"))
	if os.IsNotExist(err) {
		t.Skip("no reference beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	rows := table(string(text))
	sent := answers(t, zoomDialect(declared()))
	for _, o := range declared().Zoom {
		row, listed := rows[o.ID]
		if o.Ours || !listed {
			if o.Ours == listed {
				t.Errorf("%s: extension is %v, but listed is %v", o.ID, o.Ours, listed)
			}
			continue
		}
		success := row["success_status"]
		if o.ID == "addBatchRegistrants" {
			success = "200" // the page says so; see docs/differences.md
		}
		for _, c := range []struct{ what, got, want string }{
			{"method", o.Method, row["method"]},
			{"path", o.Path, pathIn(row, o.Whole)},
			{"label", strings.ToLower(string(o.Rate)), row["rate_limit_label"]},
			{"success", fmt.Sprint(o.Success), success},
		} {
			if c.got != c.want {
				t.Errorf("%s: %s is %s, want %s", o.ID, c.what, c.got, c.want)
			}
		}
		for _, scope := range strings.Fields(row["classic_scopes"]) {
			if !slices.Contains(o.Scopes, scope) {
				t.Errorf("%s: the scope %s does not suffice", o.ID, scope)
			}
		}
		codes := row["error_codes"]
		if m := olderOnly.FindStringSubmatch(row["notes"]); m != nil {
			codes += " " + m[1]
		}
		for _, answer := range strings.Fields(codes) {
			if answer == "429" {
				answer = "429:429"
			}
			explained := slices.ContainsFunc(unsents, func(u unsent) bool { return u.answer == answer && u.of(o.ID) })
			if !sent[o.ID][answer] && !explained {
				t.Errorf("%s: %s is neither sent nor among those that are not, with a reason", o.ID, answer)
			}
		}
	}
}

// pathIn returns the path of a row: without the account, which every operation
// can be asked with, unless it is about accounts as a whole.
func pathIn(row map[string]string, whole bool) string {
	if whole {
		return row["path"]
	}
	return strings.TrimPrefix(row["path"], "/accounts/{accountId}")
}

// TestReferenceOfWebex compares the operations on registrants with the rows
// of the same list, which has no scopes for them. Its codes are those of every
// operation of that API; docs/webex.md says of each when it is sent.
func TestReferenceOfWebex(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "..", "shared", "reference", "operations.tsv"))
	if os.IsNotExist(err) {
		t.Skip("no reference beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]op.Operation{}
	for _, o := range declared().Webex {
		byID[o.ID] = o
	}
	page := read(t, "docs/webex.md")
	for id, row := range table(string(text)) {
		if row["group"] != "Webex Registrants" {
			continue
		}
		o, ok := byID[id]
		if !ok {
			t.Errorf("%s is not answered", id)
			continue
		}
		got := fmt.Sprintf("%s %s%s %d", o.Method, webex.Prefix, o.Path, o.Success)
		if want := row["method"] + " " + row["path"] + " " + row["success_status"]; got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
		for _, status := range strings.Fields(row["error_codes"]) {
			if !strings.Contains(page, "\n| "+status+" |") {
				t.Errorf("docs/webex.md does not say when %s is sent", status)
			}
		}
	}
}

// TestStatusesOfWebex finds every status that the document of the Webex
// dialect has in the table of docs/webex.md.
func TestStatusesOfWebex(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/webex.md")
	for id, sent := range answers(t, webexDialect(declared())) {
		for answer := range sent {
			status, _, _ := strings.Cut(answer, ":")
			if !strings.Contains(page, "\n| "+status+" |") {
				t.Errorf("%s may answer %s, and docs/webex.md does not say when", id, status)
			}
		}
	}
}

// table reads the rows of tab-separated values by operation id.
func table(text string) map[string]map[string]string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	names := strings.Split(lines[0], "\t")
	rows := map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range strings.Split(line, "\t") {
			row[names[i]] = cell
		}
		rows[row["operation_id"]] = row
	}
	return rows
}
