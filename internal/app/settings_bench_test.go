//go:build unix

package app_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/settings"
	"muster/internal/store"
)

// crowd makes an account with groups, one of whose users is in all of them.
// The account, each group and that user have set and locked something. The
// other users, n in all, are spread over the groups. It returns the groups
// and the user.
func crowd(b *testing.B, s *mustertest.Server, n, groups int) (circle []string, one string) {
	b.Helper()
	ctx := b.Context()
	for i := range groups {
		g, err := s.App.CreateGroup(ctx, forAccount, fmt.Sprintf("Group %d", i))
		if err != nil {
			b.Fatal(err)
		}
		circle = append(circle, g.ID)
	}
	ids := make([]string, n)
	for from := 0; from < n; from += 1000 {
		err := s.App.DB.Write(ctx, func(tx *store.Tx) error {
			of := map[string][]string{}
			for i := from; i < min(n, from+1000); i++ {
				ids[i] = fmt.Sprintf("user%018d", i)
				u := &muster.User{
					ID: ids[i], Account: "primary", Email: fmt.Sprintf("u%d@muster.test", i), Type: muster.Licensed, Status: muster.UserActive,
					Role: muster.RoleMember, PMI: int64(1_000_000_000 + i), Timezone: "UTC", CreatedAt: tx.Now, UpdatedAt: tx.Now,
				}
				if err := tx.AddUser(ctx, u); err != nil {
					return err
				}
				of[circle[i%groups]] = append(of[circle[i%groups]], ids[i])
				if i == n/2 {
					continue
				}
				err := tx.PutOwnerSettings(ctx, "primary", int64(settings.User), ids[i], store.OwnerSettings{Values: []byte(`{"in_meeting.chat":true}`)})
				if err != nil {
					return err
				}
			}
			for g, users := range of {
				if _, err := tx.Join(ctx, "primary", g, users); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	one = ids[n/2]
	for _, g := range circle {
		if _, err := s.App.AddGroupMembers(ctx, forAccount, g, []app.UserRef{{ID: one}}); err != nil {
			b.Fatal(err)
		}
	}
	owners := []app.OwnerRef{{Level: settings.Account}, {Level: settings.User, ID: one}}
	for _, g := range circle {
		owners = append(owners, app.OwnerRef{Level: settings.Group, ID: g})
	}
	for _, ref := range owners {
		every := map[string]any{
			"schedule_meeting": map[string]any{"host_video": true, "join_before_host": true, "audio_type": "both"},
			"in_meeting":       map[string]any{"co_host": true, "chat": true, "polling": true, "feedback": false, "annotation": true},
			"recording":        map[string]any{"local_recording": true, "auto_recording": "local"},
		}
		if err := s.App.SetOwnerSettings(ctx, forAccount, ref, "", every); err != nil {
			b.Fatal(err)
		}
	}
	for i, g := range circle {
		name := settings.Locks(settings.Group, "")[i]
		if err := s.App.SetOwnerLocks(ctx, forAccount, app.OwnerRef{Level: settings.Group, ID: g}, settings.LockChange{Locks: map[string]bool{name: true}}); err != nil {
			b.Fatal(err)
		}
	}
	return circle, one
}

// processor is how long the process has used the processors.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func reportCPU(b *testing.B, before time.Duration) {
	b.Helper()
	b.ReportMetric(float64((processor(b)-before).Microseconds())/float64(b.N), "µs-cpu/op")
}

// BenchmarkGroupSettings answers a group's settings with everything resolved,
// as a whole request with its client and without.
func BenchmarkGroupSettings(b *testing.B) {
	s := mustertest.New(b, mustertest.Options{})
	groups, _ := crowd(b, s, 100, 50)
	b.Run("use case", func(b *testing.B) {
		before := processor(b)
		for b.Loop() {
			if _, err := s.App.OwnerSettings(b.Context(), forAccount, app.OwnerRef{Level: settings.Group, ID: groups[7]}, "", nil); err != nil {
				b.Fatal(err)
			}
		}
		reportCPU(b, before)
	})
	b.Run("request", func(b *testing.B) {
		token := s.Token()
		before := processor(b)
		for b.Loop() {
			if a := s.As(token, "GET", "/v2/groups/"+groups[7]+"/settings", ""); a.Status != 200 {
				b.Fatal(a.Status)
			}
		}
		reportCPU(b, before)
	})
}

// BenchmarkUserSettings answers the settings of a user of 50 groups, among 60
// users and among 100,000.
func BenchmarkUserSettings(b *testing.B) {
	for _, n := range []int{60, 100_000} {
		s := mustertest.New(b, mustertest.Options{})
		_, one := crowd(b, s, n, 50)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			before := processor(b)
			for b.Loop() {
				if _, err := s.App.OwnerSettings(b.Context(), forAccount, app.OwnerRef{Level: settings.User, ID: one}, "", nil); err != nil {
					b.Fatal(err)
				}
			}
			reportCPU(b, before)
		})
	}
}

// BenchmarkMembers lists a page of a group of 100,000, the first and one deep
// in the list.
func BenchmarkMembers(b *testing.B) {
	s := mustertest.New(b, mustertest.Options{})
	groups, _ := crowd(b, s, 100_000, 1)
	ctx := b.Context()
	deep := app.Page{Size: 300}
	for range 300 {
		list, err := s.App.GroupMembers(ctx, forAccount, groups[0], deep)
		if err != nil {
			b.Fatal(err)
		}
		deep.Token = list.Next
	}
	userDeep := app.Page{Size: 300}
	for range 300 {
		list, err := s.App.Users(ctx, forAccount, app.UserFilter{Status: muster.UserActive}, "", userDeep)
		if err != nil {
			b.Fatal(err)
		}
		userDeep.Token = list.Next
	}
	for name, page := range map[string]app.Page{"first": {Size: 300}, "deep": deep} {
		b.Run("members/"+name, func(b *testing.B) {
			before := processor(b)
			for b.Loop() {
				if list, err := s.App.GroupMembers(ctx, forAccount, groups[0], page); err != nil || len(list.Items) != 300 {
					b.Fatal(len(list.Items), err)
				}
			}
			reportCPU(b, before)
		})
	}
	for name, page := range map[string]app.Page{"first": {Size: 300}, "deep": userDeep} {
		b.Run("users/"+name, func(b *testing.B) {
			before := processor(b)
			for b.Loop() {
				if list, err := s.App.Users(ctx, forAccount, app.UserFilter{Status: muster.UserActive}, "", page); err != nil || len(list.Items) != 300 {
					b.Fatal(len(list.Items), err)
				}
			}
			reportCPU(b, before)
		})
	}
}
