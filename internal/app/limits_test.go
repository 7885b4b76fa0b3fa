package app_test

import (
	"context"
	"fmt"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
	"muster/internal/store"
)

// TestLimitsHoldAtOnce has many make the last roles, tracking fields and IM
// groups of an account at the same time, at one server and another: no more
// come than there may be, and lists have all that there are.
func TestLimitsHoldAtOnce(t *testing.T) {
	t.Parallel()
	const left, hands = 2, 8
	for name, tt := range map[string]struct {
		table string
		limit int
		add   func(ctx context.Context, tx *store.Tx, name string) error
		make  func(ctx context.Context, a *app.App, name string) error
		list  func(ctx context.Context, a *app.App) (int, error)
	}{
		"roles": {
			"roles", muster.MaxRoles,
			func(ctx context.Context, tx *store.Tx, name string) error {
				return tx.AddRole(ctx, &muster.AccountRole{ID: muster.Role(name), Account: "primary", Name: name})
			},
			func(ctx context.Context, a *app.App, name string) error {
				_, err := a.CreateRole(ctx, forAccount, app.RoleChange{Name: &name})
				return err
			},
			func(ctx context.Context, a *app.App) (int, error) {
				list, err := a.Roles(ctx, forAccount)
				return len(list) - len(muster.BuiltInRoles()), err
			},
		},
		"tracking fields": {
			"tracking_fields", muster.MaxTrackingFields,
			func(ctx context.Context, tx *store.Tx, name string) error {
				return tx.AddTrackingDefinition(ctx, &muster.TrackingDefinition{ID: name, Account: "primary", Field: name})
			},
			func(ctx context.Context, a *app.App, name string) error {
				_, err := a.CreateTrackingField(ctx, forAccount, app.TrackingChange{Field: &name})
				return err
			},
			func(ctx context.Context, a *app.App) (int, error) {
				list, err := a.TrackingFields(ctx, forAccount)
				return len(list), err
			},
		},
		"IM groups": {
			"im_groups", muster.MaxIMGroups,
			func(ctx context.Context, tx *store.Tx, name string) error {
				return tx.AddIMGroup(ctx, &muster.IMGroup{ID: name, Account: "primary", Name: name})
			},
			func(ctx context.Context, a *app.App, name string) error {
				_, err := a.CreateIMGroup(ctx, forAccount, app.IMGroupChange{Name: &name})
				return err
			},
			func(ctx context.Context, a *app.App) (int, error) {
				list, err := a.IMGroups(ctx, forAccount)
				return len(list), err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustertest.New(t, mustertest.Options{})
			all, ctx := beside(t, s), t.Context()
			err := s.App.DB.Write(ctx, func(tx *store.Tx) error {
				for i := range tt.limit - left {
					if err := tt.add(ctx, tx, fmt.Sprintf("Old %d", i)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			outcomes := make([]error, hands)
			atOnce(t, hands, func(i int) error {
				outcomes[i] = tt.make(ctx, all[i%len(all)], fmt.Sprintf("New %d", i))
				return nil
			})
			made := 0
			for _, err := range outcomes {
				if err == nil {
					made++
				} else if muster.CodeOf(err) == "" {
					t.Error(err)
				}
			}
			listed, err := tt.list(ctx, s.App)
			if stored := s.Number(`SELECT COUNT(*) FROM ` + tt.table); made != left || listed != tt.limit || stored != int64(tt.limit) || err != nil {
				t.Errorf("got %d made, %d stored and %d listed, %v; want %d made and %d in all", made, stored, listed, err, left, tt.limit)
			}
		})
	}
}
