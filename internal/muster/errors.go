package muster

import (
	"errors"
	"fmt"
	"strings"
)

// A Code names a failure that a client may act on. The set is closed: every
// dialect has an answer to every Code, and a test holds it to that.
type Code string

// The failures that may be told to a client.
const (
	Invalid                Code = "invalid"                   // the input breaks a rule of its form; see Error.Problems
	Forbidden              Code = "forbidden"                 // the plan, the user's type or the caller's rights do not allow it
	Refused                Code = "refused"                   // a rule of the business says no; the detail says which
	AccountNotFound        Code = "account_not_found"         // no such account, or none the caller may see
	UserNotFound           Code = "user_not_found"            // no such user in this account
	UserExists             Code = "user_exists"               // the account has a user of that email
	WrongAccount           Code = "wrong_account"             // the thing is in another account that the caller administers
	MeetingNotFound        Code = "meeting_not_found"         // no such meeting, or none the caller may see
	MeetingInProgress      Code = "meeting_in_progress"       // not while the meeting runs
	NotHost                Code = "not_host"                  // only the host, or a token for the whole account, may do this
	HostingNotAllowed      Code = "hosting_not_allowed"       // the user's type cannot hold meetings
	RegistrationOff        Code = "registration_off"          // the meeting asks for no registration
	RegistrationClosed     Code = "registration_closed"       // the meeting is over
	BatchNotSupported      Code = "batch_not_supported"       // batches are for scheduled meetings only
	HostCannotRegister     Code = "host_cannot_register"      // the host's own address
	Full                   Code = "full"                      // no place is left
	RegistrantNotFound     Code = "registrant_not_found"      // nobody of that id or email is registered
	RegistrantExists       Code = "registrant_exists"         // somebody of that email is registered
	InviteeNotFound        Code = "invitee_not_found"         // nobody of that id is invited
	InviteeExists          Code = "invitee_exists"            // somebody of that email is invited
	WebhookNotFound        Code = "webhook_not_found"         // no such webhook, or none the caller may see
	OneDateOnly            Code = "one_date_only"             // not for a series, in an API whose registrations have no dates
	GroupNotFound          Code = "group_not_found"           // no such group in this account
	GroupExists            Code = "group_exists"              // the account has a group of that name
	GroupMemberNotFound    Code = "group_member_not_found"    // the user is not in the group
	PersonDailyLimit       Code = "person_daily_limit"        // the day's requests of this kind about this person are used up
	HostDailyLimit         Code = "host_daily_limit"          // the day's meeting creates and updates of this host are used up
	IdempotencyKeyReused   Code = "idempotency_key_reused"    // the key came before with another request
	IdempotencyKeyInFlight Code = "idempotency_key_in_flight" // the first request with this key still runs
	Overloaded             Code = "overloaded"                // too many requests wait; try again soon
	PageTokenInvalid       Code = "page_token_invalid"        // the page token is forged, expired or of another list
	GroupAdminNotFound     Code = "group_admin_not_found"     // the user is no admin of the group
	GroupDailyLimit        Code = "group_daily_limit"         // the day's new groups of this account are used up
	FileRefused            Code = "file_refused"              // an uploaded file is too large, or not what it has to be

	// about users
	AdministratorKept     Code = "administrator_kept"       // not for the owner and administrators
	AdministratorsEmail   Code = "administrators_email"     // an administrator cannot change another's email
	UserTypeUnfit         Code = "user_type_unfit"          // the caller may not give this type, or the type cannot have this
	PaidHostNeeded        Code = "paid_host_needed"         // only for Licensed users
	PasswordNotKept       Code = "password_not_kept"        // the user signs in elsewhere and has no password
	PasswordTooShort      Code = "password_too_short"       // fewer characters than the account asks for
	PasswordNoLetter      Code = "password_no_letter"       // no letter
	PasswordNoDigit       Code = "password_no_digit"        // no digit
	PasswordNoSpecial     Code = "password_no_special"      // only letters and digits
	PasswordOneCase       Code = "password_one_case"        // only capitals, or only small letters
	PasswordRepeats       Code = "password_repeats"         // one character again and again
	PasswordSequence      Code = "password_sequence"        // characters in a row that follow each other
	PasswordGuessable     Code = "password_guessable"       // a word that many use
	DeviceNotFound        Code = "device_not_found"         // no such device
	WebinarUnfit          Code = "webinar_unfit"            // webinars are not for this type of user
	EventsUnfit           Code = "events_unfit"             // events are not for this type of user
	ConcurrentUnfit       Code = "concurrent_unfit"         // concurrent meetings are not for this type of user
	EventsOverWebinar     Code = "events_over_webinar"      // events and webinars exclude each other
	TwoWhiteboards        Code = "two_whiteboards"          // both kinds of whiteboard at once
	RoleNotFound          Code = "role_not_found"           // no such role in this account
	RoleExists            Code = "role_exists"              // the account has a role of that name
	TrackingFieldNotFound Code = "tracking_field_not_found" // no such tracking field in this account
	TrackingFieldExists   Code = "tracking_field_exists"    // the account has a tracking field of that name
)

// Codes lists every Code.
var Codes = []Code{
	Invalid, Forbidden, Refused, AccountNotFound, UserNotFound, UserExists, WrongAccount, MeetingNotFound,
	MeetingInProgress, NotHost, HostingNotAllowed, RegistrationOff, RegistrationClosed, BatchNotSupported,
	HostCannotRegister, Full, RegistrantNotFound, RegistrantExists, InviteeNotFound, InviteeExists, WebhookNotFound, OneDateOnly,
	GroupNotFound, GroupExists, GroupMemberNotFound, PersonDailyLimit, HostDailyLimit, IdempotencyKeyReused, IdempotencyKeyInFlight,
	Overloaded, PageTokenInvalid,
	GroupAdminNotFound, GroupDailyLimit, FileRefused,
	AdministratorKept, AdministratorsEmail, UserTypeUnfit, PaidHostNeeded, PasswordNotKept,
	PasswordTooShort, PasswordNoLetter, PasswordNoDigit, PasswordNoSpecial, PasswordOneCase,
	PasswordRepeats, PasswordSequence, PasswordGuessable, DeviceNotFound, WebinarUnfit,
	EventsUnfit, ConcurrentUnfit, EventsOverWebinar, TwoWhiteboards,
	RoleNotFound, RoleExists, TrackingFieldNotFound, TrackingFieldExists,
}

// An Error is a failure that may be told to a client. Any other error is
// internal: it is logged and the client learns only that something broke.
type Error struct {
	Code     Code
	Detail   string    // for people; a sentence
	Subject  string    // the id or email that the failure is about, "" if none
	Limit    int       // for the daily limits: how many are allowed
	Problems []Problem // for Invalid: what is wrong with which field
	Gone     bool      // for MeetingNotFound: there was one, and it was deleted
	Cause    error     // what is behind it, for the log only; nil where it is the caller's own doing
}

// Unwrap returns e's cause.
func (e *Error) Unwrap() error { return e.Cause }

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	for _, p := range e.Problems {
		b.WriteString("; " + p.Field + ": " + p.Rule)
	}
	return b.String()
}

// A Problem is one field that breaks one rule. Field is a dotted path, list
// positions in brackets ("registrants[3].email"). Rule is a sentence that
// says what is asked for, not only that the value is wrong.
type Problem struct {
	Field, Rule string
}

// Errorf returns an *Error about subject with a formatted detail.
func Errorf(code Code, subject, format string, args ...any) *Error {
	return &Error{Code: code, Subject: subject, Detail: fmt.Sprintf(format, args...)}
}

// InvalidField returns an Invalid error about one field.
func InvalidField(field, format string, args ...any) *Error {
	return &Error{Code: Invalid, Problems: []Problem{{Field: field, Rule: fmt.Sprintf(format, args...)}}}
}

// InvalidFields returns an Invalid error about problems, or nil where there are none.
func InvalidFields(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Problems: problems}
}

// CodeOf returns the Code of err, or "" if err is internal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
