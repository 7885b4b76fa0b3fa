package settings

// telephonySection is the section telephony.
var telephonySection = Leaf{Name: "telephony", Kind: Object, Fields: Catalogue{
	{Name: "audio_conference_info", Kind: String, Max: 2048, At: Everywhere, Lock: "telephony.third_party_audio", Effect: decides("audio_conference_info")},
	{Name: "show_international_numbers_link", Kind: Bool, At: User},
	{Name: "telephony_regions", Kind: Object, Fields: Catalogue{
		{Name: "allowed_values", Kind: List, Item: &Leaf{Kind: String}, Split: true, At: Account | User, ReadOnlyAt: Account | User, Lock: "telephony.telephony_regions"},
		{Name: "selection_values", Kind: String, At: Everywhere, ReadOnlyAt: Group, Lock: "telephony.telephony_regions"},
	}},
	{Name: "third_party_audio", Kind: Bool, At: Everywhere, Lock: "telephony.third_party_audio"},
}}
