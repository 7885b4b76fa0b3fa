package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// officeGroups is how many groups an office has.
const officeGroups = 50

// fewUsers is how many users the small office has.
const fewUsers = 10

// An office is a Muster whose account has many users in 50 groups: all of them
// in the first, each in one of the others too, and one user in all. The groups
// and that user have set and locked something. It runs through all rounds.
type office struct {
	*server
	once
	users  int
	start  func(context.Context) (*server, error)
	base   string   // URL of the API
	ids    []string // of the users
	groups []string
	one    string       // id of who is in all groups
	client *http.Client // that fills it
}

// offices names them, by contender. That on Postgres is small: it answers for
// the settings alone, and filling it would take longer than all of the rest.
func (b *bench) offices() map[string]*office {
	return map[string]*office{
		muster:           {users: b.people / 10, start: b.freshMuster},
		musterFew:        {users: fewUsers, start: b.freshMuster},
		musterOnPostgres: {users: fewUsers, start: b.freshMusterOnPostgres},
	}
}

// officeOf returns what prepares the office of a contender, once.
func (b *bench) officeOf(contender string) func(context.Context) error {
	o := b.office[contender]
	return func(ctx context.Context) error {
		return o.once.do(func() (err error) {
			if o.server, err = o.start(ctx); err != nil {
				return err
			}
			if err := o.fill(ctx); err != nil {
				return err
			}
			if o.server, err = b.startAgain(ctx, o.server); err != nil {
				return err
			}
			o.base = apiOf(o.server)
			say("%s has %s users in %d groups", contender, thousands(float64(o.users)), officeGroups)
			return nil
		})
	}
}

// inOffices has one reader ask each of the contenders' offices the same.
func (b *bench) inOffices(ask func(context.Context, *office) (call, error), contenders ...string) []*cell {
	cells := make([]*cell, len(contenders))
	for i, contender := range contenders {
		cells[i] = &cell{contender: contender, prepare: b.officeOf(contender), run: func(ctx context.Context) ([]sample, error) {
			o := b.office[contender]
			c, err := ask(ctx, o)
			if err != nil {
				return nil, err
			}
			return b.load(ctx, o.server, always(1, c))
		}}
	}
	return cells
}

// apiOf returns the URL that the paths of Muster's Zoom API follow.
func apiOf(s *server) string {
	base, _, _ := strings.Cut(s.dialect.(*musterAPI).meeting, "/meetings/")
	return base
}

// officeRows are the rows of administration.
func (b *bench) officeRows() []row {
	pages := func(path string, deep bool) []*cell {
		return b.inOffices(func(ctx context.Context, o *office) (call, error) { return o.page(ctx, path, deep) }, muster)
	}
	settings := func(path func(*office) string) func(context.Context, *office) (call, error) {
		return func(_ context.Context, o *office) (call, error) {
			return call{method: "GET", url: o.base + path(o) + "/settings", status: 200, units: 1, mark: `"schedule_meeting":`, marks: 1}, nil
		}
	}
	ofGroup := settings(func(o *office) string { return "/groups/" + o.groups[officeGroups/2] })
	ofUser := settings(func(o *office) string { return "/users/" + o.one })
	return []row{
		{[]string{groupSettings}, []string{"answers"}, b.inOffices(ofGroup, muster, musterOnPostgres)},
		{[]string{userSettings}, []string{"answers"}, b.inOffices(ofUser, muster, musterFew)},
		{[]string{membersFirst}, []string{"pages"}, pages("members", false)},
		{[]string{membersDeep}, []string{"pages"}, pages("members", true)},
		{[]string{usersFirst}, []string{"pages"}, pages("users", false)},
		{[]string{usersDeep}, []string{"pages"}, pages("users", true)},
	}
}

// page returns a call for a page of the members of the first group, or of the
// users: the first, or one after nine tenths of them.
func (o *office) page(ctx context.Context, list string, deep bool) (call, error) {
	path := "/users"
	if list == "members" {
		path = "/groups/" + o.groups[0] + "/members"
	}
	page := func(token string) call {
		query := url.Values{"page_size": {fmt.Sprint(pageSize)}}
		if token != "" {
			query.Set("next_page_token", token)
		}
		return call{method: "GET", url: o.base + path + "?" + query.Encode(), status: 200, units: 1, mark: `"email":`, marks: pageSize}
	}
	if !deep {
		return page(""), nil
	}
	token, err := walk(ctx, o.header(), page, "", min(o.users/10*9, o.users-pageSize)/pageSize)
	return page(token), err
}

// fill makes the users and groups through the API.
func (o *office) fill(ctx context.Context) error {
	o.client = newClient([]group{{workers: fillers}})
	defer o.client.CloseIdleConnections()
	o.base = apiOf(o.server)
	o.ids, o.groups = make([]string, o.users), make([]string, officeGroups)
	err := o.each(ctx, len(o.groups), func(i int) error {
		return o.make(ctx, "/groups", fmt.Sprintf(`{"name":"Group %d"}`, i), &o.groups[i])
	})
	if err == nil {
		err = o.each(ctx, o.users, func(i int) error {
			return o.make(ctx, "/users", fmt.Sprintf(`{"action":"create","user_info":{"email":"user%d@example.org","type":2,"first_name":"User","last_name":"%d"}}`, i, i), &o.ids[i])
		})
	}
	if err != nil {
		return err
	}
	o.one = o.ids[o.users/2]
	if err := o.join(ctx); err != nil {
		return err
	}
	return o.configure(ctx)
}

// join puts the users into the groups, 30 with a call.
func (o *office) join(ctx context.Context) error {
	of := make([][]string, officeGroups)
	of[0] = o.ids
	for i, id := range o.ids {
		at := 1 + i%(officeGroups-1)
		of[at] = append(of[at], id)
	}
	type joining struct {
		group string
		ids   []string
	}
	var calls []joining
	for i, g := range o.groups {
		for ids := range slices.Chunk(append(slices.Clip(of[i]), o.one), batch) { // who is in it twice joins once
			calls = append(calls, joining{g, ids})
		}
	}
	return o.each(ctx, len(calls), func(i int) error {
		body := `{"members":[{"id":"` + strings.Join(calls[i].ids, `"},{"id":"`) + `"}]}`
		return o.send(ctx, "POST", "/groups/"+calls[i].group+"/members", body, http.StatusCreated, nil)
	})
}

// configure has the groups and the one user set some, and the groups lock one.
func (o *office) configure(ctx context.Context) error {
	const some = `{"schedule_meeting":{"host_video":true,"join_before_host":true,"audio_type":"both"},
		"in_meeting":{"co_host":true,"chat":true,"polling":true,"feedback":false,"annotation":true},
		"recording":{"local_recording":true,"auto_recording":"local"}}`
	locks := []string{"co_host", "polling", "annotation", "feedback"}
	if err := o.send(ctx, "PATCH", "/users/"+o.one+"/settings", some, http.StatusNoContent, nil); err != nil {
		return err
	}
	return o.each(ctx, officeGroups, func(i int) error {
		err := o.send(ctx, "PATCH", "/groups/"+o.groups[i]+"/settings", some, http.StatusNoContent, nil)
		if err != nil {
			return err
		}
		lock := fmt.Sprintf(`{"in_meeting":{%q:true}}`, locks[i%len(locks)])
		return o.send(ctx, "PATCH", "/groups/"+o.groups[i]+"/lock_settings", lock, http.StatusNoContent, nil)
	})
}

// fillers is how many fill an office at once.
const fillers = 32

// each does something n times, fillers at once, until one fails.
func (o *office) each(ctx context.Context, n int, f func(i int) error) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	errs := make([]error, fillers)
	for w := range errs {
		wait.Go(func() {
			for errs[w] == nil && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				errs[w] = f(i)
			}
		})
	}
	wait.Wait()
	return firstOf(ctx.Err(), errors.Join(errs...))
}

// make makes something and sets its id.
func (o *office) make(ctx context.Context, path, body string, id *string) error {
	var made struct{ ID string }
	err := o.send(ctx, "POST", path, body, http.StatusCreated, &made)
	*id = made.ID
	return err
}

// send makes a call and decodes its answer, unless into is nil.
func (o *office) send(ctx context.Context, method, path, body string, status int, into any) error {
	var answer bytes.Buffer
	err := do(ctx, o.client, o.header(), call{method: method, url: o.base + path, body: []byte(body), status: status}, &answer)
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer.Bytes(), into)
}
