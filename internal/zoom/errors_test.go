package zoom_test

import (
	"net/http/httptest"
	"testing"

	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/zoom"
)

// TestNoMemoryForFiles: whose file there is no memory for may come again.
func TestNoMemoryForFiles(t *testing.T) {
	t.Parallel()
	d := &zoom.Dialect{}
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/v2/users/me/picture", nil)
	call := new(op.Call)
	d.Fail(w, r.WithContext(op.WithCall(r.Context(), call)), &op.Spec{}, op.ErrBusy)
	a := mustertest.Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
	if a.Status != 503 || a.Code(t) != 503 || a.Header.Get("Retry-After") != "1" || call.Code != "overloaded" || call.Err != nil {
		t.Errorf("got %d %s, Retry-After %q, %+v; want 503 and 1, and no error of ours", a.Status, a.Body, a.Header.Get("Retry-After"), call)
	}
}
