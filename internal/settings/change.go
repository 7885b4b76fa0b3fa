package settings

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"muster/internal/muster"
)

// Change returns what a body sets at the end of c, by key, and what is wrong
// with it. Unknown leaves, wrong values, leaves that are locked above and those
// that cannot be set there are refused; but of the latter two what holds may be
// sent back, so that an answer can be. null says nothing, as leaving out does.
func (c Chain) Change(of []*Setting, body map[string]any) (Doc, []muster.Problem) {
	level := c.End().Level
	d := decoder{unknown: "is no setting of the " + level.String()}
	change := Doc{}
	known := byPath(of)
	var walk func(in map[string]any, prefix string)
	walk = func(in map[string]any, prefix string) {
		for _, name := range slices.Sorted(maps.Keys(in)) {
			field := prefix + name
			s, leaf := known.leaves[field]
			switch {
			case strings.Contains(name, "."): // is no path: what is where decides who may set it
				d.refuse(field, "%s", d.unknown)
			case leaf && s.ReadOnlyAt&level != 0:
				if !c.saysNothing(s, in[name]) {
					d.refuse(field, "cannot be set at the %s", level)
				}
			case leaf:
				if v := d.value(s.Leaf, field, in[name]); v != nil {
					c.set(&d, change, s, field, v)
				}
			case known.sections[field]:
				if inner, ok := in[name].(map[string]any); ok {
					walk(inner, field+".")
				} else if in[name] != nil {
					d.refuse(field, "must be an object")
				}
			default:
				d.refuse(field, "%s", d.unknown)
			}
		}
	}
	walk(body, "")
	return change, append(d.problems, c.chooseFile(change)...)
}

// saysNothing reports whether v, of a request, is nothing or what holds of s.
func (c Chain) saysNothing(s *Setting, v any) bool {
	d := decoder{unknown: "is unknown"}
	v = d.value(s.Leaf, s.Name, v)
	return d.failed == 0 && (v == nil || reflect.DeepEqual(v, c.Decide(s).Value))
}

func (c Chain) set(d *decoder, change Doc, s *Setting, field string, v any) {
	by := c.LockedAbove(s.Lock)
	if by == nil {
		change[s.Key] = v
		return
	}
	if !reflect.DeepEqual(v, c.Decide(s).Value) {
		d.refuse(field, "%s", by.locks())
	}
}

// Check returns what is wrong with a change at the end of c besides the form of
// each value: rules of single settings, and between settings as they are then.
func (c Chain) Check(change Doc) []muster.Problem {
	return slices.Concat(
		checkRegistration(change), checkDomains(change), checkAccountDomains(change), c.checkPasscodes(change), checkLanguage(change),
	)
}

// with returns c as it is after a change at its end.
func (c Chain) with(change Doc) Chain {
	end := *c.End()
	end.Values = Merge(end.Values, change)
	switch {
	case c.User != nil:
		c.User = &end
	case len(c.Groups) > 0:
		c.Groups = append([]*Owner{&end}, c.Groups[1:]...)
	default:
		c.Account = &end
	}
	return c
}

// places are the settings of a shape, and the objects they stand in, by path.
type places struct {
	leaves   map[string]*Setting
	sections map[string]bool
}

func byPath(of []*Setting) places {
	p := places{map[string]*Setting{}, map[string]bool{}}
	for _, s := range of {
		p.leaves[strings.Join(s.Path, ".")] = s
		for i := 1; i < len(s.Path); i++ {
			p.sections[strings.Join(s.Path[:i], ".")] = true
		}
	}
	return p
}
