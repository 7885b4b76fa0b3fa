package zoom_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
	"muster/internal/settings"
)

// TestMeetingListsWalked walks every list by token, at every page size: each
// row comes once, in the order of the whole, and the total stays.
func TestMeetingListsWalked(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for i := range 9 { // four start at one instant, five are over
		s.Must(201, "POST", newMeeting, fmt.Sprintf(`{"topic":"%d","type":2,"start_time":"2026-03-0%dT08:00:00Z"}`, i, max(i-2, 1)))
	}
	series := s.Meeting(`"type":8,"recurrence":{"type":1,"end_times":5}`)
	id, _, _ := strings.Cut(dates(s.Must(200, "GET", series, ""))[2], " ")
	s.Must(204, "DELETE", series+"?occurrence_id="+id, "")
	s.Must(201, "POST", newMeeting, `{"type":3}`)
	s.Must(201, "POST", newMeeting, `{"type":3}`)
	s.Must(201, "POST", newMeeting, `{"type":1}`)
	s.Must(204, "DELETE", s.Meeting(""), "")
	for kind, want := range map[string]int{
		"": 12, "scheduled": 12, "upcoming": 10, "upcoming_meetings": 10, "previous_meetings": 5, "live": 0,
		"scheduled&from=2026-03-01&to=2026-03-01": 4, "upcoming&from=2026-03-10&timezone=Europe/Berlin": 3,
	} {
		list := newMeeting + "?type=" + kind
		whole := rowsOf(s.Must(200, "GET", list+"&page_size=300", ""))
		if len(whole) != want {
			t.Errorf("%q has %d rows, want %d: %v", kind, len(whole), want, whole)
		}
		for _, size := range []int{1, 2, 3, want, 300} {
			var got []string
			token := ""
			for {
				page := s.Must(200, "GET", fmt.Sprintf("%s&page_size=%d&next_page_token=%s", list, size, token), "")
				if member(page, "total_records") != fmt.Sprint(want) {
					t.Errorf("%q, page_size %d: total is %v, want %d", kind, size, page["total_records"], want)
				}
				got = append(got, rowsOf(page)...)
				if token = member(page, "next_page_token"); token == "" || len(got) > want {
					break
				}
			}
			if !slices.Equal(got, whole) {
				t.Errorf("%q, page_size %d:\n got %v\nwant %v", kind, size, got, whole)
			}
		}
	}
}

// rowsOf returns "start id occurrence" of each row of a list of meetings.
func rowsOf(page map[string]any) []string {
	var rows []string
	for _, m := range page["meetings"].([]any) {
		m := m.(map[string]any)
		rows = append(rows, strings.Join([]string{member(m, "start_time"), member(m, "id"), member(m, "occurrence_id")}, " "))
	}
	return rows
}

// TestEverySettingIsKept sends each setting of the catalogue alone, unlike
// its default, and reads it back, after a create and after an update.
func TestEverySettingIsKept(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"ada@muster.test","type":2}}`)
	ways := "/v2/accounts/me/settings?option=meeting_authentication"
	s.Must(204, "PATCH", ways, `{"authentication_option":{"action":"add","type":"enforce_login","name":"Anybody"}}`)
	way := s.Must(200, "GET", ways, "")["authentication_options"].([]any)[0].(map[string]any)["id"]
	special := map[string]any{"authentication_option": way, "alternative_hosts": "ada@muster.test", "enforce_login_domains": "a.test;b.test"}
	for _, l := range settings.Meeting {
		sent, ok := special[l.Name]
		if !ok {
			sent = sample(l)
		}
		body, err := json.Marshal(map[string]any{"type": 2, "start_time": "2026-03-10T10:00:00Z", "settings": map[string]any{l.Name: sent}})
		if err != nil {
			t.Fatal(err)
		}
		made := s.Must(201, "POST", newMeeting, string(body))
		patched := s.Meeting(`"settings":{}`)
		s.Must(204, "PATCH", patched, string(body))
		s.Must(204, "PATCH", patched, `{"settings":{"`+l.Name+`":null}}`)
		for how, m := range map[string]map[string]any{
			"create": made, "get": s.Must(200, "GET", "/v2/meetings/"+member(made, "id"), ""), "update": s.Must(200, "GET", patched, ""),
		} {
			got, given := m["settings"].(map[string]any)[l.Name]
			if l.ReadOnly {
				if given {
					t.Errorf("%s, %s: got %v, but it cannot be set", l.Name, how, got)
				}
				continue
			}
			if !reflect.DeepEqual(plain(t, got), plain(t, sent)) {
				t.Errorf("%s, %s: got %v, want %v", l.Name, how, got, sent)
			}
		}
	}
}

// sample returns a value of a setting that is not its default.
func sample(l settings.Leaf) any {
	switch {
	case l.Enum != nil && l.Enum[0] == l.Default:
		return l.Enum[len(l.Enum)-1]
	case l.Enum != nil:
		return l.Enum[0]
	case l.Kind == settings.Bool:
		on, _ := l.Default.(bool)
		return !on
	case l.Kind == settings.Email:
		return "someone@example.com"
	case l.Kind == settings.List:
		return []any{sample(*l.Item)}
	case l.Kind == settings.Object:
		fields := map[string]any{}
		for _, f := range l.Fields {
			if !f.ReadOnly {
				fields[f.Name] = sample(f)
			}
		}
		return fields
	}
	return "Grüße, 日本"
}

// plain returns v as JSON decodes it.
func plain(t *testing.T, v any) (out any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPatchAbsentNullEmpty(t *testing.T) {
	t.Parallel()
	const made = `"agenda":"Budget","password":"abc","duration":45,"timezone":"Europe/Berlin","pre_schedule":true,"tracking_fields":[{"field":"f","value":"v"}],"settings":{"approval_type":1,"host_video":true,"contact_name":"Ada"}`
	for name, c := range map[string]struct {
		body string
		want map[string]string // what differs from before, by member
	}{
		"nothing":               {`{}`, nil},
		"no body":               {``, nil},
		"null":                  {`{"topic":null,"agenda":null,"password":null,"duration":null,"timezone":null,"type":null,"pre_schedule":null,"tracking_fields":null,"recurrence":null,"settings":null}`, nil},
		"null settings":         {`{"settings":{"host_video":null,"contact_name":null,"approval_type":null}}`, nil},
		"empty where needed":    {`{"duration":"","timezone":"","start_time":"","type":"","pre_schedule":"","settings":{"host_video":"","approval_type":""}}`, nil},
		"empty texts":           {`{"topic":"","agenda":"","settings":{"contact_name":""}}`, map[string]string{"topic": "", "agenda": "", "settings.contact_name": ""}},
		"no passcode":           {`{"password":""}`, map[string]string{"password": "", "h323_password": "", "pstn_password": "", "encrypted_password": ""}},
		"no tracking fields":    {`{"tracking_fields":[]}`, map[string]string{"tracking_fields": ""}},
		"zero duration":         {`{"duration":0}`, nil},
		"one setting":           {`{"settings":{"mute_upon_entry":true}}`, map[string]string{"settings.mute_upon_entry": "true"}},
		"unknown names":         {`{"colour":"red","settings":{"colour":"red"}}`, nil},
		"zone alone":            {`{"timezone":"Asia/Tokyo"}`, map[string]string{"timezone": "Asia/Tokyo"}},
		"wall clock in the old": {`{"start_time":"2026-03-20T10:00:00"}`, map[string]string{"start_time": "2026-03-20T09:00:00Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			m := s.Meeting(made)
			before := flat("", s.Must(200, "GET", m, ""))
			s.Must(204, "PATCH", m, c.body)
			after := flat("", s.Must(200, "GET", m, ""))
			for field, want := range c.want {
				before[field] = want
				if after[field] != want {
					t.Errorf("%s is %q, want %q", field, after[field], want)
				}
			}
			for field := range before {
				if field != "join_url" && before[field] != after[field] {
					t.Errorf("%s was %q and is %q", field, before[field], after[field])
				}
			}
		})
	}
}

// flat returns the members of an answer as text, those of its objects below dotted names.
func flat(prefix string, v map[string]any) map[string]string {
	all := map[string]string{}
	for name, value := range v {
		if inner, ok := value.(map[string]any); ok {
			for n, text := range flat(prefix+name+".", inner) {
				all[n] = text
			}
			continue
		}
		all[prefix+name] = fmt.Sprint(value)
	}
	return all
}

func TestTypesStayWhilePeopleAreRegistered(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting(`"type":8,"recurrence":{"type":1,"end_times":3},"settings":{"approval_type":1}`)
	s.Must(204, "PATCH", m, `{"settings":{"registration_type":3}}`)
	who := member(s.Must(201, "POST", m+"/registrants", `{"email":"a@b.test","first_name":"A"}`), "registrant_id")
	for _, action := range []string{"", "approve", "cancel", "deny"} { // whatever becomes of the person
		if action != "" {
			s.Must(204, "PUT", m+"/registrants/status", `{"action":"`+action+`","registrants":[{"id":"`+who+`"}]}`)
		}
		for field, body := range map[string]string{"settings.registration_type": `{"settings":{"registration_type":1}}`, "type": `{"type":2}`} {
			if text := s.Refused(400, 300, "PATCH", m, body); !strings.Contains(text, `"`+field+`"`) {
				t.Errorf("after %q: the refusal does not name %s: %s", action, field, text)
			}
		}
		s.Must(204, "PATCH", m, `{"topic":"Kept","settings":{"registration_type":3}}`)
	}
	s.Must(204, "DELETE", m+"/registrants/"+who, "")
	s.Must(204, "PATCH", m, `{"settings":{"registration_type":1}}`)
	s.Must(204, "PATCH", m, `{"type":2}`)
}

// TestRecurrenceBackAndForth changes a series twice: who registered for a
// date that the first change drops has it again after the second.
func TestRecurrenceBackAndForth(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting(`"type":8,"recurrence":{"type":1,"end_times":4},"settings":{"approval_type":0,"registration_type":2}`)
	before := dates(s.Must(200, "GET", m, ""))
	id, _, _ := strings.Cut(before[1], " ")
	s.Must(201, "POST", m+"/registrants?occurrence_ids="+id, `{"email":"a@b.test","first_name":"A"}`)
	s.Must(204, "PATCH", m, `{"recurrence":{"type":1,"repeat_interval":2,"end_times":2}}`)
	want := []string{before[0], strings.Replace(before[1], "available", "deleted", 1), before[2]}
	if got := dates(s.Must(200, "GET", m, "")); !slices.Equal(got, want) {
		t.Errorf("every other day: got %q, want %q", got, want)
	}
	s.Refused(400, 300, "POST", m+"/registrants?occurrence_ids="+id, `{"email":"b@b.test","first_name":"B"}`)
	s.Must(204, "PATCH", m, `{"recurrence":{"type":1,"end_times":4}}`)
	if got := dates(s.Must(200, "GET", m, "")); !slices.Equal(got, before) {
		t.Errorf("back: got %q, want %q", got, before)
	}
	if n := member(s.Must(200, "GET", m+"/registrants?occurrence_id="+id, ""), "total_records"); n != "1" {
		t.Errorf("back: %s people, want 1", n)
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after time.Duration
		back  bool
	}{"at once": {0, true}, "on the last day": {30 * 24 * time.Hour, true}, "too late": {30*24*time.Hour + time.Second, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			m := s.Meeting(`"start_time":"2026-06-01T10:00:00Z","settings":{"approval_type":0}`)
			link := member(s.Must(201, "POST", m+"/registrants", `{"email":"a@b.test","first_name":"A"}`), "join_url")
			people := s.Must(200, "GET", m+"/registrants", "")
			s.Must(204, "DELETE", m, "")
			s.Refused(404, 3001, "POST", m+"/registrants", `{"email":"b@b.test","first_name":"B"}`)
			s.Refused(404, 3001, "GET", m+"/registrants", "")
			s.Advance(c.after)
			if !c.back {
				s.Refused(404, 3001, "PUT", m+"/status", `{"action":"recover"}`)
				return
			}
			s.Must(204, "PUT", m+"/status", `{"action":"recover"}`)
			s.Refused(400, 3000, "PUT", m+"/status", `{"action":"recover"}`)
			if got := s.Must(200, "GET", m+"/registrants", ""); !reflect.DeepEqual(got, people) {
				t.Errorf("got %v, want %v", got, people)
			}
			if got := s.Send("GET", strings.TrimPrefix(link, mustertest.Base), ""); got.Status != http.StatusOK {
				t.Errorf("the link answers %d", got.Status)
			}
		})
	}
}

func TestEndedTakesNobody(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	series := `"type":8,"recurrence":{"type":1,"end_times":3},`
	for name, m := range map[string]string{"one date": s.Meeting(""), "series": s.Meeting(series + `"settings":{"approval_type":1}`)} {
		s.Must(204, "PUT", m+"/status", `{"action":"end"}`)
		s.Refused(400, 3038, "POST", m+"/registrants", `{"email":"a@b.test","first_name":"A"}`)
		if name == "one date" {
			s.Refused(400, 3038, "POST", m+"/batch_registrants", `{"registrants":[{"email":"a@b.test","first_name":"A"}]}`)
		}
		s.Must(204, "DELETE", m, "")
		s.Must(204, "PUT", m+"/status", `{"action":"recover"}`)
		s.Refused(400, 3038, "POST", m+"/registrants", `{"email":"a@b.test","first_name":"A"}`) // still over
	}
}

func TestRunningMeetingIsNotDeleted(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting(`"type":1,"duration":30`)
	s.Refused(400, 3002, "DELETE", m, "")
	s.Advance(29*time.Minute + 59*time.Second)
	s.Refused(400, 3002, "DELETE", m, "")
	s.Advance(time.Second)
	s.Must(204, "DELETE", m, "")
}
