package server_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/mustertest"
)

// What TestSurface reads from the environment: how long it fuzzes, the seed it
// begins with, and how many clients send at once. One client alone sends the
// same for the same seed.
const (
	surfaceTime    = "MUSTER_FUZZ_SURFACE"
	surfaceSeed    = "MUSTER_FUZZ_SURFACE_SEED"
	surfaceWorkers = "MUSTER_FUZZ_SURFACE_WORKERS"
)

// roundShots is how many requests one server gets before a new one, with the
// next seed, takes its place: a find is to be had again in a short time.
const roundShots = 4000

// TestSurface fuzzes everything that the server answers over HTTP, with
// requests made out of the OpenAPI documents that it serves: good ones, slightly
// and utterly wrong ones. No answer may be a failure of the server's, each must
// be what the document or the dialect says, and none may tell a caller what
// belongs to another account.
func TestSurface(t *testing.T) {
	t.Parallel()
	long := 3 * time.Second
	if testing.Short() {
		long = time.Second
	}
	if text := os.Getenv(surfaceTime); text != "" {
		var err error
		if long, err = time.ParseDuration(text); err != nil {
			t.Fatalf("%s: %v", surfaceTime, err)
		}
	}
	seed := number(t, surfaceSeed, rand.Uint64N(1_000_000)*1000)
	workers := number(t, surfaceWorkers, 4)
	end := time.Now().Add(long)
	sent := newCounts()
	for round := seed; time.Now().Before(end); round++ {
		if !t.Run(fmt.Sprint("seed=", round), func(t *testing.T) {
			surface := newSurface(t, round, sent)
			if round == seed { // what comes before is no fuzzing
				end = time.Now().Add(long)
			}
			surface.fuzz(int(workers), end)
		}) {
			// CI shows the last lines only: what failed stands there, and short.
			t.Fatalf("%d requests were sent. Again: %s=%d; in short:\n%s", sent.all, surfaceSeed, round, sent.problems())
		}
	}
	if sent.all == 0 {
		t.Fatal("no request was sent")
	}
	t.Logf("from seed %d: %s", seed, sent)
	for id := range sent.refused {
		if sent.all > 20_000 && sent.succeeded[id] == 0 && id != "getCollaborationDevice" { // nobody has devices
			t.Errorf("%s never succeeded: the requests do not get to what it does", id)
		}
	}
}

// number returns the number in an environment variable.
func number(t *testing.T, variable string, unless uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return unless
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// counts say what the answers were.
type counts struct {
	mu        sync.Mutex
	all       int
	classes   [6]int // by the first digit of the status, 0 for none
	succeeded map[string]int
	refused   map[string]map[int]bool // the codes, by operation; the statuses where the dialect has no codes
	failed    []string                // what was wrong, in short
}

func newCounts() *counts {
	return &counts{succeeded: map[string]int{}, refused: map[string]map[int]bool{}}
}

func (c *counts) add(s *shot, a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.classes[min(a.status/100, 5)]++
	if s.kind != operations || s.rough || a.status == 0 || s.method == "HEAD" {
		return
	}
	id := s.op.OperationID
	if c.refused[id] == nil {
		c.refused[id] = map[int]bool{}
	}
	if a.status < 300 {
		c.succeeded[id]++
		return
	}
	code, wrong := zoomEnvelope(a)
	if wrong != "" {
		code = a.status
	}
	c.refused[id][code] = true
}

// fail keeps what was wrong.
func (c *counts) fail(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed = append(c.failed, fmt.Sprintf("%.400s", fmt.Sprintf(format, args...)))
}

// problems are the first of what was wrong, a few lines each.
func (c *counts) problems() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.failed) == 0 {
		return "it failed before the first request"
	}
	return strings.Join(c.failed[:min(len(c.failed), 5)], "\n")
}

// String has a line for each operation: how often it succeeded, and with
// which codes it refused. The 5xx are those that are allowed: rooms that are
// not there yet, and what is no HTTP.
func (c *counts) String() string {
	told := fmt.Sprintf("%d requests; without answer %d, 2xx %d, 4xx %d, allowed 5xx %d", c.all, c.classes[0], c.classes[2], c.classes[4], c.classes[5])
	for _, id := range slices.Sorted(maps.Keys(c.refused)) {
		told += fmt.Sprintf("\n%7d %s, refused with %v", c.succeeded[id], id, slices.Sorted(maps.Keys(c.refused[id])))
	}
	return told
}

// Texts that nobody but their account may be told, and nobody but the host
// and administrators. No request holds them.
const (
	strangersText = "Qzstrangersecret"
	hostsText     = "Qzhostsecret"
)

// A surface is one server under fuzz.
type surface struct {
	t          *testing.T
	s          *mustertest.Server
	seed       uint64
	docs       []*document
	pool       *pool
	sent       *counts
	full, host string // tokens of the first account: for everything, and for the owner's own things
	stranger   string // token of another account
	basic      string // the first app's credentials
	theirs     ids    // what another account has
	ours       ids    // what the other user of the first account has
	before     string // what that account read in the beginning

	mu    sync.Mutex
	found map[string]bool // problems that were told
}

func newSurface(t *testing.T, seed uint64, sent *counts) *surface {
	t.Helper()
	s := mustertest.New(t, mustertest.Options{Capacity: 12})
	s.SubAccount("branch")
	s.SubAccount("leaf")
	s.Account("stranger")
	f := &surface{
		t: t, s: s, seed: seed, docs: []*document{readDocument(t, s, zoomDialect), readDocument(t, s, webexDialect)},
		pool: newPool(), sent: sent, found: map[string]bool{},
		full: s.Token(), host: s.Token("meeting:read", "meeting:write", "user:read", "user:write"), stranger: s.TokenFor("stranger"),
		basic: base64.StdEncoding.EncodeToString([]byte(s.Cred.ClientID + ":" + s.Cred.ClientSecret)),
	}
	f.theirs = f.settle(f.stranger, strangersText, "me")
	f.do(f.stranger, "POST", "/v1/webhooks", `{"name":"`+strangersText+`","targetUrl":"https://hooks.test/`+strangersText+`","resource":"meetings","event":"created"}`)
	f.do(f.stranger, "POST", "/v1/meetingInvitees", `{"meetingId":"`+seriesOf(f.theirs.uuid)+`","email":"invited@`+strangersText+`.test"}`)
	other := f.do(f.full, "POST", "/v2/users", `{"action":"create","user_info":{"email":"other@muster.test","type":2}}`)
	f.ours = f.settle(f.full, hostsText, fmt.Sprint(other["id"]))
	f.do(f.full, "POST", "/v2/users/me/assistants", `{"assistants":[{"id":"`+f.ours.user+`"}]}`)
	branch := s.TokenFor("branch")
	f.settle(branch, "Branch", "me")
	f.do(branch, "POST", "/v2/users", `{"action":"create","user_info":{"email":"heir@branch.test","type":2}}`)
	for _, more := range goodMeetings(s.Now()) {
		f.pool.learn(f.do(f.full, "POST", "/v2/users/me/meetings", more), "")
	}
	f.before = f.dump()
	return f
}

// settle makes what an account may have, with the text in every place that
// is told, and returns its ids.
func (f *surface) settle(token, text, user string) ids {
	f.t.Helper()
	m := f.do(token, "POST", "/v2/users/"+user+"/meetings", `{"topic":"`+text+`","agenda":"`+text+`","type":2,"start_time":"2026-03-09T10:00:00Z",
		"settings":{"approval_type":0,"contact_name":"`+text+`"}}`)
	id := fmt.Sprint(m["id"])
	f.do(token, "PATCH", "/v2/meetings/"+id+"/registrants/questions", `{"custom_questions":[{"title":"`+text+`","type":"short"}]}`)
	r := f.do(token, "POST", "/v2/meetings/"+id+"/registrants", `{"email":"guest@`+text+`.test","first_name":"`+text+`","comments":"`+text+`"}`)
	f.do(token, "POST", "/v2/meetings/"+id+"/registrants", `{"email":"known@muster.test","first_name":"`+text+`"}`)
	u := f.do(token, "GET", "/v2/users/"+user, "")
	g := f.do(token, "POST", "/v2/groups", `{"name":"`+text+`"}`)
	f.do(token, "POST", "/v2/groups/"+fmt.Sprint(g["id"])+"/members", `{"members":[{"id":"`+fmt.Sprint(u["id"])+`"}]}`)
	role := f.do(token, "POST", "/v2/roles", `{"name":"`+text+`","description":"`+text+`","privileges":["User:Read"]}`)
	field := f.do(token, "POST", "/v2/tracking_fields", `{"field":"`+trackingName(text)+`","recommended_values":["`+text+`"]}`)
	directory := f.do(token, "POST", "/v2/im/groups", `{"name":"`+text+`"}`)
	f.do(token, "POST", "/v2/im/groups/"+fmt.Sprint(directory["id"])+"/members", `{"members":[{"id":"`+fmt.Sprint(u["id"])+`"}]}`)
	f.do(token, "POST", "/v2/users/"+user+"/picture", mustertest.FormOf("pic_file", text+".png", []byte(dots)))
	f.do(token, "POST", "/v2/groups/"+fmt.Sprint(g["id"])+"/settings/virtual_backgrounds", mustertest.Form(text+".png", []byte(dots)))
	return ids{
		group: fmt.Sprint(g["id"]), role: fmt.Sprint(role["id"]), field: fmt.Sprint(field["id"]), directory: fmt.Sprint(directory["id"]), meeting: id, uuid: fmt.Sprint(m["uuid"]), registrant: fmt.Sprint(r["registrant_id"]), user: fmt.Sprint(u["id"]), email: fmt.Sprint(u["email"]),
	}
}

// trackingName is text, but for that of the host, who schedules meetings and is
// told by right which tracking fields these need, once somebody requires one.
func trackingName(text string) string {
	if text == hostsText {
		return "Cost centre"
	}
	return text
}

// do sends a request of the scene, which must succeed.
func (f *surface) do(token, method, path, body string) map[string]any {
	f.t.Helper()
	a := f.s.As(token, method, path, body)
	if a.Status >= 300 {
		f.t.Fatalf("%s %s: got %d %s", method, path, a.Status, a.Body)
	}
	return a.JSON(f.t)
}

// goodMeetings are bodies of meetings that differ in what registering means.
func goodMeetings(now time.Time) []string {
	var all []string
	at := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	for approval := range 3 {
		all = append(all, fmt.Sprintf(`{"topic":"Once","type":2,"start_time":%q,"duration":30,"settings":{"approval_type":%d}}`, at(24*time.Hour), approval))
		all = append(all, fmt.Sprintf(`{"topic":"Series","type":8,"start_time":%q,"recurrence":{"type":1,"end_times":5},
			"settings":{"approval_type":0,"registration_type":%d}}`, at(24*time.Hour), approval+1))
	}
	all = append(all, fmt.Sprintf(`{"topic":"Soon","type":2,"start_time":%q,"duration":5,"settings":{"approval_type":0,"close_registration":true}}`, at(5*time.Minute)))
	return all
}

// tracked is what differs between two answers to the same request.
var tracked = regexp.MustCompile(`"trackingId":"[^"]*"`)

// dump returns what the other account reads.
func (f *surface) dump() string {
	f.t.Helper()
	var b strings.Builder
	m, w := "/v2/meetings/"+f.theirs.meeting, "/v1/meetings/"+seriesOf(f.theirs.uuid)
	for _, path := range []string{
		"/v2/users", "/v2/users/me/meetings", m, m + "/invitation", m + "/registrants/questions", m + "/registrants?status=all",
		m + "/registrants/" + f.theirs.registrant, w, w + "/registration", w + "/registrants", w + "/registrants/" + f.theirs.registrant,
		"/v1/webhooks", "/v1/people", "/v1/meetingInvitees?meetingId=" + seriesOf(f.theirs.uuid),
		"/v2/groups", "/v2/groups/" + f.theirs.group + "/members", "/v2/groups/" + f.theirs.group + "/settings", "/v2/groups/" + f.theirs.group + "/admins",
		"/v2/users/me", "/v2/users/me/settings", "/v2/users/me/assistants", "/v2/roles", "/v2/roles/" + f.theirs.role, "/v2/roles/" + f.theirs.role + "/members",
		"/v2/tracking_fields", "/v2/im/groups", "/v2/im/groups/" + f.theirs.directory + "/members", "/v2/muster/audit",
	} {
		a := f.s.As(f.stranger, "GET", path, "")
		fmt.Fprintf(&b, "%s: %d %s\n", path, a.Status, tracked.ReplaceAll(a.Body, nil))
	}
	return b.String()
}

// fuzz sends until the time is over or the round is full, and looks at what
// only shows in the end.
func (f *surface) fuzz(workers int, end time.Time) {
	f.t.Helper()
	var all sync.WaitGroup
	for w := range workers {
		g := &gun{surface: f, r: rand.New(rand.NewPCG(f.seed, uint64(w)))}
		all.Go(func() {
			defer g.hangUp()
			for n := range roundShots / workers {
				if !time.Now().Before(end) {
					return
				}
				if w == 0 && n%100 == 99 {
					f.s.Advance(30 * time.Second)
				}
				g.shoot(fmt.Sprintf("client %d, request %d", w, n), g.next())
			}
		})
	}
	all.Wait()
	if a := f.s.Send("GET", "/healthz", ""); a.Status != 200 {
		f.sent.fail("/healthz in the end: got %d %s", a.Status, a.Body)
		f.t.Errorf("/healthz in the end: got %d %s", a.Status, a.Body)
	}
	for line := range strings.Lines(f.s.Log.String()) {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic") {
			f.sent.fail("in the log: %s", line)
			f.t.Errorf("in the log: %.4000s", line)
			break
		}
	}
	f.s.Set(mustertest.Start) // whose token has not expired then
	if a := f.s.Do("GET", "/v2/users/"+f.ours.user, ""); a.Status != 200 {
		f.t.Errorf("who has what the host must not be told is gone, and no request could show it any more: got %d %s", a.Status, a.Body)
	}
	if after := f.dump(); after != f.before {
		f.sent.fail("the other account was changed: %s", firstOther(after, f.before))
		f.t.Errorf("the other account was changed:\n got %s\nwant %s", after, f.before)
	}
}

// firstOther returns the first line of got that want does not have there.
func firstOther(got, want string) string {
	lines := strings.Split(want, "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(lines) || line != lines[i] {
			return line
		}
	}
	return "lines are missing"
}

// problem tells each kind of problem once.
func (f *surface) problem(what, kind string, shot *shot, got *answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := shot.name() + " " + kind
	if f.found[key] || len(f.found) > 10 {
		return
	}
	f.found[key] = true
	f.sent.fail("%s: %s: got %d %.100s", shot.name(), kind, got.status, got.body)
	logged := ""
	if _, id, ok := strings.Cut(got.header.Get("X-Zm-Trackingid")+got.header.Get("Trackingid"), "_"); ok && got.status >= 500 {
		for line := range strings.Lines(f.s.Log.String()) {
			if strings.Contains(line, id) {
				logged = line
			}
		}
	}
	f.t.Errorf("%s: %s: %s\nsent %.3000q\n got %d %v\n     %.1500s\n%.6000s", what, shot.name(), kind, shot.bytes(), got.status, got.header, got.body, logged)
}
