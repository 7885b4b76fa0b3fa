//go:build !unix

package pgtest

import (
	"context"
	"errors"
)

// startCluster starts no server here.
func startCluster(context.Context) (string, error) {
	return "", errors.New("only Unix systems start one")
}
