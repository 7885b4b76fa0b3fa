package op

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// frank is a dialect that lets everybody in.
type frank struct{ Dialect }

func (frank) Admit(_ http.ResponseWriter, r *http.Request, _ *Spec) (context.Context, error) {
	return r.Context(), nil
}

func (frank) TakesForms() bool { return true }

func (frank) Fail(w http.ResponseWriter, _ *http.Request, _ *Spec, err error) {
	status := http.StatusInternalServerError
	if b, ok := errors.AsType[*BadRequest](err); ok {
		status = b.Status
	} else if errors.Is(err, ErrBusy) {
		status = http.StatusServiceUnavailable
	}
	http.Error(w, err.Error(), status)
}

type fileIn struct {
	File File `json:"file"`
}

// A fileServer has the operations a and b, which take files and share memory.
type fileServer struct {
	*httptest.Server
	t     *testing.T
	files *room
}

func newFileServer(t *testing.T, bytes int64) *fileServer {
	t.Helper()
	s := &fileServer{t: t, files: newRoom(bytes)}
	mux := http.NewServeMux()
	for _, path := range []string{"/a", "/b"} {
		o := Handle(Spec{ID: path, Method: "POST", Path: path, Success: 201, MaxBody: 1 << 20}, func(_ context.Context, in *fileIn) (*None, error) {
			if in.File.TooLarge {
				return nil, &BadRequest{Status: 413}
			}
			return &None{}, nil
		})
		mux.Handle("POST "+path, o.handler(frank{}, s.files))
	}
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *fileServer) send(path string, body io.Reader) (status int) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), "POST", s.URL+path, body)
	if err != nil {
		s.t.Error(err)
		return 0
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	res, err := s.Client().Do(r)
	if err != nil {
		s.t.Error(err)
		return 0
	}
	_ = res.Body.Close() // nothing is read of it
	return res.StatusCode
}

// begin sends a file of which so many bytes come, and its end when the function
// is called that it returns, which returns the status.
func (s *fileServer) begin(path string, bytes int) (end func() int) {
	s.t.Helper()
	body, w := io.Pipe()
	answered := make(chan int, 1)
	go func() { answered <- s.send(path, body) }()
	head, tail, _ := strings.Cut(fileOf(bytes), "\r\n--b--")
	if _, err := io.WriteString(w, head); err != nil {
		s.t.Error(err)
	}
	return func() int {
		if _, err := io.WriteString(w, "\r\n--b--"+tail); err != nil {
			s.t.Error(err)
		}
		_ = w.Close() // always nil
		return <-answered
	}
}

func fileOf(bytes int) string {
	return part("file", `; filename="a"`, strings.Repeat("x", bytes)) + "--b--\r\n"
}

// TestFilesShareMemory has requests of two operations bring files, of which
// some come slowly: there is memory for so many together, whoever finds none
// is told so, and in the end all is given back.
func TestFilesShareMemory(t *testing.T) {
	t.Parallel()
	s := newFileServer(t, 2<<20)
	end := s.begin("/a", 900_000)
	for s.files.free.Load() != 1<<20 { // the half of it
		runtime.Gosched()
	}
	for path, body := range map[string]string{"/a": fileOf(800_000), "/b": fileOf(900_000)} {
		if got := s.send(path, strings.NewReader(body)); got != 503 {
			t.Errorf("%d bytes for %s beside another's: got %d, want 503", len(body), path, got)
		}
	}
	if got := s.send("/b", strings.NewReader(fileOf(200_000))); got != 201 {
		t.Errorf("what there is memory for: got %d, want 201", got)
	}
	if got := end(); got != 201 {
		t.Errorf("who came first: got %d, want 201", got)
	}
	if got := s.send("/b", strings.NewReader(fileOf(900_000))); got != 201 {
		t.Errorf("alone: got %d, want 201", got)
	}
	if got := s.send("/b", strings.NewReader(fileOf(1<<20))); got != 413 {
		t.Errorf("too large: got %d, want 413", got)
	}
	s.Close() // waits for who runs
	if got := s.files.free.Load(); got != 2<<20 {
		t.Errorf("%d bytes were not given back", 2<<20-got)
	}
}

// TestSlowFilesHoldUpNobody has a hundred clients begin to send and stop.
func TestSlowFilesHoldUpNobody(t *testing.T) {
	t.Parallel()
	s := newFileServer(t, 100*firstPiece+4<<20)
	var ends []func() int
	for range 100 {
		ends = append(ends, s.begin("/a", 1000))
	}
	if got := s.send("/a", strings.NewReader(fileOf(900_000))); got != 201 {
		t.Errorf("beside them: got %d, want 201", got)
	}
	for _, end := range ends {
		if got := end(); got != 201 {
			t.Errorf("one of them: got %d, want 201", got)
		}
	}
}

// TestPartsAreNotCopied reads a form of many parts where it is.
func TestPartsAreNotCopied(t *testing.T) {
	t.Parallel()
	o := Handle(Spec{ID: "picture", Method: "POST", Path: "/", Success: 201}, func(context.Context, *pictureIn) (*None, error) { return &None{}, nil })
	large := strings.Repeat("0123456789", 100_000)
	body := []byte("preamble\r\n" + part("text", "", "hi") + part("file", `; filename="a"`, large) + part("file", `; filename="b"`, "") +
		part("file", `; filename="c"`, large[1:]) + part("empty", "", "") + "--b--\r\nepilogue")
	form, files, err := o.parts(body, "b")
	if err != nil || form.Get("text") != "hi" || !form.Has("empty") || len(files) != 3 {
		t.Fatalf("got %v, %d files, %v", form, len(files), err)
	}
	if string(files[0].Content) != large || len(files[1].Content) != 0 || string(files[2].Content) != large[1:] {
		t.Error("a file is not as it was sent")
	}
	whole := reflect.ValueOf(body).Pointer()
	for _, f := range files {
		if at := reflect.ValueOf(f.Content).Pointer(); at < whole || at >= whole+uintptr(len(body)) {
			t.Errorf("%s is not within the body", f.Name)
		}
	}
}
