package settings

import (
	"strings"

	"muster/internal/muster"
)

// Meeting is the settings object of a meeting: the union of what Zoom's API
// takes on create and update and answers on both and on get, of 2024 and 2026.
//
// Defaults are those the API states. Where it states none, booleans are off,
// except the four on registration that it leaves to the user's settings:
// those are on. encryption_type, jbh_time and the empty texts are what real
// answers show. A leaf with a From has the default of what the host's settings
// have of it, so that these say what holds of meetings; see ResolveMeeting. contact_name and contact_email default to the host's, which
// the catalogue does not know.
var Meeting = Catalogue{
	{Name: "host_video", Kind: Bool, Default: false, PerOccurrence: true, From: "schedule_meeting.host_video"},
	{Name: "participant_video", Kind: Bool, Default: false, PerOccurrence: true, From: "schedule_meeting.participant_video"},
	{Name: "cn_meeting", Kind: Bool, Default: false, Deprecated: true},
	{Name: "in_meeting", Kind: Bool, Default: false, Deprecated: true},
	{Name: "join_before_host", Kind: Bool, Default: false, PerOccurrence: true, OffWith: "waiting_room", From: "schedule_meeting.join_before_host"},
	{Name: "jbh_time", Kind: Int, Enum: ints(0, 5, 10, 15), Default: int64(0), From: "schedule_meeting.jbh_time"},
	{Name: "mute_upon_entry", Kind: Bool, Default: false, PerOccurrence: true, From: "schedule_meeting.mute_upon_entry"},
	{Name: "watermark", Kind: Bool, Default: false, PerOccurrence: true, From: "in_meeting.watermark"},
	{Name: "use_pmi", Kind: Bool, Default: false},
	{Name: "audio", Kind: String, Enum: texts("both", "telephony", "voip", "thirdParty"), Default: "both", From: "schedule_meeting.audio_type"},
	{Name: "audio_conference_info", Kind: String, Max: 2048, From: "telephony.audio_conference_info"},
	{Name: "auto_recording", Kind: String, Enum: texts("local", "cloud", "none"), Default: "none", PerOccurrence: true, From: "recording.auto_recording"},
	{Name: "host_pause_stop_recording", Kind: Bool, Default: false, From: "recording.host_pause_stop_recording"},
	{Name: "auto_add_recording_to_video_management", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool, Required: true},
		{Name: "channels", Kind: List, Min: 1, Max: 5, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "channel_id", Kind: String, Required: true},
			{Name: "name", Kind: String},
		}}},
	}},
	{Name: "encryption_type", Kind: String, Enum: texts("enhanced_encryption", "e2ee"), Default: "enhanced_encryption", From: "meeting_security.encryption_type"},
	{Name: "additional_data_center_regions", Kind: List, Item: &Leaf{Kind: String}, Split: true},

	// Registration.
	{Name: "approval_type", Kind: Int, Enum: ints(0, 1, 2), Default: int64(2)},
	{Name: "registration_type", Kind: Int, Enum: ints(1, 2, 3), Default: int64(1)},
	{Name: "close_registration", Kind: Bool, Default: false, From: "webinar_registration.options.close_registration"},
	// The API has it for webinars only; clients send it for meetings too.
	{Name: "registrants_confirmation_email", Kind: Bool, Default: true}, // the user's setting decides
	{Name: "registrants_email_notification", Kind: Bool, Default: true}, // the user's setting decides
	{Name: "show_share_button", Kind: Bool, Default: true, From: "webinar_registration.options.show_social_share_buttons"},
	{Name: "allow_multiple_devices", Kind: Bool, Default: true, From: "webinar_registration.options.allow_participants_to_join_from_multiple_devices"},
	{Name: "show_join_info", Kind: Bool, Default: false},
	{Name: "contact_name", Kind: String},
	{Name: "contact_email", Kind: String},

	// The host and those who help.
	{Name: "alternative_hosts", Kind: String, Default: ""},
	{Name: "alternative_hosts_email_notification", Kind: Bool, Default: true, From: "email_notification.alternative_host_reminder"},
	{Name: "alternative_host_update_polls", Kind: Bool, Default: false, From: "in_meeting.meeting_polling.allow_alternative_host_to_add_edit"},
	{Name: "alternative_host_manage_meeting_summary", Kind: Bool, Default: false},
	{Name: "alternative_host_manage_cloud_recording", Kind: Bool, Default: false},
	{Name: "email_notification", Kind: Bool, Default: true},
	{Name: "host_save_video_order", Kind: Bool, Default: false},

	// Who may join.
	{Name: "meeting_authentication", Kind: Bool, Default: false, From: "meeting_authentication.meeting_authentication"},
	{Name: "authentication_option", Kind: String},
	{Name: "authentication_name", Kind: String, ReadOnly: true},
	{Name: "authentication_domains", Kind: String},
	{Name: "authentication_exception", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "email", Kind: Email},
		{Name: "name", Kind: String},
		{Name: "join_url", Kind: String, ReadOnly: true},
	}}},
	{Name: "enforce_login", Kind: Bool, Default: false, Deprecated: true, From: "schedule_meeting.enforce_login"},
	{Name: "enforce_login_domains", Kind: String, Default: "", Deprecated: true, From: "schedule_meeting.enforce_login_domains"},
	{Name: "approved_or_denied_countries_or_regions", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool},
		{Name: "method", Kind: String, Enum: texts("approve", "deny")},
		{Name: "approved_list", Kind: List, Item: &Leaf{Kind: String}, Split: true},
		{Name: "denied_list", Kind: List, Item: &Leaf{Kind: String}, Split: true},
	}},
	{Name: "waiting_room", Kind: Bool, Default: false, PerOccurrence: true, From: "meeting_security.waiting_room"},
	{Name: "waiting_room_options", Kind: Object, Fields: Catalogue{
		{Name: "mode", Kind: String, Enum: texts("follow_setting", "custom"), Required: true},
		{Name: "who_goes_to_waiting_room", Kind: String, Enum: texts("everyone", "users_not_in_account",
			"users_not_in_account_or_whitelisted_domains", "users_not_on_invite", "users_not_in_org")},
	}},
	{Name: "private_meeting", Kind: Bool, Default: false},
	{Name: "internal_meeting", Kind: Bool, Default: false},
	{Name: "meeting_invitees", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "email", Kind: Email},
		{Name: "internal_user", Kind: Bool, ReadOnly: true},
	}}},

	// In the meeting.
	{Name: "breakout_room", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool},
		{Name: "rooms", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "name", Kind: String},
			{Name: "participants", Kind: List, Item: &Leaf{Kind: String}, Split: true},
		}}},
	}},
	{Name: "language_interpretation", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool},
		{Name: "interpreters", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "email", Kind: Email},
			{Name: "languages", Kind: String, Deprecated: true},
			{Name: "interpreter_languages", Kind: String},
		}}},
	}},
	{Name: "sign_language_interpretation", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool},
		// The API writes this limit as the list's "maximum".
		{Name: "interpreters", Kind: List, Max: 20, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "email", Kind: Email},
			{Name: "sign_language", Kind: String},
		}}},
	}},
	{Name: "question_and_answer", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool},
		{Name: "allow_submit_questions", Kind: Bool},
		{Name: "allow_anonymous_questions", Kind: Bool},
		{Name: "question_visibility", Kind: String, Enum: texts("answered", "all")},
		{Name: "attendees_can_comment", Kind: Bool},
		{Name: "attendees_can_upvote", Kind: Bool},
	}},
	{Name: "continuous_meeting_chat", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool, From: "schedule_meeting.continuous_meeting_chat.enable"},
		{Name: "auto_add_invited_external_users", Kind: Bool, Deprecated: true, From: "schedule_meeting.continuous_meeting_chat.auto_add_invited_external_users"},
		{Name: "auto_add_meeting_participants", Kind: Bool, Deprecated: true},
		{Name: "channel_id", Kind: String, ReadOnly: true},
	}},
	{Name: "resources", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "resource_type", Kind: String, Enum: texts("whiteboard")},
		{Name: "resource_id", Kind: String},
		{Name: "permission_level", Kind: String, Enum: texts("editor", "commenter", "viewer"), Default: "editor"},
	}}},
	{Name: "focus_mode", Kind: Bool, Default: false},
	{Name: "participant_focused_meeting", Kind: Bool, Default: false},
	{Name: "device_testing", Kind: Bool, Default: false},
	{Name: "request_permission_to_unmute_participants", Kind: Bool, Default: false},
	{Name: "allow_host_control_participant_mute_state", Kind: Bool, Default: false},
	{Name: "disable_participant_video", Kind: Bool, Default: false},
	{Name: "auto_start_deepfake_detection", Kind: Bool, Default: false},
	{Name: "auto_start_meeting_summary", Kind: Bool, Default: false},
	{Name: "who_will_receive_summary", Kind: Int, Enum: ints(1, 2, 3, 4)},
	{Name: "summary_template_id", Kind: String},
	{Name: "auto_start_ai_companion_questions", Kind: Bool, Default: false},
	{Name: "who_can_ask_questions", Kind: Int, Enum: ints(1, 2, 3, 4, 5)},
	{Name: "email_in_attendee_report", Kind: Bool, Default: false},

	// Calendars, telephones, labels.
	{Name: "calendar_type", Kind: Int, Enum: ints(1, 2)},
	{Name: "push_change_to_calendar", Kind: Bool, Default: false},
	{Name: "global_dial_in_countries", Kind: List, Item: &Leaf{Kind: String}, Split: true},
	// The update's schema lists it as well, though it follows from the countries.
	{Name: "global_dial_in_numbers", Kind: List, ReadOnly: true, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "city", Kind: String},
		{Name: "country", Kind: String},
		{Name: "country_name", Kind: String},
		{Name: "number", Kind: String},
		{Name: "type", Kind: String, Enum: texts("toll", "tollfree")},
	}}},
	{Name: "custom_keys", Kind: List, Max: 10, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "key", Kind: String, Max: 64},
		{Name: "value", Kind: String, Max: 256},
	}}},
}

// CheckMeeting returns the rules between a meeting's settings that d breaks,
// with fields named below prefix. d is the document as it would be stored,
// change and all: an update may break a rule together with what it leaves.
func CheckMeeting(prefix string, d Doc) []muster.Problem {
	var problems []muster.Problem
	refuse := func(name, rule string) {
		if prefix != "" {
			name = prefix + "." + name
		}
		problems = append(problems, muster.Problem{Field: name, Rule: rule})
	}
	if !semicolons(d.String("enforce_login_domains")) {
		refuse("enforce_login_domains", needsSemicolons)
	}
	if d.Bool("request_permission_to_unmute_participants") && d.Bool("allow_host_control_participant_mute_state") {
		refuse("allow_host_control_participant_mute_state", "must be false where request_permission_to_unmute_participants is true")
	}
	if d.String("waiting_room_options.mode") == "custom" && d.String("waiting_room_options.who_goes_to_waiting_room") == "" {
		refuse("waiting_room_options.who_goes_to_waiting_room", "must be given where mode is custom")
	}
	return problems
}

const needsSemicolons = "must have semicolons between the domains"

// semicolons reports whether a list of domains has nothing but semicolons
// between them.
func semicolons(domains string) bool {
	for part := range strings.SplitSeq(domains, ";") {
		if strings.ContainsAny(strings.TrimSpace(part), ", \t\r\n") {
			return false
		}
	}
	return true
}

// checkDomains returns what is wrong with the domains that a change sets for
// meetings: what CheckMeeting asks of them, so that a meeting that has them
// from there can be sent back as it is.
func checkDomains(change Doc) []muster.Problem {
	const name = "schedule_meeting.enforce_login_domains"
	if domains, _ := change[name].(string); !semicolons(domains) {
		return []muster.Problem{{Field: name, Rule: needsSemicolons}}
	}
	return nil
}

func ints(values ...int64) []any   { return anys(values) }
func texts(values ...string) []any { return anys(values) }

func anys[T any](values []T) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return list
}
