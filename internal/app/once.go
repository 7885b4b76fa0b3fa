package app

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"muster/internal/muster"
	"muster/internal/store"
)

// AnswerLife is how long the answer to a write with an Idempotency-Key is kept.
const AnswerLife = 24 * time.Hour

// A Keyed is a write with an Idempotency-Key, known by account, app and key.
type Keyed struct {
	Key         string
	Fingerprint string     // of method, path, query and decoded input
	Meeting     MeetingRef // the meeting it is about, zero if none: so that a deleted person can be found in the answer
}

// A Reply is an answer in the words of the dialect.
type Reply struct {
	Status int
	Body   []byte
}

// Once runs a write and stores its answer in the same transaction, or
// replays the answer that the same key got within AnswerLife. Failures are
// not stored: they changed nothing, and the next try runs afresh. The same
// key with another request is IdempotencyKeyReused, while the first runs
// IdempotencyKeyInFlight.
func (a *App) Once(ctx context.Context, by muster.Actor, k Keyed, run func(context.Context) (Reply, error)) (reply Reply, replayed bool, err error) {
	if by.Role != nil && by.Role.ID != muster.RoleOwner { // an app may act for many: nobody is told another's answer
		k.Key = by.User + "/" + k.Key
	}
	name := by.Home + "\x00" + by.App + "\x00" + k.Key
	if _, running := a.inFlight.LoadOrStore(name, true); running {
		return Reply{}, false, muster.Errorf(muster.IdempotencyKeyInFlight, "", "A request with this Idempotency-Key is still running: wait for its answer.")
	}
	defer a.inFlight.Delete(name)
	plain := k.Fingerprint                                      // as versions before stored it, see AnswerLife
	k.Fingerprint = a.Keys.Digest("fingerprint", k.Fingerprint) // keyed: the input may have a password, and a plain hash could be guessed
	h := &homework{done: map[string]any{}}
	ctx = context.WithValue(ctx, homeworkKey{}, h)
	reply, replayed, err = a.once(ctx, by, k, plain, h, run)
	for errors.Is(err, errBeforehand) {
		h.next()
		reply, replayed, err = a.once(ctx, by, k, plain, h, run)
	}
	if len(reply.Body) == 0 {
		reply.Body = nil
	}
	return reply, replayed, err
}

// once is Once in one transaction. Where run needs work that is to be done before
// it, h has that work and the error is errBeforehand.
func (a *App) once(ctx context.Context, by muster.Actor, k Keyed, plain string, h *homework, run func(context.Context) (Reply, error)) (reply Reply, replayed bool, err error) {
	err = a.write(ctx, func(tx *store.Tx) error {
		h.next = nil // of a run before, which was undone
		meeting, err := numberOf(ctx, tx, by, k.Meeting)
		if err != nil {
			return err
		}
		answer := store.Answer{Account: by.Home, App: by.App, Key: k.Key, Fingerprint: k.Fingerprint, Meeting: meeting}
		if replayed, err = tx.ClaimAnswer(ctx, &answer, tx.Now.Add(-AnswerLife)); err != nil {
			return err
		}
		if replayed && answer.Fingerprint != k.Fingerprint && answer.Fingerprint != plain {
			return muster.Errorf(muster.IdempotencyKeyReused, "", "This Idempotency-Key came before with another request: use a new key for a new request.")
		} else if replayed {
			reply = Reply{answer.Status, []byte(answer.Body)}
			return nil
		}
		if reply, err = run(context.WithValue(store.WithTx(ctx, tx), aboutKey{}, &answer.Meeting)); h.next != nil {
			return errBeforehand
		} else if err != nil {
			return err
		}
		answer.Status, answer.Body = reply.Status, string(reply.Body)
		return tx.StoreAnswer(ctx, &answer)
	})
	return reply, replayed, err
}

type aboutKey struct{}

// isAbout tells Once that the write it runs is about m, where the path of the
// request did not say so.
func isAbout(ctx context.Context, m *muster.Meeting) {
	if number, ok := ctx.Value(aboutKey{}).(*int64); ok {
		*number = m.ID
	}
}

// numberOf returns the number of the meeting that ref names, 0 for none.
func numberOf(ctx context.Context, tx *store.Tx, by muster.Actor, ref MeetingRef) (int64, error) {
	if ref.ID != 0 || ref.UUID == "" {
		return ref.ID, nil
	}
	n, err := tx.MeetingNumber(ctx, by.Account, ref.UUID)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// redact cuts each object in a stored answer that names the registrant down
// to its id. Somebody refused before they were registered is named by email.
func redact(body, registrant, email string) (string, error) {
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return "", err
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // so that an email with & is found again
	err := e.Encode(redactValue(v, registrant, email))
	return strings.TrimSuffix(b.String(), "\n"), err
}

func redactValue(v any, registrant, email string) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"registrant_id", "id"} {
			if v[name] == registrant {
				return map[string]any{name: registrant}
			}
		}
		if e, ok := v["email"].(string); ok && v["registrant_id"] == nil && v["id"] == nil && muster.EmailKey(e) == muster.EmailKey(email) {
			return map[string]any{"registrant_id": registrant}
		}
		for name, member := range v {
			v[name] = redactValue(member, registrant, email)
		}
	case []any:
		for i, element := range v {
			v[i] = redactValue(element, registrant, email)
		}
	}
	return v
}
