package accounts

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) getGroupSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "getGroupSettings", Group: groups, Title: "Get a group's settings", Method: "GET", Path: "/groups/{groupId}/settings",
		Scopes: readGroups("group:read:settings"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.groupSettings)
}

type groupSettingsIn struct {
	groupPath
	zoom.SettingsQuery
}

func (a *API) groupSettings(ctx context.Context, in *groupSettingsIn) (*zoom.Settings, error) {
	return zoom.ReadSettings(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.SettingsQuery)
}

func (a *API) updateGroupSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateGroupSettings", Group: groups, Title: "Update a group's settings", Method: "PATCH", Path: "/groups/{groupId}/settings",
		Scopes: writeGroups("group:update:settings"), Rate: op.Medium, Success: 204, Instead: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.setGroupSettings)
}

type groupSettingsUpdate struct {
	groupPath
	zoom.SettingsBody
}

func (a *API) setGroupSettings(ctx context.Context, in *groupSettingsUpdate) (*zoom.SettingsChanged, error) {
	return zoom.ChangeSettings(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.SettingsBody)
}

func (a *API) getGroupLockSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "getGroupLockSettings", Group: groups, Title: "Get locked settings", Method: "GET", Path: "/groups/{groupId}/lock_settings",
		Scopes: readGroups("group:read:lock_settings"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.groupLocks)
}

type groupLocksIn struct {
	groupPath
	Option wire.String `query:"option" json:"-" enum:"meeting_security"`
}

func (a *API) groupLocks(ctx context.Context, in *groupLocksIn) (*zoom.Settings, error) {
	locks, err := a.App.OwnerLocks(ctx, zoom.Actor(ctx), app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, string(in.Option))
	if err != nil {
		return nil, err
	}
	out := zoom.Settings(nest(locks))
	return &out, nil
}

func (a *API) groupLockedSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupLockedSettings", Group: groups, Title: "Update locked settings", Method: "PATCH", Path: "/groups/{groupId}/lock_settings",
		Scopes: writeGroups("group:update:lock_settings"), Rate: op.Medium, Success: 204, Instead: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.setGroupLocks)
}

type groupLocksUpdate struct {
	groupPath
	Option wire.String `query:"option" json:"-" enum:"meeting_security" doc:"Takes those locks only; without it the body may have them too."`
	zoom.Rehearsable
	Body map[string]any `json:",embed"`
}

func (a *API) setGroupLocks(ctx context.Context, in *groupLocksUpdate) (*zoom.SettingsChanged, error) {
	return zoom.ChangeLocks(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, in.Option, in.DryRun, in.Body)
}

func (a *API) groupSettingsRegistration() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupSettingsRegistration", Group: groups, Title: "Get a group's webinar registration settings", Method: "GET", Path: "/groups/{groupId}/settings/registration",
		Scopes: readGroups("group:read:registration_settings"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.groupRegistration)
}

type groupRegistrationIn struct {
	groupPath
	registrationQuery
}

func (a *API) groupRegistration(ctx context.Context, in *groupRegistrationIn) (*zoom.Settings, error) {
	return readRegistration(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)})
}

func (a *API) groupSettingsRegistrationUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupSettingsRegistrationUpdate", Group: groups, Title: "Update a group's webinar registration settings", Method: "PATCH", Path: "/groups/{groupId}/settings/registration",
		Scopes: writeGroups("group:update:registration_settings"), Rate: op.Medium, Success: 204, Instead: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.setGroupRegistration)
}

type groupRegistrationUpdate struct {
	groupPath
	registrationBody
}

func (a *API) setGroupRegistration(ctx context.Context, in *groupRegistrationUpdate) (*zoom.SettingsChanged, error) {
	return zoom.ChangeRegistration(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, in.DryRun, in.Body)
}
