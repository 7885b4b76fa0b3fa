package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// A cluster is a Postgres that Muster may have databases on: the one that
// MUSTER_TEST_POSTGRES names, or one of our own, at its defaults.
type cluster struct {
	b     *bench
	admin *url.URL // of a database to make others from
	own   *child   // nil where it is not ours
	dir   string   // of ours, owned by whom it runs as

	mu   sync.Mutex // what is prepared is prepared at once
	made int
	left []string // databases that still are there
}

// postgres returns the cluster, which the first call starts. An error is
// always an unavailable one: what is wrong with Postgres is not Muster's.
func (b *bench) postgres(ctx context.Context) (*cluster, error) {
	err := b.clustered.do(func() error {
		b.cluster = &cluster{b: b}
		if err := b.cluster.open(ctx); err != nil {
			return &unavailable{err.Error()}
		}
		return nil
	})
	return b.cluster, err
}

// open takes the cluster that is given or starts one.
func (c *cluster) open(ctx context.Context) error {
	help, _ := exec.CommandContext(ctx, c.b.musterBin, "serve", "-h").CombinedOutput() // asking for help is a failure to some
	if !strings.Contains(string(help), "--database") {
		return errors.New("this Muster does not know --database")
	}
	given := os.Getenv("MUSTER_TEST_POSTGRES")
	if given == "" {
		return c.start(ctx)
	}
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return errors.New("MUSTER_TEST_POSTGRES is no postgres:// URL")
	}
	c.admin = u
	c.b.note("the CPU of Postgres: it is not ours but that of MUSTER_TEST_POSTGRES")
	return nil
}

// start makes a cluster and runs it, as the user postgres if we are root.
func (c *cluster) start(ctx context.Context) error {
	bin, err := postgresPrograms()
	if err != nil {
		return err
	}
	attr, owner := &syscall.SysProcAttr{}, -1
	if os.Getuid() == 0 {
		if owner, attr.Credential, err = postgresUser(); err != nil {
			return err
		}
	}
	if c.dir, err = os.MkdirTemp("", "muster-bench-postgres-"); err != nil {
		return err
	}
	if err := os.Chown(c.dir, owner, -1); err != nil {
		return err
	}
	say("starting Postgres from %s", bin)
	data := filepath.Join(c.dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "muster", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	initdb.SysProcAttr, initdb.Dir = attr, c.dir
	if text, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLines(string(text)))
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	c.own, err = c.b.spawn("postgres", &syscall.SysProcAttr{Credential: attr.Credential, Pdeathsig: syscall.SIGINT}, nil, filepath.Join(bin, "postgres"),
		"-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+c.dir)
	if err != nil {
		return err
	}
	c.admin = &url.URL{Scheme: "postgres", User: url.User("muster"), Host: address, Path: "/postgres", RawQuery: "sslmode=disable"}
	return c.ready(ctx)
}

// ready waits until the cluster takes connections.
func (c *cluster) ready(ctx context.Context) error {
	for range 300 {
		err := c.exec(ctx, `SELECT 1`)
		if err == nil {
			return nil
		}
		select {
		case <-c.own.done:
			return fmt.Errorf("postgres ended by itself: %s", c.own.lastWords())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("postgres is not ready after 30 seconds: %s", c.own.lastWords())
}

// postgresPrograms returns the folder of the newest server programs.
func postgresPrograms() (string, error) {
	var folders []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"} {
		list, _ := filepath.Glob(pattern) // the patterns are good
		folders = append(folders, list...)
	}
	slices.SortFunc(folders, func(a, b string) int { return versionIn(b) - versionIn(a) })
	if program, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(program))
	}
	for _, f := range folders {
		if _, err := os.Stat(filepath.Join(f, "initdb")); err == nil {
			return f, nil
		}
	}
	return "", errors.New("neither MUSTER_TEST_POSTGRES is set nor are Postgres' server programs installed")
}

// versionIn returns the number in a path.
func versionIn(path string) int {
	n, _ := strconv.Atoi(strings.Trim(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return ' '
	}, path), " "))
	return n
}

// postgresUser returns the user whom Debian's package made.
func postgresUser() (int, *syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, nil, errors.New("there is no user postgres, and as root it does not run")
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32) // numbers on Linux
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return int(uid), &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// create makes an empty database.
func (c *cluster) create(ctx context.Context) (string, error) {
	c.mu.Lock()
	c.made++
	name := fmt.Sprintf("muster_bench_%d_%d", os.Getpid(), c.made)
	c.mu.Unlock()
	if err := c.exec(ctx, `CREATE DATABASE `+name); err != nil {
		return "", &unavailable{err.Error()}
	}
	c.mu.Lock()
	c.left = append(c.left, name)
	c.mu.Unlock()
	return name, nil
}

// drop removes a database. It has a time of its own, for it cleans up.
func (c *cluster) drop(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c.mu.Lock()
	c.left = slices.DeleteFunc(c.left, func(n string) bool { return n == name })
	c.mu.Unlock()
	return c.exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
}

func (c *cluster) url(database string) string {
	u := *c.admin
	u.Path = "/" + database
	return u.String()
}

func (c *cluster) exec(ctx context.Context, query string) error {
	conn, err := pgx.Connect(ctx, c.admin.String())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // the query's error tells more
	_, err = conn.Exec(ctx, query)
	return err
}

// size returns the bytes of a database.
func (c *cluster) size(ctx context.Context, database string) (n int64, err error) {
	conn, err := pgx.Connect(ctx, c.admin.String())
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // the query's error tells more
	return n, conn.QueryRow(ctx, `SELECT pg_database_size($1)`, database).Scan(&n)
}

// cpu sums what the cluster's processes have used, those that ended too; 0
// where it is not ours.
func (c *cluster) cpu() (time.Duration, error) {
	if c.own == nil {
		return 0, nil
	}
	post := c.own.cmd.Process.Pid
	s, err := readStat(post)
	if err != nil {
		return 0, err
	}
	sum := s.own + s.ended
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue // no process
		}
		if s, err := readStat(pid); err == nil && s.parent == post { // else it has just ended
			sum += s.own
		}
	}
	return sum, nil
}

// remove drops what was made, or stops our own cluster and removes it whole.
func (c *cluster) remove() error {
	var err error
	if c.own == nil {
		for _, name := range slices.Clone(c.left) {
			err = firstOf(err, c.drop(name))
		}
	} else {
		err = c.own.end(syscall.SIGINT) // Postgres' fast way: it does not wait for clients
	}
	if c.dir == "" {
		return err
	}
	return firstOf(err, os.RemoveAll(c.dir))
}
