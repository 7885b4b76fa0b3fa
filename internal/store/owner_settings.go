package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// OwnerSettings are the documents of one owner of settings. Both are by name.
type OwnerSettings struct {
	Values []byte          // a JSON object, read by settings.FromJSON
	Locks  map[string]bool // what is locked
}

// An OwnerKey names an owner of settings within an account.
type OwnerKey struct {
	Level int64
	ID    string
}

// OwnersSettings returns what the given owners have set, in one query however
// many they are. Who has set nothing is not in it, or has documents with
// nothing in them: those of who held theirs and changed nothing.
func (tx *Tx) OwnersSettings(ctx context.Context, account string, owners []OwnerKey) (map[OwnerKey]OwnerSettings, error) {
	query, args := ownersQuery(account, owners)
	found := make(map[OwnerKey]OwnerSettings, len(owners))
	if len(owners) == 0 {
		return found, nil
	}
	err := tx.rows(ctx, "read settings", query, args, func(rows *sql.Rows) error {
		var key OwnerKey
		var s OwnerSettings
		var locks string
		if err := rows.Scan(&key.Level, &key.ID, &s.Values, &locks); err != nil {
			return err
		}
		err := s.read(locks)
		found[key] = s
		return err
	})
	return found, err
}

// ownersQuery looks for each level by itself: of alternatives in one condition
// an engine may make a walk over all settings of the account.
func ownersQuery(account string, owners []OwnerKey) (query string, args []any) {
	args = []any{account}
	ids := map[int64][]any{}
	var levels []int64
	for _, o := range owners {
		if ids[o.Level] == nil {
			levels = append(levels, o.Level)
		}
		ids[o.Level] = append(ids[o.Level], o.ID)
	}
	parts := make([]string, len(levels))
	for i, level := range levels {
		args = append(args, level)
		parts[i] = `SELECT level, owner_id, doc, locks FROM owner_settings WHERE account_id = $1 AND level = ` + params(len(args), 1) +
			` AND owner_id IN (` + params(len(args)+1, len(ids[level])) + `)`
		args = append(args, ids[level]...)
	}
	return strings.Join(parts, ` UNION ALL `), args
}

// HoldOwnerSettings returns what an owner has set, to be changed: others who
// want to change it wait until the end.
func (tx *Tx) HoldOwnerSettings(ctx context.Context, account string, level int64, owner string) (OwnerSettings, error) {
	_, err := tx.exec(ctx, "hold settings", `
		INSERT INTO owner_settings (account_id, level, owner_id, version, doc, locks) VALUES ($1, $2, $3, 0, '{}', '[]')
		ON CONFLICT (account_id, level, owner_id) DO NOTHING`, account, level, owner) // there has to be a row to lock
	if err != nil {
		return OwnerSettings{}, err
	}
	s := OwnerSettings{}
	var locks string
	err = tx.row(ctx, "hold settings", `SELECT doc, locks FROM owner_settings WHERE account_id = $1 AND level = $2 AND owner_id = $3`+tx.lock,
		[]any{account, level, owner}, []any{&s.Values, &locks})
	if err != nil {
		return s, err
	}
	return s, s.read(locks)
}

// read fills in the locks of s from their column.
func (s *OwnerSettings) read(locks string) error {
	if locks == "[]" {
		return nil
	}
	var names []string
	if err := json.Unmarshal([]byte(locks), &names); err != nil {
		return fmt.Errorf("store: read locks: %w", err)
	}
	s.Locks = make(map[string]bool, len(names))
	for _, name := range names {
		s.Locks[name] = true
	}
	return nil
}

// PutOwnerSettings replaces what an owner has set and counts the change in the
// column version.
func (tx *Tx) PutOwnerSettings(ctx context.Context, account string, level int64, owner string, s OwnerSettings) error {
	locks, err := json.Marshal(slices.Sorted(maps.Keys(s.Locks)))
	if err != nil {
		return fmt.Errorf("store: put locks: %w", err)
	}
	_, err = tx.exec(ctx, "put settings", `
		INSERT INTO owner_settings (account_id, level, owner_id, version, doc, locks) VALUES ($1, $2, $3, 1, $4, $5)
		ON CONFLICT (account_id, level, owner_id) DO UPDATE SET version = owner_settings.version + 1, doc = excluded.doc, locks = excluded.locks`,
		account, level, owner, string(orEmpty(s.Values)), string(locks))
	return err
}

// RemoveOwnerSettings removes what an owner who is gone had set.
func (tx *Tx) RemoveOwnerSettings(ctx context.Context, account string, level int64, owner string) error {
	_, err := tx.exec(ctx, "remove settings", `DELETE FROM owner_settings WHERE account_id = $1 AND level = $2 AND owner_id = $3`, account, level, owner)
	return err
}

// AllOwnerSettings is OwnersSettings for all owners of a level in account, by
// their ids: for groups, of which there are MaxGroups at most.
func (tx *Tx) AllOwnerSettings(ctx context.Context, account string, level int64) (map[string]OwnerSettings, error) {
	all := map[string]OwnerSettings{}
	err := tx.rows(ctx, "read settings", `SELECT owner_id, doc, locks FROM owner_settings WHERE account_id = $1 AND level = $2`,
		[]any{account, level}, func(rows *sql.Rows) error {
			var owner, locks string
			var s OwnerSettings
			if err := rows.Scan(&owner, &s.Values, &locks); err != nil {
				return err
			}
			err := s.read(locks)
			all[owner] = s
			return err
		})
	return all, err
}

// A UserWithSettings is a user of a list of AllUserSettings.
type UserWithSettings struct {
	Seq    int64
	ID     string
	Values []byte   // of OwnerSettings; nil where there are none
	Groups []string // ids, the primary one first and the others as they were joined
}

// AllUserSettings returns up to limit users of account, of a group if that is
// not "", in order of creation, those after the row number after, with what
// they have set at the level and their groups.
func (tx *Tx) AllUserSettings(ctx context.Context, account string, level int64, group string, after int64, limit int) ([]UserWithSettings, error) {
	var users []UserWithSettings
	at := map[string]int{}
	err := tx.rows(ctx, "list users with settings", `
		SELECT u.seq, u.id, COALESCE(s.doc, '')
		FROM users u LEFT JOIN owner_settings s ON s.account_id = u.account_id AND s.level = $1 AND s.owner_id = u.id
		WHERE u.account_id = $2 AND u.seq > $3
			AND ($4 = '' OR EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = $4 AND m.user_id = u.id))
		ORDER BY u.seq LIMIT $5`, []any{level, account, after, group, limit}, func(rows *sql.Rows) error {
		var u UserWithSettings
		var doc string
		err := rows.Scan(&u.Seq, &u.ID, &doc)
		if doc != "" {
			u.Values = []byte(doc)
		}
		at[u.ID] = len(users)
		users = append(users, u)
		return err
	})
	if err != nil || len(users) == 0 {
		return nil, err
	}
	err = tx.rows(ctx, "list groups of users", `
		SELECT m.user_id, m.group_id FROM users u JOIN group_members m ON m.user_id = u.id
		WHERE u.account_id = $1 AND u.seq > $2 AND u.seq <= $3
		ORDER BY m.user_id, m.is_primary DESC, m.seq`, []any{account, after, users[len(users)-1].Seq}, func(rows *sql.Rows) error {
		var user, group string
		err := rows.Scan(&user, &group)
		if i, listed := at[user]; listed {
			users[i].Groups = append(users[i].Groups, group)
		}
		return err
	})
	return users, err
}
