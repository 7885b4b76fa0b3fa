package zoom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"

	"muster/internal/muster"
	"muster/internal/op"
)

// errTable gives the status and the API's own number for every muster.Code.
// An operation that deviates says so in its Spec.
var errTable = map[muster.Code]op.Answer{
	muster.Invalid:                {Status: 400, Code: 300},
	muster.PageTokenInvalid:       {Status: 400, Code: 300},
	muster.Forbidden:              {Status: 400, Code: 200},
	muster.Refused:                {Status: 400, Code: 3000},
	muster.AccountNotFound:        {Status: 404, Code: 2001},
	muster.UserNotFound:           {Status: 404, Code: 1001},
	muster.UserExists:             {Status: 409, Code: 1005},
	muster.WrongAccount:           {Status: 400, Code: 1010},
	muster.MeetingNotFound:        {Status: 404, Code: 3001},
	muster.MeetingInProgress:      {Status: 400, Code: 3002},
	muster.NotHost:                {Status: 400, Code: 3003},
	muster.HostingNotAllowed:      {Status: 400, Code: 3161},
	muster.RegistrationOff:        {Status: 404, Code: 404},
	muster.RegistrationClosed:     {Status: 400, Code: 3038},
	muster.BatchNotSupported:      {Status: 400, Code: 303},
	muster.HostCannotRegister:     {Status: 400, Code: 3027},
	muster.Full:                   {Status: 400, Code: 3043},
	muster.RegistrantNotFound:     {Status: 404, Code: 3001},
	muster.RegistrantExists:       {Status: 400, Code: 3000},
	muster.InviteeNotFound:        {Status: 404, Code: 3001},
	muster.InviteeExists:          {Status: 400, Code: 3000},
	muster.WebhookNotFound:        {Status: 404, Code: 3000},
	muster.OneDateOnly:            {Status: 400, Code: 3000},
	muster.GroupNotFound:          {Status: 404, Code: 4130},
	muster.GroupExists:            {Status: 409, Code: 4132},
	muster.GroupMemberNotFound:    {Status: 404, Code: 4131},
	muster.PersonDailyLimit:       {Status: 429, Code: 429},
	muster.HostDailyLimit:         {Status: 429, Code: 429},
	muster.IdempotencyKeyReused:   {Status: 409, Code: 3000},
	muster.IdempotencyKeyInFlight: {Status: 409, Code: 3000},
	muster.Overloaded:             {Status: 503, Code: 503},
	muster.GroupAdminNotFound:     {Status: 400, Code: 4138},
	muster.GroupDailyLimit:        {Status: 429, Code: 429},
	muster.FileRefused:            {Status: 400, Code: 120},

	muster.AdministratorKept:     {Status: 400, Code: 1117},
	muster.AdministratorsEmail:   {Status: 400, Code: 1000},
	muster.UserTypeUnfit:         {Status: 400, Code: 1108},
	muster.PaidHostNeeded:        {Status: 400, Code: 1109},
	muster.PasswordNotKept:       {Status: 400, Code: 1123},
	muster.PasswordTooShort:      {Status: 400, Code: 1124},
	muster.PasswordNoLetter:      {Status: 400, Code: 1125},
	muster.PasswordNoDigit:       {Status: 400, Code: 1126},
	muster.PasswordNoSpecial:     {Status: 400, Code: 1127},
	muster.PasswordOneCase:       {Status: 400, Code: 1128},
	muster.PasswordRepeats:       {Status: 400, Code: 1130},
	muster.PasswordSequence:      {Status: 400, Code: 1131},
	muster.PasswordGuessable:     {Status: 400, Code: 1136},
	muster.DeviceNotFound:        {Status: 404, Code: 1238},
	muster.WebinarUnfit:          {Status: 400, Code: 1122},
	muster.EventsUnfit:           {Status: 400, Code: 1206},
	muster.ConcurrentUnfit:       {Status: 400, Code: 1207},
	muster.EventsOverWebinar:     {Status: 400, Code: 1204},
	muster.TwoWhiteboards:        {Status: 400, Code: 1242},
	muster.RoleNotFound:          {Status: 400, Code: 300},
	muster.RoleExists:            {Status: 400, Code: 1224},
	muster.TrackingFieldNotFound: {Status: 404, Code: 5110},
	muster.TrackingFieldExists:   {Status: 400, Code: 200},
}

// Refuses spells the failures of an operation for its Spec. Every operation
// may also answer what the form of any request may get (Invalid, Overloaded).
func Refuses(codes ...muster.Code) []string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = string(c)
	}
	return names
}

// AnswerTo returns the status and code of a failure of s.
func AnswerTo(s *op.Spec, code muster.Code) op.Answer {
	if a, ok := s.Errors[string(code)]; ok {
		return a
	}
	return errTable[code]
}

// A failure is a refusal of the dialect itself, before any use case.
type failure struct {
	status, code int
	message      string
}

func (f *failure) Error() string { return fmt.Sprintf("%d/%d: %s", f.status, f.code, f.message) }

// An envelope is the body of every failure.
type envelope struct {
	Code    int          `json:"code"`
	Message string       `json:"message"`
	Errors  []fieldError `json:"errors,omitempty"`
}

type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

const validationFailed = "Validation Failed."

// Fail implements op.Dialect.
func (d *Dialect) Fail(w http.ResponseWriter, r *http.Request, s *op.Spec, err error) {
	call := op.CallOf(r.Context())
	if errors.Is(err, op.ErrBusy) {
		err = muster.Errorf(muster.Overloaded, "", "Too many files come at once: try again in a second.")
	}
	if f, ok := errors.AsType[*failure](err); ok {
		call.Code = fmt.Sprintf("zoom_%d", f.code)
		writeFailure(w, f.status, envelope{Code: f.code, Message: f.message})
		return
	}
	if b, ok := errors.AsType[*op.BadRequest](err); ok {
		call.Code = string(muster.Invalid)
		e := envelope{Code: 300, Message: b.Message}
		for _, p := range b.Problems {
			e.Errors = append(e.Errors, fieldError{p.Field, p.Rule})
		}
		writeFailure(w, b.Status, e.validated())
		return
	}
	if e, ok := errors.AsType[*muster.Error](err); ok {
		call.Code, call.Err = string(e.Code), e.Cause
		d.failWith(w, s, e)
		return
	}
	if errors.Is(err, context.Canceled) { // nobody reads this; the status is for the log
		call.Code = "client_gone"
		writeFailure(w, op.StatusClientGone, envelope{Code: op.StatusClientGone, Message: "The client is gone."})
		return
	}
	call.Code, call.Err = "internal", err
	writeFailure(w, http.StatusInternalServerError, envelope{Code: 500, Message: "Internal error."})
}

func (d *Dialect) failWith(w http.ResponseWriter, s *op.Spec, e *muster.Error) {
	a := AnswerTo(s, e.Code)
	body := envelope{Code: a.Code, Message: e.Detail}
	for _, p := range e.Problems {
		body.Errors = append(body.Errors, fieldError{p.Field, p.Rule})
	}
	switch e.Code {
	case muster.PersonDailyLimit, muster.HostDailyLimit, muster.GroupDailyLimit:
		body.Message = dailyMessage(s, e)
		w.Header().Set("Retry-After", nextDay(d.App.Now()))
	case muster.Overloaded:
		w.Header().Set("Retry-After", "1")
	}
	writeFailure(w, a.Status, body.validated())
}

// validated gives an envelope with field errors the message that clients know.
func (e envelope) validated() envelope {
	if len(e.Errors) > 0 && e.Message == "" {
		e.Message = validationFailed
	}
	return e
}

// Spell returns the code, the field and the message of a refusal as an
// envelope would have them: for reports that list refusals.
func Spell(s *op.Spec, e *muster.Error) (code int, field, message string) {
	if e.Code == muster.PersonDailyLimit {
		return AnswerTo(s, e.Code).Code, "", dailyMessage(s, e)
	}
	if len(e.Problems) > 0 {
		return AnswerTo(s, e.Code).Code, e.Problems[0].Field, e.Problems[0].Rule
	}
	return AnswerTo(s, e.Code).Code, "", e.Detail
}

func writeFailure(w http.ResponseWriter, status int, e envelope) {
	body, err := json.Marshal(e)
	if err != nil { // a text that is not UTF-8: nothing of ours
		body = []byte(`{"code":300,"message":"Invalid request."}`)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client is gone; nobody to tell
}

// descriptions say in documents what a failure is where the domain's words do
// not do; errTable has its numbers.
var descriptions = map[muster.Code]string{
	muster.Invalid:          "A field breaks a rule; errors[] names both.",
	muster.PageTokenInvalid: "next_page_token is forged, expired or of another list.",
	muster.Refused:          "A rule of the business says no; the message says which.",
}

// Described returns status, code and description of a failure for documents.
func Described(code muster.Code) op.Failure {
	return op.Failure{Answer: errTable[code], Text: cmp.Or(descriptions[code], code.Description())}
}

// EnvelopeSchema is the JSON Schema of the body of every failure.
func EnvelopeSchema() map[string]any {
	text := map[string]any{"type": "string"}
	return map[string]any{
		"type":     "object",
		"required": []string{"code", "message"},
		"properties": map[string]any{
			"code":    map[string]any{"type": "integer"},
			"message": text,
			"errors": map[string]any{"type": "array", "items": map[string]any{
				"type": "object", "required": []string{"field", "message"}, "properties": map[string]any{"field": text, "message": text},
			}},
		},
	}
}
