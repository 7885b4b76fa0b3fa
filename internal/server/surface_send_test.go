package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// An answer is what a shot got; status 0 is none.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// patience is how long an answer may take on a busy machine.
const patience = 30 * time.Second

// shoot sends a shot and judges the answer.
func (g *gun) shoot(what string, s *shot) {
	got, err := g.send(s)
	if got == nil {
		g.sent.add(s, &answer{})
		if !s.rough {
			g.problem(what, "no answer: "+err.Error(), s, &answer{})
		}
		return
	}
	g.sent.add(s, got)
	for _, secret := range s.secrets {
		if told := fmt.Sprint(got.header) + string(got.body); strings.Contains(told, secret) {
			g.problem(what, "tells what belongs to somebody else", s, got)
		}
	}
	if kind := g.judge(s, got); kind != "" {
		g.problem(what, kind, s, got)
	}
}

func (g *gun) hangUp() {
	if g.conn != nil {
		_ = g.conn.Close() // nothing more is to come
		g.conn = nil
	}
}

// send sends a shot and reads the one answer to it.
func (g *gun) send(s *shot) (*answer, error) {
	if s.rough {
		g.hangUp() // which the shot may have to itself
	}
	if g.conn == nil {
		conn, err := net.Dial("tcp", strings.TrimPrefix(g.s.URL, "http://"))
		if err != nil {
			return nil, err
		}
		g.conn, g.in = conn, bufio.NewReader(conn)
	}
	if err := g.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	_, sendErr := g.conn.Write(s.bytes())
	if s.half {
		_ = g.conn.(*net.TCPConn).CloseWrite() // the answer tells whether all is well
	}
	got, again, err := g.read(s.method)
	if s.rough || !again || err != nil || sendErr != nil {
		g.hangUp()
	}
	if err == nil && s.kind == operations && !s.rough {
		g.remember(s, got)
	}
	return got, err
}

func (g *gun) read(method string) (got *answer, again bool, err error) {
	for {
		res, err := http.ReadResponse(g.in, &http.Request{Method: method})
		if err != nil {
			return nil, false, err
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, false, err
		}
		if res.StatusCode >= 200 {
			return &answer{res.StatusCode, res.Header, body}, !res.Close, nil
		}
	}
}

var (
	ofSeries = regexp.MustCompile(`^/v1/meetings/([0-9a-f]{32})/registrants`)
	cursorOf = regexp.MustCompile(`[?&]cursor=([^&>]+)`)
)

// remember takes ids out of what a good request got.
func (g *gun) remember(s *shot, a *answer) {
	if a.status >= 300 || len(a.body) == 0 {
		return
	}
	v, ok := decoded(a.body).(map[string]any)
	if !ok {
		return
	}
	series := ""
	if m := ofSeries.FindStringSubmatch(s.target); m != nil {
		series = m[1]
	}
	g.pool.learn(v, series)
	if id, _ := v["id"].(string); id != "" {
		for _, name := range []string{made[s.op.OperationID], filesAt(s.target)} {
			if name != "" {
				g.pool.put(name, id)
			}
		}
	}
	for name, path := range map[string]string{"webhookId": "/v1/webhooks", "meetingInviteeId": "/v1/meetingInvitees"} {
		if strings.HasPrefix(s.target, path) {
			g.pool.name(name, v)
		}
	}
	if m := cursorOf.FindStringSubmatch(a.header.Get("Link")); m != nil {
		if text, err := url.QueryUnescape(m[1]); err == nil {
			g.pool.put("cursor", text)
		}
	}
}

// decoded returns the JSON value of a body, nil where it is none.
func decoded(body []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&v); err != nil || d.More() {
		return nil
	}
	return v
}

// lie says something else of the body's length than is true.
func (g *gun) lie(s *shot) {
	s.rough, s.half = true, true
	n := len(s.body)
	switch g.r.IntN(9) {
	case 0:
		s.framing = fmt.Sprintf("Content-Length: %d\r\n", n+1+g.r.IntN(1000))
	case 1:
		s.framing = fmt.Sprintf("Content-Length: %d\r\n", n/2)
	case 2:
		s.framing = fmt.Sprintf("Content-Length: %d\r\nContent-Length: %d\r\n", n, n+1)
	case 3:
		s.framing = "Content-Length: " + pick(g.r, []string{"-1", "abc", "", "+5", "0x10", "99999999999999999999", "1,1"}) + "\r\n"
	case 4:
		s.framing = fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n", n)
	case 5:
		s.framing = "Transfer-Encoding: " + pick(g.r, []string{"gzip", "chunked, chunked", "identity", "xchunked", "chunked;a=b", "\x0bchunked"}) + "\r\n"
	case 6:
		s.framing = "Transfer-Encoding: chunked\r\n"
		s.body = append([]byte(pick(g.r, []string{"zz\r\n", "ffffffffffffffffff\r\n", "-1\r\n", "5;" + strings.Repeat("x", 5000) + "\r\n", "3\n"})), s.body...)
	case 7:
		s.framing = ""
	case 8:
		s.framing = fmt.Sprintf("Expect: %s\r\nContent-Length: %d\r\n", pick(g.r, []string{"100-continue", "a-miracle"}), n+5)
	}
}

// chunk sends the body in chunks, as it may.
func (g *gun) chunk(s *shot) {
	s.framing = "Transfer-Encoding: chunked\r\n"
	var b bytes.Buffer
	for rest := s.body; len(rest) > 0; {
		n := min(1+g.r.IntN(500), len(rest))
		if len(rest) > 100_000 {
			n = len(rest)
		}
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, rest[:n])
		rest = rest[n:]
	}
	b.WriteString("0\r\n" + pick(g.r, []string{"", "X-Trailer: x\r\n", "Authorization: Bearer x\r\n"}) + "\r\n")
	s.body = b.Bytes()
}

// breakHead makes of the head what is no HTTP, or odd HTTP.
func (g *gun) breakHead(s *shot) {
	s.rough, s.half = true, true
	whole := string(s.bytes())
	line, rest, _ := strings.Cut(whole, "\r\n")
	switch g.r.IntN(12) {
	case 0:
		line = strings.Replace(line, " HTTP/1.1", pick(g.r, []string{"", " HTTP/9.9", " HTTP/1.0", " HTTP/2.0", " http/1.1", " HTTP/1.1 x"}), 1)
	case 1:
		line = strings.Replace(line, " ", pick(g.r, []string{"  ", "\t", "", " \x00"}), 1)
	case 2:
		line = strings.Replace(line, "/", pick(g.r, []string{"", "http://other.test/", "//", "\\", "*", "http://", "%zz/", "?", "#"}), 1)
	case 3:
		rest = strings.Replace(rest, "Host: muster.test", pick(g.r, []string{"X: y", "Host: a b", "Host: a\r\nHost: b", "Host:", "Host: \xff", "Host: [::1"}), 1)
	case 4:
		rest = pick(g.r, []string{"nonsense", ": x", "A B: c", "A\x00: b", "A: b\x00", " folded", "A: b\r\n folded", "é: b", "A: \x01"}) + "\r\n" + rest
	case 5:
		rest = strings.Repeat("X-Many: x\r\n", 300) + rest
	case 6:
		rest = "X-Long: " + strings.Repeat("x", 70_000) + "\r\n" + rest
	case 7:
		rest = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + pick(g.r, []string{"h2c", "websocket"}) + "\r\nHTTP2-Settings: AAAA\r\n" + rest
	case 8:
		s.raw = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
		return
	case 9:
		rest = strings.ReplaceAll(rest, "\r\n", "\n")
	case 10:
		s.raw = whole[:g.r.IntN(len(whole))]
		if s.raw == "" {
			s.raw = "\r\n"
		}
		return
	case 11:
		s.raw = string(maul(g.r, []byte(whole)))
		return
	}
	s.raw = line + "\r\n" + rest
}
