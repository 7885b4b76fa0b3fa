package settings

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"muster/internal/muster"
)

// TestCatalogues holds the tables to what Leaf promises.
func TestCatalogues(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Catalogue{"meeting": Meeting} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkCatalogue(t, name, c)
			doc, problems := c.Decode("", c.Defaults())
			if len(problems) > 0 || !reflect.DeepEqual(doc, c.Defaults()) {
				t.Errorf("defaults decode to %v, %v, want %v", doc, problems, c.Defaults())
			}
		})
	}
}

func checkCatalogue(t *testing.T, path string, c Catalogue) {
	t.Helper()
	seen := map[string]Kind{}
	for _, l := range c {
		if l.Name == "" || seen[l.Name] != "" {
			t.Errorf("%s: name %q is empty or there twice", path, l.Name)
		}
		seen[l.Name] = l.Kind
		checkLeaf(t, path+"."+l.Name, l)
	}
	for _, l := range c {
		if l.OffWith != "" && (l.Kind != Bool || seen[l.OffWith] != Bool) {
			t.Errorf("%s.%s: OffWith %q is not between booleans of one object", path, l.Name, l.OffWith)
		}
	}
}

func checkLeaf(t *testing.T, path string, l Leaf) {
	t.Helper()
	switch l.Kind {
	case Bool, Int, String, Email, List, Object:
	default:
		t.Errorf("%s: no kind %q", path, l.Kind)
	}
	if (l.Kind == Object) != (len(l.Fields) > 0) || (l.Kind == List) != (l.Item != nil) {
		t.Errorf("%s: fields or item do not fit kind %s", path, l.Kind)
	}
	if l.Split && l.Item.Kind != String && l.Item.Kind != Email {
		t.Errorf("%s: Split is for lists of texts", path)
	}
	for _, v := range l.Enum {
		_, isInt := v.(int64)
		_, isText := v.(string)
		if !(l.Kind == Int && isInt || l.Kind == String && isText) {
			t.Errorf("%s: enum value %v does not fit kind %s", path, v, l.Kind)
		}
	}
	checkCatalogue(t, path, l.Fields)
	if l.Item != nil {
		checkLeaf(t, path+"[]", *l.Item)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	d := Meeting.Defaults()
	want := Doc{
		"approval_type": int64(2), "registration_type": int64(1), "jbh_time": int64(0), "audio": "both", "auto_recording": "none",
		"alternative_hosts": "", "email_notification": true, "alternative_hosts_email_notification": true, "close_registration": false,
		"registrants_email_notification": true, "registrants_confirmation_email": true, "waiting_room": false, "join_before_host": false,
	}
	for name, v := range want {
		if d[name] != v {
			t.Errorf("%s: got %v, want %v", name, d[name], v)
		}
	}
	for name, v := range d {
		switch v.(type) {
		case bool, int64, string:
		default:
			t.Errorf("%s: got %v, want no lists and objects unless set", name, v)
		}
	}
	nested := Catalogue{{Name: "section", Kind: Object, Fields: Catalogue{{Name: "a", Kind: Bool, Default: true}, {Name: "b", Kind: Int}}}}
	if got, want := nested.Defaults(), (Doc{"section": map[string]any{"a": true}}); !reflect.DeepEqual(got, want) {
		t.Errorf("a section: got %v, want %v", got, want)
	}
}

func TestEffective(t *testing.T) {
	t.Parallel()
	series := Doc{"join_before_host": true, "host_video": true, "breakout_room": map[string]any{"enable": true}}
	date := Doc{"waiting_room": true, "host_video": false}

	alone := Meeting.Effective(series)
	if !alone.Bool("join_before_host") || !alone.Bool("host_video") || alone.String("audio") != "both" {
		t.Errorf("the series alone: got %v", alone)
	}
	got := Meeting.Effective(series, nil, date)
	if got.Bool("join_before_host") || got.Bool("host_video") || !got.Bool("waiting_room") || !got.Bool("breakout_room.enable") {
		t.Errorf("with a date of its own: got %v", got)
	}
	spoil(got)
	if !series.Bool("join_before_host") || !series.Bool("breakout_room.enable") || !date.Bool("waiting_room") {
		t.Errorf("a change of the result reached %v or %v", series, date)
	}
	if got := Meeting.Effective(); !reflect.DeepEqual(got, Meeting.Defaults()) {
		t.Errorf("nothing set: got %v, want the defaults", got)
	}
}

func TestOccurrence(t *testing.T) {
	t.Parallel()
	var got []string
	for _, l := range Meeting.Occurrence() {
		got = append(got, l.Name)
	}
	slices.Sort(got)
	want := []string{"auto_recording", "host_video", "join_before_host", "mute_upon_entry", "participant_video", "waiting_room", "watermark"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	doc, problems := Meeting.Occurrence().Decode("settings", map[string]any{"watermark": true, "audio": "loud"})
	if len(problems) > 0 || !reflect.DeepEqual(doc, Doc{"watermark": true}) {
		t.Errorf("got %v, %v, want only what one occurrence may change", doc, problems)
	}
}

func TestCheckMeeting(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		doc  Doc
		want []muster.Problem
	}{
		"nothing set":                   {nil, nil},
		"the defaults":                  {Meeting.Defaults(), nil},
		"semicolons":                    {Doc{"enforce_login_domains": "a.example; b.example;"}, nil},
		"commas":                        {Doc{"enforce_login_domains": "a.example,b.example"}, []muster.Problem{{Field: "settings.enforce_login_domains", Rule: "must have semicolons between the domains"}}},
		"spaces":                        {Doc{"enforce_login_domains": "a.example b.example"}, []muster.Problem{{Field: "settings.enforce_login_domains", Rule: "must have semicolons between the domains"}}},
		"commas where they belong":      {Doc{"authentication_domains": "a.example,b.example"}, nil},
		"two ways to mute":              {Doc{"request_permission_to_unmute_participants": true, "allow_host_control_participant_mute_state": true}, []muster.Problem{{Field: "settings.allow_host_control_participant_mute_state", Rule: "must be false where request_permission_to_unmute_participants is true"}}},
		"a custom waiting room":         {Doc{"waiting_room_options": map[string]any{"mode": "custom"}}, []muster.Problem{{Field: "settings.waiting_room_options.who_goes_to_waiting_room", Rule: "must be given where mode is custom"}}},
		"a custom waiting room, for":    {Doc{"waiting_room_options": map[string]any{"mode": "custom", "who_goes_to_waiting_room": "everyone"}}, nil},
		"waiting room and early coming": {Doc{"waiting_room": true, "join_before_host": true}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := CheckMeeting("settings", tt.doc); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	c := Catalogue{
		{Name: "on", Kind: Bool, Default: true, Deprecated: true},
		{Name: "n", Kind: Int, Max: 9, Default: int64(3)},
		{Name: "kind", Kind: Int, Enum: ints(1, 2)},
		{Name: "s", Kind: String, Max: 5},
		{Name: "o", Kind: Object, Fields: Catalogue{{Name: "must", Kind: Bool, Required: true}}},
		{Name: "l", Kind: List, Min: 1, Max: 2, Item: &Leaf{Kind: Email}, ReadOnly: true},
	}
	got, err := json.Marshal(c.Schema())
	want := `{"properties":{` +
		`"kind":{"enum":[1,2],"type":"integer"},` +
		`"l":{"items":{"format":"email","type":"string"},"maxItems":2,"minItems":1,"readOnly":true,"type":"array"},` +
		`"n":{"default":3,"maximum":9,"minimum":0,"type":"integer"},` +
		`"o":{"properties":{"must":{"type":"boolean"}},"required":["must"],"type":"object"},` +
		`"on":{"default":true,"deprecated":true,"type":"boolean"},` +
		`"s":{"maxLength":5,"type":"string"}},"type":"object"}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}
