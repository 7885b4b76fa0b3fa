package schedule

import (
	"errors"
	"regexp"
	"time"
)

// zoneName is the form of IANA names. That they begin with a capital keeps out
// the other files of a system's database: localtime, posixrules, posix/, right/.
var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$`)

// Zone returns the zone of an IANA name, "UTC" included. Names are exact in
// case. The error says what is asked for and can stand as the rule of a field.
// Unlike time.LoadLocation it knows neither "" nor "Local", which would make
// an answer depend on the machine. Every call reads the zone database anew,
// some 10 microseconds.
func Zone(name string) (*time.Location, error) {
	if name != "Local" && zoneName.MatchString(name) {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, errors.New("must be the IANA name of a time zone, such as Europe/Berlin, or UTC")
}

// Wall returns the instant, in UTC, at which the clocks of zone show the given
// date and time. A time that the clocks skip in spring moves forward by the
// length of the gap; of a time that they show twice in autumn the first is
// taken. Values beyond their range are carried over as time.Date does.
//
// time.Date leaves open what it does with both. Wall relies on the offset of a
// zone changing at most once within 48 hours, which holds for all zones from
// 2000 on.
func Wall(year int, month time.Month, day, hour, minute, second int, zone *time.Location) time.Time {
	clock := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	before := offset(clock.Add(-24*time.Hour), zone)
	after := offset(clock.Add(24*time.Hour), zone)
	early := clock.Add(-before)
	if offset(early, zone) == before {
		return early
	}
	late := clock.Add(-after)
	if offset(late, zone) == after {
		return late
	}
	return early // in the gap: the clock as if it had not been moved
}

// offset returns how far the clocks of zone are ahead of UTC at t.
func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
