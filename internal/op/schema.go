package op

import (
	"cmp"
	"encoding"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A schema is what OpenAPI 3.1 says of a value. Ref is shared by all that
// refer to one type and is filled in when the type has its name.
type schema struct {
	Ref         *string          `json:"$ref,omitzero"`
	Type        any              `json:"type,omitzero"` // a name or several
	Format      string           `json:"format,omitzero"`
	Description string           `json:"description,omitzero"`
	Ours        bool             `json:"x-muster-extension,omitzero"`
	Enum        []any            `json:"enum,omitzero"`
	Minimum     *int64           `json:"minimum,omitzero"`
	Maximum     *int64           `json:"maximum,omitzero"`
	MinLength   *int64           `json:"minLength,omitzero"`
	MaxLength   *int64           `json:"maxLength,omitzero"`
	Encoding    string           `json:"contentEncoding,omitzero"`
	MinItems    *int64           `json:"minItems,omitzero"`
	MaxItems    *int64           `json:"maxItems,omitzero"`
	Items       *schema          `json:"items,omitzero"`
	Properties  ordered[*schema] `json:"properties,omitzero"`
	Required    []string         `json:"required,omitzero"`
	Additional  *schema          `json:"additionalProperties,omitzero"`
	AnyOf       []*schema        `json:"anyOf,omitzero"`
	Examples    []any            `json:"examples,omitzero"`
}

const refPrefix = "#/components/schemas/"

func refTo(name string) *schema { return &schema{Ref: new(refPrefix + name)} }

// A use is a named type on one side: what an input may leave out an output
// may always have, so the sides have schemas of their own.
type use struct {
	t  reflect.Type
	in bool
}

// types gathers the schemas of one document.
type types struct {
	given  map[string]map[string]any // by the caller
	taken  map[string]any            // what has its name already
	found  []use                     // named types in the order of their discovery
	refs   map[use]*string
	bodies map[use]*schema
	errs   []error
}

func newTypes(given map[string]map[string]any) *types {
	ts := &types{given: given, taken: map[string]any{"Error": nil}, refs: map[use]*string{}, bodies: map[use]*schema{}}
	for name, s := range given {
		ts.taken[name] = s
	}
	return ts
}

func (ts *types) fail(format string, args ...any) {
	ts.errs = append(ts.errs, fmt.Errorf(format, args...))
}

// request returns the schema of o's body, which bears o's name, and a
// reference to it.
func (ts *types) request(o Operation) (body, ref *schema) {
	name := exported(o.ID) + "Request"
	if _, taken := ts.taken[name]; taken {
		ts.fail("%s: another schema is called %s", o.ID, name)
	}
	body = ts.object(o.In, true)
	ts.taken[name] = body
	return body, refTo(name)
}

// of returns a new schema of t, with named structs as references.
func (ts *types) of(t reflect.Type, in bool) *schema {
	if t.Kind() == reflect.Pointer {
		return ts.of(t.Elem(), in)
	}
	if isGeneric(t, "Optional") || isGeneric(t, "Row") {
		return ts.of(t.Field(0).Type, in)
	}
	if s := foreign(t, in); s != nil {
		return s
	}
	switch t.Kind() {
	case reflect.Struct:
		return ts.structure(t, in)
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return &schema{Type: "string", Encoding: "base64"}
		}
		return &schema{Type: "array", Items: ts.of(t.Elem(), in)}
	case reflect.Map:
		if t.Elem().Kind() == reflect.Interface {
			return &schema{Type: "object"}
		}
		return &schema{Type: "object", Additional: ts.of(t.Elem(), in)}
	case reflect.String:
		return &schema{Type: "string"}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.Float32, reflect.Float64:
		return &schema{Type: "number"}
	case reflect.Int64:
		if t.Name() == "Int" { // wire's: small numbers, as a rule
			return &schema{Type: "integer"}
		}
		return &schema{Type: "integer", Format: "int64"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32:
		return &schema{Type: "integer"}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &schema{Type: "integer", Minimum: new(int64)}
	case reflect.Interface:
		return new(schema)
	}
	ts.fail("type %s has no JSON", t)
	return new(schema)
}

// foreign returns the schema of a type that spells itself, nil for others.
// Where a JSON method does, what it writes is for the tags to say.
func foreign(t reflect.Type, in bool) *schema {
	is := func(iface reflect.Type) bool { return t.Implements(iface) || reflect.PointerTo(t).Implements(iface) }
	text, how := reflect.TypeFor[encoding.TextMarshaler](), []reflect.Type{reflect.TypeFor[json.MarshalerTo](), reflect.TypeFor[json.Marshaler]()}
	if in {
		text, how = reflect.TypeFor[encoding.TextUnmarshaler](), []reflect.Type{reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[json.Unmarshaler]()}
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &schema{Type: "string", Format: "date-time"}
	case t == fileType:
		return &schema{Type: "string", Format: "binary"}
	case t == reflect.TypeFor[jsontext.Value]():
		return new(schema)
	case in && t.Kind() != reflect.Struct: // a lenient type; its kind says what it wants
		return nil
	case slices.ContainsFunc(how, is):
		return new(schema)
	case is(text):
		return &schema{Type: "string"}
	}
	return nil
}

func (ts *types) structure(t reflect.Type, in bool) *schema {
	if t.Name() == "" {
		return ts.object(t, in)
	}
	u := use{t, in}
	if ts.refs[u] == nil {
		ts.refs[u] = new(string)
		ts.found = append(ts.found, u)
		ts.bodies[u] = ts.object(t, in)
	}
	return &schema{Ref: ts.refs[u]}
}

func (ts *types) object(t reflect.Type, in bool) *schema {
	s := &schema{Type: "object", Properties: ordered[*schema]{}}
	for sf := range leaves(t) {
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if name == "" && strings.Contains(options, "embed") && sf.Type.Kind() == reflect.Map {
			s.Additional = &schema{}
			if of := sf.Tag.Get("schema"); ts.given[of] != nil {
				return refTo(of)
			}
			continue
		}
		if name == "" {
			name = sf.Name
		}
		*s.Properties.at(name) = ts.field(sf, in)
		required := sf.Tag.Get("rule") == "required" && sf.Tag.Get("query") == ""
		if !in {
			required = !strings.Contains(options, "omitzero") && !strings.Contains(options, "omitempty")
		}
		if required {
			s.Required = append(s.Required, name)
		}
	}
	return s
}

// field returns the schema of a field: that of its type with what its tags say.
func (ts *types) field(sf reflect.StructField, in bool) *schema {
	s := ts.of(sf.Type, in)
	if name := sf.Tag.Get("schema"); name != "" {
		if ts.given[name] == nil {
			ts.fail("field %s: no schema %s", sf.Name, name)
		}
		if s.Items != nil {
			s.Items = refTo(name)
		} else {
			s = refTo(name)
		}
	}
	_, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	if strings.Contains(options, "string") && s.Type == "integer" {
		s = &schema{Type: "string", Format: s.Format}
	}
	ts.decorate(s, sf)
	if !in && !strings.Contains(options, "omit") && (sf.Type.Kind() == reflect.Pointer || isGeneric(sf.Type, "Optional")) {
		s = nullable(s)
	}
	s.Description = sf.Tag.Get("doc")
	s.Ours = sf.Tag.Get("ours") == "true"
	return s
}

func nullable(s *schema) *schema {
	if kind, ok := s.Type.(string); ok {
		s.Type = []string{kind, "null"}
		return s
	}
	return &schema{AnyOf: []*schema{s, {Type: "null"}}}
}

func (ts *types) decorate(s *schema, sf reflect.StructField) {
	value := s
	if s.Items != nil {
		value = s.Items
	}
	if f := sf.Tag.Get("format"); f != "" {
		value.Format = f
		if value.Type == nil {
			value.Type = "string"
		}
	}
	if e := sf.Tag.Get("enum"); e != "" {
		for text := range strings.SplitSeq(e, "|") {
			value.Enum = append(value.Enum, ts.literal(sf, value.Type, text))
		}
	}
	if e := sf.Tag.Get("example"); e != "" {
		s.Examples = []any{ts.literal(sf, s.Type, e)}
	}
	ts.bound(s, sf)
}

// bound adds the bounds that the input's check asks for.
func (ts *types) bound(s *schema, sf reflect.StructField) {
	least, most := number(sf, "min"), number(sf, "max")
	required := sf.Tag.Get("rule") == "required"
	switch s.Type {
	case "integer":
		if most > 0 {
			s.Minimum, s.Maximum = &least, &most
		}
	case "string":
		if required && least == 0 && sf.Tag.Get("path") == "" {
			least = 1
		}
		s.MinLength, s.MaxLength = positive(least), positive(most)
	case "array":
		if required {
			least = 1
		}
		s.MinItems, s.MaxItems = positive(least), positive(most)
	}
}

func positive(n int64) *int64 {
	if n <= 0 {
		return nil
	}
	return &n
}

// literal returns the value that a tag spells for a field of the given type.
func (ts *types) literal(sf reflect.StructField, kind any, text string) any {
	switch kind {
	case "string":
		return text
	case "integer":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			ts.fail("field %s: %q is no whole number", sf.Name, text)
		}
		return n
	}
	v := jsontext.Value(text)
	if !v.IsValid() {
		ts.fail("field %s: %q is not JSON", sf.Name, text)
		return nil
	}
	return v
}

// components names the types that were found and returns all schemas. A type
// has its own name; where several would have the same, each has its
// package's before it, and a number where even those are equal.
func (ts *types) components() map[string]any {
	wanted := map[string]int{}
	for _, u := range ts.found {
		wanted[u.name()]++
	}
	slices.SortStableFunc(ts.found, func(a, b use) int {
		return cmp.Or(cmp.Compare(a.t.PkgPath(), b.t.PkgPath()), cmp.Compare(a.t.Name(), b.t.Name()))
	})
	out := maps.Clone(ts.taken)
	for _, u := range ts.found {
		name := u.name()
		if _, taken := out[name]; taken || wanted[name] > 1 {
			name = exported(path.Base(u.t.PkgPath())) + name
		}
		unique := name
		for n := 2; ; n++ {
			if _, taken := out[unique]; !taken {
				break
			}
			unique = name + strconv.Itoa(n)
		}
		out[unique] = ts.bodies[u]
		*ts.refs[u] = refPrefix + unique
	}
	return out
}

// name returns what a type would like to be called: meetingOut is Meeting,
// questionIn is QuestionInput, page[pkg.meeting] is PageMeeting.
func (u use) name() string {
	base, args, _ := strings.Cut(u.t.Name(), "[")
	suffixes, end := []string{"Output", "Out"}, ""
	if u.in {
		suffixes, end = []string{"Input", "In"}, "Input"
	}
	for _, suffix := range suffixes {
		if rest, ok := strings.CutSuffix(base, suffix); ok && rest != "" {
			base = rest
			break
		}
	}
	name := exported(base)
	for arg := range strings.SplitSeq(strings.TrimSuffix(args, "]"), ",") {
		name += exported(arg[strings.LastIndexAny(arg, "./*]")+1:])
	}
	return name + end
}

// exported makes a name of s that begins with a capital and has only what
// OpenAPI allows in one.
func exported(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '_' {
			return r
		}
		return -1
	}, s)
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
