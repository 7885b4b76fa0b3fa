package settings

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestLocksAgainstReference: every lock that the list of leaves has is one, at
// the levels that have it.
func TestLocksAgainstReference(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(string(referenceFile(t, "settings.tsv"))), "\n")
	columns := strings.Split(lines[0], "\t")
	n := 0
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		for level, column := range map[Level]string{Account: "lock_account", Group: "lock_group"} {
			i := slices.Index(columns, column)
			if len(cells) <= i || strings.HasSuffix(cells[i], "?") { // a guess
				continue
			}
			name, _, has := strings.Cut(cells[i], ":")
			if !has {
				continue
			}
			n++
			if at := strings.TrimSuffix(strings.TrimSuffix(name, ".ip_addresses_or_ranges"), ".enable"); slices.Contains(lockedAt, at) {
				name = at // an object in the descriptions
			}
			if !slices.Contains(Locks(level, ""), name) && !slices.Contains(Locks(level, MeetingSecurity), name) {
				t.Errorf("the %s has no lock %s", level, name)
			}
		}
	}
	if n < 300 {
		t.Errorf("compared %d locks", n)
	}
}

func TestReadLocks(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		level        Level
		option, body string
		locks        map[string]bool
		values       map[string]any
		bad          string
	}{
		"without the option": {
			level: Account, body: `{"meeting_security":{"waiting_room":true},"in_meeting":{"chat":"1","co_host":0}}`,
			locks: map[string]bool{"meeting_security.waiting_room": true, "in_meeting.chat": true, "in_meeting.co_host": false},
		},
		"with the option":  {level: Group, option: MeetingSecurity, body: `{"meeting_security":{"waiting_room":true}}`, locks: map[string]bool{"meeting_security.waiting_room": true}},
		"not the option's": {level: Group, option: MeetingSecurity, body: `{"in_meeting":{"chat":true}}`, bad: "in_meeting.chat: is no setting that can be locked here"},
		"locks alone": {
			level: Account, body: `{"chat":{"ai_reply":true,"allow_create_channels_and_group_chats":false},"meeting_security":{"approved_or_denied_countries_or_regions":true}}`,
			locks: map[string]bool{"chat.ai_reply": true, "chat.allow_create_channels_and_group_chats": false, "meeting_security.approved_or_denied_countries_or_regions": true},
		},
		"of the account alone": {level: Group, body: `{"chat":{"ai_reply":true}}`, bad: "chat.ai_reply: is no setting that can be locked here"},
		"a value": {
			level: Account, body: `{"in_meeting":{"entry_exit_chime":"host"},"schedule_meeting":{"enforce_login_domains":"a.test"},"meeting_security":{"encryption_type":"e2ee"}}`,
			locks: map[string]bool{"in_meeting.entry_exit_chime": true, "schedule_meeting.enforce_login_domains": true, "meeting_security.encryption_type": true},
			values: map[string]any{
				"in_meeting": map[string]any{"entry_exit_chime": "host"}, "schedule_meeting": map[string]any{"enforce_login_domains": "a.test"},
				"meeting_security": map[string]any{"encryption_type": "e2ee"},
			},
		},
		"an object of values": {
			level: Group, body: `{"recording":{"ip_address_access_control":{"enable":true,"ip_addresses_or_ranges":"10.0.0.1"}}}`,
			locks:  map[string]bool{"recording.ip_address_access_control": true},
			values: map[string]any{"recording": map[string]any{"ip_address_access_control": map[string]any{"enable": true, "ip_addresses_or_ranges": "10.0.0.1"}}},
		},
		"a text for a truth": {level: Group, body: `{"in_meeting":{"entry_exit_chime":"false"}}`, locks: map[string]bool{"in_meeting.entry_exit_chime": false}},
		"nothing":            {level: Group, body: `{"in_meeting":{"entry_exit_chime":null,"chat":""},"chat":null}`, locks: map[string]bool{"in_meeting.chat": false}},
		"an empty object":    {level: Group, body: `{"recording":{"ip_address_access_control":{}}}`, bad: "recording.ip_address_access_control: must be true or false"},
		"no value":           {level: Group, body: `{"in_meeting":{"chat":"all","co_host":{"a":true}}}`, bad: "in_meeting.chat: must be true or false; in_meeting.co_host: must be true or false"},
		"a dot":              {level: Group, body: `{"in_meeting.chat":true,"in_meeting":{"a.b":null}}`, bad: "in_meeting.a.b: is no setting that can be locked here; in_meeting.chat: is no setting that can be locked here"},
		"unknown":            {level: Group, body: `{"in_meeting":{"nothing":true,"none":{"of":true}}}`, bad: "in_meeting.none.of: is no setting that can be locked here; in_meeting.nothing: is no setting that can be locked here"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := ReadLocks(tt.level, tt.option, bodyOf(t, tt.body))
			if told(problems) != tt.bad {
				t.Errorf("got %q, want %q", told(problems), tt.bad)
			}
			if len(got.Locks)+len(tt.locks) > 0 && !reflect.DeepEqual(got.Locks, tt.locks) {
				t.Errorf("locks: got %v, want %v", got.Locks, tt.locks)
			}
			if len(got.Values)+len(tt.values) > 0 && !reflect.DeepEqual(got.Values, tt.values) {
				t.Errorf("values: got %v, want %v", got.Values, tt.values)
			}
		})
	}
}
