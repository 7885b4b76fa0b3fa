package accounts

import (
	"context"
	"slices"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/settings"
	"muster/internal/wire"
	"muster/internal/zoom"
)

// theAccount is the account acted in, as an owner of settings.
var theAccount = app.OwnerRef{Level: settings.Account}

func (a *API) accountSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountSettings", Group: accounts, Title: "Get settings", Method: "GET", Path: "/accounts/{accountId}/settings", Whole: true,
		Scopes: readAccounts("account:read:settings"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.readAccountSettings)
}

type accountSettingsIn struct{ zoom.SettingsQuery }

func (a *API) readAccountSettings(ctx context.Context, in *accountSettingsIn) (*zoom.Settings, error) {
	return zoom.ReadSettings(ctx, a.App, theAccount, &in.SettingsQuery)
}

func (a *API) accountSettingsUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountSettingsUpdate", Group: accounts, Title: "Update settings", Method: "PATCH", Path: "/accounts/{accountId}/settings", Whole: true,
		Scopes: writeAccounts("account:update:settings"), Rate: op.Medium, Success: 204, Instead: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.setAccountSettings)
}

type accountSettingsChange struct{ zoom.SettingsBody }

func (a *API) setAccountSettings(ctx context.Context, in *accountSettingsChange) (*zoom.SettingsChanged, error) {
	return zoom.ChangeSettings(ctx, a.App, theAccount, &in.SettingsBody)
}

func (a *API) getAccountLockSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "getAccountLockSettings", Group: accounts, Title: "Get locked settings", Method: "GET", Path: "/accounts/{accountId}/lock_settings", Whole: true,
		Scopes: readAccounts("account:read:lock_settings"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
		Errors: op.Errors{string(muster.AccountNotFound): {Status: 400, Code: 2001}}, // as the description of this one has it
	}, a.accountLocks)
}

type accountLocksIn struct {
	Option wire.String `query:"option" json:"-" enum:"meeting_security"`
	Only   wire.List   `query:"custom_query_fields" json:"-" max:"1000" doc:"Names of settings, with commas between: only these are answered."`
}

func (a *API) accountLocks(ctx context.Context, in *accountLocksIn) (*zoom.Settings, error) {
	locks, err := a.App.OwnerLocks(ctx, zoom.Actor(ctx), theAccount, string(in.Option))
	if err != nil {
		return nil, err
	}
	out := zoom.Settings(nest(onlyLocks(locks, in.Only)))
	return &out, nil
}

// onlyLocks returns those of locks that are named, all where none are. A
// section is no name.
func onlyLocks(locks map[string]bool, names []string) map[string]bool {
	if len(names) == 0 {
		return locks
	}
	kept := map[string]bool{}
	for name, locked := range locks {
		_, setting, _ := strings.Cut(name, ".")
		if slices.ContainsFunc(strings.Split(setting, "."), func(step string) bool { return slices.Contains(names, step) }) {
			kept[name] = locked
		}
	}
	return kept
}

func (a *API) updateAccountLockSettings() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateAccountLockSettings", Group: accounts, Title: "Update locked settings", Method: "PATCH", Path: "/accounts/{accountId}/lock_settings", Whole: true,
		Scopes: writeAccounts("account:update:lock_settings"), Rate: op.Medium, Success: 204, Instead: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.setAccountLocks)
}

type accountLocksChange struct {
	Option wire.String `query:"option" json:"-" enum:"meeting_security" ours:"true" doc:"Takes those locks only; without it the body may have them too."`
	zoom.Rehearsable
	Body map[string]any `json:",embed"`
}

func (a *API) setAccountLocks(ctx context.Context, in *accountLocksChange) (*zoom.SettingsChanged, error) {
	return zoom.ChangeLocks(ctx, a.App, theAccount, in.Option, in.DryRun, in.Body)
}

func (a *API) accountSettingsRegistration() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountSettingsRegistration", Group: accounts, Title: "Get an account's webinar registration settings", Method: "GET", Path: "/accounts/{accountId}/settings/registration", Whole: true,
		Scopes: readAccounts("account:read:registration_settings"), Rate: op.Medium, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.accountRegistration)
}

type accountRegistrationIn struct{ registrationQuery }

func (a *API) accountRegistration(ctx context.Context, _ *accountRegistrationIn) (*zoom.Settings, error) {
	return readRegistration(ctx, a.App, theAccount)
}

func (a *API) accountSettingsRegistrationUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountSettingsRegistrationUpdate", Group: accounts, Title: "Update an account's webinar registration settings", Method: "PATCH", Path: "/accounts/{accountId}/settings/registration", Whole: true,
		Scopes: writeAccounts("account:update:registration_settings"), Rate: op.Medium, Success: 204, Instead: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.setAccountRegistration)
}

type accountRegistrationChange struct{ registrationBody }

func (a *API) setAccountRegistration(ctx context.Context, in *accountRegistrationChange) (*zoom.SettingsChanged, error) {
	return zoom.ChangeRegistration(ctx, a.App, theAccount, in.DryRun, in.Body)
}

func (a *API) accountManagedDomain() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountManagedDomain", Group: accounts, Title: "Get managed domains", Method: "GET", Path: "/accounts/{accountId}/managed_domains", Whole: true,
		Scopes: readAccounts("account:read:managed_domains"), Rate: op.Light, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.managedDomains)
}

type managedOut struct {
	Domains      []managedDomain `json:"domains"`
	TotalRecords int64           `json:"total_records"`
}

type managedDomain struct {
	Domain string `json:"domain"`
	Status string `json:"status" doc:"Always unverified: nobody checks whose a domain is."`
}

func (a *API) managedDomains(ctx context.Context, _ *wholeAccount) (*managedOut, error) {
	list, err := a.App.ManagedDomains(ctx, zoom.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &managedOut{make([]managedDomain, len(list)), int64(len(list))}
	for i, domain := range list {
		out.Domains[i] = managedDomain{domain, "unverified"}
	}
	return out, nil
}

func (a *API) accountTrustedDomain() op.Operation {
	return op.Handle(op.Spec{
		ID: "accountTrustedDomain", Group: accounts, Title: "Get trusted domains", Method: "GET", Path: "/accounts/{accountId}/trusted_domains", Whole: true,
		Scopes: readAccounts("account:read:trusted_domains"), Rate: op.Light, Success: 200, Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AccountNotFound),
	}, a.trustedDomains)
}

type trustedOut struct {
	Domains []string `json:"trusted_domains"`
}

func (a *API) trustedDomains(ctx context.Context, _ *wholeAccount) (*trustedOut, error) {
	list, err := a.App.TrustedDomains(ctx, zoom.Actor(ctx))
	return &trustedOut{list}, err
}
