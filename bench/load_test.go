package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// ourselves is a server of the test's own process.
func ourselves(t *testing.T, answer string) *server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	t.Cleanup(s.Close)
	self := &child{cmd: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}
	return &server{child: self, dialect: &musterAPI{meeting: s.URL}}
}

func TestLoadCounts(t *testing.T) {
	s := ourselves(t, `{"registrants":["a","a"]}`)
	c := call{method: "GET", url: s.dialect.(*musterAPI).meeting, status: 200, units: 2, mark: `"a"`, marks: 2}
	samples, err := load(t.Context(), s, 0, 50*time.Millisecond, always(2, c), always(1, c))
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range samples {
		if m.units < 2 || int(m.units)%2 != 0 || m.p50 <= 0 || m.p99 < m.p50 || m.rss <= 0 {
			t.Errorf("group %d: %+v", i, m)
		}
	}
}

func TestLoadEndsWithAWrongAnswer(t *testing.T) {
	for name, c := range map[string]call{
		"status": {method: "GET", status: 201},
		"count":  {method: "GET", status: 200, mark: `"a"`, marks: 3},
	} {
		s := ourselves(t, `["a","a"]`)
		c.url = s.dialect.(*musterAPI).meeting
		_, err := load(t.Context(), s, 0, time.Minute, always(2, c))
		if err == nil || !strings.Contains(err.Error(), "wrong answer") {
			t.Errorf("%s: error %v, want a wrong answer", name, err)
		}
	}
}

func TestMedians(t *testing.T) {
	c := &cell{contender: muster, samples: [][]sample{
		{{units: 100, seconds: 1, p50: 3, cpu: 100 * time.Millisecond}},
		{{units: 400, seconds: 2, p50: 1, cpu: 800 * time.Millisecond}},
		{{units: 900, seconds: 3, p50: 2, cpu: 900 * time.Millisecond}},
	}}
	table := []row{{lines: []string{"other", batch1}}, {lines: []string{batch16}, cells: []*cell{c}}}
	m, ok := of(table, batch16, muster)
	if !ok || m.rate() != 200 || m.p50 != 2 || short(duration(each(m))) != "1 ms" {
		t.Errorf("medians %+v, %v; want 200 a second, 2 ns and 1 ms each", m, ok)
	}
	if _, ok := of(table, batch1, muster); ok {
		t.Error("a line that was not measured has medians")
	}
}

func TestSpelling(t *testing.T) {
	for want, got := range map[string]string{
		"1,234,567": thousands(1234567), "12.3": thousands(12.34), "999": thousands(999), "0": thousands(0),
		"1.5 ms": short(1500 * time.Microsecond), "2 s": short(2 * time.Second), "12×": times(12.3), "1.20×": times(1.2),
		"list-deep-page-muster": fileName("list, deep page Muster"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
