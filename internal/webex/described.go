package webex

import (
	"cmp"
	"net/http"

	"muster/internal/muster"
	"muster/internal/op"
)

// descriptions say in documents what a failure is where the domain's words do
// not do; errTable has its status.
var descriptions = map[muster.Code]string{
	muster.Invalid:                "A field breaks a rule; errors names both.",
	muster.PageTokenInvalid:       "The cursor is forged, expired or of another list.",
	muster.Refused:                "A rule of the business says no; errors says which.",
	muster.UserNotFound:           "No such person.",
	muster.WrongAccount:           "It is in another account of yours.",
	muster.MeetingNotFound:        "No such meeting. 410 instead of 404 where it was deleted.",
	muster.BatchNotSupported:      "The meeting takes no batches.",
	muster.RegistrantNotFound:     "Nobody of that id is registered.",
	muster.RegistrantExists:       "Somebody of that email is registered, or was rejected.",
	muster.InviteeExists:          "Somebody of that email is invited already.",
	muster.WebhookNotFound:        "No such webhook.",
	muster.OneDateOnly:            "Registration is for meetings of one date: this one recurs.",
	muster.IdempotencyKeyInFlight: "The first request with this Idempotency-Key still runs; Retry-After says when to come again.",
	muster.Overloaded:             "Too many requests wait, or the database does not answer; Retry-After says when to come again.",
}

// Described returns status and description of a failure for documents.
func Described(code muster.Code) op.Failure {
	return op.Failure{Answer: op.Answer{Status: errTable[code]}, Text: cmp.Or(descriptions[code], code.Description())}
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
