package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// A document is what we read of one of the server's OpenAPI documents.
type document struct {
	*dialect `json:"-"`

	Paths      map[string]map[string]*operation
	Components struct {
		Schemas    map[string]*schema
		Parameters map[string]*parameter
	}

	operations []*operation // in one order
}

type operation struct {
	OperationID string
	Parameters  []*parameter
	RequestBody struct{ Content map[string]content }
	Responses   map[string]*response

	method, path string
}

type parameter struct {
	Ref      string `json:"$ref"`
	Name, In string
	Schema   *schema
}

type content struct{ Schema *schema }

type response struct {
	Content map[string]content
	Codes   []struct{ Code int } `json:"x-error-codes"`
}

type schema struct {
	Ref                                   string    `json:"$ref"`
	AnyOf                                 []*schema // a body that may be an array
	Type, Format                          string
	Enum                                  []any
	Minimum, Maximum, MaxLength, MaxItems int64
	Items                                 *schema
	Properties                            map[string]*schema
	Required                              []string
	name                                  string   // of the property or parameter
	order                                 []string // of the properties
}

func readDocument(t *testing.T, s *mustertest.Server, of *dialect) *document {
	t.Helper()
	a := s.Send("GET", "/openapi/"+of.name+".json", "")
	d := &document{dialect: of}
	if err := json.Unmarshal(a.Body, d); err != nil {
		t.Fatalf("the document: %v", err)
	}
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			o := d.Paths[path][method]
			o.method, o.path = strings.ToUpper(method), path
			for i, p := range o.Parameters {
				if p.Ref != "" {
					o.Parameters[i] = d.Components.Parameters[p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]]
				}
				o.Parameters[i].Schema.name = o.Parameters[i].Name
			}
			d.operations = append(d.operations, o)
		}
	}
	for _, c := range d.Components.Schemas {
		c.settle("")
	}
	if len(d.operations) < of.least {
		t.Fatalf("the document of %s has %d operations, want %d at least", of.name, len(d.operations), of.least)
	}
	return d
}

// settle names the properties and puts them in one order.
func (s *schema) settle(name string) {
	s.name = name
	s.order = slices.Sorted(maps.Keys(s.Properties))
	for _, p := range s.order {
		s.Properties[p].settle(p)
	}
	if s.Items != nil {
		s.Items.settle(name)
	}
	for _, one := range s.AnyOf {
		one.settle(name)
	}
}

// A dialect is how requests and answers differ between the documents.
type dialect struct {
	name     string
	least    int // of operations
	prefixes []string
	tracking string // the header that every answer has
	jsonOnly bool   // no forms
	envelope func(*answer) (code int, wrong string)
}

var (
	zoomDialect = &dialect{
		name: "zoom", least: 19, prefixes: []string{"/v2", "/v2", "/v2/accounts/{accountId}", "/accounts/{accountId}"}, tracking: "X-Zm-Trackingid", envelope: zoomEnvelope,
	}
	webexDialect = &dialect{name: "webex", least: 16, prefixes: []string{"/v1"}, tracking: "Trackingid", jsonOnly: true, envelope: webexEnvelope}
)

// has tells whether the dialect has an operation.
func (d *document) has(id string) bool { return d.find(id) != nil }

func (d *document) find(id string) *operation {
	for _, o := range d.operations {
		if o.OperationID == id {
			return o
		}
	}
	return nil
}

// resolve follows a reference. The name stays that of where it stands.
func (d *document) resolve(s *schema) *schema {
	if s.Ref == "" {
		return s
	}
	to := *d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	to.name = s.name
	return &to
}

// body returns the schema of o's body, nil for none.
func (d *document) body(o *operation) *schema {
	c, ok := o.RequestBody.Content["application/json"]
	if !ok {
		c, ok = o.RequestBody.Content["multipart/form-data"]
	}
	if !ok {
		return nil
	}
	return d.resolve(c.Schema)
}

// unlike says where v, decoded with UseNumber, is not what the schema says, ""
// for nowhere.
func (d *document) unlike(s *schema, v any, at string) string {
	s = d.resolve(s)
	wrong := func(want string) string { return fmt.Sprintf("%s is %.100v (%T), documented is %s", at, v, v, want) }
	switch s.Type {
	case "object":
		object, ok := v.(map[string]any)
		if !ok {
			return wrong("an object")
		}
		for _, name := range s.Required {
			if _, ok := object[name]; !ok {
				return wrong("the member " + name)
			}
		}
		for name, value := range object {
			p, ok := s.Properties[name]
			if !ok && s.Properties != nil {
				return wrong("no member " + name)
			} else if !ok {
				continue
			}
			if told := d.unlike(p, value, at+"."+name); told != "" {
				return told
			}
		}
	case "array":
		list, ok := v.([]any)
		if !ok {
			return wrong("an array")
		}
		for i, value := range list {
			if told := d.unlike(s.Items, value, at+"["+strconv.Itoa(i)+"]"); told != "" {
				return told
			}
		}
	case "string":
		if _, ok := v.(string); !ok {
			return wrong("a string")
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return wrong("a boolean")
		}
	case "integer":
		n, ok := v.(json.Number)
		if !ok {
			return wrong("an integer")
		}
		if _, err := n.Int64(); err != nil {
			return wrong("an integer")
		}
	}
	return ""
}

// documents reports whether o's documentation has this answer.
func (o *operation) documents(status, code int) bool {
	r, ok := o.Responses[strconv.Itoa(status)]
	return ok && (code == 0 || slices.ContainsFunc(r.Codes, func(c struct{ Code int }) bool { return c.Code == code }))
}
