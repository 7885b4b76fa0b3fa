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

// maxUpload is how long the form around a virtual background may be.
const maxUpload = muster.MaxBackground + 64<<10

// A backgroundIn is an uploaded virtual background.
type backgroundIn struct {
	File    op.File   `json:"file" doc:"A picture (png, jpg) or a film (mp4) of at most 15 MiB."`
	Default wire.Bool `json:"is_default" ours:"true" doc:"It is to be the default one."`
}

type backgroundOut struct {
	ID        string `json:"id"`
	IsDefault bool   `json:"is_default"`
	Name      string `json:"name"`
	Size      int64  `json:"size"`
	Type      string `json:"type" enum:"image|video"`
	URL       string `json:"file_url" ours:"true" doc:"Where the file is served, to whoever has this link."`
}

// addBackground keeps a virtual background of an account, a group or a user.
func addBackground(ctx context.Context, a *API, ref app.OwnerRef, in *backgroundIn) (*backgroundOut, error) {
	up := app.Upload{Name: in.File.Name, Content: in.File.Content, TooLarge: in.File.TooLarge, Default: bool(in.Default)}
	f, err := a.App.AddBackground(ctx, zoom.Actor(ctx), ref, up)
	if err != nil {
		return nil, err
	}
	return &backgroundOut{f.ID, up.Default, f.Name, f.Size, f.Kind, a.Base + "/files/" + f.ID}, nil
}

// fileIDs is the query of deleting files.
type fileIDs struct {
	IDs wire.List `query:"file_ids" json:"-" rule:"required" max:"100" doc:"Ids of files, with commas between: all of them are deleted, or none."`
}

func (a *API) uploadGroupVB() op.Operation {
	return op.Handle(op.Spec{
		ID: "uploadGroupVB", Group: groups, Title: "Upload Virtual Background files", Method: "POST", Path: "/groups/{groupId}/settings/virtual_backgrounds",
		Scopes: writeGroups("group:write:virtual_background_files"), Rate: op.Medium, Success: 201, MaxBody: maxUpload,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.FileRefused, muster.GroupNotFound),
		Errors:  op.Errors{string(muster.GroupNotFound): {Status: 404, Code: 1001}}, // as the description of this one has it
	}, a.addGroupBackground)
}

type groupBackgroundIn struct {
	groupPath
	backgroundIn
}

func (a *API) addGroupBackground(ctx context.Context, in *groupBackgroundIn) (*backgroundOut, error) {
	return addBackground(ctx, a, app.OwnerRef{Level: settings.Group, ID: string(in.Group)}, &in.backgroundIn)
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
	fileIDs
}

func (a *API) removeGroupBackgrounds(ctx context.Context, in *groupFileIDs) (*op.None, error) {
	ref := app.OwnerRef{Level: settings.Group, ID: string(in.Group)}
	return &op.None{}, a.App.RemoveBackgrounds(ctx, zoom.Actor(ctx), ref, in.IDs)
}
