package zoom

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

// formAround is how much longer than its file the form of an upload may be.
const formAround = 64 << 10

const (
	// MaxBackgroundForm is how long the form around a virtual background may be.
	MaxBackgroundForm = muster.MaxBackground + formAround
	// MaxPictureForm is how long the form around a user's picture may be.
	MaxPictureForm = muster.MaxPicture + formAround
)

// BackgroundIn is an uploaded virtual background.
type BackgroundIn struct {
	File    op.File   `json:"file" doc:"A picture (png, jpg, for users also gif) or a film (mp4) of at most 15 MiB."`
	Default wire.Bool `json:"is_default" ours:"true" doc:"It is to be the default one."`
}

// BackgroundOut is a virtual background that is kept.
type BackgroundOut struct {
	ID        string `json:"id"`
	IsDefault bool   `json:"is_default"`
	Name      string `json:"name"`
	Size      int64  `json:"size"`
	Type      string `json:"type" enum:"image|video"`
	URL       string `json:"file_url" ours:"true" doc:"Where the file is served, to whoever has this link."`
}

// FileIDs is the query of deleting files.
type FileIDs struct {
	IDs wire.List `query:"file_ids" json:"-" rule:"required" max:"100" doc:"Ids of files, with commas between: all of them are deleted, or none."`
}

// AddBackground keeps a virtual background of an account, a group or a user.
// base is that of links.
func AddBackground(ctx context.Context, a *app.App, base string, ref app.OwnerRef, in *BackgroundIn) (*BackgroundOut, error) {
	up := Upload(in.File)
	up.Default = bool(in.Default)
	f, err := a.AddBackground(ctx, Actor(ctx), ref, up)
	if err != nil {
		return nil, err
	}
	return &BackgroundOut{f.ID, up.Default, f.Name, f.Size, f.Kind, FileURL(base, f.ID)}, nil
}

// RemoveBackgrounds deletes virtual backgrounds of an account, a group or a user.
func RemoveBackgrounds(ctx context.Context, a *app.App, ref app.OwnerRef, in *FileIDs) (*op.None, error) {
	return &op.None{}, a.RemoveBackgrounds(ctx, Actor(ctx), ref, in.IDs)
}

// Upload returns what use cases know of a file.
func Upload(f op.File) app.Upload {
	return app.Upload{Name: f.Name, Content: f.Content, TooLarge: f.TooLarge}
}

// FileURL returns where the file of an id is served.
func FileURL(base, id string) string { return base + "/files/" + id }
