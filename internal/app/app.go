// Package app has the use cases: each exported method of App is one thing
// that a client may ask for, in whichever dialect, done in one transaction.
package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"muster/internal/blob"
	"muster/internal/muster"
	"muster/internal/store"
)

// Plan holds the daily limits of a plan; 0 means no limit.
type Plan struct {
	PersonAdds    int64 // registrations of one person for one meeting
	PersonChanges int64 // status changes of one person in one meeting
	HostMeetings  int64 // meetings created and updated of one host
	NewGroups     int64 // groups created in one account
}

// App carries out use cases against a store.
type App struct {
	DB       *store.DB
	IDs      muster.IDs
	Keys     muster.Keys
	Blobs    *blob.Dir // the content of uploaded files; nil: there are none
	Plan     Plan
	Free     bool  // the accounts' plan is the free one: no groups, no settings
	Capacity int64 // places of a meeting, or of an occurrence where people choose; 0: no ceiling
	// Observe is told of registrations by outcome: of refused calls at once, of
	// all others when they are durable. nil: nobody counts.
	Observe func(outcome string, n int)
	// Followed has a job of kind JobEvent made of each event. It is set before
	// the first use, where somebody does these jobs.
	Followed bool
	// Wake is told the kind of each job that was made, once it is durable. nil:
	// nobody is woken.
	Wake func(kind string)

	// CheckPage is told of each page of registrants that was kept, and of what it
	// would be if it were read: for tests. nil: kept pages are not read again.
	CheckPage func(kept, fresh []byte)

	inFlight sync.Map // keys of writes that run, see Once
	grants   grants   // what tokens allow, see Authenticate
	pages    pages    // of registrants, see Registrants
	hashing  oneAtOnce
	pins     muster.PINs
}

// What lists ask for and have, in the store's own words: dialects and pages
// know them by these names only.
type (
	UserFilter       = store.UserFilter
	MeetingFilter    = store.MeetingFilter
	DateFilter       = store.DateFilter
	RegistrantFilter = store.RegistrantFilter
	ListedMeeting    = store.ListedMeeting
)

// Now is the clock of the whole server.
func (a *App) Now() time.Time { return a.DB.Now() }

// write runs f in one transaction, see store.DB.Write.
func (a *App) write(ctx context.Context, f func(*store.Tx) error) error {
	return overloaded(a.DB.Write(ctx, f))
}

// read runs f in a transaction that sees one state, see store.DB.Read.
func (a *App) read(ctx context.Context, f func(*store.Tx) error) error {
	return overloaded(a.DB.Read(ctx, f))
}

// overloaded makes Overloaded of what may fare better in a second: too many
// writes that wait, a turn that did not come within the request's time, a
// database that others keep or that does not answer.
func overloaded(err error) error {
	switch {
	case errors.Is(err, store.ErrBusy), errors.Is(err, context.DeadlineExceeded):
		return muster.Errorf(muster.Overloaded, "", "Too many requests wait: try again in a second.")
	case errors.Is(err, store.ErrUnavailable):
		e := muster.Errorf(muster.Overloaded, "", "The database does not take this now: try again in a second.")
		e.Cause = err
		return e
	}
	return err
}

// event appends an event, about m if not nil, in the name of by, and the job
// for who follows the log.
func (a *App) event(ctx context.Context, tx *store.Tx, by muster.Actor, kind muster.EventKind, m *muster.Meeting, subjects []string, data map[string]any) error {
	e := &muster.Event{
		ID: a.IDs.Ordered(tx.Now), Account: by.Account, At: tx.Now, Kind: kind,
		App: by.App, User: by.User, Subjects: subjects, Data: data,
	}
	if m != nil {
		e.Account, e.Meeting = m.Account, m.ID
	}
	if err := tx.AppendEvent(ctx, e); err != nil || !a.Followed {
		return err
	}
	return a.enqueue(ctx, tx, &store.Job{ID: JobEvent + ":" + e.ID, Kind: JobEvent, Account: e.Account, Subject: e.ID})
}

// SubAccount returns nil if id is a sub account of home, else AccountNotFound.
func (a *App) SubAccount(ctx context.Context, home, id string) error {
	return a.read(ctx, func(tx *store.Tx) error {
		acc, err := tx.Account(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && acc.Parent != home {
			return muster.NoSuchAccount(id)
		}
		return err
	})
}

// elsewhere tells whether what is not in by.Account is in another account
// that by administers: then WrongAccount, else notFound. It matters only to
// requests that name an account.
func (a *App) elsewhere(ctx context.Context, tx *store.Tx, by muster.Actor, account string, notFound error) error {
	if !by.Prefixed || !by.Master || account == "" || account == by.Account {
		return notFound
	}
	acc, err := tx.Account(ctx, account)
	if err != nil {
		return err
	}
	if acc.ID == by.Home || acc.Parent == by.Home {
		return muster.Errorf(muster.WrongAccount, "", "User does not belong to this account: %s.", by.Account)
	}
	return notFound
}

// today counts one request of a kind about each of the subjects against the
// day's limit. The subjects are stored as keyed digests. over is called with
// the position of each subject that is beyond it, until it returns an error.
func (a *App) today(ctx context.Context, tx *store.Tx, account, kind string, limit int64, subjects []string, over func(i int) error) error {
	if limit == 0 || len(subjects) == 0 {
		return nil
	}
	digests := make([]string, len(subjects))
	seen := map[string]bool{}
	var once []string
	for i, s := range subjects {
		digests[i] = kind + ":" + a.Keys.Digest(kind, s)
		if !seen[digests[i]] {
			seen[digests[i]] = true
			once = append(once, digests[i])
		}
	}
	counts, err := tx.CountToday(ctx, account, once)
	if err != nil {
		return err
	}
	for i, d := range digests {
		if counts[d] > limit {
			if err := over(i); err != nil {
				return err
			}
		}
	}
	return nil
}

// observe tells Observe of n people, once tx is durable.
func (a *App) observe(tx *store.Tx, outcome string, n int) {
	if a.Observe != nil && n > 0 {
		tx.AfterCommit(func() { a.Observe(outcome, n) })
	}
}

// CountRequest counts one request of an account in a pool of the day and
// returns how many there have been.
func (a *App) CountRequest(ctx context.Context, account, pool string) (n int64, err error) {
	subject := "requests:" + pool
	err = a.write(ctx, func(tx *store.Tx) error {
		counts, err := tx.CountToday(ctx, account, []string{subject})
		n = counts[subject]
		return err
	})
	return n, err
}
