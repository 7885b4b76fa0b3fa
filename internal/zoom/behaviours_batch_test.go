package zoom_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// rows returns the body of a batch of rows as written.
func rows(list ...string) string { return `{"registrants":[` + strings.Join(list, ",") + `]}` }

// TestBatchAllOrNothing has one bad row of each kind among good ones.
func TestBatchAllOrNothing(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 65)
	for name, bad := range map[string]struct {
		row          string
		status, code int
		told         string
	}{
		"no email":        {`{"first_name":"Ann"}`, 400, 300, `"registrants[1].email","message":"is required"`},
		"bad email":       {`{"email":"nobody"}`, 400, 300, `"registrants[1].email","message":"must be an email`},
		"long email":      {`{"email":"` + strings.Repeat("x", 117) + `@example.com"}`, 400, 300, `"registrants[1].email","message":"must be at most 128`},
		"long first name": {`{"email":"a@example.com","first_name":"` + long + `"}`, 400, 300, `"registrants[1].first_name","message":"must be at most 64`},
		"long last name":  {`{"email":"a@example.com","last_name":"` + long + `"}`, 400, 300, `"registrants[1].last_name","message":"must be at most 64`},
		"enum":            {`{"email":"a@example.com","no_of_employees":"7"}`, 400, 300, `"registrants[1].no_of_employees","message":"must be one of`},
		"language":        {`{"email":"a@example.com","language":"xx"}`, 400, 300, `"registrants[1].language","message":"must be one of`},
		"long answer":     {`{"email":"a@example.com","custom_questions":[{"title":"Q","value":"` + long + long + `"}]}`, 400, 300, `"registrants[1].custom_questions[0].value"`},
		"no object":       {`"a@example.com"`, 400, 300, `"registrants[1]","message":"must be an object`},
		"no text":         {`{"email":{"x":1}}`, 400, 300, `"registrants[1].email","message":"must be a string`},
		"NUL":             {`{"email":"a@example.com","org":"\u0000"}`, 400, 300, `"registrants[1].org","message":"must not contain`},
		"host":            {`{"email":"OWNER@muster.test"}`, 400, 3027, `registrants[1] (OWNER@muster.test)`},
		"denied":          {`{"email":"denied@example.com"}`, 400, 3000, `registrants[1] (denied@example.com)`},
		"limited":         {`{"email":"limited@example.com"}`, 429, 429, `(limited@example.com)`},
		"one too many":    {`{"email":"a@example.com"},{"email":"b@example.com"},{"email":"c@example.com"}`, 404, 3043, `maximum attendee capacity`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, mustertest.Options{Plan: "business", Capacity: 5}, `"approval_type":0`)
			r.add("denied@example.com", "")
			r.set("deny", "", "denied@example.com")
			for range 3 {
				r.add("limited@example.com", "")
			}
			before := r.Do("GET", r.path+"/registrants?status=all", "").Body
			text := r.Refused(bad.status, bad.code, "POST", r.path+"/batch_registrants", rows(`{"email":"first@example.com"}`, bad.row, `{"email":"last@example.com"}`))
			if !strings.Contains(text, bad.told) {
				t.Errorf("the refusal does not say %s: %s", bad.told, text)
			}
			if after := r.Do("GET", r.path+"/registrants?status=all", "").Body; string(after) != string(before) {
				t.Errorf("the refused batch left %s", after)
			}
		})
	}
}

// outcomes returns row, email, outcome, code and field of each row of a report.
func outcomes(answer map[string]any) []string {
	var list []string
	for _, e := range answer["report"].([]any) {
		m := e.(map[string]any)
		list = append(list, strings.TrimRight(fmt.Sprintf("%v %v %v %v %v", m["row"], m["email"], m["outcome"], orNone(m["code"]), orNone(m["field"])), " "))
	}
	return list
}

func orNone(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// reports are batches with ?report=rows for a meeting of three places that
// knows known@example.com and has denied denied@example.com.
var reports = map[string]struct {
	rows   []string
	want   []string // row, email, outcome, code, field
	people []string // in registrants
}{
	"all good": {
		rows:   []string{`{"email":"a@example.com"}`, `{"email":"b@example.com"}`},
		want:   []string{"0 a@example.com added", "1 b@example.com added"},
		people: []string{"a@example.com", "b@example.com"},
	},
	"all bad": {
		rows: []string{`{"email":"a"}`, `{}`, `1`},
		want: []string{"0 a refused 300 email", "1  refused 300 email", "2  refused 300"},
	},
	"same twice": {
		rows:   []string{`{"email":"a@example.com"}`, `{"email":"A@example.com"}`},
		want:   []string{"0 a@example.com added", "1 A@example.com updated"},
		people: []string{"A@example.com", "A@example.com"},
	},
	"known": {
		rows:   []string{`{"email":"known@example.com","first_name":"Kim"}`},
		want:   []string{"0 known@example.com updated"},
		people: []string{"known@example.com"},
	},
	"bad twin": {
		rows:   []string{`{"email":"a@example.com"}`, `{"email":"a@example.com","language":"xx"}`},
		want:   []string{"0 a@example.com added", "1 a@example.com refused 300 language"},
		people: []string{"a@example.com"},
	},
	"denied": {
		rows:   []string{`{"email":"denied@example.com"}`, `{"email":"a@example.com"}`},
		want:   []string{"0 denied@example.com refused 3000", "1 a@example.com added"},
		people: []string{"a@example.com"},
	},
	"host": {
		rows:   []string{`{"email":"owner@muster.test"}`, `{"email":"a@example.com"}`},
		want:   []string{"0 owner@muster.test refused 3027", "1 a@example.com added"},
		people: []string{"a@example.com"},
	},
	"full between": {
		rows: []string{`{"email":"a@example.com"}`, `{"email":"b@example.com"}`, `{"email":"c@example.com"}`, `{"email":"known@example.com"}`, `{"email":"B@example.com"}`},
		want: []string{
			"0 a@example.com added",
			"1 b@example.com added",
			"2 c@example.com refused 3043",
			"3 known@example.com updated",
			"4 B@example.com updated",
		},
		people: []string{"a@example.com", "B@example.com", "known@example.com", "B@example.com"},
	},
}

func TestReportOfRows(t *testing.T) {
	t.Parallel()
	for name, c := range reports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t, mustertest.Options{Capacity: 3}, `"approval_type":0`)
			r.add("known@example.com", "")
			r.add("denied@example.com", "")
			r.set("deny", "", "denied@example.com")
			got := r.Must(200, "POST", r.path+"/batch_registrants?report=rows", rows(c.rows...))
			if told := outcomes(got); !slices.Equal(told, c.want) {
				t.Errorf("got %q\nwant %q", told, c.want)
			}
			var people []string
			for _, e := range got["registrants"].([]any) {
				people = append(people, e.(map[string]any)["email"].(string))
			}
			if !slices.Equal(people, c.people) {
				t.Errorf("registrants has %v, want %v", people, c.people)
			}
		})
	}
}

// TestReportRefusesTheWhole: what is about the meeting or the list is no
// matter of single rows.
func TestReportRefusesTheWhole(t *testing.T) {
	t.Parallel()
	off := newRoom(t, mustertest.Options{}, `"approval_type":2`)
	off.Refused(404, 404, "POST", off.path+"/batch_registrants?report=rows", batch(ann))
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	r.Refused(400, 300, "POST", r.path+"/batch_registrants?report=rows", batch(numbered("p", 31)...))
	r.Refused(400, 300, "POST", r.path+"/batch_registrants?report=rows", `{}`)
	r.Refused(400, 300, "POST", r.path+"/batch_registrants?report=columns", batch(ann))
	r.Must(204, "PUT", r.path+"/status", `{"action":"end"}`)
	r.Refused(400, 3038, "POST", r.path+"/batch_registrants?report=rows", batch(ann))
}

// TestBatchTakesEveryField sends one person singly and another in a batch.
func TestBatchTakesEveryField(t *testing.T) {
	t.Parallel()
	const fields = `"first_name":"Jill","last_name":"Chill","address":"1800 Amphibious Blvd.","city":"Mountain View","country":"US","zip":"94045","state":"CA",
		"phone":"5550100","industry":"Food","org":"Cooking Org","job_title":"Chef","purchasing_time_frame":"1-3 months","role_in_purchase_process":"Influencer",
		"no_of_employees":"1-20","comments":"Looking forward to the discussion.","language":"en-US","custom_questions":[{"title":"Why?","value":"Fun"}]`
	r := newRoom(t, mustertest.Options{}, `"approval_type":1`)
	r.add("single@example.com", fields)
	r.Must(200, "POST", r.path+"/batch_registrants", rows(`{"email":"batch@example.com",`+fields+`}`))
	list := r.Must(200, "GET", r.path+"/registrants?status=pending", "")["registrants"].([]any)
	single, batched := list[0].(map[string]any), list[1].(map[string]any)
	for _, own := range []string{"id", "email"} {
		delete(single, own)
		delete(batched, own)
	}
	if !reflect.DeepEqual(single, batched) || len(single) != 19 {
		t.Errorf("got %v\nand %v", single, batched)
	}
}

func TestQuestionLimits(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	path := r.path + "/registrants/questions"
	form := func(n int, title string, answers int) string {
		var list []map[string]any
		for i := range n {
			q := map[string]any{"title": fmt.Sprint(i) + title, "type": "single", "answers": numbered("", answers)}
			list = append(list, q)
		}
		b, err := json.Marshal(map[string]any{"custom_questions": list})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	r.Must(204, "PATCH", path, form(100, strings.Repeat("é", 298), 3))
	r.Refused(400, 300, "PATCH", path, form(101, "", 1))
	r.Refused(400, 300, "PATCH", path, form(1, strings.Repeat("é", 300), 1))
	r.Refused(400, 300, "PATCH", path, form(1, "", 0))
	r.Must(204, "PATCH", path, form(1, strings.Repeat("é", 299), 200))
	got := r.Must(200, "GET", path, "")
	if n := len(got["custom_questions"].([]any)); n != 1 || len(got["questions"].([]any)) != 0 {
		t.Errorf("got %v", got)
	}
	r.add(ann, `"custom_questions":[{"title":"0`+strings.Repeat("é", 299)+`","value":"`+strings.Repeat("é", 128)+`"}]`)
}
