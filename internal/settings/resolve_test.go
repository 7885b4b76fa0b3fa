package settings

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// differ are the leaves whose default is not that of the host's setting.
var differ = map[string]string{
	"audio":                                "the API states voip for settings and both for meetings",
	"alternative_hosts_email_notification": "the API states false for users' settings and true for meetings",
}

// TestFrom holds each leaf of a meeting to the setting that stands for it:
// what is answered of that must be what holds of meetings.
func TestFrom(t *testing.T) {
	t.Parallel()
	if n := len(heritages()); n < 20 {
		t.Fatalf("%d leaves have a From", n)
	}
	for _, h := range heritages() {
		if h.setting == nil {
			t.Errorf("%s: there is no such setting", h.name())
			continue
		}
		l := leafAt(Meeting, h.path)
		if l.Kind != h.setting.Kind || !reflect.DeepEqual(l.Enum, h.setting.Enum) || l.Max != h.setting.Max {
			t.Errorf("%s: takes other values than %s", h.name(), h.setting.Name)
		}
		if l.none() != h.setting.none() && differ[h.name()] == "" {
			t.Errorf("%s: default %v, that of %s is %v", h.name(), l.none(), h.setting.Name, h.setting.none())
		}
		for _, s := range Settings() {
			if s.Key == h.setting.Key && s.Effect == "" {
				t.Errorf("%s has an effect and does not say so", s.Name)
			}
		}
	}
}

func leafAt(c Catalogue, path []string) *Leaf {
	for i := range c {
		if c[i].Name != path[0] {
			continue
		}
		if len(path) == 1 {
			return &c[i]
		}
		return leafAt(c[i].Fields, path[1:])
	}
	return nil
}

// randomly returns a value of l.
func randomly(r *rand.Rand, l *Leaf) any {
	switch {
	case len(l.Enum) > 0:
		return l.Enum[r.IntN(len(l.Enum))]
	case l.Kind == Bool:
		return r.IntN(2) == 0
	default:
		return fmt.Sprint("text ", r.IntN(3))
	}
}

// TestResolveMeeting plays random meetings of random hosts against the rule
// as it is told, leaf by leaf.
func TestResolveMeeting(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	seen := map[string]int{}
	for range 3000 {
		c, docs := randomHost(r), []Doc{{}, {}}
		for _, h := range heritages() {
			for _, d := range docs {
				if r.IntN(4) == 0 {
					put(d, h.path, randomly(r, h.setting.Leaf))
				}
			}
		}
		got := ResolveMeeting(c, docs...)
		explained := map[string]Explained{}
		for _, e := range ExplainMeeting(c, &Owner{Level: OfMeeting}, docs...) {
			explained[e.Name] = e
		}
		waits, _ := plainlyOfMeeting(c, heritageOf("waiting_room"), docs)
		for _, h := range heritages() {
			want, level := plainlyOfMeeting(c, h, docs)
			if h.name() == "join_before_host" && waits == true {
				want = false
			}
			seen[level]++
			v, there := got.Lookup(h.name())
			if v != want || there != (want != nil) {
				t.Fatalf("%s of %v in %v: got %v, want %v by %s", h.name(), docs, c, v, want, level)
			}
			e, told := explained[h.name()]
			if told != there || e.Value != v {
				t.Fatalf("%s: explained as %v, want %v", h.name(), e, v)
			}
			if by := levelOf(e); there && e.OffWith == "" && by != level {
				t.Fatalf("%s of %v in %v: explained as decided by %s, want %s", h.name(), docs, c, by, level)
			}
		}
	}
	for _, level := range []string{"default", "account", "group", "user", "meeting", "account lock", "group lock"} {
		if seen[level] < 100 {
			t.Errorf("%s decided %d times only", level, seen[level])
		}
	}
}

func levelOf(e Explained) string {
	by := Level(0).String()
	if e.By != nil {
		by = e.By.Level.String()
	}
	if e.Locked != nil {
		by = e.Locked.Level.String() + " lock"
	}
	return by
}

func heritageOf(name string) heritage {
	for _, h := range heritages() {
		if h.name() == name {
			return h
		}
	}
	return heritage{}
}

func randomHost(r *rand.Rand) Chain {
	owner := func(level Level, id int) *Owner {
		o := &Owner{Level: level, ID: fmt.Sprint(id), Values: Doc{}, Locked: map[string]bool{}}
		for _, h := range heritages() {
			if r.IntN(3) == 0 {
				o.Values[h.setting.Key] = randomly(r, h.setting.Leaf)
			}
			if level != User && h.setting.Lock != "" && r.IntN(8) == 0 {
				o.Locked[LockKey(h.setting.Lock)] = true
			}
		}
		return o
	}
	c := Chain{Account: owner(Account, 0), User: owner(User, 9)}
	for id := range r.IntN(4) {
		c.Groups = append(c.Groups, owner(Group, id+1))
	}
	return c
}

// plainlyOfMeeting is the rule word by word: what is locked holds for
// everybody, then what the meeting says, then what the host's settings say if
// anybody has set them, then the meeting's own default.
func plainlyOfMeeting(c Chain, h heritage, docs []Doc) (value any, level string) {
	v, locked := plainly(c, h.setting)
	if locked != nil {
		return v, locked.Level.String() + " lock"
	}
	for i := len(docs) - 1; i >= 0; i-- {
		if said, ok := docs[i].Lookup(h.name()); ok {
			return said, "meeting"
		}
	}
	if _, ok := c.User.Values[h.setting.Key]; ok {
		return v, "user"
	}
	if len(c.Groups) > 0 {
		if _, ok := c.Groups[0].Values[h.setting.Key]; ok {
			return v, "group"
		}
	}
	if _, ok := c.Account.Values[h.setting.Key]; ok {
		return v, "account"
	}
	return leafAt(Meeting, h.path).Default, "default"
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	options := []any{
		map[string]any{"id": "a", "name": "Anybody", "type": "enforce_login", "domains": "", "visible": true, "default_option": true},
		map[string]any{"id": "b", "name": "Staff", "type": "enforce_login_with_domains", "domains": "b.example", "visible": true, "default_option": false},
		map[string]any{"id": "c", "name": "Hidden", "type": "enforce_login", "domains": "", "visible": false, "default_option": false},
	}
	tests := map[string]struct {
		account       bool // who signs in is asked by the account
		options       []any
		own           Doc
		id, name, dom string // "" is absent
	}{
		"nobody must sign in":         {false, options, nil, "", "", ""},
		"the default":                 {true, options, nil, "a", "Anybody", ""},
		"the meeting asks":            {false, options, Doc{"meeting_authentication": true}, "a", "Anybody", ""},
		"its own":                     {true, options, Doc{"authentication_option": "b"}, "b", "Staff", "b.example"},
		"its own domains":             {true, options, Doc{"authentication_option": "b", "authentication_domains": "own.example"}, "b", "Staff", "own.example"},
		"chosen before it was hidden": {true, options, Doc{"authentication_option": "c"}, "c", "Hidden", ""},
		"gone":                        {true, options, Doc{"authentication_option": "z"}, "a", "Anybody", ""},
		"gone and nobody must":        {false, options, Doc{"authentication_option": "z"}, "", "", ""},
		"there are none":              {true, nil, Doc{"authentication_option": "z"}, "", "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values := Doc{authenticated: tt.account}
			if tt.options != nil {
				values[authenticationChoices] = tt.options
			}
			got := ResolveMeeting(Chain{Account: &Owner{Level: Account, Values: values}, User: &Owner{Level: User}}, tt.own)
			if got.String("authentication_option") != tt.id || got.String("authentication_name") != tt.name || got.String("authentication_domains") != tt.dom {
				t.Errorf("got %v, want %q, %q, %q", got, tt.id, tt.name, tt.dom)
			}
			if _, there := got["authentication_option"]; there != (tt.id != "") {
				t.Errorf("got %v", got["authentication_option"])
			}
		})
	}
}

func TestKeepLocked(t *testing.T) {
	t.Parallel()
	account := &Owner{Level: Account, Values: Doc{
		"schedule_meeting.join_before_host": true, "recording.auto_recording": "local", "schedule_meeting.continuous_meeting_chat.enable": true,
	}, Locked: map[string]bool{"schedule_meeting.join_before_host": true, "schedule_meeting.continuous_meeting_chat": true}}
	group := &Owner{Level: Group, Name: "Staff", Locked: map[string]bool{"recording.auto_recording": true}}
	host := Chain{Account: account, Groups: []*Owner{group}, User: &Owner{Level: User}}
	chat := func(on bool) Doc { return Doc{"continuous_meeting_chat": map[string]any{"enable": on}} }
	tests := map[string]struct {
		own, change Doc
		alike       map[string][]any
		want        Doc
		bad         string
	}{
		"not locked":           {nil, Doc{"host_video": true}, nil, Doc{"host_video": true}, ""},
		"sent back":            {nil, Doc{"join_before_host": true, "host_video": true}, nil, Doc{"host_video": true}, ""},
		"another value":        {nil, Doc{"join_before_host": false}, nil, Doc{}, "s.join_before_host: is locked by the account"},
		"locked by a group":    {nil, Doc{"auto_recording": "cloud"}, nil, Doc{}, "s.auto_recording: is locked by the group Staff"},
		"alike":                {nil, Doc{"auto_recording": "cloud"}, map[string][]any{"auto_recording": {"cloud", "local"}}, Doc{}, ""},
		"off as it stands":     {Doc{"waiting_room": true}, Doc{"join_before_host": false}, nil, Doc{}, ""},
		"off with the change":  {nil, Doc{"waiting_room": true, "join_before_host": false}, nil, Doc{"waiting_room": true}, ""},
		"no longer off":        {Doc{"waiting_room": true}, Doc{"waiting_room": false, "join_before_host": false}, nil, Doc{"waiting_room": false}, "s.join_before_host: is locked by the account"},
		"nested":               {nil, chat(false), nil, Doc{}, "s.continuous_meeting_chat.enable: is locked by the account"},
		"nested and sent back": {nil, chat(true), nil, Doc{}, ""},
		"no such way":          {nil, Doc{"authentication_option": "x"}, nil, Doc{"authentication_option": "x"}, "s.authentication_option: must be the id of"},
		"the same way":         {Doc{"authentication_option": "x"}, Doc{"authentication_option": "x"}, nil, Doc{"authentication_option": "x"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := fmt.Sprint(tt.change)
			got, problems := KeepLocked(host, "s", tt.own, tt.change, tt.alike)
			told := ""
			for _, p := range problems {
				told += p.Field + ": " + p.Rule
			}
			if !reflect.DeepEqual(got, tt.want) || tt.bad == "" && told != "" || !strings.HasPrefix(told, tt.bad) {
				t.Errorf("got %v %q, want %v %q", got, told, tt.want, tt.bad)
			}
			if fmt.Sprint(tt.change) != before {
				t.Errorf("the change itself was changed: %v", tt.change)
			}
		})
	}
}

func BenchmarkResolveMeeting(b *testing.B) {
	host := randomHost(rand.New(rand.NewPCG(5, 6)))
	own := Doc{"approval_type": int64(0), "host_video": true}
	for b.Loop() {
		if len(ResolveMeeting(host, own)) == 0 {
			b.Fatal("nothing")
		}
	}
}
