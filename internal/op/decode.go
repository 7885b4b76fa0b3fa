package op

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	// MaxBody is how long a request body may be.
	MaxBody = 1 << 20
	// trustedBody is how much memory a client gets for the mere announcement of a body.
	trustedBody = 64 << 10
	// drainBody is how much more of a longer one is read and dropped, so that
	// the client gets to see the answer.
	drainBody = 3 << 20
	maxKey    = 255
)

// A BadRequest is a request whose form is wrong, before any rule of the
// domain is asked.
type BadRequest struct {
	Status   int    // 400, 413 or 415
	Message  string // what is wrong with the whole, "" where Problems tell
	Problems []Problem
}

// A Problem is one field that breaks one rule: a dotted path and a sentence
// that says what is asked for.
type Problem struct{ Field, Rule string }

func (b *BadRequest) Error() string { return fmt.Sprintf("bad request: %s %v", b.Message, b.Problems) }

// Invalid returns a BadRequest about one field.
func Invalid(field, rule string) *BadRequest {
	return &BadRequest{Status: http.StatusBadRequest, Problems: []Problem{{field, rule}}}
}

// errCutOff is answered to a body that did not arrive whole. Nobody reads it.
var errCutOff = &BadRequest{Status: http.StatusBadRequest, Message: "The request body did not arrive whole."}

// decode fills in from the body, the path, the query and the headers, then
// asks the rules of its tags and its Validate method. What a file takes is
// files', and in's as long as files has it.
func (o Operation) decode(w http.ResponseWriter, r *http.Request, in reflect.Value, forms bool, files *share) error {
	if o.input.file != nil {
		if err := o.decodeUpload(w, r, in, files); err != nil {
			return err
		}
	} else if o.input.hasBody && r.Method != http.MethodGet && r.Method != http.MethodHead {
		body, err := readBody(w, r, MaxBody)
		if err != nil {
			return err
		}
		if forms {
			body, err = o.asJSON(r, body)
		} else {
			err = onlyJSON(r, body)
		}
		if err != nil {
			return err
		}
		if err := unmarshal(o.input.unbared(body), in.Interface()); err != nil {
			return err
		}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil { // to pass over a part could turn "delete one date" into "delete all"
		return &BadRequest{Status: http.StatusBadRequest, Message: "The query should be urlencoded: name=value, with & between."}
	}
	problems := o.input.bind(r, query, in.Elem())
	problems = append(problems, o.input.check(in.Elem(), "")...)
	if e, ok := in.Interface().(interface{ Excuse([]Problem) []Problem }); ok {
		problems = e.Excuse(problems)
	}
	if len(problems) > 0 {
		return &BadRequest{Status: http.StatusBadRequest, Problems: problems}
	}
	if v, ok := in.Interface().(interface{ Validate() error }); ok {
		return v.Validate()
	}
	return nil
}

func readBody(w http.ResponseWriter, r *http.Request, longest int64) ([]byte, error) {
	var b bytes.Buffer
	if n := r.ContentLength; n > 0 { // what the client says it will send, believed up to a point
		b.Grow(int(min(n, trustedBody)) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(io.LimitReader(r.Body, longest+1)); err != nil {
		return nil, errCutOff
	}
	if int64(b.Len()) <= longest {
		return b.Bytes(), nil
	}
	drain(w, r, drainBody)
	return nil, tooLong(longest)
}

// unbared returns an array as the member of an object that it stands for,
// where o has such a one.
func (o *object) unbared(body []byte) []byte {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if o.bare == "" || len(trimmed) == 0 || trimmed[0] != '[' {
		return body
	}
	return slices.Concat([]byte(`{"`+o.bare+`":`), trimmed, []byte("}"))
}

// onlyJSON returns 415 unless the body says that it is JSON, or is none.
func onlyJSON(r *http.Request, body []byte) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && isJSON(kind) || r.Header.Get("Content-Type") == "" && len(body) == 0 {
		return nil
	}
	return &BadRequest{Status: http.StatusUnsupportedMediaType, Message: "The Content-Type must be application/json."}
}

func isJSON(kind string) bool {
	return kind == "application/json" || kind == "text/json" || strings.HasSuffix(kind, "+json")
}

// asJSON turns a body of any media type that we take into a JSON object. No
// type is taken as JSON, and so is a form that is none: a JSON object sent
// under the type that curl -d gives it.
func (o Operation) asJSON(r *http.Request, body []byte) ([]byte, error) {
	header := r.Header.Get("Content-Type")
	kind, params, err := mime.ParseMediaType(header)
	switch {
	case header == "" || err == nil && isJSON(kind):
		return body, nil
	case err == nil && kind == "application/x-www-form-urlencoded":
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
			return body, nil
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, &BadRequest{Status: http.StatusBadRequest, Message: "The request body should be a valid urlencoded form."}
		}
		return o.input.formObject(form)
	case err == nil && kind == "multipart/form-data" && params["boundary"] != "":
		form, err := readMultipart(body, params["boundary"])
		if err != nil {
			return nil, &BadRequest{Status: http.StatusBadRequest, Message: "The request body should be a valid multipart form."}
		}
		return o.input.formObject(form)
	}
	return nil, &BadRequest{
		Status:  http.StatusUnsupportedMediaType,
		Message: "The Content-Type must be application/json, multipart/form-data (with a boundary) or application/x-www-form-urlencoded.",
	}
}

func readMultipart(body []byte, boundary string) (url.Values, error) {
	form := url.Values{}
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return form, nil
		} else if err != nil {
			return nil, err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		form.Add(part.FormName(), string(value))
	}
}

// formObject writes the fields of a form that o knows as a JSON object: what
// is a list or an object comes as JSON text, all else as a string.
func (o *object) formObject(form url.Values) ([]byte, error) {
	obj := map[string]any{}
	for _, f := range o.fields {
		if !form.Has(f.name) || !f.body || f.kind == fileType {
			continue
		}
		text := form.Get(f.name)
		if !f.structured() {
			obj[f.name] = text
			continue
		}
		text = unglue(text, f.name, form)
		if text == "" {
			continue
		}
		if f.list && !strings.HasPrefix(text, "[") {
			obj[f.name] = text
			continue
		}
		if !jsontext.Value(text).IsValid() {
			return nil, Invalid(f.name, "must be a JSON "+f.jsonKind()+" as text")
		}
		obj[f.name] = jsontext.Value(text)
	}
	for name := range form {
		if _, known := obj[name]; o.rest && !known {
			obj[name] = form.Get(name)
			if text := jsontext.Value(form.Get(name)); text.IsValid() {
				obj[name] = text
			}
		}
	}
	b, err := json.Marshal(obj)
	if err != nil {
		return nil, &BadRequest{Status: http.StatusBadRequest, Message: "The form's values must be valid UTF-8."}
	}
	return b, nil
}

// unglue drops the value of another field of the form from the front of an
// array's text: published samples glue them (registrants=true[{…}]).
func unglue(text, name string, form url.Values) string {
	text = strings.TrimSpace(text)
	for other, values := range form {
		if rest, ok := strings.CutPrefix(text, values[0]); ok && other != name && values[0] != "" && strings.HasPrefix(rest, "[") {
			return rest
		}
	}
	return text
}

// unmarshal decodes a JSON object. An empty body is an object without members.
func unmarshal(body []byte, in any) error {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 {
		return nil
	}
	if trimmed[0] != '{' {
		return notAnObject("")
	}
	err := json.Unmarshal(body, in)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		return Invalid(dotted(e.JSONPointer), rule(e))
	}
	return notAnObject(syntax(err))
}

func notAnObject(why string) *BadRequest {
	return &BadRequest{Status: http.StatusBadRequest, Message: "Request body should be a valid JSON object" + why + "."}
}

// syntax says where a body stops being JSON.
func syntax(err error) string {
	e, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case !ok:
		return ""
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Sprintf(": the name %.100q stands twice", e.JSONPointer.LastToken())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ": it ends too early"
	}
	return fmt.Sprintf(": see byte %d", e.ByteOffset)
}

// rule returns what is asked for of a value of the wrong form.
func rule(e *json.SemanticError) string {
	if e.Err != nil && strings.HasPrefix(e.Err.Error(), "must ") {
		return e.Err.Error()
	}
	switch t := e.GoType; {
	case t == nil:
		return "has the wrong form"
	case t.Kind() == reflect.Slice:
		return "must be a list"
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Map:
		return "must be an object"
	}
	return "has the wrong form"
}

// dotted spells a JSON pointer as our field paths are spelled: a.b[3].c. A
// number is a list position; no field of ours is named by one.
func dotted(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		switch {
		case token != "" && strings.Trim(token, "0123456789") == "":
			b.WriteString("[" + token + "]")
		case b.Len() > 0:
			b.WriteString("." + token)
		default:
			b.WriteString(token)
		}
	}
	return b.String()
}

// fingerprint tells requests apart by method, path, query and decoded input.
func fingerprint(r *http.Request, input []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", r.Method, r.URL.EscapedPath(), r.URL.Query().Encode())
	h.Write(input)
	return hex.EncodeToString(h.Sum(nil))
}

func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
