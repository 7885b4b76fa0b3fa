package settings

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// referenceFile opens a file of the reference, or skips the test where there is none.
func referenceFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "reference", path))
	if err != nil {
		t.Skip("no reference beside the repository")
	}
	return b
}

func TestOwnersIsSound(t *testing.T) {
	t.Parallel()
	keys, names := map[string]*Setting{}, map[string]bool{}
	for _, s := range Settings() {
		if names[s.Name] {
			t.Errorf("%s stands twice", s.Name)
		}
		names[s.Name] = true
		if s.At == 0 || s.ReadOnlyAt&^s.At != 0 {
			t.Errorf("%s: at %d, read-only at %d", s.Name, s.At, s.ReadOnlyAt)
		}
		if other := keys[s.Key]; other != nil && other.Kind != s.Kind {
			t.Errorf("%s and %s are one setting of two kinds", s.Name, other.Name)
		}
		keys[s.Key] = s
	}
	for _, s := range Settings() {
		if s.Same != "" && !names[s.Same] {
			t.Errorf("%s is the same as %s, which is not there", s.Name, s.Same)
		}
	}
	if len(names) < 550 {
		t.Errorf("got %d settings, want some 570", len(names))
	}
}

// TestOwnersAgainstReference compares the catalogue with the list of every
// leaf known.
func TestOwnersAgainstReference(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(string(referenceFile(t, "settings.tsv"))), "\n")
	columns := strings.Split(lines[0], "\t")
	byName := map[string]*Setting{}
	for _, s := range Settings() {
		byName[s.Name] = s
	}
	kinds := map[string]Kind{
		"boolean": Bool, "integer": Int, "string": String, "array of string": List, "array of integer": List, "object-array": List,
	}
	n := 0
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range strings.Split(line, "\t") {
			row[columns[i]] = cell
		}
		// Video SDK accounts are none of ours; what a lock alone has is no setting;
		// the combined shape of a user's options is not read.
		if row["option"] == "video_sdk" || row["type"] == "" || strings.Contains(row["option"], ",") {
			continue
		}
		n++
		name := row["path"]
		if o := row["option"]; o == MeetingAuthentication || o == RecordingAuthentication {
			name = o + "." + name
		}
		s := byName[name]
		if s == nil {
			t.Errorf("no setting %s", name)
			continue
		}
		if s.Kind != kinds[row["type"]] {
			t.Errorf("%s: kind %s, want %s", name, s.Kind, row["type"])
		}
		for level, want := range map[Level]string{Account: row["account"], Group: row["group"], User: row["user"]} {
			if (s.At&level != 0) != (want == "yes") {
				t.Errorf("%s: at the %s %v, want %s", name, level, s.At&level != 0, want)
			}
		}
		lock, _, _ := strings.Cut(row["lock_account"]+row["lock_group"], ":")
		if (s.Lock != "") != (lock != "") {
			t.Errorf("%s: lock %q, want %q", name, s.Lock, lock)
		}
	}
	if n < 550 {
		t.Errorf("compared %d rows", n)
	}
}

// TestPage5 holds what a group answers to the sample: the same sections,
// leaves and types, and nothing else.
func TestPage5(t *testing.T) {
	t.Parallel()
	page := string(referenceFile(t, "pages/5-zoom-get-group-settings-account-path.txt"))
	var sample map[string]any
	if err := json.NewDecoder(strings.NewReader(page[strings.Index(page, "{\n    \"schedule_meeting\""):])).Decode(&sample); err != nil {
		t.Fatal(err)
	}
	shape, _ := Shape(Group, "")
	c := Chain{Account: &Owner{Level: Account}, Groups: []*Owner{{Level: Group}}}
	b, err := json.Marshal(c.Answer(shape, nil))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	want, have := kindsOf("", sample), kindsOf("", got)
	if len(want) != 231 {
		t.Fatalf("the sample has %d leaves, want 231", len(want))
	}
	for name, kind := range want {
		if have[name] != kind {
			t.Errorf("%s: got %q, want %s", name, have[name], kind)
		}
	}
	for name := range have {
		if want[name] == "" {
			t.Errorf("%s is not in the sample", name)
		}
	}
}

// kindsOf returns the kind of each leaf; a list is one.
func kindsOf(prefix string, v any) map[string]string {
	all := map[string]string{}
	object, ok := v.(map[string]any)
	if !ok {
		all[prefix] = strings.TrimPrefix(fmt.Sprintf("%T", v), "[]")
		if _, list := v.([]any); list {
			all[prefix] = "list"
		}
		return all
	}
	for name, inner := range object {
		for at, kind := range kindsOf(strings.TrimPrefix(prefix+"."+name, "."), inner) {
			all[at] = kind
		}
	}
	return all
}

// TestDecide plays random trees of owners, locks and values against the rule
// as it is told, step by step.
func TestDecide(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	all := slices.DeleteFunc(slices.Clone(Settings()), func(s *Setting) bool { return s.Kind != Bool && len(s.Enum) == 0 })
	locks, freed := 0, 0
	for range 20_000 {
		s := all[r.IntN(len(all))]
		c := someChain(r, s)
		value, locked := plainly(c, s)
		if d := c.Decide(s); d.Value != value || d.Locked != locked {
			t.Fatalf("%s in %+v: got %v locked by %v, want %v locked by %v", s.Name, c, d.Value, d.Locked, value, locked)
		}
		if got, want := c.LockedAbove(s.Lock), plainlyAbove(c, s); got != want {
			t.Fatalf("%s in %+v: got locked above by %+v, want %+v", s.Name, c, got, want)
		} else if want != nil {
			locks++
			refusesLocked(t, c, s)
		}
		if s.Lock != "" && unlocks(t, r, c, s) {
			freed++
		}
	}
	if locks < 2000 || freed < 500 {
		t.Errorf("%d locks above, %d values came back: this proves little", locks, freed)
	}
}

// someChain returns random owners who have set or locked s, or not.
func someChain(r *rand.Rand, s *Setting) Chain {
	owner := func(level Level, id int) *Owner {
		o := &Owner{Level: level, ID: fmt.Sprint(id), Values: Doc{}, Locked: map[string]bool{}}
		if r.IntN(2) == 0 {
			o.Values[s.Key] = someValue(r, s)
		}
		if level != User && s.Lock != "" && r.IntN(3) == 0 {
			o.Locked[LockKey(s.Lock)] = true
		}
		return o
	}
	c := Chain{Account: owner(Account, 0)}
	for id := range r.IntN(5) {
		c.Groups = append(c.Groups, owner(Group, id+1))
	}
	if len(c.Groups) > 1 || r.IntN(3) > 0 { // of several groups a user is the end
		c.User = owner(User, 9)
	}
	return c
}

func someValue(r *rand.Rand, s *Setting) any {
	if s.Kind == Bool {
		return r.IntN(2) == 0
	}
	return s.Enum[r.IntN(len(s.Enum))]
}

// refusesLocked sends another value than holds where s is locked above.
func refusesLocked(t *testing.T, c Chain, s *Setting) {
	t.Helper()
	end := c.End().Level
	if s.At&end == 0 || s.ReadOnlyAt&end != 0 || s.Kind != Bool {
		return
	}
	holds, _ := c.Decide(s).Value.(bool)
	for _, v := range []bool{holds, !holds} {
		body := map[string]any{}
		at := body
		for _, step := range s.Path[:len(s.Path)-1] {
			next := map[string]any{}
			at[step], at = next, next
		}
		at[s.Path[len(s.Path)-1]] = v
		shape, _ := Shape(end, s.Of)
		change, problems := c.Change(shape, body)
		if len(change) > 0 || len(problems) > 0 != (v != holds) {
			t.Fatalf("%s, locked above, set to %v where %v holds: got %v, %v", s.Name, v, holds, change, problems)
		}
	}
}

// unlocks locks s at somebody who has not, and unlocks it: what held before
// holds again. It reports whether something else held meanwhile.
func unlocks(t *testing.T, r *rand.Rand, c Chain, s *Setting) bool {
	t.Helper()
	owners := append([]*Owner{c.Account}, c.Groups...)
	o := owners[r.IntN(len(owners))]
	if o.Locked[LockKey(s.Lock)] {
		return false
	}
	before := c.Decide(s)
	o.Locked[LockKey(s.Lock)] = true
	meanwhile := c.Decide(s)
	delete(o.Locked, LockKey(s.Lock))
	if after := c.Decide(s); after != before {
		t.Fatalf("%s in %+v: %v held before a lock and %v after it", s.Name, c, before, after)
	}
	return meanwhile.Value != before.Value
}

// plainly is the rule of section 7.3 word by word.
func plainly(c Chain, s *Setting) (value any, locked *Owner) {
	has := func(o *Owner) bool { _, ok := o.Values[s.Key]; return ok }
	account := func() any {
		if has(c.Account) {
			return c.Account.Values[s.Key]
		}
		return s.none()
	}
	if c.Account.Locked[LockKey(s.Lock)] {
		return account(), c.Account
	}
	for _, g := range c.Groups {
		if g.Locked[LockKey(s.Lock)] && has(g) {
			return g.Values[s.Key], g
		} else if g.Locked[LockKey(s.Lock)] {
			return account(), g
		}
	}
	if c.User != nil && has(c.User) {
		return c.User.Values[s.Key], nil
	}
	if len(c.Groups) > 0 && has(c.Groups[0]) {
		return c.Groups[0].Values[s.Key], nil
	}
	return account(), nil
}

// plainlyAbove is who has locked s above the end of c, word by word.
func plainlyAbove(c Chain, s *Setting) *Owner {
	if c.User == nil && len(c.Groups) == 0 {
		return nil // above an account there is nobody
	}
	over := []*Owner{c.Account}
	if c.User != nil {
		over = append(over, c.Groups...)
	}
	for _, o := range over {
		if o.Locked[LockKey(s.Lock)] {
			return o
		}
	}
	return nil
}

// TestSecretsAreMarked looks for leaves whose names say that they are secret.
func TestSecretsAreMarked(t *testing.T) {
	t.Parallel()
	telling := regexp.MustCompile(`passw|passcode|token|secret|credential|api_key|host_key`)
	n := 0
	for _, s := range Settings() {
		if s.Secret != (telling.MatchString(s.Name) && s.Kind == String && len(s.Enum) == 0) {
			t.Errorf("%s: secret is %v", s.Name, s.Secret)
		}
		if s.Secret {
			n++
			logged := Logged(map[string]any{s.Key: "hush", "schedule_meeting.host_video": true})
			if want := map[string]any{s.Key: "(secret)", "schedule_meeting.host_video": true}; !reflect.DeepEqual(logged, want) {
				t.Errorf("logged: got %v, want %v", logged, want)
			}
			if got := Logged(map[string]any{s.Key: nil}); got[s.Key] != nil {
				t.Errorf("a secret that was not set: got %v, want nil", got)
			}
		}
	}
	if n != 4 {
		t.Errorf("got %d secrets, want 4", n)
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	account := &Owner{Level: Account, Values: Doc{"in_meeting.chat": true}, Locked: map[string]bool{"in_meeting.chat": true}}
	group := &Owner{Level: Group, Name: "Staff", Locked: map[string]bool{"schedule_meeting.host_video": true}}
	forGroup, forUser := Chain{Account: account, Groups: []*Owner{group}}, Chain{Account: account, Groups: []*Owner{group}, User: &Owner{Level: User}}
	tests := map[string]struct {
		c    Chain
		body string
		want Doc
		bad  string // field and rule of the one problem
	}{
		"a leaf":                 {forGroup, `{"schedule_meeting":{"host_video":true}}`, Doc{"schedule_meeting.host_video": true}, ""},
		"text for a boolean":     {forGroup, `{"schedule_meeting":{"host_video":"false"}}`, Doc{"schedule_meeting.host_video": false}, ""},
		"nothing":                {forGroup, `{"schedule_meeting":{"host_video":null},"chat":null}`, Doc{}, ""},
		"unknown section":        {forGroup, `{"nothing":{"a":1}}`, Doc{}, "nothing: is no setting of the group"},
		"unknown leaf":           {forGroup, `{"chat":{"nothing":1}}`, Doc{}, "chat.nothing: is no setting of the group"},
		"of another level":       {forUser, `{"chat":{"create_public_channels":true}}`, Doc{}, "chat: is no setting of the user"},
		"a section that is none": {forGroup, `{"chat":true}`, Doc{}, "chat: must be an object"},
		"wrong type":             {forGroup, `{"schedule_meeting":{"host_video":7}}`, Doc{}, "schedule_meeting.host_video: must be true or false"},
		"wrong value":            {forGroup, `{"schedule_meeting":{"audio_type":"drums"}}`, Doc{}, "schedule_meeting.audio_type: must be one of"},
		"locked by the account":  {forGroup, `{"in_meeting":{"chat":false}}`, Doc{}, "in_meeting.chat: is locked by the account"},
		"locked, sent back":      {forGroup, `{"in_meeting":{"chat":true}}`, Doc{}, ""},
		"locked by the group":    {forUser, `{"schedule_meeting":{"host_video":true}}`, Doc{}, "schedule_meeting.host_video: is locked by the group Staff"},
		"its own lock":           {forGroup, `{"schedule_meeting":{"host_video":false}}`, Doc{"schedule_meeting.host_video": false}, ""},
		"another name":           {forUser, `{"schedule_meeting":{"participants_video":true}}`, Doc{"schedule_meeting.participant_video": true}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var body map[string]any
			if err := json.Unmarshal([]byte(tt.body), &body); err != nil {
				t.Fatal(err)
			}
			shape, _ := Shape(tt.c.End().Level, "")
			got, problems := tt.c.Change(shape, body)
			told := ""
			for _, p := range problems {
				told += p.Field + ": " + p.Rule
			}
			if !reflect.DeepEqual(got, tt.want) || tt.bad == "" && told != "" || !strings.HasPrefix(told, tt.bad) {
				t.Errorf("got %v %q, want %v %q", got, told, tt.want, tt.bad)
			}
		})
	}
}

func TestAnswerOnly(t *testing.T) {
	t.Parallel()
	shape, _ := Shape(Group, "")
	c := Chain{Account: &Owner{Level: Account}, Groups: []*Owner{{Level: Group, Values: Doc{"schedule_meeting.host_video": true}}}}
	got := c.Answer(shape, []string{"host_video", "chat_emojis", "unknown"})
	want := map[string]any{
		"schedule_meeting": map[string]any{"host_video": true},
		"chat":             map[string]any{"chat_emojis": map[string]any{"enable": false, "emojis_option": "all"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func BenchmarkAnswer(b *testing.B) {
	shape, _ := Shape(Group, "")
	c := Chain{Account: &Owner{Level: Account}, Groups: []*Owner{{Level: Group}}}
	for b.Loop() {
		if len(c.Answer(shape, nil)) == 0 {
			b.Fatal("nothing")
		}
	}
}
