// Package pgtest gives tests a PostgreSQL: the server that the variable
// MUSTER_TEST_POSTGRES names or, without it, a throw-away one that is started
// once for a test binary where the server's programs are installed.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Variable names the environment variable with the URL of a server on which
// tests may create databases.
const Variable = "MUSTER_TEST_POSTGRES"

// patience is how long one statement of ours may take on a busy machine.
const patience = time.Minute

// Available reports whether there is a server, and else why not.
func Available() (reason string, ok bool) {
	if _, err := shared(); err != nil {
		return err.Error(), false
	}
	return "", true
}

// Database returns the URL of a database of the test's own, which is dropped
// when the test ends, whoever is connected then. It is empty, or as migrate
// leaves one: migrate is called once in a test binary, with the URL of a
// database that the others are copies of, and has to close its connections.
// It is told from others by its code, so it must be a plain function: of one
// that remembers values only the first call counts.
//
// Without a server the test is skipped, but fails where the variable CI is set
// or MUSTER_TEST_POSTGRES names a server that does not serve.
func Database(t testing.TB, migrate func(url string) error) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		if os.Getenv("CI") != "" || os.Getenv(Variable) != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	template, err := s.template(migrate)
	if err != nil {
		t.Fatal(err)
	}
	name, err := s.create(template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.drop(name); err != nil {
			t.Error(err)
		}
	})
	return s.of(name)
}

// shared is the server of this test binary.
var shared = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if at := os.Getenv(Variable); at != "" {
		s, err := connect(ctx, at)
		if err != nil {
			return nil, fmt.Errorf("pgtest: the server of %s: %w", Variable, err)
		}
		return s, nil
	}
	at, err := startCluster(ctx)
	if err != nil {
		return nil, fmt.Errorf("pgtest: %s is not set, and no server can be started here: %w", Variable, err)
	}
	return connect(ctx, at)
})

// A server is a PostgreSQL on which we make databases. Its connections are
// never closed: they end with the test binary.
type server struct {
	url   url.URL
	db    *sql.DB
	run   uint32 // tells the databases of this test binary from those of others
	made  atomic.Int64
	quick string // the clause by which copies are fastest

	mu        sync.Mutex
	templates map[uintptr]func() (string, error) // by the code of migrate
}

// connect makes a server of the one at the URL and drops what test binaries
// have left there that were killed.
func connect(ctx context.Context, at string) (*server, error) {
	u, err := url.Parse(at)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, errors.New("its URL does not begin with postgres://") // not the error: it tells the password
	}
	db, err := sql.Open("pgx", at)
	if err != nil {
		return nil, err
	}
	s := &server{url: *u, db: db, templates: map[uintptr]func() (string, error){}}
	var hasty bool // nothing is synced to disk, and the version knows the clause
	const ask = "SELECT current_setting('fsync') = 'off' AND current_setting('server_version_num')::int >= 150000"
	if err := db.QueryRowContext(ctx, ask).Scan(&hasty); err != nil {
		return nil, err
	}
	if hasty {
		s.quick = " STRATEGY file_copy" // takes half as long then, and some times as long else
	}
	if err := s.claim(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// of returns the URL of a database.
func (s *server) of(name string) string {
	u := s.url
	u.Path, u.RawPath = "/"+name, ""
	return u.String()
}

// create makes a database, empty or as a copy of the template.
func (s *server) create(template string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if template == "" {
		template = "template0" // to template1 others may be connected
	}
	name := databaseName(s.run, s.made.Add(1))
	if _, err := s.db.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template+s.quick); err != nil {
		return "", fmt.Errorf("pgtest: create a database: %w", err)
	}
	return name, nil
}

func (s *server) drop(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := s.db.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("pgtest: drop a database: %w", err)
	}
	return nil
}

// template returns the name of the database that migrate has been run on, ""
// for none.
func (s *server) template(migrate func(url string) error) (string, error) {
	if migrate == nil {
		return "", nil
	}
	code := reflect.ValueOf(migrate).Pointer()
	s.mu.Lock()
	once, known := s.templates[code]
	if !known {
		once = sync.OnceValues(func() (string, error) {
			name, err := s.create("")
			if err != nil {
				return "", err
			}
			if err := migrate(s.of(name)); err != nil {
				return "", fmt.Errorf("pgtest: migrate: %w", err)
			}
			return name, nil
		})
		s.templates[code] = once
	}
	s.mu.Unlock()
	return once()
}
