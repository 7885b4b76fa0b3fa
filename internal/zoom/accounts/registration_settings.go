package accounts

import (
	"context"

	"muster/internal/app"
	"muster/internal/settings"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// registrationQuery is the query of reading what registrants of webinars are asked.
type registrationQuery struct {
	Type wire.String `query:"type" json:"-" enum:"webinar" doc:"webinar, which it is anyway."`
}

// registrationBody is what changes it.
type registrationBody struct {
	registrationQuery
	zoom.Rehearsable
	Body map[string]any `json:",embed"`
}

// readRegistration answers what registrants of an owner's webinars are asked.
func readRegistration(ctx context.Context, a *app.App, ref app.OwnerRef) (*zoom.Settings, error) {
	doc, err := a.OwnerSettings(ctx, zoom.Actor(ctx), ref, settings.Registration, nil)
	return (*zoom.Settings)(&doc), err
}
