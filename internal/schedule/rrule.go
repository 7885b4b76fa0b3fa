package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/muster"
)

// The days of RFC 2445, by time.Weekday.
var ruleDays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// The times of RFC 2445: an instant, a clock without a zone, a date.
const (
	ruleInstant = "20060102T150405Z"
	ruleClock   = "20060102T150405"
	ruleDate    = "20060102"
)

// frequencies are those that a series can have.
var frequencies = map[string]muster.RecurrenceType{"DAILY": muster.Daily, "WEEKLY": muster.Weekly, "MONTHLY": muster.Monthly}

// FormatRule spells r, which must have passed Check, as a rule of RFC 2445,
// such as FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10. ParseRule reads it back
// to the same dates whatever the start.
func FormatRule(r muster.Recurrence) string {
	interval := max(r.Interval, 1)
	parts := []string{"", "INTERVAL=" + strconv.Itoa(interval)}
	for name, t := range frequencies {
		if t == r.Type {
			parts[0] = "FREQ=" + name
		}
	}
	switch {
	case r.Type == muster.Weekly:
		days := r.WeeklyDays
		if len(days) == 0 {
			days = []time.Weekday{time.Sunday}
		}
		names := make([]string, len(days))
		for i, d := range days {
			names[i] = ruleDays[d]
		}
		parts = append(parts, "BYDAY="+strings.Join(names, ","))
		if sundayMatters(days, interval) {
			parts = append(parts, "WKST=SU")
		}
	case r.Type == muster.Monthly && r.MonthlyWeek != 0:
		parts = append(parts, "BYDAY="+strconv.Itoa(r.MonthlyWeek)+ruleDays[r.MonthlyWeekDay])
	case r.Type == muster.Monthly:
		parts = append(parts, "BYMONTHDAY="+strconv.Itoa(max(r.MonthlyDay, 1)))
	}
	switch {
	case r.EndTimes > 0:
		parts = append(parts, "COUNT="+strconv.Itoa(r.EndTimes))
	case !r.EndDateTime.IsZero():
		parts = append(parts, "UNTIL="+r.EndDateTime.UTC().Format(ruleInstant))
	}
	return strings.Join(parts, ";")
}

// sundayMatters reports whether it makes a difference on which day a week
// begins. Ours begin on Sunday, those of RFC 2445 on Monday unless WKST says
// otherwise.
func sundayMatters(days []time.Weekday, interval int) bool {
	return interval > 1 && len(days) > 1 && slices.Contains(days, time.Sunday)
}

// ParseRule reads a rule of RFC 2445, with or without RRULE: before it. What
// the rule leaves to the start of the series, the day of the week or of the
// month, is that of start, which must be in the zone of the series. What a
// series cannot do is an error that names the part; it can stand as the rule
// of a field. What ParseRule returns passes Check.
//
// Of several days of a month the first counts [semantics 8.1]. UNTIL may be an
// instant, a clock in the zone of start, or a date, which is included.
func ParseRule(text string, start time.Time) (muster.Recurrence, error) {
	p := ruleParser{start: start, parts: map[string]string{}}
	if err := p.split(text); err != nil {
		return muster.Recurrence{}, err
	}
	for _, read := range []func() error{p.frequency, p.interval, p.days, p.end} {
		if err := read(); err != nil {
			return muster.Recurrence{}, err
		}
	}
	return p.r, nil
}

type ruleParser struct {
	r     muster.Recurrence
	start time.Time
	parts map[string]string
}

var knownParts = []string{"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "WKST"}

func (p *ruleParser) split(text string) error {
	text = strings.ToUpper(strings.TrimSpace(text))
	text = strings.TrimSuffix(strings.TrimPrefix(text, "RRULE:"), ";")
	for part := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case !ok || value == "":
			return fmt.Errorf("must be a rule such as FREQ=WEEKLY;INTERVAL=1;BYDAY=MO;COUNT=10 (RFC 2445); %.40q is no part of one", part)
		case !slices.Contains(knownParts, name):
			return fmt.Errorf("must have no part %.40q: a series is made of %s", name, strings.Join(knownParts, ", "))
		case p.parts[name] != "":
			return fmt.Errorf("must have the part %s once", name)
		}
		p.parts[name] = value
	}
	return nil
}

func (p *ruleParser) frequency() error {
	t, ok := frequencies[p.parts["FREQ"]]
	if !ok {
		return fmt.Errorf("must have a FREQ of DAILY, WEEKLY or MONTHLY, not %.40q", p.parts["FREQ"])
	}
	p.r.Type = t
	return nil
}

func (p *ruleParser) interval() error {
	limit := maxInterval[p.r.Type]
	n, err := p.number("INTERVAL", 1, limit)
	p.r.Interval = n
	return err
}

// number returns the value of a part, or of its absence.
func (p *ruleParser) number(name string, absent, limit int) (int, error) {
	text, given := p.parts[name]
	if !given {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > limit {
		return 0, fmt.Errorf("must have %s between 1 and %d", name, limit)
	}
	return n, nil
}

func (p *ruleParser) days() error {
	if w, given := p.parts["WKST"]; given && !slices.Contains(ruleDays, w) {
		return errors.New("must have a day such as MO as WKST")
	}
	if p.r.Type == muster.Monthly {
		return p.month()
	}
	for _, name := range []string{"BYMONTHDAY", "BYSETPOS"} {
		if p.parts[name] != "" {
			return fmt.Errorf("must have %s with FREQ=MONTHLY only", name)
		}
	}
	by, given := p.parts["BYDAY"]
	switch {
	case p.r.Type == muster.Daily && !given:
		return nil
	case p.r.Type == muster.Daily && p.r.Interval > 1:
		return errors.New("must have BYDAY with FREQ=DAILY only where INTERVAL is 1")
	case !given:
		p.r.WeeklyDays = []time.Weekday{p.start.Weekday()}
		return nil
	}
	p.r.Type = muster.Weekly // the days of every week
	for text := range strings.SplitSeq(by, ",") {
		day := slices.Index(ruleDays, strings.TrimSpace(text))
		if day < 0 {
			return fmt.Errorf("must have days such as MO,WE as BYDAY, not %.40q", text)
		}
		if !slices.Contains(p.r.WeeklyDays, time.Weekday(day)) {
			p.r.WeeklyDays = append(p.r.WeeklyDays, time.Weekday(day))
		}
	}
	slices.Sort(p.r.WeeklyDays)
	if sundayMatters(p.r.WeeklyDays, p.r.Interval) && p.parts["WKST"] != "SU" {
		return errors.New("must have WKST=SU where weeks are left out and SU is one of several days: weeks begin on Sunday here")
	}
	return nil
}

// month reads the day of a monthly series.
func (p *ruleParser) month() error {
	by, position := p.parts["BYDAY"], p.parts["BYSETPOS"]
	date, given := p.parts["BYMONTHDAY"]
	switch {
	case by != "" && given:
		return errors.New("must not have BYDAY together with BYMONTHDAY")
	case by == "" && position != "":
		return errors.New("must not have BYSETPOS without BYDAY")
	case by != "":
		return p.weekOfMonth(by, position)
	case !given:
		p.r.MonthlyDay = p.start.Day()
		return nil
	}
	first, _, _ := strings.Cut(date, ",")
	n, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || n < 1 || n > 31 {
		return errors.New("must have BYMONTHDAY between 1 and 31")
	}
	p.r.MonthlyDay = n
	return nil
}

// weekOfMonth reads a day such as 2TU or -1FR, or TU at the position 2.
func (p *ruleParser) weekOfMonth(by, position string) error {
	first, more, _ := strings.Cut(by, ",")
	if more != "" && position != "" {
		return errors.New("must have one day as BYDAY where there is BYSETPOS")
	}
	first = strings.TrimSpace(first)
	week, name := "", first
	if len(first) > 2 {
		week, name = first[:len(first)-2], first[len(first)-2:]
	}
	day := slices.Index(ruleDays, name)
	if day < 0 {
		return fmt.Errorf("must have a day such as 2TU or -1FR as BYDAY, not %.40q", first)
	}
	if week == "" {
		week = position
	} else if position != "" {
		return errors.New("must not have BYSETPOS together with a number in BYDAY")
	}
	n, err := strconv.Atoi(week)
	if err != nil || n < -1 || n == 0 || n > 4 {
		return errors.New("must name a day of the month by BYDAY such as 2TU: 1 to 4, or -1 for the last")
	}
	p.r.MonthlyWeek, p.r.MonthlyWeekDay = n, time.Weekday(day)
	return nil
}

func (p *ruleParser) end() error {
	until, given := p.parts["UNTIL"]
	if given && p.parts["COUNT"] != "" {
		return errors.New("must not have COUNT together with UNTIL")
	}
	var err error
	if p.r.EndTimes, err = p.number("COUNT", 0, muster.MaxOccurrences); err != nil || !given {
		return err
	}
	zone := p.start.Location()
	if t, err := time.Parse(ruleInstant, until); err == nil {
		p.r.EndDateTime = t
	} else if t, err := time.Parse(ruleClock, until); err == nil {
		p.r.EndDateTime = Wall(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), zone)
	} else if t, err := time.Parse(ruleDate, until); err == nil {
		p.r.EndDateTime = Wall(t.Year(), t.Month(), t.Day(), 23, 59, 59, zone)
	}
	if y := p.r.EndDateTime.Year(); y < minYear || y > maxYear {
		return fmt.Errorf("must have an UNTIL of the years %d to %d, such as 20260325T074600Z or 20260325", minYear, maxYear)
	}
	return nil
}
