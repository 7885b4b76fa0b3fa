package server

import (
	"net/http"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/webex"
	"muster/internal/zoom"
)

// about is the head of the document of the Zoom dialect.
const about = "The part of the Zoom REST API v2 that this Muster server answers, generated from the declarations that it runs on. " +
	"Every operation whose path names no account is also there under /v2/accounts/{accountId} and /accounts/{accountId}. Muster is not affiliated with Zoom."

// aboutWebex is the head of the document of the Webex dialect.
const aboutWebex = "The part of the Webex Meetings API v1 that this Muster server answers, generated from the declarations that it runs on. " +
	"Meetings and registrants are the same as those of the Zoom dialect. Muster is not affiliated with Cisco."

// tokenAbout says how a client gets a token.
const tokenAbout = "POST with grant_type=account_credentials and account_id, in the query or a form, and the app's client id and secret by " +
	"HTTP Basic. OpenAPI has no name for this grant: clientCredentials is the nearest."

// usualBase is where links of a document begin that no server serves.
const usualBase = "http://localhost:8080"

// OpenAPI returns the OpenAPI documents by dialect. The token endpoints are
// told in their texts.
func OpenAPI(d Declared, base, version string) (zoomDoc, webexDoc []byte, err error) {
	if base == "" {
		base = usualBase
	}
	if zoomDoc, err = openAPIZoom(d, base, version); err != nil {
		return nil, nil, err
	}
	webexDoc, err = op.Document(op.Description{
		Title: "Muster: the Webex dialect", Version: version, About: aboutWebex,
		Servers:  []op.Server{{URL: base + webex.Prefix}},
		TokenURL: base + "/oauth/token", TokenAbout: tokenAbout,
		Operations: d.Webex, JSONOnly: true,
		Error:   webex.EnvelopeSchema(),
		Schemas: map[string]map[string]any{"RegistrationOption": webex.OptionSchema()},
		Answer:  func(code string) op.Failure { return webex.Described(muster.Code(code)) },
		Common:  webex.Common,
	})
	return zoomDoc, webexDoc, err
}

func openAPIZoom(d Declared, base, version string) ([]byte, error) {
	return op.Document(op.Description{
		Title: "Muster: the Zoom dialect", Version: version, About: about,
		Servers:  []op.Server{{URL: base + "/v2", About: "The plain form."}},
		TokenURL: base + "/oauth/token", TokenAbout: tokenAbout,
		// The token endpoints are not below /v2: they are told in the text and in `muster operations`.
		Operations: d.Zoom,
		Error:      zoom.EnvelopeSchema(),
		Schemas:    map[string]map[string]any{"MeetingSettings": settings.Meeting.Schema()},
		Answer:     func(code string) op.Failure { return zoom.Described(muster.Code(code)) },
		Common:     common,
	})
}

// common are the failures that every operation may answer.
func common(s *op.Spec) []op.Failure {
	noAccount := zoom.Described(muster.AccountNotFound)
	noAccount.Answer = zoom.AnswerTo(s, muster.AccountNotFound)
	all := []op.Failure{
		{Answer: op.Answer{Status: http.StatusUnauthorized, Code: 4700}, Text: "No access token."},
		{Answer: op.Answer{Status: http.StatusUnauthorized, Code: 124}, Text: "The access token is unknown, revoked or expired."},
		{Answer: op.Answer{Status: http.StatusBadRequest, Code: 4711}, Text: "The token lacks the scopes, which the message names."},
		noAccount,
		zoom.Described(muster.Invalid), // the form of any query
		zoom.Described(muster.Overloaded),
		{Answer: op.Answer{Status: http.StatusInternalServerError, Code: 500}, Text: "Something of ours broke."},
		{Answer: op.Answer{Status: http.StatusTooManyRequests, Code: 429}, Text: "A rate limit, where the server imitates them."},
	}
	if s.Method != http.MethodGet {
		all = append(all,
			op.Failure{Answer: op.Answer{Status: http.StatusRequestEntityTooLarge, Code: 300}, Text: "The body is over 1 MiB."},
			op.Failure{Answer: op.Answer{Status: http.StatusUnsupportedMediaType, Code: 300}, Text: "The media type of the body is none that is taken."},
			op.Failure{Answer: op.Answer{Status: http.StatusConflict, Code: 3000}, Text: "The Idempotency-Key came with another request, or its request still runs."},
		)
	}
	return all
}
