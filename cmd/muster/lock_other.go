//go:build !unix

package main

import (
	"errors"
	"os"
)

// errLocked is returned where another process holds the lock.
var errLocked = errors.New("locked by another process")

// lockFile opens a file that only one process can have open for writing at a
// time where the system sees to that, as Windows does.
func lockFile(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
}
