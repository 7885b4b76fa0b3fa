package users

import (
	"context"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) bulkUpdateFeature() op.Operation {
	return op.Handle(op.Spec{
		ID: "bulkUpdateFeature", Group: group, Title: "Bulk update features for users", Method: "POST", Path: "/users/features",
		Scopes: writeScopes("user:write:feature"), Rate: op.Medium, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden),
	}, a.bulkFeature)
}

type featuresIn struct {
	Feature wire.String `json:"feature_type" rule:"required" enum:"user_type|concurrent_meeting|large_meeting|webinar|zoom_events|zoom_whiteboard|plan_united_type|zoom_one_type|zoom_iq_for_sales|zoom_revenue_accelerator|zoom_clips_plus" doc:"Only user_type is there."`
	Value   wire.String `json:"feature_value" rule:"required" max:"64" doc:"1 Basic, 2 Licensed, 4 unassigned."`
	Users   []userRef   `json:"users" rule:"required" max:"30"`
}

type featuresOut struct {
	Done   []string     `json:"success_user_ids"`
	Failed []failedRows `json:"fail_details"`
}

type failedRows struct {
	UserIDs []string `json:"user_ids"`
	Reason  string   `json:"reason"`
}

var featureTypes = map[string]muster.UserType{"1": muster.Basic, "2": muster.Licensed, "4": muster.Unassigned}

func (a *API) bulkFeature(ctx context.Context, in *featuresIn) (*featuresOut, error) {
	names, err := refs("users", in.Users)
	if err != nil {
		return nil, err
	}
	if in.Feature != "user_type" {
		return nil, muster.Errorf(muster.Forbidden, "", "The account does not have this feature: %s.", in.Feature)
	}
	to, ok := featureTypes[string(in.Value)]
	if !ok {
		return nil, muster.InvalidField("feature_value", "must be 1, 2 or 4")
	}
	done, err := a.App.SetUserTypes(ctx, zoom.Actor(ctx), names, to)
	if err != nil {
		return nil, err
	}
	out := &featuresOut{Done: append([]string{}, done.Done...), Failed: []failedRows{}}
	for _, f := range []failedRows{{done.Absent, "Users not found"}, {done.Unchanged, "No need to update"}} {
		if len(f.UserIDs) > 0 {
			out.Failed = append(out.Failed, f)
		}
	}
	return out, nil
}

func (a *API) userSummary() op.Operation {
	return op.Handle(op.Spec{
		ID: "userSummary", Group: group, Title: "Get user summary", Method: "GET", Path: "/users/summary",
		Scopes: readScopes("user:read:summary"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden),
	}, a.summary)
}

type noIn struct{}

type summaryOut struct {
	Licensed int64 `json:"licensed_users_count"`
	Basic    int64 `json:"basic_users_count"`
	OnPrem   int64 `json:"on_prem_users_count" doc:"Always 0."`
	Rooms    int64 `json:"room_users_count" doc:"Always 0."`
	Pending  int64 `json:"pending_users_count"`
	JoinOnly int64 `json:"join_only_users_count" doc:"Users without a meetings licence."`
	Total    int64 `json:"total_users_count"`
}

func (a *API) summary(ctx context.Context, _ *noIn) (*summaryOut, error) {
	s, err := a.App.SummarizeUsers(ctx, zoom.Actor(ctx))
	return &summaryOut{
		Licensed: s.Licensed, Basic: s.Basic, Pending: s.Pending, JoinOnly: s.JoinOnly, Total: s.Licensed + s.Basic + s.JoinOnly,
	}, err
}

func (a *API) listCollaborationDevices() op.Operation {
	return op.Handle(op.Spec{
		ID: "listCollaborationDevices", Group: group, Title: "List a user's collaboration devices", Method: "GET", Path: "/users/{userId}/collaboration_devices",
		Scopes: readScopes("user:read:list_collaboration_devices"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.UserNotFound, muster.WrongAccount),
	}, a.devices)
}

type devicesOut struct {
	Total   int64       `json:"total_records"`
	Devices []deviceOut `json:"collaboration_devices" doc:"Always empty: there are no devices."`
}

type deviceOut struct {
	ID       string `json:"id"`
	Name     string `json:"device_name"`
	Room     string `json:"room_name"`
	RoomUser string `json:"room_user_id"`
	Status   string `json:"status" enum:"Online|Offline"`
}

func (a *API) devices(ctx context.Context, in *userPath) (*devicesOut, error) {
	_, err := a.App.User(ctx, zoom.Actor(ctx), string(in.User))
	return &devicesOut{Devices: []deviceOut{}}, err
}

func (a *API) getCollaborationDevice() op.Operation {
	return op.Handle(op.Spec{
		ID: "getCollaborationDevice", Group: group, Title: "Get collaboration device detail", Method: "GET",
		Path:   "/users/{userId}/collaboration_devices/{collaborationDeviceId}",
		Scopes: readScopes("user:read:collaboration_device"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.DeviceNotFound, muster.UserNotFound, muster.WrongAccount),
	}, a.device)
}

type deviceIn struct {
	userPath
	Device wire.String `path:"collaborationDeviceId" json:"-" max:"128"`
}

// device finds none: nobody has devices.
func (a *API) device(ctx context.Context, in *deviceIn) (*deviceOut, error) {
	if _, err := a.App.User(ctx, zoom.Actor(ctx), string(in.User)); err != nil {
		return nil, err
	}
	return nil, muster.Errorf(muster.DeviceNotFound, string(in.Device), "Collaboration Device does not exist: %s.", in.Device)
}
