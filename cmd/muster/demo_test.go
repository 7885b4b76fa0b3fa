//go:build unix

package main

import (
	"regexp"
	"strings"
	"syscall"
	"testing"
)

func TestDemoOnce(t *testing.T) {
	t.Parallel()
	// Variables of a serve or import that lie about must not disturb it.
	p := begin(t, []string{"MUSTER_ACCOUNT_ID=x", "MUSTER_CLIENT_SECRET=short", "MUSTER_DATA=/nowhere", "MUSTER_URL=http://127.0.0.1:1"}, "demo", "--once")
	if code := p.wait(); code != 0 {
		t.Fatalf("exit code %d\n%s", code, &p.errOut)
	}
	empty(t, p.work)
	empty(t, p.temp)
	out := p.out.String()
	for _, want := range []string{
		`(?m)^  rows in the file +419 +419$`,
		`(?m)^  duplicates of earlier rows, not sent +12 +12$`,
		`(?m)^  bad rows, not sent +9 +9$`,
		`(?m)^  registered +398 +398$`,
		`(?m)^    of them approved +342 +391$`,
		`(?m)^    denied +16 +7$`,
		`(?m)^    waiting for the host +40 +0$`,
		`(?s)(http://127\.0\.0\.1:\d+/w/\d+\?tk=\S+.*){6}`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%s is not in\n%s", want, out)
		}
	}
	wantText(t, p.errOut.String(), "█ 419/419")
	for line := range strings.Lines(out) {
		if n := len([]rune(line)) - 1; n > 100 && !strings.Contains(line, "http") {
			t.Errorf("%d characters wide: %s", n, line)
		}
	}
}

func TestDemoKeepsServing(t *testing.T) {
	t.Parallel()
	p := begin(t, nil, "demo", "--listen", "127.0.0.1:0")
	p.await("its last line", func() bool { return strings.Contains(p.out.String(), "Ctrl-C ends it") })
	vars := exports(p.out.String())
	s := &served{process: p, address: strings.TrimPrefix(vars["MUSTER_URL"], "http://"), vars: vars}
	c := s.client(vars)
	if _, rows, _ := s.people(c, vars["MEETING"], "pending"); rows != 40 {
		t.Errorf("pending: got %d, want 40", rows)
	}
	if _, rows, _ := s.people(c, vars["COURSE"], "approved"); rows != 391 {
		t.Errorf("of the course: got %d, want 391", rows)
	}
	link := regexp.MustCompile(`http://\S+/w/\S+`).FindString(p.out.String())
	if status, _ := fetch(t, link); status != 200 {
		t.Errorf("join link: got %d, want 200", status)
	}
	if status, _ := fetch(t, vars["MUSTER_URL"]+"/docs"); status != 200 {
		t.Errorf("docs: got %d, want 200", status)
	}
	p.signal(syscall.SIGINT)
	if code := p.wait(); code != 0 {
		t.Errorf("exit code: got %d, want 0\n%s", code, &p.errOut)
	}
	if errOut := p.errOut.String(); strings.Contains(errOut, "level=") {
		t.Errorf("the server's log is on the terminal: %s", errOut)
	}
	empty(t, p.work)
	empty(t, p.temp)
}

func TestDemoStoppedHalfWay(t *testing.T) {
	t.Parallel()
	p := begin(t, nil, "demo", "--once")
	p.await("its first line", func() bool { return strings.Contains(p.out.String(), "Muster is running") })
	p.signal(syscall.SIGINT)
	code := p.wait()
	finished := strings.Contains(p.out.String(), "Personal join links") // it was quicker than the signal
	if code != 130 && !(code == 0 && finished) {
		t.Errorf("exit code: got %d, want 130\n%s", code, &p.errOut)
	}
	empty(t, p.work)
	empty(t, p.temp)
}
