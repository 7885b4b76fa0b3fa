package muster

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Questions are what a registration form asks besides email and first name,
// which it always asks, and what it makes of the answers.
type Questions struct {
	Standard       []StandardQuestion
	Custom         []CustomQuestion
	Rules          []Rule // about standard fields; those about custom questions are theirs
	MaxRegistrants int64  // places of this meeting; 0: as many as any has
	LastID         int64  // the highest id that a custom question of this meeting ever had
}

// A StandardQuestion shows one of StandardFields on the form.
type StandardQuestion struct {
	Field    string
	Required bool
}

// A CustomQuestion is a host's own. Its title is its identity; the id is its
// name in APIs that number questions. MaxLength and Rules are of such APIs, too.
type CustomQuestion struct {
	ID        int64
	Title     string
	Type      string // one of QuestionTypes
	Required  bool
	Answers   []string // to choose from; none for a text
	MaxLength int      // of a text in characters; 0: no limit of its own
	Rules     []Rule
}

// StandardFields are the fields that a form may ask for, with Zoom's names. Zoom
// has none for the last two.
var StandardFields = []string{
	"last_name", "address", "city", "country", "zip", "state", "phone", "industry", "org", "job_title",
	"purchasing_time_frame", "role_in_purchase_process", "no_of_employees", "comments", "address2", "fax",
}

// ZoomFields are those of StandardFields that Zoom has names for.
var ZoomFields = StandardFields[:14]

// QuestionTypes are the types of custom questions. The original gives
// meetings only the first two, webinars all but single; Muster takes all
// everywhere and answers what was set. A long text has lines; for Zoom it is a
// short one.
var QuestionTypes = []string{"short", "single", "single_radio", "single_dropdown", "multiple", "long"}

// MaxQuestionTitle and MaxQuestions bound a form.
const (
	MaxQuestionTitle = 300
	MaxQuestions     = 100
)

// Check returns what is wrong with q, fields named as the API names them.
func (q Questions) Check() []Problem {
	var ps []Problem
	bad := func(field, rule string) { ps = append(ps, Problem{field, rule}) }
	if len(q.Custom) > MaxQuestions {
		bad("custom_questions", fmt.Sprintf("must be at most %d questions", MaxQuestions))
	}
	seen := map[string]bool{}
	for i, s := range q.Standard {
		at := fmt.Sprintf("questions[%d].field_name", i)
		switch {
		case !slices.Contains(StandardFields, s.Field):
			bad(at, "must be one of: "+strings.Join(StandardFields, "; "))
		case seen[s.Field]:
			bad(at, "must not be asked twice")
		}
		seen[s.Field] = true
	}
	titles := map[string]bool{}
	for i, c := range q.Custom {
		at := fmt.Sprintf("custom_questions[%d]", i)
		switch {
		case c.Title == "" || utf8.RuneCountInString(c.Title) > MaxQuestionTitle:
			bad(at+".title", fmt.Sprintf("must have 1 to %d characters", MaxQuestionTitle))
		case titles[c.Title]:
			bad(at+".title", "must differ from the other questions' titles")
		}
		titles[c.Title] = true
		switch {
		case !slices.Contains(QuestionTypes, c.Type):
			bad(at+".type", "must be one of: "+strings.Join(QuestionTypes, "; "))
		case c.text() && len(c.Answers) > 0:
			bad(at+".answers", "must be left out where a question is answered in one's own words")
		case !c.text() && (len(c.Answers) == 0 || slices.Contains(c.Answers, "")):
			bad(at+".answers", "must list what can be chosen")
		}
	}
	for i, c := range q.Custom {
		at := fmt.Sprintf("custom_questions[%d]", i)
		if c.MaxLength < 0 || c.MaxLength > MaxMaxLength {
			bad(at+".max_length", fmt.Sprintf("must be between 0 and %d", MaxMaxLength))
		}
		ps = append(ps, checkRules(at+".rules", c.Rules, false)...)
	}
	if q.MaxRegistrants < 0 {
		bad("max_registrants", "must not be negative")
	}
	return append(ps, checkRules("rules", q.Rules, true)...)
}

// text reports whether c is answered in one's own words.
func (c *CustomQuestion) text() bool { return c.Type == "short" || c.Type == "long" }
