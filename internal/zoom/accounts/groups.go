package accounts

import (
	"context"
	"slices"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

const groups = "Groups"

// groupScopes returns the scopes of an operation on groups, any one of which
// suffices: classic ones, and the granular one for the account and for sub
// accounts. No scope is for a user's own alone. [semantics 5.2]
func groupScopes(granular string, classic ...string) []string {
	return append(slices.Clone(classic), "group:master", granular+":admin", granular+":master")
}

func readGroups(granular string) []string {
	return groupScopes(granular, "group:read:admin", "group:write:admin")
}

func writeGroups(granular string) []string { return groupScopes(granular, "group:write:admin") }

// groupPath is the group in a path.
type groupPath struct {
	Group wire.String `path:"groupId" json:"-" max:"128"`
}

func (a *API) groupOperations() []op.Operation {
	return []op.Operation{
		a.groupCreate(), a.groups(), a.group(), a.groupUpdate(), a.groupDelete(),
		a.groupMembersCreate(), a.groupMembers(), a.updateAGroupMember(), a.groupMembersDelete(),
		a.groupAdminsCreate(), a.groupAdmins(), a.groupAdminsDelete(),
		a.getGroupSettings(), a.updateGroupSettings(), a.getGroupLockSettings(), a.groupLockedSettings(),
		a.groupSettingsRegistration(), a.groupSettingsRegistrationUpdate(),
		a.uploadGroupVB(), a.delGroupVB(),
	}
}

func (a *API) groupCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupCreate", Group: groups, Title: "Create a group", Method: "POST", Path: "/groups",
		Scopes: writeGroups("group:write:group"), Rate: op.Light, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupExists, muster.GroupDailyLimit),
	}, a.createGroup)
}

type groupIn struct {
	Name wire.String `json:"name" rule:"required" max:"128"`
}

type groupOut struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	TotalMembers int64  `json:"total_members"`
}

func (a *API) createGroup(ctx context.Context, in *groupIn) (*groupOut, error) {
	g, err := a.App.CreateGroup(ctx, zoom.Actor(ctx), string(in.Name))
	if err != nil {
		return nil, err
	}
	return &groupOut{g.ID, g.Name, 0}, nil
}

func (a *API) groups() op.Operation {
	return op.Handle(op.Spec{
		ID: "groups", Group: groups, Title: "List groups", Method: "GET", Path: "/groups",
		Scopes: readGroups("group:read:list_groups"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden),
	}, a.listGroups)
}

type groupsIn struct{}

type groupsOut struct {
	TotalRecords int64      `json:"total_records"`
	Groups       []groupOut `json:"groups"`
}

func (a *API) listGroups(ctx context.Context, _ *groupsIn) (*groupsOut, error) {
	list, err := a.App.Groups(ctx, zoom.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &groupsOut{int64(len(list)), make([]groupOut, len(list))}
	for i, g := range list {
		out.Groups[i] = groupOut{g.ID, g.Name, g.Members}
	}
	return out, nil
}

func (a *API) group() op.Operation {
	return op.Handle(op.Spec{
		ID: "group", Group: groups, Title: "Get a group", Method: "GET", Path: "/groups/{groupId}",
		Scopes: readGroups("group:read:group"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.WrongAccount, muster.GroupNotFound),
	}, a.getGroup)
}

func (a *API) getGroup(ctx context.Context, in *groupPath) (*groupOut, error) {
	g, err := a.App.Group(ctx, zoom.Actor(ctx), string(in.Group))
	if err != nil {
		return nil, err
	}
	return &groupOut{g.ID, g.Name, g.Members}, nil
}

func (a *API) groupUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupUpdate", Group: groups, Title: "Update a group", Method: "PATCH", Path: "/groups/{groupId}",
		Scopes: writeGroups("group:update:group"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound, muster.GroupExists),
	}, a.renameGroup)
}

type groupUpdateIn struct {
	groupPath
	groupIn
}

func (a *API) renameGroup(ctx context.Context, in *groupUpdateIn) (*op.None, error) {
	return &op.None{}, a.App.RenameGroup(ctx, zoom.Actor(ctx), string(in.Group), string(in.Name))
}

func (a *API) groupDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "groupDelete", Group: groups, Title: "Delete a group", Method: "DELETE", Path: "/groups/{groupId}",
		Scopes: writeGroups("group:delete:group"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.deleteGroup)
}

func (a *API) deleteGroup(ctx context.Context, in *groupPath) (*op.None, error) {
	return &op.None{}, a.App.DeleteGroup(ctx, zoom.Actor(ctx), string(in.Group))
}

// userRef names a user by id or by email; the id counts where both are there.
type userRef struct {
	ID    wire.String `json:"id" max:"128"`
	Email wire.Email  `json:"email" max:"128"`
}

func userRefs(in []userRef) []app.UserRef {
	refs := make([]app.UserRef, len(in))
	for i, r := range in {
		refs[i] = app.UserRef{ID: string(r.ID), Email: string(r.Email)}
	}
	return refs
}
