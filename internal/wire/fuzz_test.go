package wire

import (
	"encoding"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// everything has a field of each type.
type everything struct {
	S String           `json:"s"`
	I Int              `json:"i"`
	B Bool             `json:"b"`
	L List             `json:"l"`
	O Object           `json:"o"`
	E Email            `json:"e"`
	M Optional[String] `json:"m"`
	N Optional[[]Int]  `json:"n"`
	R []Row[inner]     `json:"r"`
}

type inner struct {
	S String `json:"s"`
	B Bool   `json:"b"`
}

// FuzzJSON decodes any text: it is refused, or what it decodes to is clean
// and is written in a form that decodes to the same.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"s":1,"i":"2","b":"true","l":"a,b","o":{"x":[1e3]},"e":"'a@b.de'","m":null,"n":[1,"2"],"r":[{"s":"x"},5,null]}`,
		`{"s":"\u0000"}`, `{"i":1e999}`, `{"i":"NaN"}`, `{"b":2}`, `{"l":["a,b",""]}`, `{"o":"x"}`, `{"s":"\ud800"}`, "{\"s\":\"\xff\"}", `{"n":{}}`, `{"r":[[]]}`,
		`{"i":9223372036854775807}`, `{"i":-9223372036854775808}`, `{"i":9007199254740993.0}`, `{"s":{"a":1}}`, `[`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v everything
		if err := json.Unmarshal(text, &v); err != nil {
			return
		}
		for _, s := range append([]string{string(v.S), string(v.E), string(v.M.Value)}, v.L...) {
			if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
				t.Errorf("%q: %q was let through", text, s)
			}
		}
		for i := range v.R {
			if v.R[i].FormError() != nil {
				v.R[i].Value = inner{} // what is wrong with a row is not written
			}
		}
		if strings.HasPrefix(string(v.E), "'") {
			v.E = "" // one pair of apostrophes is dropped each time
		}
		first, err := json.Marshal(v, json.Deterministic(true))
		if err != nil {
			t.Fatalf("%q decoded to what cannot be written: %v", text, err)
		}
		var again everything
		if err := json.Unmarshal(first, &again); err != nil {
			t.Fatalf("%q was written as %q, which is refused: %v", text, first, err)
		}
		second, err := json.Marshal(again, json.Deterministic(true))
		if err != nil || string(first) != string(second) {
			t.Errorf("%q is written as %q, then as %q, %v", text, first, second, err)
		}
	})
}

// FuzzText decodes any text of a path, a query or a form, alone and inside JSON.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "1", "1e3", "0x10", "true", "a,b", "'a@b.de'", "'", "''", " 5 ", "\x00", "\xff", "+5", "1_000", "Inf", "９"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s String
		var e Email
		var i Int
		var b Bool
		var l List
		for _, v := range []encoding.TextUnmarshaler{&s, &e, &i, &b, &l} {
			if err := v.UnmarshalText([]byte(text)); err != nil && !strings.HasPrefix(err.Error(), "must ") {
				t.Errorf("%T of %q: got %q, want a rule", v, text, err)
			}
		}
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			if s != "" || e != "" || l != nil {
				t.Errorf("%q was let through", text)
			}
			return
		}
		quoted, err := jsontext.AppendQuote(nil, text)
		if err != nil {
			t.Fatal(err)
		}
		var j Int
		textErr, jsonErr := new(Int).UnmarshalText([]byte(text)), json.Unmarshal(quoted, &j)
		if (textErr == nil) != (jsonErr == nil) && text != "true" && text != "false" || textErr == nil && i != j {
			t.Errorf("%q is %d as text (%v) and %d as JSON (%v)", text, i, textErr, j, jsonErr)
		}
		var again String
		if err := json.Unmarshal(quoted, &again); err != nil || string(again) != text {
			t.Errorf("%q is %q as JSON, %v", text, again, err)
		}
	})
}
