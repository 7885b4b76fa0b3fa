package store

import (
	"context"
	"database/sql"
	"time"

	"muster/internal/muster"
)

// meetingColumns are the key and what may change.
const meetingColumns = `id, ` + meetingBody

const meetingBody = `uuid, account_id, host_id, assistant_id, type, topic, agenda, start_at, end_at, minutes, timezone, recurrence,
	passcode, pre_schedule, state, state_before, approval, registration_type, close_registration, alternative_hosts, settings, questions,
	tracking, created_at, updated_at, deleted_at, kept`

// A meetingRow is a meeting between the domain and its columns.
type meetingRow struct {
	m                         *muster.Meeting
	start, end, minutes       int64
	created, updated, deleted int64
	settings, kept            string
	docs                      meetingDocs
}

func (r *meetingRow) dest() []any {
	m := r.m
	return []any{
		&m.ID, &m.UUID, &m.Account, &m.Host, &m.Assistant, &m.Type, &m.Topic, &m.Agenda, &r.start, &r.end, &r.minutes, &m.Timezone,
		&r.docs.recurrence, &m.Passcode, &m.PreSchedule, &m.State, &m.StateBefore, &m.Approval, &m.RegistrationType, &m.CloseRegistration,
		&r.docs.alternatives, &r.settings, &r.docs.questions, &r.docs.tracking, &r.created, &r.updated, &r.deleted,
		&r.kept,
	}
}

func (r *meetingRow) finish() (*muster.Meeting, error) {
	m := r.m
	m.Start, m.Duration = fromMillis(r.start), time.Duration(r.minutes)*time.Minute
	m.CreatedAt, m.UpdatedAt, m.DeletedAt = fromMillis(r.created), fromMillis(r.updated), fromMillis(r.deleted)
	m.Settings, m.Kept = []byte(r.settings), []byte(r.kept)
	if err := r.docs.decodeInto(m); err != nil {
		return nil, err
	}
	return m, nil
}

// meetingArgs returns m's columns in their order.
func meetingArgs(m *muster.Meeting) ([]any, error) {
	docs, err := encodeMeeting(m)
	if err != nil {
		return nil, err
	}
	return []any{
		m.ID, m.UUID, m.Account, m.Host, m.Assistant, m.Type, m.Topic, m.Agenda, millis(m.Start), millis(endOf(m)), minutes(m.Duration),
		m.Timezone, docs.recurrence, m.Passcode, m.PreSchedule, m.State, m.StateBefore, m.Approval, m.RegistrationType, m.CloseRegistration,
		docs.alternatives, string(orEmpty(m.Settings)), docs.questions, docs.tracking, millis(m.CreatedAt), millis(m.UpdatedAt), millis(m.DeletedAt),
		string(orEmpty(m.Kept)),
	}, nil
}

// endOf returns when the last of m is over by the clock, the zero time if never.
func endOf(m *muster.Meeting) time.Time {
	if m.Type == muster.RecurringNoFixed {
		return time.Time{}
	}
	if !m.Series() {
		return m.Start.Add(m.Duration)
	}
	end := m.UpdatedAt // where nothing is left
	for _, o := range m.Occurrences {
		if e := o.Start.Add(o.Duration); !o.Deleted && !o.Ended && e.After(end) {
			end = e
		}
	}
	return end
}

// Meeting returns the meeting of account with the given number, deleted
// meetings among them, or ErrNotFound.
func (tx *Tx) Meeting(ctx context.Context, account string, id int64) (*muster.Meeting, error) {
	return tx.meeting(ctx, `SELECT `+meetingColumns+` FROM meetings WHERE account_id = $1 AND id = $2`+tx.lock, account, id)
}

// MeetingByUUID returns the meeting of account with the given uuid, or ErrNotFound.
func (tx *Tx) MeetingByUUID(ctx context.Context, account, uuid string) (*muster.Meeting, error) {
	return tx.meeting(ctx, `SELECT `+meetingColumns+` FROM meetings WHERE account_id = $1 AND uuid = $2`+tx.lock, account, uuid)
}

// PublicMeeting returns the meeting with the given number, of whatever
// account: for pages that a link's token opens. API calls use Meeting.
func (tx *Tx) PublicMeeting(ctx context.Context, id int64) (*muster.Meeting, error) {
	return tx.meeting(ctx, `SELECT `+meetingColumns+` FROM meetings WHERE id = $1`, id)
}

func (tx *Tx) meeting(ctx context.Context, query string, args ...any) (*muster.Meeting, error) {
	key := ""
	if tx.memo != nil {
		key = memoKey(query, args)
		if m := tx.memo.meeting(key); m != nil {
			return m, nil
		}
	}
	m, err := tx.readMeeting(ctx, query, args...)
	if err == nil {
		tx.memo.putMeeting(key, m)
	}
	return m, err
}

func (tx *Tx) readMeeting(ctx context.Context, query string, args ...any) (*muster.Meeting, error) {
	r := meetingRow{m: new(muster.Meeting)}
	if err := tx.row(ctx, "read meeting", query, args, r.dest()); err != nil {
		return nil, err
	}
	m, err := r.finish()
	if err != nil || !m.Series() {
		return m, err
	}
	occs, err := tx.occurrences(ctx, []any{m.ID})
	m.Occurrences = occs[m.ID]
	return m, err
}

// occurrences returns those of the meetings of the given numbers, by start.
func (tx *Tx) occurrences(ctx context.Context, ids []any) (map[int64][]muster.Occurrence, error) {
	all := map[int64][]muster.Occurrence{}
	err := tx.rows(ctx, "read occurrences", `
		SELECT meeting_id, id, start_at, minutes, deleted, ended, changes
		FROM occurrences
		WHERE meeting_id IN (`+params(1, len(ids))+`)
		ORDER BY meeting_id, start_at, id`, ids, func(rows *sql.Rows) error {
		var o muster.Occurrence
		var meeting, start, min int64
		var changes string
		if err := rows.Scan(&meeting, &o.ID, &start, &min, &o.Deleted, &o.Ended, &changes); err != nil {
			return err
		}
		o.Start, o.Duration = fromMillis(start), time.Duration(min)*time.Minute
		o.Changes = []byte(changes)
		all[meeting] = append(all[meeting], o)
		return nil
	})
	return all, err
}

// MeetingNumber returns the number of account's meeting of the given uuid, or
// ErrNotFound. It locks nothing.
func (tx *Tx) MeetingNumber(ctx context.Context, account, uuid string) (int64, error) {
	var id int64
	err := tx.row(ctx, "read meeting's number", `SELECT id FROM meetings WHERE account_id = $1 AND uuid = $2`, []any{account, uuid}, []any{&id})
	return id, err
}

// MeetingAccount returns the account that the meeting of the given number or,
// where that is 0, uuid is in, or ErrNotFound: for telling an administrator
// where it is.
func (tx *Tx) MeetingAccount(ctx context.Context, id int64, uuid string) (string, error) {
	query, key := `SELECT account_id FROM meetings WHERE id = $1`, any(id)
	if id == 0 {
		query, key = `SELECT account_id FROM meetings WHERE uuid = $1`, any(uuid)
	}
	var account string
	err := tx.row(ctx, "read meeting's account", query, []any{key}, []any{&account})
	return account, err
}

// UserAccount returns the account of the user of the given id, or ErrNotFound.
func (tx *Tx) UserAccount(ctx context.Context, id string) (string, error) {
	var account string
	err := tx.row(ctx, "read user's account", `SELECT account_id FROM users WHERE id = $1`, []any{id}, []any{&account})
	return account, err
}

// AddMeeting adds m with its occurrences, or returns ErrExists, with the
// transaction as it was, where its number or uuid is taken.
func (tx *Tx) AddMeeting(ctx context.Context, m *muster.Meeting) error {
	args, err := meetingArgs(m)
	if err != nil {
		return err
	}
	n, err := tx.exec(ctx, "add meeting", `
		INSERT INTO meetings (`+meetingColumns+`) VALUES (`+params(1, len(args))+`) ON CONFLICT DO NOTHING`, args...)
	if err == nil && n == 0 {
		return ErrExists
	}
	if err != nil {
		return err
	}
	return tx.PutOccurrences(ctx, m)
}

// SetMeeting replaces m, which must exist, without its occurrences.
func (tx *Tx) SetMeeting(ctx context.Context, m *muster.Meeting) error {
	args, err := meetingArgs(m)
	if err != nil {
		return err
	}
	n, err := tx.exec(ctx, "set meeting", `UPDATE meetings SET (`+meetingBody+`) = (`+params(2, len(args)-1)+`) WHERE id = $1`, args...)
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// MeetingsDeletedBefore returns id and account of up to limit meetings that
// were deleted before t, in whatever account.
func (tx *Tx) MeetingsDeletedBefore(ctx context.Context, t time.Time, limit int) ([]muster.Meeting, error) {
	var list []muster.Meeting
	err := tx.rows(ctx, "list deleted meetings", `
		SELECT id, account_id
		FROM meetings
		WHERE deleted_at > 0 AND deleted_at < $1
		ORDER BY id
		LIMIT $2`+tx.lock,
		[]any{millis(t), limit}, func(rows *sql.Rows) error {
			var m muster.Meeting
			err := rows.Scan(&m.ID, &m.Account)
			list = append(list, m)
			return err
		})
	return list, err
}

// RemoveMeeting removes m for good, with its occurrences and people.
func (tx *Tx) RemoveMeeting(ctx context.Context, m *muster.Meeting) error {
	_, err := tx.exec(ctx, "remove meeting", `DELETE FROM meetings WHERE account_id = $1 AND id = $2`, m.Account, m.ID)
	return err
}

// PutOccurrences replaces the occurrences of m.
func (tx *Tx) PutOccurrences(ctx context.Context, m *muster.Meeting) error {
	if _, err := tx.exec(ctx, "drop occurrences", `DELETE FROM occurrences WHERE meeting_id = $1`, m.ID); err != nil {
		return err
	}
	if len(m.Occurrences) == 0 {
		return nil
	}
	var args []any
	for _, o := range m.Occurrences {
		args = append(args, m.ID, o.ID, millis(o.Start), minutes(o.Duration), o.Deleted, o.Ended, string(orEmpty(o.Changes)))
	}
	_, err := tx.exec(ctx, "put occurrences", `
		INSERT INTO occurrences (meeting_id, id, start_at, minutes, deleted, ended, changes) VALUES `+values(len(m.Occurrences), 7), args...)
	return err
}

func orEmpty(doc []byte) []byte {
	if len(doc) == 0 {
		return []byte("{}")
	}
	return doc
}

// A MeetingFilter says which meetings of a host a list has. Instant and
// deleted meetings are in none.
type MeetingFilter struct {
	Account, Host string
	Upcoming      bool      // not over at Now: one row for each occurrence
	Previous      bool      // over at Now
	Live          bool      // running
	EndedSince    time.Time // over, but not longer than since then; zero: no bound
	From, To      time.Time // starts within; zero: no bound
}

// A MeetingPlace is where a list of meetings goes on.
type MeetingPlace struct {
	Start      int64 // epoch milliseconds
	ID         int64
	Occurrence int64
}

// A ListedMeeting is one row of a list: a meeting or one occurrence of it.
type ListedMeeting struct {
	muster.Meeting
	Place MeetingPlace
	PMI   int64 // the host's personal number where the meeting uses it, else 0; not stored
	// PasscodeInLink says that the general link has the passcode in it; not stored.
	PasscodeInLink bool
}

// listed is the rows of a MeetingFilter. A series gives one row, or under
// Upcoming ($4) one for each of its occurrences. The casts are for Postgres,
// which would take a parameter that is first compared with 0 for 32 bits.
const listed = `
	FROM meetings m LEFT JOIN occurrences o ON o.meeting_id = m.id AND $4 AND m.type = 8 AND NOT o.deleted AND NOT o.ended
	WHERE m.account_id = $1 AND m.host_id = $2 AND m.type <> 1 AND m.state <> 'deleted'
		AND (NOT $4 OR (m.state <> 'ended' AND (m.type = 3 OR COALESCE(o.start_at + o.minutes * 60000, m.end_at) > $3)
			AND (m.type <> 8 OR o.id IS NOT NULL)))
		AND (NOT $5 OR m.state = 'ended' OR (m.type <> 3 AND m.end_at <= $3))
		AND (CAST($9 AS BIGINT) = 0 OR m.state = 'ended' OR m.end_at >= $9)
		AND (NOT $8 OR m.state = 'started')
		AND (CAST($6 AS BIGINT) = 0 OR COALESCE(o.start_at, m.start_at) >= $6)
		AND (CAST($7 AS BIGINT) = 0 OR COALESCE(o.start_at, m.start_at) < $7)`

// Meetings returns up to limit meetings by start, those after the given
// place (nil: from the beginning), skipping skip of them, and how many there
// are.
func (tx *Tx) Meetings(ctx context.Context, f MeetingFilter, after *MeetingPlace, skip, limit int) (list []ListedMeeting, total int64, err error) {
	args := []any{f.Account, f.Host, millis(tx.Now), f.Upcoming, f.Previous, millis(f.From), millis(f.To), f.Live, millis(f.EndedSince)}
	if err := tx.row(ctx, "count meetings", `SELECT COUNT(*)`+listed, args, []any{&total}); err != nil {
		return nil, 0, err
	}
	from := MeetingPlace{Start: -1 << 62}
	if after != nil {
		from = *after
	}
	query := `SELECT m.id, m.uuid, m.host_id, m.type, m.topic, m.agenda, m.timezone, m.passcode, m.settings, m.state, m.approval, m.created_at,
			COALESCE(o.start_at, m.start_at) AS starts, COALESCE(o.minutes, m.minutes), COALESCE(o.id, 0) AS occurrence` + listed + `
		AND (COALESCE(o.start_at, m.start_at), m.id, COALESCE(o.id, 0)) > ($10, $11, $12)
		ORDER BY starts, m.id, occurrence
		LIMIT $13 OFFSET $14`
	err = tx.rows(ctx, "list meetings", query, append(args, from.Start, from.ID, from.Occurrence, limit, skip), func(rows *sql.Rows) error {
		var l ListedMeeting
		var settings string
		var created, min int64
		m := &l.Meeting
		err := rows.Scan(&m.ID, &m.UUID, &m.Host, &m.Type, &m.Topic, &m.Agenda, &m.Timezone, &m.Passcode, &settings, &m.State, &m.Approval,
			&created, &l.Place.Start, &min, &l.Place.Occurrence)
		if err != nil {
			return err
		}
		m.Account, m.Settings, m.CreatedAt = f.Account, []byte(settings), fromMillis(created)
		m.Start, m.Duration, l.Place.ID = fromMillis(l.Place.Start), time.Duration(min)*time.Minute, m.ID
		list = append(list, l)
		return nil
	})
	return list, total, err
}
