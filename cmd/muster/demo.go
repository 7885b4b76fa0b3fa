package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"muster/internal/app"
	"muster/internal/client"
)

//go:embed demo_people.csv
var demoPeople []byte

// A show is a running demo: a server in a folder of its own, and a client
// that fills it through the API as anybody could.
type show struct {
	folder      string
	data        *data
	log         *slog.Logger
	logFile     *os.File
	server      *running
	taken       bool // the usual address was
	credentials *app.Credentials
	client      *client.Client
	out, errOut io.Writer
}

func demo(ctx context.Context, args []string, out, errOut io.Writer) error {
	var listen string
	var once bool
	f := newFlags("demo", "", "Runs a server with example people in a temporary folder, which is gone afterwards.\n"+
		"Stopped before the table it ends with 130, later with 0.", errOut)
	f.StringVar(&listen, "listen", "", "`address` and port to listen on; "+usualAddress+" unless given, or any free port where that is taken")
	f.BoolVar(&once, "once", false, "end after the table")
	f.noEnv = map[string]bool{"listen": true, "once": true}
	if _, err := f.parse(args, 0); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "muster-demo-")
	if err != nil {
		return err
	}
	s := &show{folder: folder, out: out, errOut: errOut}
	err = s.run(ctx, listen, once)
	if ctx.Err() == nil || err == nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	fmt.Fprintln(errOut, "\nStopped half way; everything is removed.")
	return interrupted
}

// run is the demo in the order in which it happens.
func (s *show) run(ctx context.Context, listen string, once bool) (err error) {
	if err := s.open(ctx, listen); err != nil {
		return errors.Join(err, s.close())
	}
	defer func() { err = errors.Join(err, s.close()) }()
	s.printServer()
	events, err := s.plan(ctx)
	if err != nil {
		return err
	}
	s.printPlan(events)
	for _, e := range events {
		if err := s.register(ctx, e); err != nil {
			return err
		}
		if err := s.decide(ctx, e); err != nil {
			return err
		}
		if err := s.count(ctx, e); err != nil {
			return err
		}
	}
	s.printTable(events)
	s.printLinks(events)
	if once {
		return nil
	}
	s.printByHand(events)
	err = s.server.wait(ctx, s.log)
	fmt.Fprintln(s.out, "\nEverything is removed.")
	return err
}

// open starts the server, as serve does, and makes the account and a client
// of its app.
func (s *show) open(ctx context.Context, listen string) (err error) {
	if s.logFile, err = os.Create(filepath.Join(s.folder, "server.log")); err != nil {
		return err
	}
	s.log = slog.New(slog.NewTextHandler(s.logFile, nil))
	if s.data, err = openData(ctx, place{Data: filepath.Join(s.folder, "data")}, true); err != nil {
		return err
	}
	c := serveConfig{Listen: cmp.Or(listen, usualAddress), Limits: "off", MeetingCapacity: defaultCapacity}
	s.server, err = start(c, s.data.app, s.log)
	if err != nil && listen == "" {
		s.taken, c.Listen = true, "127.0.0.1:0"
		s.server, err = start(c, s.data.app, s.log)
	}
	if err != nil {
		return err
	}
	if s.credentials, _, err = s.data.app.Bootstrap(ctx, app.NewAccount{}); err != nil {
		return err
	}
	s.client, err = client.New(client.Config{
		URL: s.server.base, AccountID: s.credentials.AccountID, ClientID: s.credentials.ClientID, ClientSecret: s.credentials.ClientSecret,
	})
	return err
}

// close ends what open has begun, as far as that came.
func (s *show) close() error {
	if s.server != nil {
		s.server.stop(s.log)
	}
	var err error
	if s.data != nil {
		err = s.data.close()
	}
	if s.logFile != nil { // or some systems would not remove it
		err = errors.Join(err, s.logFile.Close())
	}
	return err
}
