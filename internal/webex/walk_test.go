package webex_test

import (
	"encoding/base64"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/server"
	"muster/internal/webex"
)

// bodies has a good body for each operation that takes one. A new operation
// needs an entry: the tests that walk all operations tell so. ${host} and
// ${guest} are the emails of a meeting's host and of somebody registered for
// it, and what may stand in a path may stand in a body.
var bodies = map[string]string{
	"createRegistrant":               `{"firstName":"New","lastName":"Lee","email":"new@walk.test","customizedQuestions":[{"questionId":1,"answers":[{"answer":"x"}]}]}`,
	"createRegistrants":              `{"items":[{"firstName":"New","lastName":"Lee","email":"new@walk.test","zipCode":5}]}`,
	"queryMeetingRegistrants":        `{"emails":["${guest}"],"status":"approved","orderBy":"email","orderType":"ASC"}`,
	"batchApproveMeetingRegistrants": `{"sendEmail":true,"registrants":[{"id":"${registrantId}"}]}`,
	"batchRejectMeetingRegistrants":  `{"sendEmail":true,"registrants":[{"id":"${registrantId}"}]}`,
	"batchCancelMeetingRegistrants":  `{"sendEmail":true,"registrants":[{"id":"${registrantId}"}]}`,
	"batchDeleteMeetingRegistrants":  `{"sendEmail":true,"registrants":[{"id":"${registrantId}"}]}`,
	"updateMeetingRegistration": `{"hostEmail":"${host}","autoAcceptRequest":true,"customizedQuestions":[{"question":"Another","type":"checkbox","options":[{"value":"a"}],
		"rules":[{"condition":"equals","value":"a","result":"approve"}]}],"rules":[{"question":"email","condition":"contains","value":"a","result":"reject"}]}`,
	"createMeeting": `{"title":"New","start":"2026-03-11T10:00:00","end":"2026-03-11T11:00:00","timezone":"Europe/Berlin","registration":{"autoAcceptRequest":true},
		"integrationTags":["new"],"invitees":[{"email":"new@walk.test"}]}`,
	"updateMeeting":         `{"hostEmail":"${host}","title":"New","password":"new","start":"2026-03-11T10:00:00","end":"2026-03-11T11:00:00","registration":{"maxRegisterNum":5}}`,
	"patchMeeting":          `{"hostEmail":"${host}","agenda":"New"}`,
	"createMeetingInvitee":  `{"meetingId":"${meetingId}","hostEmail":"${host}","email":"new@walk.test","displayName":"New","coHost":true}`,
	"createMeetingInvitees": `{"meetingId":"${meetingId}","hostEmail":"${host}","items":[{"email":"new@walk.test","displayName":"New"}]}`,
	"updateMeetingInvitee":  `{"hostEmail":"${host}","email":"new@walk.test","displayName":"New"}`,
	"createWebhook":         `{"name":"New","targetUrl":"https://new.test/","resource":"meetings","event":"created","secret":"new"}`,
	"updateWebhook":         `{"name":"New","targetUrl":"https://new.test/","secret":"new"}`,
}

// queries are the queries without which an operation says nothing.
var queries = map[string]string{
	"listMeetingInvitees": "?meetingId=${meetingId}",
}

// things are a host, one meeting of theirs and what it has.
type things struct {
	host, guest string              // emails
	names       map[string][]string // what may stand in a path for each parameter
	zoom        string              // path of the meeting in the other dialect
	secrets     []string            // what nobody else may be told
}

// A tenant is one account with everything in it that there is: what its owner
// hosts and what another user does.
type tenant struct {
	t              testing.TB
	s              *mustertest.Server
	token, account string
	own, other     *things
}

// newTenant fills the account of the given id, which must exist.
func newTenant(t testing.TB, s *mustertest.Server, account string) *tenant {
	t.Helper()
	v := &tenant{t: t, s: s, account: account, token: s.TokenFor(account)}
	owner := v.do(200, "GET", "/v2/users/me", "")
	other := v.do(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"hidden@`+account+`.test","type":2,"first_name":"Hidden`+account+`first"}}`)
	v.own, v.other = v.fill("own", owner), v.fill("other", other)
	return v
}

// fill makes the things of one host.
func (v *tenant) fill(whose string, host map[string]any) *things {
	v.t.Helper()
	hidden, email := "Hidden"+whose+v.account, text(host["email"])
	spelled := v.do(200, "GET", "/v1/people?email="+email, "")["items"].([]any)[0].(map[string]any)["id"]
	m := v.do(201, "POST", "/v2/users/"+email+"/meetings", `{"topic":"`+hidden+`topic","agenda":"`+hidden+`agenda","type":2,"start_time":"2026-03-09T10:00:00Z",
		"password":"pw-`+whose+v.account[:2]+`","settings":{"approval_type":0}}`)
	id := mustertest.Series(v.t, text(m["uuid"]))
	at := "/v1/meetings/" + id
	v.do(200, "PUT", at+"/registration", `{"autoAcceptRequest":true,"customizedQuestions":[{"question":"`+hidden+`question","type":"singleLineTextBox"}]}`)
	guest := "guest@" + whose + "." + v.account + ".test"
	invitee := v.do(200, "POST", "/v1/meetingInvitees", `{"meetingId":"`+id+`","email":"invited@`+whose+"."+v.account+`.test","displayName":"`+hidden+`invitee"}`)
	owned := ""
	if whose == "other" {
		owned = `,"ownedBy":"org"` // of no one user: only for who reaches all of the account
	}
	webhook := v.do(200, "POST", "/v1/webhooks", `{"name":"`+hidden+`hook","targetUrl":"https://`+strings.ToLower(hidden)+`.test/","resource":"meetings","event":"created","secret":"`+hidden+`secret"`+owned+`}`)
	r := v.do(200, "POST", at+"/registrants", `{"email":"`+guest+`","firstName":"`+hidden+`guest","lastName":"Lee","workPhone":"555-`+whose+v.account+`"}`)
	return &things{
		host: email, guest: guest, zoom: "/v2/meetings/" + text(m["id"]),
		names: map[string][]string{
			"meetingId": {id, id + "_20260309T100000Z", id + "_I_1"}, "registrantId": {text(r["id"])}, "meetingInviteeId": {text(invitee["id"])},
			"webhookId": {text(webhook["id"])}, "personId": {text(spelled), text(host["id"])},
		},
		secrets: []string{
			text(host["id"]), text(spelled), email, text(m["id"]), text(m["uuid"]), id, text(r["id"]), guest, text(webhook["id"]), hidden, "pw-" + whose + v.account[:2],
			text(m["encrypted_password"]), text(m["h323_password"]), "555-" + whose + v.account,
		},
	}
}

func text(v any) string {
	if s, ok := v.(interface{ String() string }); ok {
		return s.String()
	}
	s, _ := v.(string)
	return s
}

// do sends a request with the tenant's own token and wants the status.
func (v *tenant) do(status int, method, path, body string) map[string]any {
	v.t.Helper()
	a := v.s.As(v.token, method, path, body)
	if a.Status != status {
		v.t.Fatalf("%s %s: got %d %s, want %d", method, path, a.Status, a.Body, status)
	}
	return a.JSON(v.t)
}

var anyTrackingID = regexp.MustCompile(`ROUTER_[0-9A-F]{32}`)

// dump returns everything that the tenant's own reads tell, in both dialects.
func (v *tenant) dump() string {
	v.t.Helper()
	paths := []string{"/v2/users?page_size=300"}
	for _, th := range []*things{v.own, v.other} {
		paths = append(paths, "/v2/users/"+th.host, "/v2/users/"+th.host+"/meetings?page_size=300", th.zoom, th.zoom+"/registrants/questions",
			th.zoom+"/registrants?status=all&page_size=300")
		for _, o := range operations(v.t) {
			if o.Method == http.MethodGet {
				paths = append(paths, pathTo(v.t, o, th))
			}
		}
	}
	var b strings.Builder
	for _, p := range paths {
		a := v.s.As(v.token, "GET", p, "")
		if a.Status >= 500 {
			v.t.Fatalf("GET %s: got %d %s", p, a.Status, a.Body)
		}
		b.WriteString(p + "\n" + anyTrackingID.ReplaceAllString(string(a.Body), "") + "\n")
	}
	return b.String()
}

// unchanged fails the test unless the tenant reads as it did.
func (v *tenant) unchanged(before, what string) {
	v.t.Helper()
	if after := v.dump(); after != before {
		v.t.Errorf("%s changed what is stored:\n got %s\nwant %s", what, after, before)
	}
}

// operations returns every operation of the dialect.
func operations(t testing.TB) []op.Operation {
	t.Helper()
	ops := server.Declare(&app.App{}, "").Webex
	if len(ops) < 13 {
		t.Fatalf("got %d operations, want 13 at least", len(ops))
	}
	return ops
}

// bodyOf returns a good body for o about th, "" where it takes none.
func bodyOf(t testing.TB, o op.Operation, th *things) string {
	t.Helper()
	body, known := bodies[o.ID]
	if takesBody(o) && !known {
		t.Fatalf("operation %s is new: give the table bodies in walk_test.go a good body for it", o.ID)
	}
	return th.say(body)
}

// say puts names of th into a text.
func (th *things) say(text string) string {
	pairs := []string{"${host}", th.host, "${guest}", th.guest}
	for name, values := range th.names {
		pairs = append(pairs, "${"+name+"}", values[0])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// absent replaces the names of th by others of the same form.
func (th *things) absent(text string) string {
	pairs := []string{th.host, "nobody@victim.test", th.guest, "nobody@guest.test", th.names["meetingId"][0], strings.Repeat("0", 32)}
	for _, values := range th.names {
		for _, value := range values {
			pairs = append(pairs, value, absentForm(value))
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// absentForm returns an id of the form of another: zeros, within what it is
// encoded in, where it is.
func absentForm(id string) string {
	if uri := decodedID(id); uri != "" {
		kind, own := path.Split(uri)
		return base64.RawStdEncoding.EncodeToString([]byte(kind + strings.Repeat("0", len(own))))
	}
	return strings.Repeat("0", len(id))
}

// decodedID returns what the id of a person has inside, "" for other ids.
func decodedID(id string) string {
	b, err := base64.RawStdEncoding.DecodeString(id)
	if err != nil || !strings.HasPrefix(string(b), "ciscospark://") {
		return ""
	}
	return string(b)
}

// pathTo returns the path of o with names of th, and the query that it needs.
func pathTo(t testing.TB, o op.Operation, th *things) string {
	t.Helper()
	return webex.Prefix + pathsOf(t, o.Path, th.names)[0] + th.say(queries[o.ID])
}

// namesThings reports whether a request of o names something that somebody has.
func namesThings(o op.Operation) bool {
	return strings.Contains(o.Path, "{") || strings.Contains(bodies[o.ID]+queries[o.ID], "${")
}

func takesBody(o op.Operation) bool {
	return o.Method != http.MethodGet && slices.ContainsFunc(fieldsOf(o.In), func(f reflect.StructField) bool { return f.Tag.Get("json") != "-" })
}

// fieldsOf returns the fields of a struct, those of embedded structs too.
func fieldsOf(t reflect.Type) []reflect.StructField {
	var all []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			all = append(all, fieldsOf(f.Type)...)
		} else if f.IsExported() {
			all = append(all, f)
		}
	}
	return all
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// pathsOf returns o's path with each combination of names.
func pathsOf(t testing.TB, path string, names map[string][]string) []string {
	t.Helper()
	at := parameter.FindStringSubmatch(path)
	if at == nil {
		return []string{path}
	}
	values, known := names[at[1]]
	if !known {
		t.Fatalf("the path parameter %s is new: give fill in walk_test.go names for it", at[1])
	}
	var all []string
	for _, value := range values {
		all = append(all, pathsOf(t, strings.Replace(path, at[0], value, 1), names)...)
	}
	return all
}

// headers checks the headers that every answer of the API has.
func headers(t testing.TB, what string, h http.Header) {
	t.Helper()
	if id := h.Get("trackingid"); !anyTrackingID.MatchString(id) {
		t.Errorf("%s: trackingid: got %q", what, id)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s: got %q, want %q", what, name, got, want)
		}
	}
}

// refusal fails the test unless a is a failure below 500, told as the dialect
// tells failures.
func refusal(t testing.TB, what string, a mustertest.Answer) {
	t.Helper()
	headers(t, what, a.Header)
	if a.Status < 400 || a.Status >= 500 {
		t.Errorf("%s: got %d %.300s, want a refusal", what, a.Status, a.Body)
		return
	}
	if ct := a.Header.Get("Content-Type"); ct != "application/json;charset=UTF-8" {
		t.Errorf("%s: got Content-Type %q %.300s", what, ct, a.Body)
		return
	}
	e := a.JSON(t)
	if text(e["message"]) == "" || text(e["trackingId"]) != a.Header.Get("trackingid") || len(e) != 3 {
		t.Errorf("%s: got %.300s, want message, errors and the trackingId of the header", what, a.Body)
	}
	list, _ := e["errors"].([]any)
	for _, item := range list {
		if d, _ := item.(map[string]any); text(d["description"]) == "" || len(d) != 1 {
			t.Errorf("%s: got %v among errors, want a description", what, item)
		}
	}
	if len(list) == 0 {
		t.Errorf("%s: no errors in %.300s", what, a.Body)
	}
	if len(a.Body) > 10_000 {
		t.Errorf("%s: the answer has %d bytes", what, len(a.Body))
	}
}
