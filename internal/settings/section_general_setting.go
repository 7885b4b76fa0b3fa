package settings

// generalSettingSection is the section general_setting.
var generalSettingSection = Leaf{Name: "general_setting", Kind: Object, Fields: Catalogue{
	{Name: "auto_zoom_room_proximity_connect", Kind: Bool, At: Group | User, ReadOnlyAt: Group | User, Sparse: Group},
}}
