//go:build linux

package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// eventKey says what an event is about: its kind, its meeting and whom it names.
func eventKey(kind string, meeting int64, ids []string) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return fmt.Sprintf("%s %d %s", kind, meeting, strings.Join(ids, ","))
}

// next makes up the client's next request.
func (c *client) next() *request {
	c.count++
	m := &c.load.meetings[c.random.IntN(len(c.load.meetings))]
	r := c.makeUp(m)
	r.by = c
	if c.load.retries || c.random.IntN(2) == 0 {
		r.key = fmt.Sprintf("%s-%d", c.name, c.count)
	}
	return r
}

func (c *client) makeUp(m *meeting) *request {
	switch dice := c.random.IntN(100); {
	case dice < 30 && m.dates == nil:
		return c.addMany(m)
	case dice < 40 && m.dates == nil:
		if known := c.pick(m, 8, func(p *person) bool { return p.status == "approved" && !m.manual }); len(known) > 0 {
			return c.addAgain(m, known)
		}
	case dice < 60:
		if r := c.setStatus(m); r != nil {
			return r
		}
	case dice < 70:
		if p := c.pick(m, 1, present); len(p) > 0 {
			after := *p[0]
			after.name = c.newName()
			return &request{
				kind: "registrant.edited", meeting: m, method: http.MethodPatch, path: fmt.Sprintf("/meetings/%d/registrants/%s", m.id, p[0].id),
				body: map[string]any{"first_name": after.name}, want: 200, people: p, after: []person{after},
			}
		}
	case dice < 80:
		if p := c.pick(m, 1, present); len(p) > 0 {
			after := *p[0]
			after.status = ""
			return &request{
				kind: "registrant.deleted", meeting: m, method: http.MethodDelete, path: fmt.Sprintf("/meetings/%d/registrants/%s", m.id, p[0].id),
				want: 204, people: p, after: []person{after},
			}
		}
	}
	return c.addOne(m)
}

func present(p *person) bool { return p.status != "" }

func (c *client) newName() string { return fmt.Sprintf("%s-%d", c.name, c.count) }

// pick chooses up to n people of m who are as wanted and not busy, of those
// whom the client registered last.
func (c *client) pick(m *meeting, n int, wanted func(*person) bool) []*person {
	var found []*person
	n = 1 + c.random.IntN(n)
	for i := len(c.people) - 1; i >= 0 && i > len(c.people)-200 && len(found) < n; i-- {
		p := c.people[i]
		if p.meeting.id == m.id && !p.busy && p.id != "" && c.random.IntN(3) == 0 && wanted(p) {
			found = append(found, p)
		}
	}
	return found
}

func (c *client) newPerson(m *meeting) *person {
	p := &person{meeting: m, email: fmt.Sprintf("%s-%d@example.com", c.name, len(c.people))}
	c.people = append(c.people, p)
	return p
}

// firstStatus is how somebody stands who has just registered for m.
func (m *meeting) firstStatus() string {
	if m.manual {
		return "pending"
	}
	return "approved"
}

func (c *client) addOne(m *meeting) *request {
	p := c.newPerson(m)
	after := person{status: m.firstStatus(), name: c.newName()}
	path := fmt.Sprintf("/meetings/%d/registrants", m.id)
	if m.dates != nil {
		after.dates = 1 + c.random.IntN(len(m.dates))
		path += "?occurrence_ids=" + strings.Join(m.dates[:after.dates], ",")
	}
	return &request{
		kind: "registrants.added", meeting: m, method: http.MethodPost, path: path, want: 201,
		body: map[string]any{"email": p.email, "first_name": after.name}, people: []*person{p}, after: []person{after},
	}
}

func (c *client) addMany(m *meeting) *request {
	people := make([]*person, 2+c.random.IntN(29))
	for i := range people {
		people[i] = c.newPerson(m)
	}
	return c.batch(m, people, m.firstStatus())
}

// addAgain registers people a second time under a new name: who they are stays.
func (c *client) addAgain(m *meeting, known []*person) *request {
	return c.batch(m, known, "approved")
}

func (c *client) batch(m *meeting, people []*person, status string) *request {
	rows, after := make([]map[string]any, len(people)), make([]person, len(people))
	for i, p := range people {
		after[i] = person{status: status, name: c.newName()}
		rows[i] = map[string]any{"email": p.email, "first_name": after[i].name}
	}
	return &request{
		kind: "registrants.added", meeting: m, method: http.MethodPost, path: fmt.Sprintf("/meetings/%d/batch_registrants", m.id), want: 200,
		body: map[string]any{"registrants": rows}, people: people, after: after,
	}
}

// An action brings everybody to a status; it changes those who are not there.
type action struct{ name, kind, status string }

var actions = []action{
	{"approve", "registrants.approved", "approved"}, {"deny", "registrants.denied", "denied"}, {"cancel", "registrants.cancelled", "cancelled"},
}

// setStatus returns nil where there is nobody to change.
func (c *client) setStatus(m *meeting) *request {
	do := actions[c.random.IntN(len(actions))]
	people := c.pick(m, 5, func(p *person) bool {
		return present(p) && p.status != do.status && (do.name != "cancel" || p.status != "denied")
	})
	if len(people) == 0 {
		return nil
	}
	who, after := make([]map[string]any, len(people)), make([]person, len(people))
	for i, p := range people {
		after[i] = *p
		after[i].status = do.status
		who[i] = map[string]any{"id": p.id}
	}
	return &request{
		kind: do.kind, meeting: m, method: http.MethodPut, path: fmt.Sprintf("/meetings/%d/registrants/status", m.id), want: 204,
		body: map[string]any{"action": do.name, "registrants": who}, people: people, after: after,
	}
}

// A told is what an answer says of one person.
type told struct {
	ID      string `json:"registrant_id"`
	JoinURL string `json:"join_url"`
}

// told returns what the answer of r says of its people, nil where it names nobody.
func (r *request) told() ([]told, error) {
	if r.kind != "registrants.added" {
		return nil, nil // nil is: nothing to learn
	}
	var got struct {
		told
		Registrants []told
	}
	if err := json.Unmarshal(r.answer.body, &got); err != nil {
		return nil, fmt.Errorf("%s %s: %w in %s", r.method, r.path, err, r.answer.body)
	}
	all := got.Registrants
	if r.want == http.StatusCreated {
		all = []told{got.told}
	}
	if len(all) != len(r.people) {
		return nil, fmt.Errorf("%s %s: got %d people in the answer, want %d", r.method, r.path, len(all), len(r.people))
	}
	return all, nil
}
