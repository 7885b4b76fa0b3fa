package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// An Upload is a file that somebody sends.
type Upload struct {
	Name     string // as they call it
	Content  []byte
	TooLarge bool // it was not even read to its end
	Default  bool // it is to be the default one
}

// AddBackground keeps a file as a virtual background of an account, a group or
// a user and returns it. Errors: FileRefused, those of the owner's.
func (a *App) AddBackground(ctx context.Context, by muster.Actor, ref OwnerRef, up Upload) (*muster.File, error) {
	err := a.read(ctx, func(tx *store.Tx) error { // before anything is kept
		_, err := a.changeable(ctx, tx, by, ref)
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := a.keep(by, up, muster.MaxBackground, func(content []byte) (kind, mediaType string, err error) {
		return muster.CheckBackground(content, ref.Level == settings.User)
	})
	if err != nil {
		return nil, err
	}
	err = a.changeFiles(ctx, by, ref, muster.FileAdded, func(tx *store.Tx, chain settings.Chain) (list []any, ids []string, err error) {
		end := chain.End()
		if locked := chain.FilesLocked(); locked != nil {
			return nil, nil, muster.InvalidField("file", "is locked by the %s", locked)
		}
		if end.Level != settings.Account && chain.Value(settings.UploadBackgrounds) != true {
			return nil, nil, muster.InvalidField("file", "must not be uploaded: the settings of the %s do not allow files of its own (%s)", end, settings.UploadBackgrounds)
		}
		if chain.OwnFiles() >= muster.MaxBackgrounds {
			return nil, nil, muster.Errorf(muster.FileRefused, "", "A maximum of %d files are allowed for one %s.", muster.MaxBackgrounds, end.Level)
		}
		f.CreatedAt = tx.Now
		return chain.AddFile(f, up.Default), []string{f.ID}, tx.AddFile(ctx, int64(end.Level), end.ID, f)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// keep checks an upload of at most so many bytes and keeps its content. The
// file is to be added to the database.
func (a *App) keep(by muster.Actor, up Upload, most int64, check func(content []byte) (kind, mediaType string, err error)) (*muster.File, error) {
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
	digest, err := a.Blobs.Put(up.Content, a.Now())
	if err != nil {
		return nil, err
	}
	return &muster.File{
		ID: a.IDs.Secret(22), Account: by.Account, Name: muster.FileName(up.Name), Kind: kind, MediaType: mediaType, Size: int64(len(up.Content)), Digest: digest,
	}, nil
}

// RemoveBackgrounds deletes virtual backgrounds of an owner: all of the ids or none.
func (a *App) RemoveBackgrounds(ctx context.Context, by muster.Actor, ref OwnerRef, ids []string) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	return a.changeFiles(ctx, by, ref, muster.FilesRemoved, func(tx *store.Tx, chain settings.Chain) (list []any, gone []string, err error) {
		list, missing := chain.RemoveFiles(ids)
		if missing != "" {
			return nil, nil, muster.NoSuchFile("file_ids", missing)
		}
		end := chain.End()
		return list, ids, tx.RemoveFiles(ctx, by.Account, int64(end.Level), end.ID, ids)
	})
}

// changeFiles replaces an owner's list of files by what change returns, with an
// event about the ids that it returns.
func (a *App) changeFiles(ctx context.Context, by muster.Actor, ref OwnerRef, kind muster.EventKind, change func(*store.Tx, settings.Chain) (list []any, ids []string, err error)) error {
	return a.write(ctx, func(tx *store.Tx) error {
		chain, own, err := a.holdSettings(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		end := chain.End()
		before := chain.OwnFiles()
		list, ids, err := change(tx, chain)
		if err != nil {
			return err
		}
		next := settings.Merge(end.Values, nil)
		if next[settings.Files] = list; len(list) == 0 {
			delete(next, settings.Files) // what is above holds again
		}
		if own.Values, err = json.Marshal(next); err != nil {
			return err
		}
		if err := tx.PutOwnerSettings(ctx, by.Account, int64(end.Level), end.ID, own); err != nil {
			return err
		}
		return a.event(ctx, tx, by, kind, nil, append([]string{ownerSubject(end)}, ids...),
			map[string]any{"before": map[string]any{"files": before}, "after": map[string]any{"files": len(list)}})
	})
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
