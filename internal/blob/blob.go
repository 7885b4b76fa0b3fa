// Package blob keeps files in a folder, each under the SHA-256 of its
// content, so that equal ones are kept once and none is ever changed.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Dir is a folder of files. It is safe for concurrent use, and several
// processes may share the folder.
type Dir struct {
	path string
	mu   sync.Mutex // held while a file is put or swept: what is put is not swept away
}

// New returns the Dir at path, which is made, with mode 0700, when the first
// file comes.
func New(path string) *Dir { return &Dir{path: path} }

// Put keeps content and returns its digest, in hexadecimal digits. When it
// returns the file is durable. now is its age for Sweep, renewed where it was
// there already.
func (d *Dir) Put(content []byte, now time.Time) (digest string, err error) {
	sum := sha256.Sum256(content)
	digest = hex.EncodeToString(sum[:])
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.put(d.file(digest), content, now); err != nil {
		return "", fmt.Errorf("blob: put %s: %w", digest, err)
	}
	return digest, nil
}

func (d *Dir) put(name string, content []byte, now time.Time) error {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(folder, "new-*") // its mode is 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(content)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Chtimes(temp.Name(), now, now)
	}
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(temp.Name()) // Sweep does it else
		return err
	}
	for _, dir := range []string{folder, d.path, filepath.Dir(d.path)} {
		if err := syncFolder(dir); err != nil {
			return err
		}
	}
	return nil
}

// syncFolder makes the names in a folder durable, where the system has such a
// thing.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open opens the file of a digest for reading, or returns an error that is
// fs.ErrNotExist.
func (d *Dir) Open(digest string) (*os.File, error) {
	if !isDigest(digest) {
		return nil, fmt.Errorf("blob: open: %w", fs.ErrNotExist)
	}
	f, err := os.Open(d.file(digest))
	if err != nil {
		return nil, fmt.Errorf("blob: open: %w", err)
	}
	return f, nil
}

// sweepAtOnce is how many files are asked about at once.
const sweepAtOnce = 500

// Sweep removes the files older than before that used does not return of the
// digests it is given, and what a crash left half written. Nothing is removed
// of which used cannot tell. What cannot be read or removed does not keep the
// rest, and is told at the end; what is no folder is none of ours.
func (d *Dir) Sweep(ctx context.Context, before time.Time, used func(ctx context.Context, digests []string) (map[string]bool, error)) error {
	folders, err := os.ReadDir(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("blob: sweep: %w", err)
	}
	var stuck []error
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		path := filepath.Join(d.path, folder.Name())
		names, err := os.ReadDir(path)
		if err != nil {
			stuck = append(stuck, fmt.Errorf("blob: sweep: %w", err))
		}
		for part := range slices.Chunk(names, sweepAtOnce) {
			failed, err := d.sweep(ctx, path, part, before, used)
			stuck = append(stuck, failed...)
			if err != nil {
				return errors.Join(append(stuck, fmt.Errorf("blob: sweep: %w", err))...)
			}
		}
	}
	return errors.Join(stuck...)
}

// sweep removes what it may of some entries of a folder and returns what could
// not be removed, or why used could not tell.
func (d *Dir) sweep(
	ctx context.Context, folder string, entries []fs.DirEntry, before time.Time, used func(context.Context, []string) (map[string]bool, error),
) (stuck []error, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var old, digests []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !info.ModTime().Before(before) {
			continue // gone, or renewed since
		}
		switch name := e.Name(); {
		case isDigest(name):
			digests = append(digests, name)
			old = append(old, name)
		case strings.HasPrefix(name, "new-"):
			old = append(old, name)
		}
	}
	if len(old) == 0 {
		return nil, nil
	}
	keep, err := used(ctx, digests)
	if err != nil {
		return nil, err
	}
	for _, name := range old {
		if keep[name] {
			continue
		}
		file := filepath.Join(folder, name)
		if info, err := os.Stat(file); err != nil || !info.ModTime().Before(before) {
			continue // another process has put it again
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			stuck = append(stuck, fmt.Errorf("blob: sweep: %w", err))
		}
	}
	return stuck, nil
}

// file returns where the content of a digest is.
func (d *Dir) file(digest string) string { return filepath.Join(d.path, digest[:2], digest) }

func isDigest(s string) bool {
	return len(s) == hex.EncodedLen(sha256.Size) && strings.Trim(s, "0123456789abcdef") == ""
}
