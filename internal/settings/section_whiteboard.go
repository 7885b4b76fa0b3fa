package settings

// whiteboardSection is the section whiteboard.
var whiteboardSection = Leaf{Name: "whiteboard", Kind: Object, Fields: Catalogue{
	{Name: "in_meeting_advanced_whiteboard", Kind: Bool, At: User, ReadOnlyAt: User},
	{Name: "out_meeting_advanced_whiteboard", Kind: Bool, At: User, ReadOnlyAt: User},
}}
