package app

import (
	"context"
	"reflect"
	"slices"

	"muster/internal/muster"
	"muster/internal/store"
)

// peopleAtOnce is how many people one event names at most.
const peopleAtOnce = 1000

// events appends an event about id and people, several of one kind where they
// are too many for one. tell returns the data of an event about some of them.
func (a *App) events(ctx context.Context, tx *store.Tx, by muster.Actor, kind muster.EventKind, id string, people []string, tell func(people []string) map[string]any) error {
	for {
		some := append([]string{}, people[:min(len(people), peopleAtOnce)]...)
		if err := a.event(ctx, tx, by, kind, nil, append([]string{id}, some...), tell(some)); err != nil {
			return err
		}
		if people = people[len(some):]; len(people) == 0 {
			return nil
		}
	}
}

// among returns those of all who are in some, in order.
func among(all, some []string) []string {
	in := make(map[string]bool, len(some))
	for _, s := range some {
		in[s] = true
	}
	return slices.DeleteFunc(append([]string{}, all...), func(s string) bool { return !in[s] })
}

// difference returns what an event tells of a change: of what was and what is
// only what is not the same. It is nil where all is.
func difference(before, after map[string]any) map[string]any {
	was, is := map[string]any{}, map[string]any{}
	for name, v := range after {
		if !reflect.DeepEqual(before[name], v) {
			was[name], is[name] = before[name], v
		}
	}
	if len(is) == 0 {
		return nil
	}
	return map[string]any{"before": was, "after": is}
}
