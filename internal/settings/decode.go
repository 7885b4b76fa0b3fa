package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"muster/internal/muster"
)

// maxProblems bounds how many problems one decoding tells of: a body of a few
// megabytes could hold a million.
const maxProblems = 100

// Decode returns what in, a JSON object as encoding/json decodes it, sets of
// c, and what is wrong with it: at most 100 problems, in the order of c, with
// fields named below prefix ("settings.jbh_time"; without prefix "jbh_time").
// What has a problem is not in the document, a list as a whole. The document
// shares nothing with in. Decoding a document gives the same document.
//
// It is lenient as the clients of the Zoom API need it: booleans and numbers
// may be texts, and texts may be either. null, an object that says nothing,
// and an empty text for anything but a String without Enum are not given.
// Unknown and read-only fields are ignored, as the original does.
func (c Catalogue) Decode(prefix string, in map[string]any) (Doc, []muster.Problem) {
	var d decoder
	doc := d.object(c, prefix, in)
	return doc, d.problems
}

type decoder struct {
	unknown  string // the rule that unknown fields of items break; "": they are ignored, and items that say nothing too
	problems []muster.Problem
	failed   int // how many problems there were, those not told included
}

// refuse records a problem and returns what a refused value decodes to.
func (d *decoder) refuse(field, rule string, args ...any) any {
	d.failed++
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, muster.Problem{Field: field, Rule: fmt.Sprintf(rule, args...)})
	}
	return nil
}

func (d *decoder) object(c Catalogue, field string, in map[string]any) map[string]any {
	out := map[string]any{}
	if field != "" {
		field += "."
	}
	if d.unknown != "" {
		for _, name := range slices.Sorted(maps.Keys(in)) {
			if !slices.ContainsFunc(c, func(l Leaf) bool { return l.Name == name }) {
				d.refuse(field+name, "%s", d.unknown)
			}
		}
	}
	var missing []string
	for _, l := range c {
		if l.ReadOnly {
			continue
		}
		failed := d.failed
		if v := d.value(&l, field+l.Name, in[l.Name]); v != nil {
			out[l.Name] = v
		} else if l.Required && d.failed == failed {
			missing = append(missing, l.Name)
		}
	}
	if len(out) > 0 {
		for _, name := range missing {
			d.refuse(field+name, "must be given")
		}
	}
	return out
}

// value returns v as what l asks for, nil if it is not given or refused.
func (d *decoder) value(l *Leaf, field string, v any) any {
	if v == nil || v == "" && (l.Kind != String || l.Enum != nil) {
		return nil
	}
	switch l.Kind {
	case Bool:
		if b, ok := toBool(v); ok {
			return b
		}
		return d.refuse(field, "must be true or false")
	case Int:
		return d.integer(l, field, v)
	case String, Email:
		return d.text(l, field, v)
	case List:
		return d.list(l, field, v)
	case Object:
		m, ok := v.(map[string]any)
		if !ok {
			return d.refuse(field, "must be an object")
		}
		if m = d.object(l.Fields, field, m); len(m) > 0 {
			return m
		}
	}
	return nil
}

func (d *decoder) integer(l *Leaf, field string, v any) any {
	n, ok := toInt(v)
	switch {
	case l.Enum != nil && (!ok || !slices.Contains(l.Enum, any(n))):
		return d.refuse(field, "must be one of %s", choices(l.Enum))
	case !ok:
		return d.refuse(field, "must be a whole number")
	case l.Max != 0 && (n < l.Min || n > l.Max):
		return d.refuse(field, "must be from %d to %d", l.Min, l.Max)
	}
	return n
}

func (d *decoder) text(l *Leaf, field string, v any) any {
	s, ok := toText(v)
	if l.Kind == Email {
		s = strings.TrimSpace(s)
	}
	length := int64(utf8.RuneCountInString(s))
	switch {
	case l.Enum != nil && (!ok || !slices.Contains(l.Enum, any(s))):
		return d.refuse(field, "must be one of %s", choices(l.Enum))
	case !ok:
		return d.refuse(field, "must be a text")
	case !utf8.ValidString(s) || strings.Contains(s, "\x00"):
		return d.refuse(field, "must be a text in UTF-8 without the character U+0000")
	case l.Max != 0 && length > l.Max:
		return d.refuse(field, "must be at most %d characters long", l.Max)
	case l.Max != 0 && length < l.Min:
		return d.refuse(field, "must be at least %d characters long", l.Min)
	case l.Kind == Email:
		if rule := muster.CheckEmail(s); rule != "" {
			return d.refuse(field, "%s", rule)
		}
	}
	return s
}

// list returns v as the list that l asks for. A list is set as a whole, so
// that one bad item spoils it.
func (d *decoder) list(l *Leaf, field string, v any) any {
	items, ok := v.([]any)
	if s, isText := v.(string); isText && l.Split {
		items, ok = split(s), true
	}
	if !ok {
		return d.refuse(field, "must be a list")
	}
	failed := d.failed
	out := make([]any, 0, len(items))
	for i, item := range items {
		if l.Split && item == "" {
			continue
		}
		at, told := field+"["+strconv.Itoa(i)+"]", d.failed
		item = d.value(l.Item, at, item)
		if item == nil && d.failed == told && d.unknown != "" {
			d.refuse(at, "must say something")
		}
		if fields, ok := item.(map[string]any); ok {
			item = map[string]any(Merge(l.Item.Fields.Defaults(), fields))
		}
		if item != nil {
			out = append(out, item)
		}
	}
	switch n := int64(len(out)); {
	case d.failed > failed:
		return nil
	case l.Max != 0 && n > l.Max:
		return d.refuse(field, "must have at most %d items", l.Max)
	case l.Max != 0 && n < l.Min:
		return d.refuse(field, "must have at least %d item(s)", l.Min)
	}
	return out
}

// split returns the parts of s between commas and semicolons, without the
// space around them and without empty ones.
func split(s string) []any {
	var parts []any
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func toBool(v any) (b, ok bool) {
	if b, ok = v.(bool); ok {
		return b, true
	}
	s, _ := toText(v)
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	default:
		return false, false
	}
}

func toInt(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		// Both bounds are floats; the upper one is the first that does not fit.
		ok := v == math.Trunc(v) && v >= -1<<63 && v < 1<<63
		if !ok {
			return 0, false
		}
		return int64(v), true
	case json.Number:
		return toInt(string(v))
	case string:
		v = strings.TrimSpace(v)
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, true
		}
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return 0, false
		}
		return toInt(f)
	default:
		return 0, false
	}
}

func toText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		if math.Abs(v) < 1e21 { // from there on JSON writes exponents too
			return strconv.FormatFloat(v, 'f', -1, 64), true
		}
		return strconv.FormatFloat(v, 'g', -1, 64), true
	default:
		return "", false
	}
}

func choices(enum []any) string {
	names := make([]string, len(enum))
	for i, v := range enum {
		names[i] = fmt.Sprint(v)
	}
	return strings.Join(names, ", ")
}
