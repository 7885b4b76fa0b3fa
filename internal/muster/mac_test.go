package muster

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/mail"
	"strings"
	"testing"
)

// TestMacIsHMAC compares our spelling with the library's.
func TestMacIsHMAC(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"", "short", strings.Repeat("x", 64), strings.Repeat("long", 40)} {
		for _, parts := range [][]string{nil, {""}, {"a", "b"}, {"ab", ""}, {strings.Repeat("much ", 200)}} {
			h := hmac.New(sha256.New, []byte(secret))
			h.Write([]byte{0, 0, 0, 4})
			h.Write([]byte("join"))
			for _, p := range parts {
				h.Write([]byte{0, 0, byte(len(p) >> 8), byte(len(p))})
				h.Write([]byte(p))
			}
			if got, want := (Keys{Secret: []byte(secret)}).mac("join", parts...), h.Sum(nil)[:16]; string(got[:]) != string(want) {
				t.Errorf("secret of %d, %d parts: got %x, want %x", len(secret), len(parts), got, want)
			}
		}
	}
}

// FuzzPlainLocal holds what passes as plain to what net/mail passes.
func FuzzPlainLocal(f *testing.F) {
	for _, s := range []string{"a", "a.b", ".a", "a.", "a..b", "a+b-c_d", "ä", "", "a b", "A9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, local string) {
		if !plainLocal(local) {
			return
		}
		if a, err := mail.ParseAddress(local + "@example.com"); err != nil || a.Address != local+"@example.com" {
			t.Errorf("%q passes, but net/mail says %v %v", local, a, err)
		}
	})
}
