// Package users has the operations of the Zoom API's Users group.
package users

import (
	"context"
	"strconv"

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
	return []op.Operation{a.userCreate(), a.users(), a.user()}
}

const group = "Users"

func (a *API) userCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "userCreate", Group: group, Title: "Create users", Method: "POST", Path: "/users",
		Scopes: zoom.Scopes("user:write:user", "user:write"), Rate: op.Light, Success: 201,
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
	Password    wire.String `json:"password" min:"8" max:"32" doc:"For autoCreate. It is checked and not kept: there is no signing in yet."`
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
	if rule := muster.CheckPassword(string(in.User.Password)); in.User.Password != "" && rule != "" {
		ps = append(ps, muster.Problem{Field: "user_info.password", Rule: rule})
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
	made, err := a.App.CreateUser(ctx, zoom.Actor(ctx), u)
	if err != nil {
		return nil, err
	}
	return &createOut{made.ID, made.Email, made.FirstName, made.LastName, int64(made.Type)}, nil
}

func (a *API) users() op.Operation {
	return op.Handle(op.Spec{
		ID: "users", Group: group, Title: "List users", Method: "GET", Path: "/users",
		Scopes: zoom.Scopes("user:read:list_users", "user:read", "user:write"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden),
	}, a.list)
}

type listIn struct {
	Status wire.String `query:"status" json:"-" enum:"active|inactive|pending" doc:"active unless given."`
	Role   wire.String `query:"role_id" json:"-" max:"64"`
	zoom.Paging
}

type listOut struct {
	zoom.Paged
	Users []userRow `json:"users"`
}

// A userRow is what a list and a single answer have in common.
type userRow struct {
	ID            string `json:"id"`
	FirstName     string `json:"first_name"`
	LastName      string `json:"last_name"`
	DisplayName   string `json:"display_name"`
	Email         string `json:"email"`
	Type          int64  `json:"type"`
	PMI           int64  `json:"pmi"`
	Timezone      string `json:"timezone"`
	Verified      int64  `json:"verified"`
	Dept          string `json:"dept"`
	CreatedAt     string `json:"created_at" format:"date-time"`
	UserCreatedAt string `json:"user_created_at" format:"date-time"`
	Language      string `json:"language"`
	Status        string `json:"status"`
	RoleID        string `json:"role_id"`
}

func row(u *muster.User) userRow {
	return userRow{
		ID: u.ID, FirstName: u.FirstName, LastName: u.LastName, DisplayName: u.DisplayName, Email: u.Email, Type: int64(u.Type), PMI: u.PMI,
		Timezone: u.Timezone, CreatedAt: zoom.Time(u.CreatedAt), UserCreatedAt: zoom.Time(u.CreatedAt), Language: "en-US",
		Status: string(u.Status), RoleID: string(u.Role),
	}
}

func (a *API) list(ctx context.Context, in *listIn) (*listOut, error) {
	f := app.UserFilter{Status: muster.UserActive, Role: muster.Role(in.Role)}
	if in.Status != "" {
		f.Status = muster.UserStatus(in.Status)
	}
	page := in.Page()
	list, err := a.App.Users(ctx, zoom.Actor(ctx), f, page)
	if err != nil {
		return nil, err
	}
	out := &listOut{Paged: zoom.Envelope(page, list.Total, list.Next), Users: make([]userRow, len(list.Items))}
	for i := range list.Items {
		out.Users[i] = row(&list.Items[i])
	}
	return out, nil
}

func (a *API) user() op.Operation {
	return op.Handle(op.Spec{
		ID: "user", Group: group, Title: "Get a user", Method: "GET", Path: "/users/{userId}",
		Scopes: append(zoom.Scopes("user:read:user", "user:read", "user:write"), "user_info:read"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.UserNotFound, muster.WrongAccount),
	}, a.get)
}

type getIn struct {
	User wire.String `path:"userId" json:"-" max:"128" doc:"Id, email or me, the caller's own user."`
}

type getOut struct {
	userRow
	RoleName           string   `json:"role_name"`
	AccountID          string   `json:"account_id"`
	PersonalMeetingURL string   `json:"personal_meeting_url"`
	UsePMI             bool     `json:"use_pmi"`
	GroupIDs           []string `json:"group_ids"`
	IMGroupIDs         []string `json:"im_group_ids"`
	JobTitle           string   `json:"job_title"`
	Location           string   `json:"location"`
	PhoneNumber        string   `json:"phone_number"`
}

var roleNames = map[muster.Role]string{muster.RoleOwner: "Owner", muster.RoleAdmin: "Admin", muster.RoleMember: "Member"}

func (a *API) get(ctx context.Context, in *getIn) (*getOut, error) {
	u, err := a.App.User(ctx, zoom.Actor(ctx), string(in.User))
	if err != nil {
		return nil, err
	}
	return &getOut{
		userRow: row(u), RoleName: roleNames[u.Role], AccountID: u.Account,
		PersonalMeetingURL: a.Base + "/j/" + strconv.FormatInt(u.PMI, 10),
	}, nil
}
