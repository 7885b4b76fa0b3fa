package muster

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"testing"
	"unicode/utf8"
)

func TestCheckPasscode(t *testing.T) {
	t.Parallel()
	for passcode, good := range map[string]bool{
		"": true, "a": true, "0123456789": true, "01234567890": false, "ääääääääää": true, "äääääääääää": false, "a b": false, "a\tb": false,
		"a\x00b": false, "a\x7fb": false, "*_@-": true, "a\nb": false,
	} {
		if got := CheckPasscode(passcode, 10) == ""; got != good {
			t.Errorf("%q: got %v, want %v", passcode, got, good)
		}
	}
}

func TestPasscodeRules(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rules PasscodeRules
		p     string
		want  string // the beginning of the rule that is broken
	}{
		"nothing is asked for":            {PasscodeRules{}, "x", ""},
		"short":                           {PasscodeRules{MinLength: 5}, "äöüß", "must have 5 characters"},
		"long enough":                     {PasscodeRules{MinLength: 5}, "äöüßx", ""},
		"no letter":                       {PasscodeRules{Letter: true}, "12345!", "must have a letter"},
		"a letter":                        {PasscodeRules{Letter: true}, "1234é", ""},
		"no digit":                        {PasscodeRules{Digit: true}, "abc!", "must have a digit"},
		"nothing special":                 {PasscodeRules{Special: true}, "abc123", "must have a character that is neither"},
		"something special":               {PasscodeRules{Special: true}, "abc#123", ""},
		"small letters":                   {PasscodeRules{BothCases: true}, "abc1", "must have a capital and a small"},
		"capitals":                        {PasscodeRules{BothCases: true}, "ABC1", "must have a capital and a small"},
		"both cases":                      {PasscodeRules{BothCases: true}, "aBC1", ""},
		"letters where digits are wanted": {PasscodeRules{Numeric: true}, "12345a", "must have nothing but digits"},
		"digits that no phone has":        {PasscodeRules{Numeric: true}, "12345٦", "must have nothing but digits"},
		"only digits win":                 {PasscodeRules{Numeric: true, Letter: true, Special: true, BothCases: true, Digit: true}, "283746", ""},
		"a row":                           {PasscodeRules{Sequence: 4}, "x1234y", "must not have 4 characters in a row"},
		"a row downwards":                 {PasscodeRules{Sequence: 4}, "dcba77", "must not have 4 characters in a row"},
		"a shorter row":                   {PasscodeRules{Sequence: 4}, "x123y9", ""},
		"a word":                          {PasscodeRules{Guessable: true}, "Secret12", "must not be easy to guess"},
		"nothing but a row":               {PasscodeRules{Guessable: true}, "123456", "must not be easy to guess"},
		"one character":                   {PasscodeRules{Guessable: true}, "777777", "must not be easy to guess"},
		"hard to guess":                   {PasscodeRules{Guessable: true}, "k2j9x1", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.rules.Check(tt.p); got != tt.want && (tt.want == "" || len(got) < len(tt.want) || got[:len(tt.want)] != tt.want) {
				t.Errorf("%+v of %q: got %q, want %q", tt.rules, tt.p, got, tt.want)
			}
		})
	}
}

// TestMadePasscodes holds what is made to whatever rules there can be.
func TestMadePasscodes(t *testing.T) {
	t.Parallel()
	g := IDs{rand.Reader}
	r := mathrand.New(mathrand.NewPCG(1, 2))
	coin := func() bool { return r.IntN(2) == 0 }
	sequences := []int{0, 4, 5, 6, 7, 8}
	for range 5000 {
		rules := PasscodeRules{
			MinLength: r.IntN(MaxPasscodeLength + 1), Letter: coin(), Digit: coin(), Special: coin(), BothCases: coin(), Numeric: coin(),
			Sequence: sequences[r.IntN(len(sequences))], Guessable: coin(),
		}
		p := g.Passcode(rules)
		if rule := rules.Check(p) + CheckPasscode(p, MaxPasscodeLength); rule != "" {
			t.Fatalf("%+v: got %q, which %s", rules, p, rule)
		}
		if n := utf8.RuneCountInString(p); n < 6 {
			t.Fatalf("%+v: got %q of %d characters", rules, p, n)
		}
	}
}
