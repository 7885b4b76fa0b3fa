package users

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/zoom"
)

func (a *API) userPicture() op.Operation {
	return op.Handle(op.Spec{
		ID: "userPicture", Group: group, Title: "Upload a user's profile picture", Method: "POST", Path: "/users/{userId}/picture",
		Scopes: writeScopes("user:write:profile_picture"), Rate: op.Medium, Success: 201, MaxBody: zoom.MaxPictureForm,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.FileRefused, muster.UserNotFound, muster.WrongAccount),
	}, a.setPicture)
}

type pictureIn struct {
	userPath
	File op.File `json:"pic_file" doc:"A picture (jpg, gif, png) of at most 2 MiB, in place of the one before."`
}

type pictureOut struct {
	URL string `json:"pic_url" ours:"true" doc:"Where the picture is served, to whoever has this link."`
}

func (a *API) setPicture(ctx context.Context, in *pictureIn) (*pictureOut, error) {
	f, err := a.App.SetPicture(ctx, zoom.Actor(ctx), string(in.User), zoom.Upload(in.File))
	if err != nil {
		return nil, err
	}
	return &pictureOut{zoom.FileURL(a.Base, f.ID)}, nil
}

func (a *API) userPictureDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "userPictureDelete", Group: group, Title: "Delete a user's profile picture", Method: "DELETE", Path: "/users/{userId}/picture",
		Scopes: []string{"user:write", "user:write:admin", "user:master"}, Rate: op.Medium, Success: 204, // it has no granular one
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.removePicture)
}

func (a *API) removePicture(ctx context.Context, in *userPath) (*op.None, error) {
	return &op.None{}, a.App.RemovePicture(ctx, zoom.Actor(ctx), string(in.User))
}

func (a *API) uploadVBuser() op.Operation {
	return op.Handle(op.Spec{
		ID: "uploadVBuser", Group: group, Title: "Upload Virtual Background files", Method: "POST", Path: "/users/{userId}/settings/virtual_backgrounds",
		Scopes: writeScopes("user:write:virtual_background_files"), Rate: op.Medium, Success: 201, MaxBody: zoom.MaxBackgroundForm,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.FileRefused, muster.UserNotFound, muster.WrongAccount),
	}, a.addBackground)
}

type backgroundIn struct {
	userPath
	zoom.BackgroundIn
}

func (a *API) addBackground(ctx context.Context, in *backgroundIn) (*zoom.BackgroundOut, error) {
	return zoom.AddBackground(ctx, a.App, a.Base, app.OwnerRef{Level: settings.User, ID: string(in.User)}, &in.BackgroundIn)
}

func (a *API) delUserVB() op.Operation {
	return op.Handle(op.Spec{
		ID: "delUserVB", Group: group, Title: "Delete Virtual Background files", Method: "DELETE", Path: "/users/{userId}/settings/virtual_backgrounds",
		Scopes: writeScopes("user:delete:virtual_background_files"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.removeBackgrounds)
}

type fileIDs struct {
	userPath
	zoom.FileIDs
}

func (a *API) removeBackgrounds(ctx context.Context, in *fileIDs) (*op.None, error) {
	return zoom.RemoveBackgrounds(ctx, a.App, app.OwnerRef{Level: settings.User, ID: string(in.User)}, &in.FileIDs)
}
