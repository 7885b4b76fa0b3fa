package app_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"testing"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/mustertest"
)

// loaded is a source of random bytes in which some numbers come first: a
// number is read as eight bytes.
type loaded struct {
	io.Reader
	numbers []uint64
}

func (l *loaded) Read(b []byte) (int, error) {
	if len(b) != 8 || len(l.numbers) == 0 {
		return l.Reader.Read(b)
	}
	binary.BigEndian.PutUint64(b, l.numbers[0])
	l.numbers = l.numbers[1:]
	return 8, nil
}

// TestNewUsersHaveANumberOfTheirOwn draws a number that somebody has for new
// users, owners of accounts among them.
func TestNewUsersHaveANumberOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	source := &loaded{Reader: s.App.IDs.Random}
	s.App.IDs.Random = source
	source.numbers = []uint64{7}
	if _, err := s.App.CreateUser(t.Context(), forAccount, muster.User{Email: "one@muster.test", Type: muster.Licensed}, ""); err != nil {
		t.Fatal(err)
	}
	for name, add := range map[string]func() error{
		"user": func() error {
			_, err := s.App.CreateUser(t.Context(), forAccount, muster.User{Email: "two@muster.test", Type: muster.Licensed}, "")
			return err
		},
		"owner": func() error {
			_, err := s.App.AddAccount(t.Context(), app.NewAccount{})
			return err
		},
		"owner of a sub account": func() error {
			_, err := s.App.CreateSubAccount(t.Context(), forAccount, app.NewSubAccount{Email: "sub@muster.test", Password: "Long-enough-42"})
			return err
		},
	} {
		source.numbers = []uint64{7, 7, uint64(100 + len(name))}
		if err := add(); err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if twice := s.Texts(`SELECT CAST(pmi AS TEXT) FROM users GROUP BY pmi HAVING COUNT(*) > 1`); len(twice) > 0 {
		t.Errorf("numbers of several users: %v", twice)
	}
	source.numbers = []uint64{7, 7, 7, 7}
	if _, err := s.App.CreateUser(t.Context(), forAccount, muster.User{Email: "three@muster.test"}, ""); err == nil {
		t.Error("a user was made without a free number")
	}
}

// TestOneNumberIsForOne has users of several accounts ask for one number at
// the same time, at one server and another.
func TestOneNumberIsForOne(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	all := beside(t, s)
	const hands = 6
	var by [hands]muster.Actor
	for i := range by {
		account := fmt.Sprintf("account%d", i)
		s.Account(account)
		by[i] = muster.Actor{App: "client", Home: account, Account: account, Admin: true}
	}
	for round := range 5 {
		number := int64(2_000_000_000 + round)
		got := make([]error, hands)
		atOnce(t, hands, func(i int) error {
			got[i] = all[i%len(all)].UpdateUser(t.Context(), by[i], app.Me, app.UserChange{PMI: &number})
			return nil
		})
		outcomes := map[muster.Code]int{}
		for _, err := range got {
			outcomes[muster.CodeOf(err)]++
		}
		if n := s.Number(`SELECT COUNT(*) FROM users WHERE pmi = $1`, number); n != 1 || outcomes[""] != 1 || outcomes[muster.Invalid] != hands-1 {
			t.Errorf("round %d: %d users have the number; got %v", round, n, got)
		}
	}
}
