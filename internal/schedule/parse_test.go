package schedule

import (
	"strings"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, zone, want string }{
		"UTC":                        {"2026-03-25T07:46:00Z", "Europe/Berlin", "2026-03-25T07:46:00Z"},
		"clock of the zone":          {"2026-03-25T07:46:00", "Europe/Berlin", "2026-03-25T06:46:00Z"},
		"clock of UTC":               {"2026-03-25T07:46:00", "UTC", "2026-03-25T07:46:00Z"},
		"offset with a colon":        {"2026-03-25T07:46:00+02:00", "UTC", "2026-03-25T05:46:00Z"},
		"offset without a colon":     {"2026-03-25T07:46:00-0330", "UTC", "2026-03-25T11:16:00Z"},
		"offset over new year":       {"2026-01-01T00:30:00+01:00", "UTC", "2025-12-31T23:30:00Z"},
		"zero offset":                {"2026-03-25T07:46:00-00:00", "Europe/Berlin", "2026-03-25T07:46:00Z"},
		"milliseconds":               {"2026-03-25T07:46:00.999Z", "UTC", "2026-03-25T07:46:00Z"},
		"nanoseconds and offset":     {"2026-03-25T07:46:00.123456789+02:00", "UTC", "2026-03-25T05:46:00Z"},
		"parts of a second, clock":   {"2026-03-25T07:46:59.5", "Europe/Berlin", "2026-03-25T06:46:59Z"},
		"no seconds":                 {"2026-03-25T07:46", "Europe/Berlin", "2026-03-25T06:46:00Z"},
		"no seconds, UTC":            {"2026-03-25T07:46Z", "Europe/Berlin", "2026-03-25T07:46:00Z"},
		"no seconds, offset":         {"2026-03-25T07:46+02:00", "UTC", "2026-03-25T05:46:00Z"},
		"blank":                      {"2026-03-25 07:46:00", "UTC", "2026-03-25T07:46:00Z"},
		"small letters":              {"2026-03-25t07:46:00z", "Europe/Berlin", "2026-03-25T07:46:00Z"},
		"leap day":                   {"2028-02-29T12:00:00Z", "UTC", "2028-02-29T12:00:00Z"},
		"leap day of a century":      {"2000-02-29T12:00:00Z", "UTC", "2000-02-29T12:00:00Z"},
		"gap":                        {"2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00Z"},
		"gap of half an hour":        {"2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z"},
		"overlap":                    {"2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00Z"},
		"overlap, told by an offset": {"2026-11-01T01:30:00-05:00", "America/New_York", "2026-11-01T06:30:00Z"},
		"date alone":                 {"2026-03-25", "Europe/Berlin", "2026-03-24T23:00:00Z"},
		"last year":                  {"2100-12-31T23:59:59Z", "UTC", "2100-12-31T23:59:59Z"},

		"empty":                  {text: ""},
		"date and hour":          {text: "2026-03-25T07Z"},
		"words":                  {text: "tomorrow"},
		"epoch":                  {text: "1648194360000"},
		"slashes":                {text: "2026/03/25 07:46:00"},
		"small year":             {text: "1999-12-31T23:59:59Z"},
		"great year":             {text: "2101-01-01T00:00:00Z"},
		"five digits":            {text: "12026-03-25T07:46:00Z"},
		"month 0":                {text: "2026-00-25T07:46:00Z"},
		"month 13":               {text: "2026-13-25T07:46:00Z"},
		"day 0":                  {text: "2026-03-00T07:46:00Z"},
		"30 February":            {text: "2026-02-30T07:46:00Z"},
		"29 February":            {text: "2026-02-29T07:46:00Z"},
		"29 February 2100":       {text: "2100-02-29T07:46:00Z"},
		"hour 24":                {text: "2026-03-25T24:00:00Z"},
		"minute 60":              {text: "2026-03-25T07:60:00Z"},
		"second 60":              {text: "2026-03-25T07:46:60Z"},
		"offset of 24 hours":     {text: "2026-03-25T07:46:00+24:00"},
		"offset of 60 minutes":   {text: "2026-03-25T07:46:00+02:60"},
		"offset of hours":        {text: "2026-03-25T07:46:00+02"},
		"blank before offset":    {text: "2026-03-25T07:46:00 +02:00"},
		"two zones":              {text: "2026-03-25T07:46:00Z+02:00"},
		"point alone":            {text: "2026-03-25T07:46:00.Z"},
		"part of a minute":       {text: "2026-03-25T07:46.5Z"},
		"blanks around":          {text: " 2026-03-25T07:46:00Z"},
		"line end":               {text: "2026-03-25T07:46:00Z\n"},
		"digits of another kind": {text: "२०२६-03-25T07:46:00Z"},
	}
	for name, tt := range tests {
		if tt.want == "" {
			if got, err := ParseTime(tt.text, time.UTC); err == nil {
				t.Errorf("%s: got %v, want an error", name, got)
			} else if !strings.Contains(err.Error(), "2026-03-25T07:46:00Z") {
				t.Errorf("%s: %q does not show the form", name, err)
			}
			continue
		}
		got, err := ParseTime(tt.text, zone(t, tt.zone))
		if err != nil || got.Format(time.RFC3339Nano) != tt.want || got.Location() != time.UTC {
			t.Errorf("%s: got %v, %v, want %s", name, got, err, tt.want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, text := range []string{"2026-03-25T07:46:00Z", "2026-03-29 02:30", "2026-11-01t01:30:00.5-0500", "2011-12-30T10:00:00", "2026-02-30T00:00z", ""} {
		for i := range zoneNames {
			f.Add(text, uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, text string, at uint8) {
		z := zone(t, zoneNames[int(at)%len(zoneNames)])
		got, err := ParseTime(text, z)
		if err != nil {
			if !got.IsZero() {
				t.Fatalf("%q: %v beside the error %v", text, got, err)
			}
			return
		}
		if got.Year() < minYear-1 || got.Year() > maxYear+1 || got.Nanosecond() != 0 || got.Location() != time.UTC {
			t.Fatalf("%q: got %v", text, got)
		}
		again, err := ParseTime(got.Format("2006-01-02T15:04:05Z"), z)
		if got.Year() >= minYear && got.Year() <= maxYear && (err != nil || !again.Equal(got)) {
			t.Fatalf("%q: %v comes back as %v, %v", text, got, again, err)
		}
		if strict, err := time.Parse(time.RFC3339, text); err == nil && !strict.Truncate(time.Second).Equal(got) {
			t.Fatalf("%q: got %v, want %v", text, got, strict)
		}
		if clock, err := time.Parse("2006-01-02T15:04:05", text); err == nil {
			if want, _ := wallBySearch(clock.Truncate(time.Second), z); !want.Equal(got) {
				t.Fatalf("%q in %v: got %v, want %v", text, z, got, want)
			}
		}
	})
}
