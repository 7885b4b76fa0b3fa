package users

import (
	"context"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) userStatus() op.Operation {
	return op.Handle(op.Spec{
		ID: "userStatus", Group: group, Title: "Update user status", Method: "PUT", Path: "/users/{userId}/status",
		Scopes: writeScopes("user:update:status"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.setStatus)
}

type statusIn struct {
	userPath
	Action wire.String `json:"action" rule:"required" enum:"activate|deactivate" doc:"Who is deactivated cannot host, and their tokens are dead at once."`
}

func (a *API) setStatus(ctx context.Context, in *statusIn) (*op.None, error) {
	to := muster.UserActive
	if in.Action == "deactivate" {
		to = muster.UserInactive
	}
	return &op.None{}, a.App.SetUserStatus(ctx, zoom.Actor(ctx), string(in.User), to)
}

func (a *API) userToken() op.Operation {
	return op.Handle(op.Spec{
		ID: "userToken", Group: group, Title: "Get a user's token", Method: "GET", Path: "/users/{userId}/token",
		Scopes: readScopes("user:read:token"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.HostingNotAllowed, muster.UserNotFound, muster.WrongAccount),
	}, a.token)
}

type tokenIn struct {
	userPath
	Type wire.String `query:"type" json:"-" enum:"zak" doc:"zak, also where it is not given: the other types are not there."`
	TTL  wire.Int    `query:"ttl" json:"-" min:"1" max:"7776000" doc:"Seconds that the token works, 7,200 unless given."`
}

type tokenOut struct {
	Token string `json:"token"`
}

func (a *API) token(ctx context.Context, in *tokenIn) (*tokenOut, error) {
	life := app.UserTokenLife
	if in.TTL > 0 {
		life = time.Duration(in.TTL) * time.Second
	}
	token, err := a.App.HostToken(ctx, zoom.Actor(ctx), string(in.User), life)
	return &tokenOut{token}, err
}

func (a *API) userSSOTokenDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "userSSOTokenDelete", Group: group, Title: "Revoke a user's SSO token", Method: "DELETE", Path: "/users/{userId}/token",
		Scopes: writeScopes("user:delete:token"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserNotFound, muster.WrongAccount),
	}, a.revoke)
}

func (a *API) revoke(ctx context.Context, in *userPath) (*op.None, error) {
	return &op.None{}, a.App.RevokeUserTokens(ctx, zoom.Actor(ctx), string(in.User))
}
