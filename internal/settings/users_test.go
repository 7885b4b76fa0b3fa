package settings

import (
	"testing"

	"muster/internal/muster"
)

func TestFeatures(t *testing.T) {
	t.Parallel()
	c := Chain{Account: &Owner{Level: Account}, User: &Owner{Level: User, Values: Doc{"feature.webinar": true}}}
	for name, tt := range map[string]struct {
		change     Doc
		asked, all muster.Features
		ok         bool
	}{
		"of something else": {Doc{"in_meeting.chat": true}, muster.Features{}, muster.Features{Webinar: true}, false},
		"off":               {Doc{"feature.webinar": false, "feature.concurrent_meeting": "None"}, muster.Features{}, muster.Features{}, true},
		"on": {
			Doc{"feature.large_meeting": true, "feature.concurrent_meeting": "Plus", "feature.zoom_whiteboard": true},
			muster.Features{LargeMeeting: true, Concurrent: true, Whiteboard: true},
			muster.Features{LargeMeeting: true, Concurrent: true, Whiteboard: true, Webinar: true},
			true,
		},
		"the others": {
			Doc{"feature.zoom_events": true, "feature.zoom_whiteboard_plus": true, "feature.webinar": true},
			muster.Features{Events: true, WhiteboardPlus: true},
			muster.Features{Events: true, WhiteboardPlus: true, Webinar: true},
			true,
		},
		"what has no rule": {Doc{"feature.meeting_capacity": int64(500)}, muster.Features{}, muster.Features{Webinar: true}, true},
	} {
		if asked, all, ok := c.Features(tt.change); asked != tt.asked || all != tt.all || ok != tt.ok {
			t.Errorf("%s: got %+v, %+v, %v", name, asked, all, ok)
		}
	}
}

func TestPasswordRulesOfAnAccount(t *testing.T) {
	t.Parallel()
	const section = "security.password_requirement."
	account := &Owner{Level: Account}
	if got := (Chain{Account: account}).PasswordRules(); got.Check("Correct7Horse") != nil || got.Special || got.Guessable {
		t.Errorf("of an account that says nothing: got %+v", got)
	}
	account.Values = Doc{
		section + "minimum_password_length": int64(10), section + "consecutive_characters_length": int64(4),
		section + "have_special_character": true, section + "weak_enhance_detection": true,
	}
	want := muster.PasswordRules{MinLength: 10, Sequence: 4, Special: true, Guessable: true}
	if got := (Chain{Account: account}).PasswordRules(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLeftToAdministrators(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		values Doc
		want   map[string]bool
	}{
		"nothing said":       {nil, map[string]bool{UserName: false, UserPicture: false}},
		"a list that is off": {Doc{"security.user_modifiable_info_by_admin": []any{"name"}}, map[string]bool{UserName: false}},
		"all":                {Doc{"security.admin_change_user_info": true}, map[string]bool{UserName: true, UserPicture: true, UserHostKey: true}},
		"some":               {Doc{"security.admin_change_user_info": true, "security.user_modifiable_info_by_admin": []any{"name"}}, map[string]bool{UserName: true, UserPicture: false}},
	} {
		c := Chain{Account: &Owner{Level: Account, Values: tt.values}}
		for part, want := range tt.want {
			if got := c.LeftToAdministrators(part); got != want {
				t.Errorf("%s: %s: got %v, want %v", name, part, got, want)
			}
		}
	}
}
