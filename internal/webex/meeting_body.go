package webex

import (
	"net/url"
	"slices"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/wire"
)

// meetingBody is what a create and an update say of a meeting.
type meetingBody struct {
	Title           word                          `json:"title,omitzero" max:"128"`
	Agenda          word                          `json:"agenda,omitzero" max:"1300"`
	Password        word                          `json:"password,omitzero" max:"64" doc:"One is made where an empty one is given, and where a new meeting has none."`
	Start           word                          `json:"start,omitzero" max:"64" format:"date-time" doc:"Without an offset in timezone; a date alone is its midnight."`
	End             word                          `json:"end,omitzero" max:"64" format:"date-time" doc:"10 minutes to 23 hours 59 minutes after start."`
	Timezone        word                          `json:"timezone,omitzero" max:"64" doc:"IANA name; UTC for a new meeting unless given."`
	Recurrence      word                          `json:"recurrence,omitzero" max:"512" doc:"A rule of RFC 2445: FREQ (DAILY, WEEKLY, MONTHLY), INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYSETPOS."`
	Registration    *formIn                       `json:"registration,omitzero" doc:"The registration form, which also turns registration on; not for recurring meetings."`
	IntegrationTags wire.Optional[[]wire.String]  `json:"integrationTags,omitzero" max:"3"`
	TrackingCodes   wire.Optional[[]trackingCode] `json:"trackingCodes,omitzero" max:"50"`
	HostEmail       wire.Email                    `json:"hostEmail" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	SiteURL         wire.String                   `json:"siteUrl" max:"255" doc:"Must be the one that answers have, where it is given."`
	SendEmail       flag                          `json:"sendEmail,omitzero" doc:"Taken and without effect: Muster sends no mail yet."`
	options
}

type trackingCode struct {
	Name  wire.String `json:"name" rule:"required" max:"120"`
	Value wire.String `json:"value" rule:"required" max:"120"`
}

// problems returns what is wrong with b beyond its tags.
func (b *meetingBody) problems() []op.Problem {
	doc, err := b.options.doc()
	if err != nil { // what was decoded can be encoded
		return []op.Problem{{Field: "body", Rule: "must be JSON"}}
	}
	return refusedOptions(doc)
}

// required adds what a new meeting must have.
func (b *meetingBody) required() []op.Problem {
	var problems []op.Problem
	for _, f := range []struct {
		name  string
		value word
	}{{"title", b.Title}, {"start", b.Start}, {"end", b.End}} {
		if f.value.Value == "" {
			problems = append(problems, op.Problem{Field: f.name, Rule: "is required"})
		}
	}
	return problems
}

// checkSite refuses another site than ours.
func (a *API) checkSite(site wire.String) error {
	if site != "" && string(site) != a.site() {
		return op.Invalid("siteUrl", "must be "+a.site()+": there is no other site here")
	}
	return nil
}

// site is the host of the base URL: the one site that there is.
func (a *API) site() string {
	u, err := url.Parse(a.Base)
	if err != nil {
		return ""
	}
	return u.Host
}

// change returns what b says in the domain's terms. Where all is true, what b
// does not say is as it was to begin with, but for what a meeting cannot be
// without: title, times, time zone and password stay.
func (b *meetingBody) change(all bool) (app.MeetingChange, error) {
	c := app.MeetingChange{
		Topic: text(b.Title), Agenda: clearable(b.Agenda, all), Timezone: text(b.Timezone), Passcode: given(b.Password), DefaultPasscode: true,
		Rule: clearable(b.Recurrence, all), KeptWhole: all,
	}
	if b.Start.Value != "" || b.End.Value != "" {
		c.Slot = &app.Slot{Start: string(b.Start.Value), End: string(b.End.Value)}
	}
	if b.TrackingCodes.Set || b.TrackingCodes.Null || all {
		c.Tracking = []muster.TrackingField{}
		for _, t := range b.TrackingCodes.Value {
			c.Tracking = append(c.Tracking, muster.TrackingField{Field: string(t.Name), Value: string(t.Value)})
		}
	}
	if b.Registration != nil {
		f := b.Registration.value()
		c.Form = &f
	}
	doc, err := b.options.doc()
	if err != nil {
		return c, err
	}
	var unset []string
	c.Settings, c.Alike, unset, c.Kept = settled(doc)
	if all {
		c.Unset = unset
	}
	if b.IntegrationTags.Set || b.IntegrationTags.Null || all {
		c.Tags = []string{}
		for _, t := range b.IntegrationTags.Value {
			if !slices.Contains(c.Tags, string(t)) {
				c.Tags = append(c.Tags, string(t))
			}
		}
		c.Kept[keptTags] = anys(c.Tags)
	}
	return c, nil
}

// keptTags is where the tags of a meeting are kept, for its answers.
const keptTags = "integrationTags"

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, t := range texts {
		list[i] = t
	}
	return list
}

// tagsOf returns the tags that are kept of a meeting.
func tagsOf(kept settings.Doc) []string {
	list, _ := kept[keptTags].([]any)
	var tags []string
	for _, t := range list {
		if s, ok := t.(string); ok {
			tags = append(tags, s)
		}
	}
	return tags
}

// text returns a text that says something, else nil.
func text(o word) *string {
	if o.Value == "" {
		return nil
	}
	return new(string(o.Value))
}

// given returns a text that was given, be it empty.
func given(o word) *string {
	if !o.Set {
		return nil
	}
	return new(string(o.Value))
}

// clearable returns a text that was given; null, and silence where all is
// true, empty it.
func clearable(o word, all bool) *string {
	if !o.Set && !o.Null && !all {
		return nil
	}
	return new(string(o.Value))
}
