// Package oauth is the authorization server: it issues and revokes the
// access tokens that every dialect takes. Its answers to failures are
// RFC 6749's with the original's field reason beside.
package oauth

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

// API serves the token endpoints.
type API struct {
	App    *app.App
	Base   string   // the api_url of answers: our own origin
	Scopes []string // every scope of the running version
	Guard  *Guard
}

// Operations lists the group.
func (a *API) Operations() []op.Operation { return []op.Operation{a.token(), a.revoke()} }

const group = "OAuth"

// credentials say who the client is: by HTTP Basic or by parameters.
type credentials struct {
	Authorization wire.String `header:"Authorization" json:"-" max:"4096" doc:"Basic with client id and secret."`
	ClientID      wire.String `query:"client_id" json:"client_id" max:"200" doc:"In place of Basic."`
	ClientSecret  wire.String `query:"client_secret" json:"client_secret" max:"400" doc:"In place of Basic."`
}

func (a *API) token() op.Operation {
	return op.Handle(op.Spec{
		ID: "oauthToken", Group: group, Title: "Get an access token", Method: "POST", Path: "/oauth/token",
		Public: true, Rate: op.Light, Success: 200,
	}, a.issue)
}

type tokenIn struct {
	credentials
	GrantType wire.String `query:"grant_type" json:"grant_type" max:"100" doc:"account_credentials"`
	AccountID wire.String `query:"account_id" json:"account_id" max:"100"`
}

type tokenOut struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"`
	Scope       string `json:"scope"`
	APIURL      string `json:"api_url"`
}

func (a *API) issue(ctx context.Context, in *tokenIn) (*tokenOut, error) {
	client, err := a.client(ctx, in.credentials)
	if err != nil {
		return nil, err
	}
	switch in.GrantType {
	case "account_credentials":
	case "":
		return nil, &failure{http.StatusBadRequest, "invalid_request", "The parameter grant_type is missing."}
	default:
		return nil, &failure{http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant type: only account_credentials (server-to-server) is there."}
	}
	token, err := a.App.IssueToken(ctx, client, string(in.AccountID))
	if errors.Is(err, app.ErrBadClient) {
		return nil, badClient()
	} else if errors.Is(err, app.ErrBadAccount) {
		return nil, &failure{http.StatusBadRequest, "invalid_request", "The parameter account_id must be the id of the app's own account."}
	} else if err != nil {
		return nil, err
	}
	scopes := client.Scopes
	if len(scopes) == 0 {
		scopes = a.Scopes
	}
	return &tokenOut{
		AccessToken: token, TokenType: "bearer", ExpiresIn: int64(app.TokenLife.Seconds()),
		Scope: strings.Join(scopes, " "), APIURL: a.Base,
	}, nil
}

func (a *API) revoke() op.Operation {
	return op.Handle(op.Spec{
		ID: "oauthRevoke", Group: group, Title: "Revoke an access token", Method: "POST", Path: "/oauth/revoke",
		Public: true, Rate: op.Light, Success: 200,
	}, a.kill)
}

type revokeIn struct {
	credentials
	Token wire.String `query:"token" json:"token" max:"400"`
}

type revokeOut struct {
	Status string `json:"status"`
}

func (a *API) kill(ctx context.Context, in *revokeIn) (*revokeOut, error) {
	client, err := a.client(ctx, in.credentials)
	if err != nil {
		return nil, err
	}
	if in.Token == "" {
		return nil, &failure{http.StatusBadRequest, "invalid_request", "The parameter token is missing."}
	}
	return &revokeOut{"success"}, a.App.RevokeToken(ctx, &client.App, string(in.Token))
}

// client returns the app of the credentials. Guessing is slowed down: after
// some failures an address has to wait, whatever it sends.
func (a *API) client(ctx context.Context, c credentials) (*app.Client, error) {
	id, secret := string(c.ClientID), string(c.ClientSecret)
	if c.Authorization != "" {
		var ok bool
		if id, secret, ok = basic(string(c.Authorization)); !ok {
			return nil, &failure{http.StatusUnauthorized, "invalid_client", "The Authorization header must be Basic with the base64 of client id, colon and client secret."}
		}
	}
	call, now := op.CallOf(ctx), a.App.Now()
	if wait := a.Guard.Try(now, id, call.Client); wait > 0 {
		return nil, &slowDown{wait}
	}
	client, err := a.App.Client(ctx, id, secret)
	if errors.Is(err, app.ErrBadClient) {
		return nil, badClient()
	}
	a.Guard.Succeeded(id, call.Client)
	if err != nil {
		return nil, err
	}
	call.App, call.Account = client.ID, client.Account
	return client, nil
}

func badClient() error {
	return &failure{http.StatusUnauthorized, "invalid_client", "Invalid client_id or client_secret"}
}

// basic reads an Authorization header. Id and secret may be percent-encoded. [RFC 6749, 2.3.1]
func basic(header string) (id, secret string, ok bool) {
	kind, value, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "Basic") {
		return "", "", false
	}
	text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
	if err != nil {
		return "", "", false
	}
	id, secret, ok = strings.Cut(string(text), ":")
	if d, err := url.PathUnescape(id); err == nil {
		id = d
	}
	if d, err := url.PathUnescape(secret); err == nil {
		secret = d
	}
	return id, secret, ok && utf8.ValidString(id) && !strings.Contains(id, "\x00")
}

// Lenient returns next for requests of any Content-Type: clients send the
// parameters as a form under whatever type their library defaults to.
func Lenient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := bufio.NewReader(r.Body)
		first, _ := body.Peek(1) // an empty body has none
		kind := strings.ToLower(r.Header.Get("Content-Type"))
		switch {
		case len(first) > 0 && first[0] == '{':
			r.Header.Set("Content-Type", "application/json")
		case !strings.HasPrefix(kind, "multipart/form-data"):
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{body, r.Body}
		next.ServeHTTP(w, r)
	})
}

// Dialect is how the token endpoints admit requests and tell failures.
type Dialect struct{}

// A failure is an answer of RFC 6749, 5.2.
type failure struct {
	status int
	code   string
	reason string
}

func (f *failure) Error() string { return f.code + ": " + f.reason }

// Admit implements op.Dialect: the endpoints are open, the client speaks for itself.
func (Dialect) Admit(_ http.ResponseWriter, r *http.Request, _ *op.Spec) (context.Context, error) {
	return r.Context(), nil
}

// TakesForms implements op.Dialect.
func (Dialect) TakesForms() bool { return true }

// Once implements op.Dialect; a Public operation has no keys.
func (Dialect) Once(ctx context.Context, _ op.Keyed, run func(context.Context) (op.Reply, error)) (op.Reply, bool, error) {
	reply, err := run(ctx)
	return reply, false, err
}

// Fail implements op.Dialect.
func (Dialect) Fail(w http.ResponseWriter, r *http.Request, _ *op.Spec, err error) {
	call := op.CallOf(r.Context())
	f := &failure{http.StatusInternalServerError, "server_error", "Internal error."}
	if b, ok := errors.AsType[*op.BadRequest](err); ok {
		f = &failure{b.Status, "invalid_request", b.Message}
		if len(b.Problems) > 0 {
			f.reason = "The parameter " + b.Problems[0].Field + " " + b.Problems[0].Rule + "."
		}
	} else if s, ok := errors.AsType[*slowDown](err); ok {
		w.Header().Set("Retry-After", s.seconds())
		f = &failure{http.StatusTooManyRequests, "slow_down", "Too many failed attempts: wait as long as the header Retry-After says."}
	} else if muster.CodeOf(err) == muster.Overloaded {
		w.Header().Set("Retry-After", "1")
		f = &failure{http.StatusServiceUnavailable, "temporarily_unavailable", "Too many requests wait: try again in a second."}
	} else if errors.Is(err, context.Canceled) { // nobody reads this; the status is for the log
		f = &failure{op.StatusClientGone, "client_gone", "The client is gone."}
	} else if !errors.As(err, &f) {
		call.Err = err
	}
	call.Code = f.code
	if f.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="muster"`)
	}
	body, err := json.Marshal(map[string]string{"reason": f.reason, "error": f.code}, json.Deterministic(true))
	if err != nil {
		body = []byte(`{"error":"server_error","reason":"Internal error."}`)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(f.status)
	_, _ = w.Write(body) // the client is gone; nobody to tell
}
