package store

import (
	"context"
	"database/sql"
	"time"

	"muster/internal/muster"
)

// SetTags replaces the tags that integrations put on m.
func (tx *Tx) SetTags(ctx context.Context, m *muster.Meeting, tags []string) error {
	if _, err := tx.exec(ctx, "drop tags", `DELETE FROM integration_tags WHERE meeting_id = $1`, m.ID); err != nil || len(tags) == 0 {
		return err
	}
	var args []any
	for _, t := range tags {
		args = append(args, m.ID, t)
	}
	_, err := tx.exec(ctx, "put tags", `INSERT INTO integration_tags (meeting_id, tag) VALUES `+values(len(tags), 2)+` ON CONFLICT DO NOTHING`, args...)
	return err
}

// A DateFilter says which meetings of a host, or which of their dates, a list
// has. Instant and deleted meetings are in none.
type DateFilter struct {
	Account, Host string
	Dates         bool // one row for each date of each meeting; else one for each meeting
	Meeting       int64
	Phase         muster.Phase // "": of any
	From, To      time.Time    // something of it is within; zero: no bound
	Tag           string       // with this tag; "": with any or none
	Changed       *bool        // dates that were changed by themselves, or were not
}

// datesOf is the rows of a DateFilter. Meetings without fixed times have no
// dates. The casts are for Postgres, which would take a parameter that is
// first compared with a constant for a type of its choice.
const datesOf = `
	FROM (
		SELECT m.id AS meeting, COALESCE(o.id, m.start_at) AS date, COALESCE(o.start_at, m.start_at) AS starts,
			CASE WHEN o.id IS NULL THEN m.end_at ELSE o.start_at + o.minutes * 60000 END AS ends,
			m.type AS type, m.state AS state, COALESCE(o.ended, FALSE) AS ended,
			COALESCE(o.start_at <> o.id OR o.changes <> '{}', FALSE) AS changed
		FROM meetings m LEFT JOIN occurrences o ON o.meeting_id = m.id AND $4 AND m.type = 8 AND NOT o.deleted
		WHERE m.account_id = $1 AND m.host_id = $2 AND m.type <> 1 AND m.state <> 'deleted'
			AND (CAST($5 AS BIGINT) = 0 OR m.id = $5)
			AND (NOT $4 OR (m.type <> 3 AND (m.type <> 8 OR o.id IS NOT NULL)))
			AND (CAST($8 AS TEXT) = '' OR EXISTS (SELECT 1 FROM integration_tags t WHERE t.meeting_id = m.id AND t.tag = $8))
	) d
	WHERE (CAST($6 AS BIGINT) = 0 OR ends > $6 OR type = 3) AND (CAST($7 AS BIGINT) = 0 OR starts < $7)
		AND (NOT $9 OR changed = $10)
		AND CASE CAST($11 AS TEXT)
			WHEN '' THEN TRUE
			WHEN 'inProgress' THEN state = 'started' AND ends > $3
			WHEN 'expired' THEN state = 'ended' OR (type <> 3 AND ends <= $3)
			WHEN 'active' THEN state = 'waiting' AND (type = 3 OR ends > $3)
			WHEN 'ended' THEN state = 'ended' OR ended
			WHEN 'missed' THEN state <> 'ended' AND NOT ended AND ends <= $3
			WHEN 'ready' THEN state <> 'ended' AND NOT ended AND starts <= $3 AND ends > $3
			WHEN 'scheduled' THEN state <> 'ended' AND NOT ended AND starts > $3
			ELSE FALSE
		END`

// Dates returns up to limit places of what f asks for, by start, those after
// the given place (nil: from the beginning).
func (tx *Tx) Dates(ctx context.Context, f DateFilter, after *MeetingPlace, limit int) (list []MeetingPlace, err error) {
	from := MeetingPlace{Start: -1 << 62}
	if after != nil {
		from = *after
	}
	args := []any{
		f.Account, f.Host, millis(tx.Now), f.Dates, f.Meeting, millis(f.From), millis(f.To), f.Tag, f.Changed != nil, f.Changed != nil && *f.Changed,
		string(f.Phase), from.Start, from.ID, from.Occurrence, limit,
	}
	query := `SELECT meeting, date, starts` + datesOf + `
		AND (starts, meeting, date) > ($12, $13, $14)
		ORDER BY starts, meeting, date
		LIMIT $15`
	err = tx.rows(ctx, "list dates", query, args, func(rows *sql.Rows) error {
		var p MeetingPlace
		err := rows.Scan(&p.ID, &p.Occurrence, &p.Start)
		list = append(list, p)
		return err
	})
	return list, err
}

// MeetingsOf returns the meetings of account that have the given numbers, by number.
func (tx *Tx) MeetingsOf(ctx context.Context, account string, ids []int64) (map[int64]*muster.Meeting, error) {
	all := map[int64]*muster.Meeting{}
	if len(ids) == 0 {
		return all, nil
	}
	args := append([]any{account}, anys(ids)...)
	var series []any
	err := tx.rows(ctx, "read meetings", `
		SELECT `+meetingColumns+` FROM meetings WHERE `+ofAccount+`$1 AND id IN (`+params(2, len(ids))+`)`, args, func(rows *sql.Rows) error {
		r := meetingRow{m: new(muster.Meeting)}
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		m, err := r.finish()
		if err != nil {
			return err
		}
		all[m.ID] = m
		if m.Series() {
			series = append(series, m.ID)
		}
		return nil
	})
	if err != nil || len(series) == 0 {
		return all, err
	}
	occs, err := tx.occurrences(ctx, series)
	for id, m := range all {
		m.Occurrences = occs[id]
	}
	return all, err
}
