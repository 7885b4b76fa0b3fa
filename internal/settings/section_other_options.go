package settings

// otherOptionsSection is the section other_options.
var otherOptionsSection = Leaf{Name: "other_options", Kind: Object, Fields: Catalogue{
	{Name: "allow_auto_active_users", Kind: Bool, At: Account},
	{Name: "allow_users_contact_support_via_chat", Kind: Bool, At: Account | Group},
	{Name: "allow_users_enter_and_share_pronouns", Kind: Bool, At: Account},
	{Name: "blur_snapshot", Kind: Bool, At: Account | Group, Lock: "other_options.blur_snapshot"},
	{Name: "display_meetings_scheduled_for_others", Kind: Bool, At: Account},
	{Name: "email_in_attendee_report_for_meeting", Kind: Bool, At: Account},
	{Name: "meeting_qos_and_mos", Kind: Int, Enum: ints(0, 1, 2, 3), At: Account},
	{Name: "show_one_user_meeting_on_dashboard", Kind: Bool, At: Account},
	{Name: "use_cdn", Kind: String, Enum: texts("none", "default", "wangsu"), At: Account},
	{Name: "webinar_registration_options", Kind: Object, Fields: Catalogue{
		{Name: "allow_host_to_enable_join_info", Kind: Bool, At: Account | Group, Lock: "other_options.webinar_registration_options", LockAt: Account},
		{Name: "allow_host_to_enable_social_share_buttons", Kind: Bool, At: Account | Group, Lock: "other_options.webinar_registration_options", LockAt: Account},
		{Name: "enable_custom_questions", Kind: Bool, At: Account | Group, Lock: "other_options.webinar_registration_options", LockAt: Account},
	}},
}}
