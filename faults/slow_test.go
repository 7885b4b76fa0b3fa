//go:build linux

package faults

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// mostMemory is what a server may take in MiB, whatever its clients do. The
// cache of SQLite is 64 MiB of it.
const mostMemory = 400

func dial(base string) (net.Conn, error) {
	return net.DialTimeout("tcp", strings.TrimPrefix(base, "http://"), patience)
}

// TestSlowClients has clients that send their requests a byte at a time and
// others that hang up half. The server answers everybody else, and ends those
// who do not come to the end of their headers.
func TestSlowClients(t *testing.T) {
	faulty(t)
	d := newSQLite(t)
	s := d.serve(t)
	a := s.signIn(t)
	l := newLoad(t, a, 4)
	each := times(150, 1000)
	var cut atomic.Int64 // connections that the server ended
	stop := make(chan struct{})
	var drips sync.WaitGroup
	head := "POST /v2/users/me/meetings HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + a.token + "\r\n"
	for range each {
		drips.Go(func() {
			if drip(s.base, head+strings.Repeat("X-More: and more\r\n", 1000), 0, stop) {
				cut.Add(1)
			}
		})
		drips.Go(func() {
			length := fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", 10_000)
			drip(s.base, head+length+`{"topic":"`+strings.Repeat("x", 10_000), len(head)+len(length), stop)
		})
	}
	answered := halfClosed(t, s, a, each)
	begin := time.Now()
	l.run([]*api{a}, 100, func() {})
	took := time.Since(begin)
	most := s.memory(t)
	await(t, "the end of all connections that drip headers", func() bool {
		most = max(most, s.memory(t))
		return cut.Load() == int64(each)
	})
	l.run([]*api{a}, 20, func() {})
	close(stop)
	drips.Wait()
	l.audit(t, d, a)
	if most > mostMemory {
		t.Errorf("memory: got %d MiB, want %d at most", most, mostMemory)
	}
	if n := l.failed.Load(); n > 0 {
		t.Errorf("answers of 5xx to others: got %d, want none", n)
	}
	t.Logf("%d connections each drip headers, drip a body, hang up half (%d answered); 100 writes of others took %v; %d MiB", each, answered, took, most)
}

// drip sends text, its first bytes at once and then a byte every now and then,
// until stop or until the server ends the connection, which it reports.
func drip(base, text string, atOnce int, stop chan struct{}) bool {
	c, err := dial(base)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }() // nothing is lost with it
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = bufio.NewReader(c).ReadByte() // an answer of 408 or the end
	}()
	beat := time.NewTicker(50 * time.Millisecond)
	defer beat.Stop()
	if _, err := c.Write([]byte(text[:atOnce])); err != nil {
		return true
	}
	for i := atOnce; i < len(text); i++ {
		select {
		case <-stop:
			return false
		case <-ended:
			return true
		case <-beat.C:
		}
		if _, err := c.Write([]byte{text[i]}); err != nil {
			return true
		}
	}
	return false
}

// halfClosed sends whole requests and closes the sending half of each
// connection at once. Who is answered 201 is registered. It returns how many.
func halfClosed(t *testing.T, s *server, a *api, n int) int {
	t.Helper()
	meeting := a.meeting(t, 0)
	var mu sync.Mutex
	var told []string
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			email := fmt.Sprintf("half-%d@example.com", i)
			body := fmt.Sprintf(`{"email":%q,"first_name":"Ann"}`, email)
			c, err := dial(s.base)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = c.Close() }() // it was read
			_ = c.SetDeadline(time.Now().Add(patience))
			_, err = fmt.Fprintf(c, "POST /v2/meetings/%d/registrants HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
				meeting, a.token, len(body), body)
			if err == nil {
				err = c.(*net.TCPConn).CloseWrite()
			}
			if err != nil {
				t.Error(err)
				return
			}
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				return // not answered: allowed, it hung up
			}
			_ = resp.Body.Close() // only the status matters
			if resp.StatusCode == http.StatusCreated {
				mu.Lock()
				told = append(told, email)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	rows, _, err := a.registrants(meeting)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range rows {
		have[r.Email] = true
	}
	for _, email := range told {
		if !have[email] {
			t.Errorf("%s was answered 201 and is lost", email)
		}
	}
	return len(told)
}

// TestIdleConnections keeps 10,000 connections open that ask nothing more.
func TestIdleConnections(t *testing.T) {
	faulty(t)
	const connections = 10_000
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Max < connections+500 {
		t.Skipf("a process may open %d files only (%v)", limit.Max, err)
	}
	d := newSQLite(t)
	s := d.serve(t)
	a := s.signIn(t)
	l := newLoad(t, a, 4)
	before := s.memory(t)
	conns := make([]net.Conn, connections)
	var all sync.WaitGroup
	for part := range 50 {
		all.Go(func() {
			for i := part; i < connections; i += 50 {
				if conns[i] = idle(t, s.base); conns[i] == nil {
					return
				}
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	begin := time.Now()
	l.run([]*api{a}, 100, func() {})
	took, with := time.Since(begin), s.memory(t)
	for i := 0; i < connections; i += 100 { // they live
		if err := ask(conns[i]); err != nil {
			t.Errorf("an idle connection: %v", err)
		}
	}
	for _, c := range conns {
		_ = c.Close() // nothing is lost with it
	}
	l.audit(t, d, a)
	if with > mostMemory {
		t.Errorf("memory: got %d MiB, want %d at most", with, mostMemory)
	}
	s.stop(t)
	t.Logf("%d idle connections: %d MiB before, %d with them; 100 writes of others took %v", connections, before, with, took)
}

// idle returns a connection on which one request was answered.
func idle(t *testing.T, base string) net.Conn {
	c, err := dial(base)
	if err == nil {
		err = ask(c)
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	return c
}

func ask(c net.Conn) error {
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		return err
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("got %s, want 200", resp.Status)
	}
	return resp.Body.Close()
}
