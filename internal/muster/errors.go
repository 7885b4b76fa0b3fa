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
	PersonDailyLimit       Code = "person_daily_limit"        // the day's requests of this kind about this person are used up
	HostDailyLimit         Code = "host_daily_limit"          // the day's meeting creates and updates of this host are used up
	IdempotencyKeyReused   Code = "idempotency_key_reused"    // the key came before with another request
	IdempotencyKeyInFlight Code = "idempotency_key_in_flight" // the first request with this key still runs
	Overloaded             Code = "overloaded"                // too many requests wait; try again soon
	PageTokenInvalid       Code = "page_token_invalid"        // the page token is forged, expired or of another list
)

// Codes lists every Code.
var Codes = []Code{
	Invalid, Forbidden, Refused, AccountNotFound, UserNotFound, UserExists, WrongAccount, MeetingNotFound,
	MeetingInProgress, NotHost, HostingNotAllowed, RegistrationOff, RegistrationClosed, BatchNotSupported,
	HostCannotRegister, Full, RegistrantNotFound, RegistrantExists, InviteeNotFound, InviteeExists, WebhookNotFound, OneDateOnly, PersonDailyLimit, HostDailyLimit, IdempotencyKeyReused, IdempotencyKeyInFlight,
	Overloaded, PageTokenInvalid,
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
