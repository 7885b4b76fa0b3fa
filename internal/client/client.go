// Package client speaks the Zoom Meetings API, and as Webex the Webex Meetings
// API, to any server that offers it. It gets and renews its token, waits where the server asks for patience,
// tries again where that does no harm, and follows no redirect.
package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// The bounds that a Config leaves to the package.
const (
	defaultTimeout  = time.Minute
	defaultMaxWait  = 2 * time.Minute
	defaultAttempts = 6
	maxAnswer       = 32 << 20
)

// A Config says which server to speak to and as whom. URL, AccountID, ClientID
// and ClientSecret are needed; the rest has useful zero values.
type Config struct {
	URL          string // the server's root, as https://zoom.us; the API's own root is taken from the token's answer
	AccountID    string // of the server-to-server app
	ClientID     string
	ClientSecret string
	SubAccount   string // "" for the app's own account; otherwise calls go under /v2/accounts/{SubAccount}

	HTTPClient *http.Client                               // nil for one of our own; its CheckRedirect and Timeout are not used
	Now        func() time.Time                           // nil for time.Now
	Sleep      func(context.Context, time.Duration) error // nil for a timer that ends early with ctx's error

	Timeout  time.Duration // of one attempt, 0 for a minute
	MaxWait  time.Duration // the longest single wait a server may ask for, 0 for two minutes; a longer one is an error
	Attempts int           // how often one call is tried where the server or the network fails, 0 for six
}

// A Client is safe for concurrent use. A wait that the server asks of one call
// holds back all of them.
type Client struct {
	cfg  Config
	http *http.Client

	tokens chan struct{} // holds one element while nobody asks for a token

	mu     sync.Mutex
	bearer token
	until  time.Time // no request before
}

// New returns a client for cfg. It makes no request.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("the server's address %q is not of the form https://host: set --url or MUSTER_URL", cfg.URL)
	}
	for _, need := range []struct{ value, name string }{
		{cfg.AccountID, "account id"}, {cfg.ClientID, "client id"}, {cfg.ClientSecret, "client secret"},
	} {
		if need.value == "" {
			flag := strings.ReplaceAll(need.name, " ", "-")
			env := "MUSTER_" + strings.ToUpper(strings.ReplaceAll(need.name, " ", "_"))
			return nil, fmt.Errorf("the %s is missing: set --%s or %s", need.name, flag, env)
		}
	}
	cfg.URL = strings.TrimRight(cfg.URL, "/")
	c := &Client{cfg: cfg, http: &http.Client{}, tokens: make(chan struct{}, 1)}
	c.tokens <- struct{}{}
	if cfg.HTTPClient != nil {
		*c.http = *cfg.HTTPClient
	} else if t, ok := http.DefaultTransport.(*http.Transport); ok {
		t = t.Clone()
		t.MaxIdleConnsPerHost = 16
		c.http.Transport = t
	}
	c.http.Timeout = 0
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.setDefaults()
	return c, nil
}

func (c *Client) setDefaults() {
	if c.cfg.Now == nil {
		c.cfg.Now = time.Now
	}
	if c.cfg.Sleep == nil {
		c.cfg.Sleep = sleep
	}
	if c.cfg.Timeout == 0 {
		c.cfg.Timeout = defaultTimeout
	}
	if c.cfg.MaxWait == 0 {
		c.cfg.MaxWait = defaultMaxWait
	}
	if c.cfg.Attempts == 0 {
		c.cfg.Attempts = defaultAttempts
	}
}

// Target names the server and account that the client writes to. Equal
// targets hold the same meetings. It holds no secret.
func (c *Client) Target() string {
	return c.cfg.URL + "|" + c.cfg.AccountID + "|" + c.cfg.SubAccount
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// An Error is an answer of the server that is no success.
type Error struct {
	Op         string    // method and path of the request, without its query
	Status     int       // of HTTP
	Code       int       // the API's own number, 0 if the answer gave none
	Message    string    // the server's words
	Fields     []Field   // what is wrong with which field, for Zoom's code 300
	RetryAt    time.Time // when the server wants to be asked again, zero if it does not say
	Daily      bool      // the limit of a day is used up
	Location   string    // where a redirect points
	TokenError bool      // the server gave no token
	Tracking   string    // under which id the server's log has the request, "" if the answer does not say
}

// A Field is one field that breaks a rule. Name is a dotted path, as
// registrants[3].email, or "" where the API describes without naming.
type Field struct {
	Name    string `json:"field"`
	Message string `json:"message"`
}

// String is the field with what is wrong with it.
func (f Field) String() string { return strings.TrimPrefix(f.Name+": "+f.Message, ": ") }

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s answered %d", e.Op, e.Status)
	if e.Code != 0 && e.Code != e.Status {
		fmt.Fprintf(&b, " code %d", e.Code)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, f := range e.Fields {
		b.WriteString(" " + f.String())
	}
	if e.Tracking != "" {
		b.WriteString(" [" + e.Tracking + "]")
	}
	switch {
	case e.Location != "":
		fmt.Fprintf(&b, "; the server points to %s: give that server's address as --url", e.Location)
	case e.TokenError && e.Status < 500 && e.Status != http.StatusTooManyRequests:
		b.WriteString("; check --account-id, --client-id and --client-secret")
	case !e.RetryAt.IsZero():
		b.WriteString("; try again after " + e.RetryAt.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	return b.String()
}

// Refused reports the server's answer in err, or nil if err came from
// something else, such as the network.
func Refused(err error) *Error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return nil
	}
	return e
}
