package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// CreateWebhook keeps a webhook of by's app for by's user. Nothing is
// delivered to it yet. Of w id, account, app, user and time are made up.
func (a *App) CreateWebhook(ctx context.Context, by muster.Actor, w muster.Webhook) (*muster.Webhook, error) {
	if err := muster.InvalidFields(w.Check()); err != nil {
		return nil, err
	}
	if err := w.MadeBy(by); err != nil {
		return nil, err
	}
	err := a.write(ctx, func(tx *store.Tx) error {
		if _, _, err := tx.App(ctx, by.App); err != nil { // which keeps others of the app waiting: no two pass the count together
			return err
		}
		n, err := tx.CountWebhooks(ctx, by.Account, by.App)
		if err != nil {
			return err
		}
		if n >= muster.MaxWebhooks {
			return muster.Errorf(muster.Full, "", "An app has at most %d webhooks: delete one before you create another.", muster.MaxWebhooks)
		}
		w.ID, w.Account, w.App, w.User, w.CreatedAt = a.IDs.Ordered(tx.Now), by.Account, by.App, by.User, tx.Now
		if err := tx.AddWebhook(ctx, &w); err != nil {
			return err
		}
		return a.webhookEvent(ctx, tx, by, muster.WebhookCreated, &w)
	})
	if err != nil {
		return nil, err
	}
	return &w, nil
}

// webhookEvent says nothing of where a webhook leads and what signs it.
func (a *App) webhookEvent(ctx context.Context, tx *store.Tx, by muster.Actor, kind muster.EventKind, w *muster.Webhook) error {
	return a.event(ctx, tx, by, kind, nil, []string{w.ID}, map[string]any{"resource": w.Resource, "event": w.Event})
}

// Webhooks returns a page of the webhooks that by may see, by time of
// creation; ofAccount leaves only those about the whole account. It counts
// nothing: Listed.Total is 0.
func (a *App) Webhooks(ctx context.Context, by muster.Actor, ofAccount bool, p Page) (list Listed[muster.Webhook], err error) {
	f := store.WebhookFilter{Account: by.Account, App: by.App, User: by.User, OfAccount: by.Admin, OnlyAccount: ofAccount}
	bound := []string{"webhooks", f.Account, f.App, f.User, fmt.Sprint(f.OfAccount, f.OnlyAccount)}
	err = a.read(ctx, func(tx *store.Tx) error {
		after, err := a.afterWebhook(tx, p, bound)
		if err != nil {
			return err
		}
		rows, err := tx.Webhooks(ctx, f, after, p.Size+1)
		if err != nil {
			return err
		}
		list = listed(a, tx, p, bound, rows, 0, func(i int) string { return fmt.Sprintf("%d/%s", rows[i].CreatedAt.UnixMilli(), rows[i].ID) })
		return nil
	})
	return list, err
}

func (a *App) afterWebhook(tx *store.Tx, p Page, bound []string) (place store.WebhookPlace, err error) {
	if p.Token == "" {
		return place, nil
	}
	cursor, err := a.Keys.Cursor(tx.Now, p.Token, bound...)
	if err != nil {
		return place, err
	}
	at, id, _ := strings.Cut(cursor, "/")
	ms, err := strconv.ParseInt(at, 10, 64) // our own text, under a MAC
	return store.WebhookPlace{Created: time.UnixMilli(ms), ID: id}, err
}

// Webhook returns the webhook of the given id.
func (a *App) Webhook(ctx context.Context, by muster.Actor, id string) (w *muster.Webhook, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		w, err = webhook(ctx, tx, by, id)
		return err
	})
	return w, err
}

func webhook(ctx context.Context, tx *store.Tx, by muster.Actor, id string) (*muster.Webhook, error) {
	w, err := tx.Webhook(ctx, by.Account, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, muster.NoSuchWebhook(id)
	} else if err != nil {
		return nil, err
	}
	return w, w.VisibleTo(by)
}

// A WebhookChange is what an update says of a webhook. nil means nothing.
type WebhookChange struct {
	Name, TargetURL string
	Secret          *string
}

// UpdateWebhook changes a webhook.
func (a *App) UpdateWebhook(ctx context.Context, by muster.Actor, id string, c WebhookChange) (w *muster.Webhook, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		if w, err = webhook(ctx, tx, by, id); err != nil {
			return err
		}
		w.Name, w.TargetURL = c.Name, c.TargetURL
		assign(&w.Secret, c.Secret)
		if err := muster.InvalidFields(w.Check()); err != nil {
			return err
		}
		if err := tx.SetWebhook(ctx, w); err != nil {
			return err
		}
		return a.webhookEvent(ctx, tx, by, muster.WebhookUpdated, w)
	})
	return w, err
}

// RemoveWebhook removes a webhook.
func (a *App) RemoveWebhook(ctx context.Context, by muster.Actor, id string) error {
	return a.write(ctx, func(tx *store.Tx) error {
		w, err := webhook(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := tx.RemoveWebhook(ctx, w); err != nil {
			return err
		}
		return a.webhookEvent(ctx, tx, by, muster.WebhookDeleted, w)
	})
}
