package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"muster/internal/op"
	"muster/internal/server"
	"muster/internal/webex"
	"muster/internal/zoom"
)

// A shown is one answer that a transcript shows.
type shown struct {
	operation string
	answer    op.Answer // Code 0: a success, or a failure without a number
}

// evidence names the transcripts that show an answer: operation/name.
type evidence map[shown][]string

// all returns the transcripts of an operation's own folder that reach it.
func (e evidence) all(operation string) []string {
	var files []string
	for s, names := range e {
		if s.operation == operation {
			files = append(files, names...)
		}
	}
	files = slices.DeleteFunc(files, func(f string) bool { return !strings.HasPrefix(f, operation+"/") })
	slices.Sort(files)
	return slices.Compact(files)
}

// readTranscripts reads which answer of which operation each transcript of a
// dialect shows. That the server really answers so is what the tests of the
// dialect's package see to.
func readTranscripts(declared server.Declared, d *dialect) (evidence, error) {
	files, err := filepath.Glob(filepath.Join(root, d.transcripts, "*", "*.txtar"))
	if err != nil {
		return nil, err
	}
	reached, found := router(declared, d.name), evidence{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			return nil, err
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
		for i := 0; i+1 < len(a.Files); i++ {
			if a.Files[i].Name != "request" || a.Files[i+1].Name != "response" {
				continue
			}
			answer, err := answerIn(string(a.Files[i+1].Data))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			s := shown{reached(string(a.Files[i].Data)), answer}
			if !slices.Contains(found[s], name) {
				found[s] = append(found[s], name)
			}
		}
	}
	return found, nil
}

// answerIn reads the status and the code of a response part.
func answerIn(text string) (op.Answer, error) {
	head, body, _ := strings.Cut(text, "\n\n")
	first, _, _ := strings.Cut(head, "\n")
	status, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return op.Answer{}, fmt.Errorf("a response begins with %q, not with a status", first)
	}
	a := op.Answer{Status: status}
	var told struct {
		Code int `json:"code"`
	}
	if status >= 400 && json.Unmarshal([]byte(body), &told) == nil { // a page has no code
		a.Code = told.Code
	}
	return a, nil
}

// router returns which operation the request line of a request part reaches,
// "" for none of that dialect. It asks a mux with the patterns that the server has.
func router(declared server.Declared, of string) func(request string) string {
	mux, ids := http.NewServeMux(), map[string]string{}
	declared.Each(func(dialect string, o op.Operation) {
		prefixes := map[string]op.Prefixes{"zoom": zoom.Prefixes, "webex": {All: []string{webex.Prefix}}, "oauth": {All: []string{""}}}[dialect]
		if (dialect == "webex") != (of == "webex") {
			return
		}
		for _, pattern := range prefixes.Patterns(o.Spec) {
			mux.Handle(pattern, http.NotFoundHandler())
			ids[pattern] = o.ID
		}
	})
	return func(request string) string {
		for line := range strings.Lines(request) {
			if strings.HasPrefix(line, "Clock: ") {
				continue
			}
			method, target, _ := strings.Cut(strings.TrimSpace(line), " ")
			// References such as ${1.id} stand for values: any will do.
			u, err := url.ParseRequestURI(strings.NewReplacer("{", "", "}", "", "$", "", "//", "/").Replace(target))
			if err != nil {
				return ""
			}
			_, pattern := mux.Handler(&http.Request{Method: method, URL: u, Host: "muster.test"})
			return ids[pattern]
		}
		return ""
	}
}
