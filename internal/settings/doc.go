package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A Doc is a sparse document of settings by name. Its values are canonical:
// bool, int64, string, []any and map[string]any, never nil. A nil Doc is an
// empty one.
type Doc map[string]any

// Lookup returns the value of a dotted name such as "breakout_room.enable".
// The value is part of d and must not be changed.
func (d Doc) Lookup(name string) (any, bool) {
	first, rest, nested := strings.Cut(name, ".")
	v, ok := d[first]
	if !nested {
		return v, ok
	}
	fields, _ := v.(map[string]any)
	return Doc(fields).Lookup(rest)
}

// Bool returns the value of a dotted name, false where it is absent.
func (d Doc) Bool(name string) bool {
	v, _ := d.Lookup(name)
	b, _ := v.(bool)
	return b
}

// Int returns the value of a dotted name, 0 where it is absent.
func (d Doc) Int(name string) int64 {
	v, _ := d.Lookup(name)
	n, _ := v.(int64)
	return n
}

// String returns the value of a dotted name, "" where it is absent.
func (d Doc) String(name string) string {
	v, _ := d.Lookup(name)
	s, _ := v.(string)
	return s
}

// Merge returns a new document of base with change over it: objects field by
// field, everything else, lists too, as a whole. It shares nothing with either.
func Merge(base, change Doc) Doc {
	merged := Doc(cloneMap(base))
	for name, v := range change {
		over, ok := v.(map[string]any)
		under, both := merged[name].(map[string]any)
		if ok && both {
			merged[name] = map[string]any(Merge(under, over))
			continue
		}
		merged[name] = clone(v)
	}
	return merged
}

func clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return cloneMap(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = clone(v[i])
		}
		return list
	default:
		return v
	}
}

func cloneMap(m map[string]any) map[string]any {
	c := make(map[string]any, len(m))
	for name, v := range m {
		c[name] = clone(v)
	}
	return c
}

// MarshalJSON returns d as a JSON object, equal documents as equal texts
// whatever library asks. A nil Doc is {}.
func (d Doc) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(map[string]any(d))
}

// UnmarshalJSON sets d as FromJSON does.
func (d *Doc) UnmarshalJSON(text []byte) error {
	read, err := FromJSON(text)
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// FromJSON returns the document that MarshalJSON wrote, with int64 for its
// numbers. No text at all is an empty document. It is for what Muster stored:
// requests go through Catalogue.Decode.
func FromJSON(text []byte) (Doc, error) {
	doc := Doc{}
	if len(text) == 0 {
		return doc, nil
	}
	var raw map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil {
		return nil, fmt.Errorf("settings: read document: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("settings: read document: more than one JSON value")
	}
	for name, v := range raw {
		value, err := canonical(v)
		if err != nil {
			return nil, fmt.Errorf("settings: read document: %s: %w", name, err)
		}
		doc[name] = value
	}
	return doc, nil
}

// canonical turns the numbers in v, which it may change, into int64.
func canonical(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case nil:
		return nil, errors.New("null is no value")
	case json.Number:
		return v.Int64()
	case []any:
		for i := range v {
			if v[i], err = canonical(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for name := range v {
			if v[name], err = canonical(v[name]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
