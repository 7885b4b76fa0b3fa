package settings

import (
	"regexp"
	"strconv"

	"muster/internal/muster"
)

// AuditRetention is the setting that says how many days an account's audit is
// kept, 0 for ever.
const AuditRetention = "muster.audit_retention_days"

// MaySchedule is the setting that says whether a user may host new meetings;
// Language, the one that says which language new users have.
const (
	MaySchedule = "muster.may_schedule"
	Language    = "muster.language"
)

// ManagedDomains and TrustedDomains are the settings that say which domains an
// account manages and which it trusts.
const (
	ManagedDomains = "muster.managed_domains"
	TrustedDomains = "muster.trusted_domains"
)

// maxDomains is how many domains each of the lists has at most.
const maxDomains = 500

// checkAccountDomains returns what of a change of these lists is no domain.
func checkAccountDomains(change Doc) []muster.Problem {
	var problems []muster.Problem
	for _, name := range []string{ManagedDomains, TrustedDomains} {
		list, _ := change[name].([]any)
		for i, item := range list {
			domain, _ := item.(string)
			if rule := muster.CheckDomain(domain); rule != "" {
				problems = append(problems, muster.Problem{Field: name + "[" + strconv.Itoa(i) + "]", Rule: rule})
			}
		}
	}
	return problems
}

var language = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// checkLanguage returns what is wrong with the language that a change sets.
func checkLanguage(change Doc) []muster.Problem {
	if l, given := change[Language].(string); given && !language.MatchString(l) {
		return []muster.Problem{{Field: Language, Rule: "must be the tag of a language such as en-US or de"}}
	}
	return nil
}

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
	{
		Name: "managed_domains", Kind: List, Item: &Leaf{Kind: String}, Max: maxDomains, Default: []any{}, At: Account,
		Effect: "Answered as the account's managed domains.",
	},
	{
		Name: "trusted_domains", Kind: List, Item: &Leaf{Kind: String}, Max: maxDomains, Default: []any{}, At: Account,
		Effect: "Answered as the account's trusted domains.",
	},
}}
