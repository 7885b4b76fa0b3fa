package muster

import "fmt"

// MaxInvitees is how many people can be invited to one meeting. [semantics 8.1]
const MaxInvitees = 1000

// An Invitee is somebody whom a host invites to a meeting: to all of a series.
// It is not a registration, and who is registered need not be invited.
type Invitee struct {
	Meeting     int64
	Number      int64 // unique in the meeting
	Email       string
	DisplayName string
	CoHost      bool // kept for who reads it: rights come from Meeting.AlternativeHosts
}

// Named returns v with a display name: the email where it has none.
func (v Invitee) Named() Invitee {
	if v.DisplayName == "" {
		v.DisplayName = v.Email
	}
	return v
}

// Invite returns nil if all of list can be invited to a meeting that has
// invited so far, by email key: else Invalid, InviteeExists or Full, with the
// fields as of a list named invitees.
func Invite(list []Invitee, invited map[string]int64) error {
	var wrong, known []Problem
	seen := map[string]bool{}
	for i, v := range list {
		field, key := fmt.Sprintf("invitees[%d].email", i), EmailKey(v.Email)
		if rule := CheckEmail(v.Email); rule != "" {
			wrong = append(wrong, Problem{field, rule})
		} else if seen[key] {
			wrong = append(wrong, Problem{field, "must stand in the list once"})
		} else if _, there := invited[key]; there {
			known = append(known, Problem{field, "must not be of somebody who is invited already"})
		}
		seen[key] = true
	}
	switch {
	case len(wrong) > 0:
		return InvalidFields(wrong)
	case len(known) > 0:
		return &Error{Code: InviteeExists, Detail: "Somebody is invited to this meeting already.", Problems: known}
	case len(list)+len(invited) > MaxInvitees:
		return Errorf(Full, "", "A meeting has at most %d invitees; this one has %d.", MaxInvitees, len(invited))
	}
	return nil
}

// NoSuchInvitee returns the InviteeNotFound for an invitee's id.
func NoSuchInvitee(id string) error {
	return Errorf(InviteeNotFound, id, "Meeting invitee does not exist: %.100s.", id)
}
