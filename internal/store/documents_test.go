package store

import (
	"encoding/json"
	"reflect"
	"strings"
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
			Custom: []muster.CustomQuestion{{
				ID: 7, Title: "Why?", Type: "single", Answers: []string{"a", "b"},
				Rules: []muster.Rule{{Condition: muster.Contains, Value: "a", Result: muster.Deny, Order: 2}},
			}, {ID: 8, Title: "What?", Type: "long", MaxLength: 9}},
			Rules:          []muster.Rule{{Field: "org", Condition: muster.Equals, Value: "x", Result: muster.Approve, MatchCase: true, Order: 1}},
			MaxRegistrants: 5, LastID: 8,
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
		questions: `{"standard":[{"field":"org","required":true}],"custom":[{"id":7,"title":"Why?","type":"single","answers":["a","b"],` +
			`"rules":[{"condition":"contains","value":"a","result":"deny","order":2}]},{"id":8,"title":"What?","type":"long","max_length":9}],` +
			`"rules":[{"field":"org","condition":"equals","value":"x","result":"approve","match_case":true,"order":1}],"max_registrants":5,"last_id":8}`,
		tracking: `[{"field":"f","value":"v"}]`,
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
	r := &muster.Registrant{Person: person, PIN: 123456, LinkVersion: 2}
	text, err := encodePerson(r)
	if err != nil {
		t.Fatal(err)
	}
	const wantPerson = `{"email":"a@b.c","first_name":"a","last_name":"b","address":"c","city":"d","country":"e","zip":"f","state":"g",` +
		`"phone":"h","industry":"i","org":"j","job_title":"k","purchasing_time_frame":"l","role_in_purchase_process":"m",` +
		`"no_of_employees":"n","comments":"o","language":"p","address2":"q","fax":"r","pin":123456,"link_version":2,"custom_questions":[{"title":"T","value":"V"}]}`
	if text != wantPerson {
		t.Errorf("person\n got %s\nwant %s", text, wantPerson)
	}
	const migrated = `{"email":"a@b.c","language":"p","custom_questions":[{"title":"T","value":"V"}],"pin":123456,"link_version":2}`
	for text, want := range map[string]muster.Registrant{
		text:     *r,
		migrated: {Person: muster.Person{Email: "a@b.c", Language: "p", Answers: person.Answers}, PIN: 123456, LinkVersion: 2},
	} {
		var got muster.Registrant
		if err := decodePerson(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("person read back from %s\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
}

// FuzzPerson stores what people may say and reads it back.
func FuzzPerson(f *testing.F) {
	f.Add("a@b.c", "Ann", "Lee", `quotes " and \ and`, "a\nb", "ä<&>\u2028", int64(1), 0)
	f.Add("", "", "", "", "", "", int64(0), 3)
	f.Fuzz(func(t *testing.T, email, first, language, comments, title, value string, pin int64, version int) {
		for _, s := range []*string{&email, &first, &language, &comments, &title, &value} {
			*s = strings.ToValidUTF8(*s, "?")
		}
		r := muster.Registrant{PIN: pin, LinkVersion: version, Person: muster.Person{Email: email, FirstName: first, Language: language, Comments: comments}}
		if title != "" {
			r.Person.Answers = []muster.Answer{{Title: title, Value: value}}
		}
		text, err := encodePerson(&r)
		if err != nil || !json.Valid([]byte(text)) {
			t.Fatalf("stored %s, %v", text, err)
		}
		var got muster.Registrant
		if err := decodePerson(text, &got); err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("read back from %s\n got %+v, %v\nwant %+v", text, got, err, r)
		}
	})
}

// TestDamagedPerson: what we did not write is an error and no half a person.
func TestDamagedPerson(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "null", "[]", `{`, `{"email"`, `{"email":`, `{"email":"a`, `{"email":"a\`, `{"email":"a"`, `{"email":"a",}`, `{"email":1}`,
		`{"email":"a" ,"zip":"1"}`, `{"pin":x}`, `{"pin":1`, `{"custom_questions":{}}`, `{"custom_questions":[`, `{"what":"is this"}`,
	} {
		var r muster.Registrant
		if err := decodePerson(text, &r); err == nil {
			t.Errorf("%q: got %+v, want an error", text, r)
		}
	}
}
