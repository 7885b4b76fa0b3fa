package server

import (
	"net/http"
	"sync"

	"muster/internal/apidocs"
	"muster/internal/op"
	"muster/internal/zoom"
)

// documents are what tells of the APIs. They are made when somebody first asks
// for one: it would take longer than all else at the start.
type documents struct {
	made func() (map[string]http.Handler, error)
}

// The places of the documents.
const (
	zoomDocument  = "/openapi/zoom.json"
	webexDocument = "/openapi/webex.json"
	zoomPage      = "/docs"
	webexPage     = "/docs/webex"
)

func documentsOf(d Declared, base, version string) documents {
	return documents{sync.OnceValues(func() (map[string]http.Handler, error) {
		zoomDoc, webexDoc, err := OpenAPI(d, base, version)
		if err != nil {
			return nil, err
		}
		forZoom, err := apidocs.Handler(zoomDoc, apidocs.Other{Title: "The Webex dialect", Path: webexPage})
		if err != nil {
			return nil, err
		}
		forWebex, err := apidocs.Handler(webexDoc, apidocs.Other{Title: "The Zoom dialect", Path: zoomPage})
		return map[string]http.Handler{
			zoomDocument: serveDocument(zoomDoc), webexDocument: serveDocument(webexDoc), zoomPage: forZoom, webexPage: forWebex,
		}, err
	})}
}

// mount serves each at its place.
func (d documents) mount(mux *http.ServeMux) {
	for _, place := range []string{zoomDocument, webexDocument, zoomPage, webexPage} {
		mux.HandleFunc("GET "+place, func(w http.ResponseWriter, r *http.Request) {
			made, err := d.made()
			if err != nil {
				op.CallOf(r.Context()).Err = err
				zoom.InternalError(w, r)
				return
			}
			made[place].ServeHTTP(w, r)
		})
	}
}

func serveDocument(doc []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(doc) // the client is gone; nobody to tell
	}
}
