package settings

import (
	"maps"
	"slices"
	"sync"
)

var byName = sync.OnceValue(func() map[string]*Setting {
	m := map[string]*Setting{}
	for _, s := range Settings() {
		m[s.Name] = s
	}
	return m
})

// Value returns what holds at the end of c of the setting that has the whole
// dotted name, which must be one of Settings.
func (c Chain) Value(name string) any { return c.Of(name).Value }

// Of returns what holds at the end of c of the setting that has the whole
// dotted name, which must be one of Settings, and why.
func (c Chain) Of(name string) Decision { return c.Decide(byName()[name]) }

// Logged returns what the event log may have of a document by Setting.Key,
// where nil stands for what was not set: of secrets only that they were.
func Logged(doc map[string]any) map[string]any {
	out := make(map[string]any, len(doc))
	for key, v := range doc {
		if s := byName()[key]; s != nil && s.Secret && v != nil {
			v = "(secret)"
		}
		out[key] = v
	}
	return out
}

// WithoutSecrets returns c without what anybody has set of Secret leaves.
func (c Chain) WithoutSecrets() Chain {
	without := func(o *Owner) *Owner {
		if o == nil {
			return nil
		}
		open := *o
		open.Values = maps.Clone(o.Values)
		for key := range o.Values {
			if s := byName()[key]; s != nil && s.Secret {
				delete(open.Values, key)
			}
		}
		return &open
	}
	c.Account, c.User = without(c.Account), without(c.User)
	c.Groups = slices.Clone(c.Groups)
	for i := range c.Groups {
		c.Groups[i] = without(c.Groups[i])
	}
	return c
}
