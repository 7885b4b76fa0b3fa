package muster

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A TrackingDefinition is a field that an account has its meetings tracked by.
type TrackingDefinition struct {
	Seq         int64 // order of creation
	ID, Account string
	Field       string   // its name
	Recommended []string // values that are offered; others may be given
	Required    bool     // every meeting must have a value
	Visible     bool     // whoever sees the meeting sees the value
	CreatedAt   time.Time
}

// What an account's tracking fields have at most.
const (
	MaxTrackingFields   = 50
	MaxTrackingName     = 128
	MaxTrackingValue    = 256
	MaxRecommendedCount = 200
)

// TrackingKey returns the name of a tracking field in the form by which they
// are told apart.
func TrackingKey(field string) string { return strings.ToLower(strings.TrimSpace(field)) }

// Check returns the rules that d breaks.
func (d *TrackingDefinition) Check() []Problem {
	var ps []Problem
	if n := utf8.RuneCountInString(d.Field); n == 0 || n > MaxTrackingName || strings.TrimSpace(d.Field) != d.Field {
		ps = append(ps, Problem{"field", fmt.Sprintf("must have 1 to %d characters, without blanks around them", MaxTrackingName)})
	}
	if len(d.Recommended) > MaxRecommendedCount {
		ps = append(ps, Problem{"recommended_values", fmt.Sprintf("must have at most %d elements, not %d", MaxRecommendedCount, len(d.Recommended))})
	}
	for i, v := range d.Recommended {
		if n := utf8.RuneCountInString(v); n == 0 || n > MaxTrackingValue {
			ps = append(ps, Problem{fmt.Sprintf("recommended_values[%d]", i), fmt.Sprintf("must have 1 to %d characters", MaxTrackingValue)})
		}
	}
	return ps
}

// NoSuchTrackingField returns the TrackingFieldNotFound for an id.
func NoSuchTrackingField(id string) error {
	return Errorf(TrackingFieldNotFound, id, "Tracking field does not exist: %.100s.", id)
}

// tracks reports whether list has a value for a field.
func tracks(list []TrackingField, key string) bool {
	return slices.ContainsFunc(list, func(t TrackingField) bool { return TrackingKey(t.Field) == key && strings.TrimSpace(t.Value) != "" })
}

// CheckTracking returns nil if a meeting may have the tracking values after,
// which has those of before; else Invalid. Of the required fields a new meeting
// must have all, and another must keep those that it has: a meeting from before
// a field was required stays as it is.
func CheckTracking(required []string, before, after []TrackingField, creating bool) error {
	var missing []string
	for _, field := range required {
		key := TrackingKey(field)
		if !tracks(after, key) && (creating || tracks(before, key)) {
			missing = append(missing, field)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return InvalidField("tracking_fields", "must have a value for each field that the account requires; missing: %s", strings.Join(missing, ", "))
}
