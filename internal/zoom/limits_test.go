package zoom_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
	"muster/internal/op"
)

// limit returns one of the headers X-RateLimit-…, which keep the original's capitals.
func limit(h http.Header, name string) string {
	for key, values := range h {
		if strings.EqualFold(key, "X-RateLimit-"+name) {
			return values[0]
		}
	}
	return ""
}

// limits returns Category, Type, Limit, Remaining, Reset and Retry-After.
func limits(a mustertest.Answer) string {
	var all []string
	for _, name := range []string{"Category", "Type", "Limit", "Remaining", "Reset"} {
		all = append(all, limit(a.Header, name))
	}
	return strings.Join(append(all, a.Header.Get("Retry-After")), "|")
}

const (
	midnight  = "2026-03-03T00:00:00Z" // the next after mustertest.Start
	afterDawn = 15 * time.Hour         // moves mustertest.Start beyond it
)

// A class is one label with a request of it.
type class struct {
	name         op.Rate
	method, path string
}

func classes(meeting string) []class {
	return []class{
		{op.Light, "GET", meeting},
		{op.Medium, "GET", meeting + "/registrants"},
		{op.Heavy, "POST", meeting + "/batch_registrants"}, // without a body: 300, and counted
	}
}

// newLimited returns a server with a meeting made while nothing is used up.
func newLimited(t *testing.T, plan string) (*mustertest.Server, string) {
	t.Helper()
	s := mustertest.New(t, mustertest.Options{Plan: plan})
	meeting := s.Meeting("")
	s.Advance(time.Second) // a new second, with all its requests
	return s, meeting
}

func TestLimitsPerSecond(t *testing.T) {
	t.Parallel()
	rates := map[string]map[op.Rate][2]int64{ // per second, per day
		"free":     {op.Light: {4, 6000}, op.Medium: {2, 2000}, op.Heavy: {1, 1000}},
		"pro":      {op.Light: {30, 0}, op.Medium: {20, 0}, op.Heavy: {10, 30_000}},
		"business": {op.Light: {80, 0}, op.Medium: {60, 0}, op.Heavy: {40, 60_000}},
	}
	for plan, rate := range rates {
		t.Run(plan, func(t *testing.T) {
			t.Parallel()
			s, meeting := newLimited(t, plan)
			s.Account("other")
			other := s.TokenFor("other")
			for _, c := range classes(meeting) {
				n, day := rate[c.name][0], rate[c.name][1]
				for i := range n {
					a := s.Do(c.method, c.path, "")
					want := fmt.Sprintf("%s|QPS|%d|%d||", c.name, n, n-i-1)
					if day > 0 {
						used := i + 1
						if c.name == op.Light {
							used++ // the meeting
						}
						want = fmt.Sprintf("%s|Daily-limit|%d|%d||", c.name, day, day-used)
					}
					if got := limits(a); a.Status == 429 || got != want {
						t.Errorf("%s request %d: got %d %s, want %s", c.name, i+1, a.Status, got, want)
					}
				}
				a := s.Do(c.method, c.path, "")
				want := fmt.Sprintf("%s|QPS|%d|0|%d|", c.name, n, s.Now().Unix()+1)
				if code := refusal(t, string(c.name), a); a.Status != 429 || code != 429 || limits(a) != want || !strings.Contains(string(a.Body), "per-second rate limit") {
					t.Errorf("%s request %d: got %d %s %s, want 429 with %s", c.name, n+1, a.Status, limits(a), a.Body, want)
				}
				if a := s.As(other, c.method, c.path, ""); a.Status == 429 {
					t.Errorf("%s: another account is limited, too: %s", c.name, a.Body)
				}
			}
			s.Advance(time.Second)
			for _, c := range classes(meeting) {
				if a := s.Do(c.method, c.path, ""); a.Status == 429 {
					t.Errorf("%s in the next second: got %s", c.name, a.Body)
				}
			}
		})
	}
}

func TestLimitsPerDay(t *testing.T) {
	t.Parallel()
	s, meeting := newLimited(t, "free")
	s.Account("other")
	const day = 1000
	last := mustertest.Answer{}
	for i := range day {
		last = s.Do("POST", meeting+"/batch_registrants", "")
		if last.Status == 429 {
			t.Fatalf("request %d: got %s", i+1, last.Body)
		}
		s.Advance(time.Second)
	}
	if got, want := limits(last), "Heavy|Daily-limit|1000|0||"; got != want {
		t.Errorf("the last one: got %s, want %s", got, want)
	}
	over := s.Do("POST", meeting+"/batch_registrants", "")
	if code := refusal(t, "over", over); over.Status != 429 || code != 429 || limits(over) != "Heavy|Daily-limit|1000|0||"+midnight ||
		!strings.Contains(string(over.Body), "daily rate limit") {
		t.Errorf("one more: got %d %s %s", over.Status, limits(over), over.Body)
	}
	if a := s.As(s.TokenFor("other"), "POST", meeting+"/batch_registrants", ""); a.Status == 429 {
		t.Errorf("another account: got %s", a.Body)
	}
	if a := s.Do("GET", meeting, ""); a.Status != 200 {
		t.Errorf("another class: got %d %s", a.Status, a.Body)
	}
	s.Set(time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC))
	if a := s.Do("POST", meeting+"/batch_registrants", ""); a.Status == 429 || limits(a) != "Heavy|Daily-limit|1000|999||" {
		t.Errorf("after midnight: got %d %s %s", a.Status, limits(a), a.Body)
	}
}

func TestLimitsOff(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	meeting := s.Meeting("")
	for range 5 {
		for _, c := range classes(meeting) {
			if a := s.Do(c.method, c.path, ""); limits(a) != string(c.name)+"|||||" {
				t.Errorf("%s: got %s, want the category alone", c.name, limits(a))
			}
		}
	}
	for range 5 {
		s.Must(201, "POST", meeting+"/registrants", `{"email":"often@walk.test","first_name":"O"}`)
	}
	for range 12 {
		s.Must(204, "PUT", meeting+"/registrants/status", `{"action":"deny","registrants":[{"email":"often@walk.test"}]}`)
	}
}

func TestLimitsOfAHost(t *testing.T) {
	t.Parallel()
	s, meeting := newLimited(t, "business")
	s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"second@walk.test","type":2}}`)
	update := func() mustertest.Answer {
		s.Advance(20 * time.Millisecond)
		return s.Do("PATCH", meeting, `{"topic":"New"}`)
	}
	for i := range 99 { // the meeting itself was the first
		if a := update(); a.Status != 204 {
			t.Fatalf("update %d: got %d %s", i+1, a.Status, a.Body)
		}
	}
	const text = `{"code":429,"message":"You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this user. You can resume these API requests at GMT 00:00:00."}`
	for name, a := range map[string]mustertest.Answer{
		"update": update(), "create": s.Do("POST", "/v2/users/me/meetings", `{"topic":"One more"}`),
	} {
		if a.Status != 429 || string(a.Body) != text || a.Header.Get("Retry-After") != midnight {
			t.Errorf("%s 101: got %d %s %s, want 429 %s", name, a.Status, a.Header.Get("Retry-After"), a.Body, text)
		}
	}
	if got := s.Must(200, "GET", meeting, "")["topic"]; got != "New" {
		t.Errorf("after a refused update: got topic %v", got)
	}
	s.Must(201, "POST", "/v2/users/second@walk.test/meetings", `{"topic":"Of another host"}`)
	s.Advance(afterDawn)
	if a := update(); a.Status != 204 {
		t.Errorf("after midnight: got %d %s", a.Status, a.Body)
	}
}

// daily is the exact text of section 11.8.
func daily(n int, what, email string) string {
	return fmt.Sprintf("You have exceeded the daily rate limit of (%d) for meeting %s API requests for the registrant (%s). You can resume these API requests at GMT 00:00:00.", n, what, email)
}

// overDay fails the test unless a is the daily refusal about the email.
func overDay(t *testing.T, name string, a mustertest.Answer, message string) {
	t.Helper()
	if code := refusal(t, name, a); a.Status != 429 || code != 429 || a.JSON(t)["message"] != message || a.Header.Get("Retry-After") != midnight {
		t.Errorf("%s: got %d %s %s, want 429 %s", name, a.Status, a.Header.Get("Retry-After"), a.Body, message)
	}
}

func TestLimitsOfAPersonsAdds(t *testing.T) {
	t.Parallel()
	s, meeting := newLimited(t, "business")
	second := s.Meeting("")
	add := func(meeting, email string) mustertest.Answer {
		s.Advance(time.Second)
		return s.Do("POST", meeting+"/registrants", fmt.Sprintf(`{"email":%q,"first_name":"A"}`, email))
	}
	batch := func(emails ...string) mustertest.Answer {
		var rows []string
		for _, e := range emails {
			rows = append(rows, fmt.Sprintf(`{"email":%q}`, e))
		}
		s.Advance(time.Second)
		return s.Do("POST", meeting+"/batch_registrants", `{"registrants":[`+strings.Join(rows, ",")+`]}`)
	}
	for i, email := range []string{"ann@x.test", "ANN@x.test", "ann@X.test"} {
		if a := add(meeting, email); a.Status != 201 {
			t.Fatalf("add %d: got %d %s", i+1, a.Status, a.Body)
		}
	}
	overDay(t, "fourth add", add(meeting, "Ann@x.test"), daily(3, "Add meeting registrant", "Ann@x.test"))
	overDay(t, "batch with her", batch("new@x.test", "ann@x.test"), daily(3, "Perform batch registration", "ann@x.test"))
	if got := s.Must(200, "GET", meeting+"/registrants?email=new@x.test", "")["total_records"]; text(got) != "0" {
		t.Errorf("the other person of a refused batch: got %v registrations, want 0", got)
	}
	for name, a := range map[string]mustertest.Answer{"another person": add(meeting, "bob@x.test"), "another meeting": add(second, "ann@x.test")} {
		if a.Status != 201 {
			t.Errorf("%s: got %d %s, want 201", name, a.Status, a.Body)
		}
	}
	for i := range 3 { // a refused batch counts nobody, and a person twice in one batch counts once
		if a := batch("new@x.test", "NEW@x.test"); a.Status != 200 {
			t.Errorf("batch %d: got %d %s, want 200", i+1, a.Status, a.Body)
		}
	}
	overDay(t, "fourth batch", batch("new@x.test"), daily(3, "Perform batch registration", "new@x.test"))
	overDay(t, "add after batches", add(meeting, "new@x.test"), daily(3, "Add meeting registrant", "new@x.test"))
	rows := s.Do("POST", meeting+"/batch_registrants?report=rows", `{"registrants":[{"email":"ann@x.test"},{"email":"eve@x.test"}]}`)
	if report := string(rows.Body); rows.Status != 200 || !strings.Contains(report, daily(3, "Perform batch registration", "ann@x.test")) ||
		!strings.Contains(report, `"email":"eve@x.test","outcome":"added"`) {
		t.Errorf("a report by rows: got %d %s", rows.Status, rows.Body)
	}
	s.Advance(afterDawn)
	if a := add(meeting, "ann@x.test"); a.Status != 201 {
		t.Errorf("after midnight: got %d %s", a.Status, a.Body)
	}
}

func TestLimitsOfAPersonsStatus(t *testing.T) {
	t.Parallel()
	s, meeting := newLimited(t, "business")
	second := s.Meeting("")
	people := []string{"ann@x.test"}
	for i := range 11 {
		people = append(people, "p"+strconv.Itoa(i)+"@x.test")
	}
	for _, m := range []string{meeting, second} {
		for _, p := range people {
			s.Must(201, "POST", m+"/registrants", fmt.Sprintf(`{"email":%q}`, p))
		}
	}
	set := func(meeting, action, who string) mustertest.Answer {
		s.Advance(time.Second)
		return s.Do("PUT", meeting+"/registrants/status", fmt.Sprintf(`{"action":%q,"registrants":[%s]}`, action, who))
	}
	actions := []string{"deny", "approve", "cancel"}
	for i := range 10 {
		if a := set(meeting, actions[i%3], `{"email":"Ann@x.test"}`); a.Status != 204 {
			t.Fatalf("change %d: got %d %s", i+1, a.Status, a.Body)
		}
	}
	for _, action := range actions {
		overDay(t, "eleventh: "+action, set(meeting, action, `{"email":"ANN@x.test"}`), daily(10, "Update registrant's status", "ann@x.test"))
	}
	overDay(t, "with another", set(meeting, "deny", `{"email":"p0@x.test"},{"email":"ann@x.test"}`), daily(10, "Update registrant's status", "ann@x.test"))
	if got := s.Must(200, "GET", meeting+"/registrants?email=p0@x.test", "")["total_records"]; text(got) != "1" {
		t.Errorf("the other person of a refused call: got %v approved, want 1", got)
	}
	for _, p := range people[1:] {
		if a := set(meeting, "deny", fmt.Sprintf(`{"email":%q}`, p)); a.Status != 204 {
			t.Errorf("%s, once: got %d %s, want 204", p, a.Status, a.Body)
		}
	}
	if a := set(second, "deny", `{"email":"ann@x.test"}`); a.Status != 204 {
		t.Errorf("in another meeting: got %d %s, want 204", a.Status, a.Body)
	}
	s.Advance(afterDawn)
	if a := set(meeting, "approve", `{"email":"ann@x.test"}`); a.Status != 204 {
		t.Errorf("after midnight: got %d %s", a.Status, a.Body)
	}
}

// TestLimitsSayTheirClass holds every answer of an operation to its label.
func TestLimitsSayTheirClass(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	v := newTenant(t, s, "primary")
	known := []op.Rate{op.Light, op.Medium, op.Heavy, op.Intensive}
	nobody := map[string][]string{}
	for name := range v.names {
		nobody[name] = []string{"x"}
	}
	nobody["meetingId"] = []string{"1"}
	for _, o := range operations(t) {
		if !slices.Contains(known, o.Rate) {
			t.Errorf("%s: got the label %q, want one of %v", o.ID, o.Rate, known)
		}
		for _, token := range []string{v.token, s.Token("nothing:read")} {
			a := s.As(token, o.Method, "/v2"+pathsOf(t, o.Path, nobody)[0], "")
			if got := limit(a.Header, "Category"); got != string(o.Rate) {
				t.Errorf("%s: %d: got category %q, want %s", o.ID, a.Status, got, o.Rate)
			}
		}
	}
}
