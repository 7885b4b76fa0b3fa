package settings

import "muster/internal/muster"

// PersonalNumber is the setting that says whether meetings can use the personal
// number of their host.
const PersonalNumber = "schedule_meeting.personal_meeting"

// scheduleMeetingSection is the section schedule_meeting.
var scheduleMeetingSection = Leaf{Name: "schedule_meeting", Kind: Object, Fields: Catalogue{
	{Name: "allow_host_to_disable_participant_video", Kind: Bool, At: Account},
	{Name: "always_display_zoom_meeting_as_topic", Kind: Object, Fields: Catalogue{
		{Name: "display_topic_for_scheduled_meetings", Kind: Bool, At: Account | Group},
		{Name: "enable", Kind: Bool, At: Account | Group},
	}},
	{Name: "always_display_zoom_webinar_as_topic", Kind: Object, Fields: Catalogue{
		{Name: "display_topic_for_scheduled_webinars", Kind: Bool, At: Account | Group, Lock: "schedule_meeting.always_display_zoom_webinar_as_topic", LockAt: Account},
		{Name: "enable", Kind: Bool, At: Account | Group, Lock: "schedule_meeting.always_display_zoom_webinar_as_topic", LockAt: Account},
	}},
	{Name: "audio_type", Kind: String, Enum: texts("both", "telephony", "voip", "thirdParty"), Default: "voip", At: Everywhere, Lock: "schedule_meeting.audio_type", Effect: decides("audio")},
	{Name: "continuous_meeting_chat", Kind: Object, Fields: Catalogue{
		{Name: "auto_add_invited_external_users", Kind: Bool, At: Everywhere, ReadOnlyAt: User, Deprecated: true, Lock: "schedule_meeting.continuous_meeting_chat", Effect: decides("continuous_meeting_chat.auto_add_invited_external_users")},
		{Name: "can_add_external_users", Kind: Bool, At: Everywhere, ReadOnlyAt: User, Deprecated: true, Lock: "schedule_meeting.continuous_meeting_chat"},
		{Name: "enable", Kind: Bool, At: Everywhere, ReadOnlyAt: User, Lock: "schedule_meeting.continuous_meeting_chat", Effect: decides("continuous_meeting_chat.enable")},
		{Name: "support_instant_meetings", Kind: Bool, At: User, ReadOnlyAt: User, Lock: "schedule_meeting.continuous_meeting_chat"},
		{Name: "support_scheduled_meetings", Kind: Bool, At: User, ReadOnlyAt: User, Lock: "schedule_meeting.continuous_meeting_chat"},
	}},
	{Name: "default_password_for_scheduled_meetings", Kind: String, Max: muster.MaxPasscodeLength, At: User, Secret: true, Effect: "Is the passcode that is made for scheduled meetings, as long as it keeps to the rules."},
	{Name: "embed_password_in_join_link", Kind: Bool, Default: true, At: Group | User, Lock: "schedule_meeting.embed_password_in_join_link", Same: PasscodeInLink, Effect: embeds},
	{Name: "enable_dedicated_group_chat", Kind: Bool, At: Account},
	{Name: "enforce_login", Kind: Bool, At: Account, Lock: "schedule_meeting.enforce_login", LockAt: Account, Effect: decides("enforce_login")},
	{Name: "enforce_login_domains", Kind: String, At: Account, Lock: "schedule_meeting.enforce_login_domains", LockAt: Account, Effect: decides("enforce_login_domains")},
	{Name: "enforce_login_with_domains", Kind: Bool, At: Account, Lock: "schedule_meeting.enforce_login_with_domains", LockAt: Account},
	{Name: "force_pmi_jbh_password", Kind: Bool, At: Everywhere, Deprecated: true, Lock: "schedule_meeting.force_pmi_jbh_password", LockAt: Group},
	{Name: "hide_meeting_description", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool, At: Account},
		{Name: "hide_description_for_scheduled_meetings", Kind: Bool, At: Account},
	}},
	{Name: "hide_webinar_description", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool, At: Account},
		{Name: "hide_description_for_scheduled_webinars", Kind: Bool, At: Account},
	}},
	{Name: "host_video", Kind: Bool, At: Everywhere, Lock: "schedule_meeting.host_video", Effect: decides("host_video")},
	{Name: "jbh_time", Kind: Int, Enum: ints(0, 5, 10, 15), At: Account, Lock: "schedule_meeting.join_before_host", Effect: decides("jbh_time")},
	{Name: "join_before_host", Kind: Bool, At: Everywhere, Lock: "schedule_meeting.join_before_host", Effect: decides("join_before_host")},
	{Name: "meeting_password_requirement", Kind: Object, Fields: passcodeRequirement(Account|User, passcodeRules)},
	{Name: "meeting_template", Kind: Object, Fields: Catalogue{
		{Name: "action", Kind: String, At: Account, WriteOnly: true},
		{Name: "enable", Kind: Bool, At: Account},
		{Name: "templates", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "id", Kind: String},
			{Name: "name", Kind: String},
			{Name: "enable", Kind: Bool},
		}}, At: Account},
	}},
	{Name: "mute_upon_entry", Kind: Bool, At: Group, Lock: "schedule_meeting.mute_upon_entry", LockAt: Group, Effect: decides("mute_upon_entry")},
	{Name: "not_store_meeting_topic", Kind: Bool, At: Account, Lock: "schedule_meeting.not_store_meeting_topic", LockAt: Account},
	{Name: "participant_video", Kind: Bool, At: Account | Group, Lock: "schedule_meeting.participant_video", Effect: decides("participant_video")},
	{Name: "participants_video", Kind: Bool, At: User, Same: "schedule_meeting.participant_video", Lock: "schedule_meeting.participant_video", Effect: decides("participant_video")},
	{Name: "personal_meeting", Kind: Bool, Default: true, At: Everywhere, ReadOnlyAt: Group, Lock: "schedule_meeting.personal_meeting", Effect: "Where it is off, settings.use_pmi cannot be turned on; meetings that use the number go on."},
	{Name: "pmi_password", Kind: String, Max: muster.MaxPasscodeLength, At: User, Secret: true, Effect: "Is the passcode that is made for meetings with the personal number, as long as it keeps to the rules."},
	{Name: "pstn_password_protected", Kind: Bool, At: Group | User, Lock: "schedule_meeting.pstn_password_protected", LockAt: Group},
	{Name: "require_password_for_all_meetings", Kind: Bool, At: Group, WriteOnly: true, Sparse: Group},
	{Name: "require_password_for_instant_meetings", Kind: Bool, Default: true, At: Everywhere, Lock: "schedule_meeting.require_password_for_instant_meetings", Effect: requires("instant meetings")},
	{Name: "require_password_for_pmi_meetings", Kind: String, Enum: texts("all", "jbh_only", "none"), Default: "all", At: Everywhere, Lock: "schedule_meeting.require_password_for_pmi_meetings", Effect: requires("meetings with the personal number, or those of them that can be joined before the host")},
	{Name: "require_password_for_scheduled_meetings", Kind: Bool, At: Everywhere},
	{Name: "require_password_for_scheduling_new_meetings", Kind: Bool, Default: true, At: Everywhere, Lock: "schedule_meeting.require_password_for_scheduling_new_meetings", Effect: requires("scheduled meetings")},
	{Name: "upcoming_meeting_reminder", Kind: Bool, At: Group, Lock: "schedule_meeting.upcoming_meeting_reminder", LockAt: Group},
	{Name: "use_pmi_for_instant_meetings", Kind: Bool, At: Everywhere, ReadOnlyAt: Group, Lock: "schedule_meeting.use_pmi_for_instant_meetings", LockAt: Account},
	{Name: "use_pmi_for_schedule_meetings", Kind: Bool, At: Group, ReadOnlyAt: Group, Same: "schedule_meeting.use_pmi_for_scheduled_meetings", Lock: "schedule_meeting.use_pmi_for_scheduled_meetings", LockAt: Account},
	{Name: "use_pmi_for_scheduled_meetings", Kind: Bool, At: Account | User, Lock: "schedule_meeting.use_pmi_for_scheduled_meetings", LockAt: Account},
}}
