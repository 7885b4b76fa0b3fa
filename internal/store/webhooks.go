package store

import (
	"context"
	"database/sql"
	"time"

	"muster/internal/muster"
)

const webhookColumns = `id, account_id, app_id, user_id, name, target_url, resource, event, filter, secret, of_account, created_at`

func webhookDest(w *muster.Webhook, created *int64) []any {
	return []any{
		&w.ID, &w.Account, &w.App, &w.User, &w.Name, &w.TargetURL, &w.Resource, &w.Event, &w.Filter, &w.Secret, &w.OfAccount, created,
	}
}

// AddWebhook adds w.
func (tx *Tx) AddWebhook(ctx context.Context, w *muster.Webhook) error {
	_, err := tx.exec(ctx, "add webhook", `INSERT INTO webhooks (`+webhookColumns+`) VALUES (`+params(1, 12)+`)`,
		w.ID, w.Account, w.App, w.User, w.Name, w.TargetURL, w.Resource, w.Event, w.Filter, w.Secret, w.OfAccount, millis(w.CreatedAt))
	return err
}

// CountWebhooks returns how many webhooks an app of account has.
func (tx *Tx) CountWebhooks(ctx context.Context, account, app string) (n int64, err error) {
	err = tx.row(ctx, "count webhooks", `SELECT COUNT(*) FROM webhooks WHERE account_id = $1 AND app_id = $2`, []any{account, app}, []any{&n})
	return n, err
}

// Webhook returns the webhook of account with the given id, or ErrNotFound. In
// a write nobody else changes it until the end.
func (tx *Tx) Webhook(ctx context.Context, account, id string) (*muster.Webhook, error) {
	var w muster.Webhook
	var created int64
	err := tx.row(ctx, "read webhook", `SELECT `+webhookColumns+` FROM webhooks WHERE account_id = $1 AND id = $2`+tx.lock,
		[]any{account, id}, webhookDest(&w, &created))
	if err != nil {
		return nil, err
	}
	w.CreatedAt = fromMillis(created)
	return &w, nil
}

// A WebhookFilter says which webhooks of an app a list has.
type WebhookFilter struct {
	Account, App string
	User         string // those made for this user …
	OfAccount    bool   // … and those about the whole account
	OnlyAccount  bool   // of these only those about the whole account
}

// A WebhookPlace is where a list of webhooks goes on.
type WebhookPlace struct {
	Created time.Time
	ID      string
}

// Webhooks returns up to limit webhooks by time of creation, those after the
// given place.
func (tx *Tx) Webhooks(ctx context.Context, f WebhookFilter, after WebhookPlace, limit int) ([]muster.Webhook, error) {
	var list []muster.Webhook
	err := tx.rows(ctx, "list webhooks", `
		SELECT `+webhookColumns+`
		FROM webhooks
		WHERE account_id = $1 AND app_id = $2 AND (user_id = $3 OR $4 AND of_account) AND (NOT $5 OR of_account)
			AND (created_at, id) > ($6, $7)
		ORDER BY created_at, id
		LIMIT $8`,
		[]any{f.Account, f.App, f.User, f.OfAccount, f.OnlyAccount, millis(after.Created), after.ID, limit}, func(rows *sql.Rows) error {
			var w muster.Webhook
			var created int64
			if err := rows.Scan(webhookDest(&w, &created)...); err != nil {
				return err
			}
			w.CreatedAt = fromMillis(created)
			list = append(list, w)
			return nil
		})
	return list, err
}

// SetWebhook replaces name, target and secret of w, or returns ErrNotFound.
func (tx *Tx) SetWebhook(ctx context.Context, w *muster.Webhook) error {
	n, err := tx.exec(ctx, "set webhook", `UPDATE webhooks SET name = $1, target_url = $2, secret = $3 WHERE account_id = $4 AND id = $5`,
		w.Name, w.TargetURL, w.Secret, w.Account, w.ID)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// RemoveWebhook removes w, or returns ErrNotFound.
func (tx *Tx) RemoveWebhook(ctx context.Context, w *muster.Webhook) error {
	n, err := tx.exec(ctx, "remove webhook", `DELETE FROM webhooks WHERE account_id = $1 AND id = $2`, w.Account, w.ID)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}
