package muster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Rule decides about a registration by what the person says: of a standard
// field, or as the answer to the custom question that has the rule.
type Rule struct {
	Field     string // one of RuleFields; "" in a custom question
	Condition Condition
	Value     string
	Result    Action // Approve or Deny
	MatchCase bool
	Order     int // the lowest is asked first, over all rules of a form
}

// A Condition is how a Rule compares what was said with its value.
type Condition string

// The conditions, with Webex's words.
const (
	Contains    Condition = "contains"
	NotContains Condition = "notContains"
	BeginsWith  Condition = "beginsWith"
	EndsWith    Condition = "endsWith"
	Equals      Condition = "equals"
	NotEquals   Condition = "notEquals"
)

// Conditions lists every Condition.
var Conditions = []Condition{Contains, NotContains, BeginsWith, EndsWith, Equals, NotEquals}

// RuleFields are the standard fields that a Rule may be about. They are those
// that Webex knows, the first name apart.
var RuleFields = []string{
	"last_name", "email", "job_title", "org", "address", "address2", "city", "state", "zip", "country", "phone", "fax",
}

// Bounds of rules and answers.
const (
	MaxRules     = 100
	MaxRuleValue = 1000
	MaxMaxLength = 999 // of CustomQuestion.MaxLength
)

// Holds reports whether what was said fulfils r's condition.
func (r *Rule) Holds(said string) bool {
	value := r.Value
	if !r.MatchCase {
		said, value = strings.ToLower(said), strings.ToLower(value)
	}
	switch r.Condition {
	case Contains:
		return strings.Contains(said, value)
	case NotContains:
		return !strings.Contains(said, value)
	case BeginsWith:
		return strings.HasPrefix(said, value)
	case EndsWith:
		return strings.HasSuffix(said, value)
	case Equals:
		return said == value
	case NotEquals:
		return said != value
	}
	return false
}

// Judge returns what the first rule that holds for p says, Approve or Deny,
// or "" where none holds.
func (q *Questions) Judge(p *Person) Action {
	type asked struct {
		rule *Rule
		said string
	}
	var all []asked
	for i := range q.Rules {
		all = append(all, asked{&q.Rules[i], p.Said(q.Rules[i].Field)})
	}
	for i := range q.Custom {
		for j := range q.Custom[i].Rules {
			all = append(all, asked{&q.Custom[i].Rules[j], p.AnswerTo(q.Custom[i].Title)})
		}
	}
	slices.SortStableFunc(all, func(a, b asked) int { return cmp.Compare(a.rule.Order, b.rule.Order) })
	for _, a := range all {
		if a.rule.Holds(a.said) {
			return a.rule.Result
		}
	}
	return ""
}

// Said returns what p says in the standard field of the given name, the email
// among them, "" for nothing.
func (p *Person) Said(field string) string {
	if to := p.field(field); to != nil {
		return *to
	}
	return ""
}

func (p *Person) field(name string) *string {
	if name == "email" {
		return &p.Email
	}
	if i := slices.Index(FieldNames[:], name); i >= 0 {
		return p.Fields()[i]
	}
	return nil
}

// FieldNames are the names of the fields of Person.Fields, in their order.
var FieldNames = [PersonFields]string{
	"first_name", "last_name", "address", "city", "country", "zip", "state", "phone", "industry", "org", "job_title",
	"purchasing_time_frame", "role_in_purchase_process", "no_of_employees", "comments", "language", "address2", "fax",
}

// AnswerTo returns p's answer to the custom question of the given title, "" for none.
func (p *Person) AnswerTo(title string) string {
	for _, a := range p.Answers {
		if a.Title == title {
			return a.Value
		}
	}
	return ""
}

// CheckPerson returns what a form that is filled in completely does not let
// pass: required fields and questions without an answer, answers that are too
// long or not among those to choose from. First and last name and email are
// always required then; fields that the caller's API cannot say, those not
// among known, never are. Fields are named as StandardFields are, questions as
// custom_questions with their title in brackets.
func (q *Questions) CheckPerson(p *Person, known []string) []Problem {
	var problems []Problem
	for _, name := range []string{"first_name", "last_name", "email"} {
		if p.Said(name) == "" {
			problems = append(problems, Problem{name, "is required"})
		}
	}
	for _, s := range q.Standard {
		if s.Required && s.Field != "last_name" && slices.Contains(known, s.Field) && p.Said(s.Field) == "" {
			problems = append(problems, Problem{s.Field, "is required by the registration form"})
		}
	}
	for i := range q.Custom {
		c := &q.Custom[i]
		if rule := c.broken(p.AnswerTo(c.Title)); rule != "" {
			problems = append(problems, Problem{fmt.Sprintf("custom_questions[%s]", c.Title), rule})
		}
	}
	return problems
}

// broken returns the rule that an answer breaks, "" for none.
func (c *CustomQuestion) broken(answer string) string {
	switch {
	case answer == "" && c.Required:
		return "must be answered: the registration form requires it"
	case answer == "":
		return ""
	case len(c.Answers) > 0 && c.Chosen(answer) == nil:
		return "must be answered with what there is to choose: " + strings.Join(c.Answers, "; ")
	case len(c.Answers) == 0 && c.MaxLength > 0 && utf8.RuneCountInString(answer) > c.MaxLength:
		return fmt.Sprintf("must be answered with at most %d characters", c.MaxLength)
	}
	return ""
}

// A NumberedAnswer answers a custom question by its id: with texts, or with
// options by their number (from 1), or both.
type NumberedAnswer struct {
	Question int64
	Said     []NumberedOption
}

// A NumberedOption is one answer: an option by its number, 0 for none, and a text.
type NumberedOption struct {
	Option int64
	Text   string
}

// Resolve returns answers as those to the questions of q, by title. An unknown
// question or option is Invalid, and so is a question that is answered twice
// or with several of its options where it takes one.
func (q *Questions) Resolve(answers []NumberedAnswer) ([]Answer, error) {
	var resolved []Answer
	var problems []Problem
	for i, a := range answers {
		at := fmt.Sprintf("custom_questions[%d]", i)
		c := q.numbered(a.Question)
		if c == nil {
			problems = append(problems, Problem{at + ".questionId", fmt.Sprintf("must be the id of a question of the registration form; %d is none", a.Question)})
			continue
		}
		if slices.ContainsFunc(answers[:i], func(b NumberedAnswer) bool { return b.Question == a.Question }) {
			problems = append(problems, Problem{at + ".questionId", fmt.Sprintf("must not be answered twice; %d is", a.Question)})
			continue
		}
		said, more := c.resolve(at, a.Said)
		problems = append(problems, more...)
		resolved = append(resolved, Answer{Title: c.Title, Value: c.Answered(said)})
	}
	return resolved, InvalidFields(problems)
}

// numbered returns the custom question of the given id, nil for none.
func (q *Questions) numbered(id int64) *CustomQuestion {
	for i := range q.Custom {
		if q.Custom[i].ID == id {
			return &q.Custom[i]
		}
	}
	return nil
}

// resolve returns the texts of an answer to c and what is wrong with it.
func (c *CustomQuestion) resolve(at string, answer []NumberedOption) (said []string, problems []Problem) {
	if len(answer) > 1 && c.Type != "multiple" {
		return nil, []Problem{{at + ".answers[1]", "must be left out: the question takes one answer"}}
	}
	for j, o := range answer {
		switch {
		case o.Option == 0 || c.text():
			said = append(said, o.Text)
		case o.Option < 0 || o.Option > int64(len(c.Answers)):
			problems = append(problems, Problem{fmt.Sprintf("%s.answers[%d].optionId", at, j), fmt.Sprintf("must be the id of an option of the question; %d is none", o.Option)})
		default:
			said = append(said, c.Answers[o.Option-1])
		}
	}
	return said, problems
}

// answerBreaks stand between several answers to one question: the first with
// which they can be told apart again. An answer may hold a comma itself.
var answerBreaks = []string{", ", "\n"}

// Answered returns several answers to c as the one that is kept, which Chosen reads.
func (c *CustomQuestion) Answered(several []string) string {
	var text string
	for _, between := range answerBreaks {
		text = strings.Join(several, between)
		chosen := c.Chosen(text)
		if slices.EqualFunc(chosen, several, func(i int, answer string) bool { return c.Answers[i] == answer }) {
			return text
		}
	}
	return strings.Join(several, answerBreaks[0]) // not among what there is to choose: nothing to tell apart
}

// Chosen returns the positions in c.Answers of what answer names, which may
// be several with commas between, or nil where it names anything else.
func (c *CustomQuestion) Chosen(answer string) []int {
	if i := slices.Index(c.Answers, answer); i >= 0 {
		return []int{i}
	}
	if c.Type != "multiple" {
		return nil
	}
	for _, between := range answerBreaks {
		if chosen := c.split(answer, between, map[int]bool{}); chosen != nil {
			return chosen
		}
	}
	return nil
}

// split returns the positions in c.Answers of those that answer names with
// between between them, nil where it cannot be read so. dead has the lengths of
// ends that cannot: else a hostile text would take forever.
func (c *CustomQuestion) split(answer, between string, dead map[int]bool) []int {
	if i := slices.Index(c.Answers, answer); i >= 0 {
		return []int{i}
	}
	if dead[len(answer)] {
		return nil
	}
	for i, a := range c.Answers {
		if rest, ok := strings.CutPrefix(answer, a+between); ok {
			if more := c.split(rest, between, dead); more != nil {
				return append([]int{i}, more...)
			}
		}
	}
	dead[len(answer)] = true
	return nil
}

// Ask replaces q's custom questions by next. A question that is asked as
// before, by its title, keeps what next's API cannot say: see CustomQuestion.
func (q *Questions) Ask(next []CustomQuestion) {
	for i := range next {
		before := slices.IndexFunc(q.Custom, func(c CustomQuestion) bool { return c.Title == next[i].Title })
		if before < 0 {
			continue
		}
		old := q.Custom[before]
		next[i].ID, next[i].MaxLength, next[i].Rules = old.ID, old.MaxLength, old.Rules
		if next[i].Type == "short" && old.Type == "long" {
			next[i].Type = old.Type
		}
	}
	q.Custom = next
	q.number()
}

// AskFields replaces those of q's standard questions that are about the known
// fields by next; the others stay, for next's API cannot say them.
func (q *Questions) AskFields(next []StandardQuestion, known []string) {
	for _, s := range q.Standard {
		if !slices.Contains(known, s.Field) {
			next = append(next, s)
		}
	}
	q.Standard = next
}

// number gives an id to the custom questions that have none.
func (q *Questions) number() {
	for i := range q.Custom {
		if q.Custom[i].ID == 0 {
			q.LastID++
			q.Custom[i].ID = q.LastID
		}
	}
}

// A Form is what an API says of a whole registration form that knows rules,
// limits and numbered questions, as Webex's does.
type Form struct {
	AutoAccept     bool
	Required       map[string]bool // by the standard fields that the API knows: whether they are
	Custom         []CustomQuestion
	Rules          []Rule
	MaxRegistrants int64 // 0: no limit of its own
}

// Replace makes q what f says. The custom questions get new ids. [semantics
// 8.2] What f's API cannot say stays: standard fields that it does not know,
// fields that are asked and not required, and the kind of list that a single
// choice is made from.
func (q *Questions) Replace(f Form) {
	var standard []StandardQuestion
	for _, s := range q.Standard {
		if required, known := f.Required[s.Field]; known {
			s.Required = required
		}
		standard = append(standard, s)
	}
	for _, field := range StandardFields {
		asked := slices.ContainsFunc(standard, func(s StandardQuestion) bool { return s.Field == field })
		if f.Required[field] && !asked {
			standard = append(standard, StandardQuestion{Field: field, Required: true})
		}
	}
	for i := range f.Custom {
		c := &f.Custom[i]
		before := slices.IndexFunc(q.Custom, func(old CustomQuestion) bool { return old.Title == c.Title })
		if before >= 0 && c.Type == "single_radio" && q.Custom[before].Type == "single" {
			c.Type = "single"
		}
	}
	q.Standard, q.Custom, q.Rules, q.MaxRegistrants = standard, f.Custom, f.Rules, f.MaxRegistrants
	q.number()
}

// checkRules returns what is wrong with rules, named below at.
func checkRules(at string, rules []Rule, standard bool) []Problem {
	var ps []Problem
	bad := func(i int, field, rule string) {
		ps = append(ps, Problem{fmt.Sprintf("%s[%d].%s", at, i, field), rule})
	}
	if len(rules) > MaxRules {
		ps = append(ps, Problem{at, fmt.Sprintf("must be at most %d rules", MaxRules)})
	}
	for i, r := range rules {
		if standard && !slices.Contains(RuleFields, r.Field) {
			bad(i, "question", "must be a standard field that rules may be about")
		}
		if !slices.Contains(Conditions, r.Condition) {
			bad(i, "condition", "must be one of: contains; notContains; beginsWith; endsWith; equals; notEquals")
		}
		if n := utf8.RuneCountInString(r.Value); n == 0 || n > MaxRuleValue {
			bad(i, "value", fmt.Sprintf("must have 1 to %d characters", MaxRuleValue))
		}
		if r.Result != Approve && r.Result != Deny {
			bad(i, "result", "must be one of: approve; reject")
		}
	}
	return ps
}
