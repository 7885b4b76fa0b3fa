package muster

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	keys  = Keys{Secret: []byte("a secret of the tests")}
	other = Keys{Secret: []byte("another secret")}
)

func TestIDs(t *testing.T) {
	t.Parallel()
	g := IDs{Random: rand.Reader}
	seen := map[string]bool{}
	for i := range 2000 {
		id := g.Ordered(noon.Add(time.Duration(i) * time.Millisecond))
		if len(id) != 22 || strings.Trim(id, base62) != "" || seen[id] {
			t.Fatalf("got id %q, want 22 base62 characters, each id once", id)
		}
		seen[id] = true
		if n := g.MeetingID(); n < 10_000_000_000 || n > 99_999_999_999 {
			t.Fatalf("got meeting number %d, want 11 digits", n)
		}
		if n := g.PMI(); n < 1_000_000_000 || n > 9_999_999_999 {
			t.Fatalf("got personal number %d, want 10 digits", n)
		}
	}
	sorted := []string{g.Ordered(noon), g.Ordered(noon.Add(time.Millisecond)), g.Ordered(noon.Add(time.Hour)), g.Ordered(noon.AddDate(50, 0, 0))}
	if !slices.IsSorted(sorted) {
		t.Errorf("later ids do not sort later: %v", sorted)
	}
	if b, err := base64.StdEncoding.DecodeString(g.UUID()); err != nil || len(b) != 16 {
		t.Errorf("got a uuid of %d bytes, %v; want 16 in base64", len(b), err)
	}
	counts := map[rune]int{}
	for _, r := range g.Secret(62_000) {
		counts[r]++
	}
	for _, r := range base62 {
		if counts[r] < 700 || counts[r] > 1300 { // 9 standard deviations
			t.Errorf("character %c came %d times of some 1000", r, counts[r])
		}
	}
	if p := g.Passcode(PasscodeRules{}); len(p) != 6 || CheckPasscode(p, 10) != "" {
		t.Errorf("got passcode %q, want 6 characters that are allowed", p)
	}
}

func TestPINsAreUnique(t *testing.T) {
	t.Parallel()
	seen := make(map[int64]bool, 20_000)
	for _, from := range []int64{0, 890_000, 900_000, 9_890_000, 9_900_000} {
		low, high := int64(100_000), int64(999_999)
		if from >= 900_000 {
			low, high = 1_000_000, 9_999_999
		}
		if from >= 9_900_000 {
			low, high = 10_000_000, 99_999_999
		}
		for n := from; n < from+2000; n++ {
			pin := keys.PIN(7, n)
			if pin < low || pin > high || seen[pin] {
				t.Fatalf("registrant %d: got PIN %d, want a new one from %d to %d", n, pin, low, high)
			}
			seen[pin] = true
		}
	}
	if last := keys.PIN(7, 899_999); last < 100_000 || last > 999_999 {
		t.Errorf("the last of six digits: got %d", last)
	}
	same := 0
	for n := range int64(200) {
		if keys.PIN(7, n) == keys.PIN(8, n) || keys.PIN(7, n) == other.PIN(7, n) {
			same++
		}
	}
	if same > 3 {
		t.Errorf("%d of 200 PINs are those of another meeting or another key", same)
	}
}

// TestPermuteIsOneToOne walks a whole small range.
func TestPermuteIsOneToOne(t *testing.T) {
	t.Parallel()
	seen := map[int64]bool{}
	const size = 1 << 10
	for n := range int64(size) {
		p := permute(7, size, n, keys.pinRound)
		if p < 0 || p >= size || seen[p] {
			t.Fatalf("%d: got %d, want another number below %d", n, p, size)
		}
		seen[p] = true
	}
}

func TestJoinTokenIsBound(t *testing.T) {
	t.Parallel()
	r := &Registrant{ID: strings.Repeat("r", 22), Meeting: 7, LinkVersion: 1}
	tk := keys.JoinToken(7, r.ID, 1)
	if id, ok := RegistrantOf(tk); !ok || id != r.ID || !keys.CheckJoinToken(tk, r) {
		t.Errorf("the token itself: got %q, %v", id, ok)
	}
	for name, wrong := range map[string]string{
		"another meeting": keys.JoinToken(8, r.ID, 1), "another person": keys.JoinToken(7, strings.Repeat("s", 22), 1),
		"another version": keys.JoinToken(7, r.ID, 2), "another key": other.JoinToken(7, r.ID, 1), "cut": tk[:len(tk)-1], "longer": tk + "A",
		"the id alone": r.ID, "empty": "", "another end": tk[:len(tk)-2] + "__",
	} {
		if keys.CheckJoinToken(wrong, r) {
			t.Errorf("%s: %q opens the link", name, wrong)
		}
	}
	for _, none := range []string{"", "short", r.ID, strings.Repeat("\x00", 40), strings.Repeat("\xff", 40), strings.Repeat("-", 40)} {
		if id, ok := RegistrantOf(none); ok {
			t.Errorf("%q: got registrant %q, want none", none, id)
		}
	}
}

func TestPageTokens(t *testing.T) {
	t.Parallel()
	list := []string{"registrants", "acc", "7"}
	token := keys.PageToken(noon, "123/4.5", list...)
	for name, c := range map[string]struct {
		k     Keys
		now   time.Time
		token string
		list  []string
		good  bool
	}{
		"itself":                 {keys, noon, token, list, true},
		"just before its end":    {keys, noon.Add(PageTokenLife - time.Millisecond), token, list, true},
		"at its end":             {keys, noon.Add(PageTokenLife), token, list, false},
		"another key":            {other, noon, token, list, false},
		"another list":           {keys, noon, token, []string{"registrants", "acc", "8"}, false},
		"a shorter list":         {keys, noon, token, list[:2], false},
		"a longer list":          {keys, noon, token, append(slices.Clone(list), ""), false},
		"parts joined otherwise": {keys, noon, token, []string{"registrants", "acc7", ""}, false},
		"empty":                  {keys, noon, "", list, false},
		"cut":                    {keys, noon, token[:len(token)-1], list, false},
		"padded":                 {keys, noon, token + "=", list, false},
		"with a line break":      {keys, noon, token + "\n", list, false},
		"a cursor of its own":    {keys, noon, encode([]byte("zzzzzzzz.1." + strings.Repeat("x", 16))), list, false},
		"its MAC on another":     {keys, noon, forged(t, token), list, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cursor, err := c.k.Cursor(c.now, c.token, c.list...)
			if c.good && (err != nil || cursor != "123/4.5") || !c.good && (CodeOf(err) != PageTokenInvalid || cursor != "") {
				t.Errorf("got %q, %v; want good %v", cursor, err, c.good)
			}
		})
	}
}

func forged(t *testing.T, token string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	return encode([]byte(strings.Replace(string(b), "123", "124", 1)))
}

func TestDerivedNames(t *testing.T) {
	t.Parallel()
	a, b := &Meeting{ID: 7, Passcode: "one"}, &Meeting{ID: 7, Passcode: "two"}
	if keys.PasscodeToken(a) == keys.PasscodeToken(b) || keys.PasscodeToken(a) == other.PasscodeToken(a) {
		t.Error("pwd must hang on passcode and key")
	}
	if n, err := strconv.Atoi(keys.NumericPasscode(a)); err != nil || n < 100_000 || n > 999_999 || keys.NumericPasscode(&Meeting{ID: 7}) != "" {
		t.Errorf("got digits %d, %v; want six, and none without a passcode", n, err)
	}
	first, again := keys.Digest("a", "x"), keys.Digest("a", "x")
	if first == keys.Digest("b", "x") || first != again {
		t.Error("a digest must hang on its purpose and be the same every time")
	}
	if keys.HostToken(a, noon) == keys.HostToken(a, noon.Add(time.Second)) || keys.RegistrationToken(a) == keys.RegistrationToken(&Meeting{ID: 8}) {
		t.Error("links must hang on meeting and time")
	}
}

func FuzzCursor(f *testing.F) {
	good := keys.PageToken(noon, "1", "list")
	for _, seed := range []string{good, "", "A", "====", good[1:], encode([]byte("." + strings.Repeat("x", 16))), encode([]byte(strings.Repeat(".", 40)))} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		cursor, err := keys.Cursor(noon, token, "list")
		if err == nil && (cursor != "1" || token != good) {
			t.Errorf("%q was taken for a token: cursor %q", token, cursor)
		}
		if err != nil && CodeOf(err) != PageTokenInvalid {
			t.Errorf("%q: got %v, want PageTokenInvalid", token, err)
		}
		if id, ok := RegistrantOf(token); ok && len(id) != 22 {
			t.Errorf("%q: got registrant %q", token, id)
		}
	})
}
