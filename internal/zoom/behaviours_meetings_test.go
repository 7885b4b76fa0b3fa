package zoom_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// member returns a member of an answer as text; dots lead into objects, "" where it is absent.
func member(v map[string]any, name string) string {
	first, rest, nested := strings.Cut(name, ".")
	if nested {
		inner, _ := v[first].(map[string]any)
		return member(inner, rest)
	}
	if v[first] == nil {
		return ""
	}
	return fmt.Sprint(v[first])
}

// dates returns "id start status" of each of a meeting's occurrences.
func dates(m map[string]any) []string {
	var all []string
	list, _ := m["occurrences"].([]any)
	for _, o := range list {
		o := o.(map[string]any)
		all = append(all, member(o, "occurrence_id")+" "+member(o, "start_time")+" "+member(o, "status"))
	}
	return all
}

// millis returns the epoch milliseconds of a time as an answer spells it.
func millis(t *testing.T, text string) string {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(at.UnixMilli())
}

const newMeeting = "/v2/users/me/meetings"

func TestBehaviour01UUIDDoublyEncoded(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	kinds := map[string]func(uuid string) bool{
		"begins with a slash": func(u string) bool { return u[0] == '/' },
		"slash inside":        func(u string) bool { return strings.Contains(u[1:], "/") && !strings.Contains(u, "//") && u[0] != '/' },
		"no slash":            func(u string) bool { return !strings.Contains(u, "/") },
	}
	found := map[string]map[string]any{}
	for range 2000 { // one uuid in 64 begins with a slash
		m := s.Must(201, "POST", newMeeting, `{"type":3}`)
		for kind, is := range kinds {
			if is(member(m, "uuid")) {
				found[kind] = m
			}
		}
		if len(found) == len(kinds) {
			break
		}
	}
	for kind := range kinds {
		m, ok := found[kind]
		if !ok {
			t.Fatalf("no uuid that fits %q", kind)
		}
		uuid := member(m, "uuid")
		once := url.PathEscape(uuid)
		for how, path := range map[string]string{"once": once, "twice": url.PathEscape(once)} {
			got := s.Must(200, "GET", "/v2/meetings/"+path, "")
			if member(got, "id") != member(m, "id") {
				t.Errorf("%s, encoded %s: got meeting %s, want %s", kind, how, member(got, "id"), member(m, "id"))
			}
			s.Refused(400, 300, "DELETE", "/v2/meetings/"+path, "")
		}
	}
}

func TestBehaviour02SeriesOverDST(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for name, c := range map[string]struct {
		start, zone, days string
		want              []string
	}{
		"spring in Berlin": {"2026-03-22T09:00:00", "Europe/Berlin", "1", []string{"2026-03-22T08:00:00Z", "2026-03-29T07:00:00Z", "2026-04-05T07:00:00Z"}},
		"autumn in Berlin": {"2026-10-18T09:00:00", "Europe/Berlin", "1", []string{"2026-10-18T07:00:00Z", "2026-10-25T08:00:00Z", "2026-11-01T08:00:00Z"}},
		"start in UTC":     {"2026-10-30T13:00:00Z", "America/New_York", "6,2", []string{"2026-10-30T13:00:00Z", "2026-11-02T14:00:00Z", "2026-11-06T14:00:00Z"}},
		"within the gap":   {"2026-03-22T02:30:00", "Europe/Berlin", "1", []string{"2026-03-22T01:30:00Z", "2026-03-29T01:30:00Z", "2026-04-05T00:30:00Z"}},
		"no DST":           {"2026-03-22T09:00:00", "Asia/Tokyo", "1", []string{"2026-03-22T00:00:00Z", "2026-03-29T00:00:00Z", "2026-04-05T00:00:00Z"}},
	} {
		m := s.Must(201, "POST", newMeeting, fmt.Sprintf(
			`{"type":8,"start_time":%q,"timezone":%q,"recurrence":{"type":2,"weekly_days":%q,"end_times":3}}`, c.start, c.zone, c.days))
		var want []string
		for _, start := range c.want {
			want = append(want, millis(t, start)+" "+start+" available")
		}
		if got := dates(m); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
}

func TestBehaviour03MovedOccurrenceKeepsItsID(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := s.Meeting(`"type":8,"recurrence":{"type":1,"end_times":3},"settings":{"approval_type":0,"registration_type":2}`)
	before := dates(s.Must(200, "GET", m, ""))
	id, _, _ := strings.Cut(before[1], " ")
	s.Must(201, "POST", m+"/registrants?occurrence_ids="+id, `{"email":"a@b.test","first_name":"A"}`)
	s.Must(204, "PATCH", m+"?occurrence_id="+id, `{"start_time":"2026-06-01T10:00:00Z"}`)
	want := fmt.Sprint([]string{before[0], before[2], id + " 2026-06-01T10:00:00Z available"}) // by start
	if got := fmt.Sprint(dates(s.Must(200, "GET", m, ""))); got != want {
		t.Errorf("moved: got %s, want %s", got, want)
	}
	if n := member(s.Must(200, "GET", m+"/registrants?occurrence_id="+id, ""), "total_records"); n != "1" {
		t.Errorf("the moved occurrence has %s people, want 1", n)
	}
	s.Must(204, "DELETE", m+"?occurrence_id="+id, "")
	want = fmt.Sprint([]string{before[0], before[2], id + " 2026-06-01T10:00:00Z deleted"})
	if got := fmt.Sprint(dates(s.Must(200, "GET", m, ""))); got != want {
		t.Errorf("deleted: got %s, want %s", got, want)
	}
	s.Refused(400, 300, "POST", m+"/registrants?occurrence_ids="+id, `{"email":"b@b.test","first_name":"B"}`)
}

func TestBehaviour04PastStartIsIgnored(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for name, m := range map[string]string{
		"one date": s.Meeting(""),
		"series":   s.Meeting(`"type":8,"recurrence":{"type":1,"end_times":2}`),
	} {
		before := s.Must(200, "GET", m, "")
		s.Must(204, "PATCH", m, `{"start_time":"2026-03-01T08:00:00Z"}`)
		after := s.Must(200, "GET", m, "")
		for _, field := range []string{"start_time", "type", "duration", "occurrences", "status"} {
			if fmt.Sprint(before[field]) != fmt.Sprint(after[field]) {
				t.Errorf("%s: %s was %v and is %v", name, field, before[field], after[field])
			}
		}
	}
}

func TestBehaviour05NoStartIsInstant(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	for _, body := range []string{`{}`, `{"type":2}`, `{"type":2,"start_time":""}`, `{"start_time":null,"topic":"x"}`, `{"type":"2","start_time":"  "}`} {
		m := s.Must(201, "POST", newMeeting, body)
		if member(m, "type") != "1" || member(m, "start_time") != "2026-03-02T09:30:00Z" {
			t.Errorf("%s: got type %v at %v, want 1 now", body, m["type"], m["start_time"])
		}
	}
}

func TestBehaviour22AccountsAndScopes(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.SubAccount("branch")
	s.Account("stranger")
	own := strings.TrimPrefix(s.Meeting(""), "/v2/meetings/")
	sub := member(s.Must(201, "POST", "/v2/accounts/branch/users/me/meetings", `{"type":3}`), "id")
	admin, master := s.Token("meeting:read:admin"), s.Token("meeting:read:meeting:master")
	for _, c := range []struct {
		token, account, meeting string
		status, code            int
		says                    string
	}{
		{admin, "branch", sub, 400, 4711, "[meeting:read:meeting:master]"},
		{admin, "branch", own, 400, 4711, "[meeting:read:meeting:master]"},
		{admin, "me", own, 200, 0, own},
		{admin, "primary", own, 200, 0, own},
		{admin, "me", sub, 404, 3001, sub}, // without :master it learns nothing
		{admin, "stranger", own, 404, 2001, "stranger"},
		{admin, "nowhere", own, 404, 2001, "nowhere"},
		{master, "branch", sub, 200, 0, sub},
		{master, "branch", own, 400, 1010, "branch"},
		{master, "primary", sub, 400, 1010, "primary"},
		{master, "stranger", own, 404, 2001, "stranger"},
		{s.TokenFor("branch"), "branch", sub, 200, 0, sub},
		{s.TokenFor("branch"), "primary", own, 404, 2001, "primary"},
		{s.TokenFor("stranger"), "branch", sub, 404, 2001, "branch"},
	} {
		for _, prefix := range []string{"/v2/accounts/", "/accounts/"} {
			a := s.As(c.token, "GET", prefix+c.account+"/meetings/"+c.meeting, "")
			if a.Status != c.status || a.Code(t) != c.code || !strings.Contains(string(a.Body), c.says) {
				t.Errorf("%s%s/meetings/%s: got %d %s, want %d/%d with %q", prefix, c.account, c.meeting, a.Status, a.Body, c.status, c.code, c.says)
			}
		}
	}
	s.Refused(404, 3001, "GET", "/v2/meetings/"+sub, "")
}

func TestStartTimeForms(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.Must(201, "POST", "/v2/users", `{"action":"create","user_info":{"email":"yuki@muster.test","type":2,"timezone":"Asia/Tokyo"}}`)
	for name, c := range map[string]struct{ host, start, zone, want, wantZone string }{
		"UTC":                      {"me", "2026-03-25T07:46:00Z", "", "2026-03-25T07:46:00Z", "UTC"},
		"UTC shown elsewhere":      {"me", "2026-03-25T07:46:00Z", "Europe/Berlin", "2026-03-25T07:46:00Z", "Europe/Berlin"},
		"wall clock":               {"me", "2026-03-25T07:46:00", "Europe/Berlin", "2026-03-25T06:46:00Z", "Europe/Berlin"},
		"wall clock in summer":     {"me", "2026-07-25T07:46:00", "Europe/Berlin", "2026-07-25T05:46:00Z", "Europe/Berlin"},
		"wall clock of the host":   {"yuki@muster.test", "2026-03-25T07:46:00", "", "2026-03-24T22:46:00Z", "Asia/Tokyo"},
		"offset":                   {"me", "2026-03-25T07:46:00+02:00", "America/New_York", "2026-03-25T05:46:00Z", "America/New_York"},
		"offset without a colon":   {"me", "2026-03-25T07:46:00-0330", "", "2026-03-25T11:16:00Z", "UTC"},
		"parts of a second":        {"me", "2026-03-25T07:46:00.999Z", "", "2026-03-25T07:46:00Z", "UTC"},
		"no seconds":               {"me", "2026-03-25T07:46Z", "", "2026-03-25T07:46:00Z", "UTC"},
		"no seconds, wall clock":   {"me", "2026-03-25T07:46", "Asia/Kolkata", "2026-03-25T02:16:00Z", "Asia/Kolkata"},
		"small letters":            {"me", "2026-03-25t07:46:00z", "", "2026-03-25T07:46:00Z", "UTC"},
		"blank between":            {"me", "2026-03-25 07:46:00", "", "2026-03-25T07:46:00Z", "UTC"},
		"skipped clock moves on":   {"me", "2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00Z", "Europe/Berlin"},
		"clock shown twice, first": {"me", "2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00Z", "Europe/Berlin"},
	} {
		body, err := json.Marshal(map[string]any{"type": 2, "start_time": c.start, "timezone": c.zone})
		if err != nil {
			t.Fatal(err)
		}
		m := s.Must(201, "POST", "/v2/users/"+c.host+"/meetings", string(body))
		if member(m, "start_time") != c.want || member(m, "timezone") != c.wantZone {
			t.Errorf("%s: got %v in %v, want %s in %s", name, m["start_time"], m["timezone"], c.want, c.wantZone)
		}
		path := "/v2/meetings/" + member(m, "id")
		s.Must(204, "PATCH", path, `{"start_time":"2027-01-01T00:00:00Z"}`)
		s.Must(204, "PATCH", path, string(body))
		if got := member(s.Must(200, "GET", path, ""), "start_time"); got != c.want {
			t.Errorf("%s, patched: got %s, want %s", name, got, c.want)
		}
	}
}
