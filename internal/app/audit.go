package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// AuditFilter says which events are asked for, see store.AuditFilter. Actor may
// also be a user's email.
type AuditFilter = store.AuditFilter

// Audit returns the changes of by.Account's administration, the newest first.
// Listed.Total is not counted.
func (a *App) Audit(ctx context.Context, by muster.Actor, f AuditFilter, p Page) (list Listed[muster.Event], err error) {
	if err := by.NeedsAdmin("This"); err != nil {
		return list, err
	}
	bound := []string{"audit", by.Account, f.Object, f.Actor, f.Kind, fmt.Sprint(f.From.UnixMilli(), f.To.UnixMilli())}
	err = a.read(ctx, func(tx *store.Tx) error {
		after, err := a.afterEvent(tx, p, bound)
		if err != nil {
			return err
		}
		f := f
		if strings.Contains(f.Actor, "@") {
			u, err := tx.UserByEmail(ctx, by.Account, f.Actor)
			if errors.Is(err, store.ErrNotFound) {
				list = Listed[muster.Event]{}
				return nil
			} else if err != nil {
				return err
			}
			f.Actor = u.ID
		}
		events, places, err := tx.Audit(ctx, by.Account, f, after, p.Size+1)
		if err != nil {
			return err
		}
		list = listed(a, tx, p, bound, events, 0, func(i int) string { return fmt.Sprintf("%d/%d", places[i].At, places[i].Seq) })
		return nil
	})
	return list, err
}

func (a *App) afterEvent(tx *store.Tx, p Page, bound []string) (*store.AuditPlace, error) {
	if p.Token == "" {
		return nil, nil // nil is the beginning of the list
	}
	cursor, err := a.Keys.Cursor(tx.Now, p.Token, bound...)
	if err != nil {
		return nil, err
	}
	var at store.AuditPlace
	_, err = fmt.Sscanf(cursor, "%d/%d", &at.At, &at.Seq) // our own text, under a MAC
	return &at, err
}

// OldestAccount returns the id of the oldest primary account.
func (a *App) OldestAccount(ctx context.Context) (id string, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		acc, err := tx.PrimaryAccount(ctx)
		if err == nil {
			id = acc.ID
		}
		return err
	})
	return id, err
}

// accountsAtOnce is how many accounts' settings are read in one transaction.
const accountsAtOnce = 200

// forgetAudit removes from the audit of every account what is older than the
// account wants it to be.
func (a *App) forgetAudit(ctx context.Context) error {
	for after, more := "", true; more; {
		kept := map[string]int64{}
		err := a.read(ctx, func(tx *store.Tx) error {
			accounts, docs, err := tx.AccountDocs(ctx, int64(settings.Account), after, accountsAtOnce)
			if err != nil {
				return err
			}
			for i, account := range accounts {
				after = account
				doc, err := settings.FromJSON(docs[i])
				if err != nil {
					return fmt.Errorf("settings of account %s: %w", account, err)
				}
				if days, set := doc[settings.AuditRetention].(int64); set && days > 0 {
					kept[account] = days
				}
			}
			more = len(accounts) == accountsAtOnce
			return nil
		})
		if err != nil {
			return err
		}
		for account, days := range kept {
			if err := a.forgetAuditOf(ctx, account, time.Duration(days)*24*time.Hour); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *App) forgetAuditOf(ctx context.Context, account string, age time.Duration) error {
	for removed := int64(forgetAtOnce); removed == forgetAtOnce; {
		err := a.write(ctx, func(tx *store.Tx) (err error) {
			removed, err = tx.ForgetAudit(ctx, account, tx.Now.Add(-age), JobEvent+":", forgetAtOnce)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
