// Package web has the public pages: what the links of invitations open.
package web

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/schedule"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// Mount adds the pages to mux.
func Mount(mux *http.ServeMux, a *app.App) {
	p := pages{a}
	mux.HandleFunc("GET /w/{meetingId}", p.registrant)
	mux.HandleFunc("GET /files/{fileId}", p.file)
	mux.HandleFunc("GET /j/{meetingId}", noRoom)
	mux.HandleFunc("GET /s/{meetingId}", noRoom)
	mux.HandleFunc("GET /meeting/register/{token}", noForm)
}

type pages struct{ app *app.App }

// A view is what a page shows.
type view struct {
	Title, State, Text string
	Topic              string
	Name               string
	Zone               string
	Times              []string
	More               int // coming dates that are not shown
}

// registrant shows somebody how their registration stands. Whatever is wrong
// with the link, the page is the same: it tells no meeting from none.
func (p pages) registrant(w http.ResponseWriter, r *http.Request) {
	op.CallOf(r.Context()).Operation = "page_registrant"
	meeting, err := strconv.ParseInt(r.PathValue("meetingId"), 10, 64)
	if err != nil {
		wrongLink(w, r)
		return
	}
	v, reg, err := p.app.Invited(r.Context(), meeting, r.URL.Query().Get("tk"))
	switch {
	case muster.CodeOf(err) == muster.MeetingNotFound:
		wrongLink(w, r)
	case muster.CodeOf(err) == muster.Overloaded:
		tooMany(w, r)
	case err != nil:
		broken(w, r, err)
	default:
		status, shown := stands(v, reg)
		show(w, status, shown)
	}
}

func tooMany(w http.ResponseWriter, r *http.Request) {
	op.CallOf(r.Context()).Code = string(muster.Overloaded)
	w.Header().Set("Retry-After", "1")
	show(w, http.StatusServiceUnavailable, view{Title: "Too many visitors", State: "waiting", Text: "Please load this page again in a moment."})
}

func broken(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) { // nobody reads this; the status is for the log
		show(w, op.StatusClientGone, view{Title: "Nobody is there", State: "wrong", Text: "The request was given up."})
		return
	}
	op.CallOf(r.Context()).Err = err
	show(w, http.StatusInternalServerError, view{Title: "Something went wrong", State: "wrong", Text: "This is our fault. Please try again in a while."})
}

func wrongLink(w http.ResponseWriter, _ *http.Request) {
	show(w, http.StatusNotFound, view{
		Title: "This link does not work", State: "wrong",
		Text: "It is incomplete, or it was replaced by a new one, or the registration was removed. Please look for the newest message, or ask who invited you.",
	})
}

// stands returns the page of a registration by its status.
func stands(v *app.MeetingView, r *muster.Registrant) (int, view) {
	shown := view{Topic: v.Topic, Name: r.Person.FirstName, Zone: v.Timezone}
	if shown.Topic == "" {
		shown.Topic = "Meeting"
	}
	shown.Times, shown.More = times(v, r)
	status := http.StatusOK
	switch r.Status {
	case muster.Approved:
		shown.Title, shown.State = "You are registered", "approved"
		shown.Text = "Your place is confirmed. No meeting room is attached to this server yet: the host will tell you where to meet. Keep this link, it is yours alone."
	case muster.Pending, muster.Waitlisted:
		shown.Title, shown.State = "Waiting for approval", "waiting"
		shown.Text = "The host has your registration and has not decided yet. This page will say when that changes."
	case muster.Cancelled:
		status, shown.Title, shown.State = http.StatusForbidden, "Registration cancelled", "declined"
		shown.Text = "This registration was cancelled. The link does not let anybody in any more."
	default:
		status, shown.Title, shown.State = http.StatusForbidden, "Registration declined", "declined"
		shown.Text = "The host has declined this registration. The link does not let anybody in."
	}
	if v.Series() && len(shown.Times) == 0 && status == http.StatusOK {
		shown.Text = "No date of this registration lies ahead any more: it is over or was called off."
	}
	if v.StateAt(v.Now) == muster.Ended {
		shown.Text = "This meeting is over."
	}
	return status, shown
}

// maxTimes is how many dates of a series a page lists.
const maxTimes = 10

// times returns when the meeting is, in its zone: the coming dates for which
// the person stands as the page says.
func times(v *app.MeetingView, r *muster.Registrant) (list []string, more int) {
	zone, err := schedule.Zone(v.Timezone)
	if err != nil {
		zone = time.UTC
	}
	const layout = "Monday, 2 January 2006, 15:04"
	if !v.Series() {
		if v.Start.IsZero() {
			return nil, 0
		}
		return []string{v.Start.In(zone).Format(layout)}, 0
	}
	for _, o := range v.Coming(v.Now) {
		if !r.Covers(o.ID) || r.At(o.ID) != r.Status {
			continue
		}
		if len(list) == maxTimes {
			more++
			continue
		}
		list = append(list, o.Start.In(zone).Format(layout))
	}
	return list, more
}

// noRoom answers the links that will open a room. It says the same of every
// number, known or not.
func noRoom(w http.ResponseWriter, r *http.Request) {
	op.CallOf(r.Context()).Operation = "page_room"
	show(w, http.StatusNotImplemented, view{
		Title: "No room is attached yet", State: "waiting",
		Text: "This server plans meetings and registers people for them. It cannot hold them yet: there is no room behind this link.",
	})
}

func noForm(w http.ResponseWriter, r *http.Request) {
	op.CallOf(r.Context()).Operation = "page_form"
	show(w, http.StatusNotImplemented, view{
		Title: "Registration in the browser is not there yet", State: "waiting",
		Text: "This server registers people through its API. Please ask who invited you to register you.",
	})
}

func show(w http.ResponseWriter, status int, v view) {
	var b bytes.Buffer
	if err := page.Execute(&b, v); err != nil {
		http.Error(w, "Internal error.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client is gone; nobody to tell
}
