package webex_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/webex"
)

// eachWrite calls f for every operation that takes a body, with a full
// account, and wants nothing stored by it.
func eachWrite(t *testing.T, f func(t *testing.T, v *tenant, o op.Operation, path, body string)) {
	t.Helper()
	for _, o := range operations(t) {
		if !takesBody(o) {
			continue
		}
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			v := newTenant(t, mustertest.New(t, mustertest.Options{}), "primary")
			before := v.dump()
			f(t, v, o, pathTo(t, o, v.own), bodyOf(t, o, v.own))
			v.unchanged(before, "a refused request")
			succeeds(t, v.s, v.token, o, v.own)
		})
	}
}

// send sends a body under a Content-Type, "" for none.
func (v *tenant) send(method, path, kind, body string) mustertest.Answer {
	v.t.Helper()
	all := []string{"Authorization: Bearer " + v.token}
	if kind != "" {
		all = append(all, "Content-Type: "+kind)
	}
	return v.s.Send(method, path, body, all...)
}

func TestHardeningBodies(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 10_001) + `1` + strings.Repeat(`}`, 10_001)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(`{"firstName":"zipped"}`)) // a buffer takes everything
	_ = z.Close()
	eachWrite(t, func(t *testing.T, v *tenant, o op.Operation, path, body string) {
		t.Helper()
		inner := strings.TrimPrefix(body, "{")
		for name, body := range map[string]string{
			"cut":                 body[:len(body)-1],
			"cut in a string":     `{"firstName":"`,
			"more after it":       body + `{}`,
			"rubbish":             `{firstName}`,
			"a list":              `[` + body + `]`,
			"a list of lists":     `[[` + body + `]]`,
			"a list that is cut":  `[` + body,
			"a list and more":     `[` + body + `],"x":[1]`,
			"a string":            `"x"`,
			"null":                `null`,
			"a number":            `1e999`,
			"a byte order mark":   "\ufeff" + body,
			"UTF-16":              "\xff\xfe{\x00}\x00",
			"not UTF-8":           `{"x":"` + "\xff\xfe" + `",` + inner,
			"not UTF-8 in a name": `{"` + "\xc3\x28" + `":1,` + inner,
			"a raw NUL":           "{\"x\":\"\x00\"," + inner,
			"a lone surrogate":    `{"x":"\udc00",` + inner,
			"a name twice":        `{"x":1,"x":2,` + inner,
			"a long name twice":   `{"` + strings.Repeat("n", 200_000) + `":1,"` + strings.Repeat("n", 200_000) + `":2}`,
			"deep":                `{"x":` + deep + `,` + inner,
			"deep and cut":        `{"items":` + strings.Repeat(`[`, 20_000),
			"leading zero":        `{"x":01,` + inner,
			"NaN":                 `{"x":NaN,` + inner,
			"gzip":                zipped.String(),
			"a form":              "firstName=x&items=[]",
		} {
			a := v.send(o.Method, path, "application/json", body)
			if refusal(t, o.ID+" "+name, a); a.Status != 400 {
				t.Errorf("%s: got %d %.300s, want 400", name, a.Status, a.Body)
			}
		}
	})
}

// TestHardeningMembers gives each member of each body each wrong form.
// Whatever comes of it is a success or a refusal in the dialect's words.
func TestHardeningMembers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 100_000)
	for _, o := range operations(t) {
		if !takesBody(o) {
			continue
		}
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			v := newTenant(t, mustertest.New(t, mustertest.Options{}), "primary")
			path, body := pathTo(t, o, v.own), bodyOf(t, o, v.own)
			for _, f := range fieldsOf(o.In) {
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name == "-" {
					continue
				}
				for _, value := range []string{
					`null`, `{}`, `[]`, `[null]`, `[{}]`, `[[]]`, `{"id":{}}`, `[{"id":[]}]`, `true`, `"perhaps"`, `-1`, `1.5`, `1e999`, `99999999999999999999`,
					`""`, `" "`, `"a\u0000b"`, `["a\u0000b"]`, `[{"id":"\u0000","question":"\u0000","email":"\u0000"}]`, `"` + long + `"`, `["` + long + `"]`,
				} {
					bad := fmt.Sprintf(`{%q:%s,`, name, value) + strings.TrimPrefix(strings.Replace(body, fmt.Sprintf("%q:", name), `"gone":`, 1), "{")
					a := v.send(o.Method, path, "application/json", bad)
					headers(t, name, a.Header)
					if a.Status != o.Success {
						refusal(t, o.ID+" "+name+" "+value[:min(len(value), 40)], a)
					}
					if nul := strings.Contains(value, `\u0000`) && f.Type.Kind().String() == "string"; nul && a.Status != 400 {
						t.Errorf("%s: got %d %s for U+0000, want 400", name, a.Status, a.Body)
					}
				}
			}
		})
	}
}

func TestHardeningMediaTypes(t *testing.T) {
	t.Parallel()
	eachWrite(t, func(t *testing.T, v *tenant, o op.Operation, path, body string) {
		t.Helper()
		for _, kind := range []string{
			"", "text/plain", "application/xml", "application/octet-stream", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
			"application/", "json", ";", "application/json; charset", "text/html; charset=utf-8", strings.Repeat("x", 5000),
		} {
			a := v.send(o.Method, path, kind, body)
			if refusal(t, o.ID+" "+kind, a); a.Status != 415 {
				t.Errorf("%.100s: got %d %.300s, want 415", kind, a.Status, a.Body)
			}
		}
		for name, size := range map[string]int{"a byte too long": op.MaxBody + 1, "5 MiB": 5 << 20} {
			a := v.send(o.Method, path, "application/json", body+strings.Repeat(" ", size-len(body)))
			if refusal(t, o.ID+" "+name, a); a.Status != 413 {
				t.Errorf("%s: got %d %.300s, want 413", name, a.Status, a.Body)
			}
		}
	})
}

// TestHardeningPaths sends ids and queries that nobody should.
func TestHardeningPaths(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		t.Run(o.ID, func(t *testing.T) {
			t.Parallel()
			v := newTenant(t, mustertest.New(t, mustertest.Options{}), "primary")
			before := v.dump()
			body := bodyOf(t, o, v.own)
			id := v.own.names["meetingId"][0]
			for at := range len(parameter.FindAllString(o.Path, -1)) {
				for _, odd := range []string{
					"%00", "%FF", "%C3%28", "x", "0", "-1", "%20", id[:31], id + "0", strings.ToUpper(id) + "_", id + "_", id + "_20260230T100000Z", id + "_I_", id + "%00",
					"%27%20OR%201=1%20--", "%2e%2e%2f", "..%2f..", strings.Repeat("a", 5000), strings.Repeat("9", 400), "%E2%80%8B", "%25252F",
				} {
					n := -1
					path := webex.Prefix + parameter.ReplaceAllStringFunc(o.Path, func(name string) string {
						if n++; n == at {
							return odd
						}
						return v.own.names[strings.Trim(name, "{}")][0]
					})
					refusal(t, o.ID+" "+path, v.send(o.Method, path, contentType(body), body))
				}
			}
			if o.Method != http.MethodGet {
				v.unchanged(before, "an odd id")
				return
			}
			path, and := pathTo(t, o, v.own), "?"
			if strings.Contains(path, "?") {
				and = "&"
			}
			for _, f := range fieldsOf(o.In) {
				name := f.Tag.Get("query")
				if name == "" {
					continue
				}
				for _, odd := range []string{
					"%00", "%FF", "a%00b", "-1", "0", "1e999", "99999999999999999999", "true", "{}", "[]", "%27", strings.Repeat("a", 5000), "", "2026-13-01", "%2B", "null",
				} {
					a := v.send(o.Method, path+and+name+"="+odd, "", "")
					if headers(t, name, a.Header); a.Status != o.Success {
						refusal(t, o.ID+" "+name+"="+odd, a)
					}
				}
			}
			for _, query := range []string{"a;b", "%zz", "max=1;max=2", "max=%"} {
				if a := v.send(o.Method, path+and+query, "", ""); a.Status != 400 {
					t.Errorf("%s: got %d %s, want 400", query, a.Status, a.Body)
				}
			}
		})
	}
}

func contentType(body string) string {
	if body == "" {
		return ""
	}
	return "application/json"
}

// TestUnknownPathsAndMethods: 404 for what is nothing, 405 with what a path
// takes for all else.
func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	takes := map[string][]string{}
	for _, o := range operations(t) {
		path := webex.Prefix + pathsOf(t, o.Path, v.own.names)[0]
		takes[path] = append(takes[path], o.Method)
	}
	for path, methods := range takes {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "LIST"} {
			if slices.Contains(methods, method) || served(t, method, path) {
				continue
			}
			a := v.send(method, path, "application/json", "{}")
			refusal(t, method+" "+path, a)
			allow := strings.Split(a.Header.Get("Allow"), ", ")
			for _, m := range methods {
				if a.Status != 405 || !slices.Contains(allow, m) || slices.Contains(allow, method) {
					t.Errorf("%s %s: got %d with Allow %v, want 405 with %v", method, path, a.Status, allow, methods)
				}
			}
		}
	}
	for _, path := range []string{"/v1", "/v1/", "///v1", "/v1/nothing", "/v1/meetings/x/y/z", "/v1/meetings/" + url.PathEscape("a/b") + "/nothing", "/v1/" + strings.Repeat("a/", 500)} {
		a := v.send("GET", path, "", "")
		if refusal(t, path, a); a.Status != 404 {
			t.Errorf("%s: got %d %s, want 404", path, a.Status, a.Body)
		}
	}
}

// served reports whether an operation of another pattern takes the request:
// registrants/query looks like the id of a registrant.
func served(t testing.TB, method, path string) bool {
	t.Helper()
	mux := http.NewServeMux()
	for _, o := range operations(t) {
		mux.Handle(o.Method+" "+webex.Prefix+o.Path, http.NotFoundHandler())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://x"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, pattern := mux.Handler(req)
	return pattern != ""
}
