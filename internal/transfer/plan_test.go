package transfer

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"muster/internal/client"
)

func TestQuestions(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		questions string
		ignore    []string
		answers   []string
		ignored   []string
		fails     string
	}{
		"auto":            {"", nil, []string{"What diet?", "City"}, []string{"Order #", "Shoe size"}, ""},
		"all":             {"all", nil, []string{"What diet?", "Shoe size", "City"}, []string{"Order #"}, ""},
		"none":            {"none", nil, nil, []string{"what diet", "Order #", "Shoe size", "Question: City"}, ""},
		"by name":         {`"Order #",shoe SIZE`, nil, []string{"Order #", "Shoe size"}, []string{"what diet", "Question: City"}, ""},
		"unknown":         {"Hat", nil, nil, nil, `no column is named "Hat": the file has Email; City;`},
		"left out":        {"all", []string{"shoe size", "City"}, []string{"What diet?", "City"}, []string{"City", "Order #", "Shoe size"}, ""},
		"unknown to drop": {"", []string{"Hat"}, nil, nil, `no column is named "Hat"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.questions = `{"custom_questions":[{"title":"What diet?"},{"title":"City"}]}`
			o := options(t, s, "Email,City,what diet,Order #,Shoe size,Question: City\na@example.com,Rome,vegan,1,38,Bonn\n")
			o.Questions, o.Ignore = tt.questions, tt.ignore
			sum, err := Import(t.Context(), o)
			if (err == nil) != (tt.fails == "") || (err != nil && !strings.Contains(err.Error(), tt.fails)) {
				t.Fatalf("got %v, want %q", err, tt.fails)
			}
			if err == nil && (!slices.Equal(sum.Answers, tt.answers) || !slices.Equal(sum.Ignored, tt.ignored)) {
				t.Errorf("got answers %q and ignored %q, want %q and %q", sum.Answers, sum.Ignored, tt.answers, tt.ignored)
			}
			if err == nil && (s.people["a@example.com"]["city"] == "Rome") == slices.Contains(tt.ignore, "City") {
				t.Errorf("got city %v", s.people["a@example.com"]["city"])
			}
		})
	}
}

func TestBlamed(t *testing.T) {
	t.Parallel()
	entries := []entry{{email: "ann@example.com"}, {email: "joann@example.com"}, {email: "bob@example.com"}}
	tests := map[string]struct {
		err  client.Error
		want []int
	}{
		"field":             {client.Error{Fields: []client.Field{{Name: "registrants[2].email", Message: "no"}}}, []int{2}},
		"two fields":        {client.Error{Fields: []client.Field{{Name: "registrants[2].email"}, {Name: "registrants[0]"}}}, []int{0, 2}},
		"message":           {client.Error{Message: "registrants[1]: no."}, []int{1}},
		"out of range":      {client.Error{Message: "registrants[7]: no."}, nil},
		"email":             {client.Error{Message: "The registrant (ann@example.com) was denied."}, []int{0}},
		"email at the end":  {client.Error{Message: "Denied: Bob@Example.com."}, []int{2}},
		"part of an email":  {client.Error{Message: "Denied: ann@example.com.au"}, nil},
		"several emails":    {client.Error{Message: "ann@example.com or bob@example.com"}, nil},
		"nobody":            {client.Error{Message: "No."}, nil},
		"field of no entry": {client.Error{Fields: []client.Field{{Name: "registrants", Message: "too many"}}}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := blamed(&tt.err, entries)
			for _, i := range tt.want {
				if _, ok := got[i]; !ok {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			}
			if len(got) != len(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want verdict
	}{
		"none":             {nil, accepted},
		"network":          {errors.New("broken"), halted},
		"batch":            {&client.Error{Status: 400, Code: 303}, wrongType},
		"full":             {&client.Error{Status: 404, Code: 3043}, full},
		"denied":           {&client.Error{Status: 400, Code: 3000}, refused},
		"field":            {&client.Error{Status: 400, Code: 300, Fields: []client.Field{{Name: "registrants[0].email"}}}, refused},
		"meeting's field":  {&client.Error{Status: 400, Code: 300, Fields: []client.Field{{Name: "occurrence_ids"}}}, halted},
		"personal limit":   {&client.Error{Status: 429, Code: 429, Message: "limit (3) for the registrant (a@b.c)", Daily: true}, limited},
		"account's limit":  {&client.Error{Status: 429, Code: 429, Message: "daily limit", Daily: true}, halted},
		"registration off": {&client.Error{Status: 404, Code: 404}, halted},
		"too long":         {&client.Error{Status: http.StatusRequestEntityTooLarge, Code: 300}, refused},
		"web server":       {&client.Error{Status: 404}, halted},
		"redirect":         {&client.Error{Status: 302, Location: "https://x.example"}, halted},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (zoom{}).judge(tt.err); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}
