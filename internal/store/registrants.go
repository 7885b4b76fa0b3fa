package store

import (
	"context"
	"database/sql"
	"strings"

	"muster/internal/muster"
)

const registrantColumns = `seq, id, slot, status, person, created_at`

// registrantScan reads rows of registrantColumns. Its variables serve all rows
// of one list: what Scan writes to is on the heap, each time anew.
type registrantScan struct {
	r       muster.Registrant
	person  string
	created int64
	dest    []any
}

func newRegistrantScan(m *muster.Meeting) *registrantScan {
	s := &registrantScan{r: muster.Registrant{Meeting: m.ID}}
	s.dest = []any{&s.r.Seq, &s.r.ID, &s.r.Slot, (*string)(&s.r.Status), &s.person, &s.created}
	return s
}

func (s *registrantScan) read(rows *sql.Rows, to *muster.Registrant) error {
	if err := rows.Scan(s.dest...); err != nil {
		return err
	}
	*to = s.r
	to.CreatedAt = fromMillis(s.created)
	return decodePerson(s.person, to)
}

// registrants runs a query for registrantColumns, of at most about most rows,
// and adds m's choices.
func (tx *Tx) registrants(ctx context.Context, m *muster.Meeting, most int, query string, args []any) ([]muster.Registrant, error) {
	var list []muster.Registrant
	scan := newRegistrantScan(m)
	err := tx.rows(ctx, "read registrants", query, args, func(rows *sql.Rows) error {
		if list == nil {
			list = make([]muster.Registrant, 0, most)
		}
		list = append(list, muster.Registrant{})
		return scan.read(rows, &list[len(list)-1])
	})
	if err != nil || m.RegistrationType != muster.OnceAndChoose || len(list) == 0 {
		return list, err
	}
	return list, tx.addChoices(ctx, m, list)
}

func (tx *Tx) addChoices(ctx context.Context, m *muster.Meeting, list []muster.Registrant) error {
	at := make(map[string]*muster.Registrant, len(list))
	args := []any{m.ID}
	for i := range list {
		at[list[i].ID] = &list[i]
		args = append(args, list[i].ID)
	}
	return tx.rows(ctx, "read choices", `
		SELECT registrant_id, occurrence_id, status
		FROM choices
		WHERE meeting_id = $1 AND registrant_id IN (`+params(2, len(list))+`)
		ORDER BY occurrence_id`, args, func(rows *sql.Rows) error {
		var id string
		var c muster.Choice
		if err := rows.Scan(&id, &c.Occurrence, &c.Status); err != nil {
			return err
		}
		at[id].Choices = append(at[id].Choices, c)
		return nil
	})
}

// Registrant returns m's registrant of the given id, or ErrNotFound.
func (tx *Tx) Registrant(ctx context.Context, m *muster.Meeting, id string) (*muster.Registrant, error) {
	list, err := tx.registrants(ctx, m, 1, `SELECT `+registrantColumns+` FROM registrants WHERE meeting_id = $1 AND id = $2`, []any{m.ID, id})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return &list[0], nil
}

// RegistrantsOf returns those of m's registrants in slot whose emails are among the given.
func (tx *Tx) RegistrantsOf(ctx context.Context, m *muster.Meeting, slot int64, emails []string) ([]muster.Registrant, error) {
	if len(emails) == 0 {
		return nil, nil
	}
	args := []any{m.ID, slot}
	for _, e := range emails {
		args = append(args, muster.EmailKey(e))
	}
	return tx.registrants(ctx, m, len(emails), `SELECT `+registrantColumns+` FROM registrants
		WHERE meeting_id = $1 AND slot = $2 AND email_key IN (`+params(3, len(emails))+`)`, args)
}

// FindRegistrants returns those of m's registrants whose id or email is
// among the given, in whatever slot.
func (tx *Tx) FindRegistrants(ctx context.Context, m *muster.Meeting, ids, emails []string) ([]muster.Registrant, error) {
	args := []any{m.ID}
	var is []string
	if len(ids) > 0 {
		is = append(is, `id IN (`+params(len(args)+1, len(ids))+`)`)
		args = append(args, anys(ids)...)
	}
	if len(emails) > 0 {
		slots := m.Slots()
		is = append(is, `(slot IN (`+params(len(args)+1, len(slots))+`) AND email_key IN (`+params(len(args)+1+len(slots), len(emails))+`))`)
		args = append(args, anys(slots)...)
		for _, e := range emails {
			args = append(args, muster.EmailKey(e))
		}
	}
	if len(is) == 0 {
		return nil, nil
	}
	return tx.registrants(ctx, m, len(ids)+len(emails), `SELECT `+registrantColumns+` FROM registrants
		WHERE meeting_id = $1 AND (`+strings.Join(is, " OR ")+`) ORDER BY seq`, args)
}

// AddRegistrants adds those of list, in its order, whose slot and email nobody
// has, and returns how many they were.
func (tx *Tx) AddRegistrants(ctx context.Context, list []*muster.Registrant) (added int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	const columns = 7
	args := make([]any, 0, columns*len(list))
	for _, r := range list {
		person, err := encodePerson(r)
		if err != nil {
			return 0, err
		}
		args = append(args, r.ID, r.Meeting, r.Slot, muster.EmailKey(r.Person.Email), string(r.Status), person, millis(r.CreatedAt))
	}
	n, err := tx.exec(ctx, "add registrants", `
		INSERT INTO registrants (id, meeting_id, slot, email_key, status, person, created_at)
		VALUES `+values(len(list), columns)+`
		ON CONFLICT (meeting_id, slot, email_key) DO NOTHING`, args...)
	return int(n), err
}

// RemoveRegistrants removes those of list for good.
func (tx *Tx) RemoveRegistrants(ctx context.Context, m *muster.Meeting, list []*muster.Registrant) error {
	args := make([]any, 1, 1+len(list))
	args[0] = m.ID
	for _, r := range list {
		args = append(args, r.ID)
	}
	_, err := tx.exec(ctx, "remove registrants", `DELETE FROM registrants WHERE meeting_id = $1 AND id IN (`+params(2, len(list))+`)`, args...)
	return err
}

// SetRegistrant replaces what may change of r, or returns ErrExists where
// its new email is taken.
func (tx *Tx) SetRegistrant(ctx context.Context, r *muster.Registrant) error {
	person, err := encodePerson(r)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "set registrant", `
		UPDATE registrants
		SET email_key = $1, status = $2, person = $3
		WHERE meeting_id = $4 AND id = $5`,
		muster.EmailKey(r.Person.Email), string(r.Status), person, r.Meeting, r.ID)
	if err != nil {
		return err
	}
	return tx.PutChoices(ctx, []*muster.Registrant{r})
}

// SetStatus gives all of ids, registrants of m without choices, one status.
func (tx *Tx) SetStatus(ctx context.Context, m *muster.Meeting, ids []string, status muster.Status) error {
	_, err := tx.exec(ctx, "set status", `UPDATE registrants SET status = $1 WHERE meeting_id = $2 AND id IN (`+params(3, len(ids))+`)`,
		append([]any{string(status), m.ID}, anys(ids)...)...)
	return err
}

// PutChoices stores the choices of list, whose registrants are stored.
func (tx *Tx) PutChoices(ctx context.Context, list []*muster.Registrant) error {
	var args []any
	for _, r := range list {
		for _, c := range r.Choices {
			args = append(args, r.Meeting, r.ID, c.Occurrence, string(c.Status))
		}
	}
	if len(args) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, "put choices", `
		INSERT INTO choices (meeting_id, registrant_id, occurrence_id, status) VALUES `+values(len(args)/4, 4)+`
		ON CONFLICT (meeting_id, registrant_id, occurrence_id) DO UPDATE SET status = excluded.status`, args...)
	return err
}

// RemoveRegistrant removes r for good.
func (tx *Tx) RemoveRegistrant(ctx context.Context, r *muster.Registrant) error {
	_, err := tx.exec(ctx, "remove registrant", `DELETE FROM registrants WHERE meeting_id = $1 AND id = $2`, r.Meeting, r.ID)
	return err
}

// RemoveChoice takes one occurrence from r.
func (tx *Tx) RemoveChoice(ctx context.Context, r *muster.Registrant, occurrence int64) error {
	_, err := tx.exec(ctx, "remove choice", `DELETE FROM choices WHERE meeting_id = $1 AND registrant_id = $2 AND occurrence_id = $3`,
		r.Meeting, r.ID, occurrence)
	return err
}

// OccurrencesWithPeople returns which occurrences of m people are registered for by themselves.
func (tx *Tx) OccurrencesWithPeople(ctx context.Context, m *muster.Meeting) (map[int64]bool, error) {
	held := map[int64]bool{}
	err := tx.rows(ctx, "read occurrences with people", `
		SELECT occurrence_id
		FROM tallies
		WHERE meeting_id = $1 AND occurrence_id <> 0 AND pending + approved + denied + cancelled + waitlisted > 0`,
		[]any{m.ID}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			held[id] = true
			return err
		})
	return held, err
}
