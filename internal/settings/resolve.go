package settings

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"muster/internal/muster"
)

// A heritage is a leaf of Meeting that the settings of the host have a say in.
type heritage struct {
	path    []string
	setting *Setting // of Leaf.From
}

func (h heritage) name() string { return strings.Join(h.path, ".") }

// heritages returns the leaves of Meeting that have a From, in its order.
var heritages = sync.OnceValue(func() []heritage {
	var all []heritage
	var walk func(c Catalogue, path []string)
	walk = func(c Catalogue, path []string) {
		for _, l := range c {
			at := append(slices.Clip(path), l.Name)
			if l.From != "" {
				all = append(all, heritage{at, byName()[l.From]})
			}
			walk(l.Fields, at)
		}
	}
	walk(Meeting, nil)
	return all
})

// The leaf that decides whether people must sign in to meetings, and the list
// of the ways in which they can.
const (
	authenticated         = MeetingAuthentication + ".meeting_authentication"
	authenticationChoices = MeetingAuthentication + ".authentication_options"
)

// ResolveMeeting returns what holds of a meeting whose host stands at the end
// of host, where docs were set on it one over the other, later ones winning.
// Where they say nothing of a leaf with a From, what the host's settings have
// of it holds if anybody has set it, else the leaf's default. While a setting
// is locked it overrules the docs. Leaf.OffWith comes last. The result shares
// nothing with the arguments and is for answers, not for storage.
func ResolveMeeting(host Chain, docs ...Doc) Doc { return resolve(host, docs).doc }

// resolved is a meeting's settings, and for those that the host's settings
// decided, or lock, how.
type resolved struct {
	own, doc Doc
	why      map[string]Decision
}

func resolve(host Chain, docs []Doc) resolved {
	r := resolved{own: Doc{}, why: map[string]Decision{}}
	for _, over := range docs {
		r.own = Merge(r.own, over)
	}
	r.doc = Merge(Meeting.Defaults(), r.own)
	for _, h := range heritages() {
		d := host.Decide(h.setting)
		_, said := r.own.Lookup(h.name())
		if d.Locked == nil && (said || d.By == nil) {
			continue
		}
		put(r.doc, h.path, clone(d.Value))
		r.why[h.name()] = d
	}
	r.authenticate(host)
	Meeting.turnOff(r.doc)
	return r
}

// authenticate says how people have to sign in: in the way that the meeting
// names, if that is still offered, else in the default one where they must.
func (r *resolved) authenticate(host Chain) {
	d := host.Decide(byName()[authenticationChoices])
	option := optionOf(d.Value, func(o Doc) bool { return o.String("id") == r.own.String("authentication_option") })
	chosen := option != nil
	if !chosen && r.doc.Bool("meeting_authentication") {
		option = optionOf(d.Value, func(o Doc) bool { return o.Bool("default_option") })
	}
	if option == nil {
		delete(r.doc, "authentication_option")
		return
	}
	set := func(name, value string) {
		r.doc[name] = value
		r.why[name] = d
	}
	if !chosen {
		set("authentication_option", option.String("id"))
	}
	set("authentication_name", option.String("name"))
	if domains := option.String("domains"); domains != "" && r.own.String("authentication_domains") == "" {
		set("authentication_domains", domains)
	}
}

// optionOf returns the first of a list of authentication options that is
// asked for, nil where none is.
func optionOf(list any, is func(Doc) bool) Doc {
	options, _ := list.([]any)
	for _, o := range options {
		if d := fieldsOf(o); is(d) {
			return d
		}
	}
	return nil
}

// An Explained says of one setting what holds, and why.
type Explained struct {
	Name string
	Decision
	// OffWith names the setting that turns this one off, "" for none: what
	// decided that one has decided this one.
	OffWith string
}

// ExplainMeeting returns for each leaf that ResolveMeeting has what holds and
// why. meeting is what stands as the one who has set what docs say.
func ExplainMeeting(host Chain, meeting *Owner, docs ...Doc) []Explained {
	r := resolve(host, docs)
	var list []Explained
	var walk func(c Catalogue, at Doc, prefix string)
	walk = func(c Catalogue, at Doc, prefix string) {
		for _, l := range c {
			v, there := at[l.Name]
			if !there {
				continue
			}
			if fields, ok := v.(map[string]any); ok {
				walk(l.Fields, fields, prefix+l.Name+".")
				continue
			}
			e := Explained{Name: prefix + l.Name, Decision: r.decision(prefix+l.Name, meeting)}
			if l.OffWith != "" && at.Bool(l.OffWith) {
				by := r.decision(prefix+l.OffWith, meeting)
				e.By, e.OffWith = by.By, prefix+l.OffWith
				if e.Locked == nil {
					e.Locked = by.Locked
				}
			}
			e.Value = v
			list = append(list, e)
		}
	}
	walk(Meeting, r.doc, "")
	return list
}

// decision returns who decided a leaf, and who has locked it.
func (r *resolved) decision(name string, meeting *Owner) Decision {
	if d, ok := r.why[name]; ok {
		return d
	}
	if _, said := r.own.Lookup(name); said {
		return Decision{By: meeting}
	}
	return Decision{}
}

// KeepLocked returns change without what it says of locked settings of a
// meeting that has own, and what is wrong with that, with fields named below
// prefix. What holds may be sent back as it stands, and what alike lists, by
// name, for the value that holds: it says nothing, so that the meeting's own
// value comes back with the end of the lock.
func KeepLocked(host Chain, prefix string, own, change Doc, alike map[string][]any) (Doc, []muster.Problem) {
	var problems []muster.Problem
	kept := Merge(nil, change)
	var after Doc
	for _, h := range heritages() {
		asked, given := change.Lookup(h.name())
		if !given {
			continue
		}
		d := host.Decide(h.setting)
		if d.Locked == nil {
			continue
		}
		take(kept, h.path)
		if after == nil {
			after = ResolveMeeting(host, own, change)
		}
		holds, _ := after.Lookup(h.name())
		if !reflect.DeepEqual(asked, d.Value) && !reflect.DeepEqual(asked, holds) && !slices.Contains(alike[h.name()], d.Value) {
			problems = append(problems, muster.Problem{Field: prefix + "." + h.name(), Rule: d.Locked.locks()})
		}
	}
	return kept, append(problems, checkChoice(host, prefix, own, change)...)
}

// checkChoice refuses a new authentication option that the host is not offered.
func checkChoice(host Chain, prefix string, own, change Doc) []muster.Problem {
	id := change.String("authentication_option")
	if id == "" || id == own.String("authentication_option") {
		return nil
	}
	offered := optionOf(host.Decide(byName()[authenticationChoices]).Value, func(o Doc) bool { return o.String("id") == id && o.Bool("visible") })
	if offered != nil {
		return nil
	}
	return []muster.Problem{{Field: prefix + ".authentication_option", Rule: "must be the id of an authentication option that the settings of the host offer"}}
}

// put sets the value at a path, and makes the objects on the way.
func put(d map[string]any, path []string, v any) {
	for _, step := range path[:len(path)-1] {
		next, ok := d[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			d[step] = next
		}
		d = next
	}
	d[path[len(path)-1]] = v
}

// take removes the value at a path, and the objects that are empty without it.
func take(d map[string]any, path []string) {
	inner, nested := d[path[0]].(map[string]any)
	if len(path) > 1 && nested {
		take(inner, path[1:])
	}
	if len(path) == 1 || nested && len(inner) == 0 {
		delete(d, path[0])
	}
}

// Without returns d without the values of the given dotted names.
func (d Doc) Without(names []string) Doc {
	out := Merge(nil, d)
	for _, name := range names {
		take(out, strings.Split(name, "."))
	}
	return out
}
