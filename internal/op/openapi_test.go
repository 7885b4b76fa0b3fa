package op_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"muster/internal/op"
	"muster/internal/wire"
)

type guestIn struct {
	Email wire.String `json:"email" rule:"required" max:"128" format:"email" doc:"Where invitations go." example:"ada@example.com"`
	Name  wire.String `json:"name" min:"2" max:"64"`
}

type addGuestsIn struct {
	Party  int64String             `path:"partyId" json:"-" doc:"The party."`
	Tags   wire.List               `query:"tags" json:"-"`
	Trace  wire.String             `header:"X-Trace" json:"-"`
	Kind   wire.Int                `query:"kind" json:"kind" enum:"1|2|3" rule:"required"`
	Size   wire.Optional[wire.Int] `json:"size" min:"1" max:"300"`
	Quiet  wire.Bool               `json:"quiet" ours:"true" doc:"Sends nothing."`
	Guests []wire.Row[guestIn]     `json:"guests" rule:"required" max:"30"`
	Set    wire.Object             `json:"settings" schema:"PartySettings" doc:"What differs from the default."`
}

// int64String is an id that has more digits than small numbers have.
type int64String int64

func (i *int64String) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	*i = int64String(n)
	return err
}

type paging struct {
	Next string `json:"next_page_token"`
}

type guestOut struct {
	ID      string            `json:"id"`
	Party   int64             `json:"party_id"`
	JoinURL string            `json:"join_url,omitzero" format:"uri"`
	At      time.Time         `json:"at"`
	Answers map[string]string `json:"answers,omitempty"`
	Host    *guestOut         `json:"host"`
	Set     map[string]any    `json:"settings" schema:"PartySettings"`
}

type guestsOut struct {
	paging
	Guests []guestOut  `json:"guests"`
	Jar    Cookie      `json:"jar"`
	Crumb  http.Cookie `json:"crumb"`
}

// Cookie has the name of a type of another package.
type Cookie struct {
	Sugar bool `json:"sugar"`
}

type listGuestsIn struct {
	Party int64String `path:"partyId" json:"-"`
	Size  wire.Int    `query:"page_size" json:"-" min:"1" max:"300"`
}

func does[In, Out any](context.Context, *In) (*Out, error) { return new(Out), nil }

func sample() op.Description {
	return op.Description{
		Title: "Parties", Version: "1", TokenURL: "/oauth/token",
		Servers: []op.Server{
			{URL: "https://party.example/v2"},
			{URL: "https://party.example/v2/accounts/{accountId}", Variables: map[string]string{"accountId": "me"}},
		},
		Operations: []op.Operation{
			op.Handle(op.Spec{
				ID: "addGuests", Group: "Guests", Title: "Add guests", Method: "POST", Path: "/parties/{partyId}/guests",
				Scopes: []string{"guest:write", "guest:write:admin"}, Rate: op.Heavy, Success: 201,
				Refuses: []string{"party_not_found", "full", "over"}, Errors: op.Errors{"over": {Status: 404, Code: 3043}},
			}, does[addGuestsIn, guestsOut]),
			op.Handle(op.Spec{
				ID: "listGuests", Group: "Guests", Title: "List guests", Method: "GET", Path: "/parties/{partyId}/guests",
				Rate: op.Medium, Success: 200,
			}, does[listGuestsIn, guestsOut]),
			op.Handle(op.Spec{
				ID: "endParty", Group: "Parties", Title: "End a party", Method: "PUT", Path: "/parties/{partyId}/status",
				Public: true, Ours: true, Success: 204,
			}, does[struct {
				Party int64String `path:"partyId" json:"-"`
				Why   struct {
					Text wire.String `json:"text" rule:"required"`
				} `json:"why"`
			}, op.None]),
		},
		Error: map[string]any{"type": "object", "properties": map[string]any{"code": map[string]any{"type": "integer"}}},
		Schemas: map[string]map[string]any{"PartySettings": {
			"type": "object", "properties": map[string]any{"music": map[string]any{"type": "boolean"}},
		}},
		Answer: func(code string) op.Failure {
			return map[string]op.Failure{
				"party_not_found": {Answer: op.Answer{Status: 404, Code: 3001}, Text: "No such party."},
				"full":            {Answer: op.Answer{Status: 400, Code: 3038}, Text: "No place is left."},
				"over":            {Answer: op.Answer{Status: 400, Code: 3000}, Text: "The party is over."},
			}[code]
		},
		Common: func(s *op.Spec) []op.Failure {
			if s.Public {
				return nil
			}
			return []op.Failure{{Answer: op.Answer{Status: 401, Code: 124}, Text: "The token is not valid."}}
		},
	}
}

func parse(t *testing.T, d op.Description) (doc map[string]any, text []byte) {
	t.Helper()
	text, err := op.Document(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc, text
}

// at follows a path of names and list positions, with / between; ~1 is a slash.
func at(v any, pointer string) any {
	for name := range strings.SplitSeq(pointer, "/") {
		name = strings.ReplaceAll(name, "~1", "/")
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func TestDocumentSays(t *testing.T) {
	t.Parallel()
	doc, _ := parse(t, sample())
	post, get, put := "paths/~1parties~1{partyId}~1guests/post/", "paths/~1parties~1{partyId}~1guests/get/", "paths/~1parties~1{partyId}~1status/put/"
	in, out := "components/schemas/AddGuestsRequest/", "components/schemas/Guest/"
	for pointer, want := range map[string]any{
		"openapi":                                      "3.1.0",
		"servers/1/variables/accountId":                map[string]any{"default": "me"},
		"tags":                                         []any{map[string]any{"name": "Guests"}, map[string]any{"name": "Parties"}},
		post + "operationId":                           "addGuests",
		post + "x-rate-limit-label":                    "Heavy",
		post + "x-muster-extension":                    nil,
		post + "security":                              []any{map[string]any{"oauth2": []any{"guest:write"}}, map[string]any{"oauth2": []any{"guest:write:admin"}}},
		get + "security":                               []any{map[string]any{"oauth2": []any{}}},
		put + "security":                               []any{},
		put + "x-muster-extension":                     true,
		put + "x-rate-limit-label":                     nil,
		put + "parameters/1":                           nil, // no token, no key
		post + "parameters/0":                          map[string]any{"name": "partyId", "in": "path", "required": true, "description": "The party.", "schema": map[string]any{"type": "integer", "format": "int64"}},
		post + "parameters/1/explode":                  false,
		post + "parameters/2/required":                 nil, // the body may give it
		post + "parameters/2/schema/enum":              []any{1.0, 2.0, 3.0},
		post + "parameters/3/in":                       "header",
		post + "parameters/4/$ref":                     "#/components/parameters/IdempotencyKey",
		get + "requestBody":                            nil,
		get + "parameters/1/schema":                    map[string]any{"type": "integer", "minimum": 1.0, "maximum": 300.0},
		post + "requestBody/required":                  true,
		post + "requestBody/content/application~1json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/AddGuestsRequest"}},
		post + "requestBody/content/multipart~1form-data/encoding/guests":              map[string]any{"contentType": "application/json"},
		post + "requestBody/content/application~1x-www-form-urlencoded/encoding/quiet": nil,
		in + "required":            []any{"guests"},
		in + "properties/partyId":  nil,
		in + "properties/size":     map[string]any{"type": "integer", "minimum": 1.0, "maximum": 300.0},
		in + "properties/quiet":    map[string]any{"type": "boolean", "description": "Sends nothing.", "x-muster-extension": true},
		in + "properties/guests":   map[string]any{"type": "array", "minItems": 1.0, "maxItems": 30.0, "items": map[string]any{"$ref": "#/components/schemas/GuestInput"}},
		in + "properties/settings": map[string]any{"$ref": "#/components/schemas/PartySettings", "description": "What differs from the default."},
		"components/schemas/GuestInput/properties/email": map[string]any{
			"type": "string", "format": "email", "minLength": 1.0, "maxLength": 128.0,
			"description": "Where invitations go.", "examples": []any{"ada@example.com"},
		},
		"components/schemas/GuestInput/required":                     []any{"email"},
		"components/schemas/GuestInput/properties/name":              map[string]any{"type": "string", "minLength": 2.0, "maxLength": 64.0},
		"components/schemas/EndPartyRequest/properties/why/required": []any{"text"},
		out + "required":                                                     []any{"id", "party_id", "at", "host", "settings"},
		out + "properties/party_id":                                          map[string]any{"type": "integer", "format": "int64"},
		out + "properties/at":                                                map[string]any{"type": "string", "format": "date-time"},
		out + "properties/join_url":                                          map[string]any{"type": "string", "format": "uri"},
		out + "properties/answers":                                           map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "string"}},
		out + "properties/host":                                              map[string]any{"anyOf": []any{map[string]any{"$ref": "#/components/schemas/Guest"}, map[string]any{"type": "null"}}},
		"components/schemas/Guests/required":                                 []any{"next_page_token", "guests", "jar", "crumb"},
		"components/schemas/Guests/properties/jar/$ref":                      "#/components/schemas/Op_testCookie",
		"components/schemas/Guests/properties/crumb/$ref":                    "#/components/schemas/HttpCookie",
		post + "responses/201/content/application~1json":                     map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Guests"}},
		put + "responses/204":                                                map[string]any{"description": "No Content"},
		post + "responses/400/description":                                   "- `3038` No place is left.",
		post + "responses/401/x-error-codes/0":                               map[string]any{"code": 124.0, "message": "The token is not valid."},
		post + "responses/404/description":                                   "- `3001` No such party.\n- `3043` The party is over.",
		put + "responses/401":                                                nil,
		"components/securitySchemes/oauth2/flows/clientCredentials/tokenUrl": "/oauth/token",
	} {
		if got := at(doc, pointer); !equal(got, want) {
			t.Errorf("%s\n got %s\nwant %s", pointer, spell(got), spell(want))
		}
	}
}

func spell(v any) string {
	b, err := json.Marshal(v, json.Deterministic(true))
	return fmt.Sprint(string(b), err)
}

func equal(a, b any) bool { return spell(a) == spell(b) }

func TestDocumentHoldsTogether(t *testing.T) {
	t.Parallel()
	doc, text := parse(t, sample())
	for _, m := range regexp.MustCompile(`"\$ref": "#/([^"]*)"`).FindAllSubmatch(text, -1) {
		if at(doc, string(m[1])) == nil {
			t.Errorf("reference to nothing: %s", m[1])
		}
	}
	ids := map[any]bool{}
	for path, item := range doc["paths"].(map[string]any) {
		for method, o := range item.(map[string]any) {
			if id := at(o, "operationId"); ids[id] {
				t.Errorf("%s twice", id)
			} else {
				ids[id] = true
			}
			var have []string
			for _, p := range o.(map[string]any)["parameters"].([]any) {
				if at(p, "in") == "path" {
					have = append(have, "{"+at(p, "name").(string)+"}")
				}
			}
			if want := regexp.MustCompile(`{[^}]*}`).FindAllString(path, -1); !slices.Equal(have, want) {
				t.Errorf("%s %s: path parameters %v, want %v", method, path, have, want)
			}
		}
	}
}

func TestDocumentIsDeterministic(t *testing.T) {
	t.Parallel()
	_, first := parse(t, sample())
	for range 5 {
		if _, again := parse(t, sample()); !bytes.Equal(first, again) {
			t.Fatal("two documents of one description differ")
		}
	}
	d := sample()
	slices.Reverse(d.Operations)
	forth, _ := parse(t, sample())
	back, _ := parse(t, d)
	if !equal(forth["components"], back["components"]) {
		t.Error("names depend on the order of the operations")
	}
}

func TestDocumentRefuses(t *testing.T) {
	t.Parallel()
	spec := func(id, method, path string) op.Spec {
		return op.Spec{ID: id, Method: method, Path: path, Success: 200}
	}
	type none struct{}
	nothing := does[none, op.None]
	for name, c := range map[string]struct {
		ops  []op.Operation
		want string
	}{
		"an id twice":         {[]op.Operation{op.Handle(spec("a", "GET", "/a"), nothing), op.Handle(spec("a", "GET", "/b"), nothing)}, "operation a is a's already"},
		"a route twice":       {[]op.Operation{op.Handle(spec("a", "GET", "/a"), nothing), op.Handle(spec("b", "GET", "/a"), nothing)}, "GET /a is a's already"},
		"one path, two names": {[]op.Operation{op.Handle(spec("a", "GET", "/{x}"), nothing), op.Handle(spec("b", "PUT", "/{y}"), nothing)}, "as /{x} does"},
		"no status":           {[]op.Operation{op.Handle(op.Spec{ID: "a", Method: "GET", Path: "/a"}, nothing)}, "no status of success"},
		"an unknown code":     {[]op.Operation{op.Handle(op.Spec{ID: "a", Method: "GET", Path: "/a", Success: 200, Refuses: []string{"rain"}}, nothing)}, "does not know rain"},
		"a stray parameter":   {[]op.Operation{op.Handle(spec("a", "GET", "/a"), does[listGuestsIn, op.None])}, "no parameter partyId"},
		"an unknown schema": {[]op.Operation{op.Handle(spec("a", "PUT", "/a"), does[struct {
			X wire.Object `json:"x" schema:"Weather"`
		}, op.None])}, "no schema Weather"},
		"an enum of no number": {[]op.Operation{op.Handle(spec("a", "PUT", "/a"), does[struct {
			X wire.Int `json:"x" enum:"1|two"`
		}, op.None])}, `"two" is no whole number`},
	} {
		d := sample()
		d.Operations = c.ops
		if _, err := op.Document(d); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want …%s…", name, err, c.want)
		}
	}
}

// TestDocumentOfStatusesOnly describes a dialect that has no codes of its own.
func TestDocumentOfStatusesOnly(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Answer = func(string) op.Failure { return op.Failure{Answer: op.Answer{Status: 409}, Text: "No place is left."} }
	d.Operations[0].Errors, d.JSONOnly = nil, true
	doc, _ := parse(t, d)
	post := "paths/~1parties~1{partyId}~1guests/post/"
	for pointer, want := range map[string]any{
		post + "responses/409/description":                "- No place is left.",
		post + "responses/409/x-error-codes":              []any{map[string]any{"message": "No place is left."}},
		post + "requestBody/content/multipart~1form-data": nil,
	} {
		if got := at(doc, pointer); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %v, want %v", pointer, got, want)
		}
	}
}
