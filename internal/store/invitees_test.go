package store

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"muster/internal/muster"
)

// inviteeEmails returns the emails of a page.
func inviteeEmails(t *testing.T, db *DB, m *muster.Meeting, after string, limit int) (emails []string) {
	t.Helper()
	must(t, db.Read(t.Context(), func(tx *Tx) error {
		list, err := tx.Invitees(t.Context(), m, after, limit)
		for _, v := range list {
			emails = append(emails, v.Email)
		}
		return err
	}))
	return emails
}

func TestInvitees(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	seven, eight := meeting(7), meeting(8)
	ann := muster.Invitee{Meeting: 7, Number: 1 << 40, Email: "Ann@X.test", DisplayName: "Ann", CoHost: true}
	must(t, db.Write(ctx, func(tx *Tx) error {
		return errors.Join(tx.AddMeeting(ctx, seven), tx.AddMeeting(ctx, eight), tx.AddInvitees(ctx, seven, nil),
			tx.AddInvitees(ctx, seven, []muster.Invitee{{Number: 2, Email: "b@x.test"}, ann, {Number: 3, Email: "c@x.test"}}),
			tx.AddInvitees(ctx, eight, []muster.Invitee{{Number: 2, Email: "b@x.test"}}))
	}))
	must(t, db.Read(ctx, func(tx *Tx) error {
		got, err := tx.Invitee(ctx, seven, ann.Number)
		if err != nil || *got != ann {
			t.Errorf("got %+v %v, want %+v", got, err, ann)
		}
		if _, err := tx.Invitee(ctx, eight, ann.Number); !errors.Is(err, ErrNotFound) {
			t.Errorf("in another meeting: got %v, want ErrNotFound", err)
		}
		invited, err := tx.InvitedTo(ctx, seven)
		if want := (map[string]int64{"ann@x.test": 1 << 40, "b@x.test": 2, "c@x.test": 3}); !reflect.DeepEqual(invited, want) {
			t.Errorf("got %v, want %v", invited, want)
		}
		return err
	}))
	if got := inviteeEmails(t, db, seven, "", 2); !reflect.DeepEqual(got, []string{"Ann@X.test", "b@x.test"}) {
		t.Errorf("first page: got %v", got)
	}
	if got := inviteeEmails(t, db, seven, "b@x.test", 2); !reflect.DeepEqual(got, []string{"c@x.test"}) {
		t.Errorf("second page: got %v", got)
	}
	write := func(f func(tx *Tx) error) error { return db.Write(ctx, f) }
	if err := write(func(tx *Tx) error {
		return tx.AddInvitees(ctx, seven, []muster.Invitee{{Number: 9, Email: "B@x.test"}})
	}); !errors.Is(err, ErrExists) {
		t.Errorf("an email twice: got %v, want ErrExists", err)
	}
	must(t, write(func(tx *Tx) error {
		return tx.SetInvitee(ctx, &muster.Invitee{Meeting: 7, Number: 2, Email: "D@x.test"})
	}))
	if err := write(func(tx *Tx) error {
		return tx.SetInvitee(ctx, &muster.Invitee{Meeting: 8, Number: 3, Email: "e@x.test"})
	}); !errors.Is(err, ErrNotFound) {
		t.Errorf("set one who is not there: got %v, want ErrNotFound", err)
	}
	must(t, write(func(tx *Tx) error { return tx.RemoveInvitee(ctx, seven, 3) }))
	if err := write(func(tx *Tx) error { return tx.RemoveInvitee(ctx, eight, 3) }); !errors.Is(err, ErrNotFound) {
		t.Errorf("remove one who is not there: got %v, want ErrNotFound", err)
	}
	if got := inviteeEmails(t, db, seven, "", 9); !reflect.DeepEqual(got, []string{"Ann@X.test", "D@x.test"}) {
		t.Errorf("after changes: got %v", got)
	}
	must(t, write(func(tx *Tx) error { return tx.RemoveMeeting(ctx, seven) }))
	if n := number(t, db, `SELECT COUNT(*) FROM invitees`); n != 1 {
		t.Errorf("a meeting went and left %d invitees, want the other's 1", n)
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	hook := func(id, app, user string, ofAccount bool) *muster.Webhook {
		return &muster.Webhook{
			ID: id, Account: "acc", App: app, User: user, Name: "n" + id, TargetURL: "https://x.test/" + id, Resource: "meetings", Event: "created",
			Filter: "id=1", Secret: "s", OfAccount: ofAccount, CreatedAt: start,
		}
	}
	write := func(f func(tx *Tx) error) error { return db.Write(ctx, f) }
	must(t, write(func(tx *Tx) error {
		return errors.Join(tx.AddAccount(ctx, account("other")), tx.AddApp(ctx, &muster.App{ID: "app", Account: "acc"}, "x"),
			tx.AddApp(ctx, &muster.App{ID: "second", Account: "acc"}, "x"), tx.AddWebhook(ctx, hook("1", "app", "u", false)),
			tx.AddWebhook(ctx, hook("2", "app", "u", true)), tx.AddWebhook(ctx, hook("3", "app", "v", false)),
			tx.AddWebhook(ctx, hook("4", "app", "v", true)), tx.AddWebhook(ctx, hook("5", "second", "u", true)))
	}))
	read := func(f func(tx *Tx) error) { t.Helper(); must(t, db.Read(ctx, f)) }
	read(func(tx *Tx) error {
		got, err := tx.Webhook(ctx, "acc", "2")
		if err != nil || *got != *hook("2", "app", "u", true) {
			t.Errorf("got %+v %v", got, err)
		}
		if _, err := tx.Webhook(ctx, "other", "2"); !errors.Is(err, ErrNotFound) {
			t.Errorf("in another account: got %v, want ErrNotFound", err)
		}
		n, err := tx.CountWebhooks(ctx, "acc", "app")
		if n != 4 {
			t.Errorf("got %d webhooks of the app, want 4", n)
		}
		return err
	})
	for name, tt := range map[string]struct {
		f     WebhookFilter
		after WebhookPlace
		want  string
	}{
		"own":               {WebhookFilter{Account: "acc", App: "app", User: "u"}, WebhookPlace{}, "12"},
		"own and account's": {WebhookFilter{Account: "acc", App: "app", User: "u", OfAccount: true}, WebhookPlace{}, "124"},
		"only account's":    {WebhookFilter{Account: "acc", App: "app", User: "u", OfAccount: true, OnlyAccount: true}, WebhookPlace{}, "24"},
		"the rest":          {WebhookFilter{Account: "acc", App: "app", User: "u", OfAccount: true}, WebhookPlace{start, "1"}, "24"},
		"later":             {WebhookFilter{Account: "acc", App: "app", User: "u"}, WebhookPlace{start.Add(1e6), ""}, ""},
		"of another app":    {WebhookFilter{Account: "acc", App: "second", User: "u"}, WebhookPlace{}, "5"},
		"another account":   {WebhookFilter{Account: "other", App: "app", User: "u", OfAccount: true}, WebhookPlace{}, ""},
	} {
		got := ""
		read(func(tx *Tx) error {
			list, err := tx.Webhooks(ctx, tt.f, tt.after, 9)
			for _, w := range list {
				got += w.ID
			}
			return err
		})
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
	changed := hook("1", "app", "u", false)
	changed.Name, changed.TargetURL, changed.Secret = "x", "https://y.test", ""
	must(t, write(func(tx *Tx) error { return tx.SetWebhook(ctx, changed) }))
	read(func(tx *Tx) error {
		got, err := tx.Webhook(ctx, "acc", "1")
		if err != nil || *got != *changed {
			t.Errorf("got %+v %v, want %+v", got, err, changed)
		}
		return nil
	})
	stranger := &muster.Webhook{ID: "1", Account: "other"}
	for what, f := range map[string]func(*Tx, context.Context, *muster.Webhook) error{
		"set": func(tx *Tx, ctx context.Context, w *muster.Webhook) error { return tx.SetWebhook(ctx, w) }, "remove": func(tx *Tx, ctx context.Context, w *muster.Webhook) error { return tx.RemoveWebhook(ctx, w) },
	} {
		if err := write(func(tx *Tx) error { return f(tx, ctx, stranger) }); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s one of another account: got %v, want ErrNotFound", what, err)
		}
	}
	must(t, write(func(tx *Tx) error { return tx.RemoveWebhook(ctx, changed) }))
	must(t, write(func(tx *Tx) error { return tx.RemoveApp(ctx, "second") }))
	if n := number(t, db, `SELECT COUNT(*) FROM webhooks`); n != 3 {
		t.Errorf("got %d webhooks left, want 3: one was removed, one went with its app", n)
	}
}

// TestUsersWhoAreFound has filters that the engines must see alike.
func TestUsersWhoAreFound(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	must(t, db.Write(ctx, func(tx *Tx) error {
		other := user("u4", "ann@x.test")
		other.Account, other.DisplayName = "other", "Ann"
		err := errors.Join(tx.AddAccount(ctx, account("other")), tx.AddUser(ctx, other))
		for id, name := range map[string]string{"u1": "Ann Émile", "u2": "anna %", "u3": "ÉMILE"} {
			u := user(id, id+"@X.test")
			u.DisplayName = name
			err = errors.Join(err, tx.AddUser(ctx, u))
		}
		return err
	}))
	for name, tt := range map[string]struct {
		f    UserFilter
		want []string
	}{
		"all":                          {UserFilter{}, []string{"u1", "u2", "u3"}},
		"beginning":                    {UserFilter{Name: "ANN"}, []string{"u1", "u2"}},
		"beginning, with another mark": {UserFilter{Name: "ann é"}, nil},
		"beginning, with its mark":     {UserFilter{Name: "aNN ÉM"}, []string{"u1"}},
		"no wildcards":                 {UserFilter{Name: "%"}, nil},
		"a sign of wildcards":          {UserFilter{Name: "anna %"}, []string{"u2"}},
		"beyond A to Z":                {UserFilter{Name: "émile"}, nil},
		"email":                        {UserFilter{Email: "U2@x.test"}, []string{"u2"}},
		"ids":                          {UserFilter{IDs: []string{"u3", "u1", "u4", "nobody"}}, []string{"u1", "u3"}},
		"one alone":                    {UserFilter{IDs: []string{"u3", "u1"}, Only: "u3"}, []string{"u3"}},
		"all of it":                    {UserFilter{Name: "ann", Email: "u1@x.test", IDs: []string{"u1", "u2"}, Status: muster.UserActive}, []string{"u1"}},
	} {
		must(t, db.Read(ctx, func(tx *Tx) error {
			users, total, err := tx.Users(ctx, "acc", tt.f, 0, 0, 9)
			got := map[string]bool{}
			for _, u := range users {
				got[u.ID] = true
			}
			want := map[string]bool{}
			for _, id := range tt.want {
				want[id] = true
			}
			if !reflect.DeepEqual(got, want) || total != int64(len(want)) {
				t.Errorf("%s: got %v of %d, want %v", name, got, total, want)
			}
			return err
		}))
	}
}
