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
// transaction of first has done all it does and is not committed yet. Second
// has to wait for it, or end.
func inTurn(t *testing.T, s *mustertest.Server, first, second func(ctx context.Context, a *app.App) error) (ofFirst, ofSecond error) {
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
	for waits := false; !waits; {
		select {
		case ofSecond = <-done:
			close(goOn)
			return <-end, ofSecond
		default:
		}
		if time.Now().After(deadline) {
			close(goOn)
			t.Fatal("the second neither waits for the first nor ends")
		}
		if pgtest.On() {
			waits = s.Number(`SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`) > 0
		} else {
			waits = s.App.DB.Waiting() > 0
		}
	}
	close(goOn)
	return <-end, <-done
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
			one, other := inTurn(t, s, first, second)
			if one != nil || muster.CodeOf(other) != want || (other == nil) != (want == "") {
				t.Errorf("got %v, then %v, want the code %q", one, other, want)
			}
			if _, err := s.App.Meeting(t.Context(), forAccount, ref, 0); muster.CodeOf(err) != muster.UserNotFound {
				t.Errorf("the meeting afterwards: got %v, want %s", err, muster.UserNotFound)
			}
		})
	}
}
