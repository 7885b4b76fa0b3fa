package muster

import (
	"slices"
	"strings"
)

// A Privilege is one thing that a role lets its members do for the whole
// account: to see an area of administration, or to change it.
type Privilege struct {
	Area string
	Edit bool
}

// OwnersOnly is the area of what only the owner of an account may do. No role
// can be given it.
const OwnersOnly = "AccountOwner"

// String returns p as the API spells it, such as Group:Edit.
func (p Privilege) String() string {
	if p.Edit {
		return p.Area + ":Edit"
	}
	return p.Area + ":Read"
}

type area struct {
	name       string
	read, edit bool
}

// areas are what roles can be given, in the order of answers, with the verbs
// that each has. The place of an area is its bit in Privileges.
var areas = []area{
	{OwnersOnly, false, false},
	{"User", true, true},
	{"Role", true, true},
	{"Group", true, true},
	{"AccountProfile", true, true},
	{"AccountSetting", true, true},
	{"WebinarSetting", true, true},
	{"Security", true, true},
	{"SingleSignOn", true, true},
	{"SubAccount", true, true},
	{"Division", true, true},
	{"ScheduleTrackingFields", true, true},
	{"Meeting", false, true},
	{"Recording", true, true},
	{"RecordingContent", true, false},
	{"SmartMeetingSummaryMgt", true, true},
	{"Dashboard", true, false},
	{"UsageReport", true, false},
	{"UserActivitiesReport", true, false},
	{"Disclaimers", true, false},
	{"IMGroups", true, true},
	{"IMSetting", true, true},
	{"IMChatHistory", true, false},
	{"IMChatBot", false, true},
	{"MobileDeviceManagement", true, true},
	{"ZoomRooms", true, true},
	{"DigitalSignage", true, true},
	{"RoomConnector", true, true},
	{"MeetingConnector", true, true},
	{"LyncConnector", true, true},
	{"CrossHybrid", true, true},
	{"ThirdPartyConference", true, true},
	{"CallInContacts", true, true},
	{"SipPhone", true, true},
	{"PbxAdmin", true, true},
	{"Branding", true, true},
	{"Integration", true, true},
	{"MarketPlace", true, true},
	{"ZoomDevelopers", true, true},
	{"BillingSubscription", true, true},
	{"BillingInformation", true, true},
}

// Privileges is a set of them. Who may change an area may see it, too.
type Privileges struct{ read, edit uint64 }

// allPrivileges is what the owner of an account may do.
var allPrivileges = Privileges{^uint64(0), ^uint64(0)}

func areaBit(name string) (uint64, bool) {
	for i := range areas {
		if areas[i].name == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// Has reports whether p is in s. Of an area that is unknown only the owner has it.
func (s Privileges) Has(p Privilege) bool {
	bit, known := areaBit(p.Area)
	switch {
	case !known:
		return s == allPrivileges
	case p.Edit:
		return s.edit&bit != 0
	}
	return (s.read|s.edit)&bit != 0
}

// with returns s and p.
func (s Privileges) with(p Privilege) Privileges {
	bit, _ := areaBit(p.Area)
	if p.Edit {
		s.edit |= bit
	} else {
		s.read |= bit
	}
	return s
}

// without returns s with nothing of an area's verb.
func (s Privileges) without(p Privilege) Privileges {
	bit, _ := areaBit(p.Area)
	if p.Edit {
		s.edit &^= bit
	} else {
		s.read &^= bit
	}
	return s
}

// Beyond returns the privileges of other that s does not cover.
func (s Privileges) Beyond(other Privileges) []string {
	rest := Privileges{other.read &^ (s.read | s.edit), other.edit &^ s.edit}
	if rest != (Privileges{}) && len(rest.Names()) == 0 {
		return []string{"those of the account's owner"}
	}
	return rest.Names()
}

// Names returns the privileges as the API spells them, in one order.
func (s Privileges) Names() []string {
	names := []string{}
	for i, a := range areas {
		if a.read && s.read&(1<<i) != 0 {
			names = append(names, Privilege{a.name, false}.String())
		}
		if a.edit && s.edit&(1<<i) != 0 {
			names = append(names, Privilege{a.name, true}.String())
		}
	}
	return names
}

// ParsePrivileges returns the set of the privileges named, and the places of
// names that are none.
func ParsePrivileges(names []string) (s Privileges, unknown []int) {
	for i, text := range names {
		name, verb, _ := strings.Cut(text, ":")
		at := slices.IndexFunc(areas, func(a area) bool { return a.name == name })
		switch {
		case at >= 0 && verb == "Read" && areas[at].read:
			s.read |= 1 << at
		case at >= 0 && verb == "Edit" && areas[at].edit:
			s.edit |= 1 << at
		default:
			unknown = append(unknown, i)
		}
	}
	return s, unknown
}

// coverage says which area of privileges an area of scopes needs for what is
// not one's own; thing is a part of the granular scope's last word. The first
// row that fits counts. What the meetings of other people need is as the
// descriptions of their operations have it.
var coverage = []struct{ scope, thing, area string }{
	{"account", "owner", OwnersOnly},
	{"account", "sub_account", "SubAccount"},
	{"account", "options", "SubAccount"},
	{"account", "domains", "AccountProfile"},
	{"account", "profile", "AccountProfile"},
	{"account", "", "AccountSetting"},
	{"user", "", "User"},
	{"user_info", "", "User"},
	{"meeting", "summary", "SmartMeetingSummaryMgt"},
	{"meeting", "", "User"},
	{"meeting_summary", "", "SmartMeetingSummaryMgt"},
	{"webinar", "", "User"},
	{"group", "", "Group"},
	{"role", "", "Role"},
	{"imgroup", "", "IMGroups"},
	{"im_group", "", "IMGroups"},
	{"tracking_fields", "", "ScheduleTrackingFields"},
	{"tracking_field", "", "ScheduleTrackingFields"},
	{"recording", "", "Recording"},
	{"cloud_recording", "", "Recording"},
	{"report", "", "UsageReport"},
	{"dashboard", "", "Dashboard"},
	{"dashboard_home", "", "Dashboard"},
	{"dashboard_meetings", "", "Dashboard"},
	{"dashboard_webinars", "", "Dashboard"},
	{"device", "", "MobileDeviceManagement"},
	{"spark", "", "User"},
	{"spark-admin", "", "User"},
}

// PrivilegeFor returns the privilege that an operation of the given scopes
// needs for what is not the caller's own: to read where any of them is for
// reading, else to edit. A granular scope says best what it is about. Of scopes
// that the table does not have nobody but the owner has the privilege.
func PrivilegeFor(scopes []string) Privilege {
	p := Privilege{Edit: true}
	best := 0
	for _, scope := range scopes {
		words := strings.Split(strings.TrimSuffix(strings.TrimSuffix(scope, ":admin"), ":master"), ":")
		if len(words) > 1 && (words[1] == "read" || strings.HasSuffix(words[1], "_read")) {
			p.Edit = false
		}
		if len(words) > best {
			best, p.Area = len(words), areaOf(words)
		}
	}
	return p
}

// areaOf returns the area of privileges of a scope's words, "" for an unknown one.
func areaOf(words []string) string {
	thing := ""
	if len(words) > 2 {
		thing = words[2]
	}
	for _, c := range coverage {
		if c.scope == words[0] && strings.Contains(thing, c.thing) {
			return c.area
		}
	}
	return ""
}
