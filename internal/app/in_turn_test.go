package app_test

import (
	"context"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/pgtest"
	"muster/internal/store"
)

// inTurn begins second, at another server where there is one, while the
// transaction of first has done all it does and is not committed yet. It says
// whether second waited for that.
func inTurn(t *testing.T, s *mustertest.Server, first, second func(ctx context.Context, a *app.App) error) (ofFirst, ofSecond error, waited bool) {
	t.Helper()
	all := beside(t, s)
	done, goOn, end := make(chan error, 1), make(chan bool), make(chan error, 1)
	go func() {
		end <- all[0].DB.Write(t.Context(), func(tx *store.Tx) error {
			err := first(store.WithTx(t.Context(), tx), all[0])
			go func() { done <- second(t.Context(), all[len(all)-1]) }()
			<-goOn
			return err
		})
	}()
	deadline := time.Now().Add(20 * time.Second)
	for !waited {
		select {
		case ofSecond = <-done:
			close(goOn)
			return <-end, ofSecond, false
		default:
		}
		if time.Now().After(deadline) {
			close(goOn)
			t.Fatal("the second neither waits for the first nor ends")
		}
		if pgtest.On() {
			waited = s.Number(`SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`) > 0
		} else {
			waited = s.App.DB.Waiting() > 0
		}
	}
	close(goOn)
	return <-end, <-done, true
}

// TestRecoveringWhileTheHostGoes has a meeting recovered while its host is
// deleted, each of them first: no meeting is left without a host.
func TestRecoveringWhileTheHostGoes(t *testing.T) {
	t.Parallel()
	for name, recoverFirst := range map[string]bool{"recovered first": true, "host deleted first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			host := people(t, s, 1)[0]
			made, err := s.App.CreateMeeting(t.Context(), forAccount, host, app.MeetingChange{})
			if err != nil {
				t.Fatal(err)
			}
			ref := app.MeetingRef{ID: made.ID}
			if err := s.App.DeleteMeeting(t.Context(), forAccount, ref, 0); err != nil {
				t.Fatal(err)
			}
			bring := func(ctx context.Context, a *app.App) error { return a.RecoverMeeting(ctx, forAccount, ref) }
			remove := func(ctx context.Context, a *app.App) error { return a.RemoveUser(ctx, forAccount, host, app.Leaving{}) }
			first, second, want := bring, remove, muster.Code("")
			if !recoverFirst {
				first, second, want = remove, bring, muster.UserNotFound
			}
			one, other, waited := inTurn(t, s, first, second)
			if one != nil || !waited || muster.CodeOf(other) != want || (other == nil) != (want == "") {
				t.Errorf("got %v, then %v, waited: %v, want the code %q", one, other, waited, want)
			}
			if _, err := s.App.Meeting(t.Context(), forAccount, ref, 0); muster.CodeOf(err) != muster.UserNotFound {
				t.Errorf("the meeting afterwards: got %v, want %s", err, muster.UserNotFound)
			}
		})
	}
}

// TestUsersDoNotWaitForTheirRole changes and removes users while somebody
// gives their role to others: who changes roles holds the role and then users,
// so who holds a user must not want the role.
func TestUsersDoNotWaitForTheirRole(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	mustertest.NeedNodes(t)
	name, first := "Helpers", "Ada"
	helpers, err := s.App.CreateRole(t.Context(), forAccount, app.RoleChange{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	users := people(t, s, 3)
	give := func(ctx context.Context, a *app.App, user string) error {
		_, _, err := a.AssignRole(ctx, forAccount, helpers.ID, []app.UserRef{{ID: user}})
		return err
	}
	for _, u := range users[:2] {
		if err := give(t.Context(), s.App, u); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(ctx context.Context, a *app.App) error{
		"update": func(ctx context.Context, a *app.App) error {
			return a.UpdateUser(ctx, forAccount, users[0], app.UserChange{FirstName: &first})
		},
		"status": func(ctx context.Context, a *app.App) error {
			return a.SetUserStatus(ctx, forAccount, users[0], muster.UserInactive)
		},
		"removal": func(ctx context.Context, a *app.App) error {
			return a.RemoveUser(ctx, forAccount, users[1], app.Leaving{})
		},
	} {
		one, other, waited := inTurn(t, s, func(ctx context.Context, a *app.App) error { return give(ctx, a, users[2]) }, change)
		if one != nil || other != nil || waited {
			t.Errorf("%s: got %v and %v, waited: %v", name, one, other, waited)
		}
	}
}
