package blob_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"muster/internal/blob"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func content(t *testing.T, d *blob.Dir, digest string) string {
	t.Helper()
	f, err := d.Open(digest)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPutAndOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "blobs")
	d := blob.New(path)
	var hands sync.WaitGroup
	for range 8 {
		hands.Go(func() {
			digest, err := d.Put([]byte("hello"), noon)
			if err != nil || digest != "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" {
				t.Errorf("got %s, %v", digest, err)
			}
		})
	}
	hands.Wait()
	const digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	if got := content(t, blob.New(path), digest); got != "hello" {
		t.Errorf("got %q", got)
	}
	names, err := os.ReadDir(filepath.Join(path, "2c"))
	if err != nil || len(names) != 1 {
		t.Errorf("got %v, %v, want one file", names, err)
	}
	for _, name := range []string{"", "2c", "../../../etc/passwd", digest[:62] + "/.", "3" + digest[1:], "2C" + digest[2:]} {
		if _, err := d.Open(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: got %v, want that there is none", name, err)
		}
	}
}

func TestSweep(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	d := blob.New(path)
	put := func(text string, at time.Time) string {
		digest, err := d.Put([]byte(text), at)
		if err != nil {
			t.Fatal(err)
		}
		return digest
	}
	old, used, fresh, again := put("old", noon), put("used", noon), put("fresh", noon.Add(2*time.Hour)), put("again", noon)
	put("again", noon.Add(2*time.Hour))
	half := filepath.Join(path, old[:2], "new-1")
	if err := os.WriteFile(half, []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(half, noon, noon); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"0 stray", old[:2] + " stray", "zz stray"} { // before, amid and after the folders
		if err := os.WriteFile(filepath.Join(path, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	broken := errors.New("no answer")
	err := d.Sweep(t.Context(), noon.Add(time.Hour), func(context.Context, []string) (map[string]bool, error) { return nil, broken })
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	content(t, d, old)
	err = d.Sweep(t.Context(), noon.Add(time.Hour), func(_ context.Context, digests []string) (map[string]bool, error) {
		return map[string]bool{used: true}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(path, "0 stray")); err != nil {
		t.Errorf("a file of somebody else: %v", err)
	}
	for _, digest := range []string{used, fresh, again} {
		content(t, d, digest)
	}
	if _, err := d.Open(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what nobody uses is still there: %v", err)
	}
	if _, err := os.Stat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a crash left is still there: %v", err)
	}
	if err := blob.New(filepath.Join(path, "nothing")).Sweep(t.Context(), noon, nil); err != nil {
		t.Errorf("no folder: %v", err)
	}
}
