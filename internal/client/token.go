package client

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A token is what a call needs: the bearer's value and the API's root.
type token struct {
	value, api string
	expires    time.Time
}

// token returns a token that is good for a while, from the server if need be.
// Of many who ask at once, one does so: servers cap the number of live tokens.
func (c *Client) token(ctx context.Context) (token, error) {
	select {
	case <-c.tokens:
	case <-ctx.Done():
		return token{}, ctx.Err()
	}
	defer func() { c.tokens <- struct{}{} }()
	c.mu.Lock()
	t := c.bearer
	c.mu.Unlock()
	if t.value != "" && c.cfg.Now().Before(t.expires) {
		return t, nil
	}
	t, err := c.newToken(ctx)
	if err != nil {
		return token{}, err
	}
	c.mu.Lock()
	c.bearer = t
	c.mu.Unlock()
	return t, nil
}

// drop forgets t, unless a newer one is there already.
func (c *Client) drop(t token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.bearer.value == t.value {
		c.bearer = token{}
	}
}

func (c *Client) newToken(ctx context.Context) (token, error) {
	query := url.Values{"grant_type": {"account_credentials"}, "account_id": {c.cfg.AccountID}}
	basic := base64.StdEncoding.EncodeToString([]byte(c.cfg.ClientID + ":" + c.cfg.ClientSecret))
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		APIURL      string `json:"api_url"`
	}
	asked := c.cfg.Now()
	err := c.once(ctx, call{
		method: http.MethodPost, base: c.cfg.URL, path: "/oauth/token?" + query.Encode(),
		authorization: "Basic " + basic,
	}, &answer)
	if e := Refused(err); e != nil {
		e.TokenError = true
	}
	if err != nil {
		return token{}, err
	}
	if answer.AccessToken == "" {
		return token{}, &Error{Op: "POST /oauth/token", Status: http.StatusOK, Message: "the answer holds no access_token", TokenError: true}
	}
	// Renewed a minute early, so that none lapses on its way.
	life := max(time.Duration(answer.ExpiresIn)*time.Second-time.Minute, 10*time.Second)
	return token{value: answer.AccessToken, api: c.api(answer.APIURL), expires: asked.Add(life)}, nil
}

// api chooses the API's root. The token's answer may name another host, but
// may not lead a token from https to http.
func (c *Client) api(named string) string {
	named = strings.TrimRight(named, "/")
	u, err := url.Parse(named)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return c.cfg.URL
	}
	if u.Scheme == "http" && strings.HasPrefix(c.cfg.URL, "https://") {
		return c.cfg.URL
	}
	return strings.TrimSuffix(named, "/v2")
}
