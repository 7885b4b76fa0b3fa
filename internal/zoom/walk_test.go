package zoom_test

import (
	_ "embed"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/mustertest"
	"muster/internal/op"
	"muster/internal/server"
	"muster/internal/zoom"
)

// bodies has a good body for each operation that takes one. A new operation
// needs an entry: the tests that walk all operations tell so.
var bodies = map[string]string{
	"userCreate": `{"action":"create","user_info":{"email":"new@walk.test","type":2,"first_name":"New"}}`,
	"meetingCreate": `{"topic":"New topic","type":2,"start_time":"2026-04-01T10:00:00Z","timezone":"Europe/Berlin","duration":30,"agenda":"a",
		"settings":{"approval_type":0},"tracking_fields":[{"field":"f","value":"v"}],"password":"abc",
		"recurrence":{"type":1,"repeat_interval":1,"end_times":2}}`,
	"meetingUpdate":           `{"topic":"Another topic","tracking_fields":[{"field":"f","value":"v"}],"recurrence":{"type":1,"end_times":2}}`,
	"meetingStatus":           `{"action":"end"}`,
	"meetingRegistrantCreate": `{"email":"new@walk.test","first_name":"New","custom_questions":[{"title":"t","value":"v"}]}`,
	"addBatchRegistrants":     `{"auto_approve":true,"registrants":[{"email":"new@walk.test","first_name":"New","custom_questions":[{"title":"t","value":"v"}]}]}`,
	"meetingRegistrantUpdate": `{"first_name":"Another","custom_questions":[{"title":"t","value":"v"}]}`,
	"meetingRegistrantStatus": `{"action":"deny","registrants":[{"id":"${registrantId}","email":""}]}`,
	"userUpdate":              `{"first_name":"Another","dept":"d","custom_attributes":[{"key":"k","value":"v"}],"phone_numbers":[{"number":"1"}],"feature":{"zoom_phone":false}}`,
	"userStatus":              `{"action":"deactivate"}`,
	"userEmailUpdate":         `{"email":"new@walk.test"}`,
	"userPassword":            `{"password":"Another-1-word"}`,
	"userAssistantCreate":     `{"assistants":[{"id":"${helper}"}]}`,
	"bulkUpdateFeature":       `{"feature_type":"user_type","feature_value":"1","users":[{"id":"${helper}"}]}`,
	"userSettingsUpdate":      `{"schedule_meeting":{"host_video":true}}`,
	"switchUserAccount":       `{"account_id":"primary"}`,
	"meetingRegistrantQuestionUpdate": `{"questions":[{"field_name":"city","required":true}],
		"custom_questions":[{"title":"Why?","type":"single","required":true,"answers":["a","b"]}]}`,
	"createRole":           `{"name":"New role","description":"d","privileges":["User:Read"],"sub_account_privileges":{"second_level":3}}`,
	"updateRole":           `{"name":"Another role","privileges":["User:Read"],"sub_account_privileges":{"second_level":3}}`,
	"trackingfieldCreate":  `{"field":"Department","recommended_values":["a","b"],"required":true,"visible":true}`,
	"trackingfieldUpdate":  `{"field":"Another","recommended_values":["a"],"required":true,"visible":false}`,
	"imGroupCreate":        `{"name":"New directory","type":"shared","search_by_account":true,"search_by_domain":true,"search_by_ma_account":true}`,
	"imGroupUpdate":        `{"name":"Another directory","type":"normal","search_by_account":true,"search_by_domain":true,"search_by_ma_account":true}`,
	"imGroupMembersCreate": `{"members":[{"email":"${other}"}]}`,
	"AddRoleMembers":       `{"members":[{"email":"${other}"}]}`,

	"userPicture":                       mustertest.FormOf("pic_file", "me.png", []byte(dots)),
	"uploadVBuser":                      mustertest.Form("dots.png", []byte(dots)),
	"accountCreate":                     `{"first_name":"New","last_name":"Owner","email":"new@walk.test","password":"Another-1-word","account_name":"New","options":{"share_rc":true,"room_connector_list":["10.0.0.1"]}}`,
	"accountOptionsUpdate":              `{"share_mc":true,"meeting_connector_list":["10.0.0.1"],"pay_mode":"sub"}`,
	"updateAccountOwner":                `{"email":"${other}"}`,
	"accountSettingsUpdate":             `{"schedule_meeting":{"host_video":true}}`,
	"updateAccountLockSettings":         `{"schedule_meeting":{"host_video":true}}`,
	"accountSettingsRegistrationUpdate": `{"approve_type":1,"questions":[{"field_name":"city"}]}`,
	"uploadVB":                          mustertest.Form("dots.png", []byte(dots)),

	"groupCreate":                     `{"name":"New group"}`,
	"groupUpdate":                     `{"name":"Another name"}`,
	"groupMembersCreate":              `{"members":[{"email":"${email}"}]}`,
	"updateAGroupMember":              `{"action":"set_primary"}`,
	"groupAdminsCreate":               `{"admins":[{"email":"${email}"}]}`,
	"updateGroupSettings":             `{"schedule_meeting":{"host_video":true}}`,
	"uploadGroupVB":                   mustertest.Form("dots.png", []byte(dots)),
	"groupSettingsRegistrationUpdate": `{"approve_type":1,"questions":[{"field_name":"city"}]}`,
	"groupLockedSettings":             `{"schedule_meeting":{"host_video":true}}`,
}

// fruitless are the operations that do not succeed for what a tenant has,
// with the reason.
var fruitless = map[string]string{
	"getCollaborationDevice": "nobody has devices",
}

// parental are the operations that only the parent of an account is answered.
var parental = map[string]bool{"accountCreate": true, "accountDisassociate": true, "accountOptionsUpdate": true}

// dots is a small PNG.
//
//go:embed testdata/files/dots.png
var dots string

// grey is a small JPEG.
//
//go:embed testdata/files/grey.jpg
var grey []byte

// queries has what must stand behind the paths that end so.
var queries = map[string]string{"/virtual_backgrounds": "?file_ids=${fileId}"}

// A tenant is one account with everything in it that there is.
type tenant struct {
	t              *testing.T
	s              *mustertest.Server
	token, account string
	names          map[string][]string // what may stand in a path for each parameter
	secrets        []string            // what nobody else may be told
	user, meeting  string              // paths
	group          string              // path
	other, helper  string              // path of another user; id of a third
	sub            string              // id of a sub account, "" for none
	pages          []string            // paths of the registrants' pages
}

// newTenant fills the account of the given id, which must exist.
func newTenant(t *testing.T, s *mustertest.Server, account string) *tenant {
	t.Helper()
	hidden := "Hidden" + account
	v := &tenant{t: t, s: s, account: account, token: s.TokenFor(account)}
	owner := v.do(200, "GET", "/v2/users/me", "")
	other := v.do(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"hidden@`+account+`.test","type":2,"first_name":"`+hidden+`first","last_name":"`+hidden+`last"}}`)
	third := v.do(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"helper@`+account+`.test","type":2}}`)
	m := v.do(201, "POST", "/v2/users/me/meetings", `{"topic":"`+hidden+`topic","agenda":"`+hidden+`agenda","type":2,"start_time":"2026-03-09T10:00:00Z",
		"password":"pw-`+account[:4]+`","settings":{"approval_type":0,"alternative_hosts":"hidden@`+account+`.test"}}`)
	v.meeting, v.user = "/v2/meetings/"+text(m["id"]), "/v2/users/"+text(owner["id"])
	v.do(204, "PATCH", v.meeting+"/registrants/questions", `{"custom_questions":[{"title":"`+hidden+`question","type":"short"}]}`)
	r := v.do(201, "POST", v.meeting+"/registrants", `{"email":"guest@`+account+`.test","first_name":"`+hidden+`guest","phone":"555-`+account+`"}`)
	v.pages = []string{strings.TrimPrefix(text(r["join_url"]), mustertest.Base)}
	role := text(v.do(201, "POST", "/v2/roles", `{"name":"`+hidden+`role","privileges":["User:Read"]}`)["id"])
	v.do(201, "POST", "/v2/roles/"+role+"/members", `{"members":[{"id":"`+text(other["id"])+`"}]}`)
	field := text(v.do(201, "POST", "/v2/tracking_fields", `{"field":"`+hidden+`field"}`)["id"])
	directory := text(v.do(201, "POST", "/v2/im/groups", `{"name":"`+hidden+`directory"}`)["id"])
	v.do(201, "POST", "/v2/im/groups/"+directory+"/members", `{"members":[{"id":"`+text(other["id"])+`"}]}`)
	g := v.do(201, "POST", "/v2/groups", `{"name":"`+hidden+`group"}`)
	v.group = "/v2/groups/" + text(g["id"])
	v.do(201, "POST", v.group+"/members", `{"members":[{"id":"`+text(other["id"])+`"}]}`)
	v.do(201, "POST", v.group+"/admins", `{"admins":[{"id":"`+text(owner["id"])+`"},{"id":"`+text(other["id"])+`"}]}`)
	f := v.do(201, "POST", v.group+"/settings/virtual_backgrounds", mustertest.Form(hidden+".png", []byte(dots)))
	v.pages = append(v.pages, strings.TrimPrefix(text(f["file_url"]), mustertest.Base))
	v.do(201, "POST", "/v2/users/"+text(other["id"])+"/picture", mustertest.FormOf("pic_file", hidden+".png", []byte(dots)))
	behind := v.do(201, "POST", "/v2/users/"+text(other["id"])+"/settings/virtual_backgrounds", mustertest.Form(hidden+".png", []byte(dots)))
	v.pages = append(v.pages, strings.TrimPrefix(text(v.do(200, "GET", "/v2/users/"+text(other["id"]), "")["pic_url"]), mustertest.Base))
	wide := v.do(201, "POST", "/v2/accounts/me/settings/virtual_backgrounds", mustertest.Form(hidden+".png", []byte(dots)))
	v.pages = append(v.pages, strings.TrimPrefix(text(wide["file_url"]), mustertest.Base))
	v.do(204, "PATCH", "/v2/accounts/me/settings", `{"muster":{"managed_domains":["hidden.`+account+`.test"],"trusted_domains":["hidden.`+account+`.test"]}}`)
	uuid := url.PathEscape(text(m["uuid"]))
	v.names = map[string][]string{
		"userId":       {text(other["id"]), text(other["email"]), text(owner["id"]), text(owner["email"])}, // the owner cannot be removed
		"meetingId":    {text(m["id"]), uuid, url.PathEscape(uuid)},
		"registrantId": {text(r["registrant_id"])},
		"roleId":       {role},
		"fieldId":      {field},
		"im/groupId":   {directory},
		"groupId":      {text(g["id"])},
		"fileId":       {text(f["id"])},
		"users/fileId": {text(behind["id"])},
		"memberId":     {text(other["id"]), text(other["email"])},
		"assistantId":  {text(owner["id"])}, "schedulerId": {text(owner["id"])}, "collaborationDeviceId": {"device"},
	}
	v.names["accountId"], v.names["account/fileId"] = []string{account}, []string{text(wide["id"])}
	sub := app.NewAccount{Parent: account, Name: hidden + "sub", OwnerEmail: "sub@" + account + ".test"}
	if made, err := s.App.AddAccount(t.Context(), sub); err == nil { // else it is a sub account itself
		v.sub = made.AccountID
		v.names["sub"] = []string{v.sub}
	}
	v.other, v.helper = "/v2/users/"+text(other["id"]), text(third["id"])
	v.do(201, "POST", v.other+"/assistants", `{"assistants":[{"id":"`+text(owner["id"])+`"}]}`)
	v.do(201, "POST", v.user+"/assistants", `{"assistants":[{"id":"`+text(other["id"])+`"}]}`)
	v.secrets = []string{
		text(owner["id"]), text(owner["email"]), text(owner["pmi"]), text(other["id"]), text(other["email"]), text(third["id"]), text(m["id"]), text(m["uuid"]),
		text(r["registrant_id"]), "guest@" + account + ".test", "pw-" + account[:4], text(m["encrypted_password"]), text(m["h323_password"]),
		text(r["participant_pin_code"]), hidden, "555-" + account, text(r["join_url"]), text(m["registration_url"]), text(g["id"]), text(f["id"]), text(behind["id"]), strings.TrimPrefix(v.pages[2], "/files/"),
		text(wide["id"]), "hidden." + account + ".test", "sub@" + account + ".test", v.sub,
	}
	return v
}

// inAccount returns the paths of o that name an account, in each form that there
// is, with the first of each of the tenant's names; none where o names none.
func inAccount(t *testing.T, o op.Operation, account string, names map[string][]string) (paths []string) {
	t.Helper()
	for _, prefix := range zoom.Prefixes.Of(o.Spec) {
		if whole := prefix + o.Path; strings.Contains(whole, "{accountId}") {
			paths = append(paths, pathsOf(t, strings.Replace(whole, "{accountId}", account, 1), names)...)
		}
	}
	return paths
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

// dump returns everything that the tenant's own reads tell.
func (v *tenant) dump() string {
	v.t.Helper()
	paths := []string{
		"/v2/users?page_size=300", v.user, v.other, v.other + "/settings", v.other + "/assistants", v.other + "/schedulers", "/v2/users/summary",
		"/v2/users/me/meetings?page_size=300", "/v2/users/me/meetings?type=upcoming&page_size=300",
		"/v2/users/me/meetings?type=previous_meetings", v.meeting, v.meeting + "/invitation", v.meeting + "/registrants/questions",
		v.meeting + "/registrants?status=all&page_size=300", v.meeting + "/registrants/" + v.names["registrantId"][0],
		"/v2/roles", "/v2/roles/" + v.names["roleId"][0], "/v2/roles/" + v.names["roleId"][0] + "/members", "/v2/tracking_fields",
		"/v2/im/groups", "/v2/im/groups/" + v.names["im/groupId"][0] + "/members",
		"/v2/accounts", "/v2/accounts/me", "/v2/accounts/me/settings", "/v2/accounts/me/lock_settings", "/v2/accounts/me/settings/registration",
		"/v2/groups", v.group + "/members", v.group + "/admins", v.group + "/settings", v.group + "/lock_settings", v.group + "/settings/registration",
	}
	var b strings.Builder
	if v.sub != "" {
		paths = append(paths, "/v2/accounts/"+v.sub)
	}
	for _, p := range paths {
		a := v.s.As(v.token, "GET", p, "")
		if a.Status >= 500 {
			v.t.Fatalf("GET %s: got %d %s", p, a.Status, a.Body)
		}
		b.WriteString(p + "\n" + string(a.Body) + "\n")
	}
	for _, p := range v.pages {
		b.WriteString(string(v.s.Send("GET", p, "").Body))
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
func operations(t *testing.T) []op.Operation {
	t.Helper()
	ops := server.Declare(&app.App{}, "").Zoom
	if len(ops) < 19 {
		t.Fatalf("got %d operations, want 19 at least", len(ops))
	}
	return ops
}

// bodyOf returns a good body for o, "" where it takes none.
func bodyOf(t *testing.T, o op.Operation, v *tenant) string {
	t.Helper()
	body, known := bodies[o.ID]
	if o.Method != http.MethodGet && takesBody(o.In) && !known {
		t.Fatalf("operation %s is new: give the table bodies in walk_test.go a good body for it", o.ID)
	}
	return strings.NewReplacer(
		"${registrantId}", v.names["registrantId"][0], "${other}", v.names["userId"][1], "${helper}", v.helper, "${email}", v.names["userId"][3],
	).Replace(body)
}

func takesBody(in reflect.Type) bool {
	return slices.ContainsFunc(fieldsOf(in), func(f reflect.StructField) bool { return f.Tag.Get("json") != "-" })
}

// takesFile reports whether an operation takes nothing but a form with a file.
func takesFile(o op.Operation) bool {
	return slices.ContainsFunc(fieldsOf(o.In), func(f reflect.StructField) bool { return f.Type == reflect.TypeFor[op.File]() })
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

// pathsOf returns o's path with each combination of the tenant's names.
func pathsOf(t *testing.T, path string, names map[string][]string) []string {
	t.Helper()
	at := parameter.FindStringSubmatch(path)
	if at == nil {
		for end, query := range queries {
			file := names["fileId"]
			switch {
			case strings.Contains(path, "/users/"):
				file = names["users/fileId"]
			case !strings.Contains(path, "/groups/"):
				file = names["account/fileId"]
			}
			if strings.HasSuffix(path, end) && len(file) > 0 {
				path += strings.ReplaceAll(query, "${fileId}", file[0])
			}
		}
		return []string{path}
	}
	values, known := names[at[1]]
	if strings.Contains(path, "/im/groups/"+at[0]) { // a group of another kind, under the same name
		values, known = names["im/"+at[1]]
	}
	if sub := names["sub"]; len(sub) > 0 && strings.HasPrefix(path, "/accounts/"+at[0]) && (strings.HasSuffix(path, at[0]) || strings.HasSuffix(path, "/options")) {
		values = sub // what is for the parent of the account
	}
	if !known {
		t.Fatalf("the path parameter %s is new: give newTenant in walk_test.go names for it", at[1])
	}
	var all []string
	for _, value := range values {
		all = append(all, pathsOf(t, strings.Replace(path, at[0], value, 1), names)...)
	}
	return all
}

var trackingID = regexp.MustCompile(`^v=2\.0;clid=[a-z0-9]+;rid=WEB_[0-9A-F]{32}$`)

// headers checks the headers that every answer of the API has.
func headers(t *testing.T, what string, h http.Header) {
	t.Helper()
	if id := h.Get("X-Zm-Trackingid"); !trackingID.MatchString(id) {
		t.Errorf("%s: x-zm-trackingid: got %q, want %s", what, id, trackingID)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s: got %q, want %q", what, name, got, want)
		}
	}
}

// refusal fails the test unless a is a failure below 500, told as the dialect
// tells failures. It returns the code.
func refusal(t *testing.T, what string, a mustertest.Answer) int {
	t.Helper()
	headers(t, what, a.Header)
	if a.Status < 400 || a.Status >= 500 {
		t.Errorf("%s: got %d %.300s, want a refusal", what, a.Status, a.Body)
		return 0
	}
	if ct := a.Header.Get("Content-Type"); ct != "application/json;charset=UTF-8" {
		t.Errorf("%s: got Content-Type %q %.300s", what, ct, a.Body)
		return 0
	}
	e := a.JSON(t)
	message, ok := e["message"].(string)
	if code := a.Code(t); !ok || message == "" || code == 0 {
		t.Errorf("%s: got %.300s, want a code and a message", what, a.Body)
	}
	for name := range e {
		if !slices.Contains([]string{"code", "message", "errors"}, name) {
			t.Errorf("%s: the envelope has the member %s: %.300s", what, name, a.Body)
		}
	}
	list, _ := e["errors"].([]any)
	for _, item := range list {
		f, _ := item.(map[string]any)
		if text(f["field"]) == "" || text(f["message"]) == "" {
			t.Errorf("%s: got %v among errors, want field and message", what, item)
		}
	}
	return a.Code(t)
}
