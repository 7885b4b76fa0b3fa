package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/client"
)

// A server is some other server of the API with one meeting, 123. It knows
// idempotency keys, and unlike the original it makes a second registration of
// an email that comes twice, so that the tests notice.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	calls    []string // kind and how many people
	made     map[string]int
	people   map[string]map[string]any
	replays  map[string]any
	maxBatch int

	questions string
	noBatch   bool                        // answers 303
	upsert    bool                        // an email that comes again is the same registration
	manual    bool                        // nobody is approved at once
	capacity  int                         // 0 for none
	blame     bool                        // refusals name the index
	refuse    func(email string) *refusal // nil for everybody welcome
	meddle    func(call int) *refusal     // before a write is looked at; a refusal is the answer
	answered  func(call int)              // after a write was done, before its answer
	list      func(w http.ResponseWriter, r *http.Request)
}

type refusal struct {
	status, code int
	message      string
	header       map[string]string
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{
		made: map[string]int{}, people: map[string]map[string]any{}, replays: map[string]any{}, maxBatch: 30,
		questions: `{"questions":[],"custom_questions":[]}`,
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) client(t *testing.T) *client.Client {
	t.Helper()
	now := time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC)
	c, err := client.New(client.Config{
		URL: s.URL, AccountID: "a", ClientID: "b", ClientSecret: "c",
		Now: func() time.Time { return now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/oauth/token":
		fmt.Fprintf(w, `{"access_token":"t","expires_in":3600,"api_url":%q}`, s.URL)
	case r.URL.Path == "/v2/meetings/123/registrants/questions":
		fmt.Fprint(w, s.questions)
	case r.Method == http.MethodGet && r.URL.Path == "/v2/meetings/123/registrants" && s.list != nil:
		s.list(w, r)
	case r.Method == http.MethodPost && r.URL.Path == "/v2/meetings/123/batch_registrants":
		var b struct {
			Registrants []map[string]any `json:"registrants"`
		}
		if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
			return // the client is gone
		}
		s.write(w, r, "batch", b.Registrants)
	case r.Method == http.MethodPost && r.URL.Path == "/v2/meetings/123/registrants":
		var p map[string]any
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
			return
		}
		s.write(w, r, "single"+r.URL.Query().Get("occurrence_ids"), []map[string]any{p})
	default:
		s.fail(w, &refusal{404, 3001, "Meeting does not exist.", nil}, -1)
	}
}

func (s *server) write(w http.ResponseWriter, r *http.Request, kind string, people []map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, kind+" "+strconv.Itoa(len(people)))
	call := len(s.calls)
	if s.meddle != nil {
		if no := s.meddle(call); no != nil {
			s.fail(w, no, -1)
			return
		}
	}
	key := r.Header.Get("Idempotency-Key")
	answer, replayed := s.replays[key]
	if !replayed {
		no, at := s.check(kind, people)
		if no != nil {
			s.fail(w, no, at)
			return
		}
		answer = s.register(kind, people)
		s.replays[key] = answer
	}
	if s.answered != nil {
		s.answered(call)
	}
	w.WriteHeader(http.StatusOK)
	_ = json.NewEncoder(w).Encode(answer) // the client may be gone
}

func (s *server) check(kind string, people []map[string]any) (*refusal, int) {
	if kind == "batch" && s.noBatch {
		return &refusal{400, 303, "This API can only be used for scheduled meetings.", nil}, -1
	}
	if len(people) > s.maxBatch {
		return &refusal{400, 300, "Too many.", nil}, -1
	}
	if s.refuse != nil {
		for i, p := range people {
			if no := s.refuse(p["email"].(string)); no != nil {
				if kind != "batch" {
					i = -1
				}
				return no, i
			}
		}
	}
	if s.capacity > 0 && len(s.made)+len(people) > s.capacity {
		return &refusal{404, 3043, "Meeting has reached maximum attendee capacity.", nil}, -1
	}
	return nil, -1
}

func (s *server) register(kind string, people []map[string]any) any {
	var answers []map[string]any
	for _, p := range people {
		email := strings.ToLower(p["email"].(string))
		if s.made[email] == 0 || !s.upsert {
			s.made[email]++
		}
		s.people[email] = p
		a := map[string]any{"registrant_id": "-id-" + email, "email": p["email"]}
		if !s.manual {
			a["join_url"] = " https://example.com/w/123?tk=" + email
		}
		answers = append(answers, a)
	}
	if kind == "batch" {
		return map[string]any{"registrants": answers}
	}
	delete(answers[0], "email")
	return answers[0]
}

func (s *server) fail(w http.ResponseWriter, no *refusal, at int) {
	for name, value := range no.header {
		w.Header().Set(name, value)
	}
	body := map[string]any{"code": no.code, "message": no.message}
	if s.blame && at >= 0 {
		body["message"] = "Validation Failed."
		body["errors"] = []map[string]string{{"field": fmt.Sprintf("registrants[%d].email", at), "message": no.message}}
	}
	w.WriteHeader(no.status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}

// Registered says who was registered how often, other than once.
func (s *server) oddities(want int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var odd []string
	for email, n := range s.made {
		if n != 1 {
			odd = append(odd, fmt.Sprintf("%s %d times", email, n))
		}
	}
	slices.Sort(odd)
	if len(s.made) != want {
		odd = append(odd, fmt.Sprintf("%d people, want %d", len(s.made), want))
	}
	return strings.Join(odd, ", ")
}
