package settings

import "muster/internal/muster"

// AuditRetention is the setting that says how many days an account's audit is
// kept, 0 for ever.
const AuditRetention = "muster.audit_retention_days"

// MaySchedule is the setting that says whether a user may host new meetings;
// Language, the one that says which language new users have.
const (
	MaySchedule = "muster.may_schedule"
	Language    = "muster.language"
)

// musterSection is the section muster: settings that the original does not have.
var musterSection = Leaf{Name: "muster", Kind: Object, Fields: Catalogue{
	{
		Name: "audit_retention_days", Kind: Int, Max: muster.MaxAuditRetention, Default: int64(0), At: Account,
		Effect: "What is older goes from the audit within an hour; 0 keeps all.",
	},
	{
		Name: "language", Kind: String, Min: 2, Max: 35, Default: "en-US", At: Account,
		Effect: "Is the language of users who are created.",
	},
	{
		Name: "may_schedule", Kind: Bool, Default: true, At: Everywhere, Sparse: Group, Lock: MaySchedule,
		Effect: "Where it is off, the user cannot host new meetings; those that are there go on and can be changed.",
	},
}}
