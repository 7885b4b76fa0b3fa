package muster

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxPassword is how many characters a password has at most.
const MaxPassword = 32

// PasswordRules are what an account asks of its users' passwords.
type PasswordRules struct {
	MinLength  int  // 0: 8
	Special    bool // a character is neither letter nor digit
	Sequence   int  // characters in a row that follow each other, such as 1234, from which on they are refused; 0: any
	Guessable  bool // words that many use, and the user's own name, are refused
	OwnAddress string
}

// A passwordRule is one rule and the failure of breaking it.
type passwordRule struct {
	code  Code
	rule  string
	holds func(p string, r *PasswordRules) bool
}

var passwordRules = []passwordRule{
	{PasswordTooShort, "must have %d characters or more", func(p string, r *PasswordRules) bool { return !short(p, r.length()) }},
	{PasswordNoLetter, "must have a letter", func(p string, _ *PasswordRules) bool { return strings.ContainsFunc(p, unicode.IsLetter) }},
	{PasswordNoDigit, "must have a digit", func(p string, _ *PasswordRules) bool { return strings.ContainsFunc(p, unicode.IsDigit) }},
	{PasswordNoSpecial, "must have a character that is neither letter nor digit", func(p string, r *PasswordRules) bool {
		return !r.Special || strings.ContainsFunc(p, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	}},
	{PasswordOneCase, "must have a capital and a small letter", func(p string, _ *PasswordRules) bool {
		return strings.ContainsFunc(p, unicode.IsUpper) && strings.ContainsFunc(p, unicode.IsLower)
	}},
	{PasswordRepeats, "must not be one character again and again", func(p string, _ *PasswordRules) bool { return !repeats(p) }},
	{PasswordSequence, "must not have %d characters in a row that follow each other, such as abcdef or 123456", func(p string, r *PasswordRules) bool {
		return r.Sequence < 2 || run(p) < r.Sequence
	}},
	{PasswordGuessable, "must not be easy to guess: no word that many use, and not the user's own address", func(p string, r *PasswordRules) bool {
		return !r.Guessable || !guessable(p, r.OwnAddress)
	}},
}

func (r *PasswordRules) length() int { return max(r.MinLength, 8) }

// Check returns the first rule that p breaks as an error with a code of its
// own, nil where p may be a password.
func (r *PasswordRules) Check(p string) error {
	if utf8.RuneCountInString(p) > MaxPassword {
		return InvalidField("password", "must have at most %d characters", MaxPassword)
	}
	for _, rule := range passwordRules {
		if rule.holds(p, r) {
			continue
		}
		text := rule.rule
		switch rule.code {
		case PasswordTooShort:
			return Errorf(rule.code, "", "The password "+text+".", r.length())
		case PasswordSequence:
			return Errorf(rule.code, "", "The password "+text+".", r.Sequence)
		}
		return Errorf(rule.code, "", "The password %s.", text)
	}
	return nil
}

// repeats reports whether the letters and digits of p are one character,
// without regard to case.
func repeats(p string) bool {
	counts := map[rune]bool{}
	for _, c := range strings.ToLower(p) {
		if unicode.IsLetter(c) {
			counts[c] = true
		}
	}
	runes := []rune(strings.ToLower(p))
	same := 0
	for i := 1; i < len(runes); i++ {
		if runes[i] == runes[i-1] {
			same++
		}
	}
	return len(counts) == 1 && same >= len(runes)-2
}

// run returns the length of the longest row of characters that follow each
// other upwards or downwards, without regard to case.
func run(p string) int {
	longest, up, down := 1, 1, 1
	runes := []rune(strings.ToLower(p))
	for i := 1; i < len(runes); i++ {
		step := runes[i] - runes[i-1]
		word := unicode.IsLetter(runes[i]) && unicode.IsLetter(runes[i-1]) || unicode.IsDigit(runes[i]) && unicode.IsDigit(runes[i-1])
		if up++; !word || step != 1 {
			up = 1
		}
		if down++; !word || step != -1 {
			down = 1
		}
		longest = max(longest, up, down)
	}
	return longest
}

// common are words of passwords that are tried first.
var common = []string{
	"password", "passwort", "passw0rd", "p@ssw0rd", "welcome", "letmein", "qwerty", "qwertz", "azerty", "asdfgh", "iloveyou", "admin", "monkey",
	"dragon", "football", "baseball", "sunshine", "princess", "master", "trustno1", "superman", "starwars", "whatever", "changeme", "secret",
	"login", "muster", "meeting",
}

// guessable reports whether p is little more than a word that many use or
// the name in the user's address: at most four characters besides.
func guessable(p, address string) bool {
	low := strings.ToLower(p)
	name, _, _ := strings.Cut(strings.ToLower(address), "@")
	words := common
	if len(name) >= 4 {
		words = append([]string{name}, common...)
	}
	for _, w := range words {
		if strings.Contains(low, w) && len(low)-len(w) <= 4 {
			return true
		}
	}
	return false
}
