// Package settings says which settings there are, reads them from requests
// and merges them. A set of settings is data, a Catalogue; what an owner has
// set of it is a sparse Doc. What nobody set is answered by the defaults.
package settings

import "slices"

// Kind is what a leaf holds. All but Email are JSON Schema's names.
type Kind string

// The kinds, and how a Doc holds their values.
const (
	Bool   Kind = "boolean" // bool
	Int    Kind = "integer" // int64
	String Kind = "string"  // string
	Email  Kind = "email"   // string, one plain address
	List   Kind = "array"   // []any of what Item says
	Object Kind = "object"  // map[string]any of what Fields say
)

// A Leaf describes one setting. The zero value of an optional field means
// that there is no such rule.
type Leaf struct {
	Name string
	Kind Kind

	// Enum lists the values allowed, int64 for an Int and string for a String.
	Enum []any
	// Min and Max bound the value of an Int, the length of a String in code
	// points, the number of items of a List. Max 0 means that neither does.
	Min, Max int64
	// Default is the canonical value that stands where none is set, nil if
	// the setting is then absent. In a List's items it is filled in on decoding.
	Default any

	Fields Catalogue // of an Object
	Item   *Leaf     // of a List; its Name is empty
	// Split lets a List of texts be given as one text with commas or semicolons
	// between the items, which therefore must not hold any themselves.
	Split bool

	// OffWith names a Bool of the same object: where that is on, this Bool is
	// off in effect, whatever is stored.
	OffWith string
	// Required leaves must be given where their object says anything.
	Required bool
	// ReadOnly leaves are answered and never taken from a request.
	ReadOnly bool
	// Deprecated leaves work and are marked in the schema.
	Deprecated bool
	// PerOccurrence leaves may be changed on one occurrence of a series.
	PerOccurrence bool
	// From, of a leaf of Meeting, is the dotted name of the setting of the host
	// that stands where the meeting says nothing, and rules while it is locked.
	From string

	// What follows is of the settings of accounts, groups and users, see Owners.

	// At says whose settings have the leaf; ReadOnlyAt, where it may not be set.
	At, ReadOnlyAt Level
	// WriteOnly leaves are taken and not answered.
	WriteOnly bool
	// Secret leaves are answered to whoever may set them, and stand nowhere else.
	Secret bool
	// Sparse is where the leaf is answered only if somebody has set it: what a
	// group answers has just the leaves of page 5.
	Sparse Level
	// Lock is the dotted name by which the leaf is locked, "" where it cannot be;
	// LockAt, where, if not wherever accounts and groups have locks.
	Lock   string
	LockAt Level
	// Same is the dotted name of the leaf that is the same setting, under another
	// name at another level.
	Same string
	// Joined is where a List of texts is answered as one text with commas.
	Joined Level
	// Effect says what Muster does by it; "" where it is kept for clients only.
	Effect string
}

// A Catalogue is the fields of one object of settings, in the order in which
// they are checked and told of. Sections of a larger set are Object leaves.
type Catalogue []Leaf

// Defaults returns a new document of what every leaf is where nobody set it.
// Objects without any default are left out.
func (c Catalogue) Defaults() Doc {
	d := Doc{}
	for _, l := range c {
		if l.Default != nil {
			d[l.Name] = clone(l.Default)
		} else if fields := l.Fields.Defaults(); len(fields) > 0 {
			d[l.Name] = map[string]any(fields)
		}
	}
	return d
}

// Effective returns what holds where docs were set one over the other, later
// ones winning: the defaults, then docs, then what Leaf.OffWith turns off.
// The result shares nothing with docs and is for answers, not for storage.
func (c Catalogue) Effective(docs ...Doc) Doc {
	d := c.Defaults()
	for _, over := range docs {
		d = Merge(d, over)
	}
	c.turnOff(d)
	return d
}

func (c Catalogue) turnOff(d Doc) {
	for _, l := range c {
		if fields, ok := d[l.Name].(map[string]any); ok {
			l.Fields.turnOff(fields)
		}
		if l.OffWith != "" && d.Bool(l.OffWith) {
			d[l.Name] = false
		}
	}
}

// Occurrence returns the part of c that may be changed on one occurrence of a series.
func (c Catalogue) Occurrence() Catalogue {
	return slices.DeleteFunc(slices.Clone(c), func(l Leaf) bool { return !l.PerOccurrence })
}
