package main

import (
	"slices"
	"strings"
)

// An unsent is an answer that the original's documentation lists for an
// operation and that Muster does not give, with the reason.
type unsent struct {
	answer     string // HTTP status and code, as "400:3018"; no code where none is documented
	operations string // ids with blanks between
	reason     string
}

const (
	hostsKeepWhatIsThere = "Who hosts is checked where a meeting is made or changed and where people are added; what is there can be seen and removed."
	noWebinars           = "Sent for a webinar's number on a meeting's path; there are no webinars yet."
	meetingIs3001        = "A meeting that does not exist is 404 with 3001 everywhere."
	readsAre3001         = "What a caller may not read does not exist for it: 404 with 3001."
	noLicences           = "Muster sells no licences: users are not counted against a plan."
	nothingIsSold        = "Muster sells nothing: an account has neither plan nor purchase nor billing contact."
	paidIs400            = "Sent with HTTP 400: a success that refuses breaks clients."
	noDomainRules        = "There are no rules about email domains."
)

// unsents is kept by hand. A test holds it against the reference where that
// lies beside the repository.
var unsents = []unsent{
	{"200:200", "groups groupCreate group groupDelete getGroupSettings getGroupLockSettings", paidIs400},
	{"200:200", "getRoleInformation updateRole deleteRole", paidIs400},
	{"200:200", "imGroupCreate imGroups imGroup imGroupMembersCreate imGroupMembers imGroupMembersDelete", paidIs400},
	{"400:124", "users", "An invalid token is 401 with 124 in every operation."},
	{"400:200", "meetingregistrantdelete", "Registration needs a Licensed host when it is switched on; what is on stays when the host's type changes."},
	{"400:404", "addBatchRegistrants", "Sent with HTTP 404, as the older documentation of this operation has it."},
	{"400:404", "meetingregistrantdelete", "Registration that is off is 400 with 300 here."},
	{"400:1000", "userCreate", "There are no call queues and receptionists."},
	{"400:1001", "meetingregistrantdelete", meetingIs3001},
	{"400:1009", "userCreate", "An email that is taken is 409 with 1005; an email may have a user in several accounts."},
	{"400:1107", "userCreate", noDomainRules},
	{"400:1108", "userCreate", "Whoever may create users may give them any type."},
	{"400:1116", "userCreate", noDomainRules},
	{"400:1120", "user", "Nobody is invited: users are active at once."},
	{"400:2002", "userCreate", "ssoCreate needs no set-up: nobody signs in yet."},
	{"400:2016", "userCreate", "There is no support desk that could forbid it."},
	{"400:2032", "userCreate", "ssoCreate needs no set-up: nobody signs in yet."},
	{"400:2033", "userCreate", noLicences},
	{"400:2034", "userCreate", noLicences},
	{"400:2035", "userCreate", "There are no partner accounts."},
	{"400:2036", "userCreate", "There are no partner accounts."},
	{"400:2037", "userCreate", "Nobody is invited, so nobody can be barred from it."},
	{"400:2038", "userCreate", noLicences},
	{"400:2300", "users", "An unknown path is 404 with 2300."},
	{"400:3000", "meeting meetingDelete meetingRegistrants meetingRegistrantGet meetingregistrantdelete meetingRegistrantStatus", noWebinars},
	{"400:3000", "meetingUpdate", "schedule_for is for creation only and ignored here; pre_schedule is kept and bars nothing; there are no webinars and no blocked domains."},
	{"400:3001", "meetingregistrantdelete", "Sent with HTTP 404."},
	{"400:3003", "meetingRegistrants meetingRegistrantGet", readsAre3001},
	{"400:3007", "meetingDelete", "A meeting that has ended can be deleted."},
	{"400:3018", "meetingDelete", "The personal room is no meeting of its own that could be deleted."},
	{"400:3037", "meetingDelete", "There are no personal audio conferences."},
	{"400:3043", "addBatchRegistrants", "Sent with HTTP 404, as the older documentation of this operation has it."},
	{"400:3063", "meetingStatus", "There are no rooms on premises of another make."},
	{
		"400:3161", "meeting meetingDelete meetingStatus meetingInvitation meetingRegistrants meetingRegistrantGet meetingregistrantdelete " +
			"meetingRegistrantStatus meetingRegistrantsQuestionsGet meetingRegistrantQuestionUpdate",
		hostsKeepWhatIsThere,
	},
	{"400:3412", "userCreate", noLicences},
	{"400:11321", "userCreate", noDomainRules},
	{"403", "users", "The server is yours: nobody can lock an account out of its API."},
	{"403:2306", "meetings", "There is no setting that hides meetings scheduled for others."},
	{"404:4130", "groups groupCreate", "The call names no group."},
	{"404:1102", "userCreate", "There is no telephony to be licensed."},
	{"400:4700", "roles", "A scope that is missing is 400 with 4711 everywhere."},
	{"404:4130", "imGroupCreate imGroups", "They name no group that could be absent."},
	{"404", "imGroupMembersCreate imGroupMembers", "Sent with the code 4130."},
	{"404", "roleMembers roleMemberDelete", "Sent with a code: 1034 for the role, 1001 for the user."},
	{"404:4130", "userCreate", "Users are made without groups: the form has no field for one."},
	{"429:4001", "meetingUpdate", "Every limit is 429 with 429."},

	// Accounts
	{"200:200", "accountSettings accountSettingsUpdate getAccountLockSettings updateAccountLockSettings accountManagedDomain", paidIs400},
	{"200:200", "accountOptionsUpdate", nothingIsSold},
	{"200:2001", "accountTrustedDomain", "Sent with HTTP 404."},
	{"400:1107", "accountCreate", noDomainRules},
	{"400:2100", "accountOptionsUpdate", nothingIsSold},
	{"404:2000", "accountDisassociate", nothingIsSold},
	{"404:3201", "updateAccountOwner", nothingIsSold},
	{"404:3211", "updateAccountOwner", nothingIsSold},

	// Users
	{"400:124", "userToken userSSOTokenDelete userSummary", "An invalid token is 401 with 124 in every operation."},
	{"400:1000", "userDelete", "There are no call queues and receptionists."},
	{"400:1107", "userDelete", noDomainRules},
	{"400:1120", "userUpdate userDelete userSettings userSettingsUpdate", "Nobody is invited: users are active at once."},
	{"400:1129", "userPassword", "Former passwords are not kept; only the present one cannot be set again (300)."},
	{"400:1205", "userSettingsUpdate", "Events and webinars exclude each other: 1204, whichever came first."},
	{"400:1208", "userSettingsUpdate", noLicences},
	{"400:1209", "userSettingsUpdate", noLicences},
	{"400:1210", "userSettingsUpdate", noLicences},
	{"400:1211", "userSettingsUpdate", noLicences},
	{"400:1228", "userSettingsUpdate", noLicences},
	{"400:1233", "userSettingsUpdate", "There are no users for rooms."},
	{"400:1234", "userSettingsUpdate", "There are no users on premises of another make."},
	{"400:2033", "userUpdate userStatus", noLicences},
	{"400:2034", "userUpdate", noLicences},
	{"400:2038", "userUpdate", noLicences},
	{"400:2039", "userUpdate", noLicences},
	{"400:2300", "userToken userSSOTokenDelete userSummary", "An unknown path is 404 with 2300."},
	{"400:3412", "userUpdate userStatus", noLicences},
	{"400:4100", "userUpdate", "There are no personal link names."},
	{"403", "userSummary", "The server is yours: nobody can lock an account out of its API."},
	{"404", "uploadVBuser", "Sent with the code 1001."},
	{"404:1120", "switchUserAccount", "Nobody is invited: users are active at once."},
}

// of reports whether u is about the operation.
func (u unsent) of(operation string) bool {
	return slices.Contains(strings.Fields(u.operations), operation)
}
