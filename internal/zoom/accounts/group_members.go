package accounts

import (
	"context"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) groupMembersCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupMembersCreate", Group: groups, Title: "Add group members", Method: "POST", Path: "/groups/{groupId}/members",
		Scopes: writeGroups("group:write:member"), Rate: op.Medium, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.addGroupMembers)
}

type membersIn struct {
	groupPath
	Members []userRef `json:"members" rule:"required" max:"30"`
}

// An addedOut is answered to who adds users to something.
type addedOut struct {
	IDs     string `json:"ids" doc:"Ids of those who were added, with commas between; who was there already is left out."`
	AddedAt string `json:"added_at" format:"date-time"`
}

func (a *API) added(ids []string) *addedOut {
	return &addedOut{strings.Join(ids, ","), zoom.Time(a.App.Now())}
}

func (a *API) addGroupMembers(ctx context.Context, in *membersIn) (*addedOut, error) {
	ids, err := a.App.AddGroupMembers(ctx, zoom.Actor(ctx), string(in.Group), userRefs(in.Members))
	if err != nil {
		return nil, err
	}
	return a.added(ids), nil
}

func (a *API) groupMembers() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupMembers", Group: groups, Title: "List group members", Method: "GET", Path: "/groups/{groupId}/members",
		Scopes: readGroups("group:read:list_members"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden, muster.GroupNotFound),
	}, a.listGroupMembers)
}

type groupUsersIn struct {
	groupPath
	zoom.Paging
}

type membersOut struct {
	zoom.Paged
	Members []memberOut `json:"members"`
}

type memberOut struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Type      int64  `json:"type"`
}

func (a *API) listGroupMembers(ctx context.Context, in *groupUsersIn) (*membersOut, error) {
	page := in.Page()
	list, err := a.App.GroupMembers(ctx, zoom.Actor(ctx), string(in.Group), page)
	if err != nil {
		return nil, err
	}
	out := &membersOut{zoom.Envelope(page, list.Total, list.Next), make([]memberOut, len(list.Items))}
	for i, u := range list.Items {
		out.Members[i] = memberOut{u.ID, u.Email, u.FirstName, u.LastName, int64(u.Type)}
	}
	return out, nil
}

func (a *API) updateAGroupMember() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateAGroupMember", Group: groups, Title: "Update a group member", Method: "PATCH", Path: "/groups/{groupId}/members/{memberId}",
		Scopes: writeGroups("group:update:member"), Rate: op.Medium, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.WrongAccount, muster.GroupNotFound, muster.GroupMemberNotFound),
	}, a.changeGroupMember)
}

// memberPath is the member in a path.
type memberPath struct {
	groupPath
	Member wire.String `path:"memberId" json:"-" max:"128" doc:"The user's id, or email."`
}

type memberChangeIn struct {
	memberPath
	Action wire.String `json:"action" rule:"required" enum:"move|set_primary"`
	Target wire.String `json:"target_group_id" max:"128" doc:"The group to move to, or the one to be primary: the group of the path unless given."`
}

func (in *memberChangeIn) Validate() error {
	if in.Action == "move" && in.Target == "" {
		return muster.InvalidField("target_group_id", "can not be empty where action is move")
	}
	return nil
}

func (a *API) changeGroupMember(ctx context.Context, in *memberChangeIn) (*op.None, error) {
	return &op.None{}, a.App.ChangeGroupMember(ctx, zoom.Actor(ctx), string(in.Group), string(in.Member), app.MemberChange(in.Action), string(in.Target))
}

func (a *API) groupMembersDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupMembersDelete", Group: groups, Title: "Delete a group member", Method: "DELETE", Path: "/groups/{groupId}/members/{memberId}",
		Scopes: writeGroups("group:delete:member"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.WrongAccount, muster.GroupNotFound, muster.GroupMemberNotFound),
	}, a.removeGroupMember)
}

func (a *API) removeGroupMember(ctx context.Context, in *memberPath) (*op.None, error) {
	return &op.None{}, a.App.RemoveGroupMember(ctx, zoom.Actor(ctx), string(in.Group), string(in.Member))
}
