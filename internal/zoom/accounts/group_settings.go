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
	settingsQuery
}

func (a *API) groupSettings(ctx context.Context, in *groupSettingsIn) (*settingsOut, error) {
	return readSettings(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.settingsQuery)
}

func (a *API) updateGroupSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateGroupSettings", Group: groups, Title: "Update a group's settings", Method: "PATCH", Path: "/groups/{groupId}/settings",
		Scopes: writeGroups("group:update:settings"), Rate: op.Medium, Success: 204, Instead: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.setGroupSettings)
}

type groupSettingsUpdate struct {
	groupPath
	settingsBody
}

func (a *API) setGroupSettings(ctx context.Context, in *groupSettingsUpdate) (*settingsChanged, error) {
	return changeSettings(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.settingsBody)
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

func (a *API) groupLocks(ctx context.Context, in *groupLocksIn) (*settingsOut, error) {
	locks, err := a.App.OwnerLocks(ctx, zoom.Actor(ctx), app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, string(in.Option))
	if err != nil {
		return nil, err
	}
	out := settingsOut(nest(locks))
	return &out, nil
}

func (a *API) groupLockedSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupLockedSettings", Group: groups, Title: "Update locked settings", Method: "PATCH", Path: "/groups/{groupId}/lock_settings",
		Scopes: writeGroups("group:update:lock_settings"), Rate: op.Medium, Success: 204, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.setGroupLocks)
}

type groupLocksUpdate struct {
	groupPath
	Option wire.String    `query:"option" json:"-" enum:"meeting_security"`
	Body   map[string]any `json:",embed"`
}

func (a *API) setGroupLocks(ctx context.Context, in *groupLocksUpdate) (*op.None, error) {
	change, err := flatten(in.Body, settings.Locks(settings.Group, string(in.Option)))
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.SetOwnerLocks(ctx, zoom.Actor(ctx), app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, change)
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

func (a *API) groupRegistration(ctx context.Context, in *groupRegistrationIn) (*settingsOut, error) {
	return readRegistration(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)})
}

func (a *API) groupSettingsRegistrationUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupSettingsRegistrationUpdate", Group: groups, Title: "Update a group's webinar registration settings", Method: "PATCH", Path: "/groups/{groupId}/settings/registration",
		Scopes: writeGroups("group:update:registration_settings"), Rate: op.Medium, Success: 204, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.setGroupRegistration)
}

type groupRegistrationUpdate struct {
	groupPath
	registrationBody
}

func (a *API) setGroupRegistration(ctx context.Context, in *groupRegistrationUpdate) (*op.None, error) {
	return setRegistration(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.registrationBody)
}
