package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"muster/internal/muster"
)

// optionsDoc is the format of the column options of accounts.
type optionsDoc struct {
	ShareRooms        bool     `json:"share_rc,omitempty"`
	RoomConnectors    []string `json:"room_connector_list,omitempty"`
	ShareMeetings     bool     `json:"share_mc,omitempty"`
	MeetingConnectors []string `json:"meeting_connector_list,omitempty"`
	PayMode           string   `json:"pay_mode,omitempty"`
	AutoRenew         bool     `json:"billing_auto_renew,omitempty"`
}

func optionsJSON(o *muster.AccountOptions) (string, error) {
	text, err := json.Marshal(optionsDoc{
		ShareRooms: o.ShareRooms, RoomConnectors: o.RoomConnectors, ShareMeetings: o.ShareMeetings, MeetingConnectors: o.MeetingConnectors,
		PayMode: o.PayMode, AutoRenew: o.AutoRenew,
	})
	if err != nil {
		return "", fmt.Errorf("store: options of an account: %w", err)
	}
	return string(text), nil
}

// An accountRow is a row of accountColumns.
type accountRow struct {
	muster.Account
	created int64
	options string
}

func (r *accountRow) dest() []any {
	return []any{&r.ID, &r.Parent, &r.Name, &r.Owner, &r.created, &r.options}
}

func (r *accountRow) account() (*muster.Account, error) {
	a := r.Account
	a.CreatedAt = fromMillis(r.created)
	if r.options == "{}" {
		return &a, nil
	}
	var d optionsDoc
	if err := json.Unmarshal([]byte(r.options), &d); err != nil {
		return nil, fmt.Errorf("store: options of account %s: %w", a.ID, err)
	}
	a.Options = muster.AccountOptions{
		ShareRooms: d.ShareRooms, RoomConnectors: d.RoomConnectors, ShareMeetings: d.ShareMeetings, MeetingConnectors: d.MeetingConnectors,
		PayMode: d.PayMode, AutoRenew: d.AutoRenew,
	}
	return &a, nil
}

// HoldAccount is Account for one that is to be changed: others who want the
// same wait until the end. It does not keep them from adding to the account,
// as locking the row for the whole of it would.
func (tx *Tx) HoldAccount(ctx context.Context, id string) (*muster.Account, error) {
	if _, err := tx.exec(ctx, "hold account", `UPDATE accounts SET name = name WHERE id = $1`, id); err != nil {
		return nil, err
	}
	return tx.Account(ctx, id)
}

// SetAccount replaces what may change of a, which must exist.
func (tx *Tx) SetAccount(ctx context.Context, a *muster.Account) error {
	options, err := optionsJSON(&a.Options)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "set account", `UPDATE accounts SET parent_id = $2, name = $3, owner_id = $4, options = $5 WHERE id = $1`,
		a.ID, a.Parent, a.Name, a.Owner, options)
	return err
}

// OwnerEmail returns the email of an account's owner, or ErrNotFound.
func (tx *Tx) OwnerEmail(ctx context.Context, account string) (email string, err error) {
	err = tx.row(ctx, "read owner's email", `SELECT u.email FROM accounts a JOIN users u ON u.account_id = a.id AND u.id = a.owner_id WHERE a.id = $1`,
		[]any{account}, []any{&email})
	return email, err
}

// OwnsOneOf reports whether the owner of account, or of one of its sub
// accounts, has the email.
func (tx *Tx) OwnsOneOf(ctx context.Context, account, email string) (owns bool, err error) {
	err = tx.row(ctx, "find owner", `
		SELECT EXISTS (SELECT 1 FROM accounts a JOIN users u ON u.account_id = a.id AND u.id = a.owner_id
			WHERE (a.id = $1 OR a.parent_id = $1) AND u.email_key = $2)`,
		[]any{account, muster.EmailKey(email)}, []any{&owns})
	return owns, err
}

// A SubAccount is a sub account with the email of its owner.
type SubAccount struct {
	muster.Account
	OwnerEmail string
}

// An AccountPlace is where an account stands in a list of them; the zero value
// is before all.
type AccountPlace struct {
	CreatedAt int64 // milliseconds
	ID        string
}

// SubAccounts returns up to limit sub accounts of parent in order of creation,
// those after a place, skipping skip of them, and how many there are.
func (tx *Tx) SubAccounts(ctx context.Context, parent string, after AccountPlace, skip, limit int) (list []SubAccount, total int64, err error) {
	err = tx.row(ctx, "count sub accounts", `SELECT COUNT(*) FROM accounts WHERE parent_id = $1`, []any{parent}, []any{&total})
	if err != nil {
		return nil, 0, err
	}
	err = tx.rows(ctx, "list sub accounts", `
		SELECT a.id, a.parent_id, a.name, a.owner_id, a.created_at, a.options, COALESCE(u.email, '')
		FROM accounts a LEFT JOIN users u ON u.account_id = a.id AND u.id = a.owner_id
		WHERE a.parent_id = $1 AND (a.created_at > $2 OR a.created_at = $2 AND a.id > $3)
		ORDER BY a.created_at, a.id LIMIT $4 OFFSET $5`,
		[]any{parent, after.CreatedAt, after.ID, limit, skip}, func(rows *sql.Rows) error {
			var r accountRow
			var email string
			if err := rows.Scan(append(r.dest(), &email)...); err != nil {
				return err
			}
			a, err := r.account()
			if err == nil {
				list = append(list, SubAccount{*a, email})
			}
			return err
		})
	return list, total, err
}
