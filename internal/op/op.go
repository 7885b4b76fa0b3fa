// Package op turns declared operations into HTTP handlers. An operation is
// its Spec, which the router, the scope check, the limiter and the OpenAPI
// document all read, and one function from input to output.
//
// An input is a struct. Each field says where its value comes from by the
// tags path, query, header and json (the body; a form counts as one), and
// what the API asks of it by the tags of Rules.
package op

import (
	"context"
	"net/http"
	"reflect"
	"strconv"

	"github.com/go-json-experiment/json"
)

// A Spec declares one operation. It is the only place that says any of this.
type Spec struct {
	ID      string   // as the API names it, unique in its dialect
	Group   string   // the API's family of operations
	Title   string   // what it does, as the API's messages name it
	Method  string   // GET, POST …
	Path    string   // with {parameters}, without the dialect's prefix
	Whole   bool     // the path says itself which account it is about: no prefix names another
	Scopes  []string // any one suffices; nil: every token will do
	Public  bool     // open to all: no token is asked for
	Rate    Rate     // the class that it is limited by
	Success int      // the status of success
	Instead int      // the status of an output that is a Maybe with a body; 0: none is
	MaxBody int64    // how long the body may be in bytes, where it is a File's; 0: MaxBody
	Refuses []string // the dialect-independent codes of the failures that it may answer
	Errors  Errors   // answers that deviate from the dialect's table, by code
	Ours    bool     // an extension that the original does not have
}

// Errors maps a failure's code to its answer.
type Errors map[string]Answer

// An Answer is how a dialect spells one failure: HTTP status and own number.
type Answer struct{ Status, Code int }

// Rate is the class an operation is limited by.
type Rate string

// The rate classes, as the API's headers spell them.
const (
	Light     Rate = "Light"
	Medium    Rate = "Medium"
	Heavy     Rate = "Heavy"
	Intensive Rate = "Resource-intensive"
)

// A Dialect says how one API family admits requests and reports errors.
type Dialect interface {
	// Admit authenticates, authorises and limits a request. The context it
	// returns is the operation's. It may set headers.
	Admit(w http.ResponseWriter, r *http.Request, s *Spec) (context.Context, error)
	// Fail answers a request with an error: one of its own, of the use case's, a
	// BadRequest, or ErrBusy where operations take files.
	Fail(w http.ResponseWriter, r *http.Request, s *Spec, err error)
	// TakesForms reports whether a body may be a form, or come without a media
	// type; else it must say that it is JSON.
	TakesForms() bool
	// Once runs a write that came with an Idempotency-Key, or replays the
	// answer that it was given before.
	Once(ctx context.Context, req Keyed, run func(context.Context) (Reply, error)) (reply Reply, replayed bool, err error)
}

// A Keyed is a write with an Idempotency-Key.
type Keyed struct {
	Key         string
	Fingerprint string // the same for the same method, path, query and decoded input
}

// A Reply is an encoded answer of success.
type Reply struct {
	Status int
	Body   []byte // nil: no body
	rest   []byte // what follows Body, see Written
	header http.Header
}

// None is the output of an operation that answers no body.
type None struct{}

// A Maybe is the output of an operation that answers its success without a
// body, or Spec.Instead with one where Body is not nil.
type Maybe[T any] struct{ Body *T }

// maybe is what Maybes of all types are.
type maybe interface {
	body() any // nil for none
	bodyType() reflect.Type
}

func (m *Maybe[T]) body() any {
	if m.Body == nil {
		return nil
	}
	return m.Body
}

func (*Maybe[T]) bodyType() reflect.Type { return reflect.TypeFor[T]() }

// An Either is the output of an operation that answers its success with one
// of two bodies: Other where that is not nil, else Body.
type Either[A, B any] struct {
	Body  *A
	Other *B
}

// either is what Eithers of all types are.
type either interface {
	choose() any
	bodyTypes() (one, other reflect.Type)
}

func (e *Either[A, B]) choose() any {
	if e.Other != nil {
		return e.Other
	}
	return e.Body
}

func (*Either[A, B]) bodyTypes() (one, other reflect.Type) {
	return reflect.TypeFor[A](), reflect.TypeFor[B]()
}

// An Operation is a Spec bound to its function.
type Operation struct {
	*Spec
	In, Out reflect.Type

	input *object
	call  func(context.Context, any) (any, error)
}

// Handle binds do to s. It panics where In's tags make no sense, so that a
// program with a wrong declaration does not start.
func Handle[In, Out any](s Spec, do func(context.Context, *In) (*Out, error)) Operation {
	o := Operation{Spec: &s, In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out]()}
	o.input = plan(o.In)
	o.call = func(ctx context.Context, in any) (any, error) { return do(ctx, in.(*In)) }
	return o
}

// Prefixes are the paths under which a dialect's operations are mounted.
type Prefixes struct {
	All   []string // of every operation that is not Whole
	Whole []string // of those that are
}

// Of returns the prefixes of an operation.
func (p Prefixes) Of(s *Spec) []string {
	if s.Whole {
		return p.Whole
	}
	return p.All
}

// Patterns returns what a mux matches an operation by, once for each prefix.
func (p Prefixes) Patterns(s *Spec) []string {
	var all []string
	for _, prefix := range p.Of(s) {
		all = append(all, s.Method+" "+prefix+s.Path)
	}
	return all
}

// Mount registers ops with mux in dialect d, once under each of their prefixes.
func Mount(mux *http.ServeMux, d Dialect, prefixes Prefixes, ops []Operation) {
	files := newRoom(roomForFiles)
	for _, o := range ops {
		for _, pattern := range prefixes.Patterns(o.Spec) {
			mux.Handle(pattern, o.handler(d, files))
		}
	}
}

func (o Operation) handler(d Dialect, files *room) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		CallOf(r.Context()).Operation = o.ID
		if err := o.serve(d, files, w, r); err != nil {
			d.Fail(w, r, o.Spec, err)
		}
	})
}

func (o Operation) serve(d Dialect, files *room, w http.ResponseWriter, r *http.Request) error {
	ctx, err := d.Admit(w, r, o.Spec)
	if err != nil {
		return err
	}
	held := &share{room: files}
	defer held.end()
	in := reflect.New(o.In)
	if err := o.decode(w, r, in, d.TakesForms(), held); err != nil {
		return err
	}
	run := func(ctx context.Context) (Reply, error) {
		out, err := o.call(ctx, in.Interface())
		if err != nil {
			return Reply{}, err
		}
		return o.encode(out)
	}
	reply, replayed := Reply{}, false
	if key := r.Header.Get("Idempotency-Key"); key != "" && !o.reads(in.Interface()) {
		reply, replayed, err = o.once(ctx, d, r, key, in.Interface(), run)
	} else {
		reply, err = run(ctx)
	}
	if err != nil {
		return err
	}
	if replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	write(w, reply)
	return nil
}

// A Rehearsal is an input that may ask for what a change would do, and for no
// change: such a request is a read, and an Idempotency-Key is nothing to it.
type Rehearsal interface{ Rehearses() bool }

// reads reports whether a request changes nothing.
func (o Operation) reads(in any) bool {
	r, may := in.(Rehearsal)
	return o.Public || o.Method == http.MethodGet || o.Method == http.MethodHead || may && r.Rehearses()
}

func (o Operation) once(ctx context.Context, d Dialect, r *http.Request, key string, in any, run func(context.Context) (Reply, error)) (Reply, bool, error) {
	if len(key) > maxKey || !printable(key) {
		return Reply{}, false, Invalid("Idempotency-Key", "must be 1 to 255 printable ASCII characters")
	}
	body, err := json.Marshal(in, json.Deterministic(true))
	if err != nil {
		return Reply{}, false, err
	}
	return d.Once(ctx, Keyed{Key: key, Fingerprint: fingerprint(r, body)}, run)
}

// A Written is an output that writes itself, because it is large and often
// asked for: what the JSON library would make of it, in a fraction of the time.
// Only outputs of reads may be.
type Written interface {
	// WriteJSON returns the answer in two parts. The second may be shared: it
	// is not changed.
	WriteJSON() (body, rest []byte)
}

// A Headed is an output that comes with headers. Only outputs of reads may be.
type Headed interface {
	Header() http.Header
}

func (o Operation) encode(out any) (Reply, error) {
	status := o.Success
	if m, ok := out.(maybe); ok {
		if out = m.body(); out == nil {
			return Reply{Status: status}, nil
		}
		status = o.Instead
	}
	if e, ok := out.(either); ok {
		out = e.choose()
	}
	switch out := out.(type) {
	case *None:
		return Reply{Status: status}, nil
	case Headed:
		body, err := json.Marshal(out)
		return Reply{Status: status, Body: body, header: out.Header()}, err
	case Written:
		body, rest := out.WriteJSON()
		return Reply{Status: status, Body: body, rest: rest}, nil
	}
	body, err := json.Marshal(out, json.Deterministic(true)) // what is a map comes in one order
	return Reply{Status: status, Body: body}, err
}

func write(w http.ResponseWriter, reply Reply) {
	for name, values := range reply.header {
		w.Header()[name] = values
	}
	if reply.Body != nil {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	}
	if reply.rest != nil { // too long for net/http to count it
		w.Header().Set("Content-Length", strconv.Itoa(len(reply.Body)+len(reply.rest)))
	}
	w.WriteHeader(reply.Status)
	_, _ = w.Write(reply.Body) // the client is gone; nobody to tell
	_, _ = w.Write(reply.rest) // as above
}

// StatusClientGone is what logs and metrics say of a client that hung up, as
// proxies do; it is no failure of the server.
const StatusClientGone = 499

// A Call is what the request log and the metrics learn of one request. Each
// layer fills in what it knows.
type Call struct {
	ID        string // of the request
	Client    string // the client's address without port
	Operation string // Spec.ID, "" where none was reached
	Account   string
	App       string
	Code      string // of the failure, "" if none
	Err       error  // an internal error, to be logged in full
}

type callKey struct{}

// WithCall returns a ctx that carries c.
func WithCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// CallOf returns the Call that ctx carries, or one that nobody reads.
func CallOf(ctx context.Context) *Call {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return c
	}
	return new(Call)
}
