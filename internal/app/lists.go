package app

import (
	"strconv"

	"muster/internal/muster"
	"muster/internal/store"
)

// A Page says which part of a list is asked for: what follows a token, or
// the page of a number from 1.
type Page struct {
	Size   int
	Number int
	Token  string
}

// skip returns how many rows come before p. The bound keeps the sum of skip
// and size within an int.
func (p Page) skip() int {
	if p.Token != "" || p.Number <= 1 {
		return 0
	}
	return min(p.Number-1, 1<<30/p.Size) * p.Size
}

// A Listed is one page of a list.
type Listed[T any] struct {
	Items []T
	Total int64
	Next  string // token of the next page, "" on the last
}

// listed returns the page p from its rows, of which Size+1 were asked for so as
// to know whether the list goes on. place says where a row stands in the list.
func listed[T any](a *App, tx *store.Tx, p Page, bound []string, rows []T, total int64, place func(row int) string) Listed[T] {
	list := Listed[T]{Items: rows, Total: total}
	if len(rows) > p.Size {
		list.Items = rows[:p.Size]
		list.Next = a.Keys.PageToken(tx.Now, place(p.Size-1), bound...)
	}
	return list
}

// usersListed returns the page p of users in the order of their Seq, whom find
// returns with how many there are in all.
func (a *App) usersListed(
	tx *store.Tx, p Page, bound []string, find func(after int64, skip, limit int) ([]muster.User, int64, error),
) (list Listed[muster.User], err error) {
	after, err := a.after(tx, p, bound)
	if err != nil {
		return list, err
	}
	users, total, err := find(after, p.skip(), p.Size+1)
	if err != nil {
		return list, err
	}
	return listed(a, tx, p, bound, users, total, func(i int) string { return strconv.FormatInt(users[i].Seq, 10) }), nil
}

// after returns the row number that p's token goes on after, 0 without one.
func (a *App) after(tx *store.Tx, p Page, bound []string) (int64, error) {
	if p.Token == "" {
		return 0, nil
	}
	cursor, err := a.Keys.Cursor(tx.Now, p.Token, bound...)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(cursor, 10, 64) // our own text, under a MAC
}
