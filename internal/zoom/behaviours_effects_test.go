package zoom_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

// effects has for each setting with an effect the test that shows it.
var effects = map[string]func(*testing.T, *settings.Setting){
	"schedule_meeting.audio_type":                                              onMeetings("audio", "telephony", "thirdParty"),
	"schedule_meeting.enforce_login":                                           onMeetings("enforce_login", true, false),
	"schedule_meeting.enforce_login_domains":                                   onMeetings("enforce_login_domains", "a.example;b.example", "c.example"),
	"schedule_meeting.host_video":                                              onMeetings("host_video", true, false),
	"schedule_meeting.jbh_time":                                                onMeetings("jbh_time", 5, 15),
	"schedule_meeting.join_before_host":                                        onMeetings("join_before_host", true, false),
	"schedule_meeting.mute_upon_entry":                                         onMeetings("mute_upon_entry", true, false),
	"schedule_meeting.participant_video":                                       onMeetings("participant_video", true, false),
	"schedule_meeting.participants_video":                                      onMeetings("participant_video", true, false),
	"schedule_meeting.continuous_meeting_chat.enable":                          onMeetings("continuous_meeting_chat.enable", true, false),
	"schedule_meeting.continuous_meeting_chat.auto_add_invited_external_users": onMeetings("continuous_meeting_chat.auto_add_invited_external_users", true, false),

	"in_meeting.waiting_room": onMeetings("waiting_room", true, false),
	"in_meeting.watermark":    onMeetings("watermark", true, false),
	"in_meeting.meeting_polling.allow_alternative_host_to_add_edit": onMeetings("alternative_host_update_polls", true, false),

	"email_notification.alternative_host_reminder": onMeetings("alternative_hosts_email_notification", false, true),

	"meeting_security.encryption_type":    onMeetings("encryption_type", "e2ee", "enhanced_encryption"),
	"meeting_security.waiting_room":       onMeetings("waiting_room", true, false),
	"recording.auto_recording":            onMeetings("auto_recording", "cloud", "local"),
	"recording.host_pause_stop_recording": onMeetings("host_pause_stop_recording", true, false),
	"telephony.audio_conference_info":     onMeetings("audio_conference_info", "Dial 1", "Dial 2"),

	"webinar_registration.options.close_registration":                               closesRegistration,
	"webinar_registration.options.show_social_share_buttons":                        onMeetings("show_share_button", false, true),
	"webinar_registration.options.allow_participants_to_join_from_multiple_devices": onMeetings("allow_multiple_devices", false, true),

	"meeting_authentication.meeting_authentication": onMeetings("meeting_authentication", true, false),
	"meeting_authentication.authentication_options": waysToSignIn,
	settings.ManagedDomains:                         hasDomains,
	settings.TrustedDomains:                         hasDomains,

	"muster.audit_retention_days": func(t *testing.T, _ *settings.Setting) {
		o := newOffice(t)
		o.Must(201, "POST", "/v2/roles", `{"name":"Old"}`)
		o.set(settings.Account, "muster.audit_retention_days", 30)
		o.Advance(40 * 24 * time.Hour)
		if err := o.App.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := auditOf(o.Server, "kind=role"); len(got) != 0 {
			t.Errorf("got %v, want nothing that is older than 30 days", got)
		}
	},

	"security.password_requirement.minimum_password_length":       onPasswords(12, "Kettle7lamps", "Kettle7lamp"),
	"security.password_requirement.have_special_character":        onPasswords(true, "Kettle7-lamp", "Kettle7lamp"),
	"security.password_requirement.consecutive_characters_length": onPasswords(4, "Kettle123lamp", "Kettle1234lamp"),
	"security.password_requirement.weak_enhance_detection":        onPasswords(true, "Kettle7lamp", "Password1"),
	"security.admin_change_user_info": func(t *testing.T, _ *settings.Setting) {
		o := newOffice(t)
		renames(o, 204)
		o.set(settings.Account, "security.admin_change_user_info", true)
		renames(o, 400)
	},
	"security.user_modifiable_info_by_admin": func(t *testing.T, _ *settings.Setting) {
		o := newOffice(t)
		o.set(settings.Account, "security.admin_change_user_info", true)
		renames(o, 400)
		o.set(settings.Account, "security.user_modifiable_info_by_admin", []any{"host_key"})
		renames(o, 204)
		o.set(settings.Account, "security.user_modifiable_info_by_admin", []any{"name"})
		renames(o, 400)
	},
}

// TestEffects runs what shows the effect of each setting that says it has one.
func TestEffects(t *testing.T) {
	t.Parallel()
	for name := range effects {
		if !slices.ContainsFunc(settings.Settings(), func(s *settings.Setting) bool { return s.Name == name && s.Effect != "" }) {
			t.Errorf("%s is no setting with an effect", name)
		}
	}
	for _, s := range settings.Settings() {
		if s.Effect == "" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			see := effects[s.Name]
			if see == nil {
				see = effectOf(s)
			}
			if see == nil {
				t.Fatalf("nothing shows that: %s", s.Effect)
			}
			see(t, s)
		})
	}
}

// An office is a server with one user in one group.
type office struct {
	*mustertest.Server
	t           testing.TB
	ada, staff  string // their ids
	administers muster.Actor
}

func newOffice(t testing.TB) *office {
	t.Helper()
	s := mustertest.New(t, mustertest.Options{})
	o := &office{Server: s, t: t, ada: newUser(s, "ada@muster.test"), administers: muster.Actor{Account: "primary", Home: "primary", Admin: true}}
	o.staff = s.Must(201, "POST", "/v2/groups", `{"name":"Staff"}`)["id"].(string)
	s.Must(201, "POST", "/v2/groups/"+o.staff+"/members", `{"members":[{"id":"`+o.ada+`"}]}`)
	return o
}

// set sets a setting by its whole name at a level: of the account, of the
// group Staff or of ada.
func (o *office) set(level settings.Level, name string, v any) {
	o.t.Helper()
	all := settings.Settings()
	s := all[slices.IndexFunc(all, func(s *settings.Setting) bool { return s.Name == name })]
	body := v
	for _, step := range slices.Backward(s.Path) {
		body = map[string]any{step: body}
	}
	text, _ := json.Marshal(body) // plain values
	option := "?option=" + s.Of
	switch {
	case level == settings.Account:
		if err := json.Unmarshal(text, &body); err != nil {
			o.t.Fatal(err)
		}
		if err := o.App.SetOwnerSettings(o.t.Context(), o.administers, ownAccount, s.Of, body.(map[string]any)); err != nil {
			o.t.Fatal(err)
		}
		return
	case s.Of == settings.Registration:
		option = "/registration"
	case s.Of == "":
		option = ""
	}
	path := "/v2/users/" + o.ada
	if level == settings.Group {
		path = "/v2/groups/" + o.staff
	}
	o.Must(204, "PATCH", path+"/settings"+option, string(text))
}

// lock locks or unlocks settings at a level, and reports whether they can be
// locked there.
func (o *office) lock(level settings.Level, lock string, locked bool) bool {
	o.t.Helper()
	option := ""
	if strings.HasPrefix(lock, settings.MeetingSecurity+".") {
		option = settings.MeetingSecurity
	}
	if lock == "" || !slices.Contains(settings.Locks(level, option), lock) {
		return false
	}
	if level == settings.Account {
		if err := o.App.SetOwnerLocks(o.t.Context(), o.administers, ownAccount, settings.LockChange{Locks: map[string]bool{lock: locked}}); err != nil {
			o.t.Fatal(err)
		}
		return true
	}
	section, name, _ := strings.Cut(lock, ".")
	o.Must(204, "PATCH", "/v2/groups/"+o.staff+"/lock_settings?option="+option, fmt.Sprintf(`{%q:{%q:%t}}`, section, name, locked))
	return true
}

// meeting schedules a meeting of ada's that says of its settings what is given.
func (o *office) meeting(says map[string]any) string {
	o.t.Helper()
	body, _ := json.Marshal(map[string]any{"topic": "Open day", "type": 2, "start_time": "2026-03-09T10:00:00Z", "settings": says}) // plain values
	return "/v2/meetings/" + o.Must(201, "POST", "/v2/users/"+o.ada+"/meetings", string(body))["id"].(json.Number).String()
}

// shows returns what a meeting answers of a setting, as JSON has it.
func (o *office) shows(meeting, name string) any {
	o.t.Helper()
	v, _ := settings.Doc(o.Must(200, "GET", meeting, "")["settings"].(map[string]any)).Lookup(name)
	return v
}

// explains returns what explain=true says of a meeting's setting.
func (o *office) explains(meeting, name string) map[string]any {
	o.t.Helper()
	for _, e := range o.Must(200, "GET", meeting+"?explain=true", "")["settings"].([]any) {
		if e := e.(map[string]any); e["name"] == name {
			return e
		}
	}
	return nil
}

// nest returns the settings object that has one value at a dotted name.
func nest(name string, v any) map[string]any {
	steps := strings.Split(name, ".")
	for _, step := range slices.Backward(steps[1:]) {
		v = map[string]any{step: v}
	}
	return map[string]any{steps[0]: v}
}

// same reports whether two values are the same in JSON.
func same(a, b any) bool {
	x, _ := json.Marshal(a) // plain values
	y, _ := json.Marshal(b)
	return reflect.DeepEqual(x, y)
}

// onMeetings returns the test of a setting that is the named one of meetings:
// at each level that it has, and with its locks. one is not the default.
func onMeetings(name string, one, other any) func(*testing.T, *settings.Setting) {
	return func(t *testing.T, s *settings.Setting) {
		o := newOffice(t)
		silent, own := o.meeting(nil), o.meeting(nest(name, other))
		next, after := one, other
		for _, level := range []settings.Level{settings.Account, settings.Group, settings.User} {
			if s.At&level == 0 || s.ReadOnlyAt&level != 0 {
				continue
			}
			if same(o.shows(silent, name), next) {
				t.Fatalf("%s is %v before it is set at the %s", name, next, level)
			}
			o.set(level, s.Name, next)
			o.holds(silent, name, next, level.String(), nil)
			o.holds(own, name, other, "meeting", nil)
			if later := o.meeting(nil); !same(o.shows(later, name), next) {
				t.Errorf("a meeting made later has %v, want %v", o.shows(later, name), next)
			}
			o.locks(level, s, name, own, one, other)
			o.set(level, s.Name, next)
			next, after = after, next
		}
	}
}

// holds fails unless a meeting has the value, and says who decided and locked it.
func (o *office) holds(meeting, name string, want any, by string, locked any) {
	o.t.Helper()
	e := o.explains(meeting, name)
	if got := o.shows(meeting, name); !same(got, want) || !same(e["value"], want) {
		o.t.Errorf("%s is %v and explained as %v, want %v", name, got, e["value"], want)
	}
	if e["decided_by"] != by || e["locked_by"] != locked || e["locked"] != (locked != nil) {
		o.t.Errorf("%s is explained as %v, want it decided by %s and locked by %v", name, e, by, locked)
	}
}

// locks fails unless a lock of the level overrules what the meeting says, is
// told of where it would be changed, and leaves the meeting's own value.
func (o *office) locks(level settings.Level, s *settings.Setting, name, own string, one, other any) {
	o.t.Helper()
	if level == settings.User {
		return
	}
	o.set(level, s.Name, one)
	if !o.lock(level, s.Lock, true) {
		return
	}
	o.holds(own, name, one, level.String(), level.String())
	who := map[settings.Level]string{settings.Account: "the account", settings.Group: "the group Staff"}[level]
	body, _ := json.Marshal(map[string]any{"settings": nest(name, other)}) // plain values
	for method, path := range map[string]string{"PATCH": own, "POST": "/v2/users/" + o.ada + "/meetings"} {
		told := o.Refused(400, 300, method, path, string(body))
		if !strings.Contains(told, "settings."+name) || !strings.Contains(told, "is locked by "+who) {
			o.t.Errorf("%s: the answer does not say what is locked by whom: %s", method, told)
		}
	}
	body, _ = json.Marshal(map[string]any{"settings": nest(name, one)})
	o.Must(204, "PATCH", own, string(body))
	o.lock(level, s.Lock, false)
	o.holds(own, name, other, "meeting", nil)
}
