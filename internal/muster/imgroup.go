package muster

import "time"

// IMGroupType says who sees a group of the chat's directory, with the API's words.
type IMGroupType string

// The types of IM groups.
const (
	IMGroupNormal     IMGroupType = "normal"     // its members see each other; others can search for them
	IMGroupShared     IMGroupType = "shared"     // everybody in the account sees it
	IMGroupRestricted IMGroupType = "restricted" // nobody but its members sees or finds it
)

// An IMGroup is a group of the chat's directory. Muster has no chat: it keeps
// what clients are to do by it.
type IMGroup struct {
	Seq         int64 // order of creation
	ID, Account string
	Name        string
	Type        IMGroupType
	// By which others whom the members can search for: of the account, of their
	// email's domain, of the parent account with all its sub accounts.
	SearchAccount, SearchDomain, SearchMaster bool
	Members                                   int64 // counted
	CreatedAt                                 time.Time
}

// MaxIMGroups is how many IM groups an account has at most.
const MaxIMGroups = 5000
