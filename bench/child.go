package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A child is a server that the benchmark started.
type child struct {
	b    *bench
	name string
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when it has ended
}

// spawn starts a program in a process group of its own, so that a Ctrl-C is
// the benchmark's alone; should the benchmark be killed, so is the child.
func (b *bench) spawn(name string, attr *syscall.SysProcAttr, env []string, program string, args ...string) (*child, error) {
	log, err := os.CreateTemp(b.tmp, name+"-*.log")
	if err != nil {
		return nil, err
	}
	defer log.Close()
	attr.Setpgid = true
	if attr.Pdeathsig == 0 {
		attr.Pdeathsig = syscall.SIGKILL
	}
	c := &child{b: b, name: name, cmd: exec.Command(program, args...), log: log.Name(), done: make(chan struct{})}
	c.cmd.Stdout, c.cmd.Stderr, c.cmd.SysProcAttr, c.cmd.Dir = log, log, attr, "/"
	c.cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "MUSTER_") }), env...)
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	b.mu.Lock()
	b.children = append(b.children, c)
	b.mu.Unlock()
	go func() {
		_ = c.cmd.Wait() // how it ended matters only where nobody asked it to: then its log is told
		close(c.done)
	}()
	return c, nil
}

// stop asks c to end and waits until it has.
func (c *child) stop() error { return c.end(syscall.SIGTERM) }

func (c *child) end(with syscall.Signal) error {
	defer c.forget()
	_ = c.cmd.Process.Signal(with) // it may have ended by itself
	select {
	case <-c.done:
		return os.Remove(c.log)
	case <-time.After(40 * time.Second):
		c.kill()
		return fmt.Errorf("%s did not end within 40 seconds: %s", c.name, c.lastWords())
	}
}

func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it may have ended by itself
	<-c.done
	c.forget()
}

func (c *child) forget() {
	c.b.mu.Lock()
	defer c.b.mu.Unlock()
	c.b.children = slices.DeleteFunc(c.b.children, func(o *child) bool { return o == c })
}

// lastWords returns the end of what c printed.
func (c *child) lastWords() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	return lastLines(string(text))
}

// ready waits until url answers 200.
func (c *child) ready(ctx context.Context, url string) error {
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	limit := time.After(60 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		if r, err := client.Get(url); err == nil {
			_ = r.Body.Close() // the status is all that is asked
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-c.done:
			return fmt.Errorf("%s ended by itself: %s", c.name, c.lastWords())
		case <-limit:
			return fmt.Errorf("%s is not ready after a minute: %s", c.name, c.lastWords())
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// logs waits until c has logged text.
func (c *child) logs(ctx context.Context, text string) error {
	for range 1000 {
		log, err := os.ReadFile(c.log)
		if err != nil {
			return err
		}
		if bytes.Contains(log, []byte(text)) {
			return nil
		}
		sleep(ctx, 10*time.Millisecond)
	}
	return fmt.Errorf("%s has not logged %s: %s", c.name, text, c.lastWords())
}

// cpu returns how long c has worked, in the program and for it in the kernel.
func (c *child) cpu() (time.Duration, error) {
	s, err := readStat(c.cmd.Process.Pid)
	return s.own, err
}

// rss returns c's resident memory in bytes.
func (c *child) rss() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, found := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(after)
	if !found || len(fields) == 0 {
		return 0, errors.New("the process has no VmRSS")
	}
	kib, err := strconv.ParseInt(fields[0], 10, 64)
	return kib << 10, err
}

// A stat is what /proc tells of a process.
type stat struct {
	parent int
	own    time.Duration // of the process
	ended  time.Duration // of its children that have ended
}

// tick is the unit of the times in /proc, USER_HZ: 100 a second on every
// architecture that Go knows.
const tick = 10 * time.Millisecond

func readStat(pid int) (stat, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return stat{}, err
	}
	f := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // from the third field on
	if len(f) < 15 {
		return stat{}, fmt.Errorf("process %d: its stat is short", pid)
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(f[i-3]) // the kernel writes numbers
		return n
	}
	ticks := func(a, b int) time.Duration { return time.Duration(number(a)+number(b)) * tick }
	return stat{number(4), ticks(14, 15), ticks(16, 17)}, nil
}

// freeAddress returns an address of this machine that nobody listens on. Its
// port is below those that the kernel gives to whoever asks for any: else
// another process could get it before the child does.
func freeAddress() (string, error) {
	var err error
	for range 100 {
		var l net.Listener
		if l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000))); err == nil {
			return l.Addr().String(), l.Close()
		}
	}
	return "", err
}
