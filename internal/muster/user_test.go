package muster

import (
	"strings"
	"testing"
)

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	strict := PasswordRules{MinLength: 10, Special: true, Sequence: 4, Guessable: true, OwnAddress: "lovelace@muster.test"}
	for name, c := range map[string]struct {
		rules    PasswordRules
		password string
		want     Code
	}{
		"good":                             {PasswordRules{}, "Correct7Horse", ""},
		"eight characters":                 {PasswordRules{}, "Aa3456b8", ""},
		"seven":                            {PasswordRules{}, "Aa3456b", PasswordTooShort},
		"characters, not bytes":            {PasswordRules{}, "Ää3öüß", PasswordTooShort},
		"letters of any script":            {PasswordRules{}, "Пароль77", ""},
		"32":                               {PasswordRules{}, "A1b" + strings.Repeat("xy", 14) + "z", ""},
		"33":                               {PasswordRules{}, "A1b" + strings.Repeat("xy", 15), Invalid},
		"no letter":                        {PasswordRules{}, "1234567890", PasswordNoLetter},
		"no digit":                         {PasswordRules{}, "CorrectHorse", PasswordNoDigit},
		"small letters only":               {PasswordRules{}, "correct7horse", PasswordOneCase},
		"capitals only":                    {PasswordRules{}, "CORRECT7HORSE", PasswordOneCase},
		"one letter":                       {PasswordRules{}, "Aaaaaaa7", PasswordRepeats},
		"one letter and another":           {PasswordRules{}, "Aaaaaab7", ""},
		"a row where it does not matter":   {PasswordRules{}, "Abcdef12", ""},
		"the account's length":             {strict, "Ab-3xyzw9", PasswordTooShort},
		"nothing special":                  {strict, "Correct7Horse", PasswordNoSpecial},
		"a row of digits":                  {strict, "Horse-1234-Correct", PasswordSequence},
		"a row downwards":                  {strict, "Horse-9-dCbA-Correct", PasswordSequence},
		"a row too short to matter":        {strict, "Horse-123-Correct", ""},
		"a row over the edge of its kind":  {strict, "Horse-89:;-Correct", ""},
		"a common word":                    {strict, "Passw0rd-1", PasswordGuessable},
		"the name in the address":          {strict, "Lovelace-1", PasswordGuessable},
		"a common word and much besides":   {strict, "Password-of-my-7-horses", ""},
		"all the account asks for is kept": {strict, "Correct-7-Horse", ""},
	} {
		if got := CodeOf(c.rules.Check(c.password)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestUserRules(t *testing.T) {
	t.Parallel()
	user := func(id string, kind UserType, status UserStatus, role Role) *User {
		return &User{ID: id, Type: kind, Status: status, Role: role, Action: ActionCreate}
	}
	owner, admin := user("o", Licensed, UserActive, RoleOwner), user("a", Licensed, UserActive, RoleAdmin)
	member, basic := user("m", Licensed, UserActive, RoleMember), user("b", Basic, UserActive, RoleMember)
	off, none := user("x", Licensed, UserInactive, RoleMember), user("n", NoMeetings, UserActive, RoleMember)
	sso := &User{ID: "s", Action: ActionSSOCreate, Role: RoleMember}
	for name, c := range map[string]struct {
		err  error
		want Code
	}{
		"a member may host":                    {member.MayHost(), ""},
		"a Basic user may host":                {basic.MayHost(), ""},
		"who is deactivated may not":           {off.MayHost(), HostingNotAllowed},
		"but holds a licence":                  {off.MayHoldMeetings(), ""},
		"nor who has no licence":               {none.MayHost(), HostingNotAllowed},
		"a member may be deactivated":          {member.MayBeDeactivated(), ""},
		"the owner may not":                    {owner.MayBeDeactivated(), Forbidden},
		"nor an administrator":                 {admin.MayBeDeactivated(), Forbidden},
		"the owner is not deleted":             {owner.MayLeave(false), Forbidden},
		"an administrator may be":              {admin.MayLeave(false), ""},
		"the owner is not disassociated":       {owner.MayLeave(true), AdministratorKept},
		"nor an administrator, disassociated":  {admin.MayLeave(true), AdministratorKept},
		"a member leaves":                      {member.MayLeave(true), ""},
		"an heir":                              {member.MayTake("f", basic, true), ""},
		"an heir of themselves":                {member.MayTake("f", member, false), Invalid},
		"a Basic heir":                         {basic.MayTake("f", member, false), ""},
		"a Basic heir of registrations":        {basic.MayTake("f", member, true), Invalid},
		"a deactivated heir":                   {off.MayTake("f", member, false), Invalid},
		"an assistant":                         {member.MayAssign(owner), ""},
		"their own assistant":                  {member.MayAssign(member), Forbidden},
		"a Basic assistant":                    {member.MayAssign(basic), Forbidden},
		"an assistant of a Basic user":         {basic.MayAssign(member), Forbidden},
		"a number":                             {member.MayHaveNumber(1234567890), ""},
		"a number with too few digits":         {member.MayHaveNumber(123456789), Invalid},
		"a number with too many":               {member.MayHaveNumber(12345678901), Invalid},
		"a number of a Basic user":             {basic.MayHaveNumber(1234567890), PaidHostNeeded},
		"a number without licence":             {none.MayHaveNumber(1234567890), Forbidden},
		"a password":                           {member.MayHavePassword(), ""},
		"a password of the owner":              {owner.MayHavePassword(), AdministratorKept},
		"a password of who signs in elsewhere": {sso.MayHavePassword(), PasswordNotKept},
		"webinars":                             {features(member, Features{Webinar: true}), ""},
		"webinars of a Basic user":             {features(basic, Features{Webinar: true}), WebinarUnfit},
		"large meetings of a Basic user":       {features(basic, Features{LargeMeeting: true}), UserTypeUnfit},
		"concurrent meetings of a Basic user":  {features(basic, Features{Concurrent: true}), ConcurrentUnfit},
		"nothing of a Basic user":              {features(basic, Features{}), ""},
		"both whiteboards":                     {features(member, Features{Whiteboard: true, WhiteboardPlus: true}), TwoWhiteboards},
		"events and webinars":                  {features(member, Features{Events: true, Webinar: true}), EventsOverWebinar},
	} {
		if got := CodeOf(c.err); got != c.want || got == "" && c.err != nil {
			t.Errorf("%s: got %v, want %q", name, c.err, c.want)
		}
	}
}

func TestProfileCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    Profile
		want string // the field
	}{
		"nothing":             {Profile{}, ""},
		"all well":            {Profile{AboutMe: "a < b, and 3 > 2", LinkedIn: "https://www.LinkedIn.com/in/a", HostKey: "0123456789"}, ""},
		"a link about me":     {Profile{AboutMe: "see www.example.com"}, "about_me"},
		"HTML about me":       {Profile{AboutMe: "<b>me</b>"}, "about_me"},
		"another network":     {Profile{LinkedIn: "https://example.com"}, "linkedin_url"},
		"a short host key":    {Profile{HostKey: "12345"}, "host_key"},
		"letters in a key":    {Profile{HostKey: "12345a"}, "host_key"},
		"a host key too long": {Profile{HostKey: "12345678901"}, "host_key"},
	} {
		ps := c.p.Check()
		if len(ps) > 1 || len(ps) == 0 && c.want != "" || len(ps) == 1 && ps[0].Field != c.want {
			t.Errorf("%s: got %v, want %q", name, ps, c.want)
		}
	}
}

// features asks for features where no others are on.
func features(u *User, asked Features) error { return u.MayHaveFeatures(asked, asked) }
