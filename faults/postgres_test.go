//go:build linux

package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// superuser is the user of the cluster who is there from the beginning.
const superuser = "muster"

// A cluster is a Postgres server of our own in a folder of its own, reached
// through a socket in that folder.
type cluster struct {
	bin, dir string
	as       *syscall.Credential // nil: as whoever runs the test
	proc     *process
	made     atomic.Int64 // databases so far
}

// needsPostgres skips a test where there can be no Postgres. In CI there is one.
func needsPostgres(t *testing.T) {
	t.Helper()
	if _, err := postgresBin(); err != nil && os.Getenv("CI") != "" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip(err)
	}
}

// postgresBin returns the folder of Postgres' programs.
func postgresBin() (string, error) {
	var dirs []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is right
	dirs = append(dirs, found...)
	if path, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, dir := range dirs {
		_, a := os.Stat(filepath.Join(dir, "initdb"))
		_, b := os.Stat(filepath.Join(dir, "postgres"))
		if a == nil && b == nil {
			return dir, nil
		}
	}
	return "", errors.New("no Postgres server is installed: no initdb and postgres found")
}

// The cluster of all tests that do not restart theirs.
var (
	shared      = sync.OnceValues(func() (*cluster, error) { return startCluster("", &sharedStart) })
	sharedStart atomic.Pointer[cluster]
)

func stopShared() error {
	c := sharedStart.Load()
	if c == nil {
		return nil
	}
	c.end(syscall.SIGQUIT)
	return os.RemoveAll(c.dir)
}

// newCluster is one of the test's own in a new folder of parent, "" for the usual one.
func newCluster(t *testing.T, parent string) *cluster {
	t.Helper()
	needsPostgres(t)
	var started atomic.Pointer[cluster]
	t.Cleanup(func() {
		if c := started.Load(); c != nil {
			c.end(syscall.SIGQUIT)
			if err := os.RemoveAll(c.dir); err != nil {
				t.Error(err)
			}
		}
	})
	c, err := startCluster(parent, &started)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// startCluster makes a cluster and starts it. What there is to clean up
// afterwards is in made, whatever comes.
func startCluster(parent string, made *atomic.Pointer[cluster]) (*cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, "muster-pg")
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin, dir: dir}
	made.Store(c)
	if os.Geteuid() == 0 { // which Postgres does not run as
		if c.as, err = credential("postgres"); err != nil {
			return nil, err
		}
		if err := os.Chown(dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return nil, err
		}
	}
	out, err := c.command("initdb", "-D", filepath.Join(dir, "data"), "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return c, c.start()
}

func credential(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir, cmd.Env = c.dir, []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

// start starts the server and waits until it takes connections. What it
// acknowledges is on the disk: fsync stays on.
func (c *cluster) start() error {
	proc, err := launch(c.command("postgres", "-D", filepath.Join(c.dir, "data"), "-k", c.dir, "-c", "listen_addresses=",
		"-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "log_min_messages=warning"))
	if err != nil {
		return err
	}
	c.proc = proc
	db, err := sql.Open("pgx", c.url(superuser, "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it kept nothing
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("postgres takes no connections: %w\n%s", err, proc.out.tail())
		case <-proc.ended:
			return fmt.Errorf("postgres ended\n%s", proc.out.tail())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// end ends the server as the signal has it: SIGQUIT at once, as a crash.
func (c *cluster) end(s syscall.Signal) {
	if c.proc != nil {
		_ = c.proc.cmd.Process.Signal(s) // it has ended by itself
		<-c.proc.ended
	}
}

// url is the address of a database of c for a user.
func (c *cluster) url(user, name string) string {
	return fmt.Sprintf("postgres://%s@/%s?host=%s&sslmode=disable", user, name, c.dir)
}

// database makes an empty database. Each server has a user of its own, by
// which its connections are known.
func (c *cluster) database(t *testing.T) *database {
	t.Helper()
	name := fmt.Sprintf("faults%d", c.made.Add(1))
	c.exec(t, "CREATE DATABASE "+name)
	args := func(t *testing.T, server string) []string {
		if server != superuser {
			c.exec(t, "CREATE ROLE "+server+" SUPERUSER LOGIN")
		}
		return []string{"--database", c.url(server, name)}
	}
	return &database{engine: "postgres", args: args, driver: "pgx", dsn: c.url(superuser, name), nodes: 3}
}

func (c *cluster) exec(t *testing.T, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", c.url(superuser, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // it kept nothing
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
