package op

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"muster/internal/wire"
)

// A sample has a field of each kind that inputs have.
type sample struct {
	ID       wire.String                `path:"id" json:"-" max:"20"`
	Page     wire.Int                   `query:"page" json:"-" max:"9"`
	Email    wire.Email                 `json:"email" rule:"required" max:"20"`
	Kind     wire.String                `json:"kind" enum:"a|b" fold:"true"`
	Approve  wire.Bool                  `json:"approve"`
	Names    wire.List                  `json:"names" max:"3"`
	Settings wire.Object                `json:"settings"`
	Note     wire.Optional[wire.String] `json:"note" max:"5"`
	Rows     []wire.Row[sampleRow]      `json:"rows" max:"2"`
	More     *sampleRow                 `json:"more"`
}

type sampleRow struct {
	Name wire.String `json:"name" rule:"required" max:"5"`
	N    wire.Int    `json:"n" min:"1" max:"5"`
}

var sampleOperation = Handle(Spec{ID: "sample", Method: "POST", Path: "/{id}", Success: 200}, func(_ context.Context, in *sample) (*sample, error) { return in, nil })

// decodeSample decodes a request as serve does.
func decodeSample(query, kind, body string) (*sample, error) {
	r := httptest.NewRequest("POST", "/x", strings.NewReader(body))
	r.URL.RawQuery = query
	r.SetPathValue("id", "x")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	in := reflect.New(sampleOperation.In)
	err := sampleOperation.decode(httptest.NewRecorder(), r, in, true, &share{room: newRoom(1 << 20)})
	return in.Interface().(*sample), err
}

const (
	jsonKind = "application/json"
	formKind = "application/x-www-form-urlencoded"
)

func multi(fields ...string) string {
	var b strings.Builder
	for i := 0; i < len(fields); i += 2 {
		b.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + fields[i] + "\"\r\n\r\n" + fields[i+1] + "\r\n")
	}
	return b.String() + "--b--\r\n"
}

func TestFormsMeanWhatJSONMeans(t *testing.T) {
	t.Parallel()
	want, err := decodeSample("", jsonKind, `{"email":"a@b.de","approve":true,"names":["x","y"],"settings":{"a":1},"rows":[{"name":"r","n":2}],"note":""}`)
	if err != nil {
		t.Fatal(err)
	}
	rows := `[{"name":"r","n":"2"}]`
	form := func(rows string) string {
		return url.Values{"email": {"'a@b.de'"}, "approve": {"true"}, "names": {"x, y"}, "settings": {`{"a":1}`}, "rows": {rows}, "note": {""}, "unknown": {"z"}}.Encode()
	}
	for name, c := range map[string]struct{ kind, body string }{
		"urlencoded":            {formKind, form(rows)},
		"urlencoded, glued":     {formKind, form("true" + rows)},
		"with a charset":        {formKind + "; charset=utf-8", form(rows)},
		"multipart":             {"multipart/form-data; boundary=b", multi("email", "a@b.de", "approve", "1", "names", `["x","y"]`, "settings", `{"a":1}`, "rows", rows, "note", "")},
		"multipart, glued":      {"multipart/form-data; boundary=b", multi("approve", "true", "email", " a@b.de ", "names", "x,y", "settings", `{"a":1}`, "rows", " true"+rows+" ", "note", "")},
		"JSON sent as a form":   {formKind, `{"email":"a@b.de","approve":"true","names":"x,y","settings":{"a":1},"rows":[{"name":"r","n":2}],"note":""}`},
		"JSON without a type":   {"", `{"email":"a@b.de","approve":1,"names":["x","y"],"settings":{"a":1},"rows":[{"name":"r","n":2.0}],"note":""}`},
		"JSON of another name":  {"application/vnd.api+json", `{"email":"a@b.de","approve":"1","names":["x","y"],"settings":{"a":1},"rows":[{"name":"r","n":"2"}],"note":"","unknown":[]}`},
		"the first of two keys": {formKind, form(rows) + "&email=z@z.de&rows=nonsense"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeSample("", c.kind, c.body)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	const good = `"email":"a@b.de"`
	for name, c := range map[string]struct {
		query, kind, body string
		status            int
		field             string
	}{
		"nothing":                 {"", jsonKind, "", 400, "email"},
		"required and empty":      {"", jsonKind, `{"email":""}`, 400, "email"},
		"too long":                {"", jsonKind, `{"email":"` + strings.Repeat("a", 21) + `"}`, 400, "email"},
		"no such word":            {"", jsonKind, `{` + good + `,"kind":"c"}`, 400, "kind"},
		"an optional too long":    {"", jsonKind, `{` + good + `,"note":"123456"}`, 400, "note"},
		"a list too long":         {"", jsonKind, `{` + good + `,"names":["1","2","3","4"]}`, 400, "names"},
		"rows too many":           {"", jsonKind, `{` + good + `,"rows":[{"name":"1"},{"name":"2"},{"name":"3"}]}`, 400, "rows"},
		"a row without its name":  {"", jsonKind, `{` + good + `,"rows":[{"name":"1"},{}]}`, 400, "rows[1].name"},
		"a row of another form":   {"", jsonKind, `{` + good + `,"rows":[5]}`, 400, "rows[0]"},
		"a row's field":           {"", jsonKind, `{` + good + `,"rows":[{"name":{}}]}`, 400, "rows[0].name"},
		"a number beyond":         {"", jsonKind, `{` + good + `,"more":{"name":"1","n":6}}`, 400, "more.n"},
		"an object's field":       {"", jsonKind, `{` + good + `,"more":{"name":"123456"}}`, 400, "more.name"},
		"a query beyond":          {"page=10", jsonKind, `{` + good + `}`, 400, "page"},
		"a query of another form": {"page=x", jsonKind, `{` + good + `}`, 400, "page"},
		"an unreadable query":     {"page=%zz", jsonKind, `{` + good + `}`, 400, ""},
		"a form's list":           {"", formKind, "email=a@b.de&rows=x", 400, "rows"},
		"a form's object":         {"", formKind, "email=a@b.de&settings=x", 400, "settings"},
		"no JSON":                 {"", jsonKind, `{`, 400, ""},
		"a list for an object":    {"", jsonKind, `[]`, 400, ""},
		"another type":            {"", "text/plain", `{` + good + `}`, 415, ""},
		"no boundary":             {"", "multipart/form-data", `{` + good + `}`, 415, ""},
		"too long a body":         {"", jsonKind, strings.Repeat(" ", MaxBody+1), 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := decodeSample(c.query, c.kind, c.body)
			b, ok := errors.AsType[*BadRequest](err)
			if !ok || b.Status != c.status || c.field == "" && b.Message == "" {
				t.Fatalf("got %v, want a BadRequest of status %d", err, c.status)
			}
			if c.field != "" && (len(b.Problems) != 1 || b.Problems[0].Field != c.field || !strings.Contains(b.Problems[0].Rule, " ")) {
				t.Errorf("got %v, want one problem of %s", b.Problems, c.field)
			}
		})
	}
}

func TestWrongDeclarationsPanic(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]func(){
		"from nowhere": func() { handleOf[struct{ A wire.String }]() },
		"settable by a body": func() {
			handleOf[struct {
				A wire.String `query:"a"`
			}]()
		},
		"no number": func() {
			handleOf[struct {
				A wire.String `json:"a" max:"x"`
			}]()
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: did not panic", name)
				}
			}()
			handle()
		}()
	}
}

func handleOf[In any]() {
	Handle(Spec{ID: "wrong"}, func(context.Context, *In) (*None, error) { return &None{}, nil })
}

// FuzzDecode: whatever comes is decoded or is a BadRequest.
func FuzzDecode(f *testing.F) {
	for _, kind := range []string{jsonKind, formKind, "multipart/form-data; boundary=b", "", "text/plain", "multipart/form-data; boundary=\"\"", "a/b+json"} {
		for _, body := range []string{
			`{"email":"a@b.de","rows":[{"name":"x"}],"names":"a,b","settings":{"a":[{}]},"more":null}`, "", "{", "null", `{"rows":[[`, "email=a&rows=a[{}]&names=[",
			multi("email", "a@b.de", "rows", "a@b.de[{}]"), "--b\r\n\r\n\r\n--b--", "%", "{\"email\":\"\xff\"}", `{"email":"\u0000"}`, `{"rows":[1e999]}`,
		} {
			f.Add("page=1", kind, body)
		}
	}
	f.Fuzz(func(t *testing.T, query, kind, body string) {
		in, err := decodeSample(query, kind, body)
		if b, ok := errors.AsType[*BadRequest](err); err != nil && (!ok || b.Status < 400 || b.Status > 415 || b.Message == "" && len(b.Problems) == 0) {
			t.Errorf("%q %q %q: got %v, want a BadRequest that says something", query, kind, body, err)
		}
		if err != nil {
			return
		}
		if in.Email == "" || len(in.Rows) > 2 || len(in.Names) > 3 || strings.Contains(string(in.Email)+string(in.Note.Value), "\x00") {
			t.Errorf("%q %q %q: %+v was let through", query, kind, body, in)
		}
		if reply, err := sampleOperation.encode(in); err != nil || reply.Status != http.StatusOK {
			t.Errorf("%q %q %q: cannot be answered: %v", query, kind, body, err)
		}
	})
}
