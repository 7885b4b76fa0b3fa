package meetings

import (
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/settings"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// body is what a create and an update say of a meeting.
type body struct {
	Topic          wire.Optional[wire.String]  `json:"topic" max:"200"`
	Type           wire.Optional[wire.Int]     `json:"type" enum:"1|2|3|8" doc:"1 instant, 2 scheduled, 3 recurring with no fixed time, 8 recurring with fixed times."`
	StartTime      wire.Optional[wire.String]  `json:"start_time" max:"64" format:"date-time" doc:"With Z or an offset an instant, without the wall clock in timezone."`
	Duration       wire.Int                    `json:"duration" min:"1" max:"1440" doc:"Minutes."`
	Timezone       wire.Optional[wire.String]  `json:"timezone" max:"64" doc:"IANA name; the host's zone unless given."`
	Password       wire.Optional[wire.String]  `json:"password" max:"64" doc:"At most 10 characters; a longer one that was set otherwise may be sent back."`
	Agenda         wire.Optional[wire.String]  `json:"agenda" max:"2000"`
	PreSchedule    wire.Optional[wire.Bool]    `json:"pre_schedule"`
	Recurrence     *recurrence                 `json:"recurrence"`
	Settings       wire.Object                 `json:"settings" schema:"MeetingSettings"`
	TrackingFields wire.Optional[[]trackingIn] `json:"tracking_fields" max:"50"`
}

type trackingIn struct {
	Field wire.String `json:"field" rule:"required" max:"128"`
	Value wire.String `json:"value" max:"256"`
}

type recurrence struct {
	Type           wire.Int    `json:"type" enum:"1|2|3" doc:"1 daily, 2 weekly, 3 monthly."`
	RepeatInterval wire.Int    `json:"repeat_interval"`
	WeeklyDays     wire.String `json:"weekly_days" max:"32" doc:"1 (Sunday) to 7, with commas between."`
	MonthlyDay     wire.Int    `json:"monthly_day"`
	MonthlyWeek    wire.Int    `json:"monthly_week" enum:"-1|1|2|3|4"`
	MonthlyWeekDay wire.Int    `json:"monthly_week_day" enum:"1|2|3|4|5|6|7"`
	EndTimes       wire.Int    `json:"end_times"`
	EndDateTime    wire.String `json:"end_date_time" max:"64" format:"date-time" doc:"UTC."`
}

// value returns the domain's recurrence, nil for one that says nothing.
func (r *recurrence) value() (*muster.Recurrence, error) {
	if r == nil || *r == (recurrence{}) {
		return nil, nil // nothing said is nothing
	}
	if r.Type == wire.Int(muster.Monthly) && r.MonthlyWeekDay != 0 && r.MonthlyWeek == 0 && r.MonthlyDay == 0 {
		return nil, muster.InvalidField("recurrence.monthly_week", "is required with monthly_week_day: -1 for the last, 1 to 4")
	}
	days, err := schedule.ParseWeekdays(string(r.WeeklyDays))
	if err != nil {
		return nil, muster.InvalidField("recurrence.weekly_days", "%v", err)
	}
	v := &muster.Recurrence{
		Type: muster.RecurrenceType(r.Type), Interval: int(r.RepeatInterval), WeeklyDays: days, MonthlyDay: int(r.MonthlyDay),
		MonthlyWeek: int(r.MonthlyWeek), MonthlyWeekDay: schedule.Weekday(int(r.MonthlyWeekDay)), EndTimes: int(r.EndTimes),
	}
	if r.EndDateTime != "" {
		if v.EndDateTime, err = schedule.ParseTime(string(r.EndDateTime), time.UTC); err != nil {
			return nil, muster.InvalidField("recurrence.end_date_time", "%v", err)
		}
	}
	return v, nil
}

// maxPassword is how many characters a new passcode has at most. [semantics 1.4]
const maxPassword = 10

// change returns what b says in the domain's terms.
func (b *body) change() (app.MeetingChange, error) {
	c := app.MeetingChange{
		Topic: text(b.Topic), Start: text(b.StartTime), Timezone: text(b.Timezone), Passcode: text(b.Password), Agenda: text(b.Agenda),
		PasscodeLimit: maxPassword,
	}
	if b.Type.Set && b.Type.Value != 0 {
		t := muster.MeetingType(b.Type.Value)
		c.Type = &t
	}
	if b.PreSchedule.Set {
		p := bool(b.PreSchedule.Value)
		c.PreSchedule = &p
	}
	if b.Duration > 0 {
		d := time.Duration(b.Duration) * time.Minute
		c.Duration = &d
	}
	if b.TrackingFields.Set {
		c.Tracking = []muster.TrackingField{}
		for _, t := range b.TrackingFields.Value {
			c.Tracking = append(c.Tracking, muster.TrackingField{Field: string(t.Field), Value: string(t.Value)})
		}
	}
	var err error
	if c.Recurrence, err = b.Recurrence.value(); err != nil {
		return c, err
	}
	doc, problems := settings.Meeting.Decode("settings", b.Settings)
	c.Settings = doc
	return c, muster.InvalidFields(problems)
}

func text(o wire.Optional[wire.String]) *string {
	if !o.Set {
		return nil
	}
	s := string(o.Value)
	return &s
}

// meetingOut is a meeting as create and get answer it.
type meetingOut struct {
	UUID              string         `json:"uuid"`
	ID                int64          `json:"id"`
	HostID            string         `json:"host_id"`
	HostEmail         string         `json:"host_email"`
	AssistantID       string         `json:"assistant_id,omitempty"`
	Topic             string         `json:"topic"`
	Type              int64          `json:"type"`
	Status            string         `json:"status" doc:"waiting or started."`
	StartTime         string         `json:"start_time,omitempty" format:"date-time"`
	Duration          int64          `json:"duration,omitzero"`
	Timezone          string         `json:"timezone"`
	Agenda            string         `json:"agenda"`
	CreatedAt         string         `json:"created_at" format:"date-time"`
	StartURL          string         `json:"start_url"`
	JoinURL           string         `json:"join_url"`
	RegistrationURL   string         `json:"registration_url,omitempty"`
	Password          string         `json:"password,omitempty"`
	H323Password      string         `json:"h323_password,omitempty"`
	PSTNPassword      string         `json:"pstn_password,omitempty"`
	EncryptedPassword string         `json:"encrypted_password,omitempty"`
	PMI               string         `json:"pmi,omitempty"`
	Occurrences       []occurrenceOf `json:"occurrences,omitempty"`
	Recurrence        *recurrenceOut `json:"recurrence,omitempty"`
	TrackingFields    []trackingOut  `json:"tracking_fields,omitempty"`
	Settings          settings.Doc   `json:"settings" schema:"MeetingSettings"`
	PreSchedule       bool           `json:"pre_schedule"`
	CreationSource    string         `json:"creation_source"`
}

type occurrenceOf struct {
	OccurrenceID string `json:"occurrence_id"`
	StartTime    string `json:"start_time" format:"date-time"`
	Duration     int64  `json:"duration"`
	Status       string `json:"status" doc:"available or deleted."`
}

type trackingOut struct {
	Field   string `json:"field"`
	Value   string `json:"value"`
	Visible bool   `json:"visible"`
}

type recurrenceOut struct {
	Type           int64  `json:"type"`
	RepeatInterval int64  `json:"repeat_interval"`
	WeeklyDays     string `json:"weekly_days,omitempty"`
	MonthlyDay     int64  `json:"monthly_day,omitzero"`
	MonthlyWeek    int64  `json:"monthly_week,omitzero"`
	MonthlyWeekDay int64  `json:"monthly_week_day,omitzero"`
	EndTimes       int64  `json:"end_times,omitzero"`
	EndDateTime    string `json:"end_date_time,omitempty" format:"date-time"`
}

// spell returns v as the API has it, with the given occurrences.
func (a *API) spell(v *app.MeetingView, occurrences []muster.Occurrence) *meetingOut {
	m := &v.Meeting
	o := &meetingOut{
		UUID: m.UUID, ID: m.ID, HostID: m.Host, HostEmail: v.HostEmail, AssistantID: m.Assistant, Topic: m.Topic, Type: int64(m.Type),
		Status: status(m, v.Now), StartTime: zoom.Time(m.Start), Timezone: m.Timezone, Agenda: m.Agenda, CreatedAt: zoom.Time(m.CreatedAt),
		StartURL: a.startURL(v), JoinURL: a.joinURL(m, v.PMI, v.PasscodeInLink), RegistrationURL: a.registrationURL(m), Occurrences: spellOccurrences(occurrences),
		Recurrence: spellRecurrence(m.Recurrence), Settings: v.Effective, PreSchedule: m.PreSchedule, CreationSource: "open_api",
	}
	if m.Type != muster.RecurringNoFixed {
		o.Duration = minutes(m.Duration)
	}
	if m.Passcode != "" {
		o.Password, o.EncryptedPassword = m.Passcode, a.App.Keys.PasscodeToken(m)
		o.H323Password = a.App.Keys.NumericPasscode(m)
		o.PSTNPassword = o.H323Password
	}
	if v.PMI != 0 {
		o.PMI = number(v.PMI)
	}
	for _, t := range m.Tracking {
		o.TrackingFields = append(o.TrackingFields, trackingOut{t.Field, t.Value, !v.Hidden[muster.TrackingKey(t.Field)]})
	}
	return o
}

// status is waiting or started; the original knows no other. [semantics 1.1]
func status(m *muster.Meeting, now time.Time) string {
	if m.StateAt(now) == muster.Started {
		return string(muster.Started)
	}
	return string(muster.Waiting)
}

func minutes(d time.Duration) int64 { return int64(d / time.Minute) }

func spellOccurrences(list []muster.Occurrence) []occurrenceOf {
	out := make([]occurrenceOf, len(list))
	for i, o := range list {
		out[i] = occurrenceOf{schedule.FormatID(o.ID), zoom.Time(o.Start), minutes(o.Duration), "available"}
		if o.Deleted {
			out[i].Status = "deleted"
		}
	}
	return out
}

func spellRecurrence(r *muster.Recurrence) *recurrenceOut {
	if r == nil {
		return nil
	}
	out := &recurrenceOut{
		Type: int64(r.Type), RepeatInterval: int64(max(r.Interval, 1)), EndTimes: int64(r.EndTimes), EndDateTime: zoom.Time(r.EndDateTime),
	}
	switch {
	case r.Type == muster.Weekly && len(r.WeeklyDays) == 0:
		out.WeeklyDays = "1"
	case r.Type == muster.Weekly:
		out.WeeklyDays = schedule.FormatWeekdays(r.WeeklyDays)
	case r.Type == muster.Monthly && r.MonthlyWeek != 0:
		out.MonthlyWeek, out.MonthlyWeekDay = int64(r.MonthlyWeek), int64(schedule.WeekdayNumber(r.MonthlyWeekDay))
	case r.Type == muster.Monthly:
		out.MonthlyDay = int64(max(r.MonthlyDay, 1))
	}
	return out
}
