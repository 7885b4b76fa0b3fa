package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"muster/internal/muster"
	"muster/internal/schedule"
	"muster/internal/settings"
)

// occurrenceChanges is the document of muster.Occurrence.Changes.
type occurrenceChanges struct {
	Agenda   *string         `json:"agenda,omitempty"`
	Settings json.RawMessage `json:"settings,omitempty"`
}

// changeOccurrence changes one occurrence of m: its agenda, start, duration
// and the settings that the catalogue marks; its id stays. What belongs to
// the whole series is refused where it differs.
func changeOccurrence(m *muster.Meeting, host *muster.User, chain settings.Chain, o *muster.Occurrence, c MeetingChange, now time.Time) error {
	series, err := viewOf(now, m, host, chain, 0)
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
	if c.Slot != nil {
		if o.Start, o.Duration, err = c.Slot.times(o.Start, o.Duration, zone, now); err != nil {
			return err
		}
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
	return changeDetails(series, o, c)
}

func changeDetails(series *MeetingView, o *muster.Occurrence, c MeetingChange) error {
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
	holds := settings.Merge(series.said[0], own)
	if change, problems = settings.KeepLocked(series.chain, "settings", holds, change, c.Alike); len(problems) > 0 {
		return muster.InvalidFields(problems)
	}
	if changes.Settings, err = json.Marshal(settings.Merge(own, change)); err != nil {
		return err
	}
	o.Changes, err = json.Marshal(changes)
	return err
}

// onlySeries refuses what one occurrence cannot have of its own.
func onlySeries(m *MeetingView, c MeetingChange) error {
	const rule = "cannot be changed for one occurrence, only for the whole series"
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
	if err := onlySeriesKeeps(m, c, rule); err != nil {
		return err
	}
	after := settings.Merge(m.Effective, c.Settings)
	for _, l := range settings.Meeting {
		if !l.PerOccurrence && !slices.Contains(c.Alike[l.Name], m.Effective[l.Name]) && !reflect.DeepEqual(after[l.Name], m.Effective[l.Name]) {
			return muster.InvalidField("settings."+l.Name, rule)
		}
	}
	return nil
}

// onlySeriesKeeps is onlySeries for what only one dialect knows.
func onlySeriesKeeps(m *MeetingView, c MeetingChange, rule string) error {
	switch {
	case c.Rule != nil && *c.Rule != "":
		return muster.InvalidField("recurrence", "%s", rule)
	case c.Form != nil:
		return muster.Errorf(muster.OneDateOnly, "", "Registration does not apply to recurring meetings and their dates.")
	case c.Kept == nil:
		return nil
	}
	kept, err := settings.FromJSON(orObject(m.Kept))
	if err != nil {
		return err
	}
	after := settings.Merge(kept, c.Kept)
	for _, name := range slices.Sorted(maps.Keys(c.Kept)) {
		if !reflect.DeepEqual(after[name], kept[name]) {
			return muster.InvalidField(name, "%s", rule)
		}
	}
	return nil
}
