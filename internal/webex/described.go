package webex

import (
	"net/http"

	"muster/internal/muster"
	"muster/internal/op"
)

// descriptions say in documents what a failure is; errTable has its status.
var descriptions = map[muster.Code]string{
	muster.Invalid:                "A field breaks a rule; errors names both.",
	muster.PageTokenInvalid:       "The cursor is forged, expired or of another list.",
	muster.Forbidden:              "The plan, the user's type or the token's reach does not allow it.",
	muster.Refused:                "A rule of the business says no; errors says which.",
	muster.AccountNotFound:        "No such account, or none of yours.",
	muster.UserNotFound:           "No such person.",
	muster.UserExists:             "The account has a user of that email.",
	muster.WrongAccount:           "It is in another account of yours.",
	muster.MeetingNotFound:        "No such meeting. 410 instead of 404 where it was deleted.",
	muster.MeetingInProgress:      "The meeting is in progress.",
	muster.NotHost:                "The token reaches only the host's own meetings, and this is another's.",
	muster.HostingNotAllowed:      "The user's type or settings do not let them host meetings.",
	muster.RegistrationOff:        "The meeting asks for no registration.",
	muster.RegistrationClosed:     "The meeting is over.",
	muster.BatchNotSupported:      "The meeting takes no batches.",
	muster.HostCannotRegister:     "The email is the host's own.",
	muster.Full:                   "No place is left.",
	muster.RegistrantNotFound:     "Nobody of that id is registered.",
	muster.RegistrantExists:       "Somebody of that email is registered, or was rejected.",
	muster.InviteeNotFound:        "Nobody of that id is invited.",
	muster.InviteeExists:          "Somebody of that email is invited already.",
	muster.WebhookNotFound:        "No such webhook.",
	muster.OneDateOnly:            "Registration is for meetings of one date: this one recurs.",
	muster.PersonDailyLimit:       "The day's requests of this kind about this person are used up.",
	muster.HostDailyLimit:         "The day's creates and updates of this host's meetings are used up.",
	muster.IdempotencyKeyReused:   "The Idempotency-Key came before with another request.",
	muster.IdempotencyKeyInFlight: "The first request with this Idempotency-Key still runs; Retry-After says when to come again.",
	muster.Overloaded:             "Too many requests wait, or the database does not answer; Retry-After says when to come again.",

	muster.GroupNotFound:         "No such group.",
	muster.GroupExists:           "The account has a group of that name.",
	muster.GroupMemberNotFound:   "The user is not in the group.",
	muster.GroupAdminNotFound:    "The user is no admin of the group.",
	muster.GroupDailyLimit:       "The day's new groups of this account are used up.",
	muster.FileRefused:           "The file is missing, empty, too large, one too many or not of a kind that is taken.",
	muster.AdministratorKept:     "Not for the owner and administrators of an account.",
	muster.AdministratorsEmail:   "An administrator cannot change the email of another.",
	muster.UserTypeUnfit:         "The user's type does not allow it, or the token may not change the type.",
	muster.PaidHostNeeded:        "Only for Licensed users.",
	muster.PasswordNotKept:       "The user signs in elsewhere and has no password here.",
	muster.PasswordTooShort:      "The password is too short.",
	muster.PasswordNoLetter:      "The password has no letter.",
	muster.PasswordNoDigit:       "The password has no digit.",
	muster.PasswordNoSpecial:     "The password has letters and digits only.",
	muster.PasswordOneCase:       "The password has capitals only, or small letters only.",
	muster.PasswordRepeats:       "The password is one character again and again.",
	muster.PasswordSequence:      "The password has characters in a row that follow each other.",
	muster.PasswordGuessable:     "The password is easy to guess.",
	muster.DeviceNotFound:        "No such device.",
	muster.WebinarUnfit:          "Webinars are for Licensed users.",
	muster.EventsUnfit:           "Events are for Licensed users.",
	muster.ConcurrentUnfit:       "Concurrent meetings are for Licensed users.",
	muster.EventsOverWebinar:     "Events and webinars exclude each other.",
	muster.TwoWhiteboards:        "Both kinds of whiteboard at once.",
	muster.RoleNotFound:          "No such role.",
	muster.RoleExists:            "The account has a role of that name.",
	muster.TrackingFieldNotFound: "No such tracking field.",
	muster.TrackingFieldExists:   "The account has a tracking field of that name.",
}

// Described returns status and description of a failure for documents.
func Described(code muster.Code) op.Failure {
	return op.Failure{Answer: op.Answer{Status: errTable[code]}, Text: descriptions[code]}
}

// Common are the failures that every operation may answer, in documents.
func Common(s *op.Spec) []op.Failure {
	told := func(status int, text string) op.Failure {
		return op.Failure{Answer: op.Answer{Status: status}, Text: text}
	}
	all := []op.Failure{
		Described(muster.Invalid),
		told(http.StatusUnauthorized, "No access token, or one that is unknown, revoked or expired."),
		told(http.StatusForbidden, "The token has none of the scopes."),
		told(http.StatusTooManyRequests, "A rate limit, where the server imitates them; Retry-After says how many seconds to wait."),
		told(http.StatusInternalServerError, "Something of ours broke."),
		Described(muster.Overloaded),
	}
	for _, code := range s.Refuses {
		if muster.Code(code) == muster.MeetingNotFound {
			all = append(all, told(http.StatusGone, "The meeting was deleted."))
		}
	}
	if s.Method != http.MethodGet {
		all = append(all,
			told(http.StatusRequestEntityTooLarge, "The body is over 1 MiB."),
			told(http.StatusUnsupportedMediaType, "A body without a media type, or of one that is not JSON."),
			Described(muster.IdempotencyKeyReused),
			Described(muster.IdempotencyKeyInFlight),
		)
	}
	return all
}

// EnvelopeSchema is the JSON Schema of the body of every failure.
func EnvelopeSchema() map[string]any {
	text := map[string]any{"type": "string"}
	return map[string]any{
		"type":     "object",
		"required": []string{"message", "errors", "trackingId"},
		"properties": map[string]any{
			"message": text,
			"errors": map[string]any{"type": "array", "items": map[string]any{
				"type": "object", "required": []string{"description"}, "properties": map[string]any{"description": text},
			}},
			"trackingId": text,
		},
	}
}
