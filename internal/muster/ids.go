package muster

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// IDs makes the identifiers of the domain from a source of random bytes,
// crypto/rand.Reader in a server. Its methods panic when the source fails,
// which crypto/rand's never does.
type IDs struct {
	Random io.Reader
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Ordered returns an id of 22 base62 characters: 8 of the time in
// milliseconds and 14 at random, so that new rows go to the right edge of an
// index and ids cannot be guessed.
func (g IDs) Ordered(now time.Time) string {
	var id [22]byte
	ms := uint64(now.UnixMilli())
	for i := 7; i >= 0; i-- {
		id[i] = base62[ms%62]
		ms /= 62
	}
	g.text(id[8:], base62)
	return string(id[:])
}

// Secret returns n random base62 characters.
func (g IDs) Secret(n int) string {
	b := make([]byte, n)
	g.text(b, base62)
	return string(b)
}

// UUID returns the uuid of a meeting instance: 16 random bytes in standard
// base64 with padding, as the original spells them.
func (g IDs) UUID() string {
	return base64.StdEncoding.EncodeToString(g.bytes(16))
}

// MeetingID returns a meeting number of 11 digits.
func (g IDs) MeetingID() int64 { return 10_000_000_000 + g.below(90_000_000_000) }

// InviteeNumber returns a number of ten digits for somebody who is invited.
func (g IDs) InviteeNumber() int64 { return 1_000_000_000 + g.below(9_000_000_000) }

// PMI returns a personal meeting number of 10 digits.
func (g IDs) PMI() int64 { return 1_000_000_000 + g.below(9_000_000_000) }

// text fills b with characters of the alphabet, each equally likely.
func (g IDs) text(b []byte, alphabet string) {
	whole := 256 - 256%len(alphabet) // above it some characters would be favoured
	for i := 0; i < len(b); {
		for _, c := range g.bytes(len(b) - i + 4) {
			if int(c) < whole && i < len(b) {
				b[i] = alphabet[int(c)%len(alphabet)]
				i++
			}
		}
	}
}

// below returns a number in [0, n); n is far below 2^64, so the bias is
// beyond measuring.
func (g IDs) below(n int64) int64 {
	return int64(binary.BigEndian.Uint64(g.bytes(8)) % uint64(n))
}

func (g IDs) bytes(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(g.Random, b); err != nil {
		panic(fmt.Sprintf("muster: the source of random bytes failed: %v", err))
	}
	return b
}
