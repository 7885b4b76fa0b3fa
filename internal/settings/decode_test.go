package settings

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"muster/internal/muster"
)

func TestDecodeAccepts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   string
		want Doc
	}{
		"booleans as they should be":       {`{"host_video":true,"watermark":false}`, Doc{"host_video": true, "watermark": false}},
		"booleans as texts":                {`{"host_video":"True","watermark":" false "}`, Doc{"host_video": true, "watermark": false}},
		"booleans as numbers":              {`{"host_video":1,"watermark":0,"use_pmi":"1"}`, Doc{"host_video": true, "watermark": false, "use_pmi": true}},
		"numbers as texts":                 {`{"jbh_time":"5","approval_type":" 1 "}`, Doc{"jbh_time": int64(5), "approval_type": int64(1)}},
		"texts as numbers and booleans":    {`{"contact_name":42,"contact_email":true,"summary_template_id":1.5,"authentication_option":1e30}`, Doc{"contact_name": "42", "contact_email": "true", "summary_template_id": "1.5", "authentication_option": "1e+30"}},
		"null is not given":                {`{"host_video":null,"breakout_room":null,"custom_keys":null}`, Doc{}},
		"empty text is not given":          {`{"host_video":"","jbh_time":"","audio":"","breakout_room":"","custom_keys":"","meeting_invitees":[{"email":""}]}`, Doc{"meeting_invitees": []any{}}},
		"empty text clears a text":         {`{"alternative_hosts":""}`, Doc{"alternative_hosts": ""}},
		"unknown fields are dropped":       {`{"no_such":1,"breakout_room":{"enable":true,"no_such":2}}`, Doc{"breakout_room": map[string]any{"enable": true}}},
		"read-only fields are dropped":     {`{"authentication_name":"x","global_dial_in_numbers":[{}],"authentication_exception":[{"email":"a@example.com","join_url":"https://x"}]}`, Doc{"authentication_exception": []any{map[string]any{"email": "a@example.com"}}}},
		"an object that says nothing":      {`{"breakout_room":{},"waiting_room_options":{"mode":null}}`, Doc{}},
		"a list that says nothing":         {`{"custom_keys":[]}`, Doc{"custom_keys": []any{}}},
		"items that say nothing":           {`{"custom_keys":[null,{},{"key":"a","value":7}]}`, Doc{"custom_keys": []any{map[string]any{"key": "a", "value": "7"}}}},
		"a list as a text":                 {`{"global_dial_in_countries":"US, DE;FR,,"}`, Doc{"global_dial_in_countries": []any{"US", "DE", "FR"}}},
		"a list with empty texts":          {`{"global_dial_in_countries":["US","",null]}`, Doc{"global_dial_in_countries": []any{"US"}}},
		"a default within an item":         {`{"resources":[{"resource_type":"whiteboard","resource_id":"x"}]}`, Doc{"resources": []any{map[string]any{"resource_type": "whiteboard", "resource_id": "x", "permission_level": "editor"}}}},
		"lengths are in code points":       {`{"custom_keys":[{"key":"` + strings.Repeat("ü", 64) + `"}]}`, Doc{"custom_keys": []any{map[string]any{"key": strings.Repeat("ü", 64)}}}},
		"an address with space around it":  {`{"meeting_invitees":[{"email":" a@example.com "}]}`, Doc{"meeting_invitees": []any{map[string]any{"email": "a@example.com"}}}},
		"jbh_time of the newer API":        {`{"jbh_time":15}`, Doc{"jbh_time": int64(15)}},
		"fields that the API has given up": {`{"enforce_login":"true","cn_meeting":false,"in_meeting":0}`, Doc{"enforce_login": true, "cn_meeting": false, "in_meeting": false}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := Meeting.Decode("settings", object(t, tt.in))
			if len(problems) > 0 || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, problems %v, want %v", got, problems, tt.want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in          string
		field, rule string
		want        Doc // what is left
	}{
		"no boolean":             {`{"host_video":"maybe","watermark":true}`, "settings.host_video", "must be true or false", Doc{"watermark": true}},
		"a number for a boolean": {`{"host_video":2}`, "settings.host_video", "must be true or false", Doc{}},
		"no number of the enum":  {`{"jbh_time":7}`, "settings.jbh_time", "must be one of 0, 5, 10, 15", Doc{}},
		"a fraction":             {`{"approval_type":0.5}`, "settings.approval_type", "must be one of 0, 1, 2", Doc{}},
		"no whole number":        {`{"jbh_time":"many"}`, "settings.jbh_time", "must be one of 0, 5, 10, 15", Doc{}},
		"a number too large":     {`{"jbh_time":1e300}`, "settings.jbh_time", "must be one of 0, 5, 10, 15", Doc{}},
		"no text of the enum":    {`{"audio":"loud"}`, "settings.audio", "must be one of both, telephony, voip, thirdParty", Doc{}},
		"a list for an enum":     {`{"audio":["both"]}`, "settings.audio", "must be one of both, telephony, voip, thirdParty", Doc{}},
		"a list for a text":      {`{"contact_name":["a"]}`, "settings.contact_name", "must be a text", Doc{}},
		"too long":               {`{"audio_conference_info":"` + strings.Repeat("é", 2049) + `"}`, "settings.audio_conference_info", "must be at most 2048 characters long", Doc{}},
		"a null character":       {`{"contact_name":"a\u0000"}`, "settings.contact_name", "must be a text in UTF-8 without the character U+0000", Doc{}},
		"no object":              {`{"breakout_room":true}`, "settings.breakout_room", "must be an object", Doc{}},
		"no list":                {`{"custom_keys":{"key":"a"}}`, "settings.custom_keys", "must be a list", Doc{}},
		"a text for objects":     {`{"custom_keys":"a"}`, "settings.custom_keys", "must be a list", Doc{}},
		"no email":               {`{"meeting_invitees":[{"email":"a@example.com"},{"email":"b"}]}`, "settings.meeting_invitees[1].email", "must be an email address such as name@example.com", Doc{}},
		"too many items":         {`{"custom_keys":[` + strings.Repeat(`{"key":"a"},`, 10) + `{"key":"a"}]}`, "settings.custom_keys", "must have at most 10 items", Doc{}},
		"too few items":          {`{"auto_add_recording_to_video_management":{"enable":true,"channels":[]}}`, "settings.auto_add_recording_to_video_management.channels", "must have at least 1 item(s)", Doc{"auto_add_recording_to_video_management": map[string]any{"enable": true}}},
		"an item of a deep list": {`{"breakout_room":{"enable":true,"rooms":[{"name":"a","participants":[{}]}]}}`, "settings.breakout_room.rooms[0].participants[0]", "must be a text", Doc{"breakout_room": map[string]any{"enable": true}}},
		"a required field":       {`{"waiting_room_options":{"who_goes_to_waiting_room":"everyone"}}`, "settings.waiting_room_options.mode", "must be given", Doc{"waiting_room_options": map[string]any{"who_goes_to_waiting_room": "everyone"}}},
		"a bad required field":   {`{"waiting_room_options":{"mode":"x","who_goes_to_waiting_room":"everyone"}}`, "settings.waiting_room_options.mode", "must be one of follow_setting, custom", Doc{"waiting_room_options": map[string]any{"who_goes_to_waiting_room": "everyone"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := Meeting.Decode("settings", object(t, tt.in))
			want := []muster.Problem{{Field: tt.field, Rule: tt.rule}}
			if !reflect.DeepEqual(problems, want) || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, problems %v, want %v, %v", got, problems, tt.want, want)
			}
		})
	}
}

func TestDecodeGoValues(t *testing.T) {
	t.Parallel()
	in := map[string]any{"jbh_time": int64(5), "approval_type": json.Number("1"), "contact_name": json.Number("7"), "host_video": json.Number("1")}
	got, problems := Meeting.Decode("", in)
	want := Doc{"jbh_time": int64(5), "approval_type": int64(1), "contact_name": "7", "host_video": true}
	if len(problems) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, problems %v, want %v", got, problems, want)
	}

	_, problems = Meeting.Decode("", map[string]any{"contact_name": "\xff"})
	if len(problems) != 1 || problems[0].Field != "contact_name" {
		t.Errorf("invalid UTF-8 without a prefix: got %v, want one problem with contact_name", problems)
	}
	if got, problems = Meeting.Decode("settings", nil); got == nil || len(got) > 0 || problems != nil {
		t.Errorf("nothing: got %v, %v, want an empty document", got, problems)
	}
}

func TestDecodeBoundsProblems(t *testing.T) {
	t.Parallel()
	in := map[string]any{"meeting_invitees": make([]any, 1000)}
	for i := range 1000 {
		in["meeting_invitees"].([]any)[i] = "nobody"
	}
	doc, problems := Meeting.Decode("settings", in)
	if len(problems) != maxProblems || len(doc) != 0 {
		t.Errorf("got %d problems, document %v, want %d and none", len(problems), doc, maxProblems)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`,
		`{"host_video":"1","jbh_time":"5","audio":"","approval_type":1.0,"contact_name":1e300}`,
		`{"auto_add_recording_to_video_management":{"enable":0,"channels":[{"channel_id":"a"},{"name":"b"}]}}`,
		`{"global_dial_in_countries":"US,DE; FR","breakout_room":{"rooms":[{"participants":["a",null,""]},{}]}}`,
		`{"resources":[{"resource_id":"a"}],"custom_keys":[{"key":"a","value":"\u0000"}],"meeting_invitees":[{"email":" a@b.example "}]}`,
		`{"waiting_room_options":{"mode":null,"who_goes_to_waiting_room":"everyone"},"waiting_room":true,"join_before_host":true}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var in, untouched map[string]any
		if json.Unmarshal(text, &in) != nil {
			return
		}
		if err := json.Unmarshal(text, &untouched); err != nil {
			t.Fatal(err)
		}
		doc, problems := Meeting.Decode("settings", in)
		if !reflect.DeepEqual(in, untouched) {
			t.Fatalf("the input changed: got %v, want %v", in, untouched)
		}
		again, more := Meeting.Decode("settings", doc)
		if !reflect.DeepEqual(again, doc) {
			t.Fatalf("decoded again: got %v, want %v", again, doc)
		}
		if len(problems) == 0 && len(more) > 0 {
			t.Fatalf("problems only when decoded again: %v", more)
		}
		written, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		read, err := FromJSON(written)
		if err != nil || !reflect.DeepEqual(read, doc) {
			t.Fatalf("through JSON: got %v, %v, want %v", read, err, doc)
		}
		CheckMeeting("settings", Meeting.Effective(doc))
	})
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}
