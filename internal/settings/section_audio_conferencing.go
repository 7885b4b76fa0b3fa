package settings

// audioConferencingSection is the section audio_conferencing.
var audioConferencingSection = Leaf{Name: "audio_conferencing", Kind: Object, Fields: Catalogue{
	{Name: "call_me_and_invite_by_phone", Kind: Object, Fields: Catalogue{
		{Name: "allow_webinar_attendees_call_me", Kind: Bool, At: Group | User, ReadOnlyAt: User, Sparse: Group, Lock: "audio_conferencing.call_me_and_invite_by_phone", LockAt: Group},
		{Name: "call_out_countries", Kind: Object, Fields: Catalogue{
			{Name: "allowed_countries", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
				{Name: "code", Kind: String},
				{Name: "name", Kind: String},
			}}, At: Group | User, ReadOnlyAt: Group | User, Sparse: Group, Lock: "audio_conferencing.call_me_and_invite_by_phone", LockAt: Group},
			{Name: "selected_countries", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
				{Name: "code", Kind: String},
				{Name: "name", Kind: String},
			}}, At: Group | User, ReadOnlyAt: User, Sparse: Group, Lock: "audio_conferencing.call_me_and_invite_by_phone", LockAt: Group},
		}},
		{Name: "enable", Kind: Bool, At: Group | User, ReadOnlyAt: User, Sparse: Group, Lock: "audio_conferencing.call_me_and_invite_by_phone", LockAt: Group},
		{Name: "require_press_1_for_call_me", Kind: String, Enum: texts("auto", "always", "never"), At: Group | User, ReadOnlyAt: User, Sparse: Group, Lock: "audio_conferencing.call_me_and_invite_by_phone", LockAt: Group},
	}},
	{Name: "global_dial_in_countries", Kind: Object, Fields: Catalogue{
		{Name: "allowed_countries", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "code", Kind: String},
			{Name: "name", Kind: String},
		}}, At: Group | User, ReadOnlyAt: Group | User, Sparse: Group},
		{Name: "include_toll_free", Kind: Bool, At: Group | User, Sparse: Group},
		{Name: "selected_countries", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "code", Kind: String},
			{Name: "name", Kind: String},
		}}, At: Group | User, Sparse: Group},
	}},
	{Name: "participant_phone_masking", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool, At: Group | User, Sparse: Group, Lock: "audio_conferencing.participant_phone_masking", LockAt: Group},
		{Name: "masking_type", Kind: String, Enum: texts("mask_default", "mask_first_5", "mask_except_last_4"), At: Group | User, Sparse: Group, Lock: "audio_conferencing.participant_phone_masking", LockAt: Group},
	}},
	{Name: "personal_audio_conference", Kind: Bool, At: Group | User, ReadOnlyAt: User, Sparse: Group, Lock: "audio_conferencing.personal_audio_conference", LockAt: Group},
	{Name: "toll_call", Kind: Object, Fields: Catalogue{
		{Name: "enable", Kind: Bool, At: Group | User, ReadOnlyAt: User, Sparse: Group, Lock: "audio_conferencing.toll_call", LockAt: Group},
		{Name: "numbers", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "code", Kind: String},
			{Name: "country_code", Kind: String},
			{Name: "country_name", Kind: String},
			{Name: "display_number", Kind: String},
			{Name: "number", Kind: String},
		}}, Max: 100, At: Group | User, ReadOnlyAt: User, Sparse: Group, Lock: "audio_conferencing.toll_call", LockAt: Group},
	}},
	{Name: "toll_free_and_fee_based_toll_call", Kind: Object, Fields: Catalogue{
		{Name: "allow_webinar_attendees_dial", Kind: Bool, At: Everywhere, ReadOnlyAt: User, Lock: "audio_conferencing.toll_free_and_fee_based_toll_call"},
		{Name: "enable", Kind: Bool, At: Everywhere, ReadOnlyAt: User, Lock: "audio_conferencing.toll_free_and_fee_based_toll_call"},
		{Name: "numbers", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "code", Kind: String},
			{Name: "country_code", Kind: String},
			{Name: "country_name", Kind: String},
			{Name: "display_number", Kind: String},
			{Name: "number", Kind: String},
		}}, Max: 100, At: Everywhere, ReadOnlyAt: User, Lock: "audio_conferencing.toll_free_and_fee_based_toll_call"},
	}},
}}
