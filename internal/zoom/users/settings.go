package users

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/zoom"
)

func (a *API) userSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "userSettings", Group: group, Title: "Get user settings", Method: "GET", Path: "/users/{userId}/settings",
		Scopes: readScopes("user:read:settings"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.UserNotFound, muster.WrongAccount),
	}, a.settings)
}

type settingsIn struct {
	userPath
	zoom.SettingsQuery
}

func (a *API) settings(ctx context.Context, in *settingsIn) (*zoom.Settings, error) {
	return zoom.ReadSettings(ctx, a.App, app.OwnerRef{Level: settings.User, ID: string(in.User)}, &in.SettingsQuery)
}

func (a *API) userSettingsUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "userSettingsUpdate", Group: group, Title: "Update user settings", Method: "PATCH", Path: "/users/{userId}/settings",
		Scopes: writeScopes("user:update:settings"), Rate: op.Medium, Success: 204, Instead: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserTypeUnfit, muster.WebinarUnfit, muster.EventsUnfit, muster.ConcurrentUnfit,
			muster.EventsOverWebinar, muster.TwoWhiteboards, muster.UserNotFound, muster.WrongAccount),
	}, a.setSettings)
}

type settingsUpdate struct {
	userPath
	zoom.SettingsBody
}

func (a *API) setSettings(ctx context.Context, in *settingsUpdate) (*zoom.SettingsChanged, error) {
	return zoom.ChangeSettings(ctx, a.App, app.OwnerRef{Level: settings.User, ID: string(in.User)}, &in.SettingsBody)
}

func (a *API) userPermission() op.Operation {
	return op.Handle(op.Spec{
		ID: "userPermission", Group: group, Title: "Get user permissions", Method: "GET", Path: "/users/{userId}/permissions",
		Scopes: readScopes("user:read:list_permissions"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.UserNotFound, muster.WrongAccount),
	}, a.permissions)
}

type permissionsOut struct {
	Permissions []string `json:"permissions"`
}

func (a *API) permissions(ctx context.Context, in *userPath) (*permissionsOut, error) {
	list, err := a.App.Permissions(ctx, zoom.Actor(ctx), string(in.User))
	return &permissionsOut{list}, err
}
