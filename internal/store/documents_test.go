package store

import (
	"reflect"
	"testing"
	"time"

	"muster/internal/muster"
)

// TestStoredFormat holds the texts that databases already contain: a change
// of one of them needs a migration.
func TestStoredFormat(t *testing.T) {
	t.Parallel()
	m := &muster.Meeting{
		Recurrence: &muster.Recurrence{
			Type: muster.Weekly, Interval: 2, WeeklyDays: []time.Weekday{time.Sunday, time.Friday}, MonthlyDay: 3, MonthlyWeek: -1,
			MonthlyWeekDay: time.Saturday, EndTimes: 4, EndDateTime: time.UnixMilli(1_700_000_000_000).UTC(),
		},
		AlternativeHosts: []string{"u1"},
		Questions: muster.Questions{
			Standard: []muster.StandardQuestion{{Field: "org", Required: true}},
			Custom:   []muster.CustomQuestion{{Title: "Why?", Type: "single", Answers: []string{"a", "b"}}},
		},
		Tracking: []muster.TrackingField{{Field: "f", Value: "v"}},
	}
	got, err := encodeMeeting(m)
	if err != nil {
		t.Fatal(err)
	}
	want := meetingDocs{
		recurrence: `{"type":2,"interval":2,"weekly_days":[0,5],"monthly_day":3,"monthly_week":-1,"monthly_week_day":6,` +
			`"end_times":4,"end_date_time":1700000000000}`,
		alternatives: `["u1"]`,
		questions:    `{"standard":[{"field":"org","required":true}],"custom":[{"title":"Why?","type":"single","answers":["a","b"]}]}`,
		tracking:     `[{"field":"f","value":"v"}]`,
	}
	if got != want {
		t.Errorf("stored\n got %+v\nwant %+v", got, want)
	}
	back := &muster.Meeting{}
	if err := want.decodeInto(back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, m) {
		t.Errorf("read back\n got %+v\nwant %+v", back, m)
	}
	person := muster.Person{Email: "a@b.c"}
	for i, f := range person.Fields() {
		*f = string(rune('a' + i))
	}
	person.Answers = []muster.Answer{{Title: "T", Value: "V"}}
	text, err := encodePerson(person)
	if err != nil {
		t.Fatal(err)
	}
	const wantPerson = `{"email":"a@b.c","first_name":"a","last_name":"b","address":"c","city":"d","country":"e","zip":"f","state":"g",` +
		`"phone":"h","industry":"i","org":"j","job_title":"k","purchasing_time_frame":"l","role_in_purchase_process":"m",` +
		`"no_of_employees":"n","comments":"o","language":"p","custom_questions":[{"title":"T","value":"V"}]}`
	if text != wantPerson {
		t.Errorf("person\n got %s\nwant %s", text, wantPerson)
	}
	if p, err := decodePerson(text); err != nil || !p.Equal(person) {
		t.Errorf("person read back: got %+v, %v", p, err)
	}
}
