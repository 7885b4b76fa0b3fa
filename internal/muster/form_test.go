package muster

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRuleHolds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		condition   Condition
		value, said string
		any, exact  bool // whatever the case, and with matchCase
	}{
		"contains":                {Contains, "ob", "bob", true, true},
		"contains in capitals":    {Contains, "OB", "bob", true, false},
		"contains not":            {Contains, "x", "bob", false, false},
		"contains in nothing":     {Contains, "x", "", false, false},
		"notContains":             {NotContains, "x", "bob", true, true},
		"notContains in capitals": {NotContains, "OB", "bob", false, true},
		"notContains in nothing":  {NotContains, "x", "", true, true},
		"beginsWith":              {BeginsWith, "bo", "bob", true, true},
		"beginsWith in capitals":  {BeginsWith, "BO", "bob", true, false},
		"beginsWith elsewhere":    {BeginsWith, "ob", "bob", false, false},
		"endsWith":                {EndsWith, "ob", "bob", true, true},
		"endsWith in capitals":    {EndsWith, "Ob", "bob", true, false},
		"endsWith elsewhere":      {EndsWith, "bo", "bob", false, false},
		"equals":                  {Equals, "bob", "bob", true, true},
		"equals in capitals":      {Equals, "Bob", "bob", true, false},
		"equals a part":           {Equals, "bo", "bob", false, false},
		"notEquals":               {NotEquals, "bo", "bob", true, true},
		"notEquals in capitals":   {NotEquals, "Bob", "bob", false, true},
		"notEquals to nothing":    {NotEquals, "bob", "", true, true},
		"beyond ASCII":            {Equals, "ÄRZTE", "ärzte", true, false},
		"no condition":            {"like", "bob", "bob", false, false},
	}
	for name, tt := range tests {
		for matchCase, want := range map[bool]bool{false: tt.any, true: tt.exact} {
			r := Rule{Condition: tt.condition, Value: tt.value, MatchCase: matchCase}
			if got := r.Holds(tt.said); got != want {
				t.Errorf("%s, matchCase %t: got %t, want %t", name, matchCase, got, want)
			}
		}
	}
}

// TestJudge: rules about standard fields and about answers stand in one order,
// and the first that holds decides.
func TestJudge(t *testing.T) {
	t.Parallel()
	rule := func(field string, order int, value string, result Action) Rule {
		return Rule{Field: field, Condition: Equals, Value: value, Result: result, Order: order}
	}
	colour := func(rules ...Rule) CustomQuestion {
		return CustomQuestion{Title: "Colour", Type: "short", Rules: rules}
	}
	why := func(rules ...Rule) CustomQuestion { return CustomQuestion{Title: "Why", Type: "short", Rules: rules} }
	tests := map[string]struct {
		q    Questions
		want Action
	}{
		"no rules":                  {Questions{}, ""},
		"none holds":                {Questions{Rules: []Rule{rule("city", 1, "Rome", Deny)}, Custom: []CustomQuestion{colour(rule("", 2, "blue", Deny))}}, ""},
		"the lower order":           {Questions{Rules: []Rule{rule("city", 2, "Bonn", Deny), rule("last_name", 1, "Lee", Approve)}}, Approve},
		"the first that holds":      {Questions{Rules: []Rule{rule("city", 1, "Rome", Deny), rule("last_name", 2, "Lee", Approve)}}, Approve},
		"the answer before a field": {Questions{Rules: []Rule{rule("city", 3, "Bonn", Deny)}, Custom: []CustomQuestion{colour(rule("", 2, "green", Approve))}}, Approve},
		"a field before the answer": {Questions{Rules: []Rule{rule("city", 1, "Bonn", Deny)}, Custom: []CustomQuestion{colour(rule("", 2, "green", Approve))}}, Deny},
		"between two answers":       {Questions{Custom: []CustomQuestion{colour(rule("", 7, "green", Approve)), why(rule("", 6, "so", Deny))}}, Deny},
		"between two of an answer":  {Questions{Rules: []Rule{rule("city", 5, "Bonn", Deny)}, Custom: []CustomQuestion{colour(rule("", 9, "green", Deny), rule("", 4, "green", Approve))}}, Approve},
		"alike: fields as they stand, then answers": {
			Questions{Rules: []Rule{rule("city", 1, "Bonn", Approve), rule("last_name", 1, "Lee", Deny)}, Custom: []CustomQuestion{colour(rule("", 1, "green", Deny))}}, Approve,
		},
		"alike: answers as they stand":     {Questions{Custom: []CustomQuestion{colour(rule("", 0, "green", Deny)), why(rule("", 0, "so", Approve))}}, Deny},
		"the email":                        {Questions{Rules: []Rule{{Field: "email", Condition: EndsWith, Value: "@EXAMPLE.com", Result: Approve}}}, Approve},
		"a field that was not filled in":   {Questions{Rules: []Rule{{Field: "fax", Condition: NotEquals, Value: "1", Result: Deny}}}, Deny},
		"a question that was not answered": {Questions{Custom: []CustomQuestion{{Title: "Size", Rules: []Rule{{Condition: NotContains, Value: "L", Result: Deny}}}}}, Deny},
	}
	p := &Person{Email: "ann@example.com", FirstName: "Ann", LastName: "Lee", City: "Bonn", Answers: []Answer{{"Colour", "green"}, {"Why", "so"}}}
	for name, tt := range tests {
		if got := tt.q.Judge(p); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestRulesDecideTheFirstStatus: what the form says comes before how the host
// approves, and after a caller who approves.
func TestRulesDecideTheFirstStatus(t *testing.T) {
	t.Parallel()
	rule := func(result Action) []Rule {
		return []Rule{{Field: "city", Condition: Equals, Value: "Bonn", Result: result}}
	}
	for _, tt := range []struct {
		approval Approval
		rules    []Rule
		caller   bool
		want     Status
	}{
		{ApproveManually, nil, false, Pending},
		{ApproveAutomatically, nil, false, Approved},
		{ApproveManually, rule(Approve), false, Approved},
		{ApproveAutomatically, rule(Deny), false, Denied},
		{ApproveManually, rule(Deny), true, Approved},
	} {
		m := &Meeting{Approval: tt.approval, Questions: Questions{Rules: tt.rules}}
		if got := m.FirstStatus(&Person{City: "Bonn"}, tt.caller); got != tt.want {
			t.Errorf("%+v: got %s", tt, got)
		}
		if got, err := m.StatusAgain(Cancelled, &Person{City: "Bonn"}, tt.caller); got != tt.want || err != nil {
			t.Errorf("%+v, again: got %s, %v", tt, got, err)
		}
	}
}

func TestRuleFieldsAreOfAPerson(t *testing.T) {
	t.Parallel()
	p := &Person{}
	for i, name := range slices.Concat(RuleFields, []string{"first_name"}) {
		to := p.field(name)
		if to == nil {
			t.Fatalf("%s is no field of a person", name)
		}
		*to = fmt.Sprint("said ", i)
		if got := p.Said(name); got != fmt.Sprint("said ", i) {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if p.Said("shoe_size") != "" {
		t.Error("a field that there is not has a value")
	}
	if p.Phone != "said 10" || p.Org != "said 3" || p.Zip != "said 8" || p.Email != "said 1" || p.Fax != "said 11" || p.Address2 != "said 5" || p.FirstName != "said 12" {
		t.Errorf("fields under other names: %+v", p)
	}
}

// TestAnswersComeBack: what is chosen is kept as one text and read from it
// again, whatever the options hold: commas, each other, several of each other.
func TestAnswersComeBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "b", "a, b", "b, a", ",", ", ", " ", "a,", ", b", "red, dark", "red", "dark", "é", "a, b, c", "c"}
	for range 20_000 {
		c := CustomQuestion{Type: "multiple"}
		for range 1 + r.IntN(6) {
			if w := words[r.IntN(len(words))]; !slices.Contains(c.Answers, w) {
				c.Answers = append(c.Answers, w)
			}
		}
		chosen := r.Perm(len(c.Answers))[:1+r.IntN(len(c.Answers))]
		var texts []string
		for _, i := range chosen {
			texts = append(texts, c.Answers[i])
		}
		kept := c.Answered(texts)
		if got := c.Chosen(kept); !slices.Equal(got, chosen) {
			t.Fatalf("options %q: chosen %v, kept as %q, read as %v", c.Answers, chosen, kept, got)
		}
		if plain := strings.Join(texts, ", "); kept != plain && slices.Equal(c.Chosen(plain), chosen) {
			t.Fatalf("options %q: kept as %q without need", c.Answers, kept)
		}
	}
}

func TestChosen(t *testing.T) {
	t.Parallel()
	multiple := &CustomQuestion{Type: "multiple", Answers: []string{"green", "red, dark", "blue"}}
	single := &CustomQuestion{Type: "single", Answers: multiple.Answers}
	for _, tt := range []struct {
		c    *CustomQuestion
		said string
		want []int
	}{
		{multiple, "blue", []int{2}},
		{multiple, "red, dark, green", []int{1, 0}},
		{multiple, "red, green", nil},
		{multiple, "green,blue", nil},
		{multiple, "green, ", nil},
		{multiple, "", nil},
		{multiple, "Green", nil},
		{single, "red, dark", []int{1}},
		{single, "green, blue", nil},
		{&CustomQuestion{Type: "short"}, "green", nil},
	} {
		if got := tt.c.Chosen(tt.said); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q: got %v, want %v", tt.c.Type, tt.said, got, tt.want)
		}
	}
}

// TestChosenOfAHostileText: a text that could be read in very many ways, none
// of which works out, is refused at once.
func TestChosenOfAHostileText(t *testing.T) {
	t.Parallel()
	c := &CustomQuestion{Type: "multiple", Answers: []string{"a", "a, a", "a, a, a"}}
	done := make(chan []int)
	go func() { done <- c.Chosen(strings.Repeat("a, ", 1300) + "x") }()
	select {
	case got := <-done:
		if got != nil {
			t.Errorf("got %v", got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still at it after 20 seconds")
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	q := &Questions{Custom: []CustomQuestion{
		{ID: 3, Title: "Why", Type: "short"},
		{ID: 5, Title: "Colours", Type: "multiple", Answers: []string{"green", "red, dark"}},
		{ID: 7, Title: "Size", Type: "single_dropdown", Answers: []string{"S", "M"}},
	}}
	option := func(n int64) NumberedOption { return NumberedOption{Option: n} }
	text := func(s string) NumberedOption { return NumberedOption{Text: s} }
	got, err := q.Resolve([]NumberedAnswer{
		{7, []NumberedOption{option(2)}},
		{3, []NumberedOption{{Option: 9, Text: "a text has no options"}}},
		{5, []NumberedOption{option(2), text("green")}},
	})
	want := []Answer{{"Size", "M"}, {"Why", "a text has no options"}, {"Colours", "red, dark, green"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for field, bad := range map[string][]NumberedAnswer{
		"custom_questions[0].questionId":          {{4, []NumberedOption{text("x")}}},
		"custom_questions[1].questionId":          {{3, []NumberedOption{text("x")}}, {3, []NumberedOption{text("y")}}},
		"custom_questions[0].answers[0].optionId": {{7, []NumberedOption{option(3)}}},
		"custom_questions[0].answers[1].optionId": {{5, []NumberedOption{option(1), option(-1)}}},
		"custom_questions[0].answers[1]":          {{7, []NumberedOption{option(1), option(2)}}},
	} {
		_, err := q.Resolve(bad)
		e, ok := err.(*Error)
		if !ok || e.Code != Invalid || len(e.Problems) != 1 || e.Problems[0].Field != field {
			t.Errorf("got %v, want one about %s", err, field)
		}
	}
}

func TestCheckPerson(t *testing.T) {
	t.Parallel()
	q := &Questions{
		Standard: []StandardQuestion{{"last_name", false}, {"city", true}, {"fax", true}, {"org", false}, {"industry", true}},
		Custom: []CustomQuestion{
			{Title: "Why", Type: "short", Required: true, MaxLength: 3},
			{Title: "Size", Type: "single", Answers: []string{"S", "longer than three"}, MaxLength: 3},
			{Title: "Colours", Type: "multiple", Answers: []string{"red", "blue"}},
		},
	}
	good := Person{Email: "a@b.c", FirstName: "A", LastName: "B", City: "C", Fax: "1", Answers: []Answer{{"Why", "ööö"}}}
	said := func(change func(*Person)) Person {
		p := good
		p.Answers = slices.Clone(good.Answers)
		change(&p)
		return p
	}
	tests := map[string]struct {
		p    Person
		want []string
	}{
		"all that is asked":     {good, nil},
		"no names":              {said(func(p *Person) { p.FirstName, p.LastName, p.Email = "", "", "" }), []string{"first_name", "last_name", "email"}},
		"required fields":       {said(func(p *Person) { p.City, p.Fax = "", "" }), []string{"city", "fax"}},
		"no answer":             {said(func(p *Person) { p.Answers = nil }), []string{"custom_questions[Why]"}},
		"too long":              {said(func(p *Person) { p.Answers[0].Value = "four" }), []string{"custom_questions[Why]"}},
		"not to be chosen":      {said(func(p *Person) { p.answer(Answer{"Size", "L"}) }), []string{"custom_questions[Size]"}},
		"an option has no end":  {said(func(p *Person) { p.answer(Answer{"Size", "longer than three"}) }), nil},
		"several":               {said(func(p *Person) { p.answer(Answer{"Colours", "blue, red"}) }), nil},
		"one of several wrong":  {said(func(p *Person) { p.answer(Answer{"Colours", "blue, black"}) }), []string{"custom_questions[Colours]"}},
		"what nobody asked for": {said(func(p *Person) { p.answer(Answer{"Shoes", "brown"}) }), nil},
	}
	for name, tt := range tests {
		var got []string
		for _, p := range q.CheckPerson(&tt.p, RuleFields) {
			got = append(got, p.Field)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
	if got := q.CheckPerson(&good, StandardFields); len(got) != 1 || got[0].Field != "industry" {
		t.Errorf("an API that knows industry: got %v", got)
	}
}

// fullForm is a form with all that either API can say.
func fullForm() Questions {
	return Questions{
		Standard: []StandardQuestion{{"industry", true}, {"city", false}, {"fax", true}, {"address2", false}},
		Custom: []CustomQuestion{
			{ID: 1, Title: "Lines", Type: "long", MaxLength: 9, Rules: []Rule{{Condition: Contains, Value: "x", Result: Deny, Order: 1}}},
			{ID: 2, Title: "One", Type: "single", Answers: []string{"a", "b"}, Rules: []Rule{{Condition: Equals, Value: "a", Result: Approve}}},
		},
		Rules: []Rule{{Field: "fax", Condition: Equals, Value: "1", Result: Deny}}, MaxRegistrants: 5, LastID: 2,
	}
}

// TestAskKeepsWhatItCannotSay: Zoom's PATCH knows neither rules nor lengths
// nor lines nor the two fields that Webex has more.
func TestAskKeepsWhatItCannotSay(t *testing.T) {
	t.Parallel()
	q := fullForm()
	q.Ask([]CustomQuestion{
		{Title: "New", Type: "short"},
		{Title: "One", Type: "single_radio", Answers: []string{"a", "b", "c"}, Required: true},
		{Title: "Lines", Type: "short", Required: true},
	})
	q.AskFields([]StandardQuestion{{"city", true}, {"state", false}}, ZoomFields)
	was := fullForm()
	want := Questions{
		Standard: []StandardQuestion{{"city", true}, {"state", false}, {"fax", true}, {"address2", false}},
		Custom: []CustomQuestion{
			{ID: 3, Title: "New", Type: "short"},
			{ID: 2, Title: "One", Type: "single_radio", Answers: []string{"a", "b", "c"}, Required: true, Rules: was.Custom[1].Rules},
			{ID: 1, Title: "Lines", Type: "long", Required: true, MaxLength: 9, Rules: was.Custom[0].Rules},
		},
		Rules: was.Rules, MaxRegistrants: 5, LastID: 3,
	}
	if !reflect.DeepEqual(q, want) {
		t.Errorf("got %+v\nwant %+v", q, want)
	}
	q.Ask(nil)
	q.Ask([]CustomQuestion{{Title: "One", Type: "short"}})
	if got := q.Custom[0]; got.ID != 4 || got.Rules != nil {
		t.Errorf("asked anew: got %+v, want a new id and no rules", got)
	}
}

// TestReplaceKeepsWhatItCannotSay: Webex's PUT knows no industry, no fields
// that are asked and not required, and one kind of list to choose one from
// fewer.
func TestReplaceKeepsWhatItCannotSay(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"last_name": true, "city": true, "state": false, "fax": false, "address2": false}
	q := fullForm()
	form := Form{
		Required: known, MaxRegistrants: 7, Rules: []Rule{{Field: "city", Condition: Equals, Value: "x", Result: Approve}},
		Custom: []CustomQuestion{{Title: "One", Type: "single_radio", Answers: []string{"a"}}, {Title: "Two", Type: "single_radio", Answers: []string{"a"}}},
	}
	q.Replace(form)
	want := Questions{
		Standard: []StandardQuestion{{"industry", true}, {"city", true}, {"fax", false}, {"address2", false}, {"last_name", true}},
		Custom: []CustomQuestion{
			{ID: 3, Title: "One", Type: "single", Answers: []string{"a"}},
			{ID: 4, Title: "Two", Type: "single_radio", Answers: []string{"a"}},
		},
		Rules: form.Rules, MaxRegistrants: 7, LastID: 4,
	}
	if !reflect.DeepEqual(q, want) {
		t.Errorf("got %+v\nwant %+v", q, want)
	}
	if problems := q.Check(); problems != nil {
		t.Errorf("what it made is not allowed: %v", problems)
	}
}

func TestCheckForm(t *testing.T) {
	t.Parallel()
	if problems := fullForm().Check(); problems != nil {
		t.Fatalf("everything: %v", problems)
	}
	for field, spoil := range map[string]func(*Questions){
		"custom_questions[0].max_length":         func(q *Questions) { q.Custom[0].MaxLength = 1000 },
		"custom_questions[1].max_length":         func(q *Questions) { q.Custom[1].MaxLength = -1 },
		"max_registrants":                        func(q *Questions) { q.MaxRegistrants = -1 },
		"rules[0].question":                      func(q *Questions) { q.Rules[0].Field = "first_name" },
		"rules[0].condition":                     func(q *Questions) { q.Rules[0].Condition = "like" },
		"rules[0].value":                         func(q *Questions) { q.Rules[0].Value = "" },
		"custom_questions[0].rules[0].value":     func(q *Questions) { q.Custom[0].Rules[0].Value = strings.Repeat("x", 1001) },
		"custom_questions[1].rules[0].result":    func(q *Questions) { q.Custom[1].Rules[0].Result = Cancel },
		"rules":                                  func(q *Questions) { q.Rules = slices.Repeat(q.Rules, 101) },
		"custom_questions[0].rules":              func(q *Questions) { q.Custom[0].Rules = slices.Repeat(q.Custom[0].Rules, 101) },
		"custom_questions[0].answers":            func(q *Questions) { q.Custom[0].Answers = []string{"x"} },
		"custom_questions[1].answers":            func(q *Questions) { q.Custom[1].Answers = nil },
		"questions[1].field_name":                func(q *Questions) { q.Standard[1].Field = "industry" },
		"custom_questions[0].type":               func(q *Questions) { q.Custom[0].Type = "checkbox" },
		"custom_questions[1].title":              func(q *Questions) { q.Custom[1].Title = "Lines" },
		"custom_questions[0].rules[0].condition": func(q *Questions) { q.Custom[0].Rules[0].Condition = "" },
	} {
		q := fullForm()
		spoil(&q)
		problems := q.Check()
		if !slices.ContainsFunc(problems, func(p Problem) bool { return p.Field == field }) {
			t.Errorf("got %v, want one about %s", problems, field)
		}
	}
}
