//go:build csource

package main

// SQLite's C source comes with this module: the import keeps it in go.mod,
// and no program is built with it.
import _ "github.com/mattn/go-sqlite3"
