package apidocs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A document is what the page needs to know of an OpenAPI document.
type document struct {
	Info struct {
		Title       string `json:"title"`
		Version     string `json:"version"`
		Description string `json:"description"`
	} `json:"info"`
	Servers    []server                    `json:"servers"`
	Paths      ordered[ordered[operation]] `json:"paths"`
	Components struct {
		Schemas         ordered[*schema]      `json:"schemas"`
		Parameters      map[string]*parameter `json:"parameters"`
		SecuritySchemes map[string]struct {
			Description string `json:"description"`
			Flows       struct {
				ClientCredentials struct {
					TokenURL string `json:"tokenUrl"`
				} `json:"clientCredentials"`
			} `json:"flows"`
		} `json:"securitySchemes"`
	} `json:"components"`

	shared map[string]bool // the schemas that have a section of their own
}

type server struct {
	URL         string `json:"url"`
	Description string `json:"description"`
}

type operation struct {
	OperationID string                `json:"operationId"`
	Tags        []string              `json:"tags"`
	Summary     string                `json:"summary"`
	Ours        bool                  `json:"x-muster-extension"`
	Rate        string                `json:"x-rate-limit-label"`
	Security    []map[string][]string `json:"security"`
	Parameters  []parameter           `json:"parameters"`
	RequestBody *message              `json:"requestBody"`
	Responses   ordered[message]      `json:"responses"`
}

type parameter struct {
	Ref         string  `json:"$ref"`
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description"`
	Required    bool    `json:"required"`
	Ours        bool    `json:"x-muster-extension"`
	Schema      *schema `json:"schema"`
}

// A message is a request's body or a response.
type message struct {
	Description string `json:"description"`
	Codes       []struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"x-error-codes"`
	Content ordered[struct {
		Schema *schema `json:"schema"`
	}] `json:"content"`
}

type schema struct {
	Ref         string           `json:"$ref"`
	Type        any              `json:"type"`
	Format      string           `json:"format"`
	Description string           `json:"description"`
	Ours        bool             `json:"x-muster-extension"`
	Deprecated  bool             `json:"deprecated"`
	ReadOnly    bool             `json:"readOnly"`
	Default     any              `json:"default"`
	Enum        []any            `json:"enum"`
	Minimum     *int64           `json:"minimum"`
	Maximum     *int64           `json:"maximum"`
	MinLength   *int64           `json:"minLength"`
	MaxLength   *int64           `json:"maxLength"`
	MinItems    *int64           `json:"minItems"`
	MaxItems    *int64           `json:"maxItems"`
	Items       *schema          `json:"items"`
	Properties  ordered[*schema] `json:"properties"`
	Required    []string         `json:"required"`
	AnyOf       []*schema        `json:"anyOf"`
	Examples    []any            `json:"examples"`
}

// ordered is a JSON object whose members keep their order.
type ordered[T any] []member[T]

type member[T any] struct {
	Name  string
	Value T
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (o *ordered[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if kind := dec.PeekKind(); kind != '{' {
		return fmt.Errorf("%s where an object belongs", kind)
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		m := member[T]{Name: name.String()}
		if err := json.UnmarshalDecode(dec, &m.Value); err != nil {
			return err
		}
		*o = append(*o, m)
	}
	_, err := dec.ReadToken()
	return err
}

// MarshalJSONTo implements json.MarshalerTo.
func (o ordered[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range o {
		if err := enc.WriteToken(jsontext.String(m.Name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, m.Value); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

// schema returns the first schema of m's content, nil if there is none.
func (m *message) schema() *schema {
	if m == nil || len(m.Content) == 0 {
		return nil
	}
	return m.Content[0].Value.Schema
}

// bodies returns the schemas of what o takes and of what it answers.
func (o *operation) bodies() []*schema {
	out := []*schema{o.RequestBody.schema()}
	for _, r := range o.Responses {
		out = append(out, r.Value.schema())
	}
	return out
}

func (o *operation) scopes() []string {
	var out []string
	for _, choice := range o.Security {
		for _, scopes := range choice {
			out = append(out, scopes...)
		}
	}
	return out
}

func (d *document) parameter(p *parameter) *parameter {
	if known := d.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]; known != nil {
		return known
	}
	return p
}

// resolve follows references and looks through a choice between a schema and
// null. name is "" for a schema without one.
func (d *document) resolve(s *schema) (name string, target *schema, null bool) {
	if s == nil {
		return "", new(schema), false
	}
	if len(s.AnyOf) > 0 {
		name, target, _ = d.resolve(s.AnyOf[0])
		return name, target, true
	}
	name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/")
	if !ok {
		return "", s, false
	}
	for _, m := range d.Components.Schemas {
		if m.Name == name {
			return name, m.Value, false
		}
	}
	return "", new(schema), false
}

// element returns what a list holds, through lists of lists, or s itself.
func (d *document) element(s *schema) (name string, target *schema) {
	name, target, _ = d.resolve(s)
	if target.Items != nil {
		return d.element(target.Items)
	}
	return name, target
}

// reach adds the names of the schemas that s leads to.
func (d *document) reach(s *schema, seen map[string]bool) {
	name, target := d.element(s)
	if name != "" {
		if seen[name] {
			return
		}
		seen[name] = true
	}
	for _, p := range target.Properties {
		d.reach(p.Value, seen)
	}
}

// rows lists the fields of s and, each below its own, those of the objects
// in it. trail has the names of the schemas that lead here: none is told
// inside itself.
func (d *document) rows(s *schema, depth int, trail []string) []row {
	var out []row
	for _, p := range s.Properties {
		row := d.row(p.Name, p.Value)
		row.Depth = depth
		row.Required = slices.Contains(s.Required, p.Name)
		out = append(out, row)
		name, target := d.element(p.Value)
		if row.Object == "" && (name == "" || !slices.Contains(trail, name)) {
			out = append(out, d.rows(target, depth+1, append(slices.Clip(trail), name))...)
		}
	}
	return out
}

func (d *document) row(name string, s *schema) row {
	_, target, null := d.resolve(s)
	object, elem := d.element(s)
	row := row{Name: name, Type: d.kind(target), Limits: d.limits(target)}
	if null {
		row.Type += " or null"
	}
	if d.shared[object] {
		row.Object = object
	}
	for _, e := range elem.Enum {
		row.Enum = append(row.Enum, word(e))
	}
	if s != nil {
		row.Text, row.Ours, row.Outdated = s.Description, s.Ours, s.Deprecated
	}
	return row
}

// kind says in words what s takes.
func (d *document) kind(s *schema) string {
	switch t := s.Type.(type) {
	case string:
		if t == "array" {
			_, elem, _ := d.resolve(s.Items)
			return "list of " + d.kind(elem)
		}
		if s.Format != "" {
			t += ", " + s.Format
		}
		return t
	case []any:
		var words []string
		for _, name := range t {
			words = append(words, word(name))
		}
		return strings.Join(words, " or ")
	}
	return "any"
}

func (d *document) limits(s *schema) string {
	var out []string
	add := func(least, most *int64, unit string) {
		switch {
		case least != nil && most != nil:
			out = append(out, fmt.Sprintf("%d to %d%s", *least, *most, unit))
		case most != nil:
			out = append(out, fmt.Sprintf("at most %d%s", *most, unit))
		case least != nil && (unit == "" || *least > 1):
			out = append(out, fmt.Sprintf("at least %d%s", *least, unit))
		case least != nil:
			out = append(out, "not empty")
		}
	}
	add(s.Minimum, s.Maximum, "")
	add(s.MinLength, s.MaxLength, " characters")
	add(s.MinItems, s.MaxItems, " elements")
	if s.Default != nil {
		out = append(out, "default "+word(s.Default))
	}
	if s.ReadOnly {
		out = append(out, "read-only")
	}
	return strings.Join(out, "; ")
}

// word spells a scalar as it stands in a path or in prose.
func word(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
