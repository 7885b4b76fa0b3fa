package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"muster/internal/pgtest"
)

// odd ends every text of a filled database.
const odd = " ü 'quoted' \\ \t\n€ 😀"

// filled returns a SQLite database with three rows in each table that the
// schema has, whatever these are. The n-th rows refer to each other.
func filled(t *testing.T) (file string, tables []string) {
	t.Helper()
	if pgtest.On() {
		t.Skip("it starts from SQLite, once")
	}
	file = filepath.Join(t.TempDir(), "muster.db")
	must(t, migrated(file))
	db, err := sql.Open("sqlite", plainDSN(file))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	tables = texts(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('schema_version', 'sqlite_sequence') ORDER BY name`)
	for _, table := range tables {
		columns := texts(t, db, `SELECT name || ' ' || type FROM pragma_table_info('`+table+`')`)
		for n := range 3 {
			var row []any
			for _, c := range columns {
				switch _, kind, _ := strings.Cut(c, " "); kind {
				case "TEXT":
					row = append(row, fmt.Sprint(n, odd))
				case "BYTEA":
					row = append(row, []byte{byte(n), 0, 255})
				case "BOOLEAN":
					row = append(row, n%2 == 0)
				case "BIGINT", "INTEGER":
					row = append(row, int64(n-1)*(1<<40))
				default:
					t.Fatalf("%s has a column of another type: %s", table, c)
				}
			}
			_, err := db.ExecContext(t.Context(), `INSERT INTO "`+table+`" VALUES `+respell(values(1, len(row))), row...)
			must(t, err)
		}
	}
	return file, tables
}

// texts returns the rows of a query for one text.
func texts(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var text string
		must(t, rows.Scan(&text))
		all = append(all, text)
	}
	must(t, rows.Err())
	return all
}

func noProgress(string, int, int) {}

// target opens a Postgres without an engine.
func target(t *testing.T, at string) *sql.DB {
	t.Helper()
	db, _, _, err := bare(at, false)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// asText is a table of either engine, a row of texts in each line, sorted.
func asText(t *testing.T, db *sql.DB, table string, columns []string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT "`+strings.Join(columns, `","`)+`" FROM "`+table+`"`)
	must(t, err)
	defer rows.Close()
	var lines []string
	for rows.Next() {
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		must(t, rows.Scan(dest...))
		for i, v := range values {
			if b, ok := v.(bool); ok { // to SQLite it is a number
				values[i] = map[bool]int64{true: 1}[b]
			}
		}
		lines = append(lines, fmt.Sprintf("%q", values))
	}
	must(t, rows.Err())
	slices.Sort(lines)
	return lines
}

// TestCopyTakesEveryTable copies a database with something in each table of
// the schema and compares them without the help of Copy.
func TestCopyTakesEveryTable(t *testing.T) {
	t.Parallel()
	file, tables := filled(t)
	at := pgtest.Database(t, nil)
	done, err := Copy(t.Context(), file, at, noProgress)
	must(t, err)
	var names []string
	for _, c := range done {
		names = append(names, c.Name)
		if !c.OK() || c.Source != 3 || len(c.Sum) != 64 {
			t.Errorf("got %+v, want 3 rows and a checksum", c)
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, tables) || len(tables) < 13 {
		t.Errorf("copied %v, want %v", names, tables)
	}
	source, err := sql.Open("sqlite", plainDSN(file))
	must(t, err)
	defer func() { must(t, source.Close()) }()
	db := target(t, at)
	for _, table := range tables {
		columns := texts(t, source, `SELECT name FROM pragma_table_info('`+table+`')`)
		got, want := asText(t, db, table, columns), asText(t, source, table, columns)
		if !slices.Equal(got, want) || len(got) != 3 {
			t.Errorf("%s: got %s\nwant %s", table, got, want)
		}
	}
	if _, err := Copy(t.Context(), file, at, noProgress); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("a second time: got %v, want ErrNotEmpty", err)
	}
}

// TestCopyCarriesTheNumbers has the target give numbers beyond all that the
// source ever gave, also to rows that are gone.
func TestCopyCarriesTheNumbers(t *testing.T) {
	t.Parallel()
	file, _ := filled(t)
	change(t, file, `UPDATE sqlite_sequence SET seq = 1 << 41 WHERE name = 'registrants'`)
	at := pgtest.Database(t, nil)
	_, err := Copy(t.Context(), file, at, noProgress)
	must(t, err)
	db := target(t, at)
	for table, want := range map[string]string{"users": fmt.Sprint(1<<40 + 1), "registrants": fmt.Sprint(1<<41 + 1)} {
		if got := texts(t, db, `SELECT nextval(pg_get_serial_sequence('`+table+`', 'seq'))::text`); got[0] != want {
			t.Errorf("%s: got the number %s, want %s", table, got, want)
		}
	}
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	spoil := `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
		IF NEW.meeting_id = 0 THEN %s; END IF; RETURN NEW; END $f$;
		CREATE TRIGGER spoil BEFORE INSERT ON registrants FOR EACH ROW EXECUTE FUNCTION spoil()`
	for name, test := range map[string]struct {
		source, target string
		want           error
		says           string
	}{
		"a table too many":  {source: `CREATE TABLE extra (id TEXT PRIMARY KEY)`, says: "the table extra has no counterpart"},
		"a column too many": {source: `ALTER TABLE events ADD COLUMN extra TEXT`, says: "the table events has the columns"},
		"a column missing":  {target: `ALTER TABLE events ADD COLUMN extra TEXT`, says: "the table events has the columns"},
		"a zero byte":       {source: `UPDATE meetings SET topic = 'a' || char(0) || 'b' WHERE id = 0`, says: "the column topic, in the row whose id is 0"},
		"no UTF-8":          {source: `UPDATE users SET email = CAST(x'61ff' AS TEXT) WHERE seq = 0`, says: "the column email, in the row whose seq is 0"},
		"an account":        {target: `INSERT INTO accounts VALUES ('a', '', '', '', 0)`, want: ErrNotEmpty, says: "accounts"},
		"an event":          {target: `INSERT INTO events VALUES ('a', '', 0, '', '', '', 0, '', '')`, want: ErrNotEmpty, says: "events"},
		"changes a row":     {target: fmt.Sprintf(spoil, `NEW.email_key := NEW.email_key || 'x'`), want: ErrDiffers},
		"loses a row":       {target: fmt.Sprintf(spoil, `RETURN NULL`), says: "read 3 rows of 3 and wrote 2"},
		"refuses a row":     {target: fmt.Sprintf(spoil, `RAISE EXCEPTION 'no'`), says: "write registrants"},
		"one left alone":    {source: `DELETE FROM registrants WHERE meeting_id = 0`, says: "choices"}, // a choice of nobody's
		"newer":             {target: `UPDATE schema_version SET version = 999`, says: "newer than this program's"},
		"newer source":      {source: `UPDATE schema_version SET version = 999`, says: "newer than this program's"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, tables := filled(t)
			at := pgtest.Database(t, migrated)
			db := target(t, at)
			if test.source != "" {
				change(t, file, test.source)
			}
			if test.target != "" {
				_, err := db.ExecContext(t.Context(), test.target)
				must(t, err)
			}
			count := func() (counts []string) {
				for _, table := range tables {
					counts = append(counts, table+texts(t, db, `SELECT COUNT(*)::text FROM "`+table+`"`)[0])
				}
				return counts
			}
			before := count()
			done, err := Copy(t.Context(), file, at, noProgress)
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %v %s", err, test.want, test.says)
			}
			if after := count(); !slices.Equal(after, before) {
				t.Errorf("the target has %v, want %v as before", after, before)
			}
			differs := 0
			for _, c := range done {
				if !c.OK() {
					differs++
				}
			}
			if errors.Is(err, ErrDiffers) != (differs == 1 && len(done) == len(tables)) {
				t.Errorf("got %v and told of %d tables that differ, of %d", err, differs, len(done))
			}
		})
	}
}

// TestCopyReplacesWhatAccountsDoNotNeed copies over what a server leaves in a
// database that did not come as far as its first account.
func TestCopyReplacesWhatAccountsDoNotNeed(t *testing.T) {
	t.Parallel()
	file, _ := filled(t)
	at := pgtest.Database(t, migrated)
	db := target(t, at)
	_, err := db.ExecContext(t.Context(), `INSERT INTO secrets VALUES ('x', 'y'); INSERT INTO jobs VALUES ('x', '', '', '', '', 0, 0, 0)`)
	must(t, err)
	_, err = Copy(t.Context(), file, at, noProgress)
	must(t, err)
	if got := texts(t, db, `SELECT COUNT(*)::text FROM secrets WHERE name = 'x'`); got[0] != "0" {
		t.Error("a secret of the target is left")
	}
}

func TestCopyStops(t *testing.T) {
	t.Parallel()
	file, _ := filled(t)
	at := pgtest.Database(t, migrated)
	for _, when := range []string{"accounts", "tallies", "accounts, read back", "tallies, read back"} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := Copy(ctx, file, at, func(what string, _, _ int) {
			if what == when {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stopped at %s: got %v, want %v", when, err, context.Canceled)
		}
	}
	_, err := Copy(t.Context(), file, at, noProgress)
	must(t, err)
}

// TestRowSum holds the checksum to what it must tell apart.
func TestRowSum(t *testing.T) {
	t.Parallel()
	sum := func(rows ...[]any) string {
		var s rowSum
		for _, r := range rows {
			must(t, s.add(r))
		}
		return s.String()
	}
	a, b := []any{int64(1), "ab", "c"}, []any{int64(2), "", nil}
	if sum(a, b) != sum(b, a) {
		t.Error("it hangs on the order")
	}
	seen := map[string]bool{}
	for _, rows := range [][][]any{
		{},
		{a},
		{b},
		{a, a},
		{a, b},
		{a, b, b},
		{{int64(1), "a", "bc"}},
		{{int64(1), []byte("ab"), "c"}},
		{{int64(2), "", ""}},
		{{true, "ab", "c"}},
		{{int64(2), "ab", "c"}, {int64(1), "", nil}},
	} {
		if s := sum(rows...); seen[s] {
			t.Errorf("%v has the sum of others", rows)
		} else {
			seen[s] = true
		}
	}
	var s rowSum
	if err := s.add([]any{1.5}); err == nil {
		t.Error("a float has a sum")
	}
}
