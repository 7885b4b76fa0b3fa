package accounts

import (
	"context"
	"strings"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) imGroupMembersCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroupMembersCreate", Group: imGroups, Title: "Add IM directory group members", Method: "POST", Path: "/im/groups/{groupId}/members",
		Scopes: writeIMGroups, Rate: op.Medium, Success: 201, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.addIMGroupMembers)
}

type imGroupMembersIn struct {
	groupPath
	Members []userRef `json:"members" rule:"required" max:"10" doc:"Users by id or email."`
}

type imGroupMembersAdded struct {
	AddedAt string `json:"added_at" format:"date-time"`
	IDs     string `json:"ids" doc:"Who was not in the group already, with commas between."`
}

func (a *API) addIMGroupMembers(ctx context.Context, in *imGroupMembersIn) (*imGroupMembersAdded, error) {
	ids, at, err := a.App.AddIMGroupMembers(ctx, zoom.Actor(ctx), string(in.Group), userRefs(in.Members))
	if err != nil {
		return nil, err
	}
	return &imGroupMembersAdded{zoom.Time(at), strings.Join(ids, ",")}, nil
}

func (a *API) imGroupMembers() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroupMembers", Group: imGroups, Title: "List IM directory group members", Method: "GET", Path: "/im/groups/{groupId}/members",
		Scopes: readIMGroups, Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden, muster.GroupNotFound),
	}, a.listIMGroupMembers)
}

type imGroupMembersQuery struct {
	groupPath
	zoom.Paging
}

type imGroupMembersOut struct {
	zoom.Paged
	Members []imGroupMember `json:"members"`
}

type imGroupMember struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Type      int64  `json:"type"`
}

func (a *API) listIMGroupMembers(ctx context.Context, in *imGroupMembersQuery) (*imGroupMembersOut, error) {
	page := in.Page()
	list, err := a.App.IMGroupMembers(ctx, zoom.Actor(ctx), string(in.Group), page)
	if err != nil {
		return nil, err
	}
	out := &imGroupMembersOut{Paged: zoom.Envelope(page, list.Total, list.Next), Members: make([]imGroupMember, len(list.Items))}
	for i, u := range list.Items {
		out.Members[i] = imGroupMember{u.ID, u.Email, u.FirstName, u.LastName, int64(u.Type)}
	}
	return out, nil
}

func (a *API) imGroupMembersDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroupMembersDelete", Group: imGroups, Title: "Delete IM directory group member", Method: "DELETE",
		Path: "/im/groups/{groupId}/members/{memberId}", Scopes: writeIMGroups, Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound, muster.GroupMemberNotFound),
	}, a.removeIMGroupMember)
}

type imGroupMemberPath struct {
	groupPath
	Member wire.String `path:"memberId" json:"-" max:"128" doc:"The user's id, or their email."`
}

func (a *API) removeIMGroupMember(ctx context.Context, in *imGroupMemberPath) (*op.None, error) {
	return &op.None{}, a.App.RemoveIMGroupMember(ctx, zoom.Actor(ctx), string(in.Group), string(in.Member))
}
