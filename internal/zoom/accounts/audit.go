package accounts

import (
	"context"
	"encoding/json" // what the store has read, numbers as they were and members in one order
	"maps"
	"strings"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/schedule"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) audit() op.Operation {
	return op.Handle(op.Spec{
		ID: "musterAudit", Group: "Audit", Title: "List administrative changes", Method: "GET", Path: "/muster/audit", Ours: true,
		Scopes: []string{"report:read:admin", "report:master", "report:read:audit:admin", "report:read:audit:master"}, Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden),
	}, a.listAudit)
}

type auditIn struct {
	Actor  wire.String `query:"actor" json:"-" max:"128" doc:"Who did it: the id or the email of a user, or the client id of an app."`
	Object wire.String `query:"object" json:"-" max:"128" doc:"The id of what was changed: a user, a group, a role, an app, the account …"`
	Kind   wire.String `query:"kind" json:"-" max:"64" doc:"What happened, such as role.created, or role for all that happened to roles."`
	From   wire.String `query:"from" json:"-" max:"64" doc:"A time, or a day."`
	To     wire.String `query:"to" json:"-" max:"64" doc:"A time that is not part of it any more, or a day that still is."`
	Size   wire.Int    `query:"page_size" json:"-" max:"2147483647" doc:"Rows in a page: 30 unless given, 300 at most (more is cut)."`
	Token  wire.String `query:"next_page_token" json:"-" max:"2048" doc:"Token of the next page, from the answer before; works for 15 minutes with the same other parameters."`
}

type auditOut struct {
	PageSize int64      `json:"page_size"`
	Next     string     `json:"next_page_token"`
	Events   []auditRow `json:"events"`
}

type auditRow struct {
	ID      string     `json:"id"`
	Time    string     `json:"time" format:"date-time"`
	Kind    string     `json:"kind"`
	Actor   auditActor `json:"actor"`
	Objects []string   `json:"objects" doc:"The ids of what it is about; before some stands what it is the id of, as in group:…"`
	Before  told       `json:"before" doc:"What was changed as it was, null where nothing was or nothing is known."`
	After   told       `json:"after" doc:"What was changed as it is from then on, null where nothing is or nothing is known."`
	Details told       `json:"details,omitempty" doc:"What else is to be said of it."`
}

type auditActor struct {
	User string `json:"user_id" doc:"For whom it was done; empty for the command line."`
	App  string `json:"app_id" doc:"The client id of the app whose token it was."`
}

func (a *API) listAudit(ctx context.Context, in *auditIn) (*auditOut, error) {
	f := app.AuditFilter{Object: string(in.Object), Actor: string(in.Actor), Kind: string(in.Kind)}
	if strings.Trim(f.Kind, "abcdefghijklmnopqrstuvwxyz_.") != "" {
		return nil, muster.InvalidField("kind", "must be what happened, such as role.created, or its first word")
	}
	var err error
	if f.From, err = auditTime("from", in.From, 0); err != nil {
		return nil, err
	}
	if f.To, err = auditTime("to", in.To, 24*time.Hour); err != nil {
		return nil, err
	}
	page := zoom.Paging{PageSize: in.Size, NextPageToken: in.Token}.Page()
	list, err := a.App.Audit(ctx, zoom.Actor(ctx), f, page)
	if err != nil {
		return nil, err
	}
	out := &auditOut{PageSize: int64(page.Size), Next: list.Next, Events: make([]auditRow, len(list.Items))}
	for i := range list.Items {
		out.Events[i] = spellEvent(&list.Items[i])
	}
	return out, nil
}

// auditTime reads a time; day is added to a date alone.
func auditTime(field string, text wire.String, day time.Duration) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := schedule.ParseTime(string(text), time.UTC)
	if err != nil {
		return at, muster.InvalidField(field, "%v", err)
	}
	if len(text) == len(time.DateOnly) {
		at = at.Add(day)
	}
	return at, nil
}

// told is what the event log has of a thing, its members in one order and its
// numbers as they were.
type told map[string]any

// MarshalJSON writes t, null for nothing.
func (t told) MarshalJSON() ([]byte, error) { return json.Marshal(map[string]any(t)) }

func spellEvent(e *muster.Event) auditRow {
	part := func(name string) told {
		m, _ := e.Data[name].(map[string]any)
		return m
	}
	row := auditRow{
		ID: e.ID, Time: zoom.Milliseconds(e.At), Kind: string(e.Kind), Actor: auditActor{e.User, e.App}, Objects: append([]string{}, e.Subjects...),
		Before: part("before"), After: part("after"), Details: maps.Clone(told(e.Data)),
	}
	delete(row.Details, "before")
	delete(row.Details, "after")
	return row
}
