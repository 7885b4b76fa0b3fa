//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package transfer

import "os"

// Lock does nothing where the system has no such locks.
func lock(*os.File) error { return nil }

// SyncDir does nothing where folders cannot be synced.
func syncDir(string) error { return nil }
