package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/pgtest"
)

func TestOnPostgres(t *testing.T) { pgtest.Again(t) }

// openNodes returns n handles on one database, as n processes would have.
func openNodes(t *testing.T, n int) []*DB {
	t.Helper()
	if !pgtest.On() {
		t.Skip("it is about Postgres, see TestOnPostgres")
	}
	at := pgtest.Database(t, migrated)
	nodes := []*DB{openAt(t, at)}
	for range n - 1 {
		db, err := Open(t.Context(), at, Options{Unsafe: true})
		must(t, err)
		db.Now = nodes[0].Now
		t.Cleanup(func() { must(t, db.Close()) })
		nodes = append(nodes, db)
	}
	return nodes
}

// TestPostgresRunsDeadlocksAgain has two nodes lock two meetings crosswise.
func TestPostgresRunsDeadlocksAgain(t *testing.T) {
	t.Parallel()
	nodes, ctx := openNodes(t, 2), t.Context()
	must(t, nodes[0].Write(ctx, func(tx *Tx) error {
		return errors.Join(tx.AddMeeting(ctx, meeting(1)), tx.AddMeeting(ctx, meeting(2)))
	}))
	var both sync.WaitGroup
	both.Add(2)
	var runs [2]int
	results := make(chan error, 2)
	for i, db := range nodes {
		go func() {
			results <- db.Write(ctx, func(tx *Tx) error {
				first := runs[i] == 0
				runs[i]++
				if _, err := tx.Meeting(ctx, "acc", int64(1+i)); err != nil {
					return err
				}
				if first {
					both.Done()
					both.Wait()
				}
				if _, err := tx.Meeting(ctx, "acc", int64(2-i)); err != nil {
					return err
				}
				return tx.AddAccount(ctx, account(fmt.Sprint("a", i)))
			})
		}()
	}
	must(t, <-results)
	must(t, <-results)
	if runs[0]+runs[1] < 3 {
		t.Errorf("got %v runs, want one to be run again", runs)
	}
	if !exists(t, nodes[0], "a0") || !exists(t, nodes[0], "a1") {
		t.Error("a write that met a deadlock is not stored")
	}
}

// TestPostgresRunsAgainAfterALostConnection kills the connection under a write.
func TestPostgresRunsAgainAfterALostConnection(t *testing.T) {
	t.Parallel()
	nodes, ctx := openNodes(t, 2), t.Context()
	runs := 0
	must(t, nodes[0].Write(ctx, func(tx *Tx) error {
		runs++
		var pid int64
		if err := tx.row(ctx, "ask", `SELECT pg_backend_pid()`, nil, []any{&pid}); err != nil {
			return err
		}
		if runs == 1 {
			number(t, nodes[1], fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT pg_terminate_backend(%d)) AS t`, pid))
		}
		return tx.AddAccount(ctx, account("a"))
	}))
	if runs != 2 || !exists(t, nodes[1], "a") {
		t.Errorf("got %d runs and stored %v, want 2 and stored", runs, exists(t, nodes[1], "a"))
	}
}

// TestPostgresWithoutAServer: nobody listens there.
func TestPostgresWithoutAServer(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), "postgres://somebody:hidden-word@127.0.0.1:1/muster", Options{})
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") || strings.Contains(err.Error(), "hidden-word") {
		t.Errorf("got %v, want an error that names the server and no password", err)
	}
}

func TestPostgresURL(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, rest, problem string }{
		"plain":          {in: "postgres://u@h/d?sslmode=disable", rest: "postgres://u@h/d?sslmode=disable"},
		"with a pool":    {in: "postgres://u@h/d?pool_max_conns=7&sslmode=disable", rest: "postgres://u@h/d?sslmode=disable"},
		"several":        {in: "postgres://u@h1:5432,h2:5433/d?pool_max_conns=7&target_session_attrs=read-write", rest: "postgres://u@h1:5432,h2:5433/d?target_session_attrs=read-write"},
		"too few":        {in: "postgres://u@h/d?pool_max_conns=1", problem: "pool_max_conns"},
		"no number":      {in: "postgres://u@h/d?pool_max_conns=x", problem: "pool_max_conns"},
		"no URL at all ": {in: "postgres://u:pass word@h:x/d", problem: "postgres://user@host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rest, _, err := poolSize(c.in)
			if rest != c.rest || c.problem == "" && err != nil || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
				t.Errorf("got %q, %v, want %q, %q", rest, err, c.rest, c.problem)
			}
		})
	}
}

func TestPostgresQueueIsBounded(t *testing.T) {
	t.Parallel()
	db, ctx := openNodes(t, 1)[0], t.Context()
	e := db.engine.(*postgresEngine)
	e.pending.Add(int64(queueLen + cap(e.writers)))
	if err := db.Write(ctx, func(*Tx) error { return nil }); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	if n := db.Waiting(); n != queueLen {
		t.Errorf("got %d waiting, want %d", n, queueLen)
	}
	e.pending.Add(-int64(queueLen + cap(e.writers)))
	must(t, db.Write(ctx, func(*Tx) error { return nil }))
}

func TestPostgresClosed(t *testing.T) {
	t.Parallel()
	db := openNodes(t, 2)[0]
	must(t, db.Close())
	if err := db.Write(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

// TestMeetingsAreWrittenOneAfterTheOther: who loads a meeting in a write sees
// all that writers before have done to its people, on whatever node.
func TestMeetingsAreWrittenOneAfterTheOther(t *testing.T) {
	t.Parallel()
	nodes, ctx := openNodes(t, 3), t.Context()
	must(t, nodes[0].Write(ctx, func(tx *Tx) error { return tx.AddMeeting(ctx, meeting(7)) }))
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			db := nodes[i%3]
			err := db.Write(ctx, func(tx *Tx) error {
				m, err := tx.Meeting(ctx, "acc", 7)
				if err != nil {
					return err
				}
				made, err := tx.EverRegistered(ctx, m)
				if err != nil {
					return err
				}
				r := registrant(fmt.Sprintf("r%d", made)) // taken by two, if two see the same number
				if _, err := tx.AddRegistrants(ctx, []*muster.Registrant{r}); err != nil {
					return err
				}
				tallies := muster.Tallies{}
				tallies.Move(nil, r)
				return tx.Count(ctx, m, tallies, 1, 0)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if rows, made := number(t, nodes[0], `SELECT COUNT(*) FROM registrants`), number(t, nodes[0], `SELECT made FROM tallies`); rows != 60 || made != 60 {
		t.Errorf("got %d rows and %d counted, want 60", rows, made)
	}
}

// TestAnswersAreClaimedOnce: of two transactions with one key the second
// waits for the first and finds its answer.
func TestAnswersAreClaimedOnce(t *testing.T) {
	t.Parallel()
	nodes, ctx := openNodes(t, 2), t.Context()
	claimed, end := make(chan bool), make(chan error, 1)
	var release sync.Once
	goOn := make(chan bool)
	t.Cleanup(func() { release.Do(func() { close(goOn) }) })
	answer := func() *Answer { return &Answer{Account: "acc", App: "app", Key: "k", Fingerprint: "f"} }
	go func() {
		end <- nodes[0].Write(ctx, func(tx *Tx) error {
			a := answer()
			if stored, err := tx.ClaimAnswer(ctx, a, time.Time{}); err != nil || stored {
				return fmt.Errorf("the first claim: stored %v, %w", stored, err)
			}
			close(claimed)
			<-goOn
			a.Status, a.Body = 201, "first"
			return tx.StoreAnswer(ctx, a)
		})
	}()
	<-claimed
	second := make(chan string, 1)
	go func() {
		a := answer()
		err := nodes[1].Write(ctx, func(tx *Tx) error {
			_, err := tx.ClaimAnswer(ctx, a, time.Time{})
			return err
		})
		second <- fmt.Sprint(a.Body, err)
	}()
	waitFor(t, nodes[0], `SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%idempotency%' AND datname = current_database()`)
	release.Do(func() { close(goOn) })
	must(t, <-end)
	if got := <-second; got != "first<nil>" {
		t.Errorf("the second got %q, want the first's answer", got)
	}
}

// waitFor returns when a query answers more than 0.
func waitFor(t *testing.T, db *DB, query string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for number(t, db, query) == 0 {
		if ctx.Err() != nil {
			t.Fatalf("nothing came of %s", query)
		}
	}
}
