package webex_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// both is a meeting with the paths that the dialects have for it.
type both struct {
	s           *mustertest.Server
	zoom, webex string
}

// webexMeeting makes a meeting of a title in a week with further members.
func webexMeeting(t *testing.T, s *mustertest.Server, more string) both {
	t.Helper()
	body := `{"title":"Open day","start":"2026-03-09T10:00:00","end":"2026-03-09T11:30:00","timezone":"Europe/Berlin"`
	if more != "" {
		body += "," + more
	}
	m := s.Must(200, "POST", "/v1/meetings", body+"}")
	return both{s, "/v2/meetings/" + m["meetingNumber"].(string), "/v1/meetings/" + m["id"].(string)}
}

func zoomMeeting(t *testing.T, s *mustertest.Server, more string) both {
	t.Helper()
	zoom := s.Meeting(more)
	return both{s, zoom, asSeries(t, s, zoom)}
}

func (b both) inZoom() map[string]any  { return b.s.Must(200, "GET", b.zoom, "") }
func (b both) inWebex() map[string]any { return b.s.Must(200, "GET", b.webex, "") }

// at returns the value at a dotted path.
func at(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}

// wants compares the values at dotted paths, as text.
func wants(t *testing.T, what string, got map[string]any, want map[string]any) {
	t.Helper()
	for path, w := range want {
		if g := at(got, path); fmt.Sprint(g) != fmt.Sprint(w) {
			t.Errorf("%s: %s is %v, want %v", what, path, g, w)
		}
	}
}

func TestWebexMeetingInZoom(t *testing.T) {
	t.Parallel()
	b := webexMeeting(t, mustertest.New(t, mustertest.Options{}), `"agenda":"Doors at ten.","password":"a-password-of-twenty","enabledAutoRecordMeeting":true,
		"enabledJoinBeforeHost":true,"joinBeforeHostMinutes":10,"requireAttendeeLogin":true,"enabledVisualWatermark":true,
		"audioConnectionOptions":{"muteAttendeeUponEntry":true,"audioConnectionType":"VoIP"},"trackingCodes":[{"name":"Department","value":"Sales"}],
		"registration":{"autoAcceptRequest":false,"requireCompanyName":true}`)
	zoom := b.inZoom()
	wants(t, "through Zoom", zoom, map[string]any{
		"topic": "Open day", "agenda": "Doors at ten.", "password": "a-password-of-twenty", "start_time": "2026-03-09T09:00:00Z", "duration": 90,
		"timezone": "Europe/Berlin", "type": 2, "settings.auto_recording": "cloud", "settings.join_before_host": true, "settings.jbh_time": 10,
		"settings.meeting_authentication": true, "settings.watermark": true, "settings.mute_upon_entry": true, "settings.audio": "voip", "settings.approval_type": 1,
		"tracking_fields": []any{map[string]any{"field": "Department", "value": "Sales", "visible": true}},
	})
	webex := b.inWebex()
	if got, want := webex["hostUserId"], inWebex(zoom["host_id"].(string)); got != want {
		t.Errorf("hostUserId is %v, want %s", got, want)
	}
	for zooms, webexs := range map[string]string{
		"join_url": "webLink", "registration_url": "registerLink", "password": "password", "pstn_password": "phoneAndVideoSystemPassword", "id": "meetingNumber",
		"host_email": "hostEmail",
	} {
		if fmt.Sprint(zoom[zooms]) != fmt.Sprint(webex[webexs]) {
			t.Errorf("%s is %v in one dialect, %s %v in the other", zooms, zoom[zooms], webexs, webex[webexs])
		}
	}
}

func TestZoomMeetingInWebex(t *testing.T) {
	t.Parallel()
	b := zoomMeeting(t, mustertest.New(t, mustertest.Options{}), `"agenda":"a","timezone":"Asia/Tokyo","duration":45,"password":"secret","tracking_fields":[{"field":"n","value":"v"}],
		"settings":{"approval_type":0,"auto_recording":"local","waiting_room":true,"audio":"telephony","mute_upon_entry":true,"meeting_authentication":true}`)
	wants(t, "through Webex", b.inWebex(), map[string]any{
		"title": "Open day", "agenda": "a", "password": "secret", "start": "2026-03-09T18:30:00+09:00", "end": "2026-03-09T19:15:00+09:00", "timezone": "Asia/Tokyo",
		"enabledAutoRecordMeeting": true, "unlockedMeetingJoinSecurity": "allowJoinWithLobby", "audioConnectionOptions.audioConnectionType": "webexAudio",
		"audioConnectionOptions.muteAttendeeUponEntry": true, "requireAttendeeLogin": true, "registration.autoAcceptRequest": true,
		"trackingCodes": []any{map[string]any{"name": "n", "value": "v"}},
	})
}

// TestNothingIsLost writes what one dialect reads back through it, whole:
// nothing that only the other knows may change.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	t.Run("of Zoom's by Webex", func(t *testing.T) {
		b := zoomMeeting(t, s, `"duration":5,"settings":{"approval_type":1,"auto_recording":"local","audio":"telephony","host_video":true,"waiting_room":true,"focus_mode":true,
			"alternative_hosts":"","custom_keys":[{"key":"a","value":"b"}]}`)
		before, shown := b.inZoom(), b.inWebex()
		body, err := json.Marshal(shown)
		if err != nil {
			t.Fatal(err)
		}
		for _, verb := range []string{"PATCH", "PUT"} {
			s.Must(200, verb, b.webex, string(body))
			if after := b.inZoom(); !reflect.DeepEqual(before, after) {
				t.Errorf("%s:\n got %v\nwant %v", verb, after, before)
			}
		}
		s.Must(200, "PATCH", b.webex, `{"title":"Closed day"}`)
		before["topic"] = "Closed day"
		if after := b.inZoom(); !reflect.DeepEqual(before, after) {
			t.Errorf("a title alone:\n got %v\nwant %v", after, before)
		}
	})
	t.Run("of Webex's by Zoom", func(t *testing.T) {
		b := webexMeeting(t, s, `"password":"a-password-of-twenty","reminderTime":10,"integrationTags":["t"],"unlockedMeetingJoinSecurity":"blockFromJoin","meetingOptions":{"enabledChat":true},
			"audioConnectionOptions":{"audioConnectionType":"none"},"registration":{"autoAcceptRequest":true,"maxRegisterNum":7,"rules":[{"question":"email","condition":"contains","value":"x","result":"reject","order":1}]}`)
		before, shown := b.inWebex(), b.inZoom()
		body, err := json.Marshal(shown)
		if err != nil {
			t.Fatal(err)
		}
		s.Must(204, "PATCH", b.zoom, string(body))
		if after := b.inWebex(); !reflect.DeepEqual(before, after) {
			t.Errorf("got %v\nwant %v", after, before)
		}
		s.Must(204, "PATCH", b.zoom, `{"settings":{"waiting_room":false}}`)
		wants(t, "without a waiting room", b.inWebex(), map[string]any{"unlockedMeetingJoinSecurity": "allowJoin", "reminderTime": 10})
		if got := s.Refused(400, 300, "PATCH", b.zoom, `{"password":"another-of-twenty-ch"}`); !strings.Contains(got, "10 characters") {
			t.Errorf("a new long password through Zoom: %s", got)
		}
	})
}

func TestOptionsThatStandForSeveral(t *testing.T) {
	t.Parallel()
	b := zoomMeeting(t, mustertest.New(t, mustertest.Options{}), `"settings":{"auto_recording":"local"}`)
	for _, step := range []struct {
		record bool
		want   string
	}{{true, "local"}, {false, "none"}, {true, "cloud"}, {true, "cloud"}} {
		b.s.Must(200, "PATCH", b.webex, fmt.Sprintf(`{"enabledAutoRecordMeeting":%v}`, step.record))
		wants(t, fmt.Sprint("recording ", step.record), b.inZoom(), map[string]any{"settings.auto_recording": step.want})
	}
}

func TestSeriesInBothDialects(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	b := webexMeeting(t, s, `"recurrence":"FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE;COUNT=6"`)
	zoom := b.inZoom()
	wants(t, "through Zoom", zoom, map[string]any{
		"type": 8, "recurrence.type": 2, "recurrence.repeat_interval": 1, "recurrence.weekly_days": "2,4", "recurrence.end_times": 6,
	})
	var zooms, webexs []string
	for _, o := range zoom["occurrences"].([]any) {
		zooms = append(zooms, at(o, "start_time").(string))
	}
	for _, o := range s.Must(200, "GET", "/v1/meetings?meetingSeriesId="+strings.TrimPrefix(b.webex, "/v1/meetings/"), "")["items"].([]any) {
		start, err := time.Parse(time.RFC3339, at(o, "start").(string))
		if err != nil {
			t.Fatal(err)
		}
		webexs = append(webexs, start.UTC().Format(time.RFC3339))
	}
	want := []string{"2026-03-09T09:00:00Z", "2026-03-11T09:00:00Z", "2026-03-16T09:00:00Z", "2026-03-18T09:00:00Z", "2026-03-23T09:00:00Z", "2026-03-25T09:00:00Z"}
	if !slices.Equal(zooms, want) || !slices.Equal(webexs, want) {
		t.Errorf("got %v and %v, want %v", zooms, webexs, want)
	}

	// a date that moves through one dialect has moved in the other
	date := b.webex + "_20260311T090000Z"
	s.Must(204, "PATCH", b.zoom+"?occurrence_id=1773219600000", `{"start_time":"2026-03-12T12:00:00Z","duration":30,"agenda":"Moved"}`)
	wants(t, "moved through Zoom", s.Must(200, "GET", date, ""), map[string]any{
		"start": "2026-03-12T13:00:00+01:00", "end": "2026-03-12T13:30:00+01:00", "agenda": "Moved",
	})
	s.Must(200, "PATCH", date, `{"start":"2026-03-13T08:00:00","enabledJoinBeforeHost":true}`)
	wants(t, "moved through Webex", s.Must(200, "GET", b.zoom+"?occurrence_id=1773219600000", ""), map[string]any{
		"start_time": "2026-03-13T07:00:00Z", "duration": 30, "agenda": "Moved", "settings.join_before_host": true,
	})
	s.Must(204, "DELETE", b.webex+"_20260316T090000Z", "")
	s.Refused(400, 300, "GET", b.zoom+"?occurrence_id=1773651600000", "")

	// and the whole as one dialect reads it can be written back
	shown, err := json.Marshal(b.inWebex())
	if err != nil {
		t.Fatal(err)
	}
	before := b.inZoom()
	for _, verb := range []string{"PATCH", "PUT"} {
		s.Must(200, verb, b.webex, string(shown))
		if after := b.inZoom(); !reflect.DeepEqual(before, after) {
			t.Errorf("%s:\n got %v\nwant %v", verb, after, before)
		}
	}
}

func TestRulesOfZoomsSeries(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for recurrence, want := range map[string]string{
		`{"type":1,"repeat_interval":2,"end_times":5}`:                                             "FREQ=DAILY;INTERVAL=2;COUNT=5",
		`{"type":2,"weekly_days":"1,2","repeat_interval":2}`:                                       "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
		`{"type":3,"monthly_day":31,"end_times":3}`:                                                "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=31;COUNT=3",
		`{"type":3,"monthly_week":-1,"monthly_week_day":6,"end_date_time":"2026-12-31T12:00:00Z"}`: "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR;UNTIL=20261231T120000Z",
	} {
		b := zoomMeeting(t, s, `"type":8,"settings":{},"recurrence":`+recurrence)
		wants(t, recurrence, b.inWebex(), map[string]any{"recurrence": want})
		before := b.inZoom()
		s.Must(200, "PATCH", b.webex, `{"recurrence":"`+want+`"}`)
		if after := b.inZoom(); !reflect.DeepEqual(before, after) {
			t.Errorf("%s written back: got %v, want %v", want, after, before)
		}
	}
}

// TestTimesOfASeriesCancelWhatMoved: a series given another end has its dates
// where they were to begin with; those that were deleted stay away.
func TestTimesOfASeriesCancelWhatMoved(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	b := webexMeeting(t, s, `"recurrence":"FREQ=WEEKLY;COUNT=3"`)
	s.Must(200, "PATCH", b.webex+"_20260316T090000Z", `{"start":"2026-03-30T08:00:00","agenda":"Moved"}`)
	s.Must(204, "DELETE", b.webex+"_20260323T090000Z", "")
	s.Must(200, "PATCH", b.webex, `{"end":"2026-03-09T12:00:00"}`)
	wants(t, "the moved one", s.Must(200, "GET", b.webex+"_20260316T090000Z", ""), map[string]any{
		"start": "2026-03-16T10:00:00+01:00", "end": "2026-03-16T12:00:00+01:00", "agenda": nil,
	})
	if a := s.Do("GET", b.webex+"_20260323T090000Z", ""); a.Status != 410 {
		t.Errorf("the deleted one: got %d %s, want 410", a.Status, a.Body)
	}
}

// TestRegistrationAndSeries: a meeting that people register for does not
// become a series through this dialect, and nobody is lost.
func TestRegistrationAndSeries(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	b := webexMeeting(t, s, `"registration":{"autoAcceptRequest":true}`)
	s.Must(200, "POST", b.webex+"/registrants", `{"email":"ada@example.com","firstName":"Ada","lastName":"Lovelace"}`)
	if a := s.Do("PATCH", b.webex, `{"recurrence":"FREQ=DAILY;COUNT=2"}`); a.Status != 400 || !strings.Contains(string(a.Body), "recurring") {
		t.Errorf("got %d %s, want 400", a.Status, a.Body)
	}
	s.Must(200, "PUT", b.webex, `{"title":"Closed day","start":"2026-03-10T10:00:00Z","end":"2026-03-10T11:00:00Z"}`)
	wants(t, "after PUT", b.inWebex(), map[string]any{"title": "Closed day", "registration.autoAcceptRequest": true})
	series := zoomMeeting(t, s, `"type":8,"recurrence":{"type":1,"end_times":3}`)
	s.Must(201, "POST", series.zoom+"/registrants", `{"email":"ada@example.com"}`)
	for verb, body := range map[string]string{"PUT": `{"title":"Once"}`, "PATCH": `{"recurrence":null}`} {
		if a := s.Do(verb, series.webex, body); a.Status != 400 || !strings.Contains(string(a.Body), "recurrence: cannot be") {
			t.Errorf("%s: got %d %s, want 400", verb, a.Status, a.Body)
		}
	}
	for _, m := range []both{b, series} {
		if list := s.Must(200, "GET", m.zoom+"/registrants", "")["registrants"].([]any); len(list) != 1 {
			t.Errorf("got %v, want one person", list)
		}
	}
}

// TestMeetingsPageByPage follows the links: each meeting comes once, in order,
// while the clock goes on and meetings are added.
func TestMeetingsPageByPage(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	var want []string
	for i := range 7 {
		title := fmt.Sprint("Meeting ", i)
		want = append(want, title)
		s.Must(200, "POST", "/v1/meetings", fmt.Sprintf(`{"title":%q,"start":"2026-03-04T%02d:00:00Z","end":"2026-03-04T%02d:30:00Z","integrationTags":["t"]}`, title, 9+i/2, 9+i/2))
	}
	var got []string
	for path := "/v1/meetings?max=2&integrationTag=t&state=active"; path != ""; {
		s.Advance(time.Second)
		a := s.Do("GET", path, "")
		if a.Status != 200 {
			t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
		for _, m := range a.JSON(t)["items"].([]any) {
			got = append(got, at(m, "title").(string))
		}
		path = next(a.Header.Values("Link"))
	}
	slices.Sort(got) // those of one time are in the order of their numbers
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// next returns the path of the next page, "" on the last.
func next(links []string) string {
	for _, l := range links {
		if link, ok := strings.CutSuffix(l, `>; rel="next"`); ok {
			return strings.TrimPrefix(link, "<"+mustertest.Base)
		}
	}
	return ""
}

// TestEndedDateTakesNobody: who wants to register for a date that was ended
// through Webex is refused through Zoom.
func TestEndedDateTakesNobody(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	b := zoomMeeting(t, s, `"type":8,"settings":{"approval_type":0,"registration_type":2},"recurrence":{"type":1,"end_times":2}`)
	first, second := b.webex+"_20260309T093000Z", b.webex+"_20260310T093000Z"
	if a := s.Do("POST", first+"/end", ""); a.Status != 204 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	s.Refused(400, 300, "POST", b.zoom+"/registrants?occurrence_ids=1773048600000", `{"email":"ada@example.com"}`)
	s.Must(201, "POST", b.zoom+"/registrants?occurrence_ids=1773135000000", `{"email":"ada@example.com"}`)
	wants(t, "the series", b.inWebex(), map[string]any{"state": "active"})
	if a := s.Do("POST", second+"/end", ""); a.Status != 204 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	wants(t, "when all are ended", b.inWebex(), map[string]any{"state": "expired"})
	list := s.Must(200, "GET", "/v1/meetings?from=2026-03-01&to=2026-03-20&state=active", "")["items"].([]any)
	if len(list) != 0 {
		t.Errorf("listed as active: %v", list)
	}
}

// TestMeetingsWithoutTimes: what the other dialect has without fixed times is
// given some only together with a rule or as one date.
func TestMeetingsWithoutTimes(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	b := zoomMeeting(t, s, `"type":3,"settings":{}`)
	wants(t, "as it is", b.inWebex(), map[string]any{"start": nil, "end": nil, "state": "active", "recurrence": nil})
	s.Must(200, "PATCH", b.webex, `{"title":"Whenever"}`)
	for _, refused := range []struct{ verb, body string }{
		{"PATCH", `{"start":"2026-03-10T10:00:00Z","end":"2026-03-10T11:00:00Z"}`}, {"PUT", `{"title":"Never"}`}, {"PATCH", `{"recurrence":"FREQ=DAILY;COUNT=2"}`},
	} {
		if a := s.Do(refused.verb, b.webex, refused.body); a.Status != 400 || !strings.Contains(string(a.Body), "start: ") {
			t.Errorf("%s %s: got %d %s, want 400 about start", refused.verb, refused.body, a.Status, a.Body)
		}
	}
	wants(t, "refused", b.inZoom(), map[string]any{"topic": "Whenever", "type": 3})
	s.Must(200, "PATCH", b.webex, `{"start":"2026-03-10T10:00:00Z","end":"2026-03-10T11:00:00Z","recurrence":"FREQ=DAILY;COUNT=2"}`)
	wants(t, "a series", b.inZoom(), map[string]any{"type": 8, "start_time": "2026-03-10T10:00:00Z"})

	now := both{s: s, zoom: "/v2/meetings/" + s.Must(201, "POST", "/v2/users/me/meetings", `{"type":1,"duration":60}`)["id"].(json.Number).String()}
	now.webex = asSeries(t, s, now.zoom)
	wants(t, "running", now.inWebex(), map[string]any{"state": "inProgress"})
	s.Must(200, "PATCH", now.webex, `{"start":"2026-03-10T10:00:00Z"}`)
	wants(t, "put off", now.inZoom(), map[string]any{"type": 2, "status": "waiting", "duration": 60})
	wants(t, "put off", now.inWebex(), map[string]any{"state": "active", "end": "2026-03-10T11:00:00+00:00"})
}

// TestListAgreesWithStates asks for each state and each modification: the
// list's filter and the answers' own words agree.
func TestListAgreesWithStates(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	b := webexMeeting(t, s, `"recurrence":"FREQ=DAILY;COUNT=6"`)
	webexMeeting(t, s, "")
	zoomMeeting(t, s, `"type":3,"settings":{}`)
	s.Must(200, "PATCH", b.webex+"_20260311T090000Z", `{"agenda":"b"}`)
	if a := s.Do("POST", b.webex+"_20260312T090000Z/end", ""); a.Status != 204 {
		t.Fatalf("got %d %s", a.Status, a.Body)
	}
	s.Advance(7*24*time.Hour + 30*time.Minute) // into the first date
	for _, kind := range []string{"meetingSeries", "scheduledMeeting"} {
		all := s.Must(200, "GET", "/v1/meetings?from=2026-03-01&to=2026-04-01&max=100&meetingType="+kind, "")["items"].([]any)
		if len(all) == 0 {
			t.Fatalf("%s: nothing", kind)
		}
		for param, values := range map[string][]string{
			"state": {"active", "inProgress", "expired", "scheduled", "ready", "ended", "missed", "lobby"}, "isModified": {"true", "false"},
		} {
			sum := 0
			for _, value := range values {
				list := s.Must(200, "GET", "/v1/meetings?from=2026-03-01&to=2026-04-01&max=100&meetingType="+kind+"&"+param+"="+value, "")["items"].([]any)
				for _, m := range list {
					if got := at(m, param); fmt.Sprint(got) != value && (param == "state" || kind == "scheduledMeeting") {
						t.Errorf("%s with %s %s: got %v of %v", kind, param, value, got, at(m, "id"))
					}
				}
				sum += len(list)
			}
			if param == "isModified" && kind == "meetingSeries" { // which does not apply
				sum /= 2
			}
			if sum != len(all) {
				t.Errorf("%s by %s: got %d, want %d", kind, param, sum, len(all))
			}
		}
	}
}
