package settings

import "muster/internal/muster"

// AuditRetention is the setting that says how many days an account's audit is
// kept, 0 for ever.
const AuditRetention = "muster.audit_retention_days"

// musterSection is the section muster: settings that the original does not have.
var musterSection = Leaf{Name: "muster", Kind: Object, Fields: Catalogue{
	{
		Name: "audit_retention_days", Kind: Int, Max: muster.MaxAuditRetention, Default: int64(0), At: Account,
		Effect: "What is older goes from the audit within an hour; 0 keeps all.",
	},
}}
