package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"muster/internal/muster"
)

// doneBy is the object under which the audit has what a user or an app did.
// No other object has a colon, see muster.AuditObject.
func doneBy(actor string) string { return "by:" + actor }

// appendAudit makes an event findable by time, by what it is about and by who
// did it.
func (tx *Tx) appendAudit(ctx context.Context, e *muster.Event) error {
	objects := []string{""}
	add := func(object string) {
		if !slices.Contains(objects, object) {
			objects = append(objects, object)
		}
	}
	for _, actor := range []string{e.User, e.App} {
		if actor != "" {
			add(doneBy(actor))
		}
	}
	for _, s := range e.Subjects {
		add(muster.AuditObject(s))
	}
	for part := range slices.Chunk(objects, 100) { // a statement has a bound of parameters
		args := []any{e.ID, e.Account, millis(e.At)}
		rows := make([]string, len(part))
		for i, o := range part {
			args = append(args, o)
			rows[i] = `($1, ` + params(4+i, 1) + `, $2, $3)`
		}
		_, err := tx.exec(ctx, "append audit", `INSERT INTO audit (event_id, object, account_id, at) VALUES `+strings.Join(rows, ", "), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// An AuditFilter says which events of an account's administration are asked
// for. What is "" or zero asks for all.
type AuditFilter struct {
	Object   string // the id of what was changed
	Actor    string // the id of the user or of the app that did it
	Kind     string // such as role.created, or all of role
	From, To time.Time
}

// An AuditPlace is where a page of the audit begins: after the event of this
// time and row.
type AuditPlace struct{ At, Seq int64 } // At in milliseconds

// Audit returns up to limit events of an account's administration, the newest
// first, those that come after the place, nil for the beginning, and where each is.
func (tx *Tx) Audit(ctx context.Context, account string, f AuditFilter, after *AuditPlace, limit int) (events []muster.Event, places []AuditPlace, err error) {
	const forever = 1 << 62
	from, to := millis(f.From), int64(forever)
	if !f.To.IsZero() {
		to = millis(f.To)
	}
	at := AuditPlace{At: forever}
	if after != nil {
		at = *after
	}
	object, actor := muster.AuditObject(f.Object), f.Actor
	if object == "" && actor != "" {
		object, actor = doneBy(actor), ""
	}
	err = tx.rows(ctx, "list audit", `
		SELECT e.id, e.account_id, e.at, e.kind, e.app_id, e.user_id, e.meeting_id, e.subjects, e.data, a.seq
		FROM audit a JOIN events e ON e.id = a.event_id
		WHERE a.account_id = $1 AND a.object = $2 AND a.at >= $3 AND a.at < $4 AND a.at <= $5 AND (a.at < $5 OR a.seq < $6)
			AND ($7 = '' OR e.user_id = $7 OR e.app_id = $7) AND ($8 = '' OR e.kind = $8 OR substr(e.kind, 1, $9) = $10)
		ORDER BY a.at DESC, a.seq DESC
		LIMIT $11`,
		[]any{account, object, from, to, at.At, at.Seq, actor, f.Kind, len(f.Kind) + 1, f.Kind + ".", limit},
		func(rows *sql.Rows) error {
			var place AuditPlace
			e, err := scanEvent(rows, &place.Seq)
			place.At = millis(e.At)
			events, places = append(events, e), append(places, place)
			return err
		})
	return events, places, err
}

// ForgetAudit removes up to limit events of an account's administration from
// before a time, the oldest first, and returns how many. Those that a job of the
// prefix and the event's id still follows stay.
func (tx *Tx) ForgetAudit(ctx context.Context, account string, before time.Time, prefix string, limit int) (int64, error) {
	return tx.exec(ctx, "forget audit", `
		DELETE FROM events WHERE id IN (
			SELECT a.event_id FROM audit a
			WHERE a.account_id = $1 AND a.object = '' AND a.at < $2 AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = $3 || a.event_id)
			ORDER BY a.at
			LIMIT $4)`, account, millis(before), prefix, limit)
}
