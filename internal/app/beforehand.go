package app

import (
	"context"
	"errors"
)

// errBeforehand ends a transaction of Once whose use case has come to work that
// is to be done before it.
var errBeforehand = errors.New("app: work that is to be done before the transaction")

// A homework is the work of one request that must not be done in a transaction,
// because others wait for that: what writes files, and what takes long.
type homework struct {
	done map[string]any // what came of it, by name: a function of its own type
	next func()         // what the transaction was ended for; nil: nothing
}

type homeworkKey struct{}

// beforehand does work outside of any transaction and returns what comes of it.
// A use case calls it before its db.Write, after having read what decides
// whether it comes to that. Where the request has an Idempotency-Key, so that a
// transaction is open already, the use case is given an error that ends that:
// Once then does the work and runs the use case again, which finds it done. name
// tells it from other work of the same request.
func beforehand[T any](ctx context.Context, name string, work func() (T, error)) (T, error) {
	h, _ := ctx.Value(homeworkKey{}).(*homework)
	if h == nil {
		return work()
	}
	if done, ok := h.done[name].(func() (T, error)); ok {
		return done()
	}
	h.next = func() {
		v, err := work()
		h.done[name] = func() (T, error) { return v, err }
	}
	var none T
	return none, errBeforehand
}
