package apidocs

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// taste is how many fields stand for all of an object that has a
// section of its own.
const taste = 3

// part tells a body: its fields, or where they are told.
func (d *document) part(s *schema) *part {
	_, target, _ := d.resolve(s)
	name, elem := d.element(s)
	p := &part{Kind: d.kind(target)}
	if d.shared[name] {
		p.Object = name
		return p
	}
	p.Fields = d.rows(elem, 0, []string{name})
	return p
}

// answer tells a body that the server sends, with an example.
func (d *document) answer(s *schema) *part {
	p := d.part(s)
	p.Example = spell(d.whole("", s), jsontext.WithIndent("  "))
	for i := range p.Fields {
		f := &p.Fields[i]
		f.Missing, f.Required = !f.Required, false
	}
	return p
}

// brief spells an object with the fields that are required, or with the
// first two where none is.
func (d *document) brief(s *schema) string {
	_, target, _ := d.resolve(s)
	out := ordered[any]{}
	for _, p := range target.Properties {
		if slices.Contains(target.Required, p.Name) {
			out = append(out, member[any]{p.Name, d.made(p.Name, p.Value, nil, needed)})
		}
	}
	for _, p := range target.Properties[:min(2, len(target.Properties))] {
		if len(target.Required) == 0 {
			out = append(out, member[any]{p.Name, d.value(p.Name, p.Value, nil)})
		}
	}
	return spell(out, jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true))
}

func spell(v any, how ...json.Options) string {
	b, err := json.Marshal(v, append(how, json.Deterministic(true))...)
	if err != nil {
		return "{}" // what came out of a document goes into one
	}
	return string(b)
}

// A pick says whether a field belongs in an example.
type pick func(s *schema, i int, name string) bool

func all(*schema, int, string) bool { return true }

func first(_ *schema, i int, _ string) bool { return i < taste }

func needed(s *schema, i int, name string) bool {
	return slices.Contains(s.Required, name) || len(s.Required) == 0 && i < 1
}

// whole is like value, but the object itself may have a section of its own.
func (d *document) whole(name string, s *schema) any {
	_, target, _ := d.resolve(s)
	if len(target.Properties) > 0 {
		return d.object(target, nil, all)
	}
	return d.value(name, s, nil)
}

// value makes up a value of s, which stands under name. trail has the
// schemas that lead here.
func (d *document) value(name string, s *schema, trail []*schema) any {
	schema, _, _ := d.resolve(s)
	pick := all
	if d.shared[schema] {
		pick = first
	}
	return d.made(name, s, trail, pick)
}

// made is like value, with the fields that pick chooses.
func (d *document) made(name string, s *schema, trail []*schema, pick pick) any {
	_, target, null := d.resolve(s)
	if s != nil && len(s.Examples) > 0 {
		return s.Examples[0]
	}
	kind, _ := target.Type.(string)
	if kinds, ok := target.Type.([]any); ok {
		kind, _ = kinds[0].(string)
	}
	switch {
	case slices.Contains(trail, target):
		if null {
			return nil
		}
		return ordered[any]{}
	case len(target.Examples) > 0:
		return target.Examples[0]
	case target.Default != nil:
		return target.Default
	case len(target.Enum) > 0:
		return target.Enum[0]
	case kind == "array":
		if _, elem := d.element(target); slices.Contains(trail, elem) {
			return []any{}
		}
		return []any{d.made(strings.TrimSuffix(name, "s"), target.Items, trail, pick)}
	case kind == "object":
		return d.object(target, trail, pick)
	}
	return scalar(name, kind, target)
}

func (d *document) object(s *schema, trail []*schema, pick pick) any {
	out := ordered[any]{}
	trail = append(slices.Clip(trail), s)
	for i, p := range s.Properties {
		if !pick(s, i, p.Name) {
			continue
		}
		schema, elem := d.element(p.Value)
		if slices.Contains(trail, elem) && !slices.Contains(s.Required, p.Name) {
			continue
		}
		inner := pick
		if d.shared[schema] {
			inner = first
		}
		out = append(out, member[any]{p.Name, d.made(p.Name, p.Value, trail, inner)})
	}
	return out
}

func scalar(name, kind string, s *schema) any {
	switch kind {
	case "integer":
		switch {
		case s.Minimum != nil && *s.Minimum > 0:
			return *s.Minimum
		case s.Format == "int64":
			return int64(91234567890)
		}
		return 1
	case "number":
		return 1.5
	case "boolean":
		return true
	case "string":
		return text(name, s)
	}
	return ordered[any]{}
}

func text(name string, s *schema) string {
	switch {
	case s.Format == "date-time":
		return "2026-03-02T09:00:00Z"
	case s.Format == "date":
		return "2026-03-02"
	case s.Format == "email" || strings.HasSuffix(name, "email"):
		return "ada@example.com"
	case s.Format == "uri" || strings.HasSuffix(name, "url"):
		return "https://muster.example/" + strings.TrimSuffix(name, "_url")
	case strings.HasSuffix(strings.ToLower(name), "id"):
		return "kU3vQ7xSTbmRzq1w"
	case name == "next_page_token":
		return ""
	case name == "":
		return "text"
	}
	return strings.ReplaceAll(name, "_", " ")
}
