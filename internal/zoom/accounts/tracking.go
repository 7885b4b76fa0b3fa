package accounts

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

const tracking = "Tracking Field"

// trackingScopes returns the classic scopes of a verb and the granular one.
func trackingScopes(verb, granular string) []string {
	return []string{"tracking_fields:" + verb + ":admin", "tracking_fields:master", "tracking_field:" + granular + ":admin"}
}

func (a *API) trackingOperations() []op.Operation {
	return []op.Operation{a.trackingfieldCreate(), a.trackingfieldList(), a.trackingfieldUpdate(), a.trackingfieldGet(), a.trackingfieldDelete()}
}

// trackingPath is the tracking field in a path.
type trackingPath struct {
	Field wire.String `path:"fieldId" json:"-" max:"128"`
}

// trackingBody is what a request says of a tracking field.
type trackingBody struct {
	Name        wire.Optional[wire.String] `json:"field" max:"128" doc:"Its name, unique in the account."`
	Recommended wire.Optional[wire.List]   `json:"recommended_values" max:"200" doc:"Values that are offered; a meeting may have others."`
	Required    wire.Optional[wire.Bool]   `json:"required" doc:"New meetings must have a value, and those that have one keep one."`
	Visible     wire.Optional[wire.Bool]   `json:"visible" doc:"What meetings answer about it."`
}

// change returns what b says in the domain's terms.
func (b *trackingBody) change() app.TrackingChange {
	var c app.TrackingChange
	if b.Name.Set {
		name := string(b.Name.Value)
		c.Field = &name
	}
	if b.Recommended.Set {
		values := []string(b.Recommended.Value)
		c.Recommended = &values
	}
	if b.Required.Set {
		required := bool(b.Required.Value)
		c.Required = &required
	}
	if b.Visible.Set {
		visible := bool(b.Visible.Value)
		c.Visible = &visible
	}
	return c
}

type trackingOut struct {
	ID          string   `json:"id"`
	Field       string   `json:"field"`
	Recommended []string `json:"recommended_values"`
	Required    bool     `json:"required"`
	Visible     bool     `json:"visible"`
}

func spellTracking(d *muster.TrackingDefinition) trackingOut {
	return trackingOut{d.ID, d.Field, append([]string{}, d.Recommended...), d.Required, d.Visible}
}

func (a *API) trackingfieldCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "trackingfieldCreate", Group: tracking, Title: "Create a tracking field", Method: "POST", Path: "/tracking_fields",
		Scopes: trackingScopes("write", "write:tracking_field"), Rate: op.Light, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.TrackingFieldExists, muster.Refused),
	}, a.addTracking)
}

func (a *API) addTracking(ctx context.Context, in *trackingBody) (*trackingOut, error) {
	d, err := a.App.CreateTrackingField(ctx, zoom.Actor(ctx), in.change())
	if err != nil {
		return nil, err
	}
	out := spellTracking(d)
	return &out, nil
}

func (a *API) trackingfieldList() op.Operation {
	return op.Handle(op.Spec{
		ID: "trackingfieldList", Group: tracking, Title: "List tracking fields", Method: "GET", Path: "/tracking_fields",
		Scopes: trackingScopes("read", "read:list_tracking_fields"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Forbidden),
	}, a.listTracking)
}

type trackingListOut struct {
	TotalRecords int64         `json:"total_records"`
	Fields       []trackingOut `json:"tracking_fields"`
}

func (a *API) listTracking(ctx context.Context, _ *struct{}) (*trackingListOut, error) {
	list, err := a.App.TrackingFields(ctx, zoom.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &trackingListOut{TotalRecords: int64(len(list)), Fields: make([]trackingOut, len(list))}
	for i := range list {
		out.Fields[i] = spellTracking(&list[i])
	}
	return out, nil
}

func (a *API) trackingfieldUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "trackingfieldUpdate", Group: tracking, Title: "Update a tracking field", Method: "PATCH", Path: "/tracking_fields/{fieldId}",
		Scopes: trackingScopes("write", "update:tracking_field"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.TrackingFieldNotFound, muster.TrackingFieldExists),
	}, a.changeTracking)
}

type trackingUpdate struct {
	trackingPath
	trackingBody
}

func (a *API) changeTracking(ctx context.Context, in *trackingUpdate) (*op.None, error) {
	return &op.None{}, a.App.UpdateTrackingField(ctx, zoom.Actor(ctx), string(in.Field), in.change())
}

func (a *API) trackingfieldGet() op.Operation {
	return op.Handle(op.Spec{
		ID: "trackingfieldGet", Group: tracking, Title: "Get a tracking field", Method: "GET", Path: "/tracking_fields/{fieldId}",
		Scopes: trackingScopes("read", "read:tracking_field"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.TrackingFieldNotFound),
	}, a.getTracking)
}

func (a *API) getTracking(ctx context.Context, in *trackingPath) (*trackingOut, error) {
	d, err := a.App.TrackingField(ctx, zoom.Actor(ctx), string(in.Field))
	if err != nil {
		return nil, err
	}
	out := spellTracking(d)
	return &out, nil
}

func (a *API) trackingfieldDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "trackingfieldDelete", Group: tracking, Title: "Delete a tracking field", Method: "DELETE", Path: "/tracking_fields/{fieldId}",
		Scopes: trackingScopes("write", "delete:tracking_field"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.TrackingFieldNotFound),
	}, a.removeTracking)
}

func (a *API) removeTracking(ctx context.Context, in *trackingPath) (*op.None, error) {
	return &op.None{}, a.App.DeleteTrackingField(ctx, zoom.Actor(ctx), string(in.Field))
}
