package app

import (
	"context"
	"slices"

	"muster/internal/muster"
	"muster/internal/store"
)

// A TypeChange is what became of a change of many users' type.
type TypeChange struct {
	Done      []string // ids
	Absent    []string // ids and emails of nobody
	Unchanged []string // ids of who had the type already
}

// SetUserTypes gives the users whom refs name by id or email another type.
func (a *App) SetUserTypes(ctx context.Context, by muster.Actor, refs []string, to muster.UserType) (done TypeChange, err error) {
	if err := a.mayAdminister(by); err != nil {
		return done, err
	}
	err = a.write(ctx, func(tx *store.Tx) error {
		done = TypeChange{}
		whom, err := holdByText(ctx, tx, by.Account, refs)
		if err != nil {
			return err
		}
		before, after := map[string]any{}, map[string]any{}
		for _, ref := range refs {
			u := whom(ref)
			switch {
			case u == nil:
				done.Absent = append(done.Absent, ref)
			case slices.Contains(done.Done, u.ID) || slices.Contains(done.Unchanged, u.ID):
			case u.Type == to:
				done.Unchanged = append(done.Unchanged, u.ID)
			default:
				if err := mayGovern(ctx, tx, by, u); err != nil {
					return err
				}
				done.Done = append(done.Done, u.ID)
				before[u.ID], after[u.ID] = u.Type, to
			}
		}
		if len(done.Done) == 0 {
			return nil
		}
		if err := tx.SetUserTypes(ctx, by.Account, done.Done, to); err != nil {
			return err
		}
		return a.event(ctx, tx, by, muster.UsersUpdated, nil, done.Done, map[string]any{"before": before, "after": after})
	})
	return done, err
}

// A UserSummary counts the users of an account. Who is deactivated is in none.
type UserSummary struct{ Licensed, Basic, JoinOnly, Pending int64 }

// SummarizeUsers counts the users of by.Account.
func (a *App) SummarizeUsers(ctx context.Context, by muster.Actor) (s UserSummary, err error) {
	if !by.Admin {
		return s, by.NeedsAdmin("Counting users")
	}
	err = a.read(ctx, func(tx *store.Tx) error {
		counts, err := tx.CountUsers(ctx, by.Account)
		s = UserSummary{}
		for _, c := range counts {
			switch {
			case c.Status == muster.UserPending:
				s.Pending += c.N
			case c.Status != muster.UserActive:
			case c.Type == muster.Licensed:
				s.Licensed += c.N
			case c.Type == muster.Basic:
				s.Basic += c.N
			default:
				s.JoinOnly += c.N
			}
		}
		return err
	})
	return s, err
}
