package accounts

import (
	"cmp"
	"context"
	"slices"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

const accounts = "Accounts"

// accountScopes returns the scopes of an operation on accounts, any one of
// which suffices. No scope is for a user's own alone.
func accountScopes(granular string, classic ...string) []string {
	return append(slices.Clone(classic), "account:master", granular+":admin", granular+":master")
}

func readAccounts(granular string) []string {
	return accountScopes(granular, "account:read:admin", "account:write:admin")
}

func writeAccounts(granular string) []string { return accountScopes(granular, "account:write:admin") }

func (a *API) accountOperations() []op.Operation {
	return []op.Operation{
		a.accountCreate(), a.accounts(), a.account(), a.accountDisassociate(), a.accountOptionsUpdate(), a.updateAccountOwner(),
		a.accountSettings(), a.accountSettingsUpdate(), a.getAccountLockSettings(), a.updateAccountLockSettings(),
		a.accountSettingsRegistration(), a.accountSettingsRegistrationUpdate(), a.uploadVB(), a.delVB(),
		a.accountManagedDomain(), a.accountTrustedDomain(),
	}
}

// optionsBody is what a request says of the options of a sub account.
type optionsBody struct {
	ShareRooms        wire.Optional[wire.Bool] `json:"share_rc"`
	RoomConnectors    wire.Optional[wire.List] `json:"room_connector_list" max:"100" doc:"Only with share_rc; none means all."`
	ShareMeetings     wire.Optional[wire.Bool] `json:"share_mc"`
	MeetingConnectors wire.Optional[wire.List] `json:"meeting_connector_list" max:"100" doc:"Only with share_mc; none means all."`
	PayMode           wire.String              `json:"pay_mode" enum:"master|sub"`
	AutoRenew         wire.Optional[wire.Bool] `json:"billing_auto_renew"`
}

// change returns what b says in the domain's terms.
func (b *optionsBody) change() muster.OptionsChange {
	var c muster.OptionsChange
	for to, from := range map[**bool]wire.Optional[wire.Bool]{&c.ShareRooms: b.ShareRooms, &c.ShareMeetings: b.ShareMeetings, &c.AutoRenew: b.AutoRenew} {
		if from.Set {
			*to = new(bool(from.Value))
		}
	}
	for to, from := range map[**[]string]wire.Optional[wire.List]{&c.RoomConnectors: b.RoomConnectors, &c.MeetingConnectors: b.MeetingConnectors} {
		if from.Set {
			*to = new([]string(from.Value))
		}
	}
	if b.PayMode != "" {
		c.PayMode = new(string(b.PayMode))
	}
	return c
}

type optionsOut struct {
	ShareRooms        bool     `json:"share_rc"`
	RoomConnectors    []string `json:"room_connector_list"`
	ShareMeetings     bool     `json:"share_mc"`
	MeetingConnectors []string `json:"meeting_connector_list"`
	PayMode           string   `json:"pay_mode" enum:"master|sub"`
	AutoRenew         bool     `json:"billing_auto_renew"`
}

func spellOptions(o *muster.AccountOptions) *optionsOut {
	return &optionsOut{
		o.ShareRooms, append([]string{}, o.RoomConnectors...), o.ShareMeetings, append([]string{}, o.MeetingConnectors...),
		cmp.Or(o.PayMode, muster.PayMaster), o.AutoRenew,
	}
}

func (a *API) accountCreate() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountCreate", Group: accounts, Title: "Create a sub account", Method: "POST", Path: "/accounts", Whole: true,
		Scopes: writeAccounts("account:write:sub_account"), Rate: op.Light, Success: 201,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.PasswordRepeats, muster.PasswordSequence, muster.UserExists),
		Errors: op.Errors{
			string(muster.PasswordRepeats): {Status: 400, Code: 1111}, string(muster.PasswordSequence): {Status: 400, Code: 1111},
		},
	}, a.createAccount)
}

type accountIn struct {
	FirstName wire.String `json:"first_name" rule:"required" max:"64" doc:"Of the owner."`
	LastName  wire.String `json:"last_name" rule:"required" max:"64" doc:"Of the owner."`
	Email     wire.Email  `json:"email" rule:"required" max:"128" doc:"Of the owner: not that of the owner of the parent or of another of its sub accounts."`
	Password  wire.String `json:"password" rule:"required" max:"128" doc:"Of the owner, as the parent's rules for passwords have it."`
	Name      wire.String `json:"account_name" max:"64" doc:"First and last name unless given."`
	Options   optionsBody `json:"options"`
}

type accountMade struct {
	ID         string `json:"id"`
	OwnerID    string `json:"owner_id"`
	OwnerEmail string `json:"owner_email"`
	CreatedAt  string `json:"created_at" format:"date-time"`
}

func (a *API) createAccount(ctx context.Context, in *accountIn) (*accountMade, error) {
	made, err := a.App.CreateSubAccount(ctx, zoom.Actor(ctx), app.NewSubAccount{
		Name: string(in.Name), FirstName: string(in.FirstName), LastName: string(in.LastName), Email: string(in.Email), Password: string(in.Password),
		Options: in.Options.change(),
	})
	if err != nil {
		return nil, err
	}
	return &accountMade{made.ID, made.Owner, made.OwnerEmail, zoom.Time(made.CreatedAt)}, nil
}

func (a *API) accounts() op.Operation {
	return op.Handle(op.Spec{
		ID: "accounts", Group: accounts, Title: "List sub accounts", Method: "GET", Path: "/accounts", Whole: true,
		Scopes: readAccounts("account:read:list_sub_accounts"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden),
	}, a.listAccounts)
}

type accountsIn struct{ zoom.Paging }

type accountsOut struct {
	zoom.Paged
	Accounts []accountRow `json:"accounts"`
}

type accountRow struct {
	ID         string `json:"id"`
	Name       string `json:"account_name"`
	OwnerEmail string `json:"owner_email"`
	CreatedAt  string `json:"created_at" format:"date-time"`
}

func (a *API) listAccounts(ctx context.Context, in *accountsIn) (*accountsOut, error) {
	page := in.Page()
	list, err := a.App.SubAccounts(ctx, zoom.Actor(ctx), page)
	if err != nil {
		return nil, err
	}
	out := &accountsOut{zoom.Envelope(page, list.Total, list.Next), make([]accountRow, len(list.Items))}
	for i := range list.Items {
		s := &list.Items[i]
		out.Accounts[i] = accountRow{s.ID, s.Name, s.OwnerEmail, zoom.Time(s.CreatedAt)}
	}
	return out, nil
}

func (a *API) account() op.Operation {
	return op.Handle(op.Spec{
		ID: "account", Group: accounts, Title: "Get sub account details", Method: "GET", Path: "/accounts/{accountId}", Whole: true,
		Scopes: readAccounts("account:read:sub_account"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.getAccount)
}

// wholeAccount is the input of what needs no more than the account in the path.
type wholeAccount struct{}

type accountOut struct {
	accountMade
	Name    string      `json:"account_name" ours:"true"`
	Options *optionsOut `json:"options,omitempty" doc:"Of a sub account."`
}

func (a *API) getAccount(ctx context.Context, _ *wholeAccount) (*accountOut, error) {
	acc, err := a.App.Account(ctx, zoom.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &accountOut{accountMade{acc.ID, acc.Owner, acc.OwnerEmail, zoom.Time(acc.CreatedAt)}, acc.Name, nil}
	if acc.Parent != "" {
		out.Options = spellOptions(&acc.Options)
	}
	return out, nil
}

func (a *API) accountDisassociate() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountDisassociate", Group: accounts, Title: "Disassociate a sub account", Method: "DELETE", Path: "/accounts/{accountId}", Whole: true,
		Scopes: writeAccounts("account:delete:sub_account"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.disassociate)
}

func (a *API) disassociate(ctx context.Context, _ *wholeAccount) (*op.None, error) {
	return &op.None{}, a.App.DisassociateAccount(ctx, zoom.Actor(ctx))
}

func (a *API) accountOptionsUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountOptionsUpdate", Group: accounts, Title: "Update options", Method: "PATCH", Path: "/accounts/{accountId}/options", Whole: true,
		Scopes: writeAccounts("account:update:options"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.setOptions)
}

func (a *API) setOptions(ctx context.Context, in *optionsBody) (*op.None, error) {
	return &op.None{}, a.App.SetAccountOptions(ctx, zoom.Actor(ctx), in.change())
}

func (a *API) updateAccountOwner() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateAccountOwner", Group: accounts, Title: "Update the account owner", Method: "PUT", Path: "/accounts/{accountId}/owner", Whole: true,
		Scopes: writeAccounts("account:update:owner"), Rate: op.Heavy, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.setOwner)
}

type ownerIn struct {
	Email wire.Email `json:"email" rule:"required" max:"128" doc:"Of a user of the account."`
}

func (a *API) setOwner(ctx context.Context, in *ownerIn) (*op.None, error) {
	return &op.None{}, a.App.SetAccountOwner(ctx, zoom.Actor(ctx), string(in.Email))
}
