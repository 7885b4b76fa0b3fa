package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"muster/internal/muster"
)

// personDoc is a person as the person column keeps them.
type personDoc struct {
	Email                 string      `json:"email"`
	FirstName             string      `json:"first_name,omitempty"`
	LastName              string      `json:"last_name,omitempty"`
	Address               string      `json:"address,omitempty"`
	City                  string      `json:"city,omitempty"`
	Country               string      `json:"country,omitempty"`
	Zip                   string      `json:"zip,omitempty"`
	State                 string      `json:"state,omitempty"`
	Phone                 string      `json:"phone,omitempty"`
	Industry              string      `json:"industry,omitempty"`
	Org                   string      `json:"org,omitempty"`
	JobTitle              string      `json:"job_title,omitempty"`
	PurchasingTimeFrame   string      `json:"purchasing_time_frame,omitempty"`
	RoleInPurchaseProcess string      `json:"role_in_purchase_process,omitempty"`
	NoOfEmployees         string      `json:"no_of_employees,omitempty"`
	Comments              string      `json:"comments,omitempty"`
	Language              string      `json:"language,omitempty"`
	Answers               []answerDoc `json:"custom_questions,omitempty"`
}

type answerDoc struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

func encodePerson(p muster.Person) (string, error) {
	d := personDoc{
		p.Email, p.FirstName, p.LastName, p.Address, p.City, p.Country, p.Zip, p.State, p.Phone, p.Industry, p.Org, p.JobTitle,
		p.PurchasingTimeFrame, p.RoleInPurchaseProcess, p.NoOfEmployees, p.Comments, p.Language, nil,
	}
	for _, a := range p.Answers {
		d.Answers = append(d.Answers, answerDoc(a))
	}
	b, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("store: encode person: %w", err)
	}
	return string(b), nil
}

func decodePerson(text string) (muster.Person, error) {
	var d personDoc
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return muster.Person{}, fmt.Errorf("store: decode person: %w", err)
	}
	p := muster.Person{
		Email: d.Email, FirstName: d.FirstName, LastName: d.LastName, Address: d.Address, City: d.City, Country: d.Country, Zip: d.Zip,
		State: d.State, Phone: d.Phone, Industry: d.Industry, Org: d.Org, JobTitle: d.JobTitle, PurchasingTimeFrame: d.PurchasingTimeFrame,
		RoleInPurchaseProcess: d.RoleInPurchaseProcess, NoOfEmployees: d.NoOfEmployees, Comments: d.Comments, Language: d.Language,
	}
	for _, a := range d.Answers {
		p.Answers = append(p.Answers, muster.Answer(a))
	}
	return p, nil
}

const registrantColumns = `seq, id, meeting_id, slot, status, person, link_version, pin, created_at, updated_at`

func scanRegistrant(rows *sql.Rows) (muster.Registrant, error) {
	var r muster.Registrant
	var person string
	var created, updated int64
	err := rows.Scan(&r.Seq, &r.ID, &r.Meeting, &r.Slot, &r.Status, &person, &r.LinkVersion, &r.PIN, &created, &updated)
	if err != nil {
		return r, err
	}
	r.CreatedAt, r.UpdatedAt = fromMillis(created), fromMillis(updated)
	r.Person, err = decodePerson(person)
	return r, err
}

// registrants runs a query for registrantColumns and adds m's choices.
func (tx *Tx) registrants(ctx context.Context, m *muster.Meeting, query string, args []any) ([]muster.Registrant, error) {
	var list []muster.Registrant
	err := tx.rows(ctx, "read registrants", query, args, func(rows *sql.Rows) error {
		r, err := scanRegistrant(rows)
		list = append(list, r)
		return err
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
	list, err := tx.registrants(ctx, m, `SELECT `+registrantColumns+` FROM registrants WHERE meeting_id = $1 AND id = $2`, []any{m.ID, id})
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
	return tx.registrants(ctx, m, `SELECT `+registrantColumns+` FROM registrants
		WHERE meeting_id = $1 AND slot = $2 AND email_key IN (`+params(3, len(emails))+`)`, args)
}

// FindRegistrants returns those of m's registrants whose id or email is
// among the given, in whatever slot.
func (tx *Tx) FindRegistrants(ctx context.Context, m *muster.Meeting, ids, emails []string) ([]muster.Registrant, error) {
	args := []any{m.ID}
	var is []string
	if len(ids) > 0 {
		is = append(is, `id IN (`+params(len(args)+1, len(ids))+`)`)
		for _, id := range ids {
			args = append(args, id)
		}
	}
	if len(emails) > 0 {
		slots := m.Slots()
		is = append(is, `(slot IN (`+params(len(args)+1, len(slots))+`) AND email_key IN (`+params(len(args)+1+len(slots), len(emails))+`))`)
		for _, s := range slots {
			args = append(args, s)
		}
		for _, e := range emails {
			args = append(args, muster.EmailKey(e))
		}
	}
	if len(is) == 0 {
		return nil, nil
	}
	return tx.registrants(ctx, m, `SELECT `+registrantColumns+` FROM registrants
		WHERE meeting_id = $1 AND (`+strings.Join(is, " OR ")+`) ORDER BY seq`, args)
}

// AddRegistrants adds list in its order, or returns ErrExists where one of
// them is there already.
func (tx *Tx) AddRegistrants(ctx context.Context, list []*muster.Registrant) error {
	if len(list) == 0 {
		return nil
	}
	args := make([]any, 0, 10*len(list))
	for _, r := range list {
		person, err := encodePerson(r.Person)
		if err != nil {
			return err
		}
		args = append(args, r.ID, r.Meeting, r.Slot, muster.EmailKey(r.Person.Email), string(r.Status), person, r.LinkVersion, r.PIN,
			millis(r.CreatedAt), millis(r.UpdatedAt))
	}
	_, err := tx.exec(ctx, "add registrants", `
		INSERT INTO registrants (id, meeting_id, slot, email_key, status, person, link_version, pin, created_at, updated_at)
		VALUES `+values(len(list), 10), args...)
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := tx.putChoices(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// SetRegistrant replaces what may change of r, or returns ErrExists where
// its new email is taken.
func (tx *Tx) SetRegistrant(ctx context.Context, r *muster.Registrant) error {
	person, err := encodePerson(r.Person)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, "set registrant", `
		UPDATE registrants
		SET email_key = $1, status = $2, person = $3, link_version = $4, updated_at = $5
		WHERE meeting_id = $6 AND id = $7`,
		muster.EmailKey(r.Person.Email), string(r.Status), person, r.LinkVersion, millis(r.UpdatedAt), r.Meeting, r.ID)
	if err != nil {
		return err
	}
	return tx.putChoices(ctx, r)
}

func (tx *Tx) putChoices(ctx context.Context, r *muster.Registrant) error {
	if len(r.Choices) == 0 {
		return nil
	}
	args := make([]any, 0, 4*len(r.Choices))
	for _, c := range r.Choices {
		args = append(args, r.Meeting, r.ID, c.Occurrence, string(c.Status))
	}
	_, err := tx.exec(ctx, "put choices", `
		INSERT INTO choices (meeting_id, registrant_id, occurrence_id, status) VALUES `+values(len(r.Choices), 4)+`
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
