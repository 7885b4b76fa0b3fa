package main

import (
	"cmp"
	"strings"
	"unicode"

	"muster/internal/client"
)

// connectionFlags adds the flags that say which server to speak to and as
// whom. Only they have variables: the others are about one import or export,
// where a variable that is left over would surprise.
func connectionFlags(f *flags, c *client.Config) {
	const visible = "; others on this machine can read a command line, so prefer the variable"
	f.StringVar(&c.URL, "url", "http://"+usualAddress, "`URL` of the server")
	f.StringVar(&c.AccountID, "account-id", "", "`id` of the app's account")
	f.StringVar(&c.ClientID, "client-id", "", "`id` of the server-to-server app")
	f.StringVar(&c.ClientSecret, "client-secret", "", "`secret` of the app"+visible)
}

// dialectFlag adds the flag that says which API to speak.
func dialectFlag(f *flags, dialect *string) {
	f.StringVar(dialect, "dialect", "zoom", "the `API` to speak: zoom or webex")
}

// onlyConnectionVariables takes the variables of all flags but those of
// connectionFlags away.
func (f *flags) onlyConnectionVariables() {
	for _, name := range f.names() {
		switch name {
		case "url", "account-id", "client-id", "client-secret":
		default:
			f.noEnv[name] = true
		}
	}
}

// commaList splits what a flag gives with commas between.
func commaList(text string) []string {
	var list []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	return list
}

// anonymous reports whether no credentials are given at all.
func anonymous(c client.Config) bool { return cmp.Or(c.AccountID, c.ClientID, c.ClientSecret) == "" }

// calmed returns text that no terminal takes for commands: files and servers
// may hold anything.
func calmed(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
