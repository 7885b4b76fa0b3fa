//go:build unix

package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// life is the shell program that becomes the server. Before, it leaves a
// watcher behind, which reads from a pipe that nobody writes to: the read ends
// when this test binary does, however that comes about, even by SIGKILL. Then
// the watcher ends the server and removes its folder.
const life = `
exec 3<&0
{
	read -r _ <&3
	kill -QUIT $$
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		test -e "$1/data/postmaster.pid" || break
		sleep 0.1
	done
	rm -rf "$1"
} >/dev/null 2>&1 &
dir=$1 program=$2
shift 2
exec "$program" -D "$dir/data" -k "$dir" "$@" </dev/null 3<&- >"$dir/log" 2>&1
`

// tuning gives up all safety for speed. Nobody vacuums: who does so is
// connected to a template at the wrong moment.
var tuning = []string{
	"listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
	"shared_buffers=32MB", "max_connections=300", "autovacuum=off", "max_wal_size=1GB", "log_statement=none",
}

// startCluster starts a server in a temporary folder and returns the URL of a
// database of it. It ends with this process.
// roomy returns the folder for a cluster: one in memory that has room, where
// the system has such a thing, for every test makes a database and drops it.
func roomy() string {
	const inMemory, room = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(inMemory, &fs); err == nil && uint64(fs.Bavail)*uint64(fs.Bsize) >= room {
		return inMemory
	}
	if base := os.TempDir(); len(base) <= 60 { // the path of a socket may have some 100 bytes
		return base
	}
	return "/tmp"
}

func startCluster(ctx context.Context) (string, error) {
	programs, err := programs(ctx)
	if err != nil {
		return "", err
	}
	base := roomy()
	dir, err := os.MkdirTemp(base, "muster-pgtest-")
	if err != nil {
		return "", err
	}
	at, err := start(ctx, programs, dir)
	if err != nil {
		_ = os.RemoveAll(dir) // a leftover in the system's own folder
	}
	return at, err
}

func start(ctx context.Context, programs, dir string) (string, error) {
	attr := &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for the tests: the server ends after them
	if os.Getuid() == 0 {                      // as which the server refuses to run
		who, err := unprivileged()
		if err != nil {
			return "", err
		}
		attr.Credential = who
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return "", err
		}
	}
	initdb := exec.CommandContext(ctx, filepath.Join(programs, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres",
		"--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = dir, attr
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	args := []string{"-c", life, "muster-pgtest", dir, filepath.Join(programs, "postgres")}
	for _, t := range tuning {
		args = append(args, "-c", t)
	}
	server := exec.Command("/bin/sh", args...)
	server.Dir, server.SysProcAttr = dir, attr
	if _, err := server.StdinPipe(); err != nil { // its end is closed when we end
		return "", err
	}
	if err := server.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: "host=" + url.QueryEscape(dir)}
	if err := answers(ctx, u.String(), ended); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log")) // it may say why, or not be there
		return "", fmt.Errorf("%w\n%s", err, log)
	}
	return u.String(), nil
}

// answers waits until the server takes connections or ends.
func answers(ctx context.Context, at string, ended <-chan error) error {
	db, err := sql.Open("pgx", at)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // it only asked
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case end := <-ended:
			return fmt.Errorf("the server ended: %w", errors.Join(end, io.ErrUnexpectedEOF))
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// programs returns the folder of initdb and postgres.
func programs(ctx context.Context) (string, error) {
	var folders []string
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(real))
		}
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		slices.Reverse(found) // the newest first
		folders = append(folders, found...)
	}
	for _, folder := range folders {
		_, noInit := os.Stat(filepath.Join(folder, "initdb"))
		_, noServer := os.Stat(filepath.Join(folder, "postgres"))
		if noInit == nil && noServer == nil {
			return folder, nil
		}
	}
	return "", errors.New("the programs initdb and postgres are not installed")
}

// unprivileged returns whom root runs the server as.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("root cannot run it, and there is no user postgres or nobody")
}
