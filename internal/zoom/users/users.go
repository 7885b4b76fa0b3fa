// Package users has the operations of the Zoom API's Users group.
package users

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/schedule"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// API serves the group.
type API struct {
	App  *app.App
	Base string // of links, without trailing slash
}

// Operations lists the group.
func (a *API) Operations() []op.Operation {
	return []op.Operation{
		a.userCreate(), a.users(), a.user(), a.userUpdate(), a.userDelete(), a.userStatus(), a.userEmailUpdate(), a.userPassword(),
		a.userAssistants(), a.userAssistantCreate(), a.userAssistantsDelete(), a.userAssistantDelete(),
		a.userSchedulers(), a.userSchedulersDelete(), a.userSchedulerDelete(), a.userPermission(), a.userSettings(), a.userSettingsUpdate(),
		a.userToken(), a.userSSOTokenDelete(), a.switchUserAccount(), a.bulkUpdateFeature(), a.userSummary(),
		a.listCollaborationDevices(), a.getCollaborationDevice(),
		a.userPicture(), a.userPictureDelete(), a.uploadVBuser(), a.delUserVB(),
	}
}

const group = "Users"

// readScopes and writeScopes are the scopes of most operations: the granular
// one and the classic ones.
func readScopes(granular string) []string  { return zoom.Scopes(granular, "user:read", "user:write") }
func writeScopes(granular string) []string { return zoom.Scopes(granular, "user:write") }

func (a *API) userCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "userCreate", Group: group, Title: "Create users", Method: "POST", Path: "/users",
		Scopes: writeScopes("user:write:user"), Rate: op.Light, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserExists),
	}, a.create)
}

type createIn struct {
	Action wire.String `json:"action" rule:"required" enum:"create|autoCreate|custCreate|ssoCreate"`
	User   *userInfo   `json:"user_info" rule:"required"`
}

type userInfo struct {
	Email       wire.Email  `json:"email" rule:"required" max:"128"`
	Type        wire.Int    `json:"type" rule:"required" enum:"1|2|4|99" doc:"1 Basic, 2 Licensed, 4 unassigned, 99 none."`
	FirstName   wire.String `json:"first_name" max:"64"`
	LastName    wire.String `json:"last_name" max:"64"`
	DisplayName wire.String `json:"display_name" max:"128"`
	Password    wire.String `json:"password" min:"8" max:"32" doc:"For autoCreate; with other actions it is checked and not kept. Only a hash of it is kept; there is no signing in yet."`
	Timezone    wire.String `json:"timezone" max:"64" ours:"true" doc:"IANA name of the user's zone, UTC unless given."`
}

func (in *createIn) Validate() error {
	var ps []muster.Problem
	if rule := muster.CheckEmail(string(in.User.Email)); rule != "" {
		ps = append(ps, muster.Problem{Field: "user_info.email", Rule: rule})
	}
	if in.Action == "autoCreate" && in.User.Password == "" {
		ps = append(ps, muster.Problem{Field: "user_info.password", Rule: "is required where action is autoCreate"})
	}
	if in.User.Timezone != "" {
		if _, err := schedule.Zone(string(in.User.Timezone)); err != nil {
			ps = append(ps, muster.Problem{Field: "user_info.timezone", Rule: err.Error()})
		}
	}
	return muster.InvalidFields(ps)
}

type createOut struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Type      int64  `json:"type"`
}

func (a *API) create(ctx context.Context, in *createIn) (*createOut, error) {
	u := muster.User{
		Email: string(in.User.Email), FirstName: string(in.User.FirstName), LastName: string(in.User.LastName),
		DisplayName: string(in.User.DisplayName), Type: muster.UserType(in.User.Type), Action: muster.CreateAction(in.Action),
		Timezone: string(in.User.Timezone),
	}
	made, err := a.App.CreateUser(ctx, zoom.Actor(ctx), u, string(in.User.Password))
	if err != nil {
		return nil, err
	}
	return &createOut{made.ID, made.Email, made.FirstName, made.LastName, int64(made.Type)}, nil
}
