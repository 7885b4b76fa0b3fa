package settings

import "sync"

var byName = sync.OnceValue(func() map[string]*Setting {
	m := map[string]*Setting{}
	for _, s := range Settings() {
		m[s.Name] = s
	}
	return m
})

// Value returns what holds at the end of c of the setting that has the whole
// dotted name, which must be one of Settings.
func (c Chain) Value(name string) any { return c.Decide(byName()[name]).Value }
