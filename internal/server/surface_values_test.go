package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// hostileTexts are what a text should survive.
var hostileTexts = []string{
	"", " ", "\x00", "a\x00b", "\xff\xfe", "a\xc3\x28", "é", "e\u0301", "𝟏𝟐𝟑", "١٢٣", "\u202eabc", "\ufeff", "\u2028", "😀", "İ", "ß", "\r\n\r\n", "\t", "\x1b[0m", "\x7f",
	"'; DROP TABLE meetings; --", "\" OR 1=1", "%s%n%d", "${jndi:ldap://x}", "{{.}}", "<script>alert(1)</script>", "../../etc/passwd", "null", "undefined", "NaN",
	"true", "[]", "{}", "[{]", "{\"a\":1}", "0", "-1", "1e5", "0x10", "007", "9223372036854775807", "9223372036854775808", "99999999999999999999", "1.5", "-0",
	"me", "ME", "primary", "stranger", "a@b", "@", "a@b@c.test", "a b@c.test", "\"a b\"@c.test", "'x@y.test'", "x@[127.0.0.1]", strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 90) + "test",
	"2026-02-30T10:00:00Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "2026-03-29T02:30:00", "-0001-01-01T00:00:00Z", "2026-03-09T24:00:00Z",
	"2026-03-09T10:00:60Z", "2026-03-09", "2026-W10", "1772445600", "1772445600000", "Europe/Nowhere", "../Berlin", "Local", "UTC+25", "all", "approve", "*", ",", ",,,",
	strings.Repeat("a", 300), strings.Repeat("é", 3000), strings.Repeat("\U0001F600", 6000),
}

// hostileJSON are what a value should survive.
var hostileJSON = []string{
	"null", "true", "false", "0", "-0", "-1", "1", "1.5", "1e2", "1e400", "-1e-400", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
	"123456789012345678901234567890", "0.1e1", "2147483648", `""`, `"0"`, `"1"`, `"true"`, `"null"`, "[]", "{}", "[null]", "[[]]", "[{}]", `{"":""}`, `["a","a"]`, `[1,"a",null,{}]`,
	`"\u0000"`, `"\ud800"`, `"\udc00\ud800"`, `"\uffff"`, "\"\xff\"", "01", "+1", ".5", "1.", "NaN", "Infinity", "'a'", "undefined", "[1,]", `{"a":1,}`, "{,}", "/**/1", "\u00a01",
	strings.Repeat("[", 100) + strings.Repeat("]", 100), strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000),
	strings.Repeat("9", 5000), "1e999999999", "[" + strings.Repeat("0,", 3000) + "0]",
}

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca"}

var rules = []string{
	"", "FREQ=DAILY;INTERVAL=1;COUNT=3", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=2",
	"RRULE:FREQ=DAILY;COUNT=2", "FREQ=DAILY;UNTIL=20260501T000000Z", "FREQ=YEARLY", "FREQ=SECONDLY;COUNT=9", "FREQ=DAILY;COUNT=100000", "FREQ=", ";;;", "COUNT=1",
}

// text returns a text for a place of this schema: one that fits by its form.
func (g *gun) text(s *schema) string {
	switch {
	case len(s.Enum) > 0:
		return fmt.Sprint(pick(g.r, s.Enum))
	case strings.HasPrefix(s.name, "occurrence_id"):
		return g.some("occurrence_id")
	case s.name == "next_page_token" || s.name == "cursor":
		return g.some(s.name)
	case s.name == "meetingId":
		return g.series
	case s.name == "targetUrl":
		return "https://hooks.test/" + fmt.Sprint(g.r.IntN(100))
	case s.name == "recurrence":
		return pick(g.r, rules)
	case s.name == "from" || s.name == "to" || strings.HasPrefix(s.name, "registrationTime"):
		return g.time().Format(pick(g.r, []string{time.DateOnly, time.RFC3339}))
	case s.Format == "date-time" || s.name == "start" || s.name == "end" || strings.HasSuffix(s.name, "_time"):
		return g.time().Format(pick(g.r, []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly}))
	case s.name == "timezone":
		return pick(g.r, zones)
	case s.name == "schedule_for" || s.name == "alternative_hosts":
		return pick(g.r, []string{"", "other@muster.test", "owner@muster.test"})
	case s.name == "id" && g.ofPeople():
		return pick(g.r, []string{g.ours.user, g.ours.user, g.some("spare"), g.some("id")})
	case s.name == "email" && g.ofPeople() && g.r.IntN(2) == 0:
		return pick(g.r, []string{"owner@muster.test", "other@muster.test"})
	case s.name == "id":
		return g.registrant
	case s.name == "account_id":
		return pick(g.r, []string{"primary", "branch"})
	case s.name == "target_group_id" || s.name == "group_id":
		return pick(g.r, []string{g.ours.group, g.some("groupId")})
	case s.name == "feature_value":
		return pick(g.r, []string{"1", "2", "2", "4"})
	case s.name == "password" && g.op != nil && (g.op.OperationID == "userPassword" || g.op.OperationID == "accountCreate"):
		return fmt.Sprintf("Another-%d-word", g.r.IntN(1000))
	case s.Format == "email" || strings.Contains(strings.ToLower(s.name), "email"):
		if g.r.IntN(3) == 0 {
			return g.some("email")
		}
		return fmt.Sprintf("p%d@people.test", g.r.IntN(200))
	case strings.HasPrefix(s.name, "weekly_days"):
		return fmt.Sprint(1 + g.r.IntN(7))
	}
	long := 1 + g.r.IntN(12)
	if s.MaxLength > 0 && g.r.IntN(20) == 0 {
		long = int(min(s.MaxLength, 6000)) - g.r.IntN(2)
	}
	letters := pick(g.r, []string{"abc", "xyz 019", "äöü", "漢字"})
	var b strings.Builder
	for range long {
		b.WriteRune(pick(g.r, []rune(letters)))
	}
	return b.String()
}

// ofPeople reports whether the next shot's body lists users of the account.
func (g *gun) ofPeople() bool {
	if g.op == nil {
		return false
	}
	for _, end := range []string{"/members", "/admins", "/assistants", "/features"} {
		if strings.HasSuffix(g.op.path, end) {
			return true
		}
	}
	return false
}

// time returns one around the server's now.
func (g *gun) time() time.Time {
	return g.s.Now().Add(time.Duration(g.r.IntN(60*24)-24*7) * time.Hour).Truncate(time.Hour)
}

// some returns a value that the server gave, or anything.
func (g *gun) some(name string) string {
	if v := g.pool.any(g.r, name); v != "" {
		return v
	}
	return "1772445600000"
}

func (g *gun) integer(s *schema) int64 {
	lowest, highest := s.Minimum, s.Maximum
	if highest == 0 {
		highest = 1000
	}
	switch g.r.IntN(6) {
	case 0:
		return lowest
	case 1:
		return highest
	}
	return lowest + g.r.Int64N(min(highest-lowest, 100)+1)
}

// json returns the text of a value of this schema. A share of all values, as
// large as wild says, is something else.
func (g *gun) json(s *schema, wild float64, deep int) string {
	if g.r.Float64() < wild {
		return g.otherJSON(wild)
	}
	s = g.doc.resolve(s)
	if len(s.AnyOf) > 0 {
		return g.json(pick(g.r, s.AnyOf), wild, deep)
	}
	if len(s.Enum) > 0 {
		return quote(pick(g.r, s.Enum))
	}
	switch s.Type {
	case "object":
		return g.object(s, wild, deep)
	case "array":
		n := g.r.IntN(4)
		if s.MaxItems > 0 && g.r.IntN(8) == 0 {
			n = int(s.MaxItems) + g.r.IntN(2)
		}
		if deep > 5 {
			n = 0
		}
		list := make([]string, n)
		for i := range list {
			list[i] = g.json(s.Items, wild, deep+1)
		}
		return "[" + strings.Join(list, ",") + "]"
	case "integer":
		return fmt.Sprint(g.integer(s))
	case "boolean":
		if s.name == "required" && g.op != nil && strings.HasPrefix(g.op.OperationID, "trackingfield") && g.r.IntN(8) > 0 {
			return "false" // without its value there are no meetings any more
		}
		return pick(g.r, []string{"true", "false"})
	}
	return quote(g.text(s))
}

func (g *gun) otherJSON(wild float64) string {
	switch g.r.IntN(4) {
	case 0:
		return quote(pick(g.r, hostileTexts))
	case 1: // a good value of the wrong place
		o := pick(g.r, g.doc.operations)
		if body := g.doc.body(o); body != nil && wild < 0.5 && len(body.order) > 0 {
			p := body.Properties[pick(g.r, body.order)]
			return g.json(p, wild, 4)
		}
	}
	return pick(g.r, hostileJSON)
}

func (g *gun) object(s *schema, wild float64, deep int) string {
	share := pick(g.r, []float64{0.1, 0.3, 0.8})
	var members []string
	for _, name := range s.order {
		required := false
		for _, r := range s.Required {
			required = required || r == name
		}
		if !(required && g.r.Float64() > wild) && (g.r.Float64() > share || deep > 5) {
			continue
		}
		member := quote(name) + ":" + g.json(s.Properties[name], wild, deep+1)
		members = append(members, member)
		if g.r.Float64() < wild/4 {
			members = append(members, member) // the same name twice
		}
	}
	if g.r.Float64() < wild {
		members = append(members, quote(pick(g.r, append(hostileTexts[:40:40], "unknown", "__proto__")))+":"+g.otherJSON(wild))
	}
	g.r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return "{" + strings.Join(members, ",") + "}"
}

// quote writes a JSON value. Bytes that are not UTF-8 stay as they are.
func quote(v any) string {
	if text, ok := v.(string); ok {
		var b strings.Builder
		b.WriteByte('"')
		for i := range len(text) {
			switch c := text[i]; {
			case c == '"' || c == '\\':
				b.Write([]byte{'\\', c})
			case c < ' ':
				fmt.Fprintf(&b, `\u%04x`, c)
			default:
				b.WriteByte(c)
			}
		}
		return b.String() + `"`
	}
	b, _ := json.Marshal(v) // a number out of the document
	return string(b)
}

// maul changes bytes of a body.
func maul(r *rand.Rand, b []byte) []byte {
	b = append([]byte(nil), b...)
	for range 1 + r.IntN(3) {
		if len(b) == 0 {
			return []byte(pick(r, hostileJSON))
		}
		at := r.IntN(len(b))
		switch r.IntN(7) {
		case 0:
			b = b[:at]
		case 1:
			b[at] ^= byte(1 << r.IntN(8))
		case 2:
			b[at] = byte(r.IntN(256))
		case 3:
			b = append(b[:at:at], b[at+1:]...)
		case 4:
			b = append(b[:at:at], append([]byte(pick(r, hostileJSON)), b[at:]...)...)
		case 5:
			b = append(b, pick(r, []string{"}", "x", "\x00", "{}", " ", "\n\n", "\ufeff"})...)
		case 6:
			b = append([]byte(pick(r, []string{"\ufeff", " ", "\x00", "[", "\xff"})), b...)
		}
	}
	return b
}
