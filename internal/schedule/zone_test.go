package schedule

import (
	"archive/zip"
	"go/build"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := Zone(name)
	if err != nil {
		t.Fatalf("Zone(%q): %v", name, err)
	}
	return z
}

// instant reads a time of the form 2026-03-25T07:46:00Z.
func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Etc/UTC", "GMT", "Etc/GMT+10", "Europe/Berlin", "America/Argentina/Buenos_Aires", "America/Port-au-Prince", "EST5EDT", "US/Eastern"} {
		z, err := Zone(name)
		if err != nil {
			t.Errorf("Zone(%q): %v", name, err)
		} else if z.String() != name {
			t.Errorf("Zone(%q) is named %q", name, z)
		}
	}
	for _, name := range []string{
		"", " ", "Local", "local", "localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "utc", "europe/berlin", "Europe", "Europe/",
		"/Europe/Berlin", "../etc/passwd", "Europe/../Europe/Berlin", "Europe//Berlin", "./UTC", `Europe\Berlin`, "Europe/Berlin\x00", "Europe/Berlin\n", " UTC",
		"zone.tab", "+02:00", "Mars/Olympus", strings.Repeat("A", 10000),
	} {
		if z, err := Zone(name); err == nil {
			t.Errorf("Zone(%.40q) = %v, want an error", name, z)
		} else if !strings.HasPrefix(err.Error(), "must be ") {
			t.Errorf("Zone(%.40q): %q is no rule", name, err)
		}
	}
}

func TestWall(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ zone, clock, want string }{
		"UTC":                           {"UTC", "2026-03-25T07:46:00", "2026-03-25T07:46:00Z"},
		"no daylight saving":            {"Asia/Kolkata", "2026-07-01T09:00:00", "2026-07-01T03:30:00Z"},
		"New York winter":               {"America/New_York", "2026-01-15T09:00:00", "2026-01-15T14:00:00Z"},
		"New York summer":               {"America/New_York", "2026-07-15T09:00:00", "2026-07-15T13:00:00Z"},
		"New York before the gap":       {"America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59Z"},
		"New York gap begins":           {"America/New_York", "2026-03-08T02:00:00", "2026-03-08T07:00:00Z"},
		"New York in the gap":           {"America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z"},
		"New York after the gap":        {"America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00Z"},
		"New York before the overlap":   {"America/New_York", "2026-11-01T00:59:59", "2026-11-01T04:59:59Z"},
		"New York overlap begins":       {"America/New_York", "2026-11-01T01:00:00", "2026-11-01T05:00:00Z"},
		"New York in the overlap":       {"America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z"},
		"New York after the overlap":    {"America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z"},
		"Berlin in the gap":             {"Europe/Berlin", "2026-03-29T02:15:00", "2026-03-29T01:15:00Z"},
		"Berlin in the overlap":         {"Europe/Berlin", "2026-10-25T02:15:00", "2026-10-25T00:15:00Z"},
		"Lord Howe in the half hour":    {"Australia/Lord_Howe", "2026-10-04T02:10:00", "2026-10-03T15:40:00Z"},
		"Lord Howe after the half hour": {"Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-03T15:30:00Z"},
		"Lord Howe in the overlap":      {"Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z"},
		"Apia before the day left out":  {"Pacific/Apia", "2011-12-29T10:00:00", "2011-12-29T20:00:00Z"},
		"Apia on the day left out":      {"Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T20:00:00Z"},
		"Apia after the day left out":   {"Pacific/Apia", "2011-12-31T10:00:00", "2011-12-30T20:00:00Z"},
		"far future":                    {"Europe/Berlin", "2099-07-01T12:00:00", "2099-07-01T10:00:00Z"},
	}
	for name, tt := range tests {
		c := instant(t, tt.clock+"Z")
		got := Wall(c.Year(), c.Month(), c.Day(), c.Hour(), c.Minute(), c.Second(), zone(t, tt.zone))
		if got.Format(time.RFC3339) != tt.want || got.Location() != time.UTC {
			t.Errorf("%s: got %v, want %s", name, got, tt.want)
		}
	}
}

// wallBySearch does what Wall does by trying every offset that occurs nearby.
// It reports whether the clocks ever show the time.
func wallBySearch(clock time.Time, z *time.Location) (time.Time, bool) {
	var earliest time.Time
	smallest := 24 * time.Hour
	for h := -30; h <= 30; h++ {
		ahead := offset(clock.Add(time.Duration(h)*time.Hour), z)
		smallest = min(smallest, ahead)
		at := clock.Add(-ahead)
		if offset(at, z) == ahead && (earliest.IsZero() || at.Before(earliest)) {
			earliest = at
		}
	}
	if earliest.IsZero() {
		return clock.Add(-smallest), false
	}
	return earliest, true
}

// zoneNames are the zones of the properties and the fuzz tests.
var zoneNames = []string{
	"UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo",
	"Asia/Kathmandu", "Pacific/Chatham", "Antarctica/Troll", "Europe/Dublin", "America/Caracas", "Asia/Pyongyang", "America/St_Johns", "Pacific/Fakaofo",
}

func TestWallAgreesWithSearch(t *testing.T) {
	t.Parallel()
	for _, name := range zoneNames {
		z := zone(t, name)
		for at := instant(t, "2000-01-01T00:00:00Z"); at.Year() < 2045; at = at.Add(167 * time.Hour) {
			_, change := at.In(z).ZoneBounds()
			if change.IsZero() || change.Sub(at) > 167*time.Hour {
				continue
			}
			for m := -26 * 60; m <= 26*60; m += 65 {
				c := change.UTC().Truncate(time.Minute).Add(offset(change, z) + time.Duration(m)*time.Minute)
				got := Wall(c.Year(), c.Month(), c.Day(), c.Hour(), c.Minute(), c.Second(), z)
				if want, _ := wallBySearch(c, z); !got.Equal(want) {
					t.Fatalf("%s %v: got %v, want %v", name, c, got, want)
				}
			}
		}
	}
}

// TestZonesChangeRarely holds the zone database to what Wall assumes of it.
func TestZonesChangeRarely(t *testing.T) {
	t.Parallel()
	names, err := zip.OpenReader(filepath.Join(build.Default.GOROOT, "lib/time/zoneinfo.zip"))
	if err != nil {
		t.Skipf("no list of zones: %v", err)
	}
	defer names.Close()
	for _, f := range names.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		z := zone(t, f.Name)
		last := time.Unix(0, 0)
		for at := instant(t, "2000-01-01T00:00:00Z"); at.Year() < 2102; {
			_, end := at.In(z).ZoneBounds()
			if end.IsZero() {
				break
			}
			if !end.After(at) { // time splits years at wrong seconds in leap years
				end = at.Add(time.Hour)
			}
			if offset(end, z) != offset(end.Add(-time.Second), z) {
				if end.Sub(last) < 48*time.Hour {
					t.Errorf("%s changes at %v and at %v", f.Name, last, end)
				}
				last = end
			}
			at = end
		}
	}
}
