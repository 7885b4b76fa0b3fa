package server_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A kind says what a shot's answer has to be like.
type kind int

const (
	operations kind = iota // what the document says of the operation
	tokens                 // RFC 6749's
	pages                  // HTML
	others                 // any of these and plain texts: nobody says what is hit
)

// A shot is one request, as bytes.
type shot struct {
	kind           kind
	op             *operation // of operations
	method, target string
	headers        []string // whole lines
	body           []byte
	framing        string   // the lines about the length
	raw            string   // in place of all of these
	rough          bool     // HTTP itself is broken: the connection may be, too
	half           bool     // nothing more will come
	secrets        []string // what the answer must not tell
}

func (s *shot) name() string {
	if s.op != nil {
		return s.op.OperationID
	}
	return fmt.Sprintf("%.60s", s.method+" "+s.target)
}

func (s *shot) bytes() []byte {
	if s.raw != "" {
		return []byte(s.raw)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: muster.test\r\n%s", s.method, s.target, s.framing)
	for _, h := range s.headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(s.body)
	return b.Bytes()
}

// dots is a small PNG.
const dots = "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\x00\x00\x01\x08\x02\x00\x00\x00\x7b\x40\xe8\xdd\x00\x00\x00" +
	"\x0f\x49\x44\x41\x54\x78\x9c\x63\xf8\xcf\xc0\xc0\xf0\x9f\x01\x00\x07\xff\x01\xff\x01\x7f\x89\xa7\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82"

// A gun makes shots and sends them over one connection at a time.
type gun struct {
	*surface
	r    *rand.Rand
	conn net.Conn
	in   *bufio.Reader

	doc                         *document // the dialect of the next shot
	op                          *operation
	meeting, series, registrant string // what the next shot is about
}

// next makes a shot.
func (g *gun) next() *shot {
	g.doc = pick(g.r, g.docs)
	g.aim()
	var s *shot
	switch n := g.r.IntN(100); {
	case n < 8 && g.doc.dialect == webexDialect:
		s = g.goodWebex()
	case n < 8:
		s = g.good()
	case n < 45:
		s = g.operation(0)
	case n < 85:
		s = g.operation(pick(g.r, []float64{0.02, 0.05, 0.2, 0.6}))
	case n < 91:
		s = g.tokens()
	case n < 95:
		s = g.page()
	default:
		s = g.unknown()
	}
	s.framing = fmt.Sprintf("Content-Length: %d\r\n", len(s.body))
	if len(s.body) == 0 && g.r.IntN(2) == 0 {
		s.framing = ""
	}
	switch g.r.IntN(40) {
	case 0:
		g.lie(s)
	case 1:
		g.breakHead(s)
	case 2, 3:
		g.chunk(s)
	}
	return s
}

// good makes a shot that ought to succeed, so that there is something to hit.
func (g *gun) good() *shot {
	meeting := "/v2/meetings/" + g.meeting
	n := g.r.IntN(10_000)
	s := &shot{kind: operations, method: "POST", headers: []string{"Content-Type: application/json"}}
	var body string
	switch g.r.IntN(7) {
	case 5, 6:
		return g.goodAdministration(n)
	case 0:
		s.op, s.target, body = g.doc.find("meetingCreate"), "/v2/users/me/meetings", pick(g.r, goodMeetings(g.s.Now()))
	case 1, 2:
		s.op, s.target = g.doc.find("meetingRegistrantCreate"), meeting+"/registrants"
		body = fmt.Sprintf(`{"email":"n%d@people.test","first_name":"N"}`, n)
	case 3:
		s.op, s.target = g.doc.find("addBatchRegistrants"), meeting+"/batch_registrants"
		body = fmt.Sprintf(`{"auto_approve":true,"registrants":[{"email":"n%d@people.test","first_name":"N"},{"email":"m%d@people.test","first_name":"M"}]}`, n, n)
	case 4:
		s.op, s.method, s.target = g.doc.find("meetingRegistrantStatus"), "PUT", meeting+"/registrants/status"
		body = fmt.Sprintf(`{"action":%q,"registrants":[{"id":%q}]}`, pick(g.r, []string{"approve", "deny", "cancel"}), g.registrant)
	}
	s.body = []byte(body)
	g.authorize(s, 0)
	return s
}

// goodAdministration is good for what stands around meetings. n makes it differ.
func (g *gun) goodAdministration(n int) *shot {
	other := fmt.Sprintf(`[{"id":%q}]`, g.ours.user)
	one := pick(g.r, [][3]string{
		{"userCreate", "/v2/users", fmt.Sprintf(`{"action":"create","user_info":{"email":"spare%d@muster.test","type":2}}`, n)},
		{"userAssistantCreate", "/v2/users/me/assistants", `{"assistants":` + other + `}`},
		{"groupCreate", "/v2/groups", fmt.Sprintf(`{"name":"Group %d"}`, n)},
		{"groupMembersCreate", "/v2/groups/" + g.ours.group + "/members", `{"members":` + other + `}`},
		{"groupAdminsCreate", "/v2/groups/" + g.ours.group + "/admins", `{"admins":` + other + `}`},
		{"imGroupMembersCreate", "/v2/im/groups/" + g.ours.directory + "/members", `{"members":` + other + `}`},
		{"AddRoleMembers", "/v2/roles/" + g.ours.role + "/members", `{"members":` + other + `}`},
		{"userUpdate", "/v2/users/" + g.ours.user, `{"type":2}`},
		{"userUpdate", "/v2/users/me", `{"type":2}`},
		{"userStatus", "/v2/users/" + g.ours.user + "/status", `{"action":"activate"}`},
		{"userAssistantDelete", "/v2/users/me/assistants/" + g.ours.user, ""},
		{"userSchedulerDelete", "/v2/users/" + g.ours.user + "/schedulers/owner@muster.test", ""},
		{"updateAGroupMember", "/v2/groups/" + g.ours.group + "/members/" + g.ours.user, `{"action":"set_primary"}`},
		{"groupAdminsDelete", "/v2/groups/" + g.ours.group + "/admins/" + g.ours.user, ""},
		{"bulkUpdateFeature", "/v2/users/features", `{"feature_type":"user_type","feature_value":"2","users":` + other + `}`},
		{"switchUserAccount", "/v2/accounts/me/users/" + g.some("spare") + "/account", `{"account_id":"branch"}`},
		{"accountOptionsUpdate", "/v2/accounts/branch/options", `{"share_rc":true}`},
		{"updateAccountOwner", "/v2/accounts/branch/owner", fmt.Sprintf(`{"email":%q}`, pick(g.r, []string{"heir@branch.test", "owner@branch.test"}))},
	})
	s := &shot{kind: operations, op: g.doc.find(one[0]), target: one[1], body: []byte(one[2]), headers: []string{"Content-Type: application/json"}}
	s.method = s.op.method
	g.authorize(s, 0)
	return s
}

// goodWebex is good in the other dialect.
func (g *gun) goodWebex() *shot {
	meeting := "/v1/meetings/" + g.series
	n := g.r.IntN(10_000)
	s := &shot{kind: operations, method: "POST", headers: []string{"Content-Type: application/json"}}
	person := func(letter string) string {
		return fmt.Sprintf(`{"email":"%s%d@people.test","firstName":"N","lastName":"L"}`, letter, n)
	}
	var body string
	if g.r.IntN(4) == 0 {
		return g.goodAround(n)
	}
	switch k := g.r.IntN(5); {
	case k == 0 && g.doc.has("createMeeting"):
		start := g.s.Now().Add(48 * time.Hour)
		s.op, s.target = g.doc.find("createMeeting"), "/v1/meetings"
		body = fmt.Sprintf(`{"title":"W","start":%q,"end":%q,"registration":{"autoAcceptRequest":%t}}`,
			start.Format(time.RFC3339), start.Add(time.Hour).Format(time.RFC3339), n%2 == 0)
	case k == 1 && g.doc.has("batchApproveMeetingRegistrants"):
		verb := pick(g.r, [][2]string{{"Approve", "approve"}, {"Reject", "reject"}, {"Cancel", "cancel"}})
		s.op, s.target = g.doc.find("batch"+verb[0]+"MeetingRegistrants"), meeting+"/registrants/"+verb[1]
		body = fmt.Sprintf(`{"registrants":[{"id":%q}]}`, g.registrant)
	case k < 3:
		s.op, s.target, body = g.doc.find("createRegistrant"), meeting+"/registrants", person("s")
	case k == 3:
		s.op, s.target, body = g.doc.find("createRegistrants"), meeting+"/registrants/bulkInsert", "["+person("t")+","+person("u")+"]"
	default:
		s.op, s.target, body = g.doc.find("createRegistrants"), meeting+"/registrants/bulkInsert", `{"items":[`+person("v")+"]}"
	}
	s.body = []byte(body)
	g.authorize(s, 0)
	return s
}

// goodAround is goodWebex for what stands around registration. n makes it differ.
func (g *gun) goodAround(n int) *shot {
	s := &shot{kind: operations, method: "POST", headers: []string{"Content-Type: application/json"}}
	one := pick(g.r, [][3]string{
		{"createMeetingInvitee", "/v1/meetingInvitees", fmt.Sprintf(`{"meetingId":%q,"email":"i%d@people.test"}`, g.series, n)},
		{"createMeetingInvitees", "/v1/meetingInvitees/bulkInsert", fmt.Sprintf(`{"meetingId":%q,"items":[{"email":"j%d@people.test"}]}`, g.series, n)},
		{"createWebhook", "/v1/webhooks", fmt.Sprintf(`{"name":"W%d","targetUrl":"https://hooks.test/%d","resource":"meetings","event":"created"}`, n, n)},
		{"listMeetings", "/v1/meetings?max=2", ""},
	})
	if s.op = g.doc.find(one[0]); s.op == nil {
		s.op, one[1], one[2] = g.doc.find("createRegistrant"), "/v1/meetings/"+g.series+"/registrants", `{"email":"o@people.test"}`
	}
	s.method, s.target, s.body = s.op.method, one[1], []byte(one[2])
	g.authorize(s, 0)
	return s
}

// operation makes a shot at one of the document's; wild says how much of it
// is not as it should be.
func (g *gun) operation(wild float64) *shot {
	o := pick(g.r, g.doc.operations)
	for slices.Contains(endings, o.OperationID) && g.r.IntN(3) > 0 {
		o = pick(g.r, g.doc.operations) // what ends meetings leaves less to hit
	}
	s := &shot{kind: operations, op: o, method: o.method}
	g.op = o
	prefixes := g.doc.prefixes
	if strings.HasPrefix(o.path, "/accounts") { // which names the account itself
		prefixes = []string{"/v2", ""}
	}
	g.path(s, pick(g.r, prefixes)+o.path, wild)
	g.query(s, wild)
	if body := g.doc.body(o); body != nil {
		g.fill(s, body, wild)
	} else if g.r.Float64() < wild {
		s.body, s.headers = []byte(pick(g.r, hostileJSON)), []string{"Content-Type: application/json"}
	}
	switch {
	case o.method != "GET" && g.r.IntN(10) == 0:
		s.headers = append(s.headers, fmt.Sprintf("Idempotency-Key: key%d", g.r.IntN(5)))
	case g.r.Float64() < wild:
		s.headers = append(s.headers, "Idempotency-Key: "+pick(g.r, []string{"", "é", "\xff", strings.Repeat("k", 256), "a b", "k\tk"}))
	}
	if o.method == "GET" && g.r.IntN(20) == 0 {
		s.method = "HEAD"
	} else if other := pick(g.r, methods); g.r.Float64() < wild/4 && !g.saysGoodbye(other, o.path) {
		s.method, s.kind = other, others
	}
	g.authorize(s, wild)
	return s
}

// saysGoodbye reports whether a method makes one of goodbyes of a path.
func (g *gun) saysGoodbye(method, path string) bool {
	return slices.ContainsFunc(g.doc.operations, func(o *operation) bool {
		return o.method == method && o.path == path && slices.Contains(goodbyes, o.OperationID)
	})
}

// endings are what leaves less to hit.
var endings = []string{"meetingDelete", "meetingStatus", "deleteMeeting", "endMeeting", "deleteMeetingRegistration"}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X", "M-SEARCH", strings.Repeat("A", 2000)}

// authorize adds a token and says what its holder must not be told.
func (g *gun) authorize(s *shot, wild float64) {
	s.secrets = []string{strangersText, hostsText}
	bearer := func(token string) { s.headers = append(s.headers, "Authorization: Bearer "+token) }
	switch {
	case g.r.Float64() < wild/2:
		s.headers = append(s.headers, "Authorization: "+pick(g.r, []string{
			"", "Bearer", "Bearer ", "Basic " + g.basic, "Bearer " + strings.Repeat("a", 43), "Bearer \xff\xfe", "Bearer a b", "Bearer " + g.host[1:], g.host,
			"Bearer " + g.some("access_token"), "Digest x", "bearer,", "Bearer " + strings.Repeat("A", 50_000),
		}))
		if g.r.IntN(3) == 0 {
			bearer(g.host) // a second one
		}
	case g.r.IntN(6) == 0:
		bearer(g.host)
	default:
		s.secrets = s.secrets[:1]
		bearer(g.full)
	}
}

// fill makes a body in one of the forms that are taken.
func (g *gun) fill(s *shot, body *schema, wild float64) {
	n := g.r.IntN(10)
	if _, ok := s.op.RequestBody.Content["application/json"]; !ok && n < 9 {
		n = 1
	}
	if g.doc.jsonOnly && g.r.IntN(4) > 0 {
		n = 9 // a form is refused, and so is a body without a media type
	}
	switch {
	case n == 9 && g.doc.jsonOnly:
		s.body = []byte(g.json(body, wild, 0))
		s.headers = append(s.headers, "Content-Type: application/json")
	case n == 0:
		s.body, s.headers = g.urlencoded(body, wild), append(s.headers, "Content-Type: application/x-www-form-urlencoded")
	case n == 1:
		b, boundary := g.multipart(body, wild)
		s.body, s.headers = b, append(s.headers, "Content-Type: multipart/form-data; boundary="+boundary)
	default:
		s.body = []byte(g.json(body, wild, 0))
		s.headers = append(s.headers, pick(g.r, []string{"Content-Type: application/json", "Content-Type: application/json; charset=utf-8", "content-type: Text/JSON", "X-None: 1"}))
	}
	if strings.HasSuffix(s.op.path, "settings") && len(body.Properties) == 0 && g.r.Float64() >= wild { // the document does not say what is in it
		s.body = []byte(pick(g.r, goodSettings))
		s.headers[len(s.headers)-1] = "Content-Type: application/json"
	}
	if wild == 0 {
		return
	}
	switch g.r.IntN(12) {
	case 0, 1, 2:
		s.body = maul(g.r, s.body)
	case 3:
		s.headers[len(s.headers)-1] = "Content-Type: " + pick(g.r, []string{
			"", "text/xml", "application/json; charset=utf-16", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"x y\"",
			"application/x-www-form-urlencoded; charset=\xff", ";", "a/b/c", "application/merge-patch+json", "*/*", strings.Repeat("x", 10_000), "application/json, text/html",
		})
	case 4:
		s.headers = append(s.headers, "Content-Type: text/plain", "Content-Encoding: gzip")
	case 5:
		if g.r.IntN(20) == 0 {
			s.body = append(s.body, bytes.Repeat([]byte(" "), 1<<20+g.r.IntN(4<<20))...)
			s.rough = true // an answer may come before all was sent
		}
	}
}

// goodSettings are what owners of settings may set and lock.
var goodSettings = []string{
	"{}", `{"schedule_meeting":{"host_video":true}}`, `{"schedule_meeting":{"host_video":false,"participant_video":true}}`, `{"in_meeting":{"chat":true}}`,
	`{"in_meeting":{"chat":false,"polling":true}}`, `{"recording":{"local_recording":true}}`, `{"email_notification":{"jbh_reminder":true}}`,
}

// fields returns the members of a body as a form has them.
func (g *gun) fields(body *schema, wild float64) [][2]string {
	var all [][2]string
	for _, name := range body.order {
		if g.r.IntN(3) == 0 {
			continue
		}
		p := g.doc.resolve(body.Properties[name])
		text := g.json(p, wild, 1)
		if p.Format == "binary" && g.r.IntN(2) == 0 {
			text = dots
		}
		if p.Type != "object" && p.Type != "array" {
			text = strings.Trim(text, `"`)
		}
		all = append(all, [2]string{name, text})
		if g.r.Float64() < wild/4 {
			all = append(all, [2]string{name + pick(g.r, []string{"", "[]", "[0]", "[a][b]"}), pick(g.r, hostileTexts)})
		}
	}
	return all
}

func (g *gun) urlencoded(body *schema, wild float64) []byte {
	var parts []string
	for _, f := range g.fields(body, wild) {
		parts = append(parts, url.QueryEscape(f[0])+"="+url.QueryEscape(f[1]))
	}
	if g.r.Float64() < wild {
		parts = append(parts, pick(g.r, []string{"%zz=1", "a;b=1", "=", "&&", "a=%", strings.Repeat("a=1&", 3000)}))
	}
	return []byte(strings.Join(parts, "&"))
}

func (g *gun) multipart(body *schema, wild float64) (b []byte, boundary string) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	_ = w.SetBoundary(fmt.Sprintf("b%d", g.r.IntN(1e9))) // a good one
	for _, f := range g.fields(body, wild) {
		h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name=%q`, f[0])}}
		if g.r.Float64() < wild {
			h.Set("Content-Disposition", pick(g.r, []string{"", "form-data", `form-data; name="`, `attachment; filename="x"`, `form-data; name="\xff"; filename="a\0"`}))
			h.Set("Content-Transfer-Encoding", pick(g.r, []string{"base64", "quoted-printable", "binary"}))
		}
		part, err := w.CreatePart(h)
		if err != nil {
			panic(err) // a buffer takes everything
		}
		_, _ = part.Write([]byte(f[1])) // a buffer takes everything
	}
	if g.r.Float64() >= wild {
		_ = w.Close() // a buffer takes everything
	}
	return buf.Bytes(), w.Boundary()
}
