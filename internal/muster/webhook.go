package muster

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// MaxWebhooks is how many webhooks an app can have.
const MaxWebhooks = 100

// A Webhook asks to be told of what happens. Nothing is delivered to one yet.
type Webhook struct {
	ID, Account, App string
	User             string // for whom it was made
	Name             string
	TargetURL        string
	Resource, Event  string
	Filter           string // name=value&name=value, "" for none
	Secret           string // signs what is delivered; "" for none
	OfAccount        bool   // about everybody in the account, else about User's own things
	CreatedAt        time.Time
}

// happens has the events of each resource that a webhook can be about. The
// original has more of both; of those there is nothing here. [semantics 8.4]
var happens = map[string][]string{
	"meetings":            {"created", "updated", "deleted", "started", "ended"},
	"meetingParticipants": {"joined", "left"},
	"recordings":          {"created", "updated", "deleted"},
	"meetingTranscripts":  {"created", "updated", "deleted"},
}

// ofOthers are the filters about other people's things.
var ofOthers = []string{"hostEmail", "hostUserId", "ownerEmail", "ownerId"}

// Check returns the fields of w that break a rule.
func (w *Webhook) Check() []Problem {
	var problems []Problem
	wrong := func(field, rule string, args ...any) {
		problems = append(problems, Problem{field, fmt.Sprintf(rule, args...)})
	}
	if !webURL(w.TargetURL) {
		wrong("targetUrl", "must be an absolute URL that begins with https:// or http://")
	}
	if events, known := happens[w.Resource]; !known {
		wrong("resource", "must be one of %s: Muster has no other", strings.Join(slices.Sorted(maps.Keys(happens)), ", "))
	} else if !slices.Contains(events, w.Event) {
		wrong("event", "must be one of %s for the resource %s", strings.Join(events, ", "), w.Resource)
	}
	if rule := w.badFilter(); rule != "" {
		wrong("filter", "%s", rule)
	}
	return problems
}

// webURL reports whether text can be sent to over HTTP.
func webURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.Fragment == ""
}

func (w *Webhook) badFilter() string {
	if w.Filter == "" {
		return ""
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(w.Filter, "&") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case name == "" || value == "" || strings.ContainsFunc(name, notLetter):
			return "must be name=value, with & between several"
		case seen[name]:
			return fmt.Sprintf("must have %s once", name)
		case slices.Contains(ofOthers, name) && !w.OfAccount:
			return fmt.Sprintf("must not have %s unless ownedBy is org", name)
		}
		seen[name] = true
	}
	return ""
}

func notLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }

// MadeBy returns nil if by may make w, else Forbidden.
func (w *Webhook) MadeBy(by Actor) error {
	if w.OfAccount && !by.Admin {
		return Errorf(Forbidden, "", "A webhook about everybody in the account needs a token for the whole account.")
	}
	return nil
}

// VisibleTo returns nil if by may see and change w, else WebhookNotFound: it
// belongs to the app that made it and, unless it is about the whole account, to
// the user for whom it was made.
func (w *Webhook) VisibleTo(by Actor) error {
	if w.Account == by.Account && w.App == by.App && (w.User == by.User || w.OfAccount && by.Admin) {
		return nil
	}
	return NoSuchWebhook(w.ID)
}

// NoSuchWebhook returns the WebhookNotFound for an id.
func NoSuchWebhook(id string) error {
	return Errorf(WebhookNotFound, id, "Webhook does not exist: %.100s.", id)
}
