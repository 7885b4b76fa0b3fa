package schedule

import (
	"errors"
	"regexp"
	"strconv"
	"time"
)

// The years that ParseTime takes, as they are written.
const (
	minYear = 2000
	maxYear = 2100
)

var timeForm = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:([Zz])|([+-])(\d\d):?(\d\d))?)?$`)

var errTimeForm = errors.New("must be an existing date and time of the years 2000 to 2100, such as " +
	"2026-03-25T07:46:00Z (UTC), 2026-03-25T07:46:00 (in the given timezone) or 2026-03-25T07:46:00+02:00")

// ParseTime reads a time as clients send it and returns it in UTC, in whole
// seconds. Text with a Z is UTC, text with an offset is that instant, text
// with neither is what the clocks of zone show, by the rules of Wall.
//
// The API documents the forms 2026-03-25T07:46:00Z and 2026-03-25T07:46:00
// only. Clients also send an offset (+02:00 or +0200), parts of a second,
// which are cut, no seconds at all, a blank for the T and small letters. A
// date alone is its midnight. [semantics 11.24]
// The error names the forms and can stand as the rule of a field.
func ParseTime(text string, zone *time.Location) (time.Time, error) {
	part := timeForm.FindStringSubmatch(text)
	if part == nil {
		return time.Time{}, errTimeForm
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(part[i]) // digits by the form, or absent, which is 0
		return n
	}
	year, month, day := number(1), time.Month(number(2)), number(3)
	hour, minute, second := number(4), number(5), number(6)
	utc := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	exists := utc.Month() == month && utc.Day() == day && hour < 24 && minute < 60 && second < 60
	if !exists || year < minYear || year > maxYear {
		return time.Time{}, errTimeForm
	}
	if part[7] != "" {
		return utc, nil
	}
	if part[8] == "" {
		return Wall(year, month, day, hour, minute, second, zone), nil
	}
	if number(9) > 23 || number(10) > 59 {
		return time.Time{}, errTimeForm
	}
	ahead := time.Duration(number(9))*time.Hour + time.Duration(number(10))*time.Minute
	if part[8] == "-" {
		ahead = -ahead
	}
	return utc.Add(-ahead), nil
}
