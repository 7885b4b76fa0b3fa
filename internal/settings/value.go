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
