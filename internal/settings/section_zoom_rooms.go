package settings

// zoomRoomsSection is the section zoom_rooms.
var zoomRoomsSection = Leaf{Name: "zoom_rooms", Kind: Object, Fields: Catalogue{
	{Name: "auto_start_stop_scheduled_meetings", Kind: Bool, At: Account},
	{Name: "cmr_for_instant_meeting", Kind: Bool, At: Account},
	{Name: "force_private_meeting", Kind: Bool, At: Account},
	{Name: "hide_host_information", Kind: Bool, At: Account},
	{Name: "list_meetings_with_calendar", Kind: Bool, At: Account},
	{Name: "start_airplay_manually", Kind: Bool, At: Account},
	{Name: "ultrasonic", Kind: Bool, At: Account},
	{Name: "upcoming_meeting_alert", Kind: Bool, At: Account},
	{Name: "weekly_system_restart", Kind: Bool, At: Account},
	{Name: "zr_post_meeting_feedback", Kind: Bool, At: Account},
}}
