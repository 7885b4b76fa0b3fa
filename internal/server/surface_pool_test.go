package server_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"

	"muster/internal/mustertest"
)

// ids are what a path may name.
type ids struct{ meeting, uuid, registrant, user, email, group, role, field, directory string }

// A pool has values out of the answers, by the name of what they were.
type pool struct {
	mu     sync.Mutex
	values map[string][]string
	people [][2]string // meeting and registrant
	guests [][2]string // series and registrant
	links  []string
}

// poolSize is how many values of a name are kept.
const poolSize = 40

func newPool() *pool { return &pool{values: map[string][]string{}} }

// seriesOf is the id that the Webex dialect has for the meeting of a uuid.
func seriesOf(uuid string) string {
	b, _ := base64.StdEncoding.DecodeString(uuid) // one that the server gave
	return hex.EncodeToString(b)
}

var seriesID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// put keeps a value under a name.
func (p *pool) put(name, value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.values[name] = keep(p.values[name], value)
}

// name keeps the id of an answer, or those of its first items, under a name.
func (p *pool) name(name string, answer map[string]any) {
	items, _ := answer["items"].([]any)
	for _, item := range append(items[:min(len(items), 3):min(len(items), 3)], any(answer)) {
		one, _ := item.(map[string]any)
		if id, ok := one["id"].(string); ok {
			p.put(name, id)
		}
	}
}

// learn takes values out of an answer; series is the meeting whose registrants
// it may have.
func (p *pool) learn(answer map[string]any, series string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.walk(answer)
	items, _ := answer["items"].([]any)
	for _, item := range append(items[:min(len(items), 3):min(len(items), 3)], any(answer)) {
		r, _ := item.(map[string]any)
		if id, ok := r["registrantId"].(string); ok && series != "" {
			p.guests = keep(p.guests, [2]string{series, id})
		}
	}
	if id, ok := answer["registrant_id"].(string); ok {
		p.people = keep(p.people, [2]string{fmt.Sprint(answer["id"]), id})
	}
}

func (p *pool) walk(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v[:min(len(v), 3)] {
			p.walk(e)
		}
	case map[string]any:
		if uuid, ok := v["uuid"].(string); ok {
			p.values["series"] = keep(p.values["series"], seriesOf(uuid))
		}
		if id, ok := v["registrantId"].(string); ok {
			p.values["registrant_id"] = keep(p.values["registrant_id"], id)
		}
		for _, name := range []string{"uuid", "registrant_id", "occurrence_id", "next_page_token", "email", "host_id", "access_token"} {
			if text, ok := v[name].(string); ok && text != "" {
				p.values[name] = keep(p.values[name], text)
			}
		}
		if id, ok := v["id"].(json.Number); ok {
			p.values["meeting"] = keep(p.values["meeting"], id.String())
		} else if id, ok := v["id"].(string); ok && seriesID.MatchString(id) {
			p.values["series"] = keep(p.values["series"], id)
		} else if ok {
			p.values["id"] = keep(p.values["id"], id)
		}
		for _, name := range []string{"join_url", "start_url"} {
			if link, ok := v[name].(string); ok {
				p.links = keep(p.links, strings.TrimPrefix(link, mustertest.Base))
			}
		}
		for _, name := range []string{"registrants", "meetings", "users", "occurrences", "items"} {
			p.walk(v[name])
		}
	}
}

// keep appends v; of too many the oldest but for the first few go.
// What has a secret text is not kept: no request holds one.
func keep[T any](list []T, v T) []T {
	if text := fmt.Sprint(v); strings.Contains(text, hostsText) || strings.Contains(text, strangersText) {
		return list
	}
	const firsts = poolSize / 4
	if len(list) >= poolSize {
		list = append(list[:firsts:firsts], list[firsts+1:]...)
	}
	return append(list, v)
}

// made are operations that make what others need, and the name in the pool of
// what they make. Users who may go are spare: not those of the scene.
var made = map[string]string{
	"userCreate": "spare", "groupCreate": "groupId", "createRole": "roleId", "trackingfieldCreate": "fieldId", "imGroupCreate": "directory",
}

// filesAt is the name in the pool of the files of whom a path is about, ""
// where it is not about files.
func filesAt(target string) string {
	path, _, _ := strings.Cut(target, "?")
	for _, noun := range []string{"/groups/", "/users/", "/accounts/"} {
		if i := strings.Index(path, noun); i >= 0 && strings.HasSuffix(path, "/virtual_backgrounds") {
			return "files" + path[i:]
		}
	}
	return ""
}

// any returns some value of a name, "" where there is none.
func (p *pool) any(r *rand.Rand, name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return pick(r, p.values[name])
}

func (p *pool) person(r *rand.Rand) (meeting, registrant string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	some := pick(r, p.people)
	return some[0], some[1]
}

func (p *pool) guest(r *rand.Rand) (series, registrant string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	some := pick(r, p.guests)
	return some[0], some[1]
}

func (p *pool) link(r *rand.Rand) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return pick(r, p.links)
}

// pick returns one of a list, the zero value of an empty one.
func pick[T any](r *rand.Rand, list []T) (one T) {
	if len(list) == 0 {
		return one
	}
	return list[r.IntN(len(list))]
}
