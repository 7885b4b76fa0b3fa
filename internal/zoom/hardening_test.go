package zoom_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/op"
)

// TestHardeningFields sends, for every operation, each field of its input in
// each wrong form that its type, its tags and its place allow. The input types
// say what the fields are, so that a new field is tried by itself.
func TestHardeningFields(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			v := newTenant(t, s, "primary")
			before := v.dump()
			h := &hardening{t: t, v: v, o: o}
			h.outside()
			if body := bodyOf(t, o, v); body != "" && !takesFile(o) {
				h.body = body
				h.object(o.In, nil, "")
			}
			if h.tried < 5 && len(fieldsOf(o.In)) > 0 && !(o.Whole && takesFile(o)) {
				t.Errorf("only %d wrong requests were tried", h.tried)
			}
			v.unchanged(before, "a refused request")
			succeeds(t, v, o)
		})
	}
}

// hardening is the wrong requests to one operation.
type hardening struct {
	t     *testing.T
	v     *tenant
	o     op.Operation
	body  string
	tried int
}

func (h *hardening) path() string {
	names := map[string][]string{}
	for p, list := range h.v.names {
		names[p] = list[:1]
	}
	return "/v2" + pathsOf(h.t, h.o.Path, names)[0]
}

// outside tries what comes from the path and the query.
func (h *hardening) outside() {
	for _, f := range fieldsOf(h.o.In) {
		if name := f.Tag.Get("path"); name != "" {
			for _, value := range []string{"%00", "a%00b", "%ff", "%C3%28", strings.Repeat("9", 3000), "-1", "1.5", "0x10", "%F0%9D%9F%97"} {
				names := map[string][]string{name: {value}, "im/" + name: {value}}
				for p, list := range h.v.names {
					if names[p] == nil {
						names[p] = list[:1]
					}
				}
				h.refused("/v2"+pathsOf(h.t, h.o.Path, names)[0], h.body, "")
			}
		}
		if name := f.Tag.Get("query"); name != "" {
			values := []string{"%00", "a%00b", "%ff", "%C3%28"}
			if kind(f.Type) == "Int" {
				values = append(values, "abc", "1.5", "1e999", "-1", "99999999999999999999", "NaN", "%5B%5D")
			}
			if f.Tag.Get("enum") != "" {
				values = append(values, "no-such-word")
			}
			if limit, err := strconv.Atoi(f.Tag.Get("max")); err == nil && kind(f.Type) != "Int" {
				one := "x"
				if kind(f.Type) == "List" { // which counts its parts
					one = "x,"
				}
				values = append(values, strings.Repeat(one, limit+1))
			}
			for _, value := range values {
				h.refused(h.path()+"?"+name+"="+value, h.body, name)
			}
		}
	}
}

// kind names the wire type that a field holds.
func kind(t reflect.Type) string {
	name, _, generic := strings.Cut(t.Name(), "[")
	switch {
	case generic && name == "Optional" || name == "Row" && generic:
		return kind(t.Field(0).Type)
	case t.Kind() == reflect.Pointer:
		return kind(t.Elem())
	case name == "List" || name == "Object" || name == "String" || name == "Email" || name == "Int" || name == "Bool":
		return name
	case t.Kind() == reflect.Slice:
		return "slice"
	case t.Kind() == reflect.Struct:
		return "struct"
	}
	return name
}

// inner returns the struct that a slice or struct field holds.
func inner(t reflect.Type) reflect.Type {
	for {
		name, _, generic := strings.Cut(t.Name(), "[")
		switch {
		case generic && (name == "Optional" || name == "Row"):
			t = t.Field(0).Type
		case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
			t = t.Elem()
		default:
			return t
		}
	}
}

// wrong has JSON texts that a wire type must refuse.
var wrong = map[string][]string{
	"String": {`{}`, `[]`, `{"a":"b"}`, `["a"]`, `"a\u0000b"`, `"\ud800"`},
	"Email":  {`{}`, `[]`, `"a\u0000@x.test"`, `"no address"`, `"a@"`, `"a b@x.test"`, `"a@x.test,b@x.test"`, `"<a@x.test>"`, `"a@x..test"`, `"a@x.test\r\nBcc: b@x.test"`},
	"Int":    {`{}`, `[]`, `"abc"`, `true`, `1.5`, `1e999`, `-1e999`, `"1e999"`, `99999999999999999999`, `"0x"`, `"٣"`},
	"Bool":   {`{}`, `[]`, `"maybe"`, `2`, `-1`, `1e999`},
	"List":   {`{}`, `[{}]`, `[[]]`, `"a\u0000b"`, `["a\u0000b"]`},
	"Object": {`"x"`, `5`, `[]`, `true`},
	"struct": {`"x"`, `5`, `[]`, `true`},
	"slice":  {`"x"`, `5`, `{}`, `true`},
}

// naming are the operations whose emails, or ids, only name who is there.
var naming = []string{"meetingRegistrantStatus", "userAssistantCreate", "bulkUpdateFeature"}

// object tries each field of a struct that stands at the place in the body.
// told is how field errors name the place.
func (h *hardening) object(t reflect.Type, place []any, told string) {
	for _, f := range fieldsOf(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || name == "" {
			continue
		}
		at, field := append(append([]any(nil), place...), name), told+name
		k := kind(f.Type)
		if wrong[k] == nil {
			h.t.Fatalf("%s has the type %s, which no test knows: give it wrong values", field, f.Type)
		}
		for _, value := range append(wrong[k], h.byTags(f, k)...) {
			formless := k == "Email" && slices.Contains(naming, h.o.ID) // who is not there is not found [semantics 11.9]
			if formless && !strings.ContainsAny(value, "{[") && !strings.Contains(value, "u0000") && len(value) < 100 {
				continue
			}
			h.refused(h.path(), h.with(at, value), field)
		}
		if f.Tag.Get("rule") == "required" {
			h.refused(h.path(), h.with(at, `null`), field)
			if k == "String" || k == "Email" {
				h.refused(h.path(), h.with(at, `""`), field)
			}
		}
		switch k {
		case "struct":
			h.object(inner(f.Type), at, field+".")
		case "slice":
			h.elements(f, at, field)
		}
	}
}

// elements tries the elements of a list.
func (h *hardening) elements(f reflect.StructField, at []any, field string) {
	for _, value := range []string{`["x"]`, `[5]`, `[[]]`, `[true]`} {
		h.refused(h.path(), h.with(at, value), field)
	}
	if limit, err := strconv.Atoi(f.Tag.Get("max")); err == nil {
		one, err := json.Marshal(h.at(at)[0])
		if err != nil {
			h.t.Fatal(err)
		}
		many := strings.TrimSuffix(strings.Repeat(string(one)+",", limit+1), ",")
		h.refused(h.path(), h.with(at, "["+many+"]"), field)
	}
	h.object(inner(f.Type), append(at, 0), field+"[0].")
}

// byTags returns values that break the field's own rules.
func (h *hardening) byTags(f reflect.StructField, k string) []string {
	var values []string
	limit, err := strconv.Atoi(f.Tag.Get("max"))
	switch {
	case err != nil:
	case k == "String" || k == "Email":
		values = append(values, strconv.Quote(strings.Repeat("ü", limit+1)), strconv.Quote(strings.Repeat("x", 100_000)))
	case k == "Int":
		values = append(values, strconv.Itoa(limit+1), "-1")
	}
	if f.Tag.Get("enum") != "" && k == "Int" {
		values = append(values, "77")
	} else if f.Tag.Get("enum") != "" {
		values = append(values, `"no such word"`)
	}
	return values
}

// at returns the list at a place of the good body.
func (h *hardening) at(place []any) []any {
	var v any
	if err := json.Unmarshal([]byte(h.body), &v); err != nil {
		h.t.Fatal(err)
	}
	for _, p := range place {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			v = l[p]
		}
	}
	list, _ := v.([]any)
	if len(list) == 0 {
		h.t.Fatalf("the good body of %s has no list at %v: give it one in walk_test.go", h.o.ID, place)
	}
	return list
}

// with returns the good body with a raw JSON text at the place.
func (h *hardening) with(place []any, raw string) string {
	var v any
	if err := json.Unmarshal([]byte(h.body), &v); err != nil {
		h.t.Fatal(err)
	}
	const mark = "\"@@@\""
	put(v, place)
	b, err := json.Marshal(v)
	if err != nil {
		h.t.Fatal(err)
	}
	if !strings.Contains(string(b), mark) {
		h.t.Fatalf("the good body of %s has no place %v: give it one in walk_test.go", h.o.ID, place)
	}
	return strings.Replace(string(b), mark, raw, 1)
}

func put(v any, place []any) {
	switch at := v.(type) {
	case map[string]any:
		name, _ := place[0].(string)
		if len(place) == 1 {
			at[name] = "@@@"
			return
		}
		put(at[name], place[1:])
	case []any:
		put(at[place[0].(int)], place[1:])
	}
}

// refused sends a request that must be refused and, where it is for a field,
// that names the field.
func (h *hardening) refused(path, body, field string) {
	h.t.Helper()
	h.tried++
	a := h.v.s.As(h.v.token, h.o.Method, path, body)
	what := fmt.Sprintf("%s %.200s %.300s", h.o.Method, path, body)
	code := refusal(h.t, what, a)
	if field == "" {
		return
	}
	list, _ := a.JSON(h.t)["errors"].([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		if told := text(m["field"]); told == field || strings.HasPrefix(told, field+"[") || strings.HasPrefix(told, field+".") {
			return
		}
	}
	if a.Status != 400 || code != 300 || !strings.Contains(string(a.Body), "valid JSON object") {
		h.t.Errorf("%s: got %d %.300s, want 400 with code 300 about %s", what, a.Status, a.Body, field)
	}
}
