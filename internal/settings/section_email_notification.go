package settings

// emailNotificationSection is the section email_notification.
var emailNotificationSection = Leaf{Name: "email_notification", Kind: Object, Fields: Catalogue{
	{Name: "alternative_host_reminder", Kind: Bool, At: Everywhere, Lock: "email_notification.alternative_host_reminder", Effect: decides("alternative_hosts_email_notification")},
	{Name: "cancel_meeting_reminder", Kind: Bool, At: Everywhere, Lock: "email_notification.cancel_meeting_reminder"},
	{Name: "cloud_recording_available_reminder", Kind: Bool, At: Everywhere, Lock: "email_notification.cloud_recording_available_reminder"},
	{Name: "jbh_reminder", Kind: Bool, At: Everywhere, Lock: "email_notification.jbh_reminder"},
	{Name: "low_host_count_reminder", Kind: Bool, At: Account},
	{Name: "recording_available_reminder_alternative_hosts", Kind: Bool, At: Everywhere},
	{Name: "recording_available_reminder_schedulers", Kind: Bool, At: Everywhere},
	{Name: "schedule_for_host_reminder", Kind: Bool, At: Group, Sparse: Group, Lock: "email_notification.schedule_for_host_reminder"},
	{Name: "schedule_for_reminder", Kind: Bool, At: Everywhere, Lock: "email_notification.schedule_for_reminder"},
}}
