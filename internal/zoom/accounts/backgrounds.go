package accounts

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/zoom"
)

func (a *API) uploadGroupVB() op.Operation {
	return op.Handle(op.Spec{
		ID: "uploadGroupVB", Group: groups, Title: "Upload Virtual Background files", Method: "POST", Path: "/groups/{groupId}/settings/virtual_backgrounds",
		Scopes: writeGroups("group:write:virtual_background_files"), Rate: op.Medium, Success: 201, MaxBody: zoom.MaxBackgroundForm,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.FileRefused, muster.GroupNotFound),
		Errors:  op.Errors{string(muster.GroupNotFound): {Status: 404, Code: 1001}}, // as the description of this one has it
	}, a.addGroupBackground)
}

type groupBackgroundIn struct {
	groupPath
	zoom.BackgroundIn
}

func (a *API) addGroupBackground(ctx context.Context, in *groupBackgroundIn) (*zoom.BackgroundOut, error) {
	return zoom.AddBackground(ctx, a.App, a.Base, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.BackgroundIn)
}

func (a *API) delGroupVB() op.Operation {
	return op.Handle(op.Spec{
		ID: "delGroupVB", Group: groups, Title: "Delete Virtual Background files", Method: "DELETE", Path: "/groups/{groupId}/settings/virtual_backgrounds",
		Scopes: writeGroups("group:delete:virtual_background_files"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.removeGroupBackgrounds)
}

type groupFileIDs struct {
	groupPath
	zoom.FileIDs
}

func (a *API) removeGroupBackgrounds(ctx context.Context, in *groupFileIDs) (*op.None, error) {
	return zoom.RemoveBackgrounds(ctx, a.App, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.FileIDs)
}

func (a *API) uploadVB() op.Operation {
	return op.Handle(op.Spec{
		ID: "uploadVB", Group: accounts, Title: "Upload virtual background files", Method: "POST", Path: "/accounts/{accountId}/settings/virtual_backgrounds", Whole: true,
		Scopes: writeAccounts("account:write:virtual_background_files"), Rate: op.Medium, Success: 201, MaxBody: zoom.MaxBackgroundForm,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.FileRefused, muster.AccountNotFound),
	}, a.addAccountBackground)
}

type accountBackgroundIn struct{ zoom.BackgroundIn }

func (a *API) addAccountBackground(ctx context.Context, in *accountBackgroundIn) (*zoom.BackgroundOut, error) {
	return zoom.AddBackground(ctx, a.App, a.Base, theAccount, &in.BackgroundIn)
}

func (a *API) delVB() op.Operation {
	return op.Handle(op.Spec{
		ID: "delVB", Group: accounts, Title: "Delete virtual background files", Method: "DELETE", Path: "/accounts/{accountId}/settings/virtual_backgrounds", Whole: true,
		Scopes: writeAccounts("account:delete:virtual_background_files"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.removeAccountBackgrounds)
}

type accountFileIDs struct{ zoom.FileIDs }

func (a *API) removeAccountBackgrounds(ctx context.Context, in *accountFileIDs) (*op.None, error) {
	return zoom.RemoveBackgrounds(ctx, a.App, theAccount, &in.FileIDs)
}
