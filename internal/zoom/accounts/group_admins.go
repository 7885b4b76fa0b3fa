package accounts

import (
	"context"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) groupAdminsCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupAdminsCreate", Group: groups, Title: "Add group admins", Method: "POST", Path: "/groups/{groupId}/admins",
		Scopes: writeGroups("group:write:administrator"), Rate: op.Medium, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.addGroupAdmins)
}

type adminsIn struct {
	groupPath
	Admins []userRef `json:"admins" rule:"required" max:"10"`
}

func (a *API) addGroupAdmins(ctx context.Context, in *adminsIn) (*addedOut, error) {
	ids, err := a.App.AddGroupAdmins(ctx, zoom.Actor(ctx), string(in.Group), userRefs(in.Admins))
	if err != nil {
		return nil, err
	}
	return a.added(ids), nil
}

func (a *API) groupAdmins() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupAdmins", Group: groups, Title: "List group admins", Method: "GET", Path: "/groups/{groupId}/admins",
		Scopes: readGroups("group:read:administrator"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden, muster.GroupNotFound),
	}, a.listGroupAdmins)
}

type adminsOut struct {
	zoom.Paged
	Admins []adminOut `json:"admins"`
}

type adminOut struct {
	Email string `json:"email"`
	Name  string `json:"name"`
}

func (a *API) listGroupAdmins(ctx context.Context, in *groupUsersIn) (*adminsOut, error) {
	page := in.Page()
	list, err := a.App.GroupAdmins(ctx, zoom.Actor(ctx), string(in.Group), page)
	if err != nil {
		return nil, err
	}
	out := &adminsOut{zoom.Paged{PageSize: int64(page.Size), TotalRecords: list.Total, NextPageToken: list.Next}, make([]adminOut, len(list.Items))}
	for i, u := range list.Items {
		out.Admins[i] = adminOut{u.Email, u.DisplayName}
	}
	return out, nil
}

func (a *API) groupAdminsDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupAdminsDelete", Group: groups, Title: "Delete a group admin", Method: "DELETE", Path: "/groups/{groupId}/admins/{userId}",
		Scopes: writeGroups("group:delete:administrator"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupAdminNotFound, muster.GroupNotFound),
	}, a.removeGroupAdmin)
}

type adminPath struct {
	groupPath
	User wire.String `path:"userId" json:"-" max:"128" doc:"The user's id, or email."`
}

func (a *API) removeGroupAdmin(ctx context.Context, in *adminPath) (*op.None, error) {
	return &op.None{}, a.App.RemoveGroupAdmin(ctx, zoom.Actor(ctx), string(in.Group), string(in.User))
}
