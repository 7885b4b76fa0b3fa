package settings

// mailCalendarSection is the section mail_calendar.
var mailCalendarSection = Leaf{Name: "mail_calendar", Kind: Object, Fields: Catalogue{
	{Name: "email_calendar_management", Kind: Bool, At: Group, ReadOnlyAt: Group, Sparse: Group},
	{Name: "email_management", Kind: Bool, At: Group, ReadOnlyAt: Group, Sparse: Group},
	{Name: "zoom_email_provider", Kind: Bool, At: Group, ReadOnlyAt: Group, Sparse: Group},
}}
