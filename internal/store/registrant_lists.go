package store

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"muster/internal/muster"
)

// A RegistrantFilter says which of a meeting's registrants a list has.
type RegistrantFilter struct {
	Statuses   []muster.Status
	Occurrence int64     // 0: any
	Email      string    // "": any
	From, To   time.Time // registered within, To itself not; zero: no bound
	Descending bool      // the last first
}

// Registrants returns up to limit of m's registrants in the order of
// registration, those after the row number after (in the list's order),
// skipping skip of them.
// The statuses are read one by one and merged, because the index that finds
// them is by status.
func (tx *Tx) Registrants(ctx context.Context, m *muster.Meeting, f RegistrantFilter, after int64, skip, limit int) ([]muster.Registrant, error) {
	args := []any{m.ID, after, skip + limit, limit, skip}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	from, status := ` FROM registrants r`, `r.status`
	where, order := ` WHERE r.meeting_id = $1 AND r.seq > $2`, `seq`
	if f.Descending {
		where, order = ` WHERE r.meeting_id = $1 AND r.seq < $2`, `seq DESC`
	}
	if !f.From.IsZero() {
		where += ` AND r.created_at >= ` + arg(millis(f.From))
	}
	if !f.To.IsZero() {
		where += ` AND r.created_at < ` + arg(millis(f.To))
	}
	switch {
	case f.Occurrence == 0 || m.RegistrationType == muster.OnceForAll:
	case m.RegistrationType == muster.EachSeparate:
		where += ` AND r.slot = ` + arg(f.Occurrence)
	default:
		from += ` JOIN choices c ON c.meeting_id = r.meeting_id AND c.registrant_id = r.id AND c.occurrence_id = ` + arg(f.Occurrence)
		status = `c.status`
	}
	if f.Email != "" {
		where += ` AND r.email_key = ` + arg(muster.EmailKey(f.Email))
	}
	var parts []string
	for _, s := range f.Statuses {
		parts = append(parts, `SELECT `+registrantColumns+` FROM (SELECT `+prefixed(registrantColumns)+from+where+` AND `+status+` = `+
			arg(string(s))+` ORDER BY r.`+order+` LIMIT $3) AS part`+strconv.Itoa(len(parts)))
	}
	return tx.registrants(ctx, m, limit, strings.Join(parts, ` UNION ALL `)+` ORDER BY `+order+` LIMIT $4 OFFSET $5`, args)
}

func prefixed(columns string) string { return "r." + strings.ReplaceAll(columns, ", ", ", r.") }

// Tally returns how m's registrations stand, of one occurrence or (0) of all.
func (tx *Tx) Tally(ctx context.Context, m *muster.Meeting, occurrence int64) (muster.Tally, error) {
	var t muster.Tally
	err := tx.row(ctx, "read tally", `
		SELECT COALESCE(SUM(pending), 0), COALESCE(SUM(approved), 0), COALESCE(SUM(denied), 0), COALESCE(SUM(cancelled), 0),
			COALESCE(SUM(waitlisted), 0)
		FROM tallies
		WHERE meeting_id = $1 AND occurrence_id = $2`,
		[]any{m.ID, occurrence}, []any{&t.Pending, &t.Approved, &t.Denied, &t.Cancelled, &t.Waitlisted})
	return t, err
}

// EverRegistered returns how many registrations m has had, the removed ones too.
func (tx *Tx) EverRegistered(ctx context.Context, m *muster.Meeting) (int64, error) {
	if made, known := tx.memo.ever(m.ID); known {
		return made, nil
	}
	var made int64
	err := tx.row(ctx, "read number of registrations", `SELECT COALESCE(SUM(made), 0) FROM tallies WHERE meeting_id = $1 AND occurrence_id = 0`,
		[]any{m.ID}, []any{&made})
	if err == nil {
		tx.memo.putEver(m.ID, made)
	}
	return made, err
}

// PeopleVersion returns a number that every change of m's people replaces by
// one that was never there: it is 0 while there are none.
func (tx *Tx) PeopleVersion(ctx context.Context, m *muster.Meeting) (int64, error) {
	var version int64
	err := tx.row(ctx, "read version of people", `SELECT COALESCE(SUM(version), 0) FROM tallies WHERE meeting_id = $1 AND occurrence_id = 0`,
		[]any{m.ID}, []any{&version})
	return version, err
}

// Count changes m's tallies and counts made new registrations. Whoever changes
// people calls it, also where no tally changes but changes has its key, for it
// is what makes another PeopleVersion. It returns
// ErrFull, having changed nothing that lasts, where a tally that limits
// places would grow beyond ceiling (0: no ceiling). The check and the change
// are one statement, so that no two writers pass together.
func (tx *Tx) Count(ctx context.Context, m *muster.Meeting, changes muster.Tallies, made int, ceiling int64) error {
	for _, occurrence := range changes.Occurrences() {
		t := changes[occurrence]
		grow := 0
		if occurrence == 0 {
			grow = made
		}
		limit := int64(1 << 62)
		if ceiling > 0 && t.Places() > 0 && m.LimitedPlaces(occurrence) {
			limit = ceiling
			if t.Places() > ceiling {
				return ErrFull
			}
		}
		n, err := tx.exec(ctx, "count registrations", `
			INSERT INTO tallies (meeting_id, occurrence_id, pending, approved, denied, cancelled, waitlisted, made, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (meeting_id, occurrence_id) DO UPDATE SET
				pending = tallies.pending + excluded.pending,
				approved = tallies.approved + excluded.approved,
				denied = tallies.denied + excluded.denied,
				cancelled = tallies.cancelled + excluded.cancelled,
				waitlisted = tallies.waitlisted + excluded.waitlisted,
				made = tallies.made + excluded.made,
				version = excluded.version
			WHERE tallies.pending + tallies.approved + excluded.pending + excluded.approved <= $10`,
			m.ID, occurrence, t.Pending, t.Approved, t.Denied, t.Cancelled, t.Waitlisted, grow, newVersion(), limit)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrFull
		}
		tx.memo.grow(m.ID, grow)
	}
	return nil
}

// newVersion draws a number. One that was counted would come a second time
// where a failover or a restored copy has lost the latest changes.
func newVersion() int64 { return 1 + rand.Int64N(1<<62) }
