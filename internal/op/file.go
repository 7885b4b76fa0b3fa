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

// decodeUpload fills in from a multipart form with a file.
func (o Operation) decodeUpload(w http.ResponseWriter, r *http.Request, in reflect.Value, files *share) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return &BadRequest{Status: http.StatusUnsupportedMediaType, Message: "The Content-Type must be multipart/form-data, with a boundary."}
	}
	file := in.Elem().FieldByIndex(o.input.file.index).Addr().Interface().(*File)
	body, err := readFile(w, r, o.maxBody(), files)
	if e, ok := errors.AsType[*BadRequest](err); ok && e.Status == http.StatusRequestEntityTooLarge {
		file.TooLarge = true
		return nil
	} else if err != nil {
		return err
	}
	form, sent, err := o.parts(body, params["boundary"])
	if err != nil {
		return &BadRequest{Status: http.StatusBadRequest, Message: "The request body should be a valid multipart form."}
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

// parts reads a multipart form: its fields, and its files of the input's name.
// Each part is moved to the front of body, where what the reader has read
// already is not needed any more, so that a file needs no memory besides.
func (o Operation) parts(body []byte, boundary string) (form url.Values, files []File, err error) {
	form = url.Values{}
	source := bytes.NewReader(body)
	parts := multipart.NewReader(source, boundary)
	for end := 0; ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			return form, files, nil
		}
		begin := end
		for err == nil {
			var n int
			n, err = part.Read(body[end : len(body)-source.Len()])
			end += n
		}
		if err != io.EOF {
			return nil, nil, err
		}
		value := body[begin:end:end]
		if part.FormName() == o.input.file.name {
			files = append(files, File{Name: part.FileName(), Content: value})
			continue
		}
		form.Add(part.FormName(), string(value))
	}
}

func (o Operation) maxBody() int64 {
	if o.MaxBody > 0 {
		return o.MaxBody
	}
	return MaxBody
}
