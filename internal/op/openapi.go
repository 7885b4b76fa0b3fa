package op

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A Description is what an OpenAPI document says beyond the declarations of
// the operations.
type Description struct {
	Title, Version string
	About          string   // a paragraph on the whole API, "" for none
	Servers        []Server // one for each prefix that the operations are mounted under
	TokenURL       string   // where clients fetch tokens
	TokenAbout     string   // how a token is asked for; may be ""
	Operations     []Operation
	JSONOnly       bool // no forms, see Dialect.TakesForms

	Error   map[string]any            // the schema of a failure's body
	Schemas map[string]map[string]any // what the tag schema may name

	// Answer says how the dialect tells the failure of a code of
	// Spec.Refuses. Status 0 means that it does not know the code.
	Answer func(code string) Failure
	// Common lists what an operation may answer beyond its Spec.Refuses. It
	// may be nil.
	Common func(*Spec) []Failure
}

// A Server is a base URL, perhaps with {variables}.
type Server struct {
	URL, About string
	Variables  map[string]string // the default of each variable
}

// A Failure is an Answer with a sentence on when it is given.
type Failure struct {
	Answer
	Text string
}

// Document returns an OpenAPI 3.1 document, indented, in the order of the
// operations. Equal descriptions give equal documents. It fails where the
// declarations contradict each other or name what d does not have.
//
// Of the fields' tags it reads those that decode an input and
//
//	doc:"…"             a sentence on the field
//	example:"…"         a value: text as it is, all else as JSON
//	format:"date-time"  the format of its text
//	schema:"Name"       its schema is that of Schemas; of a slice, its elements' is
//	ours:"true"         an extension that the original does not have
//
// In outputs what is tagged omitzero or omitempty may be missing.
func Document(d Description) ([]byte, error) {
	w := &describer{Description: d, types: newTypes(d.Schemas), seen: map[string]string{}}
	doc := document{
		OpenAPI: "3.1.0",
		Info:    docInfo{d.Title, d.Version, d.About},
	}
	for _, s := range d.Servers {
		doc.Servers = append(doc.Servers, w.server(s))
	}
	groups := make([]docTag, 0)
	for _, o := range d.Operations {
		if tag := (docTag{o.Group}); !slices.Contains(groups, tag) {
			groups = append(groups, tag)
		}
		w.path(&doc.Paths, o)
	}
	doc.Tags = groups
	doc.Components = w.components()
	if err := errors.Join(append(w.errs, w.types.errs...)...); err != nil {
		return nil, fmt.Errorf("describe %s: %w", d.Title, err)
	}
	b, err := json.Marshal(doc, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("describe %s: %w", d.Title, err)
	}
	return append(b, '\n'), nil
}

type document struct {
	OpenAPI    string                         `json:"openapi"`
	Info       docInfo                        `json:"info"`
	Servers    []docServer                    `json:"servers,omitzero"`
	Tags       []docTag                       `json:"tags"`
	Paths      ordered[ordered[docOperation]] `json:"paths"`
	Components docComponents                  `json:"components"`
}

type docInfo struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description,omitzero"`
}

type docServer struct {
	URL         string                 `json:"url"`
	Description string                 `json:"description,omitzero"`
	Variables   map[string]docVariable `json:"variables,omitzero"`
}

type docVariable struct {
	Default string `json:"default"`
}

type docTag struct {
	Name string `json:"name"`
}

type docOperation struct {
	OperationID string                `json:"operationId"`
	Tags        []string              `json:"tags"`
	Summary     string                `json:"summary"`
	Ours        bool                  `json:"x-muster-extension,omitzero"`
	Rate        Rate                  `json:"x-rate-limit-label,omitzero"`
	Security    []map[string][]string `json:"security"`
	Parameters  []docParameter        `json:"parameters,omitzero"`
	RequestBody *docBody              `json:"requestBody,omitzero"`
	Responses   ordered[docResponse]  `json:"responses"`
}

type docParameter struct {
	Ref         string  `json:"$ref,omitzero"`
	Name        string  `json:"name,omitzero"`
	In          string  `json:"in,omitzero"`
	Description string  `json:"description,omitzero"`
	Required    bool    `json:"required,omitzero"`
	Style       string  `json:"style,omitzero"`
	Explode     *bool   `json:"explode,omitzero"`
	Ours        bool    `json:"x-muster-extension,omitzero"`
	Schema      *schema `json:"schema,omitzero"`
}

type docBody struct {
	Required bool              `json:"required,omitzero"`
	Content  ordered[docMedia] `json:"content"`
}

type docMedia struct {
	Schema   *schema              `json:"schema"`
	Encoding ordered[docEncoding] `json:"encoding,omitzero"`
}

type docEncoding struct {
	ContentType string `json:"contentType"`
}

type docResponse struct {
	Description string            `json:"description"`
	Codes       []docCode         `json:"x-error-codes,omitzero"`
	Content     ordered[docMedia] `json:"content,omitzero"`
}

// A docCode is one of the dialect's own codes under one HTTP status.
type docCode struct {
	Code    int    `json:"code,omitzero"` // a dialect may have none
	Message string `json:"message"`
}

type docComponents struct {
	Schemas         map[string]any            `json:"schemas"`
	Parameters      map[string]docParameter   `json:"parameters,omitzero"`
	SecuritySchemes ordered[docSecurityOAuth] `json:"securitySchemes,omitzero"`
}

type docSecurityOAuth struct {
	Type        string              `json:"type"`
	Description string              `json:"description,omitempty"`
	Flows       map[string]docOAuth `json:"flows"`
}

type docOAuth struct {
	TokenURL string            `json:"tokenUrl"`
	Scopes   map[string]string `json:"scopes"`
}

// ordered is a JSON object whose members keep their order.
type ordered[T any] []member[T]

type member[T any] struct {
	name  string
	value T
}

// at returns the value of a member, which it appends if there is none. The
// pointer holds until the next append.
func (o *ordered[T]) at(name string) *T {
	i := slices.IndexFunc(*o, func(m member[T]) bool { return m.name == name })
	if i < 0 {
		i = len(*o)
		*o = append(*o, member[T]{name: name})
	}
	return &(*o)[i].value
}

// MarshalJSONTo implements json.MarshalerTo.
func (o ordered[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range o {
		if err := enc.WriteToken(jsontext.String(m.name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, m.value); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

// placeholders returns the names in braces of a path or URL.
func placeholders(path string) []string {
	var names []string
	for part := range strings.SplitSeq(path, "{") {
		if name, _, ok := strings.Cut(part, "}"); ok {
			names = append(names, strings.TrimSuffix(name, "..."))
		}
	}
	return names
}
