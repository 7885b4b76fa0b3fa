package muster

import (
	"strings"
	"time"
)

// An EventKind says what happened.
type EventKind string

// The events. Each names its subjects by id; no event holds a person's particulars.
const (
	AccountCreated       EventKind = "account.created"
	AccountUpdated       EventKind = "account.updated"
	AccountOwnerChanged  EventKind = "account.owner_changed"
	AccountDisassociated EventKind = "account.disassociated"
	AppAdded             EventKind = "app.added"
	AppRotated           EventKind = "app.rotated"
	AppRemoved           EventKind = "app.removed"
	UserCreated          EventKind = "user.created"
	GroupCreated         EventKind = "group.created"
	SettingsChanged      EventKind = "settings.changed"
	RoleCreated          EventKind = "role.created"
	RoleUpdated          EventKind = "role.updated"
	RoleDeleted          EventKind = "role.deleted"
	RoleAssigned         EventKind = "role.assigned"
	RoleUnassigned       EventKind = "role.unassigned"
	TrackingFieldCreated EventKind = "tracking_field.created"
	TrackingFieldUpdated EventKind = "tracking_field.updated"
	TrackingFieldDeleted EventKind = "tracking_field.deleted"
	IMGroupCreated       EventKind = "im_group.created"
	IMGroupUpdated       EventKind = "im_group.updated"
	IMGroupDeleted       EventKind = "im_group.deleted"
	IMGroupMembersAdded  EventKind = "im_group.members_added"
	IMGroupMemberRemoved EventKind = "im_group.member_removed"
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
	GroupUpdated         EventKind = "group.updated"
	GroupDeleted         EventKind = "group.deleted"
	GroupMembersAdded    EventKind = "group.members_added"
	GroupMemberMoved     EventKind = "group.member_moved"
	GroupMemberRemoved   EventKind = "group.member_removed"
	GroupPrimarySet      EventKind = "group.primary_set"
	GroupAdminsAdded     EventKind = "group.admins_added"
	GroupAdminRemoved    EventKind = "group.admin_removed"
	FileAdded            EventKind = "file.added"
	FilesRemoved         EventKind = "files.removed"

	UserUpdated         EventKind = "user.updated"
	UserDeleted         EventKind = "user.deleted"
	UserDisassociated   EventKind = "user.disassociated"
	UserActivated       EventKind = "user.activated"
	UserDeactivated     EventKind = "user.deactivated"
	UserEmailChanged    EventKind = "user.email_changed"
	UserPasswordChanged EventKind = "user.password_changed"
	UserTokensRevoked   EventKind = "user.tokens_revoked"
	UserSwitched        EventKind = "user.switched"
	UsersUpdated        EventKind = "users.updated"
	AssistantsAdded     EventKind = "assistants.added"
	AssistantsRemoved   EventKind = "assistants.removed"
	InviteesAdded       EventKind = "invitees.added"
	InviteeEdited       EventKind = "invitee.edited"
	InviteeDeleted      EventKind = "invitee.deleted"
	WebhookCreated      EventKind = "webhook.created"
	WebhookUpdated      EventKind = "webhook.updated"
	WebhookDeleted      EventKind = "webhook.deleted"
)

// administrative are the nouns of the kinds of events that are about
// administration: who may do what, and who decided it.
var administrative = map[string]bool{
	"account": true, "app": true, "user": true, "users": true, "group": true, "im_group": true, "role": true, "settings": true,
	"tracking_field": true, "assistants": true, "file": true, "files": true,
}

// Administrative reports whether events of the kind are about administration
// and not about meetings and their people.
func (k EventKind) Administrative() bool {
	noun, _, _ := strings.Cut(string(k), ".")
	return administrative[noun]
}

// AuditObject returns how the audit knows a subject of an event: by the id
// alone, without what may stand before it ("group:" and the like).
func AuditObject(subject string) string { return subject[strings.LastIndexByte(subject, ':')+1:] }

// MaxAuditRetention is how many days the audit can be kept at most, if not for ever.
const MaxAuditRetention = 3650

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
