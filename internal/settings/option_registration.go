package settings

import "muster/internal/muster"

// Registration is the option that has what registrants of webinars are asked.
// It has a call of its own, and no other call has it.
const Registration = "webinar_registration"

var registrationSettings = Catalogue{
	{Name: "approve_type", Kind: Int, Enum: ints(0, 1), At: Account | Group},
	{Name: "custom_questions", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "title", Kind: String, Required: true, Max: 300},
		{Name: "type", Kind: String, Enum: texts("short", "single_dropdown", "single_radio", "multiple"), Default: "short"},
		{Name: "required", Kind: Bool, Default: false},
		{Name: "selected", Kind: Bool, Default: false},
		{Name: "answers", Kind: List, Item: &Leaf{Kind: String, Max: 500}, Max: 100},
	}}, Max: 100, At: Account | Group},
	{Name: "options", Kind: Object, Fields: Catalogue{
		{Name: "allow_participants_to_join_from_multiple_devices", Kind: Bool, At: Account | Group, Default: true, Effect: stands("allow_multiple_devices")},
		{Name: "close_registration", Kind: Bool, At: Account | Group, Effect: stands("close_registration")},
		{Name: "host_email_notification", Kind: Bool, At: Account | Group},
		{Name: "show_social_share_buttons", Kind: Bool, At: Account | Group, Default: true, Effect: stands("show_share_button")},
	}},
	{Name: "questions", Kind: List, Item: &Leaf{Kind: Object, Fields: Catalogue{
		{Name: "field_name", Kind: String, Required: true, Enum: texts("last_name", "address", "city", "country", "zip", "state", "phone", "industry", "org",
			"job_title", "purchasing_time_frame", "role_in_purchase_process", "no_of_employees", "comments")},
		{Name: "required", Kind: Bool, Default: false},
		{Name: "selected", Kind: Bool, Default: false},
	}}, Max: 14, At: Account | Group},
}

// checkRegistration returns what is wrong with what a change sets of the
// questions that registrants of webinars are asked, besides the form of each.
func checkRegistration(change Doc) []muster.Problem {
	var q muster.Questions
	standard, _ := change[Registration+".questions"].([]any)
	for _, item := range standard {
		d := fieldsOf(item)
		q.Standard = append(q.Standard, muster.StandardQuestion{Field: d.String("field_name"), Required: d.Bool("required")})
	}
	custom, _ := change[Registration+".custom_questions"].([]any)
	for _, item := range custom {
		d := fieldsOf(item)
		c := muster.CustomQuestion{Title: d.String("title"), Type: d.String("type"), Required: d.Bool("required")}
		answers, _ := d["answers"].([]any)
		for _, answer := range answers {
			text, _ := answer.(string)
			c.Answers = append(c.Answers, text)
		}
		q.Custom = append(q.Custom, c)
	}
	return q.Check()
}

func fieldsOf(v any) Doc {
	fields, _ := v.(map[string]any)
	return fields
}
