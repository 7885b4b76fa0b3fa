package app

import (
	"strconv"

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
