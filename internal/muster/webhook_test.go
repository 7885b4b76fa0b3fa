package muster

import (
	"strings"
	"testing"
)

func TestWebhookCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Webhook)
		wrong  string // fields
	}{
		"good":                        {func(*Webhook) {}, ""},
		"http, a port and a query":    {func(w *Webhook) { w.TargetURL = "http://localhost:8080/x?y=z" }, ""},
		"another scheme":              {func(w *Webhook) { w.TargetURL = "ftp://x.test/" }, "targetUrl"},
		"no host":                     {func(w *Webhook) { w.TargetURL = "https:///x" }, "targetUrl"},
		"a port alone":                {func(w *Webhook) { w.TargetURL = "https://:80/x" }, "targetUrl"},
		"a path alone":                {func(w *Webhook) { w.TargetURL = "/x" }, "targetUrl"},
		"a fragment":                  {func(w *Webhook) { w.TargetURL = "https://x.test/#a" }, "targetUrl"},
		"control characters":          {func(w *Webhook) { w.TargetURL = "https://x.test/\r\n" }, "targetUrl"},
		"a resource of the original":  {func(w *Webhook) { w.Resource = "messages" }, "resource"},
		"a resource of nobody":        {func(w *Webhook) { w.Resource = "registrants" }, "resource"},
		"an event of another one":     {func(w *Webhook) { w.Event = "joined" }, "event"},
		"participants join":           {func(w *Webhook) { w.Resource, w.Event = "meetingParticipants", "joined" }, ""},
		"participants are not made":   {func(w *Webhook) { w.Resource = "meetingParticipants" }, "event"},
		"recordings":                  {func(w *Webhook) { w.Resource, w.Event = "recordings", "deleted" }, ""},
		"recordings do not start":     {func(w *Webhook) { w.Resource, w.Event = "recordings", "started" }, "event"},
		"transcripts":                 {func(w *Webhook) { w.Resource = "meetingTranscripts" }, ""},
		"a filter":                    {func(w *Webhook) { w.Filter = "meetingNumber=123&state=active" }, ""},
		"a value with =":              {func(w *Webhook) { w.Filter = "id=a==" }, ""},
		"no value":                    {func(w *Webhook) { w.Filter = "id=" }, "filter"},
		"no name":                     {func(w *Webhook) { w.Filter = "=1" }, "filter"},
		"no =":                        {func(w *Webhook) { w.Filter = "id" }, "filter"},
		"an & at the end":             {func(w *Webhook) { w.Filter = "id=1&" }, "filter"},
		"a name twice":                {func(w *Webhook) { w.Filter = "id=1&id=2" }, "filter"},
		"a name of other characters":  {func(w *Webhook) { w.Filter = "i d=1" }, "filter"},
		"other people's":              {func(w *Webhook) { w.Filter = "hostEmail=a@b.test" }, "filter"},
		"other people's by id":        {func(w *Webhook) { w.Filter = "id=1&ownerId=2" }, "filter"},
		"other people's, for account": {func(w *Webhook) { w.Filter, w.OfAccount = "hostEmail=a@b.test", true }, ""},
		"all at once":                 {func(w *Webhook) { *w = Webhook{Filter: "x"} }, "targetUrl resource filter"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := Webhook{TargetURL: "https://x.test/hook", Resource: "meetings", Event: "created"}
			tt.change(&w)
			var fields []string
			for _, p := range w.Check() {
				fields = append(fields, p.Field)
			}
			if got := strings.Join(fields, " "); got != tt.wrong {
				t.Errorf("got %q, want %q: %v", got, tt.wrong, w.Check())
			}
		})
	}
}

func TestWhoseWebhook(t *testing.T) {
	t.Parallel()
	maker := Actor{App: "app", Account: "acc", User: "u"}
	tests := map[string]struct {
		change    func(*Actor)
		own, ours Code // for a webhook of the user, and of the account
	}{
		"who made it":                 {func(*Actor) {}, "", ""},
		"another user":                {func(a *Actor) { a.User = "v" }, WebhookNotFound, WebhookNotFound},
		"another user, for everybody": {func(a *Actor) { a.User, a.Admin = "v", true }, WebhookNotFound, ""},
		"another app":                 {func(a *Actor) { a.App, a.Admin = "other", true }, WebhookNotFound, WebhookNotFound},
		"another account":             {func(a *Actor) { a.Account, a.Admin = "other", true }, WebhookNotFound, WebhookNotFound},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			by := maker
			tt.change(&by)
			for ofAccount, want := range map[bool]Code{false: tt.own, true: tt.ours} {
				w := Webhook{ID: "w", Account: "acc", App: "app", User: "u", OfAccount: ofAccount}
				if got := CodeOf(w.VisibleTo(by)); got != want {
					t.Errorf("of the account %v: got %q, want %q", ofAccount, got, want)
				}
			}
		})
	}
	w := Webhook{OfAccount: true}
	if CodeOf(w.MadeBy(maker)) != Forbidden || w.MadeBy(Actor{Admin: true}) != nil || (&Webhook{}).MadeBy(maker) != nil {
		t.Error("one about the whole account needs a token for it, and no other does")
	}
}
