package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// An Upload is a file that somebody sends.
type Upload struct {
	Name     string // as they call it
	Content  []byte
	TooLarge bool // it was not even read to its end
	Default  bool // it is to be the default one
}

// keep checks an upload of at most so many bytes and keeps its content. The
// file is to be added to the database.
func (a *App) keep(ctx context.Context, by muster.Actor, up Upload, most int64, check func(content []byte) (kind, mediaType string, err error)) (*muster.File, error) {
	if up.TooLarge {
		return nil, muster.TooLarge(most)
	}
	if a.Blobs == nil {
		return nil, errors.New("app: no folder for files")
	}
	kind, mediaType, err := check(up.Content)
	if err != nil {
		return nil, err
	}
	digest, err := beforehand(ctx, "file", func() (string, error) { return a.Blobs.Put(up.Content, a.Now()) })
	if err != nil {
		return nil, err
	}
	return &muster.File{
		ID: a.IDs.Secret(22), Account: by.Account, Name: muster.FileName(up.Name), Kind: kind, MediaType: mediaType, Size: int64(len(up.Content)), Digest: digest,
	}, nil
}

// File returns the file of an id, of whatever account, and its content, which
// is to be closed; or FileRefused where there is none. The id is all that it
// takes: it cannot be guessed.
func (a *App) File(ctx context.Context, id string) (f *muster.File, content io.ReadSeekCloser, err error) {
	none := muster.Errorf(muster.FileRefused, "", "There is no such file.")
	if a.Blobs == nil || strings.ContainsFunc(id, func(r rune) bool { return !idRune(r) }) { // not every engine takes every text
		return nil, nil, none
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		f, err = tx.File(ctx, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, none
	} else if err != nil {
		return nil, nil, err
	}
	file, err := a.Blobs.Open(f.Digest)
	if errors.Is(err, fs.ErrNotExist) {
		none.Cause = err // a backup without its files, or another node's folder
		return nil, nil, none
	} else if err != nil {
		return nil, nil, err
	}
	return f, file, nil
}

// orphanAge is how long a file's content stays without a file that has it: it
// is there before, while the upload is under way.
const orphanAge = time.Hour

// sweepFiles removes the content of files that are no more.
func (a *App) sweepFiles(ctx context.Context) error {
	if a.Blobs == nil {
		return nil
	}
	return a.Blobs.Sweep(ctx, a.Now().Add(-orphanAge), func(ctx context.Context, digests []string) (used map[string]bool, err error) {
		err = a.read(ctx, func(tx *store.Tx) error {
			used, err = tx.UsedDigests(ctx, digests)
			return err
		})
		return used, err
	})
}
