package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/server"
	"muster/internal/webex"
	"muster/internal/zoom"
)

// failures are what an operation may answer besides its success, with a
// sentence on each.
type failures map[op.Answer]string

func (f failures) add(a op.Answer, text string) {
	if before := f[a]; before != "" && !strings.Contains(before, text) {
		text = before + " " + text
	}
	f[a] = text
}

// sorted returns the answers by status, then code.
func (f failures) sorted() []op.Answer {
	return slices.SortedFunc(maps.Keys(f), func(a, b op.Answer) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Code, b.Code))
	})
}

// own returns the failures that the Spec of an operation declares.
func (d *dialect) own(o op.Operation) failures {
	f := failures{}
	for _, code := range o.Refuses {
		f.add(d.answerTo(o.Spec, muster.Code(code)), d.described(muster.Code(code)).Text)
	}
	return f
}

// documented returns the failures of each operation in the OpenAPI document.
func documented(doc []byte) (map[string]failures, error) {
	var d struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Responses   map[string]struct {
				Codes []struct {
					Code    int    `json:"code"`
					Message string `json:"message"`
				} `json:"x-error-codes"`
			} `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(doc, &d); err != nil {
		return nil, err
	}
	all := map[string]failures{}
	for _, methods := range d.Paths {
		for _, o := range methods {
			f := failures{}
			for text, r := range o.Responses {
				status, err := strconv.Atoi(text)
				if err != nil {
					return nil, fmt.Errorf("%s: response %q is no status", o.OperationID, text)
				}
				for _, c := range r.Codes {
					f.add(op.Answer{Status: status, Code: c.Code}, c.Message)
				}
			}
			all[o.OperationID] = f
		}
	}
	return all, nil
}

// common returns what every operation may answer and what every write may,
// beyond that: what the document says of all of them.
func (d *dialect) common(byID map[string]failures) (every, write failures) {
	every, write = failures{}, failures{}
	for _, o := range d.operations {
		for a, text := range byID[o.ID] {
			if everywhere(d.operations, byID, a, "") {
				every[a] = text
			} else if everywhere(d.operations, byID, a, "GET") {
				write[a] = text
			}
		}
	}
	if d.name != "zoom" {
		return every, write
	}
	for _, code := range []muster.Code{muster.Invalid, muster.Overloaded} {
		f := zoom.Described(code)
		every[f.Answer] = f.Text
		delete(write, f.Answer)
	}
	f := zoom.Described(muster.AccountNotFound)
	every[f.Answer] = f.Text + " Only under a path with an account."
	every[op.Answer{Status: 500, Code: 500}] = "Something of ours broke. The log has it in full, under the id that the header x-zm-trackingid ends with."
	return every, write
}

// everywhere reports whether the document has a for all of ops but those of
// the method except.
func everywhere(ops []op.Operation, byID map[string]failures, a op.Answer, except string) bool {
	for _, o := range ops {
		if _, has := byID[o.ID][a]; !has && o.Method != except {
			return false
		}
	}
	return true
}

// A dialect is what the page has to know of one.
type dialect struct {
	name        string
	transcripts string // their folder, below root
	operations  []op.Operation
	answerTo    func(*op.Spec, muster.Code) op.Answer
	described   func(muster.Code) op.Failure
	coded       bool // failures have a number beside the status

	seen         evidence
	every, write failures
}

func zoomDialect(declared server.Declared) *dialect {
	return &dialect{
		name: "zoom", transcripts: "internal/zoom/testdata", operations: declared.Zoom, answerTo: zoom.AnswerTo, described: zoom.Described, coded: true,
	}
}

func webexDialect(declared server.Declared) *dialect {
	return &dialect{
		name: "webex", transcripts: "internal/webex/testdata", operations: declared.Webex, answerTo: webex.AnswerTo, described: webex.Described,
	}
}

// read fills d with what its document and its transcripts say.
func (d *dialect) read(declared server.Declared, doc []byte) error {
	byID, err := documented(doc)
	if err != nil {
		return err
	}
	d.every, d.write = d.common(byID)
	d.seen, err = readTranscripts(declared, d)
	return err
}

// coverage returns docs/coverage.md.
func coverage(declared server.Declared, zoomDoc, webexDoc []byte) ([]byte, error) {
	z, w := zoomDialect(declared), webexDialect(declared)
	if err := errors.Join(z.read(declared, zoomDoc), w.read(declared, webexDoc)); err != nil {
		return nil, err
	}
	p := &page{}
	p.line("<!-- Written by go generate ./... from the declarations; do not edit. -->")
	p.line("# API coverage\n")
	p.line("What this server answers, generated from the declarations that it runs on, with the transcripts that show it.")
	p.line("A transcript is a file of requests and answers below `%s` or `%s`; the tests replay each against", z.transcripts, w.transcripts)
	p.line("the real server and compare byte for byte. `muster operations` prints the list as tab-separated values,")
	p.line("[openapi-zoom.json](openapi-zoom.json) and [openapi-webex.json](openapi-webex.json) have the fields. What differs from the")
	p.line("originals is in [differences.md](differences.md).\n")
	p.line("Every operation of the Zoom dialect is there three times: under `/v2`, under `/v2/accounts/{accountId}` and, as some")
	p.line("older pages write it, under `/accounts/{accountId}`. Any one of the scopes of an operation suffices; under the id of a")
	p.line("sub account it must be one that ends in `:master`. What is about accounts has the account in its own path, and is there under")
	p.line("`/v2` and without it. Those of the [Webex dialect](#the-webex-dialect) are under `/v1`.\n")
	p.summary(declared, z, w)
	p.dialect = z
	p.line("## What every operation may answer\n")
	p.shared()
	p.line("A path or a method that is none is 404 with 2300.\n")
	p.line("## Operations\n")
	for _, o := range declared.Zoom {
		p.operation(o)
	}
	p.line("## Token endpoints\n")
	p.line("Their failures are those of RFC 6749: `{\"error\":\"…\",\"reason\":\"…\"}`, without numbers.\n")
	for _, o := range declared.OAuth {
		p.token(o)
	}
	p.codes(declared)
	p.unsent()
	p.settings()
	p.dialect = w
	p.line("\n## The Webex dialect\n")
	p.line("Failures have a status and no number of their own; [webex.md](webex.md) says when each status is sent. Every operation may answer:\n")
	p.shared()
	p.line("A path that is none is 404; a method that the path does not take is 405, with `Allow`.\n")
	for _, o := range declared.Webex {
		p.operation(o)
	}
	return append(bytes.TrimSpace(p.text.Bytes()), '\n'), nil
}

// A page is coverage.md as it grows: about one dialect after the other.
type page struct {
	*dialect
	text bytes.Buffer
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(&p.text, format+"\n", args...) }

func (p *page) summary(declared server.Declared, z, w *dialect) {
	p.line("| operation | method and path | label | success | transcripts |")
	p.line("|---|---|---|---|---|")
	declared.Each(func(dialect string, o op.Operation) {
		name := fmt.Sprintf("[%s](#%s)", o.ID, strings.ToLower(o.ID))
		if o.Ours {
			name += " (extension)"
		}
		path, seen := o.Path, z.seen
		if dialect == "webex" {
			path, seen = webex.Prefix+path, w.seen
		}
		p.line("| %s | `%s %s` | %s | %d | %d |", name, o.Method, path, o.Rate, o.Success, len(seen.all(o.ID)))
	})
	p.line("")
}

func (p *page) shared() {
	p.table("", p.every)
	p.line("A write besides:\n")
	p.table("", p.write)
}

// table lists failures with the transcripts that show them, of any operation
// where id is "".
func (p *page) table(id string, f failures) {
	if !p.coded {
		p.line("| HTTP | when | shown by |")
		p.line("|---|---|---|")
		for _, a := range f.sorted() {
			p.line("| %d | %s | %s |", a.Status, f[a], p.links(id, a))
		}
		p.line("")
		return
	}
	p.line("| HTTP | code | when | shown by |")
	p.line("|---|---|---|---|")
	for _, a := range f.sorted() {
		p.line("| %d | %d | %s | %s |", a.Status, a.Code, f[a], p.links(id, a))
	}
	p.line("")
}

// maxLinks is how many transcripts stand beside one answer.
const maxLinks = 3

func (p *page) links(id string, a op.Answer) string {
	var files []string
	for s, names := range p.seen {
		if (id == "" || s.operation == id) && s.answer == a {
			files = append(files, names...)
		}
	}
	if len(files) == 0 {
		return ""
	}
	slices.SortFunc(files, func(x, y string) int { // those of the operation's own folder first
		return cmp.Or(cmp.Compare(foreign(x, id), foreign(y, id)), cmp.Compare(x, y))
	})
	files = slices.Compact(files)
	var links []string
	for _, f := range files[:min(len(files), maxLinks)] {
		links = append(links, fmt.Sprintf("[%s](../%s/%s.txtar)", strings.TrimPrefix(f, id+"/"), p.transcripts, f))
	}
	text := strings.Join(links, ", ")
	if more := len(files) - maxLinks; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func foreign(file, id string) int {
	if strings.HasPrefix(file, id+"/") {
		return 0
	}
	return 1
}

func (p *page) operation(o op.Operation) {
	p.line("### %s\n", o.ID)
	p.line("%s: `%s %s`, label %s, success %d.", o.Title, o.Method, o.Path, o.Rate, o.Success)
	if o.Ours {
		p.line("An extension: the original does not have it.")
	}
	p.line("Scopes: %s.\n", code(o.Scopes))
	p.line("Success is shown by %s.\n", cmp.Or(p.links(o.ID, op.Answer{Status: o.Success}), "no transcript yet"))
	p.table(o.ID, p.own(o))
}

func (p *page) token(o op.Operation) {
	p.line("### %s\n", o.ID)
	p.line("%s: `%s %s`, open to all, success %d.\n", o.Title, o.Method, o.Path, o.Success)
	files := p.seen.all(o.ID)
	var links []string
	for _, f := range files {
		links = append(links, fmt.Sprintf("[%s](../%s/%s.txtar)", strings.TrimPrefix(f, o.ID+"/"), p.transcripts, f))
	}
	p.line("Shown by %s.\n", cmp.Or(strings.Join(links, ", "), "no transcript yet"))
}

func code(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }

// codes lists the failures by their number.
func (p *page) codes(declared server.Declared) {
	by := map[op.Answer][]string{}
	for a := range p.every {
		by[a] = []string{"every operation"}
	}
	for a := range p.write {
		by[a] = []string{"every write"}
	}
	for _, o := range declared.Zoom {
		for a := range p.own(o) {
			if p.every[a] == "" {
				by[a] = append(by[a], o.ID)
			}
		}
	}
	p.line("## Codes\n")
	p.line("| code | HTTP | operations |")
	p.line("|---|---|---|")
	for _, a := range slices.SortedFunc(maps.Keys(by), func(a, b op.Answer) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Status, b.Status))
	}) {
		p.line("| %d | %d | %s |", a.Code, a.Status, strings.Join(by[a], ", "))
	}
	p.line("| 2300 | 404 | what is no operation |")
	p.line("")
}

func (p *page) unsent() {
	p.line("## Codes of the original that are not sent\n")
	p.line("Its documentation lists them for these operations; here the condition cannot occur or has another answer.\n")
	p.line("| HTTP:code | operations | why not |")
	p.line("|---|---|---|")
	for _, u := range unsents {
		p.line("| %s | %s | %s |", u.answer, strings.Join(strings.Fields(u.operations), ", "), u.reason)
	}
}
