package mustertest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the answers in transcripts")

// A Seen is one answer of a transcript: which request got which failure
// (code 0 and no refusal: success).
type Seen struct {
	Method, Path string
	Status, Code int
	Refusal      string // the muster.Code that the server logged
}

// Transcript replays a file: requests in order, each followed by the answer
// that it must get, byte for byte. The comment on top may hold settings:
//
//	plan: pro            imitate a plan's rate limits
//	capacity: 3          places of a meeting
//	sub: branch          make a sub account
//	account: stranger    make a further primary account
//	security: {…}        what the primary account asks of security
//
// A part named "request" is a request line, headers, an empty line and a
// body. Unless it has an Authorization header it comes with a token of all
// scopes; "Authorization: Scopes a b" stands for a token with just these,
// "Authorization: Account x [scopes]" for one of another account, and
// "Authorization: User id [scopes]" for one that stands for a user of the
// primary account. Lines with
// "Clock: +2h" before the request line move the clock. A header "Upload: a.png"
// makes the body a form with the file of that name in testdata/files beside the
// operations' folders, and "Upload: pic_file=a.png" one with the file under that
// name. ${n.a.0.b} is a value out of the n-th answer, ${n.uuid|series} the hex
// digits of a uuid, as Webex's dialect names meetings, and ${n.url|path} the path
// of a link. A part named "response" is the status, the headers
// that matter (those that stand there) and the body. A part named "given" is a
// request that must succeed; its answer counts and does not stand there.
func Transcript(t *testing.T, file string) []Seen {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := New(t, optionsOf(t, a.Comment))
	settings := fields(a.Comment)
	for _, name := range slices.Sorted(maps.Keys(settings)) { // in one order, for the sake of the random ids
		id := settings[name]
		switch strings.TrimRight(name, "0123456789") {
		case "sub":
			s.SubAccount(id)
		case "account":
			s.Account(id)
		case "security":
			s.Security(id)
		}
	}
	r := &replay{t: t, s: s, file: file}
	for i := 0; i < len(a.Files); i++ {
		if a.Files[i].Name == "given" {
			if got := r.request(string(a.Files[i].Data)); got.Status >= 300 {
				t.Fatalf("%s: answer %d: got %d %s, want a success", file, len(r.answers), got.Status, got.Body)
			}
			continue
		}
		if a.Files[i].Name != "request" {
			t.Fatalf("%s: part %q is no request", file, a.Files[i].Name)
		}
		got := r.request(string(a.Files[i].Data))
		if i+1 == len(a.Files) || a.Files[i+1].Name != "response" {
			a.Files = slices.Insert(a.Files, i+1, txtar.File{Name: "response"})
		}
		i++
		want := string(a.Files[i].Data)
		told := tell(got, headersOf(want))
		if told != want && !*update {
			t.Errorf("%s: answer %d:\n got %s\nwant %s", file, len(r.answers), told, want)
		}
		a.Files[i].Data = []byte(told)
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return r.seen
}

func fields(comment []byte) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(string(comment)) {
		if name, value, ok := strings.Cut(line, ": "); ok && !strings.Contains(name, " ") {
			m[name] = strings.TrimSpace(value)
		}
	}
	return m
}

func optionsOf(t *testing.T, comment []byte) Options {
	t.Helper()
	m := fields(comment)
	o := Options{Plan: m["plan"], Capacity: 4999}
	if c, ok := m["capacity"]; ok {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		o.Capacity = n
	}
	return o
}

// A replay is a transcript under way.
type replay struct {
	t       *testing.T
	s       *Server
	file    string
	answers []any
	seen    []Seen
}

var reference = regexp.MustCompile(`\$\{(\d+)((?:\.[^.}|]+)*)(\|series|\|path)?\}`)

func (r *replay) request(text string) Answer {
	r.t.Helper()
	text = reference.ReplaceAllStringFunc(text, r.resolve)
	for strings.HasPrefix(text, "Clock: +") {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		d, err := time.ParseDuration(strings.TrimPrefix(line, "Clock: +"))
		if err != nil {
			r.t.Fatal(err)
		}
		r.s.Advance(d)
	}
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, path, ok := strings.Cut(lines[0], " ")
	if !ok {
		r.t.Fatalf("no request line: %q", lines[0])
	}
	body = strings.TrimSuffix(body, "\n")
	headers := lines[1:]
	if i := slices.IndexFunc(headers, func(h string) bool { return strings.HasPrefix(h, "Upload: ") }); i >= 0 {
		field, name, named := strings.Cut(strings.TrimPrefix(headers[i], "Upload: "), "=")
		if !named {
			field, name = "file", field
		}
		content, err := os.ReadFile(filepath.Join(filepath.Dir(r.file), "..", "files", name))
		if err != nil {
			r.t.Fatal(err)
		}
		body = FormOf(field, name, content)
		headers[i] = "Content-Type: multipart/form-data; boundary=frontier"
	}
	a := r.s.Send(method, path, body, r.headers(headers, body)...)
	var v any
	d := json.NewDecoder(bytes.NewReader(a.Body))
	d.UseNumber()
	_ = d.Decode(&v) // a page, or no body
	r.answers = append(r.answers, v)
	code := 0
	if m, ok := v.(map[string]any); ok && a.Status >= 400 {
		n, _ := m["code"].(json.Number)
		code, _ = strconv.Atoi(string(n)) // token endpoints have none
	}
	r.seen = append(r.seen, Seen{method, path, a.Status, code, r.refusal(a)})
	return a
}

// refusal returns the code that the log has of an answer, "" for none.
func (r *replay) refusal(a Answer) string {
	id := a.Header.Get("trackingid")
	if id == "" {
		id = a.Header.Get("x-zm-trackingid")
	}
	_, id, _ = strings.Cut(id, "_")
	for line := range strings.Lines(r.s.Log.String()) {
		if id == "" || !strings.Contains(line, "request_id="+id+" ") {
			continue
		}
		_, code, _ := strings.Cut(line, " code=")
		code, _, _ = strings.Cut(strings.TrimSpace(code), " ")
		return code
	}
	return ""
}

func (r *replay) headers(lines []string, body string) []string {
	var all []string
	authorized := false
	for _, h := range lines {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Authorization" {
			authorized = true
			kind, rest, _ := strings.Cut(value, " ")
			switch kind {
			case "Scopes":
				h = "Authorization: Bearer " + r.s.Token(strings.Fields(rest)...)
			case "Account":
				words := strings.Fields(rest)
				h = "Authorization: Bearer " + r.s.TokenFor(words[0], words[1:]...)
			case "User":
				words := strings.Fields(rest)
				h = "Authorization: Bearer " + r.s.UserToken("primary", words[0], words[1:]...)
			case "None":
				continue
			}
		}
		all = append(all, h)
	}
	if !authorized {
		all = append(all, "Authorization: Bearer "+r.s.allScopes())
	}
	typed := slices.ContainsFunc(lines, func(h string) bool { return strings.HasPrefix(h, "Content-Type:") })
	if body != "" && !typed {
		all = append(all, "Content-Type: application/json")
	}
	return all
}

// resolve looks a reference up in the answers so far.
func (r *replay) resolve(ref string) string {
	m := reference.FindStringSubmatch(ref)
	n, _ := strconv.Atoi(m[1]) // digits
	if n < 1 || n > len(r.answers) {
		r.t.Fatalf("%s: there is no answer %d yet", ref, n)
	}
	v := r.answers[n-1]
	for name := range strings.SplitSeq(strings.TrimPrefix(m[2], "."), ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(at) {
				r.t.Fatalf("%s: no element %s", ref, name)
			}
			v = at[i]
		}
	}
	if v == nil {
		r.t.Fatalf("%s: not in the answer", ref)
	}
	switch m[3] {
	case "|series":
		return Series(r.t, fmt.Sprint(v))
	case "|path":
		return strings.TrimPrefix(fmt.Sprint(v), Base)
	}
	return fmt.Sprint(v)
}

// Series returns the name that Webex's dialect has for the meeting of a uuid.
func Series(t testing.TB, uuid string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(uuid)
	if err != nil {
		t.Fatalf("%q is no uuid of a meeting: %v", uuid, err)
	}
	return hex.EncodeToString(b)
}

// headersOf returns the names of the headers that stand in an answer.
func headersOf(answer string) []string {
	head, _, _ := strings.Cut(answer, "\n\n")
	var names []string
	for i, line := range strings.Split(strings.TrimSpace(head), "\n") {
		if name, _, ok := strings.Cut(line, ":"); ok && i > 0 {
			names = append(names, name)
		}
	}
	return names
}

// trackingIDs differ from run to run.
var trackingIDs = regexp.MustCompile(`ROUTER_[0-9A-F]{32}`)

// tell writes an answer as a transcript has it.
func tell(a Answer, headers []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d\n", a.Status)
	for _, name := range headers {
		for key := range maps.Keys(a.Header) {
			if strings.EqualFold(key, name) {
				fmt.Fprintf(&b, "%s: %s\n", name, a.Header.Get(key))
			}
		}
	}
	if len(a.Body) == 0 {
		return b.String()
	}
	b.WriteByte('\n')
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, a.Body, "", "  "); err != nil {
		pretty.Reset()
		pretty.Write(a.Body)
	}
	b.Write(trackingIDs.ReplaceAll(bytes.TrimSpace(pretty.Bytes()), []byte("ROUTER_…")))
	b.WriteByte('\n')
	return b.String()
}
