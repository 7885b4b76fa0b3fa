package roster

import (
	"bytes"
	"strings"
	"testing"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                    "",
		"Ann":                 "Ann",
		"=1+1":                "'=1+1",
		"+49 30 1":            "'+49 30 1",
		"-5":                  "'-5",
		"@SUM(A1)":            "'@SUM(A1)",
		"\tx":                 "'\tx",
		"\rx":                 "'\rx",
		"＝1":                  "'＝1",
		"'=1":                 "''=1",
		"'quoted'":            "'quoted'",
		"O'Brien":             "O'Brien",
		"ann@example.com":     "ann@example.com",
		"https://example.com": "https://example.com",
	} {
		got := Harmless(in)
		if got != want {
			t.Errorf("Harmless(%q): got %q, want %q", in, got, want)
		}
		if back := Plain(got); back != in {
			t.Errorf("Plain(%q): got %q, want %q", got, back, in)
		}
	}
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"", "=1", "'=1", "''", "'-", "＋1", "a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h := Harmless(s)
		if startsFormula(h) {
			t.Errorf("Harmless(%q) is %q, which may run", s, h)
		}
		if back := Plain(h); back != s {
			t.Errorf("Plain(Harmless(%q)): got %q", s, back)
		}
	})
}

func FuzzResult(f *testing.F) {
	f.Add("ann@example.com", "-abc", "https://example.com/w/1?tk=x", "because, \"so\"")
	f.Fuzz(func(t *testing.T, email, id, link, reason string) {
		line, err := Result{7, email, id, link, Refused, reason}.AppendTo(nil)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(line, '\n') != len(line)-1 {
			t.Fatalf("%q is not one line", line)
		}
		r, err := ParseResult(string(line))
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		again, err := r.AppendTo(nil)
		if err != nil || !bytes.Equal(again, line) {
			t.Errorf("got %q %v, want %q", again, err, line)
		}
	})
}

func TestResultRoundTrip(t *testing.T) {
	t.Parallel()
	want := Result{12, "ann@example.com", "-x_1", "https://example.com/w/1?tk=a", Registered, ""}
	line, err := want.AppendTo([]byte("before\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseResult(strings.TrimPrefix(string(line), "before\n"))
	if err != nil || got != want {
		t.Errorf("got %+v %v, want %+v", got, err, want)
	}
	for name, bad := range map[string]string{
		"no row": "x,a,b,c,open,\n", "row 0": "0,a,b,c,open,\n", "strange outcome": "1,a,b,c,lost,\n", "cut off": "1,a,b\n",
	} {
		if r, err := ParseResult(bad); err == nil {
			t.Errorf("%s: got %+v, want an error", name, r)
		}
	}
}

func TestExportIsReadAgain(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e, err := NewExportWriter(&out, func(f Field) bool { return f != Fax && f != Address2 }, []string{"City", "Diet?", "=Sum", "Question: X"})
	if err != nil {
		t.Fatal(err)
	}
	err = e.Write(Registrant{
		Values: values{Email: "=cmd@example.com", FirstName: "Zoë", Phone: "+49 30 1", City: "Rome"},
		Status: "approved", ID: "-id", JoinURL: "https://example.com/w/1",
		Answers: map[string]string{"City": "Bonn", "Diet?": "-none", "=Sum": "a;b,c\nd", "Question: X": "y"},
	})
	if err != nil || e.Flush() != nil {
		t.Fatal(err)
	}
	r, err := NewReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range r.Layout().Columns {
		if c.Title != "" {
			r.Ask(i, c.Title)
		}
	}
	row, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	for f, want := range (values{Email: "=cmd@example.com", FirstName: "Zoë", Phone: "+49 30 1", City: "Rome"}) {
		if row.Values[f] != want {
			t.Errorf("%s: got %q, want %q", f, row.Values[f], want)
		}
	}
	if row.Status != "approved" {
		t.Errorf("got status %q, want approved", row.Status)
	}
	want := []Answer{{"City", "Bonn"}, {"Diet?", "-none"}, {"=Sum", "a;b,c\nd"}, {"Question: X", "y"}}
	for i, w := range want {
		if i >= len(row.Answers) || row.Answers[i] != w {
			t.Errorf("answers: got %v, want %v", row.Answers, want)
			break
		}
	}
}
