package accounts

import (
	"context"
	"strings"

	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// noRole1034 and noRole404 are how the calls about members spell that there is
// no such role; the others spell it 400 with 300.
var (
	noRole1034 = op.Errors{string(muster.RoleNotFound): {Status: 400, Code: 1034}}
	noRole404  = op.Errors{string(muster.RoleNotFound): {Status: 404, Code: 1034}}
)

func (a *API) addRoleMembers() op.Operation {
	return op.Handle(op.Spec{
		ID: "AddRoleMembers", Group: roles, Title: "Assign a role", Method: "POST", Path: "/roles/{roleId}/members", Scopes: writeRoles, Rate: op.Medium,
		Success: 201, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.RoleNotFound), Errors: noRole1034,
	}, a.assignRole)
}

type roleMembersIn struct {
	rolePath
	Members []userRef `json:"members" rule:"required" max:"30" doc:"Users by id or email. Who has another role loses it."`
}

type roleMembersAdded struct {
	IDs   string `json:"ids" doc:"Who did not have the role already, with commas between."`
	AddAt string `json:"add_at" format:"date-time"`
}

func (a *API) assignRole(ctx context.Context, in *roleMembersIn) (*roleMembersAdded, error) {
	ids, at, err := a.App.AssignRole(ctx, zoom.Actor(ctx), muster.Role(in.Role), userRefs(in.Members))
	if err != nil {
		return nil, err
	}
	return &roleMembersAdded{strings.Join(ids, ","), zoom.Time(at)}, nil
}

func (a *API) roleMembers() op.Operation {
	return op.Handle(op.Spec{
		ID: "roleMembers", Group: roles, Title: "List members in a role", Method: "GET", Path: "/roles/{roleId}/members", Scopes: readRoles, Rate: op.Medium,
		Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden, muster.RoleNotFound), Errors: noRole404,
	}, a.listRoleMembers)
}

type roleMembersQuery struct {
	rolePath
	zoom.Paging
}

type roleMembersOut struct {
	zoom.Paged
	Members []roleMember `json:"members"`
}

type roleMember struct {
	ID         string `json:"id"`
	Email      string `json:"email"`
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	Department string `json:"department"`
	Type       int64  `json:"type"`
}

func (a *API) listRoleMembers(ctx context.Context, in *roleMembersQuery) (*roleMembersOut, error) {
	page := in.Page()
	list, err := a.App.RoleMembers(ctx, zoom.Actor(ctx), muster.Role(in.Role), page)
	if err != nil {
		return nil, err
	}
	out := &roleMembersOut{Paged: zoom.Envelope(page, list.Total, list.Next), Members: make([]roleMember, len(list.Items))}
	for i, u := range list.Items {
		out.Members[i] = roleMember{ID: u.ID, Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, Type: int64(u.Type)}
	}
	return out, nil
}

func (a *API) roleMemberDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "roleMemberDelete", Group: roles, Title: "Unassign a role", Method: "DELETE", Path: "/roles/{roleId}/members/{memberId}", Scopes: writeRoles,
		Rate: op.Light, Success: 204, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.RoleNotFound, muster.UserNotFound), Errors: noRole404,
	}, a.unassignRole)
}

type roleMemberPath struct {
	rolePath
	Member wire.String `path:"memberId" json:"-" max:"128" doc:"The user's id, or their email."`
}

func (a *API) unassignRole(ctx context.Context, in *roleMemberPath) (*op.None, error) {
	return &op.None{}, a.App.UnassignRole(ctx, zoom.Actor(ctx), muster.Role(in.Role), string(in.Member))
}
