package zoom_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"mime/multipart"
	"strings"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/settings"
)

// eachWrite calls f for every operation that takes a body, with a full
// account, and wants nothing stored by it.
func eachWrite(t *testing.T, f func(t *testing.T, v *tenant, o op.Operation, path, body string)) {
	t.Helper()
	for _, o := range operations(t) {
		if o.Method == "GET" || !takesBody(o.In) || takesFile(o) {
			continue
		}
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			v := newTenant(t, mustertest.New(t, mustertest.Options{}), "primary")
			before := v.dump()
			h := &hardening{t: t, v: v, o: o}
			f(t, v, o, h.path(), bodyOf(t, o, v))
			v.unchanged(before, "a refused request")
			succeeds(t, v, o)
		})
	}
}

// send sends a body under a Content-Type, "" for none.
func (v *tenant) send(method, path, kind, body string, more ...string) mustertest.Answer {
	v.t.Helper()
	all := append([]string{"Authorization: Bearer " + v.token}, more...)
	if kind != "" {
		all = append(all, "Content-Type: "+kind)
	}
	return v.s.Send(method, path, body, all...)
}

const formKind = "application/x-www-form-urlencoded"

func TestHardeningBodies(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 10_001) + `1` + strings.Repeat(`}`, 10_001)
	brackets := `{"topic":` + strings.Repeat(`[`, 20_000)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(`{"topic":"zipped"}`)) // a buffer takes everything
	_ = z.Close()
	eachWrite(t, func(t *testing.T, v *tenant, o op.Operation, path, body string) {
		t.Helper()
		inner := strings.TrimPrefix(body, "{")
		for name, c := range map[string]struct{ kind, body string }{
			"cut":                     {"application/json", body[:len(body)-1]},
			"cut in a string":         {"application/json", `{"topic":"`},
			"more after it":           {"application/json", body + `{}`},
			"rubbish":                 {"application/json", `{topic}`},
			"no object":               {"application/json", `[` + body + `]`},
			"a string":                {"application/json", `"x"`},
			"null":                    {"application/json", `null`},
			"a number":                {"application/json", `1e999`},
			"a byte order mark":       {"application/json", "\ufeff" + body},
			"UTF-16":                  {"application/json", "\xff\xfe{\x00}\x00"},
			"not UTF-8":               {"application/json", `{"x":"` + "\xff\xfe" + `",` + inner},
			"not UTF-8 in a name":     {"application/json", `{"` + "\xc3\x28" + `":1,` + inner},
			"a raw NUL":               {"application/json", "{\"x\":\"\x00\"," + inner},
			"a lone surrogate":        {"application/json", `{"x":"\udc00",` + inner},
			"a name twice":            {"application/json", `{"x":1,"x":2,` + inner},
			"a long name twice":       {"application/json", `{"` + strings.Repeat("n", 200_000) + `":1,"` + strings.Repeat("n", 200_000) + `":2}`},
			"deep":                    {"application/json", `{"x":` + deep + `,` + inner},
			"deep and cut":            {"application/json", brackets},
			"leading zero":            {"application/json", `{"x":01,` + inner},
			"NaN":                     {"application/json", `{"x":NaN,` + inner},
			"gzip":                    {"application/json", zipped.String()},
			"form that is none":       {formKind, "%zz=1"},
			"form with semicolons":    {formKind, "a=1;b=2"},
			"form not UTF-8":          {formKind, "topic=%ff&name=%ff&field=%ff&action=%ff&email=%ff&user_info=%ff&registrants=%ff&first_name=%ff&questions=%ff&pay_mode=%ff"},
			"multipart that is none":  {"multipart/form-data; boundary=x", "hello"},
			"multipart cut":           {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"topic\"\r\n\r\nx"},
			"multipart without names": {"multipart/form-data; boundary=x", "--x\r\n\r\nx\r\n--x\r\nContent-Type: text/plain\r\n\r\ny\r\n"},
		} {
			a := v.send(o.Method, path, c.kind, c.body)
			if code := refusal(t, o.ID+" "+name, a); a.Status != 400 || code != 300 {
				t.Errorf("%s: got %d %.300s, want 400 with code 300", name, a.Status, a.Body)
			}
			if len(a.Body) > 10_000 {
				t.Errorf("%s: the answer repeats %d bytes of the request", name, len(a.Body))
			}
		}
	})
}

func TestHardeningMediaTypes(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, v *tenant, o op.Operation, path, body string) {
		t.Helper()
		for _, kind := range []string{
			"text/plain", "application/xml", "application/octet-stream", "multipart/form-data", "multipart/mixed; boundary=x",
			"application/", "json", ";", "application/json; charset", "text/html; charset=utf-8", "a/b; c=\"", strings.Repeat("x", 5000),
		} {
			a := v.send(o.Method, path, kind, body)
			if code := refusal(t, o.ID+" "+kind, a); a.Status != 415 || code != 300 {
				t.Errorf("%.100s: got %d %.300s, want 415 with code 300", kind, a.Status, a.Body)
			}
		}
	})
}

func TestHardeningSize(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, v *tenant, o op.Operation, path, body string) {
		t.Helper()
		for name, size := range map[string]int{"a byte too long": op.MaxBody + 1, "5 MiB": 5 << 20} {
			long := body + strings.Repeat(" ", size-len(body))
			for _, kind := range []string{"application/json", formKind, "text/plain"} {
				a := v.send(o.Method, path, kind, long)
				if code := refusal(t, o.ID+" "+name, a); a.Status != 413 || code != 300 {
					t.Errorf("%s: got %d %.300s, want 413 with code 300", name, a.Status, a.Body)
				}
			}
		}
		if a := v.send(o.Method, path, "application/json", strings.Repeat(" ", op.MaxBody)); a.Status != 413 && a.Status != 400 && a.Status != o.Success {
			t.Errorf("as long as allowed: got %d %.300s", a.Status, a.Body)
		} else if a.Status == 413 {
			t.Errorf("as long as allowed: got 413")
		}
	})
}

// TestHardeningForms sends forms that are odd but not wrong in themselves.
// Whatever comes of them is a success or a refusal in the dialect's words.
func TestHardeningForms(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		if o.Method == "GET" || !takesBody(o.In) {
			continue
		}
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			v := newTenant(t, mustertest.New(t, mustertest.Options{}), "primary")
			path := (&hardening{t: t, v: v, o: o}).path()
			names := []string{"nobody"}
			for _, f := range fieldsOf(o.In) {
				if name := f.Tag.Get("json"); name != "-" {
					names = append(names, name)
				}
			}
			var repeated strings.Builder
			for range 200 {
				for _, n := range names {
					fmt.Fprintf(&repeated, "%s=x&%s=[{}]&", n, n)
				}
			}
			kind, parts := manyParts(t, names, 10_000)
			fileKind, files := fileParts(t, names)
			for name, c := range map[string]struct{ kind, body string }{
				"repeated keys": {formKind, repeated.String()},
				"10,000 parts":  {kind, parts},
				"files":         {fileKind, files},
				"all glued":     {formKind, strings.Join(names, "=true[{}]&") + "=true[{}]"},
				"empty":         {formKind, strings.Join(names, "=&") + "="},
			} {
				a := v.send(o.Method, path, c.kind, c.body)
				headers(t, name, a.Header)
				if a.Status >= 400 {
					refusal(t, o.ID+" "+name, a)
				}
			}
		})
	}
}

func manyParts(t *testing.T, names []string, n int) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary("b") // short, so that they fit
	for i := range n {
		if err := w.WriteField(names[i%len(names)], "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if b.Len() > op.MaxBody {
		t.Fatalf("the form has %d bytes: too long to be read", b.Len())
	}
	return w.FormDataContentType(), b.String()
}

func fileParts(t *testing.T, names []string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, n := range names {
		part, err := w.CreateFormFile(n, "../../etc/passwd")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte("\x00\x01\xff")) // a buffer takes everything
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// TestHardeningSettings tries each setting of a meeting in each wrong form.
func TestHardeningSettings(t *testing.T) {
	t.Parallel()
	v := newTenant(t, mustertest.New(t, mustertest.Options{}), "primary")
	before := v.dump()
	bad := map[settings.Kind][]string{
		settings.Bool: {`"maybe"`, `2`, `{}`, `[]`}, settings.Int: {`"x"`, `1.5`, `{}`, `[]`, `true`, `1e999`, `9e99`},
		settings.String: {`{}`, `[]`, `"a\u0000b"`}, settings.Email: {`{}`, `"x"`, `"a\u0000@b.test"`},
		settings.List: {`5`, `{}`, `[[]]`, `["a\u0000b"]`}, settings.Object: {`"x"`, `5`, `[]`},
	}
	tried := 0
	for _, l := range settings.Meeting {
		if l.ReadOnly {
			continue
		}
		for _, value := range bad[l.Kind] {
			if l.Kind == settings.List && l.Item.Kind != settings.String && strings.Contains(value, "u0000") {
				value = `["x"]`
			}
			tried++
			body := `{"settings":{"` + l.Name + `":` + value + `}}`
			a := v.s.As(v.token, "PATCH", v.meeting, body)
			if code := refusal(t, body, a); a.Status != 400 || code != 300 || !strings.Contains(string(a.Body), "settings") {
				t.Errorf("%s: got %d %s, want 400 with code 300 about it", body, a.Status, a.Body)
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d settings were tried", tried)
	}
	v.unchanged(before, "a refused setting")
}
