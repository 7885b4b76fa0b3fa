package settings

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	room := func(names ...any) map[string]any { return map[string]any{"rooms": names} }
	tests := map[string]struct{ base, change, want Doc }{
		"nothing with nothing":     {nil, nil, Doc{}},
		"a change of nothing":      {nil, Doc{"a": true}, Doc{"a": true}},
		"the change wins":          {Doc{"a": int64(1), "b": "x"}, Doc{"a": int64(2)}, Doc{"a": int64(2), "b": "x"}},
		"false and empty count":    {Doc{"a": true, "b": "x"}, Doc{"a": false, "b": ""}, Doc{"a": false, "b": ""}},
		"objects field by field":   {Doc{"o": map[string]any{"a": true, "b": true}}, Doc{"o": map[string]any{"b": false}}, Doc{"o": map[string]any{"a": true, "b": false}}},
		"lists as a whole":         {Doc{"o": room("a", "b")}, Doc{"o": room("c")}, Doc{"o": room("c")}},
		"an empty list is a value": {Doc{"o": room("a")}, Doc{"o": room()}, Doc{"o": map[string]any{"rooms": []any{}}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, change := Doc(cloneMap(tt.base)), Doc(cloneMap(tt.change))
			got := Merge(base, change)
			if !reflect.DeepEqual(normal(got), normal(tt.want)) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			spoil(got)
			if !reflect.DeepEqual(normal(base), normal(tt.base)) || !reflect.DeepEqual(normal(change), normal(tt.change)) {
				t.Errorf("a change of the result reached %v or %v", base, change)
			}
		})
	}
}

// normal makes nil and empty lists and documents alike.
func normal(d Doc) any {
	text, _ := json.Marshal(Doc(cloneMap(d))) // canonical values do not fail
	return string(text)
}

// spoil overwrites whatever can be reached from v.
func spoil(v any) {
	switch v := v.(type) {
	case Doc:
		spoil(map[string]any(v))
	case map[string]any:
		for name := range v {
			spoil(v[name])
			v[name] = "spoilt"
		}
	case []any:
		for i := range v {
			spoil(v[i])
			v[i] = "spoilt"
		}
	}
}

func TestAccessors(t *testing.T) {
	t.Parallel()
	d := Doc{"on": true, "n": int64(7), "s": "x", "o": map[string]any{"on": true, "n": int64(8), "o": map[string]any{"s": "y"}}}
	got := []any{d.Bool("on"), d.Bool("o.on"), d.Int("n"), d.Int("o.n"), d.String("s"), d.String("o.o.s")}
	want := []any{true, true, int64(7), int64(8), "x", "y"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, name := range []string{"", ".", "none", "on.on", "o.none", "o.o.s.x"} {
		if v, ok := d.Lookup(name); ok || d.Bool(name) || d.Int(name) != 0 || d.String(name) != "" {
			t.Errorf("%q: got %v, want nothing", name, v)
		}
	}
	if d.Bool("n") || d.Int("on") != 0 || d.String("o") != "" || Doc(nil).Bool("on") {
		t.Error("a value of another kind was converted")
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	d := Doc{"z": int64(1<<62 + 1), "a": true, "s": "<ü>", "l": []any{int64(1), map[string]any{"b": int64(2), "a": "x"}, []any{}}}
	text, err := json.Marshal(d)
	if want := `{"a":true,"l":[1,{"a":"x","b":2},[]],"s":"\u003cü\u003e","z":4611686018427387905}`; err != nil || string(text) != want {
		t.Fatalf("got %s, %v, want %s", text, err, want)
	}
	var read Doc
	if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read, d) {
		t.Errorf("got %v, %v, want %v", read, err, d)
	}
	if text, err := json.Marshal(Doc(nil)); err != nil || string(text) != "{}" {
		t.Errorf("nil: got %s, %v, want {}", text, err)
	}
	for _, text := range []string{"", "{}", "null", " {} "} {
		if d, err := FromJSON([]byte(text)); err != nil || d == nil || len(d) > 0 {
			t.Errorf("%q: got %v, %v, want an empty document", text, d, err)
		}
	}
	for _, text := range []string{"[]", "1", "{", "{}{}", "{} x", `{"a":1.5}`, `{"a":null}`, `{"a":[null]}`, `{"a":{"b":1e2}}`} {
		if d, err := FromJSON([]byte(text)); err == nil {
			t.Errorf("%q: got %v, want an error", text, d)
		}
	}
}
