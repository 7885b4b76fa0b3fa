package webex

import (
	"strconv"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/settings"
	"muster/internal/wire"
)

// meetingOut is a meeting as answers have it. What Muster does not have is
// left out or, where the API demands it, empty: hostKey, call-in numbers.
type meetingOut struct {
	ID                          string         `json:"id"`
	MeetingSeriesID             string         `json:"meetingSeriesId,omitempty" doc:"In lists only."`
	ScheduledMeetingID          string         `json:"scheduledMeetingId,omitempty" doc:"In lists only."`
	MeetingNumber               string         `json:"meetingNumber"`
	Title                       string         `json:"title"`
	Agenda                      string         `json:"agenda,omitempty"`
	Password                    string         `json:"password"`
	PhoneAndVideoSystemPassword string         `json:"phoneAndVideoSystemPassword,omitempty"`
	MeetingType                 string         `json:"meetingType" enum:"meetingSeries|scheduledMeeting|meeting"`
	State                       string         `json:"state" enum:"active|scheduled|ready|lobby|inProgress|ended|missed|expired"`
	IsModified                  *bool          `json:"isModified,omitempty" doc:"In lists only."`
	Timezone                    string         `json:"timezone"`
	Start                       string         `json:"start,omitempty" format:"date-time"`
	End                         string         `json:"end,omitempty" format:"date-time"`
	Recurrence                  string         `json:"recurrence,omitempty"`
	HostUserID                  string         `json:"hostUserId"`
	HostDisplayName             string         `json:"hostDisplayName"`
	HostEmail                   string         `json:"hostEmail"`
	HostKey                     string         `json:"hostKey" doc:"Empty: there are no host keys here."`
	SiteURL                     string         `json:"siteUrl"`
	WebLink                     string         `json:"webLink"`
	RegisterLink                string         `json:"registerLink,omitempty"`
	HasRegistration             *bool          `json:"hasRegistration,omitempty" doc:"In lists only."`
	Telephony                   telephony      `json:"telephony"`
	Registration                *formOut       `json:"registration,omitempty"`
	IntegrationTags             []string       `json:"integrationTags,omitempty"`
	TrackingCodes               []trackingCode `json:"trackingCodes,omitempty"`
	options
}

type telephony struct {
	AccessCode    string         `json:"accessCode" doc:"The meeting number."`
	CallInNumbers []callInNumber `json:"callInNumbers" doc:"Empty: nobody can call in here."`
}

type callInNumber struct {
	Label        string `json:"label"`
	CallInNumber string `json:"callInNumber"`
	TollType     string `json:"tollType"`
}

// spellMeeting spells v, a meeting or a date of one, for by, with times in the
// given zone, nil for the meeting's own. Hidden tracking codes are for admins.
func (a *API) spellMeeting(by muster.Actor, v *app.MeetingView, zone *time.Location) (*meetingOut, error) {
	m := &v.Meeting
	if zone == nil {
		zone = zoneOf(m)
	}
	kept, err := settings.FromJSON(m.Kept)
	if err != nil {
		return nil, err
	}
	shown, err := spellOptions(v.Effective, kept)
	if err != nil {
		return nil, err
	}
	number := strconv.FormatInt(m.ID, 10)
	o := &meetingOut{
		ID: seriesID(m), MeetingNumber: number, Title: m.Topic, Agenda: m.Agenda, Password: m.Passcode, MeetingType: "meetingSeries",
		State: string(m.PhaseAt(v.Now)), Timezone: m.Timezone, HostUserID: personID(m.Host), HostDisplayName: v.HostName,
		HostEmail: v.HostEmail, SiteURL: a.site(), WebLink: a.webLink(v), RegisterLink: a.registerLink(m),
		Telephony: telephony{number, []callInNumber{}}, IntegrationTags: tagsOf(kept), options: *shown,
	}
	if v.Date.ID != 0 {
		o.ID, o.MeetingType, o.State = occurrenceID(m, v.Date.ID), "scheduledMeeting", string(m.PhaseOf(&v.Date, v.Now))
	} else if m.Recurrence != nil && m.Series() {
		o.Recurrence = schedule.FormatRule(*m.Recurrence)
	}
	if m.Passcode != "" {
		o.PhoneAndVideoSystemPassword = a.App.Keys.NumericPasscode(m)
	}
	if !m.Start.IsZero() {
		o.Start, o.End = instant(m.Start, zone), instant(m.Start.Add(m.Duration), zone)
	}
	if m.AsksForRegistration() == nil && m.HasOneDate() == nil {
		o.Registration = spellForm(m)
	}
	for _, t := range m.Tracking {
		if !by.Admin && v.Hidden[muster.TrackingKey(t.Field)] {
			continue
		}
		o.TrackingCodes = append(o.TrackingCodes, trackingCode{wire.String(t.Field), wire.String(t.Value)})
	}
	return o, nil
}

// listed spells v as lists have it.
func (a *API) listed(by muster.Actor, v *app.MeetingView, zone *time.Location) (*meetingOut, error) {
	o, err := a.spellMeeting(by, v, zone)
	if err != nil {
		return nil, err
	}
	m := &v.Meeting
	o.MeetingSeriesID, o.HasRegistration = seriesID(m), new(m.AsksForRegistration() == nil)
	if v.Date.ID != 0 {
		o.ScheduledMeetingID, o.IsModified = o.ID, new(v.Date.Changed(m))
	}
	return o, nil
}

// webLink is the link of a meeting for everybody, as the other dialect has it.
func (a *API) webLink(v *app.MeetingView) string {
	id := v.ID
	if v.PMI != 0 {
		id = v.PMI
	}
	link := a.Base + "/j/" + strconv.FormatInt(id, 10)
	if v.Passcode == "" || !v.PasscodeInLink {
		return link
	}
	return link + "?pwd=" + a.App.Keys.PasscodeToken(&v.Meeting)
}

// registerLink leads to a meeting's registration page, "" where there is none.
func (a *API) registerLink(m *muster.Meeting) string {
	if m.AsksForRegistration() != nil {
		return ""
	}
	return a.Base + "/meeting/register/" + a.App.Keys.RegistrationToken(m)
}
