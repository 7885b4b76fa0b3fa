package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Unset                   []string     // settings that the meeting says nothing of any more; not for one occurrence
	Tracking                []muster.TrackingField
	KeepHidden              bool // Tracking is of somebody who is not shown hidden fields: those stay
	PreSchedule             *bool
	Form                    *muster.Form // the whole registration form, which also turns registration on
	Kept                    settings.Doc // is merged into muster.Meeting.Kept
	KeptWhole               bool         // Kept replaces it instead
	Slot                    *Slot        // instead of Start and Duration
	Rule                    *string      // instead of Type and Recurrence: a rule of RFC 2445, "" for one date
	Tags                    []string     // of integrations; nil says nothing
	// Alike lists, by setting, values that the dialect cannot tell from the one
	// in Settings: where one of them holds, it stays.
	Alike           map[string][]any
	Invitees        []muster.Invitee // without numbers; create only
	ScheduleFor     string           // id or email of the host to schedule for; create only
	DefaultPasscode bool             // make a passcode where it would be empty; on an update, where an empty one is given
	// PasscodeIfRequired makes one where it would be empty and the host's
	// settings ask for one; create only.
	PasscodeIfRequired bool
	PasscodeLimit      int // characters of a new passcode; 0: muster.MaxPasscode
}

// UpdateMeeting changes a meeting or, where occurrence is not 0, one of its
// occurrences, and returns it.
func (a *App) UpdateMeeting(ctx context.Context, by muster.Actor, ref MeetingRef, occurrence int64, c MeetingChange) (v *MeetingView, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		m, err := a.meeting(ctx, tx, by, ref, write)
		if err != nil {
			return err
		}
		host, err := tx.User(ctx, m.Account, m.Host)
		if err != nil {
			return err
		}
		if err := host.MayHost(); err != nil {
			return err
		}
		if err := a.countHost(ctx, tx, host); err != nil {
			return err
		}
		date, err := ref.date(m, occurrence)
		if err != nil {
			return err
		}
		chain, err := a.chainOfHost(ctx, tx, host)
		if err != nil {
			return err
		}
		c := c // as this may run twice
		if c.Tracking, err = a.withHidden(ctx, tx, m, c); err != nil {
			return err
		}
		data := map[string]any{"scope": "all"}
		if date != nil {
			data = map[string]any{"scope": "single", "occurrence_id": date.ID}
			err = changeOccurrence(m, host, chain, date, c, tx.Now)
		} else {
			err = a.apply(ctx, tx, m, host, chain, c, false)
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
		if err := a.setTags(ctx, tx, m, c); err != nil {
			return err
		}
		if date == nil && occurrence != 0 { // of what is no series, and perhaps another now
			occurrence = m.Start.UnixMilli()
		}
		if v, err = a.viewFor(ctx, tx, m, host, chain, occurrence); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.MeetingUpdated, m, nil, data)
	})
	return v, err
}

// apply makes c's changes to m, hosted by host, whose settings are chain.
func (a *App) apply(ctx context.Context, tx *store.Tx, m *muster.Meeting, host *muster.User, chain settings.Chain, c MeetingChange, creating bool) error {
	before := *m
	assign(&m.Topic, c.Topic)
	assign(&m.Agenda, c.Agenda)
	assign(&m.PreSchedule, c.PreSchedule)
	assign(&m.Type, c.typeOf(m))
	if err := a.applyTracking(ctx, tx, m, c, creating); err != nil {
		return err
	}
	if err := applyKept(m, c); err != nil {
		return err
	}
	if c.Form != nil {
		c.Settings = withApproval(c.Settings, c.Form.AutoAccept)
	}
	change, err := ownChange(m, chain, c)
	if err != nil {
		return err
	}
	if err := a.applySettings(ctx, tx, m, host, change); err != nil {
		return err
	}
	if err := mayUseNumber(&before, m, chain); err != nil {
		return err
	}
	if c.Form != nil {
		m.Questions.Replace(*c.Form)
		if err := muster.InvalidFields(m.Questions.Check()); err != nil {
			return err
		}
	}
	if c.Form != nil || c.Rule != nil && !before.Series() {
		if err := m.TakesForm(); err != nil {
			return err
		}
	}
	if err := applyTimes(m, c, creating, tx.Now); err != nil {
		return err
	}
	if err := a.applyPasscode(&before, m, chain, c, creating); err != nil { // the type is known now
		return err
	}
	if !creating {
		if err := a.checkTypesKept(ctx, tx, &before, m, c); err != nil {
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

// maxSettings is how many bytes of JSON the own settings of a meeting, an
// account, a group or a user have at most: lists read those of every row.
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
// past is ignored, not refused [semantics 1.2], unless c has a Slot.
func applyTimes(m *muster.Meeting, c MeetingChange, creating bool, now time.Time) error {
	if c.Timezone != nil && *c.Timezone != "" {
		m.Timezone = *c.Timezone
	}
	zone, err := schedule.Zone(m.Timezone)
	if err != nil {
		return muster.InvalidField("timezone", "%v", err)
	}
	if c.Slot != nil || c.Rule != nil {
		return c.applySlot(m, zone, now)
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

// checkTypesKept refuses to change how registrations are kept while there are any.
func (a *App) checkTypesKept(ctx context.Context, tx *store.Tx, before, m *muster.Meeting, c MeetingChange) error {
	if before.Type == m.Type && (before.RegistrationType == m.RegistrationType || !m.Series()) {
		return nil
	}
	if (c.Slot != nil || c.Rule != nil) && before.HasOneDate() == nil && m.HasOneDate() == nil { // an instant meeting is put off
		return nil
	}
	t, err := tx.Tally(ctx, m, 0)
	if err != nil {
		return err
	}
	if t == (muster.Tally{}) {
		return nil
	}
	switch {
	case before.Type != m.Type && c.Rule != nil:
		return muster.InvalidField("recurrence", "cannot be given to a meeting, or taken from it, while people are registered")
	case before.Type != m.Type:
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
	if c.Rule != nil {
		r, err := c.recurrence(m)
		if err != nil {
			return err
		}
		c.Recurrence = r
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
		if c.Slot != nil && before.Duration != m.Duration {
			restore(m)
		}
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
