package app

import (
	"context"
	"encoding/json"
	"slices"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

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
	f, err := a.keep(ctx, by, up, muster.MaxBackground, func(content []byte) (kind, mediaType string, err error) {
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
