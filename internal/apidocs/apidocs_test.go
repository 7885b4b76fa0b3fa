package apidocs

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"muster/internal/op"
	"muster/internal/wire"
)

type guestsIn struct {
	Party  wire.Int `path:"partyId" json:"-"`
	Guests []struct {
		Email wire.String `json:"email" rule:"required" max:"128" doc:"Where <b>invitations</b> go." example:"o'hara@example.com"`
		Kind  wire.Int    `json:"kind" enum:"7|8"`
	} `json:"guests" rule:"required" max:"30"`
	Settings wire.Object `json:"settings" schema:"PartySettings"`
}

type guestsOut struct {
	ID      int64      `json:"party_id"`
	JoinURL string     `json:"join_url,omitzero" format:"uri"`
	Before  *guestsOut `json:"before,omitzero"`
}

func declare[In, Out any](s op.Spec) op.Operation {
	return op.Handle(s, func(context.Context, *In) (*Out, error) { return nil, nil })
}

func sample(t *testing.T) []byte {
	t.Helper()
	settings := map[string]any{}
	for _, letter := range "abcdefghijklmnopqrst" {
		settings["play_"+string(letter)] = map[string]any{"type": "boolean", "default": false}
	}
	doc, err := op.Document(op.Description{
		Title: "Parties", Version: "9.1", TokenURL: "/oauth/token",
		Servers: []op.Server{{URL: "/v2"}},
		Operations: []op.Operation{
			declare[guestsIn, guestsOut](op.Spec{
				ID: "addGuests", Group: "Guests", Title: "Add guests", Method: "POST", Path: "/parties/{partyId}/guests",
				Scopes: []string{"guest:write", "guest:write:admin"}, Rate: op.Heavy, Success: 201, Refuses: []string{"full"},
			}),
			declare[guestsIn, op.None](op.Spec{
				ID: "replaceGuests", Group: "Guests", Title: "Replace guests", Method: "PUT", Path: "/parties/{partyId}/guests",
				Public: true, Ours: true, Success: 204, Refuses: []string{"was"},
			}),
		},
		Error:   map[string]any{"type": "object"},
		Schemas: map[string]map[string]any{"PartySettings": {"type": "object", "properties": settings}},
		Answer: func(code string) op.Failure {
			if code == "was" {
				return op.Failure{Answer: op.Answer{Status: 410}, Text: "The party was."}
			}
			return op.Failure{Answer: op.Answer{Status: 409, Code: 3038}, Text: "No place is left."}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func get(t *testing.T) *httptest.ResponseRecorder {
	t.Helper()
	h, err := Handler(sample(t), Other{"Balls", "/docs/balls"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/docs/api", nil))
	return w
}

func TestTells(t *testing.T) {
	t.Parallel()
	page := get(t).Body.String()
	for name, want := range map[string]string{
		"title":             "<title>Parties 9.1</title>",
		"anchor":            `<article id="addGuests">`,
		"link":              `<a href="#addGuests">`,
		"token":             "<code>/oauth/token</code>",
		"scopes":            "Any one of</span> <code>guest:write</code> <code>guest:write:admin</code>",
		"no token":          "no token needed",
		"another document":  `href="/docs/balls">Balls</a>`,
		"no code":           "<tr><td>410</td><td>The party was.</td></tr>",
		"rate":              "<dt>Rate limit</dt><dd>Heavy</dd>",
		"nested field":      `<tr class="d1">`,
		"escaped text":      "Where &lt;b&gt;invitations&lt;/b&gt; go.",
		"enum":              "<code>7</code> <code>8</code>",
		"limits":            "1 to 30 elements",
		"large object once": `<article id="object-PartySettings">`,
		"link to it":        `<a href="#object-PartySettings">`,
		"refusal":           "<td>409</td><td>3038</td><td>No place is left.</td>",
		"example":           "&#34;party_id&#34;: 91234567890",
		"optional answer":   `<code>join_<wbr>url</code> <span class="type">may be missing</span>`,
		"call":              "curl -X POST &#34;$MUSTER/v2/parties/1/guests&#34;",
		"quoted in shell":   `o&#39;\&#39;&#39;hara@example.com`,
		"footer":            "not affiliated with",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s: the page lacks %s", name, want)
		}
	}
	if n := strings.Count(page, "<code>play_<wbr>a</code>"); n != 1 {
		t.Errorf("a shared object is told %d times, want once", n)
	}
}

func TestStandsAlone(t *testing.T) {
	t.Parallel()
	w := get(t)
	page := w.Body.String()
	if found := regexp.MustCompile(`<script|<link|<img|<iframe|\bsrc=|url\(|@import|href="[^#/]|href="//`).FindString(page); found != "" {
		t.Errorf("the page reaches outside: %s", found)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("id %s twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("link to nothing: %s", m[1])
		}
	}
	for name, want := range map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestUnchanged(t *testing.T) {
	t.Parallel()
	h, err := Handler(sample(t), Other{"Balls", "/docs/balls"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/docs/api", nil)
	r.Header.Set("If-None-Match", get(t).Header().Get("ETag"))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusNotModified {
		t.Errorf("got %d, want 304", w.Code)
	}
}

func TestRefusesWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{"", "[]", `{"paths":[]}`} {
		if _, err := Handler([]byte(doc)); err == nil {
			t.Errorf("%q: no error", doc)
		}
	}
}
