package op

import (
	"bytes"
	"context"
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

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A File is an input's uploaded file: the part of a multipart form that has
// the field's name. An input has one at most, and then takes multipart forms
// alone, as long as Spec.MaxBody. The zero File is none.
type File struct {
	Name     string // as the client calls it, without folders
	Content  []byte
	TooLarge bool // the body was longer than Spec.MaxBody: there is no Content, and no other field
}

// MarshalJSONTo writes what tells f from other files: for the fingerprint of a request.
func (f File) MarshalJSONTo(enc *jsontext.Encoder) error {
	sum := sha256.Sum256(f.Content)
	return json.MarshalEncode(enc, []string{f.Name, hex.EncodeToString(sum[:])})
}

// UnmarshalJSONFrom refuses: a file does not come in JSON.
func (f *File) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return errors.Join(dec.SkipValue(), errors.New("must be a file in a multipart form"))
}

var fileType = reflect.TypeFor[File]()

// uploadsAtOnce bounds the memory for files: an operation that takes them has
// so many requests at once, and the others wait.
const uploadsAtOnce = 8

// begin waits for the turn of a request that brings a file. done ends it.
func (o Operation) begin(ctx context.Context) (done func(), err error) {
	if o.uploads == nil {
		return func() {}, nil
	}
	select {
	case o.uploads <- struct{}{}:
		return func() { <-o.uploads }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// decodeUpload fills in from a multipart form with a file.
func (o Operation) decodeUpload(w http.ResponseWriter, r *http.Request, in reflect.Value) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return &BadRequest{Status: http.StatusUnsupportedMediaType, Message: "The Content-Type must be multipart/form-data, with a boundary."}
	}
	file := in.Elem().FieldByIndex(o.input.file.index).Addr().Interface().(*File)
	body, err := readBody(w, r, o.maxBody())
	if e, ok := errors.AsType[*BadRequest](err); ok && e.Status == http.StatusRequestEntityTooLarge {
		file.TooLarge = true
		return nil
	} else if err != nil {
		return err
	}
	form := url.Values{}
	var sent []File
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		var value []byte
		if err == nil {
			value, err = io.ReadAll(part)
		}
		if err != nil {
			return &BadRequest{Status: http.StatusBadRequest, Message: "The request body should be a valid multipart form."}
		}
		if part.FormName() == o.input.file.name {
			sent = append(sent, File{Name: part.FileName(), Content: value})
			continue
		}
		form.Add(part.FormName(), string(value))
	}
	text, err := o.input.formObject(form)
	if err == nil {
		err = unmarshal(text, in.Interface())
	}
	if len(sent) > 1 {
		return Invalid(o.input.file.name, fmt.Sprintf("must be one file, not %d", len(sent)))
	}
	if len(sent) == 1 {
		*file = sent[0]
	}
	return err
}

func (o Operation) maxBody() int64 {
	if o.MaxBody > 0 {
		return o.MaxBody
	}
	return MaxBody
}
