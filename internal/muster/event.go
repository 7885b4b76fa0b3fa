package muster

import "time"

// An EventKind says what happened.
type EventKind string

// The events. Each names its subjects by id; no event holds a person's particulars.
const (
	AccountCreated       EventKind = "account.created"
	AppAdded             EventKind = "app.added"
	AppRotated           EventKind = "app.rotated"
	AppRemoved           EventKind = "app.removed"
	UserCreated          EventKind = "user.created"
	MeetingCreated       EventKind = "meeting.created"
	MeetingUpdated       EventKind = "meeting.updated"
	MeetingDeleted       EventKind = "meeting.deleted"
	MeetingPurged        EventKind = "meeting.purged"
	MeetingEnded         EventKind = "meeting.ended"
	MeetingRecovered     EventKind = "meeting.recovered"
	QuestionsChanged     EventKind = "questions.changed"
	RegistrantsAdded     EventKind = "registrants.added"
	RegistrantsApproved  EventKind = "registrants.approved"
	RegistrantsDenied    EventKind = "registrants.denied"
	RegistrantsCancelled EventKind = "registrants.cancelled"
	RegistrantsReturned  EventKind = "registrants.returned"
	RegistrantEdited     EventKind = "registrant.edited"
	RegistrantDeleted    EventKind = "registrant.deleted"
	InviteesAdded        EventKind = "invitees.added"
	InviteeEdited        EventKind = "invitee.edited"
	InviteeDeleted       EventKind = "invitee.deleted"
	WebhookCreated       EventKind = "webhook.created"
	WebhookUpdated       EventKind = "webhook.updated"
	WebhookDeleted       EventKind = "webhook.deleted"
)

// An Event is one change: outbox, audit trail and history. There is one for
// each request that changed something, not one per person.
type Event struct {
	ID       string
	Account  string
	At       time.Time
	Kind     EventKind
	App      string // who asked: client id
	User     string // and for which user
	Meeting  int64  // 0 if none
	Subjects []string
	Data     map[string]any // without people's particulars
}
