package roster

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

var maxLengths = map[Field]int{Email: 128, FirstName: 64, LastName: 64}

// longestAnswer is what the original takes.
const longestAnswer = 128

var choices = map[Field][]string{
	PurchaseTime: {"Within a month", "1-3 months", "4-6 months", "More than 6 months", "No timeframe"},
	PurchaseRole: {"Decision Maker", "Evaluator/Recommender", "Influencer", "Not involved"},
	// What is written and what is read differ in the original: both are taken.
	EmployeeCount: {
		"1-20", "21-50", "51-100", "101-500", "101-250", "251-500", "500-1,000", "501-1,000", "1,001-5,000", "5,001-10,000", "More than 10,000",
	},
	Language: {
		"en-US", "de-DE", "es-ES", "fr-FR", "jp-JP", "pt-PT", "ru-RU", "zh-CN", "zh-TW", "ko-KO", "it-IT", "vi-VN", "pl-PL", "Tr-TR",
	},
}

// Who is of such a status in an export did not keep the place.
var goneStatuses = map[string]bool{
	"denied": true, "cancelled": true, "canceled": true, "declined": true, "rejected": true, "blocked": true, "deniedblocked": true,
	"notattending": true, "notgoing": true, "deleted": true, "refunded": true, "transferred": true, "abgelehnt": true, "refuse": true,
	"rechazado": true,
}

// Gone reports whether an export's status says that the person is not to come.
func Gone(status string) bool { return status != "" && goneStatuses[key(status)] }

// A Checker checks the rows of one file in their order. Its zero value is
// ready for the first.
type Checker struct {
	LongestAnswer int // characters of an answer to a question, 0 for 128

	seen map[string]int32 // line by email in lower case
}

// Check tidies the values of row and returns what is wrong with it, "" for
// nothing, and the line of an earlier good row with the same email, 0 if none.
func (c *Checker) Check(row *Row) (problem string, duplicate int) {
	if row.Problem != "" {
		return row.Problem, 0
	}
	if problem := c.tidy(row); problem != "" {
		return problem, 0
	}
	if c.seen == nil {
		c.seen = map[string]int32{}
	}
	email := strings.ToLower(row.Values[Email])
	if line, ok := c.seen[email]; ok {
		return "", int(line)
	}
	c.seen[email] = int32(row.Line)
	return "", 0
}

func (c *Checker) tidy(row *Row) string {
	email, name := address(row.Values[Email])
	if problem := badEmail(email); problem != "" {
		return problem
	}
	row.Values[Email] = email
	if name != "" && row.Values[FirstName] == "" && row.Values[LastName] == "" {
		first, last := splitName(name)
		row.set(FirstName, first)
		row.set(LastName, last)
	}
	for _, f := range Fields {
		value := row.Values[f.Field]
		if value == "" {
			continue
		}
		if !utf8.ValidString(value) {
			return fmt.Sprintf("%s holds bytes that are no text", f.Header)
		}
		if limit := maxLengths[f.Field]; limit > 0 && utf8.RuneCountInString(value) > limit {
			return fmt.Sprintf("%s has %d characters, at most %d are allowed", f.Header, utf8.RuneCountInString(value), limit)
		}
		if allowed, ok := choices[f.Field]; ok {
			choice, ok := choose(value, allowed)
			if !ok {
				return fmt.Sprintf("%s is %q, but must be empty or one of: %s", f.Header, shortened(value), strings.Join(allowed, "; "))
			}
			row.Values[f.Field] = choice
		}
	}
	for _, a := range row.Answers {
		if n := utf8.RuneCountInString(a.Value); n > cmp.Or(c.LongestAnswer, longestAnswer) {
			return fmt.Sprintf("the answer to %q has %d characters, at most %d are allowed", shortened(a.Title), n, cmp.Or(c.LongestAnswer, longestAnswer))
		}
	}
	return ""
}

func choose(value string, allowed []string) (string, bool) {
	value = strings.ToLower(strings.NewReplacer("–", "-", "—", "-").Replace(value))
	value = strings.ReplaceAll(value, " - ", "-")
	value = strings.Replace(value, "ja-jp", "jp-jp", 1)
	value = strings.Replace(value, "ko-kr", "ko-ko", 1)
	for _, a := range allowed {
		if strings.ToLower(a) == value || strings.ReplaceAll(strings.ToLower(a), ",", "") == value {
			return a, true
		}
	}
	return onlyLanguage(value, allowed)
}

// onlyLanguage takes “de” for de-DE, where just one choice begins so.
func onlyLanguage(value string, allowed []string) (string, bool) {
	if value == "ja" {
		value = "jp"
	}
	var found []string
	for _, a := range allowed {
		if len(value) == 2 && unicode.IsLetter(rune(value[0])) && strings.HasPrefix(strings.ToLower(a), value+"-") {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// address takes “Ann Lee <ann@example.com>”, “mailto:…” and “'…'” apart.
func address(cell string) (email, name string) {
	if open := strings.LastIndexByte(cell, '<'); open >= 0 && strings.HasSuffix(cell, ">") {
		name = strings.Trim(cell[:open], ` "'`)
		cell = cell[open+1 : len(cell)-1]
	}
	if len(cell) > 7 && strings.EqualFold(cell[:7], "mailto:") {
		cell = cell[7:]
	}
	if len(cell) > 2 && cell[0] == '\'' && cell[len(cell)-1] == '\'' {
		cell = cell[1 : len(cell)-1]
	}
	return strings.TrimSpace(cell), name
}

// badEmail says what is wrong with an address, "" for nothing. It finds the
// slips that people make; the server has the last word.
func badEmail(email string) string {
	local, domain, found := strings.Cut(email, "@")
	switch {
	case email == "":
		return "the email address is missing"
	case !utf8.ValidString(email):
		return "the email address holds bytes that are no text"
	case utf8.RuneCountInString(email) > maxLengths[Email]:
		return fmt.Sprintf("the email address has %d characters, at most %d are allowed", utf8.RuneCountInString(email), maxLengths[Email])
	case !found:
		return fmt.Sprintf("%q is no email address: it has no @", shortened(email))
	case strings.Contains(domain, "@"):
		return fmt.Sprintf("%q is no email address: it has more than one @", shortened(email))
	case local == "" || domain == "":
		return fmt.Sprintf("%q is no email address: nothing stands on one side of the @", shortened(email))
	}
	for _, r := range local {
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`()<>[]\,;:"`, r) {
			return fmt.Sprintf("%q is no email address: %q may not be in it", shortened(email), r)
		}
	}
	for _, r := range domain {
		if r != '.' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return fmt.Sprintf("%q is no email address: %q may not be in it", shortened(email), r)
		}
	}
	if !strings.Contains(domain, ".") || strings.Contains(domain, "..") || strings.Trim(domain, ".-") != domain {
		return fmt.Sprintf("%q is no email address: %q is no domain", shortened(email), shortened(domain))
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return fmt.Sprintf("%q is no email address: the dots before the @ stand wrong", shortened(email))
	}
	return ""
}

func shortened(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:60]) + "…"
}
