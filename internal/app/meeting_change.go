package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/settings"
	"muster/internal/store"
)

// A MeetingChange is what a create or an update says of a meeting. nil means
// that it says nothing.
type MeetingChange struct {
	Type                    *muster.MeetingType
	Topic, Agenda, Passcode *string
	Start                   *string // as sent: without an offset it is the wall clock in the meeting's zone
	Timezone                *string
	Duration                *time.Duration
	Recurrence              *muster.Recurrence
	Settings                settings.Doc // decoded by settings.Meeting
	Tracking                []muster.TrackingField
	PreSchedule             *bool
	Form                    *muster.Form     // the whole registration form, which also turns registration on
	Kept                    []byte           // replaces muster.Meeting.Kept
	Invitees                []muster.Invitee // without numbers; create only
	ScheduleFor             string           // id or email of the host to schedule for; create only
	DefaultPasscode         bool             // make a passcode where none is given; create only
}

// occurrenceChanges is the document of muster.Occurrence.Changes.
type occurrenceChanges struct {
	Agenda   *string         `json:"agenda,omitempty"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

// UpdateMeeting changes a meeting or, where occurrence is not 0, one of its
// occurrences.
func (a *App) UpdateMeeting(ctx context.Context, by muster.Actor, ref MeetingRef, occurrence int64, c MeetingChange) error {
	return a.write(ctx, func(tx *store.Tx) error {
		m, err := a.meeting(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		host, err := tx.User(ctx, m.Account, m.Host)
		if err != nil {
			return err
		}
		if err := a.countHost(ctx, tx, host); err != nil {
			return err
		}
		data := map[string]any{"scope": "all"}
		if occurrence != 0 {
			data = map[string]any{"scope": "single", "occurrence_id": occurrence}
			err = changeOccurrence(m, host, occurrence, c, tx.Now)
		} else {
			err = a.apply(ctx, tx, m, host, c, false)
		}
		if err != nil {
			return err
		}
		m.UpdatedAt = tx.Now
		if err := tx.SetMeeting(ctx, m); err != nil {
			return err
		}
		if err := tx.PutOccurrences(ctx, m); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.MeetingUpdated, m, nil, data)
	})
}

// apply makes c's changes to m, hosted by host.
func (a *App) apply(ctx context.Context, tx *store.Tx, m *muster.Meeting, host *muster.User, c MeetingChange, creating bool) error {
	before := *m
	assign(&m.Topic, c.Topic)
	assign(&m.Agenda, c.Agenda)
	assign(&m.PreSchedule, c.PreSchedule)
	assign(&m.Type, c.Type)
	if c.Tracking != nil {
		m.Tracking = c.Tracking
	}
	if c.Passcode != nil {
		if rule := muster.CheckPasscode(*c.Passcode); rule != "" {
			return muster.InvalidField("password", "%s", rule)
		}
		m.Passcode = *c.Passcode
	}
	if c.Kept != nil {
		m.Kept = c.Kept
	}
	if c.Form != nil {
		c.Settings = withApproval(c.Settings, c.Form.AutoAccept)
	}
	if err := a.applySettings(ctx, tx, m, host, c.Settings); err != nil {
		return err
	}
	if c.Form != nil {
		m.Questions.Replace(*c.Form)
		if err := muster.InvalidFields(m.Questions.Check()); err != nil {
			return err
		}
	}
	if err := applyTimes(m, c, creating, tx.Now); err != nil {
		return err
	}
	if !creating {
		if err := a.checkTypesKept(ctx, tx, &before, m); err != nil {
			return err
		}
	}
	return a.applySeries(ctx, tx, &before, m, c, creating)
}

// withApproval returns change with the approval type that a form stands for.
func withApproval(change settings.Doc, automatic bool) settings.Doc {
	approval := muster.ApproveManually
	if automatic {
		approval = muster.ApproveAutomatically
	}
	return settings.Merge(change, settings.Doc{"approval_type": int64(approval)})
}

func assign[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// maxSettings is how many bytes of JSON a meeting's own settings have at
// most: a list of meetings reads those of every row.
const maxSettings = 256 << 10

// applySettings merges change into m's settings and acts on those that the
// domain knows.
func (a *App) applySettings(ctx context.Context, tx *store.Tx, m *muster.Meeting, host *muster.User, change settings.Doc) error {
	stored, err := settings.FromJSON(orObject(m.Settings))
	if err != nil {
		return fmt.Errorf("settings of meeting %d: %w", m.ID, err)
	}
	doc := settings.Merge(stored, change)
	if err := muster.InvalidFields(settings.CheckMeeting("settings", doc)); err != nil {
		return err
	}
	if m.Settings, err = json.Marshal(doc); err != nil {
		return err
	}
	if len(m.Settings) > maxSettings {
		return muster.InvalidField("settings", "must be at most %d bytes long in all", maxSettings)
	}
	all := settings.Meeting.Effective(doc)
	m.Approval = muster.Approval(all.Int("approval_type"))
	m.RegistrationType = muster.RegistrationType(all.Int("registration_type"))
	m.CloseRegistration = all.Bool("close_registration")
	if _, given := change["alternative_hosts"]; given {
		if m.AlternativeHosts, err = a.alternativeHosts(ctx, tx, m.Account, all.String("alternative_hosts")); err != nil {
			return err
		}
	}
	if all.Bool("use_pmi") && m.Type == muster.Recurring {
		return muster.InvalidField("settings.use_pmi", "must be false for a recurring meeting with fixed times (type 8)")
	}
	if m.Approval == muster.NoRegistration {
		return nil
	}
	if err := host.MayAskForRegistration(); err != nil {
		return err
	}
	return m.CheckRegistration(all.Bool("use_pmi"))
}

func orObject(doc []byte) []byte {
	if len(doc) == 0 {
		return []byte("{}")
	}
	return doc
}

// alternativeHosts resolves ids and emails, with ; or , between, to user ids, each once.
func (a *App) alternativeHosts(ctx context.Context, tx *store.Tx, account, text string) ([]string, error) {
	var ids []string
	seen := map[string]bool{}
	for _, ref := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
		if seen[ref] {
			continue
		}
		seen[ref] = true
		find := tx.User
		if strings.Contains(ref, "@") {
			find = tx.UserByEmail
		}
		u, err := find(ctx, account, ref)
		if errors.Is(err, store.ErrNotFound) || err == nil && u.MayHost() != nil {
			return nil, muster.InvalidField("settings.alternative_hosts", "must be ids or emails of users of this account who can host meetings; %q is none", ref)
		} else if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, u.ID) {
			ids = append(ids, u.ID)
		}
	}
	return ids, nil
}

// applyTimes sets m's zone, start and duration. An update to a start in the
// past is ignored, not refused. [semantics 1.2]
func applyTimes(m *muster.Meeting, c MeetingChange, creating bool, now time.Time) error {
	if c.Timezone != nil && *c.Timezone != "" {
		m.Timezone = *c.Timezone
	}
	zone, err := schedule.Zone(m.Timezone)
	if err != nil {
		return muster.InvalidField("timezone", "%v", err)
	}
	if c.Duration != nil && *c.Duration > 0 {
		m.Duration = *c.Duration
	}
	given := c.Start != nil && strings.TrimSpace(*c.Start) != ""
	start := now
	if given {
		if start, err = schedule.ParseTime(*c.Start, zone); err != nil {
			return muster.InvalidField("start_time", "%v", err)
		}
	}
	switch {
	case m.Type == muster.RecurringNoFixed:
		m.Start = time.Time{}
	case creating && m.Type == muster.Instant:
		m.Start, m.State = now, muster.Started
	case given && (creating || start.After(now) || m.Start.IsZero()):
		m.Start = start
		reopen(m, start, now)
	case given || !m.Start.IsZero(): // a past start of an update, or nothing said
	case m.Type == muster.Recurring:
		return muster.InvalidField("start_time", "is required for a recurring meeting with fixed times (type 8)")
	default: // a scheduled meeting without a start is an instant one that has not begun
		m.Start, m.Type = now, muster.Instant
	}
	return nil
}

// reopen makes an ended meeting wait again for the new time that a host gives it.
func reopen(m *muster.Meeting, start, now time.Time) {
	if m.State == muster.Ended && start.After(now) {
		m.State = muster.Waiting
	}
}

// checkTypesKept refuses to change how registrations are kept while there are any.
func (a *App) checkTypesKept(ctx context.Context, tx *store.Tx, before, m *muster.Meeting) error {
	if before.Type == m.Type && (before.RegistrationType == m.RegistrationType || !m.Series()) {
		return nil
	}
	t, err := tx.Tally(ctx, m, 0)
	if err != nil {
		return err
	}
	if t == (muster.Tally{}) {
		return nil
	}
	if before.Type != m.Type {
		return muster.InvalidField("type", "must stay %d while people are registered", before.Type)
	}
	return muster.InvalidField("settings.registration_type", "must stay %d while people are registered", before.RegistrationType)
}

// applySeries sets m's recurrence and, where anything that they hang on
// changed, expands its occurrences anew. Those that hold people stay, as
// deleted.
func (a *App) applySeries(ctx context.Context, tx *store.Tx, before, m *muster.Meeting, c MeetingChange, creating bool) error {
	if m.Type != muster.Recurring && m.Type != muster.RecurringNoFixed {
		m.Recurrence, m.Occurrences = nil, nil
		return nil
	}
	if c.Recurrence != nil {
		if err := muster.InvalidFields(schedule.Check(*c.Recurrence)); err != nil {
			return err
		}
		m.Recurrence = c.Recurrence
	}
	switch {
	case m.Type == muster.RecurringNoFixed:
		m.Occurrences = nil
		return nil
	case m.Recurrence == nil:
		return muster.InvalidField("recurrence", "is required for a recurring meeting with fixed times (type 8)")
	}
	moved := !before.Start.Equal(m.Start) || before.Timezone != m.Timezone || before.Type != m.Type
	if !creating && !moved && m.Recurrence.Same(before.Recurrence) { // clients send whole objects back
		lengthen(m, before.Duration)
		return nil
	}
	zone, err := schedule.Zone(m.Timezone)
	if err != nil {
		return err
	}
	fresh := schedule.Expand(*m.Recurrence, m.Start, m.Duration, zone)
	if len(fresh) == 0 {
		return muster.InvalidField("recurrence", "must give at least one occurrence: its end lies before the first")
	}
	m.Start = fresh[0].Start
	var held map[int64]bool
	if !creating {
		if held, err = tx.OccurrencesWithPeople(ctx, m); err != nil {
			return err
		}
	}
	m.Occurrences = schedule.Rebuild(m.Occurrences, fresh, func(id int64) bool { return held[id] })
	return nil
}

// lengthen gives m's duration to the occurrences that had the former one.
func lengthen(m *muster.Meeting, former time.Duration) {
	for i := range m.Occurrences {
		if m.Occurrences[i].Duration == former {
			m.Occurrences[i].Duration = m.Duration
		}
	}
}

// changeOccurrence changes one occurrence of m: its agenda, start, duration
// and the settings that the catalogue marks; its id stays. What belongs to
// the whole series is refused where it differs.
func changeOccurrence(m *muster.Meeting, host *muster.User, id int64, c MeetingChange, now time.Time) error {
	o, err := availableOccurrence(m, id)
	if err != nil {
		return err
	}
	series, err := viewWith(now, m, host, nil)
	if err != nil {
		return err
	}
	if err := onlySeries(series, c); err != nil {
		return err
	}
	zone, err := schedule.Zone(m.Timezone)
	if err != nil {
		return err
	}
	if c.Start != nil && *c.Start != "" {
		start, err := schedule.ParseTime(*c.Start, zone)
		if err != nil {
			return muster.InvalidField("start_time", "%v", err)
		}
		if start.After(now) {
			o.Start = start
		}
	}
	if c.Duration != nil && *c.Duration > 0 {
		o.Duration = *c.Duration
	}
	return changeDetails(o, c)
}

func changeDetails(o *muster.Occurrence, c MeetingChange) error {
	var changes occurrenceChanges
	if err := json.Unmarshal(orObject(o.Changes), &changes); err != nil {
		return fmt.Errorf("occurrence %d: %w", o.ID, err)
	}
	if c.Agenda != nil {
		changes.Agenda = c.Agenda
	}
	own, err := settings.FromJSON(orObject(changes.Settings))
	if err != nil {
		return fmt.Errorf("occurrence %d: %w", o.ID, err)
	}
	change, problems := settings.Meeting.Occurrence().Decode("settings", c.Settings)
	if err := muster.InvalidFields(problems); err != nil {
		return err
	}
	if changes.Settings, err = json.Marshal(settings.Merge(own, change)); err != nil {
		return err
	}
	o.Changes, err = json.Marshal(changes)
	return err
}

// onlySeries refuses what one occurrence cannot have of its own.
func onlySeries(m *MeetingView, c MeetingChange) error {
	const rule = "cannot be changed for one occurrence: leave occurrence_id out to change the series"
	switch {
	case c.Topic != nil && *c.Topic != m.Topic:
		return muster.InvalidField("topic", rule)
	case c.Type != nil && *c.Type != m.Type:
		return muster.InvalidField("type", rule)
	case c.Passcode != nil && *c.Passcode != m.Passcode:
		return muster.InvalidField("password", rule)
	case c.Timezone != nil && *c.Timezone != "" && *c.Timezone != m.Timezone:
		return muster.InvalidField("timezone", rule)
	case c.Recurrence != nil && !c.Recurrence.Same(m.Recurrence):
		return muster.InvalidField("recurrence", rule)
	case c.Tracking != nil && !slices.Equal(c.Tracking, m.Tracking):
		return muster.InvalidField("tracking_fields", rule)
	case c.PreSchedule != nil && *c.PreSchedule != m.PreSchedule:
		return muster.InvalidField("pre_schedule", rule)
	}
	after := settings.Merge(m.Effective, c.Settings)
	for _, l := range settings.Meeting {
		if !l.PerOccurrence && !reflect.DeepEqual(after[l.Name], m.Effective[l.Name]) {
			return muster.InvalidField("settings."+l.Name, rule)
		}
	}
	return nil
}
