package muster

import (
	"net/mail"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCheckEmail(t *testing.T) {
	t.Parallel()
	for email, good := range map[string]bool{
		"a@b.de": true, "a.b+c@x-y.example.com": true, "a@localhost": true, "o'brien@x.test": true, "müller@bücher.example": true, "用户@例子.公司": true,
		"A_%!#$&*/=?^`{|}~-@x.test": true, strings.Repeat("a", 121) + "@x.test": true, strings.Repeat("ü", 121) + "@x.test": true,
		"": false, "a": false, "@": false, "a@": false, "@b.de": false, "a@b@c.de": false, "a b@c.de": false, "a@b c.de": false, "a@b..de": false,
		"a@.b.de": false, "a@b.de.": false, "a@-b.de": false, "a@b-.de": false, "a@b_c.de": false, ".a@b.de": false, "a.@b.de": false, "a..b@c.de": false,
		"<a@b.de>": false, "Ann <a@b.de>": false, "\"a\"@b.de": false, "a@[127.0.0.1]": false, "a@b.de,c@d.de": false, "a@b.de;c@d.de": false,
		"a@b.de\r\nBcc: c@d.de": false, "a@b.de\n": false, "a\x00@b.de": false, "a@b\x00.de": false, "a\x7f@b.de": false, "a@b.de\xff": false,
		"a\u00a0@b.de": false, "a@b\u200b.de": false, "a\u202e@b.de": false, "a@b\u3000.de": false, "a\u0085@b.de": false, "\\a@b.de": false,
		"a(c)@b.de": false, strings.Repeat("a", 122) + "@x.test": false, "a@" + strings.Repeat("b", 64) + ".de": false,
		"a@" + strings.Repeat("b", 63) + ".de": true,
	} {
		if got := CheckEmail(email) == ""; got != good {
			t.Errorf("%q: got %v, want %v (%s)", email, got, good, CheckEmail(email))
		}
	}
}

func TestEmailKey(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{{"Ann@X.test", "ann@x.TEST"}, {"MÜLLER@x.test", "müller@x.test"}} {
		if EmailKey(pair[0]) != EmailKey(pair[1]) {
			t.Errorf("%q and %q are two people", pair[0], pair[1])
		}
	}
	if EmailKey("a.b@x.test") == EmailKey("ab@x.test") || EmailKey("a+1@x.test") == EmailKey("a@x.test") {
		t.Error("two people are one")
	}
}

func TestUsersWhoHost(t *testing.T) {
	t.Parallel()
	for of, want := range map[UserType][2]Code{
		Basic: {"", Forbidden}, Licensed: {"", ""}, Unassigned: {HostingNotAllowed, Forbidden}, NoMeetings: {HostingNotAllowed, Forbidden}, 0: {HostingNotAllowed, Forbidden},
	} {
		u := &User{ID: "u", Type: of}
		if got := [2]Code{CodeOf(u.MayHost()), CodeOf(u.MayAskForRegistration())}; got != want {
			t.Errorf("type %d: got %q, want %q", of, got, want)
		}
	}
}

func TestActors(t *testing.T) {
	t.Parallel()
	home, sub := Actor{Home: "a", Account: "a", User: "u"}, Actor{Home: "a", Account: "b", User: "u"}
	if home.Me() != "u" || sub.Me() != "" {
		t.Errorf("me: got %q at home and %q in a sub account", home.Me(), sub.Me())
	}
	if !home.May("u") || home.May("v") || sub.May("u") {
		t.Error("a token for one user reaches that user at home, and nobody else")
	}
	sub.Admin = true
	if !sub.May("v") {
		t.Error("a token for the account reaches everybody in it")
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	if CodeOf(nil) != "" || CodeOf(InvalidFields(nil)) != "" || InvalidFields(nil) != nil {
		t.Error("no problem must be no error")
	}
	e := InvalidFields([]Problem{{"a", "must be b"}})
	if CodeOf(e) != Invalid || !strings.Contains(e.Error(), "a: must be b") {
		t.Errorf("got %v", e)
	}
	sorted := slices.Clone(Codes)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) != len(Codes) {
		t.Error("a code stands twice in Codes")
	}
}

func FuzzCheckEmail(f *testing.F) {
	for _, seed := range []string{"a@b.de", "", "@", "a@b@c", "müller@bücher.example", "a@b.de\r\n", "\xff@\xff", "a\u202e@b.de", "=?utf-8?q?a?=@b.de"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, email string) {
		if CheckEmail(email) != "" {
			return
		}
		parsed, err := mail.ParseAddress(email)
		if err != nil || parsed.Address != email || !utf8.ValidString(email) || utf8.RuneCountInString(email) > MaxEmail {
			t.Errorf("%q passed and is no address: %v", email, err)
		}
		if strings.ContainsFunc(email, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>,;\"", r)
		}) {
			t.Errorf("%q passed and could break out of a header", email)
		}
		if CheckEmail(EmailKey(email)) != "" && len(EmailKey(email)) == len(email) {
			t.Errorf("the key of %q is no address", email)
		}
	})
}
