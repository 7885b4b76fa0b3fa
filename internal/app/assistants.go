package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// Assistants returns who may schedule for the user whom ref names.
func (a *App) Assistants(ctx context.Context, by muster.Actor, ref string) (list []muster.User, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, ref)
		if err == nil {
			list, err = tx.Assistants(ctx, u.Account, u.ID)
		}
		return err
	})
	return list, err
}

// Schedulers returns for whom the user may schedule whom ref names.
func (a *App) Schedulers(ctx context.Context, by muster.Actor, ref string) (list []muster.User, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, ref)
		if err == nil {
			list, err = tx.Schedulers(ctx, u.Account, u.ID)
		}
		return err
	})
	return list, err
}

// AddAssistants lets the users whom refs name by id or email schedule for the
// user whom ref names, all of them or none. It returns their ids and the time.
// Errors besides those of any user: Forbidden, which says of whom.
func (a *App) AddAssistants(ctx context.Context, by muster.Actor, ref string, refs []string) (ids []string, at time.Time, err error) {
	if err := a.paid(); err != nil {
		return nil, at, err
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		ids, at = nil, tx.Now
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		have, err := tx.Assistants(ctx, u.Account, u.ID)
		if err != nil {
			return err
		}
		helpers, err := a.helpers(ctx, tx, u, refs)
		if err != nil {
			return err
		}
		if len(have)+len(helpers) > muster.MaxAssistants {
			return muster.Errorf(muster.Forbidden, u.ID, "A user can have at most %d assistants.", muster.MaxAssistants)
		}
		for _, h := range helpers { // at most MaxAssistants
			if err := a.assign(ctx, tx, u, &h); err != nil {
				return err
			}
			ids = append(ids, h.ID)
		}
		data := map[string]any{"after": map[string]any{"assistants": ids}}
		return a.event(ctx, tx, by, muster.AssistantsAdded, nil, append([]string{u.ID}, ids...), data)
	})
	return ids, at, err
}

// helpers returns the users of u's account whom refs name, each once.
func (a *App) helpers(ctx context.Context, tx *store.Tx, u *muster.User, refs []string) ([]muster.User, error) {
	whom, err := holdByText(ctx, tx, u.Account, refs)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var helpers []muster.User
	for _, ref := range refs {
		h := whom(ref)
		if h == nil {
			return nil, muster.Errorf(muster.Forbidden, ref, "Cannot find the user %s.", ref)
		}
		if !seen[h.ID] {
			seen[h.ID] = true
			helpers = append(helpers, *h)
		}
	}
	return helpers, nil
}

func (a *App) assign(ctx context.Context, tx *store.Tx, u, assistant *muster.User) error {
	if err := u.MayAssign(assistant); err != nil {
		return err
	}
	others, err := tx.Schedulers(ctx, u.Account, assistant.ID)
	if err != nil {
		return err
	}
	if len(others) >= muster.MaxAssistants {
		return muster.Errorf(muster.Forbidden, assistant.ID, "A user can be the assistant of at most %d others: %s is.", muster.MaxAssistants, assistant.Email)
	}
	err = tx.AddAssistant(ctx, u.Account, u.ID, assistant.ID)
	if errors.Is(err, store.ErrExists) {
		return muster.Errorf(muster.Forbidden, assistant.ID, "The user %s may schedule for this user already.", assistant.Email)
	}
	return err
}

// RemoveAssistants ends that others schedule for the user whom ref names: all,
// or the one whom assistant names by id or email, who is else UserNotFound.
func (a *App) RemoveAssistants(ctx context.Context, by muster.Actor, ref, assistant string) error {
	return a.unassign(ctx, by, ref, assistant, "assistants", (*store.Tx).RemoveAssistants)
}

// RemoveSchedulers ends that the user whom ref names schedules for others: for
// all, or for the one whom other names by id or email, who is else UserNotFound.
func (a *App) RemoveSchedulers(ctx context.Context, by muster.Actor, ref, other string) error {
	return a.unassign(ctx, by, ref, other, "schedulers", (*store.Tx).RemoveSchedulers)
}

func (a *App) unassign(
	ctx context.Context, by muster.Actor, ref, other, told string,
	remove func(tx *store.Tx, ctx context.Context, account, user, other string) ([]string, error),
) error {
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		id := other
		if strings.Contains(other, "@") {
			o, err := tx.UserByEmail(ctx, u.Account, other)
			if errors.Is(err, store.ErrNotFound) {
				return noSuchUser(other)
			} else if err != nil {
				return err
			}
			id = o.ID
		}
		gone, err := remove(tx, ctx, u.Account, u.ID, id)
		switch {
		case err != nil:
			return err
		case len(gone) == 0 && other != "":
			return noSuchUser(other)
		case len(gone) == 0:
			return nil
		}
		data := map[string]any{"before": map[string]any{told: gone}}
		return a.event(ctx, tx, by, muster.AssistantsRemoved, nil, append([]string{u.ID}, gone...), data)
	})
}
