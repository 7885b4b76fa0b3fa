package settings

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestMeetingReference compares the catalogue with the published descriptions,
// which lie beside the repository where Muster is developed and not in it.
// The newer one wins where they differ: then the catalogue holds the union.
func TestMeetingReference(t *testing.T) {
	t.Parallel()
	for name, strict := range map[string]bool{"zoom-meetings-2026-08.json": true, "zoom-meetings-2024-03.json": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../../../shared/reference/openapi/" + name)
			if os.IsNotExist(err) {
				t.Skip("no reference beside the repository")
			}
			if err != nil {
				t.Fatal(err)
			}
			r := reference{strict: strict}
			if err := json.Unmarshal(text, &r.root); err != nil {
				t.Fatal(err)
			}
			for what, path := range map[string][]string{
				"create":  {"paths", "/users/{userId}/meetings", "post", "requestBody"},
				"created": {"paths", "/users/{userId}/meetings", "post", "responses", "201"},
				"get":     {"paths", "/meetings/{meetingId}", "get", "responses", "200"},
				"update":  {"paths", "/meetings/{meetingId}", "patch", "requestBody"},
			} {
				body := r.at(r.root, append(path, "content", "application/json", "schema")...)
				settings, ok := r.properties(body)["settings"]
				if !ok {
					t.Fatalf("%s: no settings", what)
				}
				r.compare(t, what+" settings", Leaf{Kind: Object, Fields: Meeting}, settings)
			}
		})
	}
}

// A reference is an OpenAPI document.
type reference struct {
	root   any
	strict bool // enums are equal and stated defaults are ours
}

// at follows names from v, and references wherever it meets them.
func (r reference) at(v any, names ...string) map[string]any {
	m, _ := v.(map[string]any)
	for {
		ref, ok := m["$ref"].(string)
		if !ok {
			break
		}
		m = r.at(r.root, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	if len(names) == 0 {
		return m
	}
	return r.at(m[names[0]], names[1:]...)
}

// properties returns the properties of an object schema, allOf and all.
func (r reference) properties(v any) map[string]any {
	s := r.at(v)
	all := maps.Clone(r.at(s["properties"]))
	if all == nil {
		all = map[string]any{}
	}
	parts, _ := s["allOf"].([]any)
	for _, part := range parts {
		maps.Copy(all, r.properties(part))
	}
	return all
}

func (r reference) compare(t *testing.T, path string, l Leaf, v any) {
	t.Helper()
	want, properties := r.at(v), r.properties(v)
	text, err := json.Marshal(l.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	wantType := want["type"]
	if len(properties) > 0 {
		wantType = "object"
	}
	if got["type"] != wantType {
		t.Errorf("%s: type %v, want %v", path, got["type"], wantType)
	}
	for _, key := range []string{"enum", "format", "minLength", "maxLength", "minimum", "minItems", "maxItems", "required", "deprecated", "default"} {
		theirs, stated := want[key]
		if stated && (key != "enum" && key != "default" || r.strict) && !reflect.DeepEqual(got[key], theirs) && !optional(path, key) {
			t.Errorf("%s: %s %v, want %v", path, key, got[key], theirs)
		}
	}
	if item, ok := want["items"]; ok && l.Item != nil {
		r.compare(t, path+"[]", *l.Item, item)
	}
	for name, p := range properties {
		at := slices.IndexFunc(l.Fields, func(f Leaf) bool { return f.Name == name })
		if at < 0 {
			t.Errorf("%s.%s is not in the catalogue", path, name)
			continue
		}
		r.compare(t, path+"."+name, l.Fields[at], p)
	}
}

// optional reports whether key is a default that we leave out: of a field that
// must be given anyway, and of one that is answered and not stored.
func optional(path, key string) bool {
	return key == "default" && (strings.HasSuffix(path, "video_management.enable") || strings.HasSuffix(path, "[].internal_user"))
}
