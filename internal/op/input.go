package op

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// An object is what the tags of a struct declare.
type object struct {
	fields  []field
	hasBody bool
	bare    string // the list that a body which is an array stands for, "" for none
	rest    bool   // a map takes what else the body has
	file    *field // the uploaded file, nil for none
}

// A field is one value of an input: where it comes from and what is asked of
// it. The tags are
//
//	path, query, header   the name there
//	json                  the name in the body, "-" for none
//	rule:"required"       it must be given and not empty
//	max:"64" min:"1"      bounds of a number, or of a text's length in
//	                      characters, or of a list's length
//	enum:"a|b"            what it may be; fold:"true" without regard to case
//	bare:"true"           a body that is an array is this list
//	json:",embed"         a map that takes what else the body has
//
// Where a value is empty only required is asked: an empty string counts as
// absent.
type field struct {
	index               []int // for reflect, through embedded structs
	name                string
	path, query, header string
	body                bool
	required, fold      bool
	min, max            int64 // max 0: none
	enum                []string
	kind                reflect.Type // without Optional, Row and slice
	optional            bool
	list                bool // a wire.List: a text may stand for it
	slice               bool
	row                 bool    // elements are wire.Row
	elem                *object // of a struct or of a slice's struct
}

// structured reports whether the field's JSON is an array or an object.
func (f *field) structured() bool {
	return f.slice || f.list || f.elem != nil || f.kind.Kind() == reflect.Map
}

func (f *field) jsonKind() string {
	if f.slice || f.list {
		return "array"
	}
	return "object"
}

// plan reads the tags of t, a struct, and panics where they make no sense.
func plan(t reflect.Type) *object {
	o := new(object)
	for i := range t.NumField() {
		sf := t.Field(i)
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct {
			inner := plan(sf.Type)
			o.hasBody, o.bare, o.rest = o.hasBody || inner.hasBody, cmp.Or(o.bare, inner.bare), o.rest || inner.rest
			for _, f := range inner.fields {
				f.index = append([]int{i}, f.index...)
				o.add(f)
			}
			continue
		}
		if !sf.IsExported() {
			continue
		}
		if sf.Tag.Get("json") == ",embed" && sf.Type.Kind() == reflect.Map {
			o.hasBody, o.rest = true, true
			continue
		}
		f := newField(i, sf)
		o.hasBody = o.hasBody || f.body
		if sf.Tag.Get("bare") == "true" {
			o.bare = f.name
		}
		o.add(f)
	}
	return o
}

func (o *object) add(f field) {
	o.fields = append(o.fields, f)
	if f.kind == fileType {
		if o.file != nil {
			panic("op: an input takes one file at most")
		}
		o.file = &f
	}
}

func newField(i int, sf reflect.StructField) field {
	f := field{index: []int{i}, path: sf.Tag.Get("path"), query: sf.Tag.Get("query"), header: sf.Tag.Get("header")}
	name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	f.body = name != "" && name != "-"
	if !f.body && f.path == "" && f.query == "" && f.header == "" {
		panic(fmt.Sprintf("op: field %s comes from nowhere: give it a json, path, query or header tag", sf.Name))
	}
	if !f.body && name != "-" {
		panic(fmt.Sprintf("op: field %s needs json:\"-\", or a body could set it", sf.Name))
	}
	for _, n := range []string{name, f.path, f.query, f.header} {
		if n != "" && n != "-" && f.name == "" {
			f.name = n
		}
	}
	f.required = sf.Tag.Get("rule") == "required"
	f.fold = sf.Tag.Get("fold") == "true"
	f.min, f.max = number(sf, "min"), number(sf, "max")
	if e := sf.Tag.Get("enum"); e != "" {
		f.enum = strings.Split(e, "|")
	}
	f.shape(sf.Type)
	return f
}

func number(sf reflect.StructField, tag string) int64 {
	text := sf.Tag.Get(tag)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("op: field %s: %s is no number", sf.Name, tag))
	}
	return n
}

// shape looks through Optional, slices and rows at what the field holds.
func (f *field) shape(t reflect.Type) {
	if isGeneric(t, "Optional") {
		f.optional = true
		t = t.Field(0).Type
	}
	if t.Kind() == reflect.Slice && t.Name() == "List" {
		f.list = true
	} else if t.Kind() == reflect.Slice {
		f.slice = true
		t = t.Elem()
	}
	if isGeneric(t, "Row") {
		f.row = true
		t = t.Field(0).Type
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	f.kind = t
	if t.Kind() == reflect.Struct && t != fileType {
		f.elem = plan(t)
	}
}

func isGeneric(t reflect.Type, name string) bool {
	return t.Kind() == reflect.Struct && strings.HasPrefix(t.Name(), name+"[")
}

// bind fills what comes from the path, the query and the headers. A field
// that the body may give too is taken from the query where the body is silent.
func (o *object) bind(r *http.Request, query url.Values, v reflect.Value) []Problem {
	var problems []Problem
	for i := range o.fields {
		f := &o.fields[i]
		text, given := "", false
		switch {
		case f.path != "":
			text, given = r.PathValue(f.path), true
		case f.query != "" && query.Has(f.query) && f.list:
			text, given = strings.Join(query[f.query], ","), true // a list may come as one name several times
		case f.query != "" && query.Has(f.query):
			text, given = query.Get(f.query), true
		case f.header != "":
			text, given = r.Header.Get(f.header), true
		}
		target := v.FieldByIndex(f.index)
		if !given || f.body && !target.IsZero() {
			continue
		}
		if f.optional {
			target.Field(1).SetBool(true)
			target = target.Field(0)
		}
		if err := target.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
			problems = append(problems, Problem{f.name, err.Error()})
		}
	}
	return problems
}

// check asks the rules of the fields of v, which prefix leads to.
func (o *object) check(v reflect.Value, prefix string) []Problem {
	var problems []Problem
	for i := range o.fields {
		f := &o.fields[i]
		target := v.FieldByIndex(f.index)
		if f.optional {
			if !target.Field(1).Bool() {
				if f.required {
					problems = append(problems, Problem{prefix + f.name, "is required"})
				}
				continue
			}
			target = target.Field(0)
		}
		problems = append(problems, f.checkValue(target, prefix)...)
	}
	return problems
}

// checkValue asks the rules of f of v. The path of f is spelled only where
// somebody needs it: most values break no rule.
func (f *field) checkValue(v reflect.Value, prefix string) []Problem {
	if f.slice || f.list {
		return f.checkList(v, prefix+f.name)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return f.missing(prefix + f.name)
		}
		v = v.Elem()
	}
	if f.elem != nil {
		return f.elem.check(v, prefix+f.name+".")
	}
	if rule := f.broken(v); rule != "" {
		return []Problem{{prefix + f.name, rule}}
	}
	return nil
}

func (f *field) missing(at string) []Problem {
	if f.required {
		return []Problem{{at, "is required"}}
	}
	return nil
}

func (f *field) checkList(v reflect.Value, at string) []Problem {
	n := int64(v.Len())
	switch {
	case n == 0:
		return f.missing(at)
	case f.max > 0 && n > f.max:
		return []Problem{{at, fmt.Sprintf("must have at most %d elements, not %d", f.max, n)}}
	}
	if f.list {
		for i := range v.Len() {
			if s := v.Index(i).String(); f.enum != nil && !slices.Contains(f.enum, s) {
				return []Problem{{at, "must be a list of some of: " + strings.Join(f.enum, "; ")}}
			}
		}
		return nil
	}
	var problems []Problem
	for i := range v.Len() {
		e, here := v.Index(i), at+"["+strconv.Itoa(i)+"]"
		if f.row {
			if err := e.Addr().Interface().(interface{ FormError() error }).FormError(); err != nil {
				problems = append(problems, rowProblem(err, here))
				continue
			}
			e = e.Field(0)
		}
		if f.elem != nil {
			problems = append(problems, f.elem.check(e, here+".")...)
		}
	}
	return problems
}

func rowProblem(err error, at string) Problem {
	e, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return Problem{at, "must be an object"}
	}
	if inner := dotted(e.JSONPointer); inner != "" {
		at += "." + inner
	}
	return Problem{at, rule(e)}
}

// broken returns the rule that a scalar breaks, "" if none.
func (f *field) broken(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return f.brokenText(v.String())
	case reflect.Int64:
		n := v.Int()
		switch {
		case n == 0 && !f.optional && f.required:
			return "is required"
		case n == 0 && !f.optional:
			return ""
		case f.enum != nil && !slices.Contains(f.enum, strconv.FormatInt(n, 10)):
			return "must be one of " + strings.Join(f.enum, ", ")
		case f.max > 0 && (n > f.max || n < f.min):
			return fmt.Sprintf("must be between %d and %d", f.min, f.max)
		}
	}
	return ""
}

func (f *field) brokenText(s string) string {
	same := func(e string) bool { return e == s || f.fold && strings.EqualFold(e, s) }
	switch n := int64(utf8.RuneCountInString(s)); {
	case s == "" && f.required:
		return "is required"
	case s == "":
		return ""
	case f.enum != nil && !slices.ContainsFunc(f.enum, same):
		return "must be one of: " + strings.Join(f.enum, "; ")
	case f.max > 0 && n > f.max:
		return fmt.Sprintf("must be at most %d characters long", f.max)
	case n < f.min:
		return fmt.Sprintf("must be at least %d characters long", f.min)
	}
	return ""
}
