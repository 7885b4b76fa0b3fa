//go:build linux

package faults

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// needsMount skips a test where file systems cannot be mounted.
func needsMount(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root mounts file systems")
	}
}

// mount mounts a file system on folder until the test ends.
func mount(t *testing.T, source, folder, kind string, flags uintptr, data string) {
	t.Helper()
	if err := syscall.Mount(source, folder, kind, flags, data); err != nil {
		if errors.Is(err, syscall.EPERM) {
			t.Skipf("mount: %v (a container without the right to)", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount %s: %v", folder, err)
		}
	})
}

// tmpfs is a folder on a file system of its own with so many MiB.
func tmpfs(t *testing.T, mib int) string {
	t.Helper()
	needsMount(t)
	folder, err := os.MkdirTemp("", "muster-disk") // not t.TempDir, which other users cannot reach
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(folder); err != nil {
			t.Error(err)
		}
	})
	mount(t, "tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0755", mib))
	return folder
}

// fill takes all the room that is left on the file system of folder, until
// the function that it returns is called.
func fill(t *testing.T, folder string) (free func()) {
	t.Helper()
	name := filepath.Join(folder, "ballast")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	_ = f.Close() // what could not be written is what was wanted
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDiskFull fills the disk under the database. The server says so in the
// API's words and in its log, loses nothing, and goes on when there is room.
func TestDiskFull(t *testing.T) {
	faulty(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		disk := tmpfs(t, 24)
		diskFull(t, sqliteIn(filepath.Join(disk, "data")), func() func() { return fill(t, disk) })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		needsPostgres(t)
		disk := tmpfs(t, 256)
		c := newCluster(t, disk)
		diskFull(t, c.database(t), func() func() {
			free := fill(t, disk)
			return func() {
				free()
				c.end(syscall.SIGQUIT) // without room for its log Postgres may have ended by itself
				if err := c.start(); err != nil {
					t.Fatal(err)
				}
			}
		})
	})
}

func diskFull(t *testing.T, d *database, fill func() (free func())) {
	t.Helper()
	s := d.serve(t)
	a := s.signIn(t)
	l := newLoad(t, a, 4)
	l.run([]*api{a}, 40, func() {})
	l.audit(t, d, a)
	written, refused := l.acks.Load(), 0
	for range times(1, 10) {
		before := l.failed.Load()
		free := fill()
		l.fails(t, a, 10)
		if d.engine == "sqlite" { // what can be read is read
			if _, _, err := a.registrants(l.meetings[0].id); err != nil {
				t.Errorf("a list while the disk is full: got %v, want people", err)
			}
		}
		wantLog(t, s, "full", "No space left", "the database is not there", "FATAL", "unavailable")
		free()
		s.ready(t)
		l.run([]*api{a}, 40, func() {})
		l.audit(t, d, a)
		refused += int(l.failed.Load() - before)
	}
	free := fill()
	s.kill()
	full := run(t, d.serveCommand(t, "full"))
	await(t, "a start or an end on a full disk", func() bool {
		select {
		case <-full.ended:
			return true
		default:
			return listening.MatchString(full.out.String())
		}
	})
	t.Logf("a start on a full disk: %.300s", full.out.String())
	full.kill()
	free()
	s = d.serve(t)
	l.audit(t, d, s.signIn(t))
	t.Logf("%d writes, %d answers of 5xx while the disk was full: nothing lost", l.acks.Load()-written, refused)
}

// fails lets the clients work, one after the other, until n more answers were 5xx.
func (l *load) fails(t *testing.T, a *api, n int64) {
	t.Helper()
	goal := l.failed.Load() + n
	for try := 0; l.failed.Load() < goal; try++ {
		if c := l.clients[try%len(l.clients)]; !c.step([]*api{a}, 0) || try == 20_000 {
			t.Fatalf("after %d writes: got %d answers of 5xx, want %d; problems %q", try, l.failed.Load()-goal+n, n, c.problems)
		}
	}
}

// wantLog waits for an error in the log of s that says one of the words: it
// comes after the answer.
func wantLog(t *testing.T, s *server, words ...string) {
	t.Helper()
	await(t, fmt.Sprintf("an error in the log with one of %q", words), func() bool {
		for line := range strings.Lines(s.out.String()) {
			if strings.Contains(line, "level=ERROR") && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(line, w) }) {
				return true
			}
		}
		return false
	})
}

// TestReadOnly starts servers where they cannot write. They say so and end.
func TestReadOnly(t *testing.T) {
	faulty(t)
	t.Run("mounted read-only", func(t *testing.T) {
		t.Parallel()
		needsMount(t)
		d := newSQLite(t)
		s := d.serve(t)
		a := s.signIn(t)
		meeting := a.meeting(t, 0)
		s.stop(t)
		here := t.TempDir()
		mount(t, d.folder, here, "", syscall.MS_BIND, "")
		if err := syscall.Mount("", here, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
		wantText(t, refuses(t, sqliteIn(here)), here, "read-only file system")
		s = d.serve(t) // where it was before
		if _, _, err := s.signIn(t).registrants(meeting); err != nil {
			t.Errorf("after the refusal: %v", err)
		}
	})
	t.Run("another's folder", func(t *testing.T) {
		t.Parallel()
		if os.Geteuid() != 0 {
			t.Skip("only root becomes another user")
		}
		d := newSQLite(t)
		d.serve(t).stop(t)
		cmd := d.serveCommand(t, "other")
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		p := run(t, cmd)
		if code := p.wait(t); code != 1 {
			t.Errorf("exit code: got %d, want 1", code)
		}
		wantText(t, p.out.String(), d.folder, "permission denied")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		readOnlyPostgres(t)
	})
}

// readOnlyPostgres has Postgres take no writes for a while, as one does that
// is not the primary.
func readOnlyPostgres(t *testing.T) {
	t.Helper()
	needsPostgres(t)
	c := newCluster(t, "")
	d := c.database(t)
	s := d.serve(t)
	a := s.signIn(t)
	l := newLoad(t, a, 4)
	l.run([]*api{a}, 20, func() {})
	readOnly := func(on bool) {
		c.exec(t, fmt.Sprintf("ALTER ROLE %s SET default_transaction_read_only = %t", s.name, on))
		c.exec(t, fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'", s.name))
	}
	readOnly(true)
	l.fails(t, a, 1)
	if _, _, err := a.registrants(l.meetings[0].id); err != nil {
		t.Errorf("a list from a database that cannot be written: got %v, want people", err)
	}
	wantLog(t, s, "read-only")
	readOnly(false)
	l.run([]*api{a}, 20, func() {})
	l.audit(t, d, a)
}
