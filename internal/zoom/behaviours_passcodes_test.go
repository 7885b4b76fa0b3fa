package zoom_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

// schedulingEffects is effects for the settings that act when meetings are
// scheduled and users made.
var schedulingEffects = map[string]func(*testing.T, *settings.Setting){
	settings.PasscodeForScheduled:                   decided(false, true, hasPasscode(`"type":2,"start_time":"2026-03-09T10:00:00Z"`)),
	"meeting_security.meeting_password":             decided(false, true, hasPasscode(`"type":8,"start_time":"2026-03-09T10:00:00Z","recurrence":{"type":1,"end_times":2}`)),
	settings.PasscodeForInstant:                     decided(false, true, hasPasscode(`"type":1`)),
	settings.PasscodeForPersonal:                    decided("none", "all", hasPasscode(`"type":2,"start_time":"2026-03-09T10:00:00Z","settings":{"use_pmi":true}`)),
	settings.ScheduledPasscode:                      chosen(`"type":2,"start_time":"2026-03-09T10:00:00Z"`),
	settings.PersonalPasscode:                       chosen(`"type":2,"start_time":"2026-03-09T10:00:00Z","settings":{"use_pmi":true}`),
	settings.PasscodeInLink:                         decided(false, true, linkHasPasscode),
	"schedule_meeting." + embedInLink:               decided(false, true, linkHasPasscode),
	settings.PersonalNumber:                         decided(false, true, mayUseNumber),
	settings.MaySchedule:                            decided(false, true, maySchedule),
	settings.UploadBackgrounds:                      decided(false, true, mayUpload),
	settings.Language:                               speaks,
	requirement + "length":                          asked(8, 1, "k2j9x1q", "k2j9x1qw"),
	requirement + "have_letter":                     asked(true, false, "283746", "28374a"),
	requirement + "have_number":                     asked(true, false, "abcxyz", "abcxy7"),
	requirement + "have_special_character":          asked(true, false, "abc123", "abc#12"),
	requirement + "have_upper_and_lower_characters": asked(true, false, "abc123", "aBc123"),
	requirement + "only_allow_numeric":              asked(true, false, "28374a", "283746"),
	requirement + "consecutive_characters_length":   asked(4, 0, "x1234y", "x123y4"),
	requirement + "weak_enhance_detection":          asked(true, false, "123456", "583920"),
}

const (
	requirement = "meeting_security.meeting_password_requirement."
	embedInLink = "embed_password_in_join_link"
)

// effectOf returns the test of a setting under this or its other name.
func effectOf(s *settings.Setting) func(*testing.T, *settings.Setting) {
	for _, name := range []string{s.Name, s.Key} {
		if see := schedulingEffects[name]; see != nil {
			return see
		}
	}
	return nil
}

// decided returns the test of a setting by whose value on something is, which
// see tells: at each level that it has, under and after its locks.
func decided(off, on any, see func(*office) bool) func(*testing.T, *settings.Setting) {
	return func(t *testing.T, s *settings.Setting) {
		for _, level := range []settings.Level{settings.Account, settings.Group, settings.User} {
			if s.At&level == 0 || s.ReadOnlyAt&level != 0 {
				continue
			}
			o := newOffice(t)
			want := func(what string, is bool) {
				t.Helper()
				if see(o) != is {
					t.Errorf("%s %s: got %v", level, what, !is)
				}
			}
			want("before it is set", true)
			o.set(level, s.Name, off)
			want("off", false)
			o.set(level, s.Name, on)
			want("on", true)
			if level == settings.User {
				continue
			}
			o.set(settings.User, s.Name, on)
			o.set(level, s.Name, off)
			want("off, and on for the user", true)
			if o.lock(level, s.Lock, true) {
				want("off and locked, and on for the user", false)
				o.lock(level, s.Lock, false)
				want("off and unlocked, and on for the user", true)
			}
		}
	}
}

// make schedules a meeting of ada's with the members and returns the answer.
func (o *office) make(members string) map[string]any {
	o.t.Helper()
	return o.Must(201, "POST", "/v2/users/"+o.ada+"/meetings", `{"topic":"Open day",`+members+`}`)
}

func hasPasscode(members string) func(*office) bool {
	return func(o *office) bool {
		o.t.Helper()
		if bare := o.make(members + `,"default_password":false`); bare["password"] != nil {
			o.t.Errorf("got the passcode %v where default_password is false", bare["password"])
		}
		return o.make(members)["password"] != nil
	}
}

func linkHasPasscode(o *office) bool {
	o.t.Helper()
	made := o.make(`"type":2,"start_time":"2026-03-09T10:00:00Z"`)
	path := "/v2/meetings/" + text(made["id"])
	has := strings.Contains(text(made["join_url"]), "?pwd=")
	list := o.Must(200, "GET", "/v2/users/"+o.ada+"/meetings", "")["meetings"].([]any)
	for where, link := range map[string]any{
		"get": o.Must(200, "GET", path, "")["join_url"], "list": list[0].(map[string]any)["join_url"],
		"invitation": o.Must(200, "GET", path+"/invitation", "")["invitation"],
		"webex":      o.Must(200, "GET", "/v1/meetings/"+mustertest.Series(o.t, text(made["uuid"])), "")["webLink"],
	} {
		if strings.Contains(text(link), "?pwd=") != has {
			o.t.Errorf("%s: got %v, and %v on creating", where, link, made["join_url"])
		}
	}
	return has
}

// may reports whether a request succeeds with the status; else it must be
// refused with the code and name what is given.
func (o *office) may(status, code int, names, method, path, body string) bool {
	o.t.Helper()
	a := o.Do(method, path, body)
	if a.Status == status {
		return true
	}
	if a.Code(o.t) != code || !strings.Contains(string(a.Body), names) {
		o.t.Errorf("%s %s: got %d %s, want code %d and %q named", method, path, a.Status, a.Body, code, names)
	}
	return false
}

func mayUseNumber(o *office) bool {
	o.t.Helper()
	return o.may(201, 300, `"settings.use_pmi"`, "POST", "/v2/users/"+o.ada+"/meetings", `{"topic":"t","settings":{"use_pmi":true}}`)
}

func maySchedule(o *office) bool {
	o.t.Helper()
	may := o.may(201, 3161, settings.MaySchedule, "POST", "/v2/users/"+o.ada+"/meetings", `{"topic":"t"}`)
	for what, is := range map[string]bool{
		"for her": o.may(201, 3161, settings.MaySchedule, "POST", "/v2/users/me/meetings", `{"topic":"t","type":2,"schedule_for":"ada@muster.test"}`),
		"webex": o.Do("POST", "/v1/meetings",
			`{"title":"t","start":"2026-03-09T10:00:00Z","end":"2026-03-09T11:00:00Z","hostEmail":"ada@muster.test"}`).Status == 200,
	} {
		if is != may {
			o.t.Errorf("%s: got %v, and %v where she does it herself", what, is, may)
		}
	}
	return may
}

func mayUpload(o *office) bool {
	o.t.Helper()
	_, err := o.App.AddBackground(o.t.Context(), o.administers, app.OwnerRef{Level: settings.User, ID: o.ada}, app.Upload{Name: "a.png", Content: []byte(dots)})
	if err != nil && muster.CodeOf(err) != muster.Invalid {
		o.t.Errorf("got %v", err)
	}
	return err == nil
}

// chosen returns the test of a passcode that a user chooses for meetings.
func chosen(members string) func(*testing.T, *settings.Setting) {
	return func(t *testing.T, s *settings.Setting) {
		o := newOffice(t)
		section, name, _ := strings.Cut(s.Name, ".")
		set := func(p string) string { return fmt.Sprintf(`{%q:{%q:%q}}`, section, name, p) }
		o.set(settings.User, s.Name, "mine7")
		if got := o.make(members)["password"]; got != "mine7" {
			t.Errorf("got %v, want the one that she has chosen", got)
		}
		if got := o.make(members + `,"password":"other"`)["password"]; got != "other" {
			t.Errorf("got %v, want the one that is given", got)
		}
		if got := o.make(members + `,"default_password":false`)["password"]; got != nil {
			t.Errorf("got %v, want none", got)
		}
		o.set(settings.Account, requirement+"length", 8)
		if got := text(o.make(members)["password"]); len(got) != 8 {
			t.Errorf("got %v, want another, as hers does not keep to the rules any more", got)
		}
		for _, p := range []string{"short7", "with blank", "eleven_long"} {
			if told := o.Refused(400, 300, "PATCH", "/v2/users/"+o.ada+"/settings", set(p)); !strings.Contains(told, s.Name) {
				t.Errorf("%q: the answer does not name the setting: %s", p, told)
			}
		}
		o.Must(204, "PATCH", "/v2/users/"+o.ada+"/settings", set("long-enoug"))
		o.Must(204, "PATCH", "/v2/users/"+o.ada+"/settings", set(""))
		if got := o.make(members)["password"]; got == "long-enoug" {
			t.Error("it is still made after she chose none")
		}
	}
}

// asked returns the test of a rule of passcodes: at each level that it has,
// for what clients give and what is made.
func asked(on, off any, bad, good string) func(*testing.T, *settings.Setting) {
	return func(t *testing.T, s *settings.Setting) {
		o := newOffice(t)
		made := "/v2/meetings/" + text(o.make(`"password":"` + bad + `"`)["id"])
		for _, level := range []settings.Level{settings.Account, settings.Group, settings.User} {
			if s.At&level == 0 {
				continue
			}
			o.set(level, s.Name, on)
			create := "/v2/users/" + o.ada + "/meetings"
			for method, path := range map[string]string{"POST": create, "PATCH": "/v2/meetings/" + text(o.make(`"type":2`)["id"])} {
				if told := o.Refused(400, 300, method, path, `{"password":"`+bad+`"}`); !strings.Contains(told, `"password"`) {
					t.Errorf("%s %s: the answer does not name the field: %s", level, method, told)
				}
			}
			o.make(`"password":"` + good + `"`)
			o.make(`"password":"` + text(o.make(`"type":2`)["password"]) + `"`)  // what is made may be given
			o.Must(204, "PATCH", made, `{"topic":"other","password":"`+bad+`"}`) // it has it already
			o.set(level, s.Name, off)
			o.make(`"password":"` + bad + `"`)
		}
	}
}

func speaks(t *testing.T, _ *settings.Setting) {
	o := newOffice(t)
	language := func(id string) any { return o.Must(200, "GET", "/v2/users/"+id, "")["language"] }
	o.set(settings.Account, settings.Language, "de-DE")
	bob := newUser(o.Server, "bob@muster.test")
	if language(o.ada) != "en-US" || language(bob) != "de-DE" {
		t.Errorf("got %v for who was there and %v for who is new", language(o.ada), language(bob))
	}
	for _, bad := range []any{"", "x", "de_DE", "German language"} {
		err := o.App.SetOwnerSettings(t.Context(), o.administers, ownAccount, "", map[string]any{"muster": map[string]any{"language": bad}})
		if muster.CodeOf(err) != muster.Invalid {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

// TestLockedPasscodes has the account and a group lock that there are
// passcodes: one is made whatever is asked for, and none goes away.
func TestLockedPasscodes(t *testing.T) {
	t.Parallel()
	for name, members := range map[string]string{
		settings.PasscodeForScheduled:       `"type":3`,
		"meeting_security.meeting_password": `"type":2,"start_time":"2026-03-09T10:00:00Z"`,
		settings.PasscodeForInstant:         `"type":1`,
		settings.PasscodeForPersonal:        `"type":2,"start_time":"2026-03-09T10:00:00Z","settings":{"use_pmi":true}`,
	} {
		for level, who := range map[settings.Level]string{settings.Account: "the account", settings.Group: "the group Staff"} {
			t.Run(name+" by "+who, func(t *testing.T) {
				t.Parallel()
				o := newOffice(t)
				bare := members + `,"default_password":false,"password":""`
				before := "/v2/meetings/" + text(o.make(bare)["id"])
				o.lock(level, name, true)
				made := o.make(bare)
				if made["password"] == nil {
					t.Fatal("no passcode is made")
				}
				path := "/v2/meetings/" + text(made["id"])
				told := o.Refused(400, 300, "PATCH", path, `{"password":""}`)
				if !strings.Contains(told, `"password"`) || !strings.Contains(told, "locked by "+who) {
					t.Errorf("the answer does not say by whom it is locked: %s", told)
				}
				o.Must(204, "PATCH", path, `{"password":"another"}`)
				o.Must(204, "PATCH", before, `{"topic":"from before","password":""}`)
				if got := o.Must(200, "GET", before, ""); got["password"] != nil {
					t.Errorf("a meeting from before has got the passcode %v", got["password"])
				}
				o.lock(level, name, false)
				o.Must(204, "PATCH", path, `{"password":""}`)
				if got := o.make(bare); got["password"] != nil {
					t.Errorf("the passcode %v is made after unlocking", got["password"])
				}
			})
		}
	}
}

// TestPasscodeOfAnotherKind makes a meeting of a kind that needs none one of
// a kind that does.
func TestPasscodeOfAnotherKind(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.set(settings.Account, settings.PasscodeForInstant, false)
	o.lock(settings.Account, settings.PasscodeForScheduled, true)
	made := o.make(`"type":1`)
	if made["password"] != nil {
		t.Fatalf("got the passcode %v of an instant meeting", made["password"])
	}
	path := "/v2/meetings/" + text(made["id"])
	o.Must(204, "PATCH", path, `{"topic":"the same kind"}`)
	if got := o.Must(200, "GET", path, "")["password"]; got != nil {
		t.Errorf("got the passcode %v", got)
	}
	o.Must(204, "PATCH", path, `{"type":3}`)
	if got := o.Must(200, "GET", path, "")["password"]; got == nil {
		t.Error("got no passcode of a meeting that must have one now")
	}
}

// TestPasscodesBeforeHost requires passcodes of personal meetings that can be
// joined before the host.
func TestPasscodesBeforeHost(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.set(settings.Group, settings.PasscodeForPersonal, "jbh_only")
	for early, want := range map[string]bool{"true": true, "false": false} {
		if got := o.make(`"settings":{"use_pmi":true,"join_before_host":` + early + `}`)["password"]; (got != nil) != want {
			t.Errorf("join_before_host %s: got the passcode %v", early, got)
		}
	}
	o.set(settings.Account, "schedule_meeting.join_before_host", true)
	if got := o.make(`"settings":{"use_pmi":true}`)["password"]; got == nil {
		t.Error("join_before_host by the account: got no passcode")
	}
}

// TestPasscodesUnderTwoNames has settings and locks that are one under two names.
func TestPasscodesUnderTwoNames(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	group := "/v2/groups/" + o.staff
	for a, b := range map[[2]string][2]string{
		{"schedule_meeting", "require_password_for_scheduling_new_meetings"}: {"meeting_security", "meeting_password"},
		{"schedule_meeting", embedInLink}:                                    {"meeting_security", embedInLink},
	} {
		o.Must(204, "PATCH", group+"/settings?option=meeting_security", fmt.Sprintf(`{"meeting_security":{%q:false}}`, b[1]))
		o.Must(204, "PATCH", group+"/lock_settings?option=meeting_security", fmt.Sprintf(`{"meeting_security":{%q:true}}`, b[1]))
		for what, want := range map[string]bool{"settings": false, "lock_settings": true} {
			if got := o.Must(200, "GET", group+"/"+what, "")["schedule_meeting"].(map[string]any)[a[1]]; got != want {
				t.Errorf("%s: %s is %v, want %v", what, a[1], got, want)
			}
		}
		for option, name := range map[string][2]string{"": a, "?option=meeting_security": b} {
			o.Refused(400, 300, "PATCH", "/v2/users/"+o.ada+"/settings"+option, fmt.Sprintf(`{%q:{%q:true}}`, name[0], name[1]))
		}
	}
}

// TestDigitsOnlyWin has rules that nobody could keep together.
func TestDigitsOnlyWin(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.set(settings.Account, requirement+"have_letter", true)
	o.set(settings.User, "schedule_meeting.meeting_password_requirement.only_allow_numeric", true)
	if got := text(o.make(`"type":2`)["password"]); strings.Trim(got, "0123456789") != "" {
		t.Errorf("got %q, want digits", got)
	}
	o.make(`"password":"283746"`)
}

// TestMayScheduleIsForAdministrators has somebody who may not schedule try to
// change that, and their meetings from before.
func TestMayScheduleIsForAdministrators(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := "/v2/meetings/" + text(o.make(`"type":3`)["id"])
	o.set(settings.User, settings.MaySchedule, false)
	o.Must(204, "PATCH", path, `{"topic":"goes on"}`)
	own := o.UserToken("primary", o.ada, "user:write", "meeting:write")
	if a := o.As(own, "PATCH", "/v2/users/me/settings", `{"muster":{"may_schedule":true}}`); a.Status != 400 || a.Code(t) != 200 {
		t.Errorf("got %d %s, want code 200", a.Status, a.Body)
	}
	if a := o.As(own, "POST", "/v2/users/me/meetings", `{"topic":"t"}`); a.Status != 400 || a.Code(t) != 3161 {
		t.Errorf("got %d %s, want code 3161", a.Status, a.Body)
	}
	if group := o.Must(200, "GET", "/v2/groups/"+o.staff+"/settings", ""); group["muster"] != nil {
		t.Errorf("a group that has not set it answers %v", group["muster"])
	}
}

// TestNumberOfBefore keeps a meeting that has the personal number when that is
// switched off, also by a group that locks what the account has set.
func TestNumberOfBefore(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := "/v2/meetings/" + text(o.make(`"settings":{"use_pmi":true}`)["id"])
	o.set(settings.Account, settings.PersonalNumber, false)
	o.set(settings.User, settings.PersonalNumber, true)
	if !mayUseNumber(o) {
		t.Error("her own setting does not count")
	}
	o.lock(settings.Group, settings.PersonalNumber, true)
	if mayUseNumber(o) {
		t.Error("the group's lock does not count")
	}
	o.Must(204, "PATCH", path, `{"topic":"goes on","settings":{"use_pmi":true}}`)
	o.Must(204, "PATCH", path, `{"settings":{"use_pmi":false}}`)
	o.may(204, 300, `"settings.use_pmi"`, "PATCH", path, `{"settings":{"use_pmi":true}}`)
	if o.Must(200, "GET", path, "")["settings"].(map[string]any)["use_pmi"] != false {
		t.Error("the number is on again")
	}
}

// TestGroupUploads has the account decide about a group's files, and not its own.
func TestGroupUploads(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	upload := func() bool {
		return o.may(201, 300, settings.UploadBackgrounds, "POST", "/v2/groups/"+o.staff+"/settings/virtual_backgrounds", mustertest.Form("a.png", []byte(dots)))
	}
	if !upload() {
		t.Error("a group cannot upload before anything is set")
	}
	o.set(settings.Account, settings.UploadBackgrounds, false)
	if upload() {
		t.Error("a group can upload where the account has it off")
	}
	if _, err := o.App.AddBackground(t.Context(), o.administers, ownAccount, app.Upload{Name: "a.png", Content: []byte(dots)}); err != nil {
		t.Errorf("the account: %v", err)
	}
}

// TestDefaultsOfScheduling reads what holds where nobody has set anything.
func TestDefaultsOfScheduling(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	got := o.Must(200, "GET", "/v2/users/"+o.ada+"/settings", "")["schedule_meeting"].(map[string]any)
	want := map[string]any{
		"require_password_for_scheduling_new_meetings": true, "require_password_for_instant_meetings": true, "require_password_for_pmi_meetings": "all",
		embedInLink: true, "personal_meeting": true, "pmi_password": "", "default_password_for_scheduled_meetings": "",
	}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s is %v, want %v", name, got[name], v)
		}
	}
	rules := got["meeting_password_requirement"].(map[string]any)
	if rules["length"] != json.Number("1") || rules["only_allow_numeric"] != false {
		t.Errorf("got the rules %v, want none that a passcode could break", rules)
	}
}
