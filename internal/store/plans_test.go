package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/pgtest"
)

// A recorder keeps the queries that go through it.
type recorder struct {
	querier
	queries []string
	args    [][]any
}

func (r *recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.queries, r.args = append(r.queries, query), append(r.args, args)
	return r.querier.QueryContext(ctx, query, args...)
}

func (r *recorder) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	r.queries, r.args = append(r.queries, query), append(r.args, args)
	return r.querier.ExecContext(ctx, query, args...)
}

// TestListsFollowAnIndex asks the engine how it would answer the lists of an
// account's administration: never by a walk over a whole table, and never by
// sorting, so that the last page of 100,000 costs what the first does.
func TestListsFollowAnIndex(t *testing.T) {
	t.Parallel()
	db := open(t)
	lists := map[string]func(ctx context.Context, tx *Tx) error{
		"users":           users(UserFilter{}),
		"active users":    users(UserFilter{Status: muster.UserActive}),
		"users of a role": users(UserFilter{Role: muster.RoleAdmin}),
		"a user's email":  users(UserFilter{Email: "a@b.test"}),
		"members":         func(ctx context.Context, tx *Tx) error { _, err := tx.Members(ctx, "g", 7, 0, 300); return err },
		"sub accounts": func(ctx context.Context, tx *Tx) error {
			_, _, err := tx.SubAccounts(ctx, "acc", AccountPlace{7, "a"}, 0, 300)
			return err
		},
		"primary account": func(ctx context.Context, tx *Tx) error {
			_, err := tx.PrimaryAccount(ctx)
			return ignoring(err, ErrNotFound)
		},
		"count of members": func(ctx context.Context, tx *Tx) error {
			_, err := tx.CountMembers(ctx, "g")
			return err
		},
		"admins": func(ctx context.Context, tx *Tx) error { _, err := tx.GroupAdmins(ctx, "g", 7, 0, 300); return err },
		"IM group": func(ctx context.Context, tx *Tx) error {
			_, err := tx.IMGroupMembers(ctx, "acc", "g", 7, 0, 300)
			return err
		},
		"audit":             audit(AuditFilter{}),
		"audit of a time":   audit(AuditFilter{From: start, To: start.Add(time.Hour)}),
		"audit of a thing":  audit(AuditFilter{Object: "g"}),
		"audit of an actor": audit(AuditFilter{Actor: "u"}),
		"settings of a chain": func(ctx context.Context, tx *Tx) error {
			_, err := tx.OwnersSettings(ctx, "acc", []OwnerKey{{1, "acc"}, {2, "g"}, {2, "h"}, {4, "u"}})
			return err
		},
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			must(t, db.Read(ctx, func(tx *Tx) error {
				r := &recorder{querier: tx.q}
				tx.q = r
				if err := list(ctx, tx); err != nil {
					return err
				}
				tx.q = r.querier
				if len(r.queries) == 0 {
					t.Error("no query was seen")
				}
				for i, query := range r.queries {
					plan, err := planOf(ctx, tx, query, r.args[i])
					if err != nil {
						return err
					}
					checkPlan(t, query, plan, name == "a user's email")
				}
				return nil
			}))
		})
	}
}

// ignoring returns err unless it is the one given.
func ignoring(err, one error) error {
	if errors.Is(err, one) {
		return nil
	}
	return err
}

func users(f UserFilter) func(context.Context, *Tx) error {
	return func(ctx context.Context, tx *Tx) error { _, _, err := tx.Users(ctx, "acc", f, 7, 0, 300); return err }
}

func audit(f AuditFilter) func(context.Context, *Tx) error {
	return func(ctx context.Context, tx *Tx) error {
		_, _, err := tx.Audit(ctx, "acc", f, &AuditPlace{At: 9, Seq: 7}, 300)
		return err
	}
}

// TestManyAreLookedUp asks SQLite how it would find up to thirty rows by what
// names them: not by a walk through their account, which may be large.
func TestManyAreLookedUp(t *testing.T) {
	t.Parallel()
	db := open(t)
	ids := make([]string, 30)
	for i := range ids {
		ids[i] = fmt.Sprint("id", i)
	}
	emails := []string{"a@b.test", "b@b.test"}
	for name, find := range map[string]func(ctx context.Context, tx *Tx) error{
		"by id":           held(ids, nil),
		"by email":        held(nil, emails),
		"by either":       held(ids, emails),
		"another role":    func(ctx context.Context, tx *Tx) error { return tx.GiveRole(ctx, "acc", muster.RoleMember, ids) },
		"another type":    func(ctx context.Context, tx *Tx) error { return tx.SetUserTypes(ctx, "acc", ids, muster.Licensed) },
		"users of a list": users(UserFilter{IDs: ids}),
		"groups":          func(ctx context.Context, tx *Tx) error { _, err := tx.GroupsOfEach(ctx, "acc", ids); return err },
		"IM groups":       func(ctx context.Context, tx *Tx) error { _, err := tx.IMGroupsOfEach(ctx, "acc", ids); return err },
	} {
		must(t, db.Write(t.Context(), func(tx *Tx) error {
			r := &recorder{querier: tx.q}
			tx.q = r
			if err := find(t.Context(), tx); err != nil {
				return err
			}
			tx.q = r.querier
			if len(r.queries) == 0 {
				t.Errorf("%s: no query was seen", name)
			}
			for i, query := range r.queries {
				plan, err := planOf(t.Context(), tx, query, r.args[i])
				if err != nil {
					return err
				}
				if strings.Contains(plan, "(account_id=?)") || strings.Contains(plan, "SCAN users") {
					t.Errorf("%s:\n%s\nis answered by\n%s", name, query, plan)
				}
			}
			return nil
		}))
	}
}

func held(ids, emails []string) func(context.Context, *Tx) error {
	return func(ctx context.Context, tx *Tx) error {
		_, _, err := tx.HoldUsers(ctx, "acc", ids, emails)
		return err
	}
}

// planOf returns how the engine would answer a query. The tables are empty:
// Postgres is told to take an index wherever there is one.
func planOf(ctx context.Context, tx *Tx, query string, args []any) (string, error) {
	var plan strings.Builder
	if !pgtest.On() {
		err := tx.rows(ctx, "explain", `EXPLAIN QUERY PLAN `+query, args, func(rows *sql.Rows) error {
			var id, parent, unused int64
			var detail string
			err := rows.Scan(&id, &parent, &unused, &detail)
			fmt.Fprintln(&plan, detail)
			return err
		})
		return plan.String(), err
	}
	for _, way := range []string{"seqscan", "sort", "bitmapscan"} {
		if _, err := tx.exec(ctx, "plan", `SET LOCAL enable_`+way+` = off`); err != nil {
			return "", err
		}
	}
	err := tx.rows(ctx, "explain", `EXPLAIN (COSTS OFF) `+query, args, func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		fmt.Fprintln(&plan, line)
		return err
	})
	return plan.String(), err
}

// checkPlan refuses walks and sorting; of one row at most sorting is nothing.
func checkPlan(t *testing.T, query, plan string, few bool) {
	t.Helper()
	for line := range strings.Lines(plan) {
		walks := strings.HasPrefix(line, "SCAN ") || strings.Contains(line, "Seq Scan")
		sorts := strings.Contains(line, "TEMP B-TREE") || strings.HasPrefix(strings.TrimLeft(line, " ->"), "Sort")
		if walks || sorts && !few {
			t.Errorf("%s\nis answered by\n%s", query, plan)
			return
		}
	}
	if !strings.Contains(plan, "INDEX") && !strings.Contains(plan, "Index") {
		t.Errorf("%s\nis answered without an index:\n%s", query, plan)
	}
}
