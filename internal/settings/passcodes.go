package settings

import "muster/internal/muster"

// The settings that say which meetings must have a passcode, what it is where
// nobody gives one, and whether the general link has it.
const (
	PasscodeForScheduled = "schedule_meeting.require_password_for_scheduling_new_meetings"
	PasscodeForInstant   = "schedule_meeting.require_password_for_instant_meetings"
	PasscodeForPersonal  = "schedule_meeting.require_password_for_pmi_meetings"
	ScheduledPasscode    = "schedule_meeting.default_password_for_scheduled_meetings"
	PersonalPasscode     = "schedule_meeting.pmi_password"
	PasscodeInLink       = "meeting_security.embed_password_in_join_link"
)

// passcodeRules is the section of what passcodes must be like.
const passcodeRules = "meeting_security.meeting_password_requirement."

// embeds is the effect of PasscodeInLink, requires that of the settings that
// require passcodes.
const embeds = "Says whether join_url of meetings has the passcode in it, as pwd."

func requires(what string) string {
	return "A passcode is made for " + what + " that are created without one unless default_password is false; while it is locked for all of them, and none can be taken away."
}

// passcodeRequirement returns the leaves of what passcodes must be like. Where
// same is given they are those of that section.
func passcodeRequirement(at Level, same string) Catalogue {
	rules := Catalogue{
		{Name: "consecutive_characters_length", Kind: Int, Enum: ints(0, 4, 5, 6, 7, 8), Effect: "A passcode that is given must not have so many characters in a row that follow each other; 0 lets it."},
		{Name: "have_letter", Kind: Bool, Effect: "A passcode must have a letter, unless only_allow_numeric holds."},
		{Name: "have_number", Kind: Bool, Effect: "A passcode must have a digit."},
		{Name: "have_special_character", Kind: Bool, Effect: "A passcode must have a character that is neither letter nor digit, unless only_allow_numeric holds."},
		{Name: "have_upper_and_lower_characters", Kind: Bool, Effect: "A passcode must have a capital and a small letter, unless only_allow_numeric holds."},
		{Name: "length", Kind: Int, Min: 1, Max: muster.MaxPasscodeLength, Default: int64(1), Effect: "A passcode must be at least so long."},
		{Name: "only_allow_numeric", Kind: Bool, Effect: "A passcode must have nothing but digits."},
		{Name: "weak_enhance_detection", Kind: Bool, Effect: "A passcode must not be one that is easy to guess."},
	}
	for i := range rules {
		rules[i].At = at
		if same != "" {
			rules[i].Same = same + rules[i].Name
		}
	}
	return rules
}

// PasscodeRules returns what passcodes of meetings must be like whose host is
// at the end of c.
func (c Chain) PasscodeRules() muster.PasscodeRules {
	is := func(name string) bool { return c.Value(passcodeRules+name) == true }
	number := func(name string) int { n, _ := c.Value(passcodeRules + name).(int64); return int(n) }
	return muster.PasscodeRules{
		MinLength: number("length"), Sequence: number("consecutive_characters_length"), Letter: is("have_letter"), Digit: is("have_number"),
		Special: is("have_special_character"), BothCases: is("have_upper_and_lower_characters"), Numeric: is("only_allow_numeric"),
		Guessable: is("weak_enhance_detection"),
	}
}

// checkPasscodes returns what is wrong with the passcodes that a change at the
// end of c sets: they must keep to the rules as they are then.
func (c Chain) checkPasscodes(change Doc) []muster.Problem {
	var problems []muster.Problem
	for _, name := range []string{ScheduledPasscode, PersonalPasscode} {
		p, _ := change[name].(string)
		if p == "" {
			continue
		}
		rule := muster.CheckPasscode(p, muster.MaxPasscodeLength)
		if rule == "" {
			rule = c.with(change).PasscodeRules().Check(p)
		}
		if rule != "" {
			problems = append(problems, muster.Problem{Field: name, Rule: rule})
		}
	}
	return problems
}
