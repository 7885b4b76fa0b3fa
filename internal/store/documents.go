package store

import (
	"encoding/json"
	"fmt"
	"time"

	"muster/internal/muster"
)

// What a meeting has that SQL does not look into is kept as JSON. These
// types are that format: a field of the domain may be renamed, these may not.

type recurrenceDoc struct {
	Type           int   `json:"type"`
	Interval       int   `json:"interval,omitempty"`
	WeeklyDays     []int `json:"weekly_days,omitempty"` // 0 is Sunday
	MonthlyDay     int   `json:"monthly_day,omitempty"`
	MonthlyWeek    int   `json:"monthly_week,omitempty"`
	MonthlyWeekDay int   `json:"monthly_week_day,omitempty"` // 0 is Sunday, -1 none
	EndTimes       int   `json:"end_times,omitempty"`
	EndDateTime    int64 `json:"end_date_time,omitempty"` // epoch milliseconds
}

type questionsDoc struct {
	Standard       []standardDoc `json:"standard,omitempty"`
	Custom         []customDoc   `json:"custom,omitempty"`
	Rules          []ruleDoc     `json:"rules,omitempty"`
	MaxRegistrants int64         `json:"max_registrants,omitempty"`
	LastID         int64         `json:"last_id,omitempty"`
}

type standardDoc struct {
	Field    string `json:"field"`
	Required bool   `json:"required,omitempty"`
}

type customDoc struct {
	ID        int64     `json:"id,omitempty"` // none in forms of before there were any
	Title     string    `json:"title"`
	Type      string    `json:"type"`
	Required  bool      `json:"required,omitempty"`
	Answers   []string  `json:"answers,omitempty"`
	MaxLength int       `json:"max_length,omitempty"`
	Rules     []ruleDoc `json:"rules,omitempty"`
}

type ruleDoc struct {
	Field     string           `json:"field,omitempty"`
	Condition muster.Condition `json:"condition"`
	Value     string           `json:"value"`
	Result    muster.Action    `json:"result"`
	MatchCase bool             `json:"match_case,omitempty"`
	Order     int              `json:"order,omitempty"`
}

func encodeQuestions(q *muster.Questions) questionsDoc {
	d := questionsDoc{Rules: encodeRules(q.Rules), MaxRegistrants: q.MaxRegistrants, LastID: q.LastID}
	for _, s := range q.Standard {
		d.Standard = append(d.Standard, standardDoc(s))
	}
	for _, c := range q.Custom {
		d.Custom = append(d.Custom, customDoc{c.ID, c.Title, c.Type, c.Required, c.Answers, c.MaxLength, encodeRules(c.Rules)})
	}
	return d
}

func encodeRules(rules []muster.Rule) []ruleDoc {
	var docs []ruleDoc
	for _, r := range rules {
		docs = append(docs, ruleDoc(r))
	}
	return docs
}

func (d *questionsDoc) decode() muster.Questions {
	q := muster.Questions{Rules: decodeRules(d.Rules), MaxRegistrants: d.MaxRegistrants, LastID: d.LastID}
	for _, s := range d.Standard {
		q.Standard = append(q.Standard, muster.StandardQuestion(s))
	}
	for i, c := range d.Custom {
		if c.ID == 0 {
			c.ID = int64(i) + 1
			q.LastID = c.ID
		}
		q.Custom = append(q.Custom, muster.CustomQuestion{
			ID: c.ID, Title: c.Title, Type: c.Type, Required: c.Required, Answers: c.Answers, MaxLength: c.MaxLength, Rules: decodeRules(c.Rules),
		})
	}
	return q
}

func decodeRules(docs []ruleDoc) []muster.Rule {
	var rules []muster.Rule
	for _, d := range docs {
		rules = append(rules, muster.Rule(d))
	}
	return rules
}

type trackingDoc struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// meetingDocs are the documents of one meeting.
type meetingDocs struct {
	recurrence, alternatives, questions, tracking string
}

func encodeMeeting(m *muster.Meeting) (meetingDocs, error) {
	var recurrence *recurrenceDoc
	if r := m.Recurrence; r != nil {
		recurrence = &recurrenceDoc{
			Type: int(r.Type), Interval: r.Interval, MonthlyDay: r.MonthlyDay, MonthlyWeek: r.MonthlyWeek,
			MonthlyWeekDay: int(r.MonthlyWeekDay), EndTimes: r.EndTimes, EndDateTime: millis(r.EndDateTime),
		}
		for _, d := range r.WeeklyDays {
			recurrence.WeeklyDays = append(recurrence.WeeklyDays, int(d))
		}
	}
	questions := encodeQuestions(&m.Questions)
	var tracking []trackingDoc
	for _, t := range m.Tracking {
		tracking = append(tracking, trackingDoc(t))
	}
	var d meetingDocs
	for _, doc := range []struct {
		value any
		into  *string
	}{{recurrence, &d.recurrence}, {m.AlternativeHosts, &d.alternatives}, {questions, &d.questions}, {tracking, &d.tracking}} {
		b, err := json.Marshal(doc.value)
		if err != nil {
			return d, fmt.Errorf("store: encode meeting %d: %w", m.ID, err)
		}
		*doc.into = string(b)
	}
	return d, nil
}

// decodeInto sets what d has in m.
func (d meetingDocs) decodeInto(m *muster.Meeting) error {
	var recurrence *recurrenceDoc
	var questions questionsDoc
	var tracking []trackingDoc
	for _, doc := range []struct {
		text string
		into any
	}{{d.recurrence, &recurrence}, {d.alternatives, &m.AlternativeHosts}, {d.questions, &questions}, {d.tracking, &tracking}} {
		if doc.text == "null" || doc.text == "{}" {
			continue // most are so, and each registration reads its meeting
		}
		if err := json.Unmarshal([]byte(doc.text), doc.into); err != nil {
			return fmt.Errorf("store: decode meeting %d: %w", m.ID, err)
		}
	}
	if r := recurrence; r != nil {
		m.Recurrence = &muster.Recurrence{
			Type: muster.RecurrenceType(r.Type), Interval: r.Interval, MonthlyDay: r.MonthlyDay, MonthlyWeek: r.MonthlyWeek,
			MonthlyWeekDay: time.Weekday(r.MonthlyWeekDay), EndTimes: r.EndTimes, EndDateTime: fromMillis(r.EndDateTime),
		}
		for _, day := range r.WeeklyDays {
			m.Recurrence.WeeklyDays = append(m.Recurrence.WeeklyDays, time.Weekday(day))
		}
	}
	m.Questions = questions.decode()
	for _, t := range tracking {
		m.Tracking = append(m.Tracking, muster.TrackingField(t))
	}
	return nil
}
