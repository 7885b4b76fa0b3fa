package store

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"muster/internal/pgtest"
)

func TestMigrateEmptyAndAgain(t *testing.T) {
	t.Parallel()
	file := emptyDatabase(t)
	for _, pass := range []string{"empty", "again", "and again"} {
		db, err := Open(t.Context(), file, Options{Unsafe: true})
		if err != nil {
			t.Fatalf("%s: %v", pass, err)
		}
		must(t, db.Ping(t.Context()))
		if v, rows := number(t, db, `SELECT MAX(version) FROM schema_version`), number(t, db, `SELECT COUNT(*) FROM schema_version`); v != newest(t) || rows != 1 {
			t.Errorf("%s: got version %d in %d rows, want %d in 1", pass, v, rows, newest(t))
		}
		if pass == "empty" {
			must(t, db.Write(t.Context(), func(tx *Tx) error { return tx.AddAccount(t.Context(), account("kept")) }))
		} else if !exists(t, db, "kept") {
			t.Errorf("%s: opening lost a row", pass)
		}
		must(t, db.Close())
	}
}

// emptyDatabase names a database without a schema.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	if pgtest.On() {
		return pgtest.Database(t, nil)
	}
	return filepath.Join(t.TempDir(), "muster.db")
}

func newest(t *testing.T) int64 {
	t.Helper()
	entries, err := migrations.ReadDir("migrations")
	must(t, err)
	return int64(len(entries))
}

// TestMigrateFindsOldAdministration gives events of before there was an audit
// to what they are about and to who did it.
func TestMigrateFindsOldAdministration(t *testing.T) {
	t.Parallel()
	fresh := reopened(t, 4,
		`INSERT INTO accounts (id, parent_id, name, owner_id, created_at) VALUES ('home', '', 'Home', 'ann', 1)`,
		`INSERT INTO events (id, account_id, at, kind, app_id, user_id, meeting_id, subjects, data) VALUES
			('e1', 'home', 1, 'account.created', '', '', 0, '["home","ann"]', '{}'),
			('e2', 'home', 2, 'user.created', 'app', 'ann', 0, '["bob"]', '{}'),
			('e3', 'home', 3, 'meeting.created', 'app', 'ann', 7, '[]', '{}')`)
	for object, want := range map[string]string{"": "e2 e1", "home": "e1", "ann": "e1", "bob": "e2", "e3": ""} {
		if got := auditOf(t, fresh, AuditFilter{Object: object}); got != want {
			t.Errorf("about %q: got %q, want %q", object, got, want)
		}
	}
	for actor, want := range map[string]string{"ann": "e2", "app": "e2", "bob": ""} {
		if got := auditOf(t, fresh, AuditFilter{Actor: actor}); got != want {
			t.Errorf("by %q: got %q, want %q", actor, got, want)
		}
	}
}

// TestMigrateGivesTwinsNumbersOfTheirOwn has users of before a personal number
// was one's own.
func TestMigrateGivesTwinsNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	const people = `INSERT INTO users (seq, id, account_id, email, email_key, first_name, last_name, display_name, type, status, role, action, pmi, timezone,
			created_at, updated_at) VALUES `
	row := func(seq int, id, account string, pmi int64) string {
		return fmt.Sprintf(`(%d, '%s', '%s', '%[2]s', '%[2]s', '', '', '', 2, 'active', '2', 'create', %[4]d, 'UTC', 1, 1)`, seq, id, account, pmi)
	}
	for name, tt := range map[string]struct {
		rows []string
		want string
	}{
		"nobody": {nil, ""},
		"none": {
			[]string{row(1, "ann", "home", 1000000000), row(2, "bob", "home", 9999999999)},
			"ann 1000000000, bob 9999999999",
		},
		"some": {
			[]string{
				row(1, "ann", "home", 1000000001), row(2, "bob", "branch", 9999999999), row(3, "cem", "home", 9999999999), row(4, "dee", "branch", 1000000001),
				row(5, "eve", "home", 9999999999), row(6, "fay", "home", 1000000002),
			},
			"ann 1000000001, bob 9999999999, cem 1000000000, dee 1000000003, eve 1000000004, fay 1000000002",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			texts := []string{`INSERT INTO accounts (id, parent_id, name, owner_id, created_at) VALUES ('home', '', '', 'ann', 1), ('branch', 'home', '', 'bob', 1)`}
			if len(tt.rows) > 0 {
				texts = append(texts, people+strings.Join(tt.rows, ", "))
			}
			db := reopened(t, 4, texts...)
			var got []string
			must(t, db.Read(t.Context(), func(tx *Tx) error {
				got = nil
				return tx.rows(t.Context(), "list numbers", `SELECT id, pmi FROM users ORDER BY seq`, nil, func(rows *sql.Rows) error {
					var id string
					var pmi int64
					err := rows.Scan(&id, &pmi)
					got = append(got, fmt.Sprintf("%s %d", id, pmi))
					return err
				})
			}))
			if list := strings.Join(got, ", "); list != tt.want {
				t.Errorf("got %s, want %s", list, tt.want)
			}
		})
	}
}

// reopened returns a database that had a schema of an older version when it
// got what texts put there.
func reopened(t *testing.T, version int, texts ...string) *DB {
	t.Helper()
	file := emptyDatabase(t)
	if !pgtest.On() {
		must(t, os.WriteFile(file, nil, 0o600)) // an empty file is an empty database
	}
	db, d, _, err := bare(file, false)
	must(t, err)
	conn, err := connect(t.Context(), db)
	must(t, err)
	must(t, makeVersion(t.Context(), conn, d))
	for i, name := range steps()[:version] {
		_, err := step(t.Context(), conn, d, i+1, name)
		must(t, err)
	}
	for _, text := range texts {
		_, err := conn.ExecContext(t.Context(), text)
		must(t, err)
	}
	must(t, errors.Join(conn.Close(), db.Close()))
	fresh, err := Open(t.Context(), file, Options{Unsafe: true})
	must(t, err)
	t.Cleanup(func() { must(t, fresh.Close()) })
	return fresh
}

func auditOf(t *testing.T, db *DB, f AuditFilter) string {
	t.Helper()
	var ids []string
	must(t, db.Read(t.Context(), func(tx *Tx) error {
		events, _, err := tx.Audit(t.Context(), "home", f, nil, 10)
		for _, e := range events {
			ids = append(ids, e.ID)
		}
		return err
	}))
	return strings.Join(ids, " ")
}

func TestMigrateRefusesNewerSchema(t *testing.T) {
	t.Parallel()
	file := emptyDatabase(t)
	db, err := Open(t.Context(), file, Options{Unsafe: true})
	must(t, err)
	must(t, db.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.exec(t.Context(), "age", `UPDATE schema_version SET version = 999`)
		return err
	}))
	must(t, db.Close())
	db, err = Open(t.Context(), file, Options{Unsafe: true})
	if err == nil {
		_ = db.Close() // the test has failed already
		t.Fatal("a database of a newer schema was opened")
	}
	for _, want := range []string{"database ", "999", "newer"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want it to say %q", err, want)
		}
	}
}

// TestMigrateAtOnce is several processes that start on one empty folder.
func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	file := emptyDatabase(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			db, err := Open(t.Context(), file, Options{Unsafe: true})
			if err != nil {
				t.Error(err)
				return
			}
			defer func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}()
			if err := db.Write(t.Context(), func(tx *Tx) error { return tx.AddAccount(t.Context(), account(string(rune('a'+i)))) }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	db, err := Open(t.Context(), file, Options{Unsafe: true})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	if n := number(t, db, `SELECT COUNT(*) FROM accounts`); n != 4 {
		t.Errorf("got %d accounts of four handles, want 4", n)
	}
	if n := number(t, db, `SELECT COUNT(*) FROM schema_version`); n != 1 {
		t.Errorf("got %d rows of the schema's version, want 1", n)
	}
}

func TestOpenTellsWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), t.TempDir(), Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "store: ") {
		t.Errorf("a folder for a file: got %v, want an error of store", err)
	}
}

// TestPragmasOfProduction asks the connections themselves what they run with.
func TestPragmasOfProduction(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "a #?%20 name.db"), Options{})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	want := map[string]string{
		"synchronous": "2", "page_size": "4096", "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "10000",
		"wal_autocheckpoint": "10000",
	}
	ask := func(tx *Tx, who string, more map[string]string) error {
		for _, pragmas := range []map[string]string{want, more} {
			for name, value := range pragmas {
				var got string
				if err := tx.row(t.Context(), name, `PRAGMA `+name, nil, []any{&got}); err != nil {
					return err
				}
				if got != value {
					t.Errorf("%s: PRAGMA %s: got %s, want %s", who, name, got, value)
				}
			}
		}
		return nil
	}
	must(t, db.Write(t.Context(), func(tx *Tx) error { return ask(tx, "writer", map[string]string{"query_only": "0"}) }))
	must(t, db.Read(t.Context(), func(tx *Tx) error { return ask(tx, "reader", map[string]string{"query_only": "1"}) }))
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"none":         {`SELECT 1`, `SELECT 1`},
		"in order":     {`a = $1 AND b = $2`, `a = ? AND b = ?`},
		"repeated":     {`a = $1 OR b = $1`, `a = ?1 OR b = ?1`},
		"out of order": {`a = $2 AND b = $1`, `a = ?2 AND b = ?1`},
		"begins at 2":  {`a = $2`, `a = ?2`},
		"repeats late": {`$1,$2,$3,$2`, `?1,?2,?3,?2`},
		"beyond nine": {
			`($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`, `(?,?,?,?,?,?,?,?,?,?,?,?)`,
		},
		"beyond nine, repeated": {
			`($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$1)`, `(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?1)`,
		},
		"at the end": {`LIMIT $1`, `LIMIT ?`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := respell(c.in); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestRewrittenParametersMeanTheSame runs what TestRewrite only reads.
func TestRewrittenParametersMeanTheSame(t *testing.T) {
	t.Parallel()
	db, ctx := openFile(t), t.Context()
	args := make([]any, 12)
	for i := range args {
		args[i] = string(rune('a' + i))
	}
	ask := func(tx *Tx) error {
		for query, want := range map[string]string{
			`SELECT $1 || $2 || $3`:           "abc",
			`SELECT $3 || $1 || $1`:           "caa",
			`SELECT $12 || $1 || $10 || $2`:   "lajb",
			`SELECT $2 || $11 || $2 || $12`:   "bkbl",
			`SELECT ` + params(1, 1) + `||$2`: "ab",
		} {
			var got string
			used := args
			if strings.Count(query, "$") == 3 && strings.Contains(query, "$1 || $2 || $3") {
				used = args[:3]
			} else if strings.HasSuffix(query, "||$2") {
				used = args[:2]
			} else if strings.Contains(query, "$3 || $1 || $1") {
				used = args[:3]
			}
			if err := tx.row(ctx, "ask", query, used, []any{&got}); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s: got %s, want %s", query, got, want)
			}
		}
		return nil
	}
	must(t, db.Write(ctx, ask))
	must(t, db.Read(ctx, ask))
}

func TestValues(t *testing.T) {
	t.Parallel()
	if got, want := values(2, 3), "($1,$2,$3),($4,$5,$6)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := params(9, 3), "$9,$10,$11"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDriverErrorsDoNotLeave(t *testing.T) {
	t.Parallel()
	if err := known(sql.ErrConnDone); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("an error that is not the engine's: got %v, want it unchanged", err)
	}
	db := open(t)
	err := db.Write(t.Context(), func(tx *Tx) error { return tx.AddAccount(t.Context(), account("acc")) })
	if !errors.Is(err, ErrExists) || !strings.HasPrefix(err.Error(), "store: add account: ") {
		t.Errorf("got %v, want ErrExists with what was being done", err)
	}
}
