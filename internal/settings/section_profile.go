package settings

// profileSection is the section profile.
var profileSection = Leaf{Name: "profile", Kind: Object, Fields: Catalogue{
	{Name: "recording_storage_location", Kind: Object, Fields: Catalogue{
		{Name: "allowed_values", Kind: List, Item: &Leaf{Kind: String}, Split: true, At: Everywhere},
		{Name: "value", Kind: String, At: Everywhere},
	}},
}}
