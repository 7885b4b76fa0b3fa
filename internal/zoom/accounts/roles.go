package accounts

import (
	"context"
	"fmt"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

const roles = "Roles"

var (
	readRoles  = []string{"role:read:admin", "role:master"}
	writeRoles = []string{"role:write:admin", "role:master"}
)

func (a *API) roleOperations() []op.Operation {
	return []op.Operation{
		a.createRole(), a.roles(), a.getRoleInformation(), a.updateRole(), a.deleteRole(), a.addRoleMembers(), a.roleMembers(), a.roleMemberDelete(),
	}
}

// rolePath is the role in a path.
type rolePath struct {
	Role wire.String `path:"roleId" json:"-" max:"128" doc:"0 Owner, 1 Admin, 2 Member, or the id of a role that the account has made."`
}

// roleBody is what a request says of a role.
type roleBody struct {
	Name        wire.Optional[wire.String] `json:"name" max:"128"`
	Description wire.Optional[wire.String] `json:"description" max:"1000"`
	Privileges  wire.Optional[wire.List]   `json:"privileges" max:"200" doc:"What its members may do for the whole account, such as User:Read or Group:Edit."`
	SubAccounts *subAccountPrivileges      `json:"sub_account_privileges"`
}

type subAccountPrivileges struct {
	SecondLevel wire.Int `json:"second_level" enum:"1|2|3" doc:"Sub accounts are managed 1 as by their owner, 2 with the privileges of the own account, 3 as far as the privilege SubAccount goes: their settings."`
}

// change returns what b says in the domain's terms.
func (b *roleBody) change() (c app.RoleChange, err error) {
	text := func(v wire.Optional[wire.String]) *string {
		if !v.Set {
			return nil
		}
		s := string(v.Value)
		return &s
	}
	c.Name, c.Description = text(b.Name), text(b.Description)
	if b.Privileges.Set {
		p, unknown := muster.ParsePrivileges(b.Privileges.Value)
		var problems []muster.Problem
		for _, i := range unknown {
			problems = append(problems, muster.Problem{Field: fmt.Sprintf("privileges[%d]", i), Rule: "must be a privilege, such as User:Read or Group:Edit"})
		}
		if err := muster.InvalidFields(problems); err != nil {
			return c, err
		}
		c.Privileges = &p
	}
	if b.SubAccounts != nil {
		reach := muster.SubReach(b.SubAccounts.SecondLevel)
		c.SubAccounts = &reach
	}
	return c, nil
}

// A roleRow is what a list and a single answer have in common.
type roleRow struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Description  string `json:"description"`
	TotalMembers int64  `json:"total_members"`
}

func spellRole(v *app.RoleView) roleRow {
	return roleRow{string(v.ID), v.Name, v.Description, v.Members}
}

type roleOut struct {
	roleRow
	Privileges  []string              `json:"privileges"`
	SubAccounts *subAccountPrivileges `json:"sub_account_privileges,omitempty" doc:"In accounts that may have sub accounts, where the role says something of them."`
}

func spellRoleWhole(v *app.RoleView) *roleOut {
	out := &roleOut{roleRow: spellRole(v), Privileges: v.Privileges.Names()}
	if v.Parent && v.SubAccounts != 0 {
		out.SubAccounts = &subAccountPrivileges{wire.Int(v.SubAccounts)}
	}
	return out
}

func (a *API) createRole() op.Operation {
	return op.Handle(op.Spec{
		ID: "createRole", Group: roles, Title: "Create a role", Method: "POST", Path: "/roles", Scopes: writeRoles, Rate: op.Light, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.RoleExists),
	}, a.addRole)
}

func (a *API) addRole(ctx context.Context, in *roleBody) (*roleOut, error) {
	c, err := in.change()
	if err != nil {
		return nil, err
	}
	v, err := a.App.CreateRole(ctx, zoom.Actor(ctx), c)
	if err != nil {
		return nil, err
	}
	return spellRoleWhole(v), nil
}

func (a *API) roles() op.Operation {
	return op.Handle(op.Spec{
		ID: "roles", Group: roles, Title: "List roles", Method: "GET", Path: "/roles", Scopes: readRoles, Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden),
	}, a.listRoles)
}

type rolesIn struct {
	Type wire.String `query:"type" json:"-" enum:"common|iq" doc:"common unless given; there are none of the type iq."`
}

type rolesOut struct {
	TotalRecords int64     `json:"total_records"`
	Roles        []roleRow `json:"roles"`
}

func (a *API) listRoles(ctx context.Context, in *rolesIn) (*rolesOut, error) {
	list, err := a.App.Roles(ctx, zoom.Actor(ctx))
	if err != nil {
		return nil, err
	}
	if in.Type == "iq" {
		list = nil
	}
	out := &rolesOut{TotalRecords: int64(len(list)), Roles: make([]roleRow, len(list))}
	for i := range list {
		out.Roles[i] = spellRole(&list[i])
	}
	return out, nil
}

func (a *API) getRoleInformation() op.Operation {
	return op.Handle(op.Spec{
		ID: "getRoleInformation", Group: roles, Title: "Get role information", Method: "GET", Path: "/roles/{roleId}", Scopes: readRoles, Rate: op.Light,
		Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.RoleNotFound),
	}, a.role)
}

func (a *API) role(ctx context.Context, in *rolePath) (*roleOut, error) {
	v, err := a.App.Role(ctx, zoom.Actor(ctx), muster.Role(in.Role))
	if err != nil {
		return nil, err
	}
	return spellRoleWhole(v), nil
}

func (a *API) updateRole() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateRole", Group: roles, Title: "Update role information", Method: "PATCH", Path: "/roles/{roleId}", Scopes: writeRoles, Rate: op.Light,
		Success: 204, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.RoleNotFound, muster.RoleExists),
	}, a.changeRole)
}

type roleUpdate struct {
	rolePath
	roleBody
}

func (a *API) changeRole(ctx context.Context, in *roleUpdate) (*op.None, error) {
	c, err := in.change()
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.UpdateRole(ctx, zoom.Actor(ctx), muster.Role(in.Role), c)
}

func (a *API) deleteRole() op.Operation {
	return op.Handle(op.Spec{
		ID: "deleteRole", Group: roles, Title: "Delete a role", Method: "DELETE", Path: "/roles/{roleId}", Scopes: writeRoles, Rate: op.Light,
		Success: 204, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.RoleNotFound),
	}, a.removeRole)
}

func (a *API) removeRole(ctx context.Context, in *rolePath) (*op.None, error) {
	return &op.None{}, a.App.DeleteRole(ctx, zoom.Actor(ctx), muster.Role(in.Role))
}
