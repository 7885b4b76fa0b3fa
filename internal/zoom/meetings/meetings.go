// Package meetings has the operations of the Zoom API's Meetings group.
package meetings

import (
	"strconv"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// API serves the group.
type API struct {
	App  *app.App
	Base string // of links, without trailing slash
}

// Operations lists the group.
func (a *API) Operations() []op.Operation {
	return []op.Operation{
		a.meetingCreate(), a.meetings(), a.meeting(), a.meetingUpdate(), a.meetingDelete(), a.meetingStatus(), a.meetingInvitation(),
		a.meetingRegistrantCreate(), a.addBatchRegistrants(), a.meetingRegistrants(), a.meetingRegistrantGet(),
		a.meetingRegistrantUpdate(), a.meetingRegistrantDelete(), a.meetingRegistrantStatus(),
		a.meetingRegistrantsQuestionsGet(), a.meetingRegistrantQuestionUpdate(),
	}
}

const group = "Meetings"

// path is the meeting in the path of most operations.
type path struct {
	Meeting wire.String `path:"meetingId" json:"-" doc:"Meeting number."`
}

// occurrence is the query of operations on one date of a series.
type occurrence struct {
	OccurrenceID wire.String `query:"occurrence_id" json:"-" doc:"One date of a series, as occurrences[] shows it."`
}

func (o occurrence) id() (int64, error) { return zoom.Occurrence("occurrence_id", o.OccurrenceID) }

// dated names a meeting and, where it says so, one date of it.
type dated struct {
	path
	occurrence
}

// target returns what d names, the occurrence 0 for the whole.
func (d dated) target() (app.MeetingRef, int64, error) {
	ref, err := zoom.Meeting(d.Meeting)
	if err != nil {
		return ref, 0, err
	}
	id, err := d.id()
	return ref, id, err
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// joinURL is the link of a meeting for everybody, with or without its passcode.
func (a *API) joinURL(m *muster.Meeting, pmi int64, passcode bool) string {
	id := m.ID
	if pmi != 0 {
		id = pmi
	}
	if m.Passcode == "" || !passcode {
		return a.Base + "/j/" + number(id)
	}
	return a.Base + "/j/" + number(id) + "?pwd=" + a.App.Keys.PasscodeToken(m)
}

func (a *API) startURL(v *app.MeetingView) string {
	return a.Base + "/s/" + number(v.ID) + "?zak=" + a.App.Keys.HostToken(&v.Meeting, v.Now.Add(v.HostAction.StartLinkLife()))
}

func (a *API) registrationURL(m *muster.Meeting) string {
	if m.Approval == muster.NoRegistration {
		return ""
	}
	return a.Base + "/meeting/register/" + a.App.Keys.RegistrationToken(m)
}

// personalURL is the link of one registrant, "" where it would let nobody in.
func (a *API) personalURL(r *muster.Registrant, s muster.Status) string {
	if !s.LetsIn() {
		return ""
	}
	return a.Base + "/w/" + number(r.Meeting) + "?tk=" + a.App.Keys.JoinToken(r.Meeting, r.ID, r.LinkVersion)
}

// pin is the phone code of one registrant, 0 where it would let nobody in.
func pin(r *muster.Registrant, s muster.Status) int64 {
	if !s.LetsIn() {
		return 0
	}
	return r.PIN
}
