package web

import (
	"net/http"

	"muster/internal/muster"
	"muster/internal/op"
)

// file serves an uploaded file to whoever has its link. Whatever is wrong with
// the link, the page is the same.
func (p pages) file(w http.ResponseWriter, r *http.Request) {
	op.CallOf(r.Context()).Operation = "file"
	f, content, err := p.app.File(r.Context(), r.PathValue("fileId"))
	switch muster.CodeOf(err) {
	case muster.FileRefused:
		wrongLink(w, r)
		return
	case muster.Overloaded:
		tooMany(w, r)
		return
	}
	if err != nil {
		broken(w, r, err)
		return
	}
	defer func() { _ = content.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Type", f.MediaType) // what its content is, not what somebody said
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", "inline")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("ETag", `"`+f.Digest+`"`)
	http.ServeContent(w, r, "", f.CreatedAt, content)
}
