//go:build linux || darwin || freebsd || netbsd || openbsd

package transfer

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock keeps other processes from f until it is closed.
func lock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// syncDir makes a rename in the directory last. Not every file system can.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the folder of the result: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return fmt.Errorf("sync the folder of the result: %w", err)
	}
	return nil
}
