package roster

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 65)
	tests := map[string]struct {
		in      values
		problem string // a part of it, "" for none
	}{
		"good":                   {values{Email: "ann@example.com"}, ""},
		"no email":               {values{FirstName: "Ann"}, "missing"},
		"no at":                  {values{Email: "ann.example.com"}, "no @"},
		"two ats":                {values{Email: "ann@@example.com"}, "more than one @"},
		"space inside":           {values{Email: "ann lee@example.com"}, "' ' may not"},
		"no domain":              {values{Email: "ann@"}, "one side"},
		"bare host":              {values{Email: "ann@example"}, "no domain"},
		"two dots":               {values{Email: "ann@example..com"}, "no domain"},
		"comma for dot":          {values{Email: "ann@example,com"}, "',' may not"},
		"trailing semicolon":     {values{Email: "ann@example.com;"}, "';' may not"},
		"long email":             {values{Email: strings.Repeat("a", 120) + "@example.com"}, "132 characters"},
		"international address":  {values{Email: "用户@例え.jp"}, ""},
		"64 characters":          {values{Email: "a@example.com", FirstName: long[:128]}, ""},
		"65 characters":          {values{Email: "a@example.com", FirstName: long}, "First Name has 65"},
		"wrong choice":           {values{Email: "a@example.com", EmployeeCount: "Jan-20"}, `"Jan-20"`},
		"choice in small type":   {values{Email: "a@example.com", PurchaseRole: "decision maker"}, ""},
		"choice with a dash":     {values{Email: "a@example.com", PurchaseTime: "1 – 3 months"}, ""},
		"choice without a comma": {values{Email: "a@example.com", EmployeeCount: "1001-5000"}, ""},
		"language":               {values{Email: "a@example.com", Language: "de"}, ""},
		"unclear language":       {values{Email: "a@example.com", Language: "zh"}, "Language"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := Row{Line: 2, Values: tt.in}
			got, _ := new(Checker).Check(&row)
			if (tt.problem == "") != (got == "") || !strings.Contains(got, tt.problem) {
				t.Errorf("got %q, want %q", got, tt.problem)
			}
		})
	}
}

func TestCheckTidies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		cell string
		want values
	}{
		"display form": {"Ann Lee <ann@example.com>", values{Email: "ann@example.com", FirstName: "Ann", LastName: "Lee"}},
		"mailto":       {"MAILTO:ann@example.com", values{Email: "ann@example.com"}},
		"apostrophes":  {"'ann@example.com'", values{Email: "ann@example.com"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row := Row{Line: 2, Values: values{Email: tt.cell}}
			if problem, _ := new(Checker).Check(&row); problem != "" {
				t.Fatal(problem)
			}
			for f, want := range tt.want {
				if row.Values[f] != want {
					t.Errorf("%s: got %q, want %q", f, row.Values[f], want)
				}
			}
		})
	}
}

func TestCheckDuplicates(t *testing.T) {
	t.Parallel()
	var c Checker
	for _, step := range []struct {
		line      int
		email     string
		duplicate int
	}{{2, "Ann@Example.com", 0}, {3, "bad", 0}, {4, "bob@example.com", 0}, {5, "ann@example.COM", 2}, {6, "bad", 0}} {
		row := Row{Line: step.line, Values: values{Email: step.email}}
		if _, got := c.Check(&row); got != step.duplicate {
			t.Errorf("line %d: got duplicate of %d, want %d", step.line, got, step.duplicate)
		}
	}
}

func TestGone(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]bool{
		"": false, "approved": false, "Attending": false, "Checked In": false, "VIP": false, "pending approval": false,
		"denied": true, "Cancelled": true, "Not Attending": true, "Denied/Blocked": true, "Refunded": true,
	} {
		if got := Gone(status); got != want {
			t.Errorf("Gone(%q): got %t, want %t", status, got, want)
		}
	}
}
