package op

import (
	"cmp"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// securityName is what the document calls the way to authenticate.
const securityName = "oauth2"

// A describer collects what the operations of one document share.
type describer struct {
	Description
	types  *types
	seen   map[string]string // the operation of an id, of a method and path, of a path's shape
	scopes map[string]string
	keyed  bool // an operation takes an Idempotency-Key
	errs   []error
}

func (w *describer) fail(format string, args ...any) {
	w.errs = append(w.errs, fmt.Errorf(format, args...))
}

// claim complains where another operation has what must be o's alone.
func (w *describer) claim(what, id string) {
	if other, taken := w.seen[what]; taken {
		w.fail("%s: %s is %s's already", id, what, other)
	}
	w.seen[what] = id
}

func (w *describer) server(s Server) docServer {
	out := docServer{URL: s.URL, Description: s.About}
	for _, name := range placeholders(s.URL) {
		if s.Variables[name] == "" {
			w.fail("server %s: no default for %s", s.URL, name)
		}
		if out.Variables == nil {
			out.Variables = map[string]docVariable{}
		}
		out.Variables[name] = docVariable{s.Variables[name]}
	}
	return out
}

// path adds o to the paths. OpenAPI takes two paths that differ only in the
// names of their parameters for the same, so that is refused.
func (w *describer) path(paths *ordered[ordered[docOperation]], o Operation) {
	path := strings.ReplaceAll(strings.ReplaceAll(o.Path, "...}", "}"), "{$}", "")
	shape := path
	for _, name := range placeholders(path) {
		shape = strings.Replace(shape, "{"+name+"}", "{}", 1)
	}
	if other, taken := w.seen["shape "+shape]; taken && other != path {
		w.fail("%s: %s must spell its parameters as %s does", o.ID, path, other)
	}
	w.seen["shape "+shape] = path
	w.claim("operation "+o.ID, o.ID)
	w.claim(o.Method+" "+path, o.ID)
	*paths.at(path).at(strings.ToLower(o.Method)) = w.operation(o)
}

func (w *describer) operation(o Operation) docOperation {
	out := docOperation{
		OperationID: o.ID,
		Tags:        []string{o.Group},
		Summary:     o.Title,
		Ours:        o.Ours,
		Rate:        o.Rate,
		Security:    w.security(o.Spec),
		Parameters:  w.parameters(o),
		Responses:   w.responses(o),
	}
	if o.takesBody() {
		out.RequestBody = w.body(o)
	}
	return out
}

func (o Operation) takesBody() bool {
	return o.input.hasBody && o.Method != http.MethodGet && o.Method != http.MethodHead
}

// security spells that any one scope suffices: a choice of requirements of
// one scope each.
func (w *describer) security(s *Spec) []map[string][]string {
	out := []map[string][]string{}
	if s.Public {
		return out
	}
	if w.scopes == nil {
		w.scopes = map[string]string{}
	}
	for _, scope := range s.Scopes {
		w.scopes[scope] = ""
		out = append(out, map[string][]string{securityName: {scope}})
	}
	if len(out) == 0 {
		out = append(out, map[string][]string{securityName: {}})
	}
	return out
}

// parameters lists those of the path in its order, then those of the query,
// then headers. A parameter of the path that the input does not have is the
// dialect's business; it is a string.
func (w *describer) parameters(o Operation) []docParameter {
	var out []docParameter
	names := placeholders(o.Path)
	for _, name := range names {
		if name != "$" {
			out = append(out, docParameter{Name: name, In: "path", Required: true, Schema: &schema{Type: "string"}})
		}
	}
	for sf := range leaves(o.In) {
		if name := sf.Tag.Get("path"); name != "" {
			i := slices.IndexFunc(out, func(p docParameter) bool { return p.Name == name })
			if i >= 0 {
				out[i] = w.parameter(sf, name, "path")
			} else if !w.serverHas(name) {
				w.fail("%s: %s has no parameter %s", o.ID, o.Path, name)
			}
		}
	}
	for sf := range leaves(o.In) {
		if name := sf.Tag.Get("query"); name != "" {
			out = append(out, w.parameter(sf, name, "query"))
		}
	}
	for sf := range leaves(o.In) {
		// OpenAPI ignores the three that HTTP itself speaks for.
		if name := sf.Tag.Get("header"); name != "" && !slices.Contains([]string{"Accept", "Content-Type", "Authorization"}, name) {
			out = append(out, w.parameter(sf, name, "header"))
		}
	}
	if !o.Public && o.Method != http.MethodGet && o.Method != http.MethodHead {
		w.keyed = true
		out = append(out, docParameter{Ref: "#/components/parameters/IdempotencyKey"})
	}
	return out
}

func (w *describer) serverHas(variable string) bool {
	return slices.ContainsFunc(w.Servers, func(s Server) bool { return slices.Contains(placeholders(s.URL), variable) })
}

func (w *describer) parameter(sf reflect.StructField, name, in string) docParameter {
	s := w.types.field(sf, true)
	p := docParameter{
		Name: name, In: in, Description: s.Description, Ours: s.Ours, Schema: s,
		Required: in == "path" || sf.Tag.Get("rule") == "required" && !inBody(sf),
	}
	s.Description, s.Ours = "", false
	if s.Type == "array" { // wire.List: strings with commas between
		p.Explode = new(bool)
		p.Style = "form"
		if in != "query" {
			p.Style = "simple"
		}
	}
	return p
}

// body offers the same fields as JSON and as two kinds of form.
func (w *describer) body(o Operation) *docBody {
	s, ref := w.types.request(o)
	out := &docBody{Required: len(s.Required) > 0}
	var encoding ordered[docEncoding]
	for _, f := range o.input.fields {
		if f.body && f.structured() { // in a form it is JSON text
			*encoding.at(f.name) = docEncoding{"application/json"}
		}
	}
	if o.input.file != nil {
		*out.Content.at("multipart/form-data") = docMedia{Schema: ref}
		return out
	}
	*out.Content.at("application/json") = docMedia{Schema: ref}
	if o.input.bare != "" {
		*out.Content.at("application/json") = docMedia{Schema: &schema{AnyOf: []*schema{ref, *s.Properties.at(o.input.bare)}}}
	}
	if w.JSONOnly {
		return out
	}
	*out.Content.at("multipart/form-data") = docMedia{Schema: ref, Encoding: encoding}
	*out.Content.at("application/x-www-form-urlencoded") = docMedia{Schema: ref, Encoding: encoding}
	return out
}

// responses has the success, then the failures by status and code.
func (w *describer) responses(o Operation) ordered[docResponse] {
	var out ordered[docResponse]
	if http.StatusText(o.Success) == "" {
		w.fail("%s: no status of success", o.ID)
	}
	success := out.at(strconv.Itoa(o.Success))
	success.Description = http.StatusText(o.Success)
	if m, ok := reflect.New(o.Out).Interface().(maybe); ok {
		instead := out.at(strconv.Itoa(o.Instead))
		instead.Description = http.StatusText(o.Instead)
		*instead.Content.at("application/json") = docMedia{Schema: w.types.of(m.bodyType(), false)}
	} else if e, ok := reflect.New(o.Out).Interface().(either); ok {
		one, other := e.bodyTypes()
		*success.Content.at("application/json") = docMedia{Schema: &schema{AnyOf: []*schema{w.types.of(one, false), w.types.of(other, false)}}}
	} else if o.Out != reflect.TypeFor[None]() {
		*success.Content.at("application/json") = docMedia{Schema: w.types.of(o.Out, false)}
	}
	for _, f := range w.failures(o.Spec) {
		r := out.at(strconv.Itoa(f.Status))
		if r.Content == nil {
			*r.Content.at("application/json") = docMedia{Schema: refTo("Error")}
		}
		r.Codes = append(r.Codes, docCode{f.Code, f.Text})
		if r.Description != "" {
			r.Description += "\n"
		}
		if f.Code == 0 { // the dialect has statuses only
			r.Description += "- " + f.Text
			continue
		}
		r.Description += fmt.Sprintf("- `%d` %s", f.Code, f.Text)
	}
	return out
}

// failures returns what an operation may answer in the dialect's terms,
// each once.
func (w *describer) failures(s *Spec) []Failure {
	var out []Failure
	for _, code := range s.Refuses {
		f := w.Answer(code)
		if f.Status == 0 {
			w.fail("%s: the dialect does not know %s", s.ID, code)
			continue
		}
		if deviant, ok := s.Errors[code]; ok {
			f.Answer = deviant
		}
		out = append(out, f)
	}
	if w.Common != nil {
		out = append(out, w.Common(s)...)
	}
	slices.SortStableFunc(out, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Code, b.Code))
	})
	return slices.Compact(out)
}

func (w *describer) components() docComponents {
	out := docComponents{Schemas: w.types.components()}
	out.Schemas["Error"] = w.Error
	if w.keyed {
		out.Parameters = map[string]docParameter{"IdempotencyKey": {
			Name: "Idempotency-Key", In: "header", Ours: true,
			Description: "The same request under the same key is done once; its answer is given again.",
			Schema:      &schema{Type: "string", MinLength: new(int64(1)), MaxLength: new(int64(maxKey))},
		}}
	}
	if w.scopes != nil {
		*out.SecuritySchemes.at(securityName) = docSecurityOAuth{
			Type:        "oauth2",
			Description: w.TokenAbout,
			Flows:       map[string]docOAuth{"clientCredentials": {w.TokenURL, w.scopes}},
		}
	}
	return out
}

// leaves yields the fields that t has in JSON's eyes: its own and those of
// what it embeds.
func leaves(t reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		if t.Kind() != reflect.Struct {
			return
		}
		for sf := range t.Fields() {
			name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
			inner := sf.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			embedded := inner.Kind() == reflect.Struct && name == "" && (sf.Anonymous || slices.Contains(strings.Split(options, ","), "embed"))
			if !embedded && sf.IsExported() && !yield(sf) {
				return
			}
			if !embedded {
				continue
			}
			for f := range leaves(inner) {
				if !yield(f) {
					return
				}
			}
		}
	}
}

func inBody(sf reflect.StructField) bool {
	name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	return name != "-"
}
