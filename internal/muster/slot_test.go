package muster

import (
	"testing"
	"time"
)

func TestSlot(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 30, 16, 0, time.UTC)
	at := func(hour, minute, second int) time.Time {
		return time.Date(2026, 3, 2, hour, minute, second, 0, time.UTC)
	}
	tests := map[string]struct {
		start, end, was time.Time
		want            time.Time
		length          time.Duration
		field           string
	}{
		"an hour":                       {start: at(12, 0, 0), end: at(13, 0, 0), want: at(12, 0, 0), length: time.Hour},
		"seconds are cut":               {start: at(12, 0, 41), end: at(13, 0, 59), want: at(12, 0, 0), length: time.Hour},
		"this minute":                   {start: at(9, 30, 28), end: at(10, 0, 0), want: at(9, 31, 0), length: 29 * time.Minute},
		"this minute, already over":     {start: at(9, 30, 0), end: at(9, 40, 0), want: at(9, 31, 0), length: 9 * time.Minute},
		"the next minute":               {start: at(9, 31, 0), end: at(9, 41, 0), want: at(9, 31, 0), length: 10 * time.Minute},
		"the minute before":             {start: at(9, 29, 59), end: at(10, 0, 0), field: "start_time"},
		"ten minutes":                   {start: at(12, 0, 0), end: at(12, 10, 0), want: at(12, 0, 0), length: 10 * time.Minute},
		"too short":                     {start: at(12, 0, 0), end: at(12, 9, 59), field: "end_time"},
		"end before start":              {start: at(12, 0, 0), end: at(11, 0, 0), field: "end_time"},
		"almost a day":                  {start: at(12, 0, 0), end: at(12+23, 59, 0), want: at(12, 0, 0), length: maxSlot},
		"a day":                         {start: at(12, 0, 0), end: at(12+24, 0, 0), field: "end_time"},
		"in ten years":                  {start: now.AddDate(10, 0, 0), end: now.AddDate(10, 0, 0).Add(time.Hour), want: now.AddDate(10, 0, 0).Truncate(time.Minute), length: time.Hour},
		"in more than ten":              {start: now.AddDate(10, 0, 1), end: now.AddDate(10, 0, 1).Add(time.Hour), field: "start_time"},
		"it has begun and takes longer": {start: at(9, 0, 15), end: at(11, 0, 0), was: at(9, 0, 15), want: at(9, 0, 15), length: 2 * time.Hour},
		"it has begun and is over":      {start: at(9, 0, 0), end: at(9, 20, 0), was: at(9, 0, 0), field: "end_time"},
	}
	for name, tt := range tests {
		start, length, err := Slot(tt.start, tt.end, tt.was, now)
		if tt.field != "" {
			if e, ok := err.(*Error); !ok || e.Problems[0].Field != tt.field {
				t.Errorf("%s: got %v, %v, %v, want a problem with %s", name, start, length, err, tt.field)
			}
			continue
		}
		if err != nil || !start.Equal(tt.want) || length != tt.length {
			t.Errorf("%s: got %v, %v, %v, want %v, %v", name, start, length, err, tt.want, tt.length)
		}
	}
}
