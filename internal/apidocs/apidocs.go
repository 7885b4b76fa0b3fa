// Package apidocs renders an OpenAPI document as a page that people read.
package apidocs

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

//go:embed page.html
var pageHTML string

// many is how many fields an object has that is told once, in a
// section of its own, where several operations have it.
const many = 16

// A page is what the template shows.
type page struct {
	Title, Version, About string
	Servers               []server
	TokenURL, TokenAbout  string
	Groups                []group
	Objects               []object
	Others                []Other
}

// An Other is a page on another document, which the page links to.
type Other struct{ Title, Path string }

type group struct {
	Name       string
	Operations []view
}

// An object is a schema with a section of its own.
type object struct {
	Name   string
	Fields []row
}

// A view is one operation as the page tells it.
type view struct {
	ID, Method, Path, Title string
	Servers                 []server
	Public, Ours            bool
	Scopes                  []string
	Rate                    string
	Parameters              []row
	Body, Success           *part
	Status, StatusText      string
	Refusals                []refusal
	Coded                   bool // the refusals have codes beside the status
	Curl                    string
}

// A part is a body. Object names the section that tells its fields
// where it has one.
type part struct {
	Types, Object, Kind, Example string
	Fields                       []row
}

// A row is one field or parameter; Depth is how many objects it is in.
type row struct {
	Depth                    int
	Name, In, Type, Object   string
	Text, Limits             string
	Enum                     []string
	Required, Ours, Outdated bool
	Missing                  bool // of an answer: it may be without the field
}

type refusal struct{ Status, Code, Message string }

// Handler returns a handler that shows an OpenAPI document, of the form that
// op.Document gives it, as one page of HTML that needs nothing else.
func Handler(doc []byte, others ...Other) (http.Handler, error) {
	page, err := render(doc, others)
	if err != nil {
		return nil, fmt.Errorf("render API documentation: %w", err)
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(page))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page))
	}), nil
}

func render(doc []byte, others []Other) ([]byte, error) {
	d := new(document)
	if err := json.Unmarshal(doc, d); err != nil {
		return nil, err
	}
	t, err := template.New("apidocs").Funcs(template.FuncMap{
		"lower": strings.ToLower,
		"gaps":  gaps,
		"words": func(name string) []string { return strings.SplitAfter(name, "_") },
	}).Parse(pageHTML)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	p := d.page()
	p.Others = others
	if err := t.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// A piece is a part of a path: text, or the name of a placeholder.
type piece struct {
	Text string
	Gap  bool
}

// gaps cuts a path at its placeholders and after its slashes.
func gaps(path string) []piece {
	var out []piece
	for part := range strings.SplitAfterSeq(path, "/") {
		before, rest, ok := strings.Cut(part, "{")
		name, after, _ := strings.Cut(rest, "}")
		if !ok {
			out = append(out, piece{Text: part})
			continue
		}
		out = append(out, piece{Text: before}, piece{"{" + name + "}", true}, piece{Text: after})
	}
	return out
}

// page gathers the operations by group and finds the objects that are told once.
func (d *document) page() page {
	p := page{Title: d.Info.Title, Version: d.Info.Version, About: d.Info.Description, Servers: d.Servers}
	for _, scheme := range d.Components.SecuritySchemes {
		p.TokenURL, p.TokenAbout = scheme.Flows.ClientCredentials.TokenURL, scheme.Description
	}
	d.share()
	for _, path := range d.Paths {
		for _, method := range path.Value {
			name := ""
			if len(method.Value.Tags) > 0 {
				name = method.Value.Tags[0]
			}
			i := slices.IndexFunc(p.Groups, func(g group) bool { return g.Name == name })
			if i < 0 {
				i = len(p.Groups)
				p.Groups = append(p.Groups, group{Name: name})
			}
			p.Groups[i].Operations = append(p.Groups[i].Operations, d.view(path.Name, strings.ToUpper(method.Name), &method.Value))
		}
	}
	for _, s := range d.Components.Schemas {
		if d.shared[s.Name] {
			p.Objects = append(p.Objects, object{s.Name, d.rows(s.Value, 0, []string{s.Name})})
		}
	}
	return p
}

// share marks the large objects that more than one operation has.
func (d *document) share() {
	uses := map[string]int{}
	for _, path := range d.Paths {
		for _, method := range path.Value {
			seen := map[string]bool{}
			for _, s := range method.Value.bodies() {
				d.reach(s, seen)
			}
			for name := range seen {
				uses[name]++
			}
		}
	}
	large := func(s member[*schema]) bool {
		return len(d.rows(s.Value, 0, []string{s.Name})) >= many
	}
	shared := map[string]bool{}
	for _, s := range d.Components.Schemas {
		shared[s.Name] = uses[s.Name] > 1 && large(s)
	}
	d.shared = maps.Clone(shared)
	for _, s := range d.Components.Schemas { // some are large only by what they hold
		if !large(s) {
			delete(shared, s.Name)
		}
	}
	d.shared = shared
}

func (d *document) view(path, method string, o *operation) view {
	v := view{
		ID: o.OperationID, Method: method, Path: path, Title: o.Summary, Servers: d.Servers,
		Public: len(o.Security) == 0, Ours: o.Ours, Rate: o.Rate, Scopes: o.scopes(),
	}
	var params []*parameter
	for i := range o.Parameters {
		p := d.parameter(&o.Parameters[i])
		params = append(params, p)
		row := d.row(p.Name, p.Schema)
		row.In, row.Required, row.Text, row.Ours = p.In, p.Required, p.Description, p.Ours
		v.Parameters = append(v.Parameters, row)
	}
	body := o.RequestBody.schema()
	if body != nil {
		var types []string
		for _, m := range o.RequestBody.Content {
			types = append(types, m.Name)
		}
		v.Body = d.part(body)
		v.Body.Types = strings.Join(types, ", ")
	}
	for _, r := range o.Responses {
		if r.Name < "400" {
			v.Status, v.StatusText = r.Name, r.Value.Description
			if s := r.Value.schema(); s != nil {
				v.Success = d.answer(s)
			}
			continue
		}
		for _, c := range r.Value.Codes {
			told := refusal{Status: r.Name, Message: c.Message}
			if c.Code != 0 {
				told.Code = fmt.Sprint(c.Code)
				v.Coded = true
			}
			v.Refusals = append(v.Refusals, told)
		}
		if len(r.Value.Codes) == 0 {
			v.Refusals = append(v.Refusals, refusal{Status: r.Name, Message: r.Value.Description})
		}
	}
	v.Curl = d.curl(v, params, body)
	return v
}

// curl spells a call with what is required, or with a little where nothing is.
func (d *document) curl(v view, params []*parameter, body *schema) string {
	base := ""
	if len(d.Servers) > 0 {
		base = d.Servers[0].URL
	}
	if !strings.Contains(base, "://") {
		base = "$MUSTER" + base
	}
	path, query := v.Path, ""
	for _, p := range params {
		value := word(d.value(p.Name, p.Schema, nil))
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
		case p.In == "query" && p.Required:
			query += "&" + p.Name + "=" + url.QueryEscape(value)
		}
	}
	if query != "" {
		query = "?" + query[1:]
	}
	lines := []string{fmt.Sprintf(`curl -X %s "%s%s%s"`, v.Method, base, path, query)}
	if v.Method == http.MethodGet {
		lines[0] = fmt.Sprintf(`curl "%s%s%s"`, base, path, query)
	}
	if !v.Public {
		lines = append(lines, `-H "Authorization: Bearer $TOKEN"`)
	}
	if body != nil {
		lines = append(lines, `-H "Content-Type: application/json"`, "-d '"+strings.ReplaceAll(d.brief(body), "'", `'\''`)+"'")
	}
	return strings.Join(lines, " \\\n  ")
}
