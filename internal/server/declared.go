package server

import (
	"slices"

	"muster/internal/app"
	"muster/internal/oauth"
	"muster/internal/op"
	"muster/internal/webex"
	"muster/internal/zoom"
	"muster/internal/zoom/accounts"
	"muster/internal/zoom/meetings"
	"muster/internal/zoom/users"
)

// Declared are all operations by dialect.
type Declared struct {
	Zoom, Webex, OAuth []op.Operation
}

// Declare returns every operation, bound to a. Without serving, a may be an
// empty App: declarations need none.
func Declare(a *app.App, base string) Declared {
	d := Declared{}
	d.Zoom = append(d.Zoom, (&users.API{App: a, Base: base}).Operations()...)
	d.Zoom = append(d.Zoom, (&meetings.API{App: a, Base: base}).Operations()...)
	d.Zoom = append(d.Zoom, (&accounts.API{App: a, Base: base}).Operations()...)
	d.Webex = (&webex.API{App: a, Base: base}).Operations()
	d.OAuth = (&oauth.API{App: a, Base: base, Scopes: d.Scopes(), Guard: oauth.NewGuard()}).Operations()
	return d
}

// Scopes returns every scope that the operations know.
func (d Declared) Scopes() []string { return zoom.AllScopes(slices.Concat(d.Zoom, d.Webex)) }

// Each calls f for every operation with the name of its dialect.
func (d Declared) Each(f func(dialect string, o op.Operation)) {
	for _, o := range d.Zoom {
		f("zoom", o)
	}
	for _, o := range d.Webex {
		f("webex", o)
	}
	for _, o := range d.OAuth {
		f("oauth", o)
	}
}
