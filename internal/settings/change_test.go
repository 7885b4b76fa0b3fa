package settings

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"muster/internal/muster"
)

// told is a list of problems in one text.
func told(problems []muster.Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Field+": "+p.Rule)
	}
	return strings.Join(all, "; ")
}

func bodyOf(t *testing.T, text string) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// TestItemsAreChecked: what an item of a list has and is unknown is refused,
// and so is an item that says nothing; neither makes the list a shorter one.
func TestItemsAreChecked(t *testing.T) {
	t.Parallel()
	account, group := Chain{Account: &Owner{Level: Account}}, Chain{Account: &Owner{Level: Account}, Groups: []*Owner{{Level: Group}}}
	for name, tt := range map[string]struct {
		c                  Chain
		option, body, want string
	}{
		"numbers":         {group, "", `{"audio_conferencing":{"toll_free_and_fee_based_toll_call":{"numbers":[{"bogus":1}]}}}`, "audio_conferencing.toll_free_and_fee_based_toll_call.numbers[0].bogus: is no setting of the group"},
		"beside a known":  {group, "", `{"audio_conferencing":{"toll_free_and_fee_based_toll_call":{"numbers":[{"number":"1"},{"number":"2","bogus":null}]}}}`, "audio_conferencing.toll_free_and_fee_based_toll_call.numbers[1].bogus: is no setting of the group"},
		"nothing":         {group, "", `{"audio_conferencing":{"toll_free_and_fee_based_toll_call":{"numbers":[{}]}}}`, "audio_conferencing.toll_free_and_fee_based_toll_call.numbers[0]: must say something"},
		"null":            {group, "", `{"audio_conferencing":{"toll_free_and_fee_based_toll_call":{"numbers":[null]}}}`, "audio_conferencing.toll_free_and_fee_based_toll_call.numbers[0]: must say something"},
		"policies":        {account, "", `{"chat":{"chat_etiquette_tool":{"policies":[{"nmae":"x"}]}}}`, "chat.chat_etiquette_tool.policies[0].nmae: is no setting of the account"},
		"within an item":  {account, "", `{"in_meeting":{"auto_generated_translation":{"language_item_pairList":{"trans_lang_config":[{"speak_language":{"bogus":1}}]}}}}`, "in_meeting.auto_generated_translation.language_item_pairList.trans_lang_config[0].speak_language.bogus: is no setting of the account"},
		"custom question": {group, Registration, `{"custom_questions":[{"title":"Why?","answer":["a"]}]}`, "custom_questions[0].answer: is no setting of the group"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shape, _ := Shape(tt.c.End().Level, tt.option)
			change, problems := tt.c.Change(shape, bodyOf(t, tt.body))
			if got := told(problems); len(change) > 0 || got != tt.want {
				t.Errorf("got %v %q, want %q", change, got, tt.want)
			}
		})
	}
	split := `{"in_meeting":{"data_center_regions":"US, ,DE;"}}`
	shape, _ := Shape(Group, "")
	if change, problems := group.Change(shape, bodyOf(t, split)); len(problems) > 0 || !reflect.DeepEqual(change["in_meeting.data_center_regions"], []any{"US", "DE"}) {
		t.Errorf("%s: got %v %q", split, change, told(problems))
	}
}

// TestFilesSentBack: the list of files is what uploads made it. Whoever sends
// back what is answered has said nothing, and what is above goes on to hold.
func TestFilesSentBack(t *testing.T) {
	t.Parallel()
	file := func(id string, isDefault bool) map[string]any {
		return map[string]any{"id": id, "is_default": isDefault, "name": id + ".png", "size": int64(7), "type": "image"}
	}
	shape, _ := Shape(User, "")
	for name, tt := range map[string]struct {
		account, user []any
		asked         []any
		want          any // of the change
		bad           string
	}{
		"none at all":              {asked: []any{}},
		"inherited, as answered":   {account: []any{file("a", true)}, asked: []any{file("a", true)}},
		"inherited, none sent":     {account: []any{file("a", true)}, asked: []any{}},
		"inherited, another one":   {account: []any{file("a", true)}, asked: []any{file("a", false)}, bad: Files + ": must be of files that are there: they come by uploading and go by deleting"},
		"own, as answered":         {user: []any{file("b", true)}, asked: []any{file("b", true)}},
		"own, another default":     {user: []any{file("b", true), file("c", false)}, asked: []any{map[string]any{"id": "c", "is_default": true}}, want: []any{file("b", false), file("c", true)}},
		"own, an empty list":       {user: []any{file("b", true)}, asked: []any{}, want: []any{file("b", true)}},
		"own and a foreign file":   {account: []any{file("a", true)}, user: []any{file("b", true)}, asked: []any{file("a", true)}, bad: Files + ": must be of files that are there: they come by uploading and go by deleting"},
		"nobody's file, none here": {asked: []any{map[string]any{"id": "x", "is_default": true}}, bad: Files + ": must be of files that are there: they come by uploading and go by deleting"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := Chain{Account: &Owner{Level: Account, Values: Doc{}}, User: &Owner{Level: User, Values: Doc{}}}
			if tt.account != nil {
				c.Account.Values[Files] = tt.account
			}
			if tt.user != nil {
				c.User.Values[Files] = tt.user
			}
			body := map[string]any{"in_meeting": map[string]any{"virtual_background_settings": map[string]any{"files": tt.asked}}}
			change, problems := c.Change(shape, body)
			if got := told(problems); got != tt.bad {
				t.Errorf("got %q, want %q", got, tt.bad)
			}
			got, set := change[Files]
			if tt.bad == "" && (set != (tt.want != nil) || set && !reflect.DeepEqual(got, tt.want)) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestAnswersMayBeSentBack: at every level and with every option, what is
// answered is taken back and holds afterwards.
func TestAnswersMayBeSentBack(t *testing.T) {
	t.Parallel()
	account := &Owner{Level: Account, Values: Doc{
		MeetingAuthentication + ".authentication_options": []any{map[string]any{"id": "x", "name": "X", "type": "enforce_login", "domains": "", "visible": true, "default_option": true}},
		Files: []any{map[string]any{"id": "a", "is_default": true, "name": "a.png", "size": int64(7), "type": "image"}},
	}, Locked: map[string]bool{"in_meeting.chat": true}}
	group := &Owner{Level: Group, Values: Doc{MaySchedule: false}}
	n := 0
	for level, c := range map[Level]Chain{
		Account: {Account: account}, Group: {Account: account, Groups: []*Owner{group}},
		User: {Account: account, Groups: []*Owner{group}, User: &Owner{Level: User}},
	} {
		for _, option := range append([]string{""}, options...) {
			shape, ok := Shape(level, option)
			if !ok {
				continue
			}
			n++
			text, err := json.Marshal(c.Answer(shape, nil))
			if err != nil {
				t.Fatal(err)
			}
			change, problems := c.Change(shape, bodyOf(t, string(text)))
			if len(problems) > 0 {
				t.Errorf("%s, option %q: %s", level, option, told(problems))
			}
			for _, s := range shape {
				if was, is := c.Decide(s).Value, c.with(change).Decide(s).Value; !reflect.DeepEqual(was, is) {
					t.Errorf("%s, %s: got %v, want %v", level, s.Name, is, was)
				}
			}
		}
	}
	if n < 14 {
		t.Errorf("compared %d shapes", n)
	}
}

// TestReadOnlyLeaves: another value than holds is refused, whatever it is.
func TestReadOnlyLeaves(t *testing.T) {
	t.Parallel()
	c := Chain{Account: &Owner{Level: Account}, Groups: []*Owner{{Level: Group}}}
	shape, _ := Shape(Group, "")
	for body, want := range map[string]string{
		`{"schedule_meeting":{"personal_meeting":true}}`:    "",
		`{"schedule_meeting":{"personal_meeting":"true"}}`:  "",
		`{"schedule_meeting":{"personal_meeting":null}}`:    "",
		`{"schedule_meeting":{"personal_meeting":false}}`:   "schedule_meeting.personal_meeting: cannot be set at the group",
		`{"schedule_meeting":{"personal_meeting":"pizza"}}`: "schedule_meeting.personal_meeting: cannot be set at the group",
	} {
		change, problems := c.Change(shape, bodyOf(t, body))
		if got := told(problems); len(change) > 0 || got != want {
			t.Errorf("%s: got %v %q, want %q", body, change, got, want)
		}
	}
}
