package settings

// integrationSection is the section integration.
var integrationSection = Leaf{Name: "integration", Kind: Object, Fields: Catalogue{
	{Name: "box", Kind: Bool, At: Account},
	{Name: "dropbox", Kind: Bool, At: Account},
	{Name: "google_calendar", Kind: Bool, At: Account},
	{Name: "google_drive", Kind: Bool, At: Account},
	{Name: "kubi", Kind: Bool, At: Account},
	{Name: "microsoft_one_drive", Kind: Bool, At: Account},
}}
