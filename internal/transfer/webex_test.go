package transfer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"muster/internal/client"
	"muster/internal/roster"
)

const webexMeeting = "560d7b784f5143e3be2fc3064a5c4999"

const webexForm = `{"autoAcceptRequest":true,"customizedQuestions":[
	{"id":7,"question":"Diet?","type":"checkbox","options":[{"id":1,"value":"vegan"},{"id":"2","value":"no nuts"}]},
	{"id":"9","question":"Comments","type":"multiLineTextBox"}]}`

// A webexServer is some other server of the Webex API with one meeting.
type webexServer struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []string
	people []map[string]any
	keys   []string

	form   string
	bulk   func(items []map[string]any) (status int, body string, header map[string]string) // status 0: all are taken
	single func(p map[string]any) (status int, body string)                                 // status 0: taken
	known  string                                                                           // the answer to a query
	list   func(w http.ResponseWriter, r *http.Request)
}

func newWebexServer(t *testing.T) *webexServer {
	t.Helper()
	s := &webexServer{form: webexForm, known: `{"items":[]}`}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *webexServer) options(t *testing.T, file string) ImportOptions {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	zoomLike := server{Server: s.Server}
	return ImportOptions{Client: zoomLike.client(t), Dialect: "webex", Meeting: webexMeeting, File: path, Concurrency: 1}
}

func webexError(message string, descriptions ...string) string {
	var all []map[string]string
	for _, d := range descriptions {
		all = append(all, map[string]string{"description": d})
	}
	b, _ := json.Marshal(map[string]any{"message": message, "errors": all, "trackingId": "ROUTER_1"}) // texts only
	return string(b)
}

func (s *webexServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	meeting := "/v1/meetings/" + webexMeeting
	path := strings.TrimPrefix(r.URL.Path, meeting)
	switch {
	case r.URL.Path == "/oauth/token":
		fmt.Fprintf(w, `{"access_token":"t","expires_in":3600,"api_url":%q}`, s.URL)
		return
	case r.Header.Get("Authorization") != "Bearer t" || !strings.HasPrefix(r.URL.Path, meeting):
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, webexError("The meeting does not exist.", "The meeting does not exist."))
		return
	case path == "/registration":
		fmt.Fprint(w, s.form)
		return
	case r.Method == http.MethodGet && path == "/registrants":
		s.list(w, r)
		return
	}
	body := map[string]any{}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return // the client is gone
	}
	s.calls = append(s.calls, strings.TrimPrefix(path, "/registrants"))
	s.keys = append(s.keys, r.Header.Get("Idempotency-Key"))
	switch path {
	case "/registrants/query":
		fmt.Fprint(w, s.known)
	case "/registrants":
		if s.single != nil {
			if status, answer := s.single(body); status != 0 {
				w.WriteHeader(status)
				fmt.Fprint(w, answer)
				return
			}
		}
		s.people = append(s.people, body)
		_ = json.NewEncoder(w).Encode(webexAnswer(body)) // the client may be gone
	case "/registrants/bulkInsert":
		s.insert(w, body["items"].([]any))
	}
}

func (s *webexServer) insert(w http.ResponseWriter, list []any) {
	var items, answers []map[string]any
	for _, item := range list {
		items = append(items, item.(map[string]any))
	}
	if s.bulk != nil {
		if status, answer, header := s.bulk(items); status != 0 {
			for name, value := range header {
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			fmt.Fprint(w, answer)
			return
		}
	}
	for _, p := range items {
		s.people = append(s.people, p)
		answers = append(answers, webexAnswer(p))
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"items": answers}) // the client may be gone
}

// webexAnswer answers by the email who waits and who is rejected.
func webexAnswer(p map[string]any) map[string]any {
	email := p["email"].(string)
	status, _, _ := strings.Cut(email, "@")
	if status != "pending" && status != "rejected" {
		status = "approved"
	}
	return map[string]any{"registrantId": "id-" + email, "email": email, "status": status}
}

func TestWebexOutcomes(t *testing.T) {
	t.Parallel()
	s := newWebexServer(t)
	s.bulk = func(items []map[string]any) (int, string, map[string]string) {
		for i, p := range items {
			if p["email"] == "no@example.com" {
				return 400, webexError("The request is not as it should be.", fmt.Sprintf("items[%d].email: must not be that", i)), nil
			}
		}
		return 0, "", nil
	}
	o := s.options(t, "Email,First Name,Organization,Zip,Fax,Address 2,Industry,Comments,Diet\n"+
		"ann@example.com,Ann,Acme,53111,123,Back yard,Steel,Hello,\"Vegan, no nuts\"\n"+
		"pending@example.com,Bo,,01069,,,,,\n"+
		"rejected@example.com,Cy,,,,,,,\n"+
		"no@example.com,Di,,,,,,,\n"+
		"eve@example.com,Eve,,,,,,,meat\n")
	sum, err := Import(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results(t, o) {
		got = append(got, fmt.Sprintf("%d %s %s %s", r.Row, r.Outcome, r.RegistrantID, r.Reason))
	}
	want := []string{
		"2 registered id-ann@example.com ",
		"3 pending id-pending@example.com ",
		"4 refused id-rejected@example.com rejected, by a rule of the meeting's form or by its host",
		"5 refused  email: must not be that",
		`6 bad  the answer to "Diet?" is "meat", but must be one of: vegan; no nuts`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !slices.Equal(sum.Ignored, []string{"Industry"}) {
		t.Errorf("got ignored columns %v, want Industry", sum.Ignored)
	}
	sent, _ := json.Marshal(s.people[0]) // out of JSON
	const ann = `{"address2":"Back yard","companyName":"Acme","customizedQuestions":[{"answers":[{"answer":"Hello"}],"questionId":9},` +
		`{"answers":[{"answer":"vegan","optionId":1},{"answer":"no nuts","optionId":2}],"questionId":7}],"email":"ann@example.com","fax":"123","firstName":"Ann","zipCode":53111}`
	if string(sent) != ann {
		t.Errorf("sent %s\nwant %s", sent, ann)
	}
	if zip := s.people[1]["zipCode"]; zip != "01069" {
		t.Errorf("a zip code with a leading zero: got %v", zip)
	}
	if !slices.Equal(s.calls, []string{"/bulkInsert", "/bulkInsert"}) || s.keys[0] == "" || s.keys[0] == s.keys[1] {
		t.Errorf("got calls %v with keys %v", s.calls, s.keys)
	}
}

func TestWebexHundredAtOnce(t *testing.T) {
	t.Parallel()
	s := newWebexServer(t)
	var sizes []int
	first := true
	s.bulk = func(items []map[string]any) (int, string, map[string]string) {
		if first { // an earlier request of a killed run still runs
			first = false
			return 423, webexError("It still runs."), map[string]string{"Retry-After": "2"}
		}
		sizes = append(sizes, len(items))
		return 0, "", nil
	}
	if sum, err := Import(t.Context(), s.options(t, people(205))); err != nil || sum.Registered != 205 {
		t.Fatalf("got %v\n%s", err, sum)
	}
	if !slices.Equal(sizes, []int{100, 100, 5}) {
		t.Errorf("got batches of %v, want 100, 100 and 5", sizes)
	}
}

// TestWebexKnown finds out who is registered where the API says no more than
// that somebody is.
func TestWebexKnown(t *testing.T) {
	t.Parallel()
	s := newWebexServer(t)
	s.single = func(map[string]any) (int, string) {
		return 409, webexError("Is registered already.", "Is registered already.")
	}
	s.known = `{"items":[{"id":"r1","email":"P2@example.com","status":"pending"}]}`
	o := s.options(t, people(2))
	o.Single = true
	if _, err := Import(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := results(t, o)
	if got[0].Outcome != roster.Pending || got[0].RegistrantID != "r1" {
		t.Errorf("who is registered: got %+v", got[0])
	}
	if got[1].Outcome != roster.Refused || got[1].Reason != "Is registered already." {
		t.Errorf("who is not: got %+v", got[1])
	}
	if want := []string{"", "/query", "", "/query"}; !slices.Equal(s.calls, want) { // 409 is not asked again
		t.Errorf("got calls %q, want %q", s.calls, want)
	}
}

func TestWebexStops(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string
		open   int
	}{
		"full":      {409, webexError("No place is left in the meeting.", "No place is left in the meeting."), "is full: make room", 3},
		"over":      {409, webexError("The meeting is over: nobody can register any more."), "is over", 3},
		"off":       {400, webexError("Bad.", "The meeting does not ask for registration."), "asks for no registration", 3},
		"forbidden": {403, webexError("None of the scopes."), "lacks a scope", 3},
		"deleted":   {410, webexError("The meeting was deleted."), "was deleted", 3},
		"unknown":   {404, webexError("No meeting."), "does not exist for this account", 3},
		"no API":    {404, "<html>", "this does not look like the API", 3},
		"later":     {429, webexError("Too many."), "longer pause", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newWebexServer(t)
			s.bulk = func([]map[string]any) (int, string, map[string]string) {
				return tt.status, tt.body, map[string]string{"Retry-After": "100000"}
			}
			sum, err := Import(t.Context(), s.options(t, people(3)))
			if err == nil || !strings.Contains(err.Error(), tt.want) || sum.Open != tt.open {
				t.Errorf("got %v and %d open, want %q and %d", err, sum.Open, tt.want, tt.open)
			}
		})
	}
}

func TestWebexRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*ImportOptions)
		want   string
	}{
		"a number":        {func(o *ImportOptions) { o.Meeting = "857 4606-5123" }, "is a meeting number: the Webex dialect wants the id"},
		"a date":          {func(o *ImportOptions) { o.Meeting += "_20200713T121500Z" }, "leave out what begins with _"},
		"nonsense":        {func(o *ImportOptions) { o.Meeting = "xyz" }, "is no id of a meeting"},
		"an id to Zoom":   {func(o *ImportOptions) { o.Dialect = "" }, "add --dialect webex"},
		"another dialect": {func(o *ImportOptions) { o.Dialect = "teams" }, "it is zoom or webex"},
		"approving":       {func(o *ImportOptions) { o.AutoApprove = true }, "approves nobody while it registers"},
		"dates":           {func(o *ImportOptions) { o.Occurrences = []string{"1"} }, "no single dates"},
		"a question":      {func(o *ImportOptions) { o.Questions = "Last Name" }, "answers no question"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newWebexServer(t)
			o := s.options(t, people(1))
			tt.change(&o)
			if _, err := Import(t.Context(), o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if len(s.calls) > 0 {
				t.Errorf("sent %v", s.calls)
			}
		})
	}
}

func TestWebexExport(t *testing.T) {
	t.Parallel()
	s := newWebexServer(t)
	s.list = func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		switch {
		case q.Get("status") == "approved" && q.Get("cursor") == "":
			w.Header().Add("Link", fmt.Sprintf(`<http://elsewhere.example%s&cursor=n>; rel="next"`, r.URL.RequestURI()))
			fmt.Fprint(w, `{"items":[{"id":"1","email":"ann@example.com","status":"approved","zipCode":53111,"registrationTime":"2026-01-02T03:04:05+01:00",
				"customizedQuestions":[{"questionId":7,"answers":[{"optionId":1,"answer":"vegan"},{"optionId":2,"answer":"no nuts"}]}]}]}`)
		case q.Get("status") == "approved":
			fmt.Fprint(w, `{"items":[{"registrantId":"2","email":"bob@example.com","status":"approved","address2":"x"}]}`)
		case q.Get("status") == "rejected":
			fmt.Fprint(w, `{"items":[{"id":"3","email":"cy@example.com","status":"rejected"}]}`)
		default:
			fmt.Fprint(w, `{"items":[]}`)
		}
	}
	var out bytes.Buffer
	c := (&server{Server: s.Server}).client(t)
	n, err := Export(t.Context(), ExportOptions{Client: c, Dialect: "webex", Meeting: webexMeeting, Out: &out})
	const want = "Email,First Name,Last Name,Organization,Job Title,Phone,Fax,Address,Address 2,City,State/Province,Zip/Postal Code,Country/Region," +
		"Approval Status,Registration Time,Registrant ID,Join URL,Diet?,Question: Comments\n" +
		"ann@example.com,,,,,,,,,,,53111,,approved,2026-01-02T03:04:05+01:00,1,,\"vegan, no nuts\",\n" +
		"bob@example.com,,,,,,,,x,,,,,approved,,2,,,\n" +
		"cy@example.com,,,,,,,,,,,,,rejected,,3,,,\n"
	if err != nil || n != 3 || out.String() != want {
		t.Errorf("got %d %v\n%s\nwant\n%s", n, err, out.String(), want)
	}
	if _, err := Export(t.Context(), ExportOptions{Client: c, Dialect: "webex", Meeting: webexMeeting, Occurrence: "1", Out: &out}); err == nil {
		t.Error("an occurrence: no error")
	}
}

// TestWebexHasNoSubAccounts keeps a client from writing to another account
// than was asked for.
func TestWebexHasNoSubAccounts(t *testing.T) {
	t.Parallel()
	s := newWebexServer(t)
	o := s.options(t, people(1))
	c, err := client.New(client.Config{URL: s.URL, AccountID: "a", ClientID: "b", ClientSecret: "c", SubAccount: "branch"})
	if err != nil {
		t.Fatal(err)
	}
	o.Client = c
	if _, err := Import(t.Context(), o); err == nil || !strings.Contains(err.Error(), "no path for a sub account") || len(s.calls) > 0 {
		t.Errorf("got %v and calls %v", err, s.calls)
	}
}
