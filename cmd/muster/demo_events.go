package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"muster/internal/client"
	"muster/internal/transfer"
)

// An event is a meeting of the demo with what became of its people.
type event struct {
	column   string         // its heading in the table
	variable string         // its number's name in the lines for a shell
	how      string         // how people are registered
	single   bool           // one by one
	ask      map[string]any // what the meeting is made of
	action   func(i int) string

	number   string
	topic    string
	when     string
	summary  transfer.Summary
	statuses map[string]int
	examples []client.Registrant
}

// plan makes a one-off meeting, whose host lets people in by hand, and a
// weekly course, which takes everybody.
func (s *show) plan(ctx context.Context) ([]*event, error) {
	day := s.data.app.DB.Now().UTC().AddDate(0, 0, 7)
	for day.Weekday() != time.Tuesday {
		day = day.AddDate(0, 0, 1)
	}
	settings := func(approval int) map[string]any {
		return map[string]any{"approval_type": approval, "registration_type": 1}
	}
	meeting := &event{
		column: "meeting", variable: "MEETING", how: "in batches of 30",
		ask: map[string]any{
			"topic": "Open evening: meetings people enjoy", "type": 2, "start_time": day.Format("2006-01-02") + "T18:00:00",
			"duration": 90, "timezone": "Europe/Dublin", "settings": settings(1),
		},
		when: day.Format("Mon 2 Jan 2006") + ", once",
		action: func(i int) string {
			switch {
			case i%25 == 7:
				return "deny"
			case i%10 == 3:
				return "" // stays pending
			}
			return "approve"
		},
	}
	day = day.AddDate(0, 0, 2)
	course := &event{
		column: "course", variable: "COURSE", how: "one by one", single: true,
		ask: map[string]any{
			"topic": "Course: hosting online events", "type": 8, "start_time": day.Format("2006-01-02") + "T17:00:00",
			"duration": 60, "timezone": "Europe/Dublin", "settings": settings(0),
			"recurrence": map[string]any{"type": 2, "repeat_interval": 1, "weekly_days": "5", "end_times": 8},
		},
		when: "8 Thursdays from " + day.Format("2 Jan 2006"),
		action: func(i int) string {
			if i%60 == 11 {
				return "deny"
			}
			return ""
		},
	}
	events := []*event{meeting, course}
	for _, e := range events {
		if err := s.create(ctx, e); err != nil {
			return nil, err
		}
	}
	return events, os.WriteFile(s.file("people.csv"), demoPeople, 0o600)
}

func (s *show) file(name string) string { return filepath.Join(s.folder, name) }

// create makes the meeting and the form that people fill in.
func (s *show) create(ctx context.Context, e *event) error {
	var made struct {
		ID    int64  `json:"id"`
		Topic string `json:"topic"`
	}
	if err := s.client.Do(ctx, http.MethodPost, "/users/me/meetings", e.ask, &made, nil); err != nil {
		return err
	}
	e.number, e.topic = fmt.Sprint(made.ID), made.Topic
	type question map[string]any
	form := map[string]any{
		"questions": []question{
			{"field_name": "last_name", "required": true},
			{"field_name": "org", "required": false},
			{"field_name": "job_title", "required": false},
			{"field_name": "country", "required": false},
		},
		"custom_questions": []question{{"title": "What do you hope to learn?", "type": "short", "required": false}},
	}
	return s.client.Do(ctx, http.MethodPatch, e.path()+"/questions", form, nil, nil)
}

func (e *event) path() string { return "/meetings/" + e.number + "/registrants" }

// register imports the example file.
func (s *show) register(ctx context.Context, e *event) (err error) {
	bar := newProgress(s.errOut, fmt.Sprintf("  %-7s %-17s", e.column, e.how))
	defer bar.end()
	o := transfer.ImportOptions{
		Client: s.client, Meeting: e.number, File: s.file("people.csv"), Result: s.file(e.column + ".result.csv"),
		Single: e.single, Concurrency: 1, Progress: bar.show,
	}
	if e.single {
		o.Concurrency = 4
	}
	e.summary, err = transfer.Import(ctx, o)
	return err
}

// maxDecisions is how many people one status call takes.
const maxDecisions = 30

// decide approves and denies, as the host would.
func (s *show) decide(ctx context.Context, e *event) error {
	type who struct {
		ID string `json:"id"`
	}
	waiting := map[string][]who{}
	send := func(action string) error {
		body := map[string]any{"action": action, "registrants": waiting[action]}
		waiting[action] = nil
		return s.client.Do(ctx, http.MethodPut, e.path()+"/status", body, nil, nil)
	}
	status := "approved"
	if e.summary.Pending > 0 {
		status = "pending"
	}
	var people []client.Registrant // all of them first: decisions would move the pages
	err := s.client.Registrants(ctx, e.number, status, "", func(page []client.Registrant, _ int) error {
		people = append(people, page...)
		return nil
	})
	if err != nil {
		return err
	}
	for i, p := range people {
		action := e.action(i)
		if action == "" {
			continue
		}
		waiting[action] = append(waiting[action], who{p.Fields["id"]})
		if len(waiting[action]) == maxDecisions {
			if err := send(action); err != nil {
				return err
			}
		}
	}
	for action, rest := range waiting {
		if len(rest) == 0 {
			continue
		}
		if err := send(action); err != nil {
			return err
		}
	}
	return nil
}

// count asks the server how its people stand, and for some of those with a link.
func (s *show) count(ctx context.Context, e *event) error {
	e.statuses = map[string]int{}
	for _, status := range []string{"approved", "denied", "pending"} {
		var page struct {
			Total       int                 `json:"total_records"`
			Registrants []client.Registrant `json:"registrants"`
		}
		err := s.client.Do(ctx, http.MethodGet, e.path()+"?page_size=3&status="+status, nil, &page, nil)
		if err != nil {
			return err
		}
		e.statuses[status] = page.Total
		if status == "approved" {
			e.examples = page.Registrants
		}
	}
	return nil
}
