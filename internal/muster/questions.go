package muster

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Questions are what a registration form asks besides email and first name,
// which it always asks.
type Questions struct {
	Standard []StandardQuestion
	Custom   []CustomQuestion
}

// A StandardQuestion shows one of StandardFields on the form.
type StandardQuestion struct {
	Field    string
	Required bool
}

// A CustomQuestion is a host's own. Its title is its identity.
type CustomQuestion struct {
	Title    string
	Type     string // one of QuestionTypes
	Required bool
	Answers  []string // to choose from; none for a short text
}

// StandardFields are the fields that a form may ask for, with the API's names.
var StandardFields = []string{
	"last_name", "address", "city", "country", "zip", "state", "phone", "industry", "org", "job_title",
	"purchasing_time_frame", "role_in_purchase_process", "no_of_employees", "comments",
}

// QuestionTypes are the types of custom questions. The original gives
// meetings only the first two, webinars all but single; Muster takes all
// everywhere and answers what was set.
var QuestionTypes = []string{"short", "single", "single_radio", "single_dropdown", "multiple"}

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
		case c.Type == "short" && len(c.Answers) > 0:
			bad(at+".answers", "must be left out where type is short")
		case c.Type != "short" && (len(c.Answers) == 0 || slices.Contains(c.Answers, "")):
			bad(at+".answers", "must list what can be chosen where type is "+c.Type)
		}
	}
	return ps
}
