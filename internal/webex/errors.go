package webex

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"muster/internal/muster"
	"muster/internal/op"
)

// errTable gives the status for every muster.Code; this API has no numbers of
// its own. [page 3, semantics 8.3]
var errTable = map[muster.Code]int{
	muster.Invalid:                http.StatusBadRequest,
	muster.PageTokenInvalid:       http.StatusBadRequest,
	muster.Forbidden:              http.StatusForbidden,
	muster.Refused:                http.StatusBadRequest,
	muster.AccountNotFound:        http.StatusNotFound,
	muster.UserNotFound:           http.StatusNotFound,
	muster.UserExists:             http.StatusConflict,
	muster.WrongAccount:           http.StatusNotFound,
	muster.MeetingNotFound:        http.StatusNotFound, // 410 where it was deleted
	muster.MeetingInProgress:      http.StatusConflict,
	muster.NotHost:                http.StatusForbidden,
	muster.HostingNotAllowed:      http.StatusForbidden,
	muster.RegistrationOff:        http.StatusBadRequest,
	muster.RegistrationClosed:     http.StatusConflict,
	muster.BatchNotSupported:      http.StatusBadRequest,
	muster.OneDateOnly:            http.StatusBadRequest,
	muster.HostCannotRegister:     http.StatusConflict,
	muster.Full:                   http.StatusConflict,
	muster.RegistrantNotFound:     http.StatusNotFound,
	muster.RegistrantExists:       http.StatusConflict,
	muster.GroupNotFound:          http.StatusNotFound,
	muster.GroupExists:            http.StatusConflict,
	muster.GroupMemberNotFound:    http.StatusNotFound,
	muster.InviteeNotFound:        http.StatusNotFound,
	muster.InviteeExists:          http.StatusConflict,
	muster.WebhookNotFound:        http.StatusNotFound,
	muster.PersonDailyLimit:       http.StatusTooManyRequests,
	muster.HostDailyLimit:         http.StatusTooManyRequests,
	muster.IdempotencyKeyReused:   http.StatusConflict,
	muster.IdempotencyKeyInFlight: http.StatusLocked,
	muster.Overloaded:             http.StatusServiceUnavailable,
	muster.GroupAdminNotFound:     http.StatusNotFound,
	muster.GroupDailyLimit:        http.StatusTooManyRequests,
	muster.FileRefused:            http.StatusBadRequest,

	muster.AdministratorKept:     http.StatusBadRequest,
	muster.AdministratorsEmail:   http.StatusBadRequest,
	muster.UserTypeUnfit:         http.StatusBadRequest,
	muster.PaidHostNeeded:        http.StatusBadRequest,
	muster.PasswordNotKept:       http.StatusBadRequest,
	muster.PasswordTooShort:      http.StatusBadRequest,
	muster.PasswordNoLetter:      http.StatusBadRequest,
	muster.PasswordNoDigit:       http.StatusBadRequest,
	muster.PasswordNoSpecial:     http.StatusBadRequest,
	muster.PasswordOneCase:       http.StatusBadRequest,
	muster.PasswordRepeats:       http.StatusBadRequest,
	muster.PasswordSequence:      http.StatusBadRequest,
	muster.PasswordGuessable:     http.StatusBadRequest,
	muster.DeviceNotFound:        http.StatusNotFound,
	muster.WebinarUnfit:          http.StatusBadRequest,
	muster.EventsUnfit:           http.StatusBadRequest,
	muster.ConcurrentUnfit:       http.StatusBadRequest,
	muster.EventsOverWebinar:     http.StatusBadRequest,
	muster.TwoWhiteboards:        http.StatusBadRequest,
	muster.RoleNotFound:          http.StatusNotFound,
	muster.RoleExists:            http.StatusConflict,
	muster.TrackingFieldNotFound: http.StatusNotFound,
	muster.TrackingFieldExists:   http.StatusConflict,
}

// AnswerTo returns the status of a failure of s.
func AnswerTo(s *op.Spec, code muster.Code) op.Answer {
	if a, ok := s.Errors[string(code)]; ok {
		return a
	}
	return op.Answer{Status: errTable[code]}
}

func refuses(codes ...muster.Code) []string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = string(c)
	}
	return names
}

// A failure is an answer that tells what is wrong.
type failure struct {
	status       int
	text         string // of the whole; "" where descriptions tell
	descriptions []string
	retry        string // Retry-After in seconds, "" for none
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s %q", f.status, f.text, f.descriptions) }

// An envelope is the body of every failure. [semantics 8.4]
type envelope struct {
	Message    string             `json:"message"`
	Errors     []errorDescription `json:"errors"`
	TrackingID string             `json:"trackingId"`
}

type errorDescription struct {
	Description string `json:"description"`
}

const (
	invalid  = "The request is not as it should be: errors says what is wrong."
	internal = "Internal error."
)

// Fail implements op.Dialect.
func (d *Dialect) Fail(w http.ResponseWriter, r *http.Request, s *op.Spec, err error) {
	call := op.CallOf(r.Context())
	if f, ok := errors.AsType[*failure](err); ok {
		call.Code = fmt.Sprintf("webex_%d", f.status)
		writeFailure(w, r, f)
		return
	}
	if b, ok := errors.AsType[*op.BadRequest](err); ok {
		call.Code = string(muster.Invalid)
		f := &failure{status: b.Status, text: b.Message}
		for _, p := range b.Problems {
			f.descriptions = append(f.descriptions, p.Field+": "+p.Rule)
		}
		writeFailure(w, r, f)
		return
	}
	if e, ok := errors.AsType[*muster.Error](err); ok {
		call.Code, call.Err = string(e.Code), e.Cause
		writeFailure(w, r, spell(s, e, d.App.Now()))
		return
	}
	if errors.Is(err, context.Canceled) { // nobody reads this; the status is for the log
		call.Code = "client_gone"
		writeFailure(w, r, &failure{status: op.StatusClientGone, text: "The client is gone."})
		return
	}
	call.Code, call.Err = "internal", err
	writeFailure(w, r, &failure{status: http.StatusInternalServerError, text: internal})
}

func spell(s *op.Spec, e *muster.Error, now time.Time) *failure {
	f := &failure{status: AnswerTo(s, e.Code).Status, text: translate(e.Detail)}
	for _, p := range e.Problems {
		f.descriptions = append(f.descriptions, translateField(p.Field)+": "+p.Rule)
	}
	switch e.Code {
	case muster.PageTokenInvalid:
		f.text = "The cursor is forged, expired or of another list: repeat the request without it to start again."
	case muster.MeetingNotFound:
		f.text = "The meeting does not exist."
		if e.Gone {
			f.status, f.text = http.StatusGone, "The meeting was deleted."
		}
	case muster.PersonDailyLimit:
		f.text = fmt.Sprintf("The day's %d requests of this kind about %s in this meeting are used up.", e.Limit, e.Subject)
		f.retry = seconds(now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now))
	case muster.HostDailyLimit:
		f.text = fmt.Sprintf("The day's %d creates and updates of this host's meetings are used up.", e.Limit)
		f.retry = seconds(now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now))
	case muster.Overloaded, muster.IdempotencyKeyInFlight:
		f.retry = "1"
	}
	return f
}

// numbered is where the domain's words name a meeting by the number that this
// API does not know it by.
var numbered = regexp.MustCompile(`this meeting: \d{9,}|[Mm]eeting \d{9,}`)

func unnumbered(text string) string {
	return numbered.ReplaceAllStringFunc(text, func(name string) string {
		switch name[0] {
		case 'M':
			return "The meeting"
		case 'm':
			return "the meeting"
		}
		return "this meeting"
	})
}

// ourNames are the domain's names of fields that this API names otherwise.
var ourNames = regexp.MustCompile(`^registrants\[|custom_questions|first_name|last_name|job_title|\borg\b|\baddress\b|\bzip\b|\bcountry\b|\bphone\b|` +
	`start_time|end_time|\bduration\b|\btopic\b|max_length|max_registrants|settings\.|\.title$|\.answers$`)

var theirNames = map[string]string{
	"registrants[": "items[", "custom_questions": "customizedQuestions", "first_name": "firstName", "last_name": "lastName", "job_title": "jobTitle",
	"org": "companyName", "address": "address1", "zip": "zipCode", "country": "countryRegion", "phone": "workPhone",
	"start_time": "start", "end_time": "end", "duration": "end", "topic": "title", "max_length": "maxLength", "max_registrants": "maxRegisterNum", "settings.": "",
	".title": ".question", ".answers": ".options",
}

// translate gives the row that a sentence may begin with this API's name, and
// takes the meeting's number out of it.
func translate(text string) string {
	if rest, ok := strings.CutPrefix(text, "registrants["); ok {
		text = "items[" + rest
	}
	return unnumbered(text)
}

// question is where a field's path names a question by its title, which is
// the host's own and not translated.
var question = regexp.MustCompile(`custom_questions\[[^\]]*[^\d\]]`)

// translateField gives a field this API's name.
func translateField(path string) string {
	title := ""
	if at := question.FindStringIndex(path); at != nil {
		open := at[0] + len("custom_questions[")
		path, title = path[:open], path[open:]
	}
	if setting, ok := strings.CutPrefix(path, "settings."); ok {
		path = optionOf(setting)
	}
	return ourNames.ReplaceAllStringFunc(path, func(name string) string { return theirNames[name] }) + title
}

func writeFailure(w http.ResponseWriter, r *http.Request, f *failure) {
	e := envelope{Message: f.text, TrackingID: trackingID(r)}
	if e.Message == "" || f.status == http.StatusBadRequest {
		e.Message = invalid
	}
	for _, text := range f.descriptions {
		e.Errors = append(e.Errors, errorDescription{text})
	}
	if len(e.Errors) == 0 {
		e.Errors = []errorDescription{{f.text}}
	}
	body, err := json.Marshal(e)
	if err != nil { // a text that is not UTF-8: nothing of ours
		body = []byte(`{"message":"Invalid request.","errors":[],"trackingId":""}`)
	}
	if f.retry != "" {
		w.Header().Set("Retry-After", f.retry)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(f.status)
	_, _ = w.Write(body) // the client is gone; nobody to tell
}
