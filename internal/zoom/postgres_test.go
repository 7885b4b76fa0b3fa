package zoom_test

import (
	"testing"

	"muster/internal/pgtest"
)

func TestOnPostgres(t *testing.T) { pgtest.Again(t) }
