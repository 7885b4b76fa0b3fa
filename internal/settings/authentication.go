package settings

import (
	"slices"
	"strings"

	"muster/internal/muster"
)

// The actions of an authentication_option: accounts have the list, groups and
// users choose from it and word it.
var authenticationActions = map[Level][]string{
	Account: {"add", "update", "delete", "show", "hide"},
	Group:   {"update", "show", "hide"},
	User:    {"update", "show", "hide"},
}

// Authenticate carries out what a change asks for in its authentication_option:
// it takes that out of the change and puts in the list of options as it is then.
// of are the settings of the option meeting_authentication or
// recording_authentication. newID makes the id of an added one. The list of the
// end of c is its own from then on. What is wrong is returned.
func (c Chain) Authenticate(of []*Setting, change Doc, newID func() string) []muster.Problem {
	if len(of) == 0 || of[0].Of != MeetingAuthentication && of[0].Of != RecordingAuthentication {
		return nil
	}
	asked := Doc{}
	var list *Setting
	for _, s := range of {
		if s.Name == s.Of+".authentication_options" {
			list = s
		}
		if name, ok := strings.CutPrefix(s.Name, s.Of+".authentication_option."); ok {
			if v, set := change[s.Key]; set {
				asked[name] = v
				delete(change, s.Key)
			}
		}
	}
	if len(asked) == 0 {
		return nil
	}
	if by := c.LockedAbove(list.Lock); by != nil {
		return []muster.Problem{{Field: "authentication_option", Rule: by.locks()}}
	}
	now, _ := c.Decide(list).Value.([]any)
	a := authentications{options: clone(now).([]any), asked: asked}
	a.apply(c.End().Level, newID)
	if len(a.problems) == 0 {
		change[list.Key] = a.options
	}
	return a.problems
}

// authentications is a list of options while it is changed.
type authentications struct {
	options  []any // objects
	asked    Doc   // the fields of an authentication_option
	problems []muster.Problem
}

func (a *authentications) refuse(name, rule string) {
	a.problems = append(a.problems, muster.Problem{Field: "authentication_option." + name, Rule: rule})
}

func (a *authentications) apply(level Level, newID func() string) {
	action := a.asked.String("action")
	if allowed := authenticationActions[level]; !slices.Contains(allowed, action) {
		a.refuse("action", "must be one of "+strings.Join(allowed, ", "))
		return
	}
	if action == "add" {
		a.add(newID)
		return
	}
	i := slices.IndexFunc(a.options, func(o any) bool {
		is, _ := o.(map[string]any)
		return Doc(is).String("id") == a.asked.String("id") && a.asked.String("id") != ""
	})
	if i < 0 {
		a.refuse("id", "must be that of one of authentication_options")
		return
	}
	option := a.options[i].(map[string]any) // as IndexFunc has seen it
	isDefault := Doc(option).Bool("default_option")
	switch action {
	case "update":
		a.update(option)
	case "show":
		option["visible"] = true
	case "hide":
		option["visible"] = false
		if isDefault {
			a.refuse("id", "must not be the default option's: make another one the default first")
		}
	case "delete":
		if isDefault && len(a.options) > 1 {
			a.refuse("id", "must not be the default option's: make another one the default first")
		}
		a.options = slices.Delete(a.options, i, i+1)
	}
}

func (a *authentications) add(newID func() string) {
	for _, name := range []string{"name", "type"} {
		if a.asked.String(name) == "" {
			a.refuse(name, "is required where action is add")
		}
	}
	option := map[string]any{
		"id": newID(), "name": "", "type": "", "domains": "", "visible": true, "default_option": len(a.options) == 0,
	}
	a.options = append(a.options, option)
	a.update(option)
}

// update sets what is asked for; of all options one is the default.
func (a *authentications) update(option map[string]any) {
	for _, name := range []string{"name", "type", "domains"} {
		if v, set := a.asked[name]; set {
			option[name] = v
		}
	}
	if option["type"] == "enforce_login_with_domains" && option["domains"] == "" {
		a.refuse("domains", "is required where type is enforce_login_with_domains")
	}
	asked, set := a.asked["default_option"].(bool)
	switch {
	case set && asked && option["visible"] != true:
		a.refuse("default_option", "must not be true for an option that is hidden")
	case set && asked:
		for _, o := range a.options {
			o.(map[string]any)["default_option"] = false // objects, as in option's own case
		}
		option["default_option"] = true
	case set && option["default_option"] == true:
		a.refuse("default_option", "must be true: make another one the default instead")
	}
}
