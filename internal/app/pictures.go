package app

import (
	"context"
	"errors"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// SetPicture keeps a file as the picture of the user whom ref names, in place
// of the one that they have, and returns it. Errors besides those of any user:
// FileRefused, Forbidden where the account leaves pictures to administrators.
func (a *App) SetPicture(ctx context.Context, by muster.Actor, ref string, up Upload) (*muster.File, error) {
	err := a.read(ctx, func(tx *store.Tx) error { // before anything is kept
		if _, err := a.governed(ctx, tx, by, ref); err != nil {
			return err
		}
		return a.mayPicture(ctx, tx, by)
	})
	if err != nil {
		return nil, err
	}
	f, err := a.keep(ctx, by, up, muster.MaxPicture, func(content []byte) (kind, mediaType string, err error) {
		mediaType, err = muster.CheckPicture(content)
		return muster.FilePicture, mediaType, err
	})
	if err != nil {
		return nil, err
	}
	err = a.changePicture(ctx, by, ref, func(tx *store.Tx, u *muster.User, _ string) (bool, error) {
		f.CreatedAt = tx.Now
		return true, tx.AddFile(ctx, int64(settings.User), u.ID, f)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// RemovePicture deletes the picture of the user whom ref names. Who has none
// has none afterwards. Errors as SetPicture's.
func (a *App) RemovePicture(ctx context.Context, by muster.Actor, ref string) error {
	return a.changePicture(ctx, by, ref, func(_ *store.Tx, _ *muster.User, old string) (bool, error) { return old != "", nil })
}

// changePicture removes the picture of the user whom ref names, whose id it
// gives next ("" for none), and then runs that, which returns whether anything
// is changed.
func (a *App) changePicture(ctx context.Context, by muster.Actor, ref string, next func(tx *store.Tx, u *muster.User, old string) (bool, error)) error {
	return a.write(ctx, func(tx *store.Tx) error {
		u, err := a.holdUser(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		if err := a.mayPicture(ctx, tx, by); err != nil {
			return err
		}
		old, err := picture(ctx, tx, u)
		if err != nil {
			return err
		}
		if old != "" {
			if err := tx.RemoveFiles(ctx, u.Account, int64(settings.User), u.ID, []string{old}); err != nil {
				return err
			}
		}
		if changed, err := next(tx, u, old); err != nil || !changed {
			return err
		}
		return a.event(ctx, tx, by, muster.UserUpdated, nil, []string{u.ID}, map[string]any{"changed": []string{"picture"}})
	})
}

// picture returns the id of the file that is u's picture, "" for none.
func picture(ctx context.Context, tx *store.Tx, u *muster.User) (string, error) {
	id, err := tx.FileOfKind(ctx, u.Account, int64(settings.User), u.ID, muster.FilePicture)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return id, err
}

// mayPicture returns Forbidden where the account leaves pictures to
// administrators.
func (a *App) mayPicture(ctx context.Context, tx *store.Tx, by muster.Actor) error {
	if by.Admin {
		return nil
	}
	chain, err := a.chainOf(ctx, tx, by.Account, nil, nil)
	if err != nil || !chain.LeftToAdministrators(settings.UserPicture) {
		return err
	}
	return muster.Errorf(muster.Forbidden, "", "Only an account administrator can change a profile picture.")
}
