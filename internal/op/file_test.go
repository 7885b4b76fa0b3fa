package op

import (
	"context"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"muster/internal/wire"
)

type pictureIn struct {
	ID   wire.String `path:"id" json:"-"`
	Text wire.String `json:"text" max:"5"`
	File File        `json:"file"`
}

func decodePicture(kind, body string) (*pictureIn, error) {
	o := Handle(Spec{ID: "picture", Method: "POST", Path: "/{id}", Success: 201, MaxBody: 400}, func(_ context.Context, _ *pictureIn) (*None, error) { return &None{}, nil })
	r := httptest.NewRequest("POST", "/x", strings.NewReader(body))
	r.SetPathValue("id", "x")
	r.Header.Set("Content-Type", kind)
	in := reflect.New(o.In)
	err := o.decode(httptest.NewRecorder(), r, in, true, &share{room: newRoom(1 << 20)})
	return in.Interface().(*pictureIn), err
}

func part(name, more, content string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + content + "\r\n"
}

func TestDecodeUpload(t *testing.T) {
	t.Parallel()
	const kind = "multipart/form-data; boundary=b"
	good := part("text", "", "hi") + part("file", `; filename="../a.png"`, "\x00\r\n--\xff") + "--b--\r\n"
	in, err := decodePicture(kind, good)
	if err != nil || in.ID != "x" || in.Text != "hi" || in.File.Name != "a.png" || string(in.File.Content) != "\x00\r\n--\xff" || in.File.TooLarge {
		t.Errorf("got %+v, %v", in, err)
	}
	if in, err := decodePicture(kind, part("file", `; filename="a"`, strings.Repeat("x", 500))+"--b--\r\n"); err != nil || !in.File.TooLarge || in.File.Content != nil {
		t.Errorf("too large: got %+v, %v", in, err)
	}
	if in, err := decodePicture(kind, part("text", "", "hi")+"--b--\r\n"); err != nil || in.File.Content != nil {
		t.Errorf("no file: got %+v, %v", in, err)
	}
	for name, c := range map[string]struct {
		kind, body string
		status     int
	}{
		"JSON":           {jsonKind, `{"file":"x"}`, 415},
		"urlencoded":     {formKind, "file=x", 415},
		"no boundary":    {"multipart/form-data", good, 415},
		"cut":            {kind, good[:60], 400},
		"two files":      {kind, part("file", `; filename="a"`, "x") + part("file", `; filename="b"`, "") + "--b--\r\n", 400},
		"another rule":   {kind, part("text", "", "too long") + "--b--\r\n", 400},
		"text not UTF-8": {kind, part("text", "", "\xff") + "--b--\r\n", 400},
	} {
		_, err := decodePicture(c.kind, c.body)
		if e, ok := err.(*BadRequest); !ok || e.Status != c.status {
			t.Errorf("%s: got %v, want status %d", name, err, c.status)
		}
	}
}

func TestMaybe(t *testing.T) {
	t.Parallel()
	type plan struct {
		N int `json:"n"`
	}
	body := &plan{3}
	answer := func(ask *plan) Reply {
		t.Helper()
		o := Handle(Spec{ID: "maybe", Method: "PATCH", Path: "/", Success: 204, Instead: 200}, func(context.Context, *pictureIn) (*Maybe[plan], error) { return nil, nil })
		r, err := o.encode(&Maybe[plan]{ask})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := answer(nil); r.Status != 204 || r.Body != nil {
		t.Errorf("without a body: got %d %s", r.Status, r.Body)
	}
	if r := answer(body); r.Status != 200 || string(r.Body) != `{"n":3}` {
		t.Errorf("with one: got %d %s", r.Status, r.Body)
	}
}

func TestEither(t *testing.T) {
	t.Parallel()
	type plan struct {
		N int `json:"n"`
	}
	type reason struct {
		Why string `json:"why"`
	}
	o := Handle(Spec{ID: "either", Method: "GET", Path: "/", Success: 200}, func(context.Context, *pictureIn) (*Either[plan, reason], error) { return nil, nil })
	for want, out := range map[string]*Either[plan, reason]{
		`{"n":3}`:        {Body: &plan{3}},
		`{"why":"late"}`: {Other: &reason{"late"}},
	} {
		if r, err := o.encode(out); err != nil || r.Status != 200 || string(r.Body) != want {
			t.Errorf("got %d %s, %v, want 200 %s", r.Status, r.Body, err, want)
		}
	}
}
