package app_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"muster/internal/app"
	"muster/internal/mustertest"
	"muster/internal/settings"
)

// holds returns what holds of two leaves for each group and each user.
func holds(t *testing.T, s *mustertest.Server, users, groups []string) (ofGroups, ofUsers []any) {
	t.Helper()
	for _, list := range []struct {
		level settings.Level
		ids   []string
		to    *[]any
	}{{settings.Group, groups, &ofGroups}, {settings.User, users, &ofUsers}} {
		for _, id := range list.ids {
			doc, err := s.App.OwnerSettings(t.Context(), forAccount, app.OwnerRef{Level: list.level, ID: id}, "", []string{"host_video", "co_host"})
			if err != nil {
				t.Fatal(err)
			}
			*list.to = append(*list.to, doc)
		}
	}
	return ofGroups, ofUsers
}

// TestRehearsalAgainstThePlay compares what a rehearsal says with what the
// change then does, over random trees of settings and locks.
func TestRehearsalAgainstThePlay(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	users, groups := people(t, s, 6), circles(t, s, 3)
	everybody := append([]string{s.Must(200, "GET", "/v2/users/me", "")["id"].(string)}, users...)
	r := rand.New(rand.NewPCG(5, 29))
	for _, u := range users {
		for range r.IntN(3) {
			if _, err := s.App.AddGroupMembers(t.Context(), forAccount, groups[r.IntN(3)], []app.UserRef{{ID: u}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	felt := 0
	for step := range 120 {
		ref := app.OwnerRef{Level: settings.Account}
		switch n := r.IntN(6); {
		case n < 3:
			ref = app.OwnerRef{Level: settings.Group, ID: groups[n]}
		case n < 4:
			ref = app.OwnerRef{Level: settings.User, ID: everybody[r.IntN(len(everybody))]}
		}
		body := map[string]any{"schedule_meeting": map[string]any{"host_video": r.IntN(2) == 0}, "in_meeting": map[string]any{"co_host": r.IntN(2) == 0}}
		rehearse := func() (app.Extent, error) { return s.App.RehearseOwnerSettings(t.Context(), forAccount, ref, "", body) }
		play := func() error { return s.App.SetOwnerSettings(t.Context(), forAccount, ref, "", body) }
		if ref.Level != settings.User && r.IntN(3) == 0 {
			name := []string{"schedule_meeting.host_video", "in_meeting.co_host"}[r.IntN(2)]
			change := settings.LockChange{Locks: map[string]bool{name: r.IntN(2) == 0}}
			rehearse = func() (app.Extent, error) { return s.App.RehearseOwnerLocks(t.Context(), forAccount, ref, change) }
			play = func() error { return s.App.SetOwnerLocks(t.Context(), forAccount, ref, change) }
		}
		said, err := rehearse()
		groupsBefore, usersBefore := holds(t, s, everybody, groups)
		if played := play(); fmt.Sprint(played) != fmt.Sprint(err) {
			t.Fatalf("step %d: the rehearsal says %v, the play %v", step, err, played)
		}
		groupsAfter, usersAfter := holds(t, s, everybody, groups)
		var is app.Extent
		for i := range groupsBefore {
			if !reflect.DeepEqual(groupsBefore[i], groupsAfter[i]) {
				is.Groups++
			}
		}
		for i := range usersBefore {
			if !reflect.DeepEqual(usersBefore[i], usersAfter[i]) {
				is.Users++
			}
		}
		if err == nil && said != is {
			t.Fatalf("step %d, %+v: the rehearsal says %+v, and it is %+v", step, ref, said, is)
		}
		if is != (app.Extent{}) {
			felt++
		}
	}
	if felt < 20 {
		t.Errorf("only %d changes were felt by anybody: this proves little", felt)
	}
}
