// Package wire has types as lenient as the clients that the dialects serve:
// numbers and booleans may come as strings, and strings as numbers. The same
// types decode JSON, form fields, path segments and query parameters.
//
// Absent and null leave a value at its zero; where the difference between
// absent and empty matters, use Optional.
package wire

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A String accepts a string, a number or a boolean.
type String string

// An Int accepts a whole number or a string that holds one; the empty string is 0.
type Int int64

// A Bool accepts true, "true", "1", 1 and their opposites; the empty string is false.
type Bool bool

// An Optional is a value with the knowledge of whether it was given at all.
// null counts as not given, and so does the empty string for an Int or Bool;
// Null tells it from silence.
type Optional[T any] struct {
	Value T
	Set   bool
	Null  bool // null was given
}

// The text of each error is a rule: it says what is asked for, to stand
// after the field's name.
var (
	errString = errors.New("must be a string")
	errInt    = errors.New("must be a whole number")
	errBool   = errors.New("must be true or false")
	errNUL    = errors.New("must not contain the character U+0000")
	errUTF8   = errors.New("must be valid UTF-8")
)

// UnmarshalText accepts any text that is UTF-8 without U+0000.
func (s *String) UnmarshalText(text []byte) error { return s.set(string(text)) }

func (s *String) set(text string) error {
	switch {
	case !utf8.ValidString(text):
		return errUTF8
	case strings.IndexByte(text, 0) >= 0:
		return errNUL
	}
	*s = String(text)
	return nil
}

// UnmarshalText accepts a whole number in digits.
func (i *Int) UnmarshalText(text []byte) error { return i.set(string(text)) }

func (i *Int) set(text string) error {
	t := strings.TrimSpace(text)
	if t == "" {
		return nil
	}
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(t, 64) // 30.0 and 3e1 are whole
		if ferr != nil || f != float64(int64(f)) || f > 1<<53 || f < -1<<53 {
			return errInt
		}
		n = int64(f)
	}
	*i = Int(n)
	return nil
}

// UnmarshalText accepts true, false, 1 and 0, in any case.
func (b *Bool) UnmarshalText(text []byte) error { return b.set(string(text)) }

func (b *Bool) set(text string) error {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "1":
		*b = true
	case "false", "0", "":
		*b = false
	default:
		return errBool
	}
	return nil
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (s *String) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return scalar(dec, errString, s.set)
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (i *Int) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return scalar(dec, errInt, func(text string) error {
		if text == "true" || text == "false" {
			return errInt
		}
		return i.set(text)
	})
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (b *Bool) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return scalar(dec, errBool, b.set)
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (o *Optional[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == 'n' {
		o.Null = true
		return dec.SkipValue()
	}
	switch v := any(&o.Value).(type) {
	case *Int:
		return o.number(dec, v.set)
	case *Bool:
		return o.number(dec, v.set)
	case *String: // by far the most
		o.Set = true
		return v.UnmarshalJSONFrom(dec)
	}
	o.Set = true
	return json.UnmarshalDecode(dec, &o.Value)
}

// number decodes a value for which the empty string is not given either.
func (o *Optional[T]) number(dec *jsontext.Decoder, set func(string) error) error {
	var text String
	if dec.PeekKind() == '"' {
		if err := json.UnmarshalDecode(dec, &text); err != nil || strings.TrimSpace(string(text)) == "" {
			return err
		}
		o.Set = true
		return set(string(text))
	}
	o.Set = true
	return json.UnmarshalDecode(dec, &o.Value)
}

// MarshalJSONTo writes the value, or null where it was not given.
func (o Optional[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	if !o.Set {
		return enc.WriteToken(jsontext.Null)
	}
	return json.MarshalEncode(enc, o.Value)
}

// scalar gives the text of a JSON string, number or boolean to set; null
// sets nothing. Arrays and objects are wrong.
func scalar(dec *jsontext.Decoder, wrong error, set func(string) error) error {
	switch dec.PeekKind() {
	case 'n':
		return dec.SkipValue()
	case '"', '0', 't', 'f':
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		return set(tok.String())
	case '{', '[':
		if err := dec.SkipValue(); err != nil {
			return err
		}
		return wrong
	}
	_, err := dec.ReadToken() // a syntax error, or the end
	return err
}

// A List accepts an array of strings or one string with commas between.
type List []string

// UnmarshalText accepts strings with commas between; blanks around one are dropped.
func (l *List) UnmarshalText(text []byte) error { return l.set(string(text)) }

func (l *List) set(text string) error {
	var s String
	if err := s.set(text); err != nil {
		return err
	}
	*l = nil
	for part := range strings.SplitSeq(string(s), ",") {
		if part = strings.TrimSpace(part); part != "" {
			*l = append(*l, part)
		}
	}
	return nil
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (l *List) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '[' {
		return scalar(dec, errors.New("must be a list of strings"), l.set)
	}
	var items []String
	if err := json.UnmarshalDecode(dec, &items); err != nil {
		return err
	}
	*l = make(List, len(items))
	for i, s := range items {
		(*l)[i] = string(s)
	}
	return nil
}

// An Object accepts a JSON object, or a string that holds one, as forms
// have it. nil means not given.
type Object map[string]any

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (o *Object) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case 'n':
		return dec.SkipValue()
	case '{':
		return json.UnmarshalDecode(dec, (*map[string]any)(o))
	}
	if err := dec.SkipValue(); err != nil {
		return err
	}
	return errors.New("must be an object")
}

// A Row is one element of a list whose other elements are good without it:
// what is wrong with its form is kept in Err instead of failing the list.
// Err is nil or, as a rule, a *json.SemanticError.
type Row[T any] struct {
	Value T
	Err   error
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (r *Row[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	r.Err = json.Unmarshal(raw, &r.Value)
	return nil
}

// MarshalJSONTo writes the value.
func (r Row[T]) MarshalJSONTo(enc *jsontext.Encoder) error { return json.MarshalEncode(enc, r.Value) }

// FormError returns what is wrong with the row's form.
func (r Row[T]) FormError() error { return r.Err }

// An Email is a String without blanks and without one pair of apostrophes
// around it: published samples send them ('bob@cisco.com').
type Email string

// UnmarshalText accepts what String accepts.
func (e *Email) UnmarshalText(text []byte) error { return e.set(string(text)) }

func (e *Email) set(text string) error {
	var s String
	if err := s.set(text); err != nil {
		return err
	}
	t := strings.TrimSpace(string(s))
	if len(t) > 1 && t[0] == '\'' && t[len(t)-1] == '\'' {
		t = strings.TrimSpace(t[1 : len(t)-1])
	}
	*e = Email(t)
	return nil
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (e *Email) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return scalar(dec, errString, e.set)
}
