package settings

import (
	"reflect"
	"slices"

	"muster/internal/muster"
)

// PasswordRules returns what the account of c asks of its users' passwords,
// without anybody's own address.
func (c Chain) PasswordRules() muster.PasswordRules {
	const section = "security.password_requirement."
	number := func(name string) int { n, _ := c.Value(section + name).(int64); return int(n) }
	return muster.PasswordRules{
		MinLength: number("minimum_password_length"), Sequence: number("consecutive_characters_length"),
		Special: c.Value(section+"have_special_character") == true, Guessable: c.Value(section+"weak_enhance_detection") == true,
	}
}

// The parts of a user that an account can leave to its administrators.
const (
	UserName    = "name"
	UserPicture = "profile_picture"
	UserHostKey = "host_key"
)

// LeftToAdministrators reports whether the account of c leaves a part of its
// users to administrators: all parts where it names none.
func (c Chain) LeftToAdministrators(part string) bool {
	list, _ := c.Value("security.user_modifiable_info_by_admin").([]any)
	return c.Value("security.admin_change_user_info") == true && (len(list) == 0 || slices.Contains(list, any(part)))
}

// featurePrefix begins the names of what users can have switched on.
const featurePrefix = "feature."

// Features returns which of muster.Features a change at the end of c switches
// on, and which are on then. ok says whether the change is about features at all.
func (c Chain) Features(change Doc) (asked, all muster.Features, ok bool) {
	own := c.End().Values
	others := Doc{} // than are there already, and may be sent back
	for key, v := range change {
		ok = ok || Reserved(key) == usersFeatures
		if !reflect.DeepEqual(v, own[key]) {
			others[key] = v
		}
	}
	return featuresOf(others), featuresOf(Merge(own, change)), ok
}

func featuresOf(d Doc) muster.Features {
	on := func(name string) bool { return d[featurePrefix+name] == true }
	concurrent, given := d[featurePrefix+"concurrent_meeting"]
	return muster.Features{
		LargeMeeting: on("large_meeting"), Webinar: on("webinar"), Events: on("zoom_events"), Concurrent: given && concurrent != "None",
		Whiteboard: on("zoom_whiteboard"), WhiteboardPlus: on("zoom_whiteboard_plus"),
	}
}
