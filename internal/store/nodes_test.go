package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// openWith opens the database of db once more, with a parameter of the URL.
func openWith(t *testing.T, db *DB, name, value string, o Options) *DB {
	t.Helper()
	u, err := url.Parse(db.place)
	must(t, err)
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	more, err := Open(t.Context(), u.String(), o)
	must(t, err)
	more.Now = db.Now
	t.Cleanup(func() { must(t, more.Close()) })
	return more
}

// text returns the one text that a query answers in a write.
func text(t *testing.T, db *DB, query string) (s string) {
	t.Helper()
	must(t, db.Write(t.Context(), func(tx *Tx) error { return tx.row(t.Context(), "ask", query, nil, []any{&s}) }))
	return s
}

func TestPostgresSession(t *testing.T) {
	t.Parallel()
	db := openNodes(t, 1)[0]
	strange := openWith(t, db, "default_transaction_isolation", "serializable", Options{})
	own := openWith(t, db, "idle_in_transaction_session_timeout", "7000", Options{})
	for _, c := range []struct {
		db         *DB
		name, want string
	}{
		{strange, "transaction_isolation", "read committed"},
		{strange, "synchronous_commit", "on"},
		{strange, "idle_in_transaction_session_timeout", "30s"},
		{own, "idle_in_transaction_session_timeout", "7s"},
	} {
		if got := text(t, c.db, `SHOW `+c.name); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestPostgresThatIsNoPrimaryAnyMore: connections that lead to a server which
// only reads are not used again.
func TestPostgresThatIsNoPrimaryAnyMore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db := openWith(t, openNodes(t, 1)[0], "pool_max_conns", "3", Options{Unsafe: true})
	var both, all sync.WaitGroup
	both.Add(2)
	for range 2 {
		all.Go(func() {
			err := db.Write(ctx, func(tx *Tx) error {
				both.Done()
				both.Wait() // so that each has a connection of its own
				_, err := tx.exec(ctx, "demote", `SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY`)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, db.Write(ctx, func(tx *Tx) error { return tx.AddAccount(ctx, account("a")) }))
}

// TestReadsGoOnWhileAMeetingIsBusy has more writes wait for one meeting than
// there are connections.
func TestReadsGoOnWhileAMeetingIsBusy(t *testing.T) {
	t.Parallel()
	nodes, ctx := openNodes(t, 2), t.Context()
	must(t, nodes[0].Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	locked, release := make(chan bool), make(chan bool)
	var all sync.WaitGroup
	lock := func(db *DB, then func()) {
		all.Go(func() {
			err := db.Write(ctx, func(tx *Tx) error {
				_, err := tx.Meeting(ctx, "acc", 7)
				then()
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	lock(nodes[1], func() {
		close(locked)
		<-release
	})
	<-locked
	for range 2 * usualConns {
		lock(nodes[0], func() {})
	}
	waitFor(t, nodes[1], `SELECT CASE WHEN COUNT(*) >= 12 THEN 1 ELSE 0 END FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`)
	soon, cancel := context.WithTimeout(ctx, txTime/3)
	defer cancel()
	read := make(chan error, 1)
	go func() { read <- nodes[0].Ping(soon) }()
	select {
	case err := <-read:
		must(t, err)
	case <-soon.Done():
		t.Error("a read waits for the writes of a meeting")
	}
	close(release)
	all.Wait()
}

// TestPostgresLostAtTheCommit ends the connection while the commit runs.
func TestPostgresLostAtTheCommit(t *testing.T) {
	t.Parallel()
	db, ctx := openNodes(t, 1)[0], t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error {
		for _, text := range []string{
			`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'`,
			`CREATE CONSTRAINT TRIGGER die AFTER INSERT ON accounts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`,
		} {
			if _, err := tx.exec(ctx, "prepare", text); err != nil {
				return err
			}
		}
		return nil
	}))
	runs := 0
	err := db.Write(ctx, func(tx *Tx) error {
		runs++
		return tx.AddAccount(ctx, account("a"))
	})
	if !errors.Is(err, ErrUnknown) || runs != 1 {
		t.Errorf("got %v after %d runs, want ErrUnknown after one: what may be stored must not be stored twice", err, runs)
	}
}

// TestPostgresPreparesAnew has another node change the type of a column that
// this one has prepared a query for.
func TestPostgresPreparesAnew(t *testing.T) {
	t.Parallel()
	nodes, ctx := openNodes(t, 2), t.Context()
	must(t, nodes[0].Write(ctx, func(tx *Tx) error { return tx.AddUser(ctx, user("u", "u@example.com")) }))
	read := func(tx *Tx) error {
		_, err := tx.User(ctx, "acc", "u")
		return err
	}
	must(t, nodes[0].Read(ctx, read))
	must(t, nodes[0].Write(ctx, read))
	must(t, nodes[1].Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, "migrate", `ALTER TABLE users ALTER COLUMN pmi TYPE NUMERIC`)
		return err
	}))
	must(t, nodes[0].Read(ctx, read))
	must(t, nodes[0].Write(ctx, read))
}

func TestPostgresEncoding(t *testing.T) {
	t.Parallel()
	at := openNodes(t, 1)[0].place
	u, err := url.Parse(at)
	must(t, err)
	db, err := sql.Open("pgx", at)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	name := strings.TrimPrefix(u.Path, "/")
	ascii := strings.Replace(name, "muster_test_", "muster_ascii_", 1)
	_, err = db.ExecContext(t.Context(), `CREATE DATABASE `+ascii+` TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`)
	must(t, err)
	defer func() {
		_, err := db.ExecContext(context.WithoutCancel(t.Context()), `DROP DATABASE `+ascii+` WITH (FORCE)`)
		must(t, err)
	}()
	u.Path = "/" + ascii
	_, err = Open(t.Context(), u.String(), Options{})
	if err == nil || !strings.Contains(err.Error(), "SQL_ASCII") || !strings.Contains(err.Error(), "UTF8") {
		t.Errorf("got %v, want both encodings named", err)
	}
}

// TestPostgresErrors: what is tried again, and what becomes of it.
func TestPostgresErrors(t *testing.T) {
	t.Parallel()
	pg := func(code string) *pgconn.PgError {
		return &pgconn.PgError{Code: code, SeverityUnlocalized: "ERROR"}
	}
	domain := errors.New("no place left")
	for name, c := range map[string]struct {
		err   error
		again bool
		why   error
	}{
		"none":                     {nil, false, nil},
		"a rule":                   {domain, false, nil},
		"unique":                   {pg("23505"), false, nil},
		"syntax":                   {pg("42601"), false, nil},
		"serialization":            {pg("40001"), true, ErrBusy},
		"deadlock, wrapped":        {fmt.Errorf("store: %w", pg("40P01")), true, ErrBusy},
		"deadlock at commit":       {&commitError{pg("40P01")}, true, ErrBusy},
		"statement_timeout":        {pg("57014"), true, ErrBusy},
		"stops":                    {pg("57P01"), true, ErrUnavailable},
		"a pooler's word":          {pg("08P01"), true, ErrUnavailable},
		"unsupported":              {pg("0A000"), false, nil},
		"a plan of yesterday":      {&pgconn.PgError{Code: "0A000", Routine: "RevalidateCachedQuery"}, true, ErrBusy},
		"cut off":                  {io.ErrUnexpectedEOF, true, ErrUnavailable},
		"deadline":                 {context.DeadlineExceeded, true, ErrUnavailable},
		"wrong password":           {connectError(t), true, ErrUnavailable},
		"cut off at commit":        {&commitError{io.ErrUnexpectedEOF}, false, ErrUnknown},
		"deadline at commit":       {&commitError{context.DeadlineExceeded}, false, ErrUnknown},
		"stops at commit":          {&commitError{&pgconn.PgError{Code: "57P01", SeverityUnlocalized: "FATAL"}}, false, ErrUnknown},
		"refused at commit":        {&commitError{pg("23503")}, false, nil},
		"commit of what is broken": {&commitError{pgx.ErrTxCommitRollback}, false, nil},
	} {
		if again, why := worthAgain(c.err); again != c.again || !errors.Is(why, c.why) || (why == nil) != (c.why == nil) {
			t.Errorf("%s: got %v, %v, want %v, %v", name, again, why, c.again, c.why)
		}
	}
}

// connectError is an error of who could not connect.
func connectError(t *testing.T) error {
	t.Helper()
	_, err := pgx.Connect(t.Context(), "postgres://u@127.0.0.1:1/d")
	if _, ok := errors.AsType[*pgconn.ConnectError](err); !ok {
		t.Fatalf("got %v, want a ConnectError", err)
	}
	return err
}
