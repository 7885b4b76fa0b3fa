package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	"muster/internal/muster"
	"muster/internal/settings"
	"muster/internal/store"
)

// Me is the reference to the caller's own user.
const Me = "me"

// user returns the user of by.Account whom ref names by id, email or Me, if
// by may see them, else UserNotFound or WrongAccount.
func (a *App) user(ctx context.Context, tx *store.Tx, by muster.Actor, ref string) (*muster.User, error) {
	u, err := a.findUser(ctx, tx, by, ref)
	notFound := muster.Errorf(muster.UserNotFound, ref, "User does not exist: %s.", ref)
	switch {
	case errors.Is(err, store.ErrNotFound):
		account := by.Home
		if strings.Contains(ref, "@") { // emails are not unique across accounts: the own one counts
			_, err = tx.UserByEmail(ctx, account, ref)
		} else {
			account, err = tx.UserAccount(ctx, ref)
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil, notFound
		} else if err != nil {
			return nil, err
		}
		return nil, a.elsewhere(ctx, tx, by, account, notFound)
	case err != nil:
		return nil, err
	case !by.May(u.ID):
		return nil, notFound
	}
	return u, nil
}

// A UserView is a user as readers see them.
type UserView struct {
	muster.User
	Profile muster.Profile
	Groups  []string // ids, the primary one first
	// IMGroups are ids, in the order of joining.
	IMGroups []string
	RoleName string // told by User only
	Picture  string // id of the file, "" for none; told by User only
}

// viewUsers completes users of one account for their readers.
func (a *App) viewUsers(ctx context.Context, tx *store.Tx, account string, users []muster.User) ([]UserView, error) {
	ids := make([]string, len(users))
	for i := range users {
		ids[i] = users[i].ID
	}
	groups, err := tx.GroupsOfEach(ctx, account, ids)
	if err != nil {
		return nil, err
	}
	directories, err := tx.IMGroupsOfEach(ctx, account, ids)
	if err != nil {
		return nil, err
	}
	views := make([]UserView, len(users))
	for i := range users {
		p, err := store.Profile(&users[i])
		if err != nil {
			return nil, err
		}
		views[i] = UserView{User: users[i], Profile: p, Groups: groups[users[i].ID], IMGroups: directories[users[i].ID]}
	}
	return views, nil
}

func (a *App) findUser(ctx context.Context, tx *store.Tx, by muster.Actor, ref string) (*muster.User, error) {
	if ref == Me {
		ref = by.Me()
		if ref == "" {
			acc, err := tx.Account(ctx, by.Account)
			if err != nil {
				return nil, err
			}
			ref = acc.Owner
		}
	}
	if strings.Contains(ref, "@") {
		return tx.UserByEmail(ctx, by.Account, ref)
	}
	return tx.User(ctx, by.Account, ref)
}

// User returns the user whom ref names by id, email or Me.
func (a *App) User(ctx context.Context, by muster.Actor, ref string) (v *UserView, err error) {
	err = a.read(ctx, func(tx *store.Tx) error {
		u, err := a.user(ctx, tx, by, ref)
		if err != nil {
			return err
		}
		views, err := a.viewUsers(ctx, tx, u.Account, []muster.User{*u})
		if err != nil {
			return err
		}
		v = &views[0]
		if v.Picture, err = picture(ctx, tx, u); err != nil {
			return err
		}
		role, err := roleOf(ctx, tx, u)
		if err == nil {
			v.RoleName = role.Name
		}
		return err
	})
	return v, err
}

// CreateUser adds a user to by.Account. Only email, names, type, action and
// time zone of u are read. password is that of an autoCreate, else "".
func (a *App) CreateUser(ctx context.Context, by muster.Actor, u muster.User, password string) (*muster.User, error) {
	if !by.Admin {
		return nil, by.NeedsAdmin("Creating users")
	}
	if rule := muster.CheckEmail(u.Email); rule != "" {
		return nil, muster.InvalidField("user_info.email", "%s", rule)
	}
	hash, err := a.firstPassword(ctx, by, &u, password)
	if err != nil {
		return nil, err
	}
	var made muster.User
	err = a.write(ctx, func(tx *store.Tx) error {
		made = u
		made.ID, made.Account = a.IDs.Ordered(tx.Now), by.Account
		made.Status, made.Role = muster.UserActive, muster.RoleMember
		made.CreatedAt, made.UpdatedAt = tx.Now, tx.Now
		if made.DisplayName == "" {
			made.DisplayName = muster.DisplayNameOf(made.FirstName, made.LastName)
		}
		if made.Timezone == "" {
			made.Timezone = "UTC"
		}
		if err := a.speak(ctx, tx, &made); err != nil {
			return err
		}
		err := a.addUser(ctx, tx, &made)
		if errors.Is(err, store.ErrExists) {
			return muster.Errorf(muster.UserExists, u.Email, "User already in the account: %s.", u.Email)
		} else if err != nil {
			return err
		}
		if hash != "" {
			if err := tx.SetPassword(ctx, made.ID, hash, tx.Now); err != nil {
				return err
			}
		}
		return a.event(ctx, tx, by, muster.UserCreated, nil, []string{made.ID}, map[string]any{"action": u.Action, "after": toldUser(&made)})
	})
	if err != nil {
		return nil, err
	}
	return &made, nil
}

// addUser gives u a personal number that is free, see addMeeting, and stores
// them. Errors: ErrExists where the account has the email.
func (a *App) addUser(ctx context.Context, tx *store.Tx, u *muster.User) error {
	for range 4 {
		u.PMI = a.IDs.PMI()
		if err := tx.AddUser(ctx, u); !errors.Is(err, store.ErrNumberTaken) {
			return err
		}
	}
	return errors.New("app: no free personal meeting number found")
}

// toldUser returns what the event log has of a user: nothing personal.
func toldUser(u *muster.User) map[string]any {
	return map[string]any{"type": u.Type, "status": u.Status, "role": u.Role}
}

// speak gives a new user the language that the account has set for them. Where
// it has set none they have none, and whoever asks is told the default.
func (a *App) speak(ctx context.Context, tx *store.Tx, u *muster.User) error {
	chain, err := a.chainOf(ctx, tx, u.Account, nil, nil)
	if err != nil {
		return err
	}
	language := chain.Of(settings.Language)
	text, _ := language.Value.(string)
	if language.By == nil {
		return nil
	}
	return store.SetProfile(u, &muster.Profile{Language: text})
}

// Users returns the users of by.Account in order of creation. licence, where it
// is not "", is the name of a licence for something that is not there: nobody has
// it.
func (a *App) Users(ctx context.Context, by muster.Actor, f UserFilter, licence string, p Page) (list Listed[UserView], err error) {
	if !by.Admin {
		return list, by.NeedsAdmin("Listing users")
	}
	bound := []string{"users", by.Account, string(f.Status), string(f.Role), f.Group, licence}
	err = a.read(ctx, func(tx *store.Tx) error {
		users, err := a.usersListed(tx, p, bound, func(after int64, skip, limit int) ([]muster.User, int64, error) {
			if licence != "" {
				return nil, 0, nil
			}
			return tx.Users(ctx, by.Account, f, after, skip, limit)
		})
		if err != nil {
			return err
		}
		views, err := a.viewUsers(ctx, tx, by.Account, users.Items)
		list = Listed[UserView]{Items: views, Total: users.Total, Next: users.Next}
		return err
	})
	return list, err
}

// People returns the users of by.Account whom by may see, in order of
// creation, and which of f.IDs are none of them.
func (a *App) People(ctx context.Context, by muster.Actor, f store.UserFilter, p Page) (list Listed[muster.User], missing []string, err error) {
	if !by.Admin {
		f.Only = by.User
	}
	bound := []string{"people", by.Account, f.Only, muster.EmailKey(f.Email), f.Name, strings.Join(f.IDs, ",")}
	err = a.read(ctx, func(tx *store.Tx) error {
		list, err = a.usersListed(tx, p, bound, func(after int64, skip, limit int) ([]muster.User, int64, error) {
			return tx.Users(ctx, by.Account, f, after, skip, limit)
		})
		if err != nil {
			return err
		}
		missing, err = a.missing(ctx, tx, by, f)
		return err
	})
	return list, missing, err
}

// missing returns which of f.IDs are of nobody whom f lets be seen.
func (a *App) missing(ctx context.Context, tx *store.Tx, by muster.Actor, f store.UserFilter) ([]string, error) {
	if len(f.IDs) == 0 {
		return nil, nil
	}
	seen, _, err := tx.Users(ctx, by.Account, store.UserFilter{IDs: f.IDs, Only: f.Only}, 0, 0, len(f.IDs))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(f.IDs), func(id string) bool {
		return slices.ContainsFunc(seen, func(u muster.User) bool { return u.ID == id })
	}), nil
}
