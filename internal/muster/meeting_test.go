package muster

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// series has occurrences of an hour: yesterday, running, deleted, tomorrow, the day after.
func series(of RegistrationType) *Meeting {
	m := &Meeting{ID: 7, Type: Recurring, RegistrationType: of, Start: noon.AddDate(0, 0, -1), Duration: time.Hour, State: Waiting}
	for i, o := range []struct {
		start   time.Time
		deleted bool
	}{{noon.AddDate(0, 0, -1), false}, {noon.Add(-30 * time.Minute), false}, {noon.Add(time.Hour), true}, {noon.AddDate(0, 0, 1), false}, {noon.AddDate(0, 0, 2), false}} {
		m.Occurrences = append(m.Occurrences, Occurrence{ID: int64(i + 1), Start: o.start, Duration: time.Hour, Deleted: o.deleted})
	}
	return m
}

func TestChooseOccurrences(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		m    *Meeting
		ids  []int64
		want []int64
		bad  bool
	}{
		"no series":                     {&Meeting{Type: Scheduled, RegistrationType: OnceAndChoose}, []int64{1}, nil, false},
		"once for all ignores ids":      {series(OnceForAll), []int64{99}, nil, false},
		"each, none given: the next":    {series(EachSeparate), nil, []int64{2}, false},
		"each, one":                     {series(EachSeparate), []int64{4}, []int64{4}, false},
		"each, two":                     {series(EachSeparate), []int64{4, 5}, nil, true},
		"each, past":                    {series(EachSeparate), []int64{1}, nil, true},
		"each, deleted":                 {series(EachSeparate), []int64{3}, nil, true},
		"choose, none given: the next":  {series(OnceAndChoose), nil, []int64{2}, false},
		"choose, two, sorted by start":  {series(OnceAndChoose), []int64{5, 4}, []int64{4, 5}, false},
		"choose, one twice":             {series(OnceAndChoose), []int64{4, 4}, []int64{4}, false},
		"choose, one unknown among two": {series(OnceAndChoose), []int64{4, 99}, nil, true},
		"choose, zero":                  {series(OnceAndChoose), []int64{0}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chosen, err := c.m.ChooseOccurrences(c.ids, noon)
			var got []int64
			for _, o := range chosen {
				got = append(got, o.ID)
			}
			if !slices.Equal(got, c.want) || (CodeOf(err) == Invalid) != c.bad {
				t.Errorf("got %v, %v; want %v, invalid %v", got, err, c.want, c.bad)
			}
		})
	}
}

func TestAcceptsAt(t *testing.T) {
	t.Parallel()
	end := noon.Add(time.Hour)
	scheduled := func(change func(*Meeting)) *Meeting {
		m := &Meeting{ID: 7, Type: Scheduled, Start: noon, Duration: time.Hour, State: Waiting}
		change(m)
		return m
	}
	over := series(OnceForAll)
	for name, c := range map[string]struct {
		m    *Meeting
		at   time.Time
		want Code
	}{
		"before":                          {scheduled(func(*Meeting) {}), noon.Add(-time.Hour), ""},
		"while it should run":             {scheduled(func(m *Meeting) { m.CloseRegistration = true }), end.Add(-1), ""},
		"after its time":                  {scheduled(func(*Meeting) {}), end, ""},
		"after its time, closed":          {scheduled(func(m *Meeting) { m.CloseRegistration = true }), end, RegistrationClosed},
		"ended":                           {scheduled(func(m *Meeting) { m.State = Ended }), noon.Add(-time.Hour), RegistrationClosed},
		"no registration":                 {scheduled(func(m *Meeting) { m.Approval = NoRegistration }), noon, RegistrationOff},
		"no fixed time":                   {&Meeting{Type: RecurringNoFixed, CloseRegistration: true}, noon.AddDate(9, 0, 0), ""},
		"instant, running":                {&Meeting{Type: Instant, State: Started, Start: noon, Duration: time.Hour}, end.Add(-1), ""},
		"instant, its time over":          {&Meeting{Type: Instant, State: Started, Start: noon, Duration: time.Hour}, end, RegistrationClosed},
		"a series with dates to come":     {series(OnceForAll), noon, ""},
		"a series, its last date is over": {over, noon.AddDate(0, 0, 2).Add(time.Hour), RegistrationClosed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := CodeOf(c.m.AcceptsAt(c.at)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhoMayTouchAMeeting(t *testing.T) {
	t.Parallel()
	m := &Meeting{ID: 7, Account: "a", Host: "host", AlternativeHosts: []string{"helper"}}
	for name, c := range map[string]struct {
		by          Actor
		read, write Code
	}{
		"host":                          {Actor{Home: "a", Account: "a", User: "host"}, "", ""},
		"alternative host":              {Actor{Home: "a", Account: "a", User: "helper"}, "", ""},
		"somebody else":                 {Actor{Home: "a", Account: "a", User: "else"}, MeetingNotFound, NotHost},
		"administrator":                 {Actor{Home: "a", Account: "a", User: "else", Admin: true}, "", ""},
		"host's id in another account":  {Actor{Home: "p", Account: "a", User: "host"}, MeetingNotFound, NotHost},
		"helper's id elsewhere":         {Actor{Home: "p", Account: "a", User: "helper"}, MeetingNotFound, NotHost},
		"administrator of the parent":   {Actor{Home: "p", Account: "a", User: "x", Admin: true, Master: true}, "", ""},
		"nobody, in an account of none": {Actor{Home: "a", Account: "a"}, MeetingNotFound, NotHost},
	} {
		if r, w := CodeOf(m.ReadableBy(c.by)), CodeOf(m.WritableBy(c.by)); r != c.read || w != c.write {
			t.Errorf("%s: got read %q, write %q; want %q, %q", name, r, w, c.read, c.write)
		}
	}
}

func TestBatchesAndDeletion(t *testing.T) {
	t.Parallel()
	for of, want := range map[MeetingType]Code{Scheduled: "", Instant: BatchNotSupported, RecurringNoFixed: BatchNotSupported, Recurring: BatchNotSupported} {
		if got := CodeOf((&Meeting{Type: of}).AcceptsBatch()); got != want {
			t.Errorf("batch on type %d: got %q, want %q", of, got, want)
		}
	}
	running := &Meeting{Type: Instant, State: Started, Start: noon, Duration: time.Hour}
	if got := CodeOf(running.CheckDeletable(noon)); got != MeetingInProgress {
		t.Errorf("deleting while it runs: got %q, want %q", got, MeetingInProgress)
	}
	if err := running.CheckDeletable(noon.Add(time.Hour)); err != nil {
		t.Errorf("deleting when its time is over: got %v", err)
	}
}

func TestQuestionsCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		q    Questions
		want string // the fields that are wrong
	}{
		"none":                  {Questions{}, ""},
		"all standard ones":     {Questions{Standard: allStandard()}, ""},
		"unknown":               {Questions{Standard: []StandardQuestion{{"first_name", true}}}, "questions[0].field_name"},
		"twice":                 {Questions{Standard: []StandardQuestion{{"city", true}, {"city", false}}}, "questions[1].field_name"},
		"short":                 {Questions{Custom: []CustomQuestion{{Title: "t", Type: "short"}}}, ""},
		"short with answers":    {Questions{Custom: []CustomQuestion{{Title: "t", Type: "short", Answers: []string{"a"}}}}, "custom_questions[0].answers"},
		"single":                {Questions{Custom: []CustomQuestion{{Title: "t", Type: "single", Answers: []string{"a"}}}}, ""},
		"single without":        {Questions{Custom: []CustomQuestion{{Title: "t", Type: "single"}}}, "custom_questions[0].answers"},
		"an empty answer":       {Questions{Custom: []CustomQuestion{{Title: "t", Type: "multiple", Answers: []string{"a", ""}}}}, "custom_questions[0].answers"},
		"unknown type":          {Questions{Custom: []CustomQuestion{{Title: "t", Type: "essay"}}}, "custom_questions[0].type"},
		"no title":              {Questions{Custom: []CustomQuestion{{Type: "short"}}}, "custom_questions[0].title"},
		"one title twice":       {Questions{Custom: []CustomQuestion{{Title: "t", Type: "short"}, {Title: "t", Type: "short"}}}, "custom_questions[1].title"},
		"a title just fits":     {Questions{Custom: []CustomQuestion{{Title: strings.Repeat("ü", MaxQuestionTitle), Type: "short"}}}, ""},
		"a title is too long":   {Questions{Custom: []CustomQuestion{{Title: strings.Repeat("ü", MaxQuestionTitle+1), Type: "short"}}}, "custom_questions[0].title"},
		"two things wrong":      {Questions{Custom: []CustomQuestion{{Type: "single"}}}, "custom_questions[0].title custom_questions[0].answers"},
		"one question too many": {Questions{Custom: many(MaxQuestions + 1)}, "custom_questions"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var fields []string
			for _, p := range c.q.Check() {
				fields = append(fields, p.Field)
			}
			if got := strings.Join(fields, " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func allStandard() []StandardQuestion {
	var all []StandardQuestion
	for _, f := range StandardFields {
		all = append(all, StandardQuestion{f, true})
	}
	return all
}

func many(n int) []CustomQuestion {
	all := make([]CustomQuestion, n)
	for i := range all {
		all[i] = CustomQuestion{Title: strings.Repeat("x", i+1), Type: "short"}
	}
	return all
}

func TestCheckTags(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 64)
	for name, c := range map[string]struct {
		tags []string
		want string // the fields that are wrong
	}{
		"none":       {nil, ""},
		"three":      {[]string{"a", "b", long}, ""},
		"four":       {[]string{"a", "b", "c", "d"}, "integrationTags"},
		"too long":   {[]string{"a", long + "é"}, "integrationTags[1]"},
		"with empty": {[]string{""}, "integrationTags[0]"},
	} {
		var got []string
		for _, p := range CheckTags(c.tags) {
			got = append(got, p.Field)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
}

func TestTakesForm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		m    Meeting
		want Code
	}{
		"one date":                {Meeting{Type: Scheduled, Approval: ApproveManually}, ""},
		"a series":                {Meeting{Type: Recurring, Approval: ApproveManually}, OneDateOnly},
		"no fixed times":          {Meeting{Type: RecurringNoFixed, Approval: ApproveAutomatically}, OneDateOnly},
		"a series without a form": {Meeting{Type: Recurring, Approval: NoRegistration}, ""},
	} {
		if got := CodeOf(c.m.TakesForm()); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
