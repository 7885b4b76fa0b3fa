package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A copyTable is a table that both databases have.
type copyTable struct {
	name    string
	columns []string
	kinds   []string // the types of the columns, as SQLite knows them
	after   []string // tables that its foreign keys refer to
	serial  string   // the column with the ever-growing number, "" for none
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func (t *copyTable) quoted() string { return quote(t.name) }

func (t *copyTable) query() string {
	list := make([]string, len(t.columns))
	for i, c := range t.columns {
		list[i] = quote(c)
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM " + t.quoted()
}

func names(tables []copyTable) string {
	list := make([]string, len(tables))
	for i, t := range tables {
		list[i] = t.quoted()
	}
	return strings.Join(list, ", ")
}

// plan returns all tables of the source but the one with the schema's version,
// those that others refer to first. What has no counterpart in the target is
// an error: nothing is left out in silence.
func (c *copying) plan(ctx context.Context) ([]copyTable, error) {
	tables, err := sourceTables(ctx, c.source)
	if err != nil {
		return nil, err
	}
	there, serials, err := c.targetColumns(ctx)
	if err != nil {
		return nil, err
	}
	for i, t := range tables {
		ours, theirs := slices.Sorted(slices.Values(t.columns)), slices.Sorted(slices.Values(there[t.name]))
		if len(theirs) == 0 {
			return nil, fmt.Errorf("store: copy: the table %s has no counterpart in the target", t.name)
		}
		if !slices.Equal(ours, theirs) {
			return nil, fmt.Errorf("store: copy: the table %s has the columns %s, and in the target %s", t.name, strings.Join(ours, ", "), strings.Join(theirs, ", "))
		}
		tables[i].serial = serials[t.name]
	}
	return inOrder(tables)
}

// sourceTables asks SQLite for its tables, sorted by name.
func sourceTables(ctx context.Context, tx *Tx) ([]copyTable, error) {
	var tables []copyTable
	err := tx.rows(ctx, "list tables", `
		SELECT name FROM sqlite_master
		WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' AND name <> 'schema_version'
		ORDER BY name`, nil, func(rows *sql.Rows) error {
		var t copyTable
		err := rows.Scan(&t.name)
		tables = append(tables, t)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range tables {
		t := &tables[i]
		for query, list := range map[string]*[]string{
			`SELECT name FROM pragma_table_info($1) ORDER BY cid`:      &t.columns,
			`SELECT type FROM pragma_table_info($1) ORDER BY cid`:      &t.kinds,
			`SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`: &t.after,
		} {
			err := tx.rows(ctx, "describe "+t.name, query, []any{t.name}, func(rows *sql.Rows) error {
				var name string
				err := rows.Scan(&name)
				*list = append(*list, name)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return tables, nil
}

// targetColumns returns the columns of the target's tables and which of them
// is the ever-growing number, by table.
func (c *copying) targetColumns(ctx context.Context) (columns map[string][]string, serials map[string]string, err error) {
	rows, err := c.target.Query(ctx, `
		SELECT table_name::text, column_name::text, is_identity = 'YES'
		FROM information_schema.columns
		WHERE table_schema = current_schema()`)
	if err != nil {
		return nil, nil, c.failed("describe the target", err)
	}
	columns, serials = map[string][]string{}, map[string]string{}
	var table, column string
	var serial bool
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &serial}, func() error {
		columns[table] = append(columns[table], column)
		if serial {
			serials[table] = column
		}
		return nil
	})
	if err != nil {
		return nil, nil, c.failed("describe the target", err)
	}
	return columns, serials, nil
}

// inOrder returns the tables with each after those that it refers to.
func inOrder(tables []copyTable) ([]copyTable, error) {
	var ordered []copyTable
	placed := map[string]bool{}
	for len(ordered) < len(tables) {
		before := len(ordered)
		for _, t := range tables {
			waits := slices.ContainsFunc(t.after, func(name string) bool { return name != t.name && !placed[name] })
			if !placed[t.name] && !waits {
				ordered, placed[t.name] = append(ordered, t), true
			}
		}
		if len(ordered) == before {
			return nil, fmt.Errorf("store: copy: tables refer to each other in a circle")
		}
	}
	return ordered, nil
}

// A rowSum is a checksum of rows that does not hang on their order, for each
// engine has its own of texts: the sum of the SHA-256 of each.
type rowSum [4]uint64

// add adds a row. Its values have the types that columns have here.
func (s *rowSum) add(values []any) error {
	var row []byte
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			row = append(row, 'n')
		case bool:
			row = append(row, 'b', 0)
			if v {
				row[len(row)-1] = 1
			}
		case int64:
			row = binary.BigEndian.AppendUint64(append(row, 'i'), uint64(v))
		case string:
			row = append(binary.BigEndian.AppendUint64(append(row, 's'), uint64(len(v))), v...)
		case []byte:
			row = append(binary.BigEndian.AppendUint64(append(row, 'x'), uint64(len(v))), v...)
		default:
			return fmt.Errorf("store: checksum: no column has the type %T", v)
		}
	}
	digest := sha256.Sum256(row)
	var carry uint64
	for i := range s {
		s[i], carry = bits.Add64(s[i], binary.LittleEndian.Uint64(digest[8*i:]), carry)
	}
	return nil
}

// String returns the sum in hexadecimal digits.
func (s *rowSum) String() string {
	var b []byte
	for _, word := range s {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	return hex.EncodeToString(b)
}
