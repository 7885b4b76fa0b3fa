package settings

const authenticationEffect = "A meeting names a visible one of them; the default one stands where people must sign in and the meeting names none."

// meetingAuthentication is what option meeting_authentication has.
var meetingAuthentication = Catalogue{
	{Name: "allow_authentication_exception", Kind: Bool, At: Everywhere, ReadOnlyAt: Group | User, Lock: "schedule_meeting.meeting_authentication"},
	{Name: "authentication_option", Kind: Object, Fields: Catalogue{
		{Name: "action", Kind: String, Enum: texts("add", "update", "delete", "show", "hide"), At: Everywhere, WriteOnly: true},
		{Name: "default_option", Kind: Bool, At: Everywhere, WriteOnly: true},
		{Name: "domains", Kind: String, At: Everywhere, WriteOnly: true},
		{Name: "id", Kind: String, At: Everywhere, WriteOnly: true},
		{Name: "name", Kind: String, At: Everywhere, WriteOnly: true},
		{Name: "type", Kind: String, Enum: texts("enforce_login", "enforce_login_with_same_account", "enforce_login_with_domains"), At: Everywhere, WriteOnly: true},
	}},
	{Name: "authentication_options", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "default_option", Kind: Bool},
		{Name: "domains", Kind: String},
		{Name: "id", Kind: String},
		{Name: "name", Kind: String},
		{Name: "type", Kind: String, Enum: texts("enforce_login", "enforce_login_with_same_account", "enforce_login_with_domains")},
		{Name: "visible", Kind: Bool},
	}}, At: Everywhere, ReadOnlyAt: Everywhere, Lock: "schedule_meeting.meeting_authentication", Effect: authenticationEffect},
	{Name: "meeting_authentication", Kind: Bool, At: Everywhere, Lock: "schedule_meeting.meeting_authentication", Effect: decides("meeting_authentication")},
}
