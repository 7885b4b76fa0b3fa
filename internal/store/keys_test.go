package store

import (
	"database/sql"
	"maps"
	"slices"
	"testing"
)

// keysOfTheirOwn are the unique keys without meeting_id of tables that are
// about meetings. Each needs a reason why a database that is spread over
// several machines by meeting can do with it.
var keysOfTheirOwn = map[string]string{
	"events: id":                           "ids are random: who spreads events by meeting makes the key (meeting_id, id)",
	"idempotency: account_id, app_id, key": "one key may come for two meetings and must be refused then: spread by account",
	"meetings: uuid":                       "128 random bits: the key finds a meeting, and need not keep two apart",
	"meetings: id":                         "is the number itself",
}

// TestKeysHaveTheMeeting reads from the catalogue what a distributed Postgres
// asks: that every unique key of what belongs to a meeting has its number.
func TestKeysHaveTheMeeting(t *testing.T) {
	t.Parallel()
	db, ctx := openNodes(t, 1)[0], t.Context()
	const unique = `
		SELECT c.relname || ': ' || string_agg(a.attname, ', ' ORDER BY array_position(i.indkey::int2[], a.attnum)),
			c.relname <> 'meetings' AND bool_or(a.attname = 'meeting_id')
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
		WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace
			AND (c.relname = 'meetings' OR EXISTS (SELECT 1 FROM pg_attribute m WHERE m.attrelid = c.oid AND m.attname = 'meeting_id'))
		GROUP BY c.relname, i.indexrelid`
	found := 0
	left := maps.Clone(keysOfTheirOwn)
	must(t, db.Read(ctx, func(tx *Tx) error {
		return tx.rows(ctx, "read keys", unique, nil, func(rows *sql.Rows) error {
			var key string
			var has bool
			if err := rows.Scan(&key, &has); err != nil {
				return err
			}
			found++
			if _, excused := keysOfTheirOwn[key]; !has && !excused {
				t.Errorf("%s: the unique key has no meeting_id and stands not in keysOfTheirOwn", key)
			}
			delete(left, key)
			return nil
		})
	}))
	if len(left) > 0 || found < 9 {
		t.Errorf("found %d keys; in the list of this test, but not in the database: %v", found, left)
	}
	for what, query := range map[string]string{
		"table without a primary key": `SELECT relname FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
			AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`,
		"trigger":   `SELECT tgname FROM pg_trigger WHERE NOT tgisinternal`,
		"extension": `SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'`,
		"function":  `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
		"type of a column that SQLite has not": `SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
			WHERE table_schema = 'public' AND data_type NOT IN ('text', 'bigint', 'boolean', 'bytea')`,
	} {
		if names := list(t, db, query); len(names) > 0 {
			t.Errorf("%s: %v", what, names)
		}
	}
}

// list returns the texts that a query answers, sorted.
func list(t *testing.T, db *DB, query string) (all []string) {
	t.Helper()
	ctx := t.Context()
	must(t, db.Read(ctx, func(tx *Tx) error {
		all = nil
		return tx.rows(ctx, "ask", query, nil, func(rows *sql.Rows) error {
			var text string
			err := rows.Scan(&text)
			all = append(all, text)
			return err
		})
	}))
	slices.Sort(all)
	return all
}
