package users

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) userDelete() op.Operation {
	return op.Handle(op.Spec{
		ID: "userDelete", Group: group, Title: "Delete a user", Method: "DELETE", Path: "/users/{userId}",
		Scopes: writeScopes("user:delete:user"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AdministratorKept, muster.UserNotFound, muster.WrongAccount),
	}, a.remove)
}

type deleteIn struct {
	userPath
	Action     wire.String `query:"action" json:"-" enum:"disassociate|delete" doc:"disassociate unless given: the user keeps what they have, in an account of their own."`
	Email      wire.Email  `query:"transfer_email" json:"-" max:"128" doc:"Email of the user of the account who takes over."`
	Meetings   wire.Bool   `query:"transfer_meeting" json:"-" doc:"The other user takes over all meetings, with everybody who is registered."`
	Webinars   wire.Bool   `query:"transfer_webinar" json:"-" doc:"There are no webinars yet."`
	Recordings wire.Bool   `query:"transfer_recording" json:"-" doc:"There are no recordings yet."`
}

func (in *deleteIn) Validate() error {
	asked := bool(in.Meetings || in.Webinars || in.Recordings)
	switch {
	case asked && in.Email == "":
		return muster.InvalidField("transfer_email", "is required where anything is transferred")
	case !asked && in.Email != "":
		return muster.InvalidField("transfer_meeting", "must be true where transfer_email is given: else nothing is transferred (or transfer_webinar, transfer_recording)")
	}
	return nil
}

func (a *API) remove(ctx context.Context, in *deleteIn) (*op.None, error) {
	l := app.Leaving{Disassociate: in.Action != "delete"}
	if in.Meetings {
		l.To = string(in.Email)
	}
	return &op.None{}, a.App.RemoveUser(ctx, zoom.Actor(ctx), string(in.User), l)
}

func (a *API) switchUserAccount() op.Operation {
	return op.Handle(op.Spec{
		ID: "switchUserAccount", Group: group, Title: "Switch a user's account", Method: "PUT", Path: "/accounts/{accountId}/users/{userId}/account", Whole: true,
		Scopes: []string{"user:master"}, Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AdministratorKept, muster.AccountNotFound, muster.UserExists, muster.UserNotFound, muster.WrongAccount),
		Errors:  op.Errors{string(muster.WrongAccount): {Status: 404, Code: 1010}},
	}, a.switchAccount)
}

type switchIn struct {
	userPath
	Account wire.String `json:"account_id" rule:"required" max:"64" doc:"The account to go to: one that the token may act in."`
}

func (a *API) switchAccount(ctx context.Context, in *switchIn) (*op.None, error) {
	return &op.None{}, a.App.SwitchUser(ctx, zoom.Actor(ctx), string(in.User), string(in.Account))
}
