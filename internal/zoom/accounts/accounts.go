// Package accounts has the operations of the Zoom API's groups about accounts
// and what they are administered by: Accounts, Groups, the settings of both,
// Roles, Tracking Field, IM Groups, and the audit.
package accounts

import (
	"slices"

	"muster/internal/app"
	"muster/internal/op"
)

// API serves the operations.
type API struct {
	App  *app.App
	Base string // of links, without trailing slash
}

// Operations lists them.
func (a *API) Operations() []op.Operation {
	return slices.Concat(a.accountOperations(), a.groupOperations(), a.roleOperations(), a.trackingOperations(), a.imGroupOperations(), []op.Operation{a.audit()})
}
