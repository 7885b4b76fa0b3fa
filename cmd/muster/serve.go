package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"muster/internal/app"
	"muster/internal/server"
)

// serveConfig is the configuration of the server.
type serveConfig struct {
	Listen string
	place
	PublicURL       string
	Limits          string
	MeetingCapacity int64
	MetricsListen   string
	TrustedProxy    string
	EventLog        string
}

// The defaults that serve and demo share.
const (
	usualAddress    = "127.0.0.1:8080"
	defaultCapacity = 4999 // the original's
)

func serveFlags(c *serveConfig, errOut io.Writer) *flags {
	f := newFlags("serve", "", "Runs the server until SIGINT or SIGTERM.", errOut)
	f.StringVar(&c.Listen, "listen", usualAddress, "`address` and port to listen on")
	c.flags(f, "; made with mode 0700 if absent")
	f.StringVar(&c.PublicURL, "public-url", "", "`URL` that links begin with; from --listen unless given")
	f.StringVar(&c.Limits, "limits", "off", "`plan` whose rate limits to imitate: off, free, pro or business")
	f.Int64Var(&c.MeetingCapacity, "meeting-capacity", defaultCapacity, "how many `people` may register for a meeting, or for an occurrence; 0: no ceiling")
	f.StringVar(&c.MetricsListen, "metrics-listen", "", "`address` and port for /metrics; without it the main one answers them to this machine only")
	f.StringVar(&c.TrustedProxy, "trusted-proxy", "", "`networks` of proxies whose X-Forwarded-For is believed, with commas between")
	f.StringVar(&c.EventLog, "event-log", "", "`file` that each event is appended to as a line of JSON; made with mode 0600 if absent")
	return f
}

func serve(ctx context.Context, args []string, out, errOut io.Writer) error {
	var c serveConfig
	if _, err := serveFlags(&c, errOut).parse(args, 0); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(errOut, nil))
	collectLess()
	d, err := openData(ctx, c.place, true)
	if err != nil {
		return err
	}
	defer func() {
		if err := d.close(); err != nil {
			log.Error("close", "error", err)
		}
	}()
	w, err := newWorker(c.EventLog, d.app, log)
	if err != nil {
		return err
	}
	s, err := start(c, d.app, log)
	if err != nil {
		return err
	}
	defer work(ctx, w)() // to the end of the last request: jobs follow from it
	defer s.stop(log)
	if err := firstStart(ctx, d.app, s.base, out, log); err != nil {
		return fmt.Errorf("database %s: %w", c.place.String(), err)
	}
	log.Info("serving", "address", s.address, "public_url", s.base, "data", c.place.String(), "limits", c.Limits, "version", version())
	return s.wait(ctx, log)
}

// collectLess lets garbage grow to four times what is alive, unless GOGC says
// otherwise. Some 10 MB are: at Go's usual once they would be gone through a
// hundred times a second under load.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// A running is a server that listens.
type running struct {
	address, base string
	server        *server.Server
	listeners     []*http.Server
	failed        chan error
}

// start listens and serves a. The public URL may hang on the port.
func start(c serveConfig, a *app.App, log *slog.Logger) (*running, error) {
	if c.Listen == "" {
		return nil, usagef("--listen must be an address and port such as 127.0.0.1:8080")
	}
	if c.MeetingCapacity < 0 {
		return nil, usagef("--meeting-capacity must be 0 or more")
	}
	if err := server.CheckPlan(c.Limits); err != nil {
		return nil, usagef("--%v", err)
	}
	proxies, err := prefixes(c.TrustedProxy)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", c.Listen, err)
	}
	base, err := publicURL(c.PublicURL, l.Addr().(*net.TCPAddr), log)
	if err != nil {
		_ = l.Close() // nothing was accepted
		return nil, err
	}
	a.Capacity = c.MeetingCapacity
	s, err := server.New(server.Config{
		App: a, Base: base, Plan: c.Limits, TrustedProxies: proxies, OwnMetrics: c.MetricsListen != "", Log: log, Version: version(),
	})
	if err != nil {
		_ = l.Close() // nothing was accepted
		return nil, err
	}
	r := &running{address: l.Addr().String(), base: base, server: s, failed: make(chan error, 2)}
	r.serve(l, s.Handler, log)
	if c.MetricsListen != "" {
		ml, err := net.Listen("tcp", c.MetricsListen)
		if err != nil {
			r.stop(log)
			return nil, fmt.Errorf("--metrics-listen %s: %w", c.MetricsListen, err)
		}
		r.serve(ml, s.Metrics, log)
	}
	return r, nil
}

func (r *running) serve(l net.Listener, h http.Handler, log *slog.Logger) {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second, WriteTimeout: 90 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, DisableGeneralOptionsHandler: true, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	r.listeners = append(r.listeners, s)
	go func() {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			r.failed <- err
		}
	}()
}

// wait returns when ctx ends or a listener fails.
func (r *running) wait(ctx context.Context, log *slog.Logger) error {
	select {
	case <-ctx.Done():
		log.Info("stopping: no new requests, finishing those that run")
		return nil
	case err := <-r.failed:
		return err
	}
}

// stopTime is how long requests that run may take to finish.
const stopTime = 30 * time.Second

// stop takes no new requests and finishes those it has. It may be called twice.
func (r *running) stop(log *slog.Logger) {
	r.server.Stopping()
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	for _, s := range r.listeners {
		if err := s.Shutdown(ctx); err != nil {
			log.Warn("requests were cut off", "error", err)
			_ = s.Close() // they had their time
		}
	}
}

// publicURL checks the URL that links begin with, or makes it from the address.
func publicURL(given string, addr *net.TCPAddr, log *slog.Logger) (string, error) {
	if given == "" {
		host := addr.IP.String()
		if addr.IP.IsUnspecified() {
			host = "localhost"
			log.Warn("links begin with localhost: set --public-url to what people outside can reach")
		}
		return "http://" + net.JoinHostPort(host, fmt.Sprint(addr.Port)), nil
	}
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", usagef("--public-url must be an http or https URL without a path such as https://meet.example.org, not %q", given)
	}
	return strings.TrimRight(given, "/"), nil
}

func prefixes(list string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for text := range strings.SplitSeq(list, ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		p, err := netip.ParsePrefix(text)
		if addr, aerr := netip.ParseAddr(text); aerr == nil {
			p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return nil, usagef("--trusted-proxy must be addresses or networks such as 10.0.0.0/8, with commas between, not %q", text)
		}
		all = append(all, p)
	}
	return all, nil
}
