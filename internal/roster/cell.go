package roster

import "strings"

// A spreadsheet may take a cell that begins with one of these for a formula,
// or strips it and looks at what follows. The wide ones are for keyboards of
// East Asia.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// Harmless returns s so that a spreadsheet shows it and does not run it: with
// an apostrophe before it if it could be a formula. That goes for phone
// numbers such as +49 30 1234 too. What has apostrophes already gets one more,
// so that Plain gives every s back.
func Harmless(s string) string {
	if startsFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// Plain undoes Harmless.
func Plain(s string) string {
	if strings.HasPrefix(s, "'") && startsFormula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}

func startsFormula(s string) bool {
	for _, start := range formulaStarts {
		if strings.HasPrefix(s, string(start)) {
			return true
		}
	}
	return false
}

func harmless(cells []string) []string {
	out := make([]string, len(cells))
	for i, cell := range cells {
		out[i] = Harmless(cell)
	}
	return out
}
