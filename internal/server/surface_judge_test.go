package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"muster/internal/op"
)

const jsonType = "application/json;charset=UTF-8"

// judge says what is wrong with an answer, "" for nothing.
func (g *gun) judge(s *shot, a *answer) string {
	kind := a.header.Get("Content-Type")
	plain := strings.HasPrefix(kind, "text/plain")
	if s.rough && (plain || kind == "" && len(a.body) == 0) && a.header.Get("X-Zm-Trackingid") == "" && slices.Contains([]int{400, 408, 417, 431, 501, 505}, a.status) {
		return "" // the HTTP library's own
	}
	switch {
	case a.status >= 300 && a.status < 400:
		return "a redirect"
	case a.status == 503 && a.header.Get("Retry-After") != "":
	case a.status == 501 && strings.HasPrefix(kind, "text/html"): // rooms and forms are not there yet
	case a.status >= 500:
		return fmt.Sprintf("status %d", a.status)
	}
	if s.method == "HEAD" || s.raw != "" {
		return "" // there is no body, or who knows what was asked
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" && !plain {
		return "no X-Content-Type-Options"
	}
	switch s.kind {
	case operations:
		return g.judgeOperation(s, a)
	case tokens:
		return judgeToken(a)
	case pages:
		return judgePage(a)
	}
	switch {
	case plain: // health and metrics
		if !strings.Contains(s.target, "z") && !strings.Contains(s.target, "metrics") {
			return "a plain text"
		}
		return ""
	case strings.HasPrefix(kind, "text/html"):
		return judgePage(a)
	case a.status >= 400 && (judgeToken(a) == "" || isWebexFailure(a)):
		return ""
	case a.status >= 400:
		_, wrong := envelope(a)
		return wrong
	case a.status != 204 && decoded(a.body) == nil:
		return "no JSON"
	}
	return ""
}

// judgeOperation holds an answer to what the document says of the operation.
func (g *gun) judgeOperation(s *shot, a *answer) string {
	for _, name := range []string{"X-Zm-Trackingid", "Cache-Control"} {
		if a.header.Get(name) == "" {
			return "no " + name
		}
	}
	if a.status >= 400 {
		code, wrong := envelope(a)
		if wrong == "" && !s.rough && !s.op.documents(a.status, code) {
			return fmt.Sprintf("answers %d with code %d, which is not documented", a.status, code)
		}
		return wrong
	}
	if s.rough {
		return ""
	}
	if !s.op.documents(a.status, 0) {
		return fmt.Sprintf("succeeds with %d, which is not documented", a.status)
	}
	c, ok := s.op.Responses[fmt.Sprint(a.status)].Content["application/json"]
	if !ok && len(a.body) == 0 {
		return ""
	} else if !ok {
		return "a body, and none is documented"
	}
	if kind := a.header.Get("Content-Type"); kind != jsonType {
		return "Content-Type " + kind
	}
	return g.doc.unlike(c.Schema, decoded(a.body), "the answer")
}

// isWebexFailure reports whether a failure is told as that dialect tells them.
func isWebexFailure(a *answer) bool {
	object, _ := decoded(a.body).(map[string]any)
	message, _ := object["message"].(string)
	id, _ := object["trackingId"].(string)
	list, _ := object["errors"].([]any)
	return message != "" && len(list) > 0 && id != "" && id == a.header.Get("trackingid") && a.header.Get("Content-Type") == jsonType
}

// envelope returns the code of a failure and what is wrong with its form.
func envelope(a *answer) (code int, wrong string) {
	if kind := a.header.Get("Content-Type"); kind != jsonType {
		return 0, "a failure of Content-Type " + kind
	}
	object, ok := decoded(a.body).(map[string]any)
	if !ok {
		return 0, "a failure that is no JSON object"
	}
	number, _ := object["code"].(json.Number)
	n, err := number.Int64()
	message, _ := object["message"].(string)
	if err != nil || n == 0 || message == "" {
		return 0, "a failure without code or message"
	}
	for name := range object {
		if name != "code" && name != "message" && name != "errors" {
			return 0, "a failure with the member " + name
		}
	}
	problems, given := object["errors"]
	list, ok := problems.([]any)
	if given && !ok {
		return 0, "errors is no list"
	}
	for _, p := range list {
		p, _ := p.(map[string]any)
		_, field := p["field"].(string)
		if rule, _ := p["message"].(string); !field || rule == "" || len(p) != 2 {
			return 0, "an element of errors is not field and message"
		}
	}
	return int(n), ""
}

// judgeToken holds an answer to RFC 6749.
func judgeToken(a *answer) string {
	if kind := a.header.Get("Content-Type"); kind != jsonType {
		return "Content-Type " + kind
	}
	if a.header.Get("Cache-Control") != "no-store" {
		return "no Cache-Control"
	}
	object, ok := decoded(a.body).(map[string]any)
	failed, _ := object["error"].(string)
	reason, _ := object["reason"].(string)
	switch {
	case !ok:
		return "no JSON object"
	case a.status == 200 && failed == "" && (object["access_token"] != nil || object["status"] != nil):
	case a.status >= 400 && failed != "" && reason != "" && len(object) == 2:
	default:
		return "not as RFC 6749 has it"
	}
	return ""
}

// judgePage holds an answer to what pages are.
func judgePage(a *answer) string {
	switch {
	case !strings.HasPrefix(a.header.Get("Content-Type"), "text/html"):
		return "no page"
	case !strings.HasSuffix(strings.TrimSpace(string(a.body)), "</html>"):
		return "half a page"
	case a.header.Get("Content-Security-Policy") == "":
		return "no Content-Security-Policy"
	case !slices.Contains([]int{200, 403, 404, op.StatusClientGone, 501}, a.status):
		return fmt.Sprintf("a page with status %d", a.status)
	}
	return ""
}
