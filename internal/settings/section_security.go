package settings

// securitySection is the section security.
var securitySection = Leaf{Name: "security", Kind: Object, Fields: Catalogue{
	{Name: "admin_change_name_pic", Kind: Bool, At: Account, Deprecated: true},
	{Name: "admin_change_user_info", Kind: Bool, At: Account, Effect: "Users cannot change what user_modifiable_info_by_admin names of themselves, or anything of it where it names nothing."},
	{Name: "hide_billing_info", Kind: Bool, At: Account},
	{Name: "import_photos_from_devices", Kind: Bool, At: Account},
	{Name: "password_requirement", Kind: Object, Fields: Catalogue{
		{Name: "consecutive_characters_length", Kind: Int, At: Account, Effect: "A password must not have so many characters in a row that follow each other; below 2 it may."},
		{Name: "have_special_character", Kind: Bool, At: Account, Effect: "A password must have a character that is neither letter nor digit."},
		{Name: "minimum_password_length", Kind: Int, Min: 8, Max: 14, At: Account, Effect: "A password must be at least so long."},
		{Name: "weak_enhance_detection", Kind: Bool, At: Account, Effect: "A password must not be one that is easy to guess."},
	}},
	{Name: "sign_again_period_for_inactivity_on_client", Kind: Int, At: Account},
	{Name: "sign_again_period_for_inactivity_on_web", Kind: Int, At: Account},
	{Name: "sign_in_with_two_factor_auth", Kind: String, Enum: texts("all", "group", "role", "none"), At: Account},
	{Name: "sign_in_with_two_factor_auth_groups", Kind: List, Item: &Leaf{Kind: String}, Split: true, At: Account},
	{Name: "sign_in_with_two_factor_auth_roles", Kind: List, Item: &Leaf{Kind: String}, Split: true, At: Account},
	{Name: "signin_with_sso", Kind: Object, Fields: Catalogue{
		{Name: "domains", Kind: List, Item: &Leaf{Kind: String}, Split: true, At: Account},
		{Name: "enable", Kind: Bool, At: Account},
		{Name: "operation", Kind: String, Enum: texts("add", "remove"), At: Account, WriteOnly: true},
		{Name: "require_sso_for_domains", Kind: Bool, At: Account},
		{Name: "sso_bypass_user_ids", Kind: List, Item: &Leaf{Kind: String}, Split: true, At: Account, WriteOnly: true},
		{Name: "sso_bypass_users", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
			{Name: "id", Kind: String},
			{Name: "email", Kind: String},
		}}, At: Account, ReadOnlyAt: Account},
	}},
	{Name: "user_modifiable_info_by_admin", Kind: List, Item: &Leaf{Kind: String, Enum: texts("name", "profile_picture", "sign_in_email", "host_key")}, Split: true, At: Account, Effect: "What admin_change_user_info leaves to administrators."},
}}
