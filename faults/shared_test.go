//go:build linux

package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// sharedPeople is how many people all clients change at once.
const sharedPeople = 12

// stepShared changes people whom other clients change at the same time. How
// they stand afterwards nobody can tell, but the counters must agree. Any
// answer that is one of the API's is right.
func (c *client) stepShared(a *api) bool {
	c.count++
	emails := make([]map[string]any, 1+c.random.IntN(6))
	for i, n := range c.random.Perm(sharedPeople)[:len(emails)] {
		emails[i] = map[string]any{"email": fmt.Sprintf("shared-%d@example.com", n)}
	}
	meeting := fmt.Sprintf("/meetings/%d", c.load.shared.id)
	var ans answer
	switch dice := c.random.IntN(10); {
	case dice < 4:
		for _, e := range emails {
			e["first_name"] = c.newName()
		}
		ans = a.call(http.MethodPost, meeting+"/batch_registrants", map[string]any{"registrants": emails}, "")
	case dice < 9:
		do := actions[c.random.IntN(len(actions))]
		ans = a.call(http.MethodPut, meeting+"/registrants/status", map[string]any{"action": do.name, "registrants": emails}, "")
	default:
		id := "nobody"
		for known := range c.shared {
			id = known
		}
		delete(c.shared, id)
		ans = a.call(http.MethodDelete, meeting+"/registrants/"+id, nil, "")
	}
	var got struct{ Registrants []told }
	if ans.ok() && json.Unmarshal(ans.body, &got) == nil {
		for _, r := range got.Registrants {
			c.shared[r.ID] = true
		}
	}
	if ans.err == nil && ans.status >= 500 {
		c.load.failed.Add(1)
	}
	if ans.err == nil && !ans.ok() && ans.code() == 0 {
		c.problems = append(c.problems, fmt.Sprintf("shared people: got %v", ans))
	}
	return ans.err == nil || c.load.retries
}

// replay sends requests with keys again: those of which the clients know that
// they were done, and those whose answers were lost. Nothing may be done twice.
func (l *load) replay(a *api, found audited) (replayed int, problems []string) {
	complain := func(r *request, got answer, want string) {
		problems = append(problems, fmt.Sprintf("%s %s again under its key: got %v, want %s", r.method, r.path, got, want))
	}
	again := func(r *request) (answer, bool) {
		replayed++
		got := a.call(r.method, r.path, r.body, r.key)
		return got, got.header.Get("Idempotent-Replayed") == "true"
	}
	for _, r := range found.did {
		if r.key == "" {
			continue
		}
		got, kept := again(r)
		if !got.ok() || !kept {
			complain(r, got, "the answer that was lost")
		} else if r.answer = got; r.want != http.StatusNoContent {
			r.by.relearn(r)
		}
	}
	for _, r := range found.didNot {
		if r.key == "" {
			continue
		}
		got, kept := again(r)
		if !got.ok() || kept {
			complain(r, got, "a first answer")
		} else {
			r.answer = got
			r.by.done(r)
		}
	}
	for _, c := range l.clients {
		// What was stored of a deleted person is gone.
		if r := c.last; r != nil && (r.want == http.StatusNoContent || !slices.ContainsFunc(r.people, func(p *person) bool { return !present(p) })) {
			if got, kept := again(r); !kept || got.status != r.answer.status || string(got.body) != string(r.answer.body) {
				complain(r, got, r.answer.String())
			}
		}
	}
	return replayed, problems
}

// relearn holds an answer that came late to what is known by now.
func (c *client) relearn(r *request) {
	all, err := r.told()
	if err != nil {
		c.problems = append(c.problems, err.Error())
	}
	for i, l := range all {
		c.learn(r.people[i], l)
	}
}
