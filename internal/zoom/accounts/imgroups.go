package accounts

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

const imGroups = "IM Groups"

var (
	readIMGroups  = []string{"imgroup:read:admin", "imgroup:master"}
	writeIMGroups = []string{"imgroup:write:admin", "imgroup:master"}
)

func (a *API) imGroupOperations() []op.Operation {
	return []op.Operation{
		a.imGroupCreate(), a.imGroups(), a.imGroup(), a.imGroupUpdate(), a.imGroupDelete(),
		a.imGroupMembersCreate(), a.imGroupMembers(), a.imGroupMembersDelete(),
	}
}

// imGroupBody is what a request says of an IM group.
type imGroupBody struct {
	Name          wire.Optional[wire.String] `json:"name" max:"128" doc:"Unique in the account."`
	Type          wire.String                `json:"type" enum:"normal|shared|restricted" doc:"Its members see each other and others can search for them (normal, unless given), everybody in the account sees it, or nobody else does."`
	SearchAccount wire.Optional[wire.Bool]   `json:"search_by_account" doc:"Members can search for others of the account."`
	SearchDomain  wire.Optional[wire.Bool]   `json:"search_by_domain" doc:"Members can search for others of their email's domain."`
	SearchMaster  wire.Optional[wire.Bool]   `json:"search_by_ma_account" doc:"Members can search for others of the parent account and its sub accounts."`
}

// change returns what b says in the domain's terms.
func (b *imGroupBody) change() app.IMGroupChange {
	flag := func(v wire.Optional[wire.Bool]) *bool {
		if !v.Set {
			return nil
		}
		on := bool(v.Value)
		return &on
	}
	c := app.IMGroupChange{SearchAccount: flag(b.SearchAccount), SearchDomain: flag(b.SearchDomain), SearchMaster: flag(b.SearchMaster)}
	if b.Name.Set {
		name := string(b.Name.Value)
		c.Name = &name
	}
	if b.Type != "" {
		kind := muster.IMGroupType(b.Type)
		c.Type = &kind
	}
	return c
}

type imGroupOut struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	TotalMembers  int64  `json:"total_members"`
	Type          string `json:"type"`
	SearchAccount bool   `json:"search_by_account"`
	SearchDomain  bool   `json:"search_by_domain"`
	SearchMaster  bool   `json:"search_by_ma_account"`
}

func spellIMGroup(g *muster.IMGroup) imGroupOut {
	return imGroupOut{g.ID, g.Name, g.Members, string(g.Type), g.SearchAccount, g.SearchDomain, g.SearchMaster}
}

func (a *API) imGroupCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroupCreate", Group: imGroups, Title: "Create an IM directory group", Method: "POST", Path: "/im/groups", Scopes: writeIMGroups,
		Rate: op.Light, Success: 201, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupExists),
	}, a.addIMGroup)
}

func (a *API) addIMGroup(ctx context.Context, in *imGroupBody) (*imGroupOut, error) {
	g, err := a.App.CreateIMGroup(ctx, zoom.Actor(ctx), in.change())
	if err != nil {
		return nil, err
	}
	out := spellIMGroup(g)
	return &out, nil
}

func (a *API) imGroups() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroups", Group: imGroups, Title: "List IM directory groups", Method: "GET", Path: "/im/groups", Scopes: readIMGroups,
		Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Forbidden),
	}, a.listIMGroups)
}

type imGroupsOut struct {
	TotalRecords int64        `json:"total_records"`
	Groups       []imGroupOut `json:"groups"`
}

func (a *API) listIMGroups(ctx context.Context, _ *struct{}) (*imGroupsOut, error) {
	list, err := a.App.IMGroups(ctx, zoom.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &imGroupsOut{TotalRecords: int64(len(list)), Groups: make([]imGroupOut, len(list))}
	for i := range list {
		out.Groups[i] = spellIMGroup(&list[i])
	}
	return out, nil
}

func (a *API) imGroup() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroup", Group: imGroups, Title: "Retrieve an IM directory group", Method: "GET", Path: "/im/groups/{groupId}", Scopes: readIMGroups,
		Rate: op.Light, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.getIMGroup)
}

func (a *API) getIMGroup(ctx context.Context, in *groupPath) (*imGroupOut, error) {
	g, err := a.App.IMGroup(ctx, zoom.Actor(ctx), string(in.Group))
	if err != nil {
		return nil, err
	}
	out := spellIMGroup(g)
	return &out, nil
}

func (a *API) imGroupUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroupUpdate", Group: imGroups, Title: "Update an IM directory group", Method: "PATCH", Path: "/im/groups/{groupId}",
		Scopes: writeIMGroups, Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound, muster.GroupExists),
	}, a.changeIMGroup)
}

type imGroupUpdate struct {
	groupPath
	imGroupBody
}

func (a *API) changeIMGroup(ctx context.Context, in *imGroupUpdate) (*op.None, error) {
	return &op.None{}, a.App.UpdateIMGroup(ctx, zoom.Actor(ctx), string(in.Group), in.change())
}

func (a *API) imGroupDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "imGroupDelete", Group: imGroups, Title: "Delete an IM directory group", Method: "DELETE", Path: "/im/groups/{groupId}",
		Scopes: writeIMGroups, Rate: op.Light, Success: 204, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.GroupNotFound),
	}, a.removeIMGroup)
}

func (a *API) removeIMGroup(ctx context.Context, in *groupPath) (*op.None, error) {
	return &op.None{}, a.App.DeleteIMGroup(ctx, zoom.Actor(ctx), string(in.Group))
}
