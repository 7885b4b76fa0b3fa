package settings

// meetingSecuritySection is the section meeting_security.
var meetingSecuritySection = Leaf{Name: "meeting_security", Kind: Object, Fields: Catalogue{
	{Name: "auto_security", Kind: Bool, At: Everywhere, Lock: "meeting_security.auto_security"},
	{Name: "block_user_domain", Kind: Bool, At: Everywhere, Lock: "meeting_security.block_user_domain"},
	{Name: "block_user_domain_list", Kind: List, Item: &Leaf{Kind: String, Min: 5, Max: 30}, Split: true, Max: 20, At: Everywhere, Lock: "meeting_security.block_user_domain"},
	{Name: "chat_etiquette_tool", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool, At: Account | Group, Lock: "meeting_security.chat_etiquette_tool", LockAt: Account},
		{Name: "operate", Kind: String, Enum: texts("create", "update", "delete"), At: Account, WriteOnly: true, Lock: "meeting_security.chat_etiquette_tool", LockAt: Account},
		{Name: "policies", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "description", Kind: String},
			{Name: "id", Kind: String},
			{Name: "is_locked", Kind: Bool},
			{Name: "keywords", Kind: List, Item: &Leaf{Kind: String}},
			{Name: "name", Kind: String},
			{Name: "regular_expression", Kind: String},
			{Name: "status", Kind: String, Enum: texts("activated", "deactivated")},
			{Name: "trigger_action", Kind: Int, Enum: ints(1, 2)},
		}}, At: Account | Group, Lock: "meeting_security.chat_etiquette_tool", LockAt: Account},
		{Name: "policy_max_count", Kind: Int, At: Account, ReadOnlyAt: Account, Lock: "meeting_security.chat_etiquette_tool", LockAt: Account},
	}},
	{Name: "embed_password_in_join_link", Kind: Bool, Default: true, At: Everywhere, Lock: "meeting_security.embed_password_in_join_link", Effect: embeds},
	{Name: "encryption_type", Kind: String, Enum: texts("enhanced_encryption", "e2ee"), At: Everywhere, Lock: "meeting_security.encryption_type", Effect: decides("encryption_type")},
	{Name: "end_to_end_encrypted_meetings", Kind: Bool, At: Everywhere, Lock: "meeting_security.end_to_end_encrypted_meetings"},
	{Name: "meeting_password", Kind: Bool, Default: true, At: Everywhere, Lock: "meeting_security.meeting_password", Same: PasscodeForScheduled, Effect: requires("scheduled meetings")},
	{Name: "meeting_password_requirement", Kind: Object, Fields: passcodeRequirement(Everywhere, "")},
	{Name: "only_authenticated_can_join_from_webclient", Kind: Bool, At: Everywhere, Lock: "meeting_security.only_authenticated_can_join_from_webclient"},
	{Name: "phone_password", Kind: Bool, At: Everywhere, Lock: "meeting_security.phone_password"},
	{Name: "pmi_password", Kind: Bool, At: Everywhere, Lock: "meeting_security.pmi_password"},
	{Name: "require_password_for_scheduled_meeting", Kind: Bool, At: Everywhere},
	{Name: "require_password_for_scheduled_webinar", Kind: Bool, At: Everywhere},
	{Name: "waiting_room", Kind: Bool, At: Everywhere, Lock: "meeting_security.waiting_room", Effect: decides("waiting_room")},
	{Name: "waiting_room_options", Kind: Object, Fields: Catalogue{
		{Name: "admit_domain_allowlist", Kind: String, At: Account, Lock: "meeting_security.waiting_room"},
		{Name: "admit_type", Kind: Int, Enum: ints(1, 2, 3, 4), At: Account, Lock: "meeting_security.waiting_room"},
		{Name: "enable", Kind: Bool, At: Account, Lock: "meeting_security.waiting_room"},
		{Name: "internal_user_auto_admit", Kind: Int, Enum: ints(1, 2, 3, 4, 5), At: Account, Lock: "meeting_security.waiting_room"},
		{Name: "locked", Kind: Bool, At: Account, Lock: "meeting_security.waiting_room"},
		{Name: "more_options", Kind: Object, Fields: Catalogue{
			{Name: "allow_participants_to_reply_to_host", Kind: Bool, At: Account, Lock: "meeting_security.waiting_room"},
			{Name: "move_participants_to_waiting_room_when_host_dropped", Kind: Bool, At: Account, Lock: "meeting_security.waiting_room"},
			{Name: "user_invited_by_host_can_bypass_waiting_room", Kind: Bool, At: Account, Lock: "meeting_security.waiting_room"},
		}},
		{Name: "sort_order_of_people", Kind: Int, Enum: ints(0, 1), At: Account, Lock: "meeting_security.waiting_room"},
		{Name: "who_can_admit_participants", Kind: Int, Enum: ints(0, 1), At: Account, Lock: "meeting_security.waiting_room"},
	}},
	{Name: "waiting_room_settings", Kind: Object, Fields: Catalogue{
		{Name: "participants_to_place_in_waiting_room", Kind: Int, Enum: ints(0, 1, 2), At: Everywhere, Lock: "meeting_security.waiting_room"},
		{Name: "users_who_can_admit_participants_from_waiting_room", Kind: Int, Enum: ints(0, 1), At: Everywhere, Lock: "meeting_security.waiting_room"},
		{Name: "whitelisted_domains_for_waiting_room", Kind: String, At: Everywhere, Lock: "meeting_security.waiting_room"},
	}},
	{Name: "webinar_password", Kind: Bool, At: Everywhere, Lock: "meeting_security.webinar_password"},
}}
