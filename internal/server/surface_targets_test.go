package server_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// strayIDs stand in paths where an id belongs, spelled for a request line.
// Those that may lead elsewhere are apart.
var (
	strayIDs = []string{
		"0", "-1", "1", "99999999999999999999", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e5", "1.0", "0x1", "%00", "me%00", "%ff", "%fe%fe",
		"%252F", "%2F%2F", "%25", "%2525", "%20", "+", "%0d%0a", "a%0aX:%20y", "é", "%C3%A9", "%F0%9D%9F%8F", "\xc3\x28", "ME", "Me", "%6de", "me%20", "null", "undefined",
		"%5Bobject%20Object%5D", "'%20OR%201=1--", "%25s%25n", "*", "a@b.test", "owner@muster.test", "OWNER@MUSTER.TEST", "known@muster.test", "owner@stranger.test",
		"%3F", "%23", "a;b=c", ":", "~", "{meetingId}", "status", "questions", "registrants", "%2e%2e%2f", "%2E", "==", "abc%2Fdef==", "a%252Fb%253D%253D",
		strings.Repeat("a", 129), strings.Repeat("1", 500), strings.Repeat("%F0%9F%98%80", 2000),
	}
	straySegments = []string{"", "%2F", ".", "..", "a/b", "%2e%2e", "%2e", "/", "//", "a/../b", "./me", "..;", ".%2e"}
)

// aim chooses whom the next shot is about: somebody and their meeting, or two
// that need not belong together.
func (g *gun) aim() {
	g.meeting, g.registrant = g.pool.person(g.r)
	if g.meeting == "" || g.r.IntN(3) == 0 {
		g.meeting, g.registrant = g.some("meeting"), g.some("registrant_id")
	}
	if g.doc.dialect == webexDialect {
		if g.series, g.registrant = g.pool.guest(g.r); g.series == "" || g.r.IntN(3) == 0 {
			g.series, g.registrant = g.some("series"), g.some("registrant_id")
		}
	}
}

// goodbyes are operations after which a user is not what they were: they are
// about spare ones, so that who has the hosts' secret keeps it and is there.
var goodbyes = []string{"userDelete", "switchUserAccount", "userEmailUpdate"}

// pathValues returns what may stand in the path of an operation.
func (g *gun) pathValues(id, path string) map[string]string {
	values := map[string]string{
		"accountId":    pick(g.r, []string{"primary", "me", "branch"}),
		"userId":       pick(g.r, []string{"me", "owner@muster.test", "other@muster.test", g.some("host_id"), g.some("id")}),
		"meetingId":    g.meeting,
		"registrantId": g.registrant,
		"roleId":       pick(g.r, []string{"0", "2", g.ours.role, g.ours.role, g.some("roleId"), g.some("roleId")}),
		"fieldId":      pick(g.r, []string{g.ours.field, g.some("fieldId")}),
		"assistantId":  pick(g.r, []string{"other@muster.test", g.some("id")}), "schedulerId": pick(g.r, []string{"owner@muster.test", g.some("id")}),
		"collaborationDeviceId": "device",
		"groupId":               pick(g.r, []string{g.ours.group, g.ours.group, g.some("groupId")}),
		"memberId":              pick(g.r, []string{g.ours.user, "owner@muster.test", "other@muster.test", g.some("id")}),
		"personId":              pick(g.r, []string{"me", g.some("id")}),
	}
	if strings.Contains(path, "/im/groups/") {
		values["groupId"] = pick(g.r, []string{g.ours.directory, g.ours.directory, g.some("directory")})
	}
	switch { // what others need is not what ends
	case id == "accountDisassociate":
		values["accountId"] = "leaf"
	case id == "groupDelete":
		values["groupId"] = g.some("groupId")
	case id == "imGroupDelete":
		values["groupId"] = g.some("directory")
	case id == "deleteRole":
		values["roleId"] = g.some("roleId")
	case id == "trackingfieldDelete":
		values["fieldId"] = g.some("fieldId")
	case id == "userSSOTokenDelete": // or nobody could go on
		values["userId"] = "other@muster.test"
	case slices.Contains(goodbyes, id):
		values["userId"] = g.some("spare")
	}
	if g.doc.dialect == webexDialect {
		values["meetingId"] = g.series + pick(g.r, []string{"", "", "", "", "", "", "_20260310T100000Z", "_I_1"})
	}
	return values
}

// strangersValue returns what a path names of another account.
func (g *gun) strangersValue(name, path string) string {
	if name == "groupId" && strings.Contains(path, "/im/groups/") {
		return g.theirs.directory
	}
	return map[string]string{
		"accountId": "stranger", "userId": pick(g.r, []string{g.theirs.user, g.theirs.email}), "meetingId": pick(g.r, []string{g.theirs.meeting, url.PathEscape(g.theirs.uuid), seriesOf(g.theirs.uuid)}),
		"registrantId": g.theirs.registrant, "assistantId": g.theirs.email, "schedulerId": g.theirs.user, "collaborationDeviceId": "none",
		"groupId": g.theirs.group, "memberId": pick(g.r, []string{g.theirs.user, g.theirs.email}), "personId": g.theirs.user,
		"roleId": g.theirs.role, "fieldId": g.theirs.field,
	}[name]
}

// path sets the target of an operation's shot.
func (g *gun) path(s *shot, path string, wild float64) {
	values := g.pathValues(s.op.OperationID, path)
	if s.op.OperationID == "meeting" && g.r.IntN(3) == 0 {
		values["meetingId"] = url.PathEscape(url.PathEscape(g.some("uuid")))
	}
	for _, name := range placeholders(path) {
		value, ok := values[name]
		if !ok {
			value = g.some(name)
		}
		switch {
		case g.r.Float64() >= wild, s.op.OperationID == "userSSOTokenDelete":
		case g.r.IntN(3) == 0:
			value = g.strangersValue(name, path)
			if value == "" {
				value = "1"
			}
		case g.r.IntN(4) == 0:
			value, s.kind = pick(g.r, straySegments), others
		case g.r.IntN(4) == 0:
			value += pick(g.r, []string{"%00", "%20", "/", "%2F", ".", ";", "0"})
			s.kind = others
		default:
			value = pick(g.r, strayIDs)
			if value == "status" || value == "questions" {
				s.kind = others
			}
		}
		path = strings.Replace(path, "{"+name+"}", value, 1)
	}
	if g.r.Float64() < wild/4 {
		at := 1 + g.r.IntN(len(path)-1)
		path, s.kind = path[:at]+pick(g.r, []string{"/", "//", "/./", "%2F", "%", "x"})+path[at:], others
		s.rough = s.rough || strings.Contains(path, "%")
	}
	if strings.Contains(path, "%") && (strings.ContainsAny(path, "{é") || !utf8.ValidString(path)) {
		s.kind = others // where one letter should be escaped and is not, the library forgets which others were
	}
	s.target = path
}

// placeholders returns the names in braces of a path.
func placeholders(path string) (names []string) {
	for part := range strings.SplitSeq(path, "{") {
		if name, _, ok := strings.Cut(part, "}"); ok {
			names = append(names, name)
		}
	}
	return names
}

// query adds parameters, those of the operation for the most part.
func (g *gun) query(s *shot, wild float64) {
	var parts []string
	for _, p := range s.op.Parameters {
		if p.In != "query" || g.r.IntN(3) == 0 {
			continue
		}
		if g.doc.dialect == webexDialect && p.Name != "meetingId" && g.r.IntN(3) > 0 {
			continue // many of them exclude one another
		}
		text := ""
		switch schema := g.doc.resolve(p.Schema); {
		case g.r.Float64() < wild:
			text = pick(g.r, hostileTexts)
		case schema.Type == "integer":
			text = fmt.Sprint(g.integer(schema))
		case schema.Type == "boolean":
			text = pick(g.r, []string{"true", "false"})
		case p.Name == "file_ids":
			text = g.some(filesAt(s.target))
		case (p.Name == "next_page_token" || p.Name == "cursor" || p.Name == "hostEmail") && g.r.IntN(3) > 0:
			continue // which refuses most calls
		case strings.HasPrefix(p.Name, "occurrence_id") && g.r.IntN(2) > 0:
			continue
		default:
			text = g.text(schema)
		}
		parts = append(parts, url.QueryEscape(p.Name)+"="+url.QueryEscape(text))
	}
	if g.r.Float64() < wild {
		parts = append(parts, pick(g.r, []string{
			"%zz=1", "a;b=1", "=", "&&&", "page_size=1&page_size=2", "page_size", "occurrence_id=%", "%00=%00", "access_token=x", "a[]=1", "é=ü", "?", "a=b=c", "page_size[$gt]=1",
			strings.Repeat("a=1&", 2000), "status=" + strings.Repeat("x", 20_000),
		}))
	}
	if len(parts) > 0 {
		g.r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		s.target += "?" + strings.Join(parts, "&")
	}
}

// tokens makes a shot at a token endpoint.
func (g *gun) tokens() *shot {
	s := &shot{kind: tokens, method: "POST", target: pick(g.r, []string{"/oauth/token", "/oauth/token", "/oauth/revoke"}), secrets: []string{strangersText, hostsText}}
	form := url.Values{}
	for name, good := range map[string]string{
		"grant_type": "account_credentials", "account_id": g.s.Cred.AccountID, "client_id": g.s.Cred.ClientID, "client_secret": g.s.Cred.ClientSecret,
		"token": g.some("access_token"),
	} {
		form.Set(name, good)
	}
	for _, name := range []string{"account_id", "client_id", "client_secret", "grant_type", "token"} {
		switch g.r.IntN(8) {
		case 0:
			form.Del(name)
		case 1:
			form.Set(name, pick(g.r, hostileTexts))
		}
	}
	switch g.r.IntN(4) {
	case 0:
		s.headers = append(s.headers, "Authorization: Basic "+g.basic)
	case 1:
		s.headers = append(s.headers, "Authorization: "+pick(g.r, []string{"Basic", "Basic x", "Basic Og==", "Basic //79", "Basic ADo=", "Bearer x", "", "Basic " + strings.Repeat("QUFB", 3000)}))
	}
	switch g.r.IntN(4) {
	case 0:
		s.target += "?" + form.Encode()
	case 1:
		s.headers = append(s.headers, "Content-Type: "+pick(g.r, []string{"application/x-www-form-urlencoded", "text/plain", "", "multipart/form-data", "multipart/form-data; boundary=x"}))
		s.body = []byte(form.Encode())
	case 2:
		s.body = maul(g.r, []byte(form.Encode()))
	case 3:
		list := make([]string, 0, len(form))
		for _, name := range []string{"grant_type", "account_id", "client_id", "client_secret"} {
			list = append(list, quote(name)+":"+pick(g.r, []string{quote(form.Get(name)), quote(form.Get(name)), pick(g.r, hostileJSON)}))
		}
		s.body = []byte("{" + strings.Join(list, ",") + "}")
	}
	return s
}

// page makes a shot at what is no API.
func (g *gun) page() *shot {
	s := &shot{kind: pages, method: "GET", secrets: []string{strangersText}}
	switch g.r.IntN(5) {
	case 0, 1:
		s.target = g.pool.link(g.r)
	case 2:
		s.target = "/w/" + pick(g.r, []string{g.theirs.meeting, g.some("meeting"), pick(g.r, strayIDs)}) + "?tk=" + url.QueryEscape(pick(g.r, hostileTexts))
	case 3:
		s.target = pick(g.r, []string{"/j/", "/s/", "/meeting/register/"}) + pick(g.r, strayIDs) + "?pwd=" + url.QueryEscape(pick(g.r, hostileTexts))
	case 4:
		s.kind, s.target = others, pick(g.r, []string{"/healthz", "/readyz", "/metrics", "/docs", "/docs/webex", "/openapi/zoom.json", "/openapi/webex.json"})
		s.headers = []string{"X-Forwarded-For: " + pick(g.r, []string{"", "1.2.3.4", ", ,", "é"})}
	}
	if s.target == "" {
		s.target = "/j/1"
	}
	if g.r.IntN(8) == 0 {
		at := strings.IndexByte(s.target+"?", '?')
		s.kind, s.target = others, s.target[:at]+pick(g.r, straySegments)+s.target[at:]
	}
	return s
}

// unknown makes a shot at nothing in particular.
func (g *gun) unknown() *shot {
	s := &shot{kind: others, method: pick(g.r, methods)}
	words := []string{"v2", "v1", "V2", "users", "meetings", "registrants", "me", "oauth", "token", "accounts", "w", "j", "webinars", "docs", "healthz", "openapi", "%76%32", ".", ".."}
	for range 1 + g.r.IntN(5) {
		s.target += "/" + pick(g.r, [][]string{words, words, words, strayIDs, straySegments}[g.r.IntN(5)])
	}
	if g.r.IntN(3) == 0 {
		s.body = []byte(pick(g.r, hostileJSON))
	}
	g.authorize(s, 0.3)
	return s
}
