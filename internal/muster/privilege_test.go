package muster

import (
	"slices"
	"testing"
)

func TestPrivilegeFor(t *testing.T) {
	t.Parallel()
	for want, scopes := range map[string][]string{
		"User:Read":                   {"user:read", "user:read:admin", "user:write", "user:master", "user:read:user", "user:read:user:admin"},
		"User:Edit":                   {"meeting:write", "meeting:write:admin", "meeting:master", "meeting:write:registrant:master"},
		"Group:Read":                  {"group:read:admin", "group:write:admin", "group:master"},
		"Group:Edit":                  {"group:write:admin", "group:master"},
		"Role:Edit":                   {"role:write:admin", "role:master"},
		"IMGroups:Read":               {"imgroup:read:admin", "imgroup:master"},
		"ScheduleTrackingFields:Edit": {"tracking_fields:write:admin", "tracking_fields:master", "tracking_field:update:tracking_field:admin"},
		"UsageReport:Read":            {"report:read:admin", "report:master"},
		"AccountSetting:Edit":         {"account:write:admin", "account:master", "account:update:settings:admin"},
		"SubAccount:Edit":             {"account:write:admin", "account:master", "account:write:sub_account:master"},
		"SubAccount:Read":             {"account:read:admin", "account:read:list_sub_accounts:master"},
		"AccountOwner:Edit":           {"account:write:admin", "account:update:owner:admin"},
		"Dashboard:Read":              {"dashboard_meetings:read:admin"},
		"SmartMeetingSummaryMgt:Read": {"meeting_summary:read:admin"},
		":Edit":                       {"unheard_of:write:admin"},
	} {
		if got := PrivilegeFor(scopes).String(); got != want {
			t.Errorf("%v: got %s, want %s", scopes, got, want)
		}
	}
	for scope, want := range map[string]string{"meeting:admin_schedule_read": "User:Read", "meeting:admin_schedule_write": "User:Edit", "spark-admin:people_read": "User:Read"} {
		if got := PrivilegeFor([]string{scope}).String(); got != want {
			t.Errorf("%s: got %s, want %s", scope, got, want)
		}
	}
}

func TestPrivileges(t *testing.T) {
	t.Parallel()
	s, unknown := ParsePrivileges([]string{"Group:Edit", "User:Read", "User", "user:Read", "Dashboard:Edit", "AccountOwner:Edit", ""})
	if !slices.Equal(unknown, []int{2, 3, 4, 5, 6}) {
		t.Errorf("unknown: got %v", unknown)
	}
	if got := s.Names(); !slices.Equal(got, []string{"User:Read", "Group:Edit"}) {
		t.Errorf("names: got %v", got)
	}
	for p, want := range map[Privilege]bool{
		{"User", false}: true, {"User", true}: false, {"Group", true}: true, {"Group", false}: true, {"Role", false}: false, {"", false}: false, {"AccountOwner", true}: false,
	} {
		if got := s.Has(p); got != want {
			t.Errorf("%v: got %v, want %v", p, got, want)
		}
	}
	read, _ := ParsePrivileges([]string{"Group:Read", "User:Read", "Role:Edit"})
	if got := s.Beyond(read); !slices.Equal(got, []string{"Role:Edit"}) {
		t.Errorf("beyond: got %v", got)
	}
	if len(areas) > 64 {
		t.Error("a set of privileges is too small")
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	desk, _ := ParsePrivileges([]string{"User:Edit", "SubAccount:Read"})
	custom := func(reach SubReach) AccountRole { return AccountRole{ID: "x", Privileges: desk, SubAccounts: reach} }
	type allowed struct{ users, settings, readSettings, owner bool }
	for name, c := range map[string]struct {
		role AccountRole
		sub  bool
		want allowed
	}{
		"owner":                    {BuiltInRoles()[0], false, allowed{true, true, true, true}},
		"owner, sub account":       {BuiltInRoles()[0], true, allowed{true, true, true, true}},
		"admin":                    {BuiltInRoles()[1], false, allowed{true, true, true, false}},
		"admin, sub account":       {BuiltInRoles()[1], true, allowed{true, true, true, false}},
		"member":                   {BuiltInRoles()[2], false, allowed{}},
		"member, sub account":      {BuiltInRoles()[2], true, allowed{}},
		"custom":                   {custom(SubAsOwner), false, allowed{users: true}},
		"custom as owner":          {custom(SubAsOwner), true, allowed{true, true, true, true}},
		"custom as in own account": {custom(SubSame), true, allowed{users: true}},
		"custom, specified":        {custom(SubSpecified), true, allowed{readSettings: true}},
		"custom, nothing said":     {custom(0), true, allowed{readSettings: true}},
	} {
		p := c.role.In(c.sub)
		got := allowed{p.Has(Privilege{"User", true}), p.Has(Privilege{"AccountSetting", true}), p.Has(Privilege{"AccountSetting", false}), p.Has(Privilege{OwnersOnly, true})}
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestMayGive(t *testing.T) {
	t.Parallel()
	roles := BuiltInRoles()
	desk, _ := ParsePrivileges([]string{"Role:Edit", "User:Read"})
	less, _ := ParsePrivileges([]string{"User:Read"})
	for name, c := range map[string]struct {
		by, to AccountRole
		want   Code
	}{
		"owner gives admin":                {roles[0], roles[1], ""},
		"admin gives admin":                {roles[1], roles[1], ""},
		"admin gives owner":                {roles[1], roles[0], Forbidden},
		"custom gives less":                {AccountRole{Privileges: desk}, AccountRole{Privileges: less}, ""},
		"custom gives itself":              {AccountRole{Privileges: desk}, AccountRole{Privileges: desk}, ""},
		"custom gives more":                {AccountRole{Privileges: less}, AccountRole{Privileges: desk}, Forbidden},
		"custom gives admin":               {AccountRole{Privileges: desk}, roles[1], Forbidden},
		"custom gives sub accounts":        {AccountRole{Privileges: desk}, AccountRole{SubAccounts: SubAsOwner}, Forbidden},
		"sub accounts as in own, the same": {AccountRole{Privileges: desk, SubAccounts: SubSame}, AccountRole{Privileges: less, SubAccounts: SubSame}, ""},
	} {
		by := Actor{Account: "a", Home: "a", Role: &c.by}
		if got := CodeOf(by.MayGive(&c.to)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
