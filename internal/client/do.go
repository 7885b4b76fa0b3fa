package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Do makes one call and decodes its answer into out. Path begins after /v2, as
// "/meetings/123". In is sent as JSON, nil for no body; out may be nil. A call
// that changes something is tried again after a lost answer only if header
// holds an Idempotency-Key, or its method allows it. A refusal is an *Error.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, header http.Header) error {
	if c.cfg.SubAccount != "" {
		path = "/accounts/" + url.PathEscape(c.cfg.SubAccount) + path
	}
	return c.do(ctx, call{method: method, path: "/v2" + path, header: header, running: http.StatusConflict}, in, out)
}

// do carries out a call as Do says. The path of k is below the API's host.
func (c *Client) do(ctx context.Context, k call, in, out any) error {
	if in != nil {
		var err error
		if k.body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("client: encode %s: %w", k.op(), err)
		}
	}
	return c.patiently(ctx, k, func() error {
		bearer, err := c.token(ctx)
		if err != nil {
			return err
		}
		k.base, k.authorization = bearer.api, "Bearer "+bearer.value
		err = c.once(ctx, k, out)
		if e := Refused(err); e != nil && (e.Status == http.StatusUnauthorized || e.Code == 124) {
			c.drop(bearer)
		}
		return err
	})
}

type call struct {
	method, base, path string // path with its query
	body               []byte
	header             http.Header
	authorization      string
	running            int         // the status that says that an earlier request of the same key still runs
	answered           http.Header // gets the headers of a success, may be nil
}

// op names the call without its query.
func (k call) op() string {
	path, _, _ := strings.Cut(k.path, "?")
	return k.method + " " + path
}

// repeatable tells whether sending twice does the same as once.
func (k call) repeatable() bool {
	return k.method != http.MethodPost || k.header.Get("Idempotency-Key") != ""
}

// once sends k a single time.
func (c *Client) once(ctx context.Context, k call, out any) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, k.method, k.base+k.path, bytes.NewReader(k.body))
	if err != nil {
		return fmt.Errorf("client: %s: %w", k.op(), err)
	}
	for name, values := range k.header {
		req.Header[name] = values
	}
	if len(k.body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "muster")
	req.Header.Set("Authorization", k.authorization)
	resp, err := c.http.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // its text would repeat the address with the query
		}
		return &unanswered{k.op(), k.base, err}
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return &unanswered{k.op(), k.base, err}
	}
	if len(data) > maxAnswer {
		return fmt.Errorf("%s: the answer is longer than %d MiB", k.op(), maxAnswer>>20)
	}
	return c.read(k, resp, data, out)
}

// read turns an answer into out or an *Error.
func (c *Client) read(k call, resp *http.Response, data []byte, out any) error {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return c.refusal(k, resp, data)
	}
	if k.answered != nil {
		maps.Copy(k.answered, resp.Header)
	}
	if len(bytes.TrimSpace(data)) == 0 {
		if out != nil {
			return fmt.Errorf("%s answered %d without the body that was to come: is --url a server of this API?", k.op(), resp.StatusCode)
		}
		return nil
	}
	// Some refusals of the original come with HTTP 200 and a code.
	var hidden struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(data, &hidden) == nil && hidden.Code > 0 && hidden.Message != "" {
		return c.refusal(k, resp, data)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("%s answered %d with something that is not the JSON of this API (%w): check --url", k.op(), resp.StatusCode, err)
	}
	return nil
}

func (c *Client) refusal(k call, resp *http.Response, data []byte) error {
	e := &Error{Op: k.op(), Status: resp.StatusCode}
	var body struct {
		Code    json.Number `json:"code"`
		Message string      `json:"message"`
		Errors  []problem   `json:"errors"`
		Reason  string      `json:"reason"`
		Error   string      `json:"error"`
		ID      string      `json:"trackingId"`
	}
	if err := json.Unmarshal(data, &body); err != nil {
		e.Message = http.StatusText(resp.StatusCode) + " (no answer of this API)"
	} else {
		code, _ := body.Code.Int64() // 0 where the answer has no number
		e.Code, e.Message, e.Tracking = int(code), body.Message, body.ID
		for _, p := range body.Errors {
			if f := p.field(); f.Name != "" || f.Message != e.Message {
				e.Fields = append(e.Fields, f)
			}
		}
		if e.Message == "" {
			e.Message = body.Reason
		}
		if e.Message == "" {
			e.Message = body.Error
		}
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		e.Location = resp.Header.Get("Location")
		if u, err := url.Parse(e.Location); err == nil && u.Host != "" {
			e.Location = u.Scheme + "://" + u.Host
		}
	}
	e.RetryAt = retryAt(resp.Header, c.cfg.Now())
	e.Daily = resp.StatusCode == http.StatusTooManyRequests &&
		(strings.EqualFold(resp.Header.Get("X-RateLimit-Type"), "Daily-limit") || strings.Contains(strings.ToLower(e.Message), "daily"))
	return e
}

// A problem is an element of errors: Zoom names the field, Webex describes,
// often with the field's path at the beginning.
type problem struct {
	Field
	Description string `json:"description"`
}

func (p problem) field() Field {
	if p.Description == "" {
		return p.Field
	}
	name, text, ok := strings.Cut(p.Description, ": ")
	if !ok || name == "" || strings.ContainsAny(name, " \"'") {
		return Field{Message: p.Description}
	}
	return Field{name, text}
}

// An unanswered call broke on its way: whether the server did it is unknown.
type unanswered struct {
	op, base string
	err      error
}

func (u *unanswered) Error() string {
	why := u.err.Error()
	if errors.Is(u.err, context.DeadlineExceeded) {
		why = "no answer in time"
	}
	return fmt.Sprintf("%s: no answer from %s: %s", u.op, u.base, why)
}

func (u *unanswered) Unwrap() error { return u.err }

// Lost reports whether err is a call that was sent, or may have been, and
// never answered.
func Lost(err error) bool {
	_, ok := errors.AsType[*unanswered](err)
	return ok
}

// hold lets no call begin before t.
func (c *Client) hold(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.until) {
		c.until = t
	}
}

// pass waits until the server wants to be asked again.
func (c *Client) pass(ctx context.Context) error {
	c.mu.Lock()
	d := c.until.Sub(c.cfg.Now())
	c.mu.Unlock()
	if d <= 0 {
		return ctx.Err()
	}
	return c.cfg.Sleep(ctx, d)
}
