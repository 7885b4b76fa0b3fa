package app

import (
	"fmt"

	"muster/internal/muster"
	"muster/internal/settings"
)

// applyPasscode sets m's passcode, which was before; chain is the settings of
// its host. One that stays is not judged anew: another dialect may have
// another limit, and clients send whole objects back.
func (a *App) applyPasscode(before, m *muster.Meeting, chain settings.Chain, c MeetingChange, creating bool) error {
	says := c.Passcode != nil && (*c.Passcode != m.Passcode || m.Passcode == "")
	if says && *c.Passcode != "" {
		m.Passcode = *c.Passcode
		return checkPasscode(m.Passcode, chain, c.PasscodeLimit)
	}
	kind, asked, err := passcodeOf(m, chain)
	if err != nil {
		return err
	}
	switch {
	case creating && (c.DefaultPasscode || asked.required && (c.PasscodeIfRequired || asked.locked != nil)), says && c.DefaultPasscode:
		m.Passcode = a.newPasscode(kind, chain)
	case says && m.Passcode != "" && asked.required && asked.locked != nil:
		return muster.InvalidField("password", "must not be taken away: that there is one is locked by the %s", asked.locked)
	case says:
		m.Passcode = ""
	case m.Passcode == "" && asked.required && asked.locked != nil && !creating:
		was, _, err := passcodeOf(before, chain)
		if err != nil {
			return err
		}
		if was != kind { // what it has become must have one
			m.Passcode = a.newPasscode(kind, chain)
		}
	}
	return nil
}

// checkPasscode returns why p cannot be given as a passcode, nil if it can.
func checkPasscode(p string, chain settings.Chain, limit int) error {
	if limit == 0 {
		limit = muster.MaxPasscode
	}
	rule := muster.CheckPasscode(p, limit)
	if rule == "" {
		rule = chain.PasscodeRules().Check(p)
	}
	if rule != "" {
		return muster.InvalidField("password", "%s", rule)
	}
	return nil
}

// demand is whether a meeting must have a passcode, and who has locked that.
type demand struct {
	required bool
	locked   *settings.Owner
}

// passcodeOf returns the setting that says whether m must have a passcode, and
// what it says.
func passcodeOf(m *muster.Meeting, chain settings.Chain) (kind string, asked demand, err error) {
	own, err := settings.FromJSON(orObject(m.Settings))
	if err != nil {
		return "", demand{}, fmt.Errorf("settings of meeting %d: %w", m.ID, err)
	}
	all := settings.ResolveMeeting(chain, own)
	switch {
	case all.Bool("use_pmi"):
		kind = settings.PasscodeForPersonal
	case m.Type == muster.Instant:
		kind = settings.PasscodeForInstant
	default:
		kind = settings.PasscodeForScheduled
	}
	d := chain.Of(kind)
	required := d.Value == true || d.Value == "all" || d.Value == "jbh_only" && all.Bool("join_before_host")
	return kind, demand{required, d.Locked}, nil
}

// newPasscode makes the passcode of a meeting that the setting kind is about:
// the one that the host has chosen, if it keeps to the rules, else another.
func (a *App) newPasscode(kind string, chain settings.Chain) string {
	var chosen string
	switch kind {
	case settings.PasscodeForScheduled:
		chosen, _ = chain.Value(settings.ScheduledPasscode).(string)
	case settings.PasscodeForPersonal:
		chosen, _ = chain.Value(settings.PersonalPasscode).(string)
	}
	rules := chain.PasscodeRules()
	if chosen != "" && rules.Check(chosen) == "" {
		return chosen
	}
	return a.IDs.Passcode(rules)
}
