package muster

import "testing"

func TestAdministrative(t *testing.T) {
	t.Parallel()
	for kind, want := range map[EventKind]bool{
		UserCreated: true, UserTokensRevoked: true, UsersUpdated: true, AssistantsAdded: true, AssistantsRemoved: true, GroupAdminsAdded: true,
		IMGroupMembersAdded: true, FileAdded: true, FilesRemoved: true, SettingsChanged: true, RoleAssigned: true, TrackingFieldDeleted: true,
		MeetingCreated: false, RegistrantsAdded: false, RegistrantEdited: false, QuestionsChanged: false, InviteesAdded: false, WebhookCreated: false,
	} {
		if got := kind.Administrative(); got != want {
			t.Errorf("%s: got %v, want %v", kind, got, want)
		}
	}
}
