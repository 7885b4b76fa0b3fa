package webex

import (
	"context"
	"net/http"
	"time"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

const webhooks = "Webhooks"

func (a *API) webhookOperations() []op.Operation {
	return []op.Operation{a.createWebhook(), a.listWebhooks(), a.getWebhookDetails(), a.updateWebhook(), a.deleteWebhook()}
}

// ofAccount is how this API spells that a webhook is about everybody.
const ofAccount = "org"

// notDelivered is what every answer says as long as nothing is.
const notDelivered = "Muster keeps this webhook and does not deliver to it yet."

// A webhookOut is a webhook. The original's clients read in status whether
// something comes: nothing does, so it is inactive.
type webhookOut struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	TargetURL    string `json:"targetUrl"`
	Resource     string `json:"resource"`
	Event        string `json:"event"`
	Filter       string `json:"filter,omitempty"`
	Secret       string `json:"secret,omitempty"`
	Status       string `json:"status" enum:"inactive" doc:"Always inactive: Muster delivers no webhooks yet."`
	StatusReason string `json:"statusReason" ours:"true" doc:"Says in words why status is inactive."`
	OwnedBy      string `json:"ownedBy,omitempty" enum:"org"`
	Created      string `json:"created" format:"date-time"`
}

func spellWebhook(w *muster.Webhook) webhookOut {
	out := webhookOut{
		ID: w.ID, Name: w.Name, TargetURL: w.TargetURL, Resource: w.Resource, Event: w.Event, Filter: w.Filter, Secret: w.Secret,
		Status: "inactive", StatusReason: notDelivered, Created: instant(w.CreatedAt, time.UTC),
	}
	if w.OfAccount {
		out.OwnedBy = ofAccount
	}
	return out
}

func (a *API) createWebhook() op.Operation {
	return op.Handle(op.Spec{
		ID: "createWebhook", Group: webhooks, Title: "Create a webhook", Method: "POST", Path: "/webhooks", Scopes: readMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.Forbidden, muster.Full),
	}, a.addWebhook)
}

type webhookIn struct {
	Name      wire.String `json:"name" rule:"required" max:"256"`
	TargetURL wire.String `json:"targetUrl" rule:"required" max:"2048" format:"uri"`
	Resource  wire.String `json:"resource" rule:"required" max:"64" doc:"meetings, meetingParticipants, recordings or meetingTranscripts: Muster has no other."`
	Event     wire.String `json:"event" rule:"required" max:"64" doc:"One that the resource has."`
	Filter    wire.String `json:"filter" max:"1024" doc:"name=value, with & between several; hostEmail, hostUserId, ownerEmail and ownerId need ownedBy org."`
	Secret    wire.String `json:"secret" max:"256"`
	OwnedBy   wire.String `json:"ownedBy" enum:"org" doc:"About everybody in the account; needs a token for the whole account."`
}

func (a *API) addWebhook(ctx context.Context, in *webhookIn) (*webhookOut, error) {
	w, err := a.App.CreateWebhook(ctx, actor(ctx), muster.Webhook{
		Name: string(in.Name), TargetURL: string(in.TargetURL), Resource: string(in.Resource), Event: string(in.Event), Filter: string(in.Filter),
		Secret: string(in.Secret), OfAccount: in.OwnedBy == ofAccount,
	})
	if err != nil {
		return nil, err
	}
	out := spellWebhook(w)
	return &out, nil
}

func (a *API) listWebhooks() op.Operation {
	return op.Handle(op.Spec{
		ID: "listWebhooks", Group: webhooks, Title: "List webhooks", Method: "GET", Path: "/webhooks", Scopes: readMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.PageTokenInvalid),
	}, a.webhooks)
}

type webhookListIn struct {
	Max     wire.Int    `query:"max" json:"-" min:"1" max:"100" doc:"Items in a page, 100 unless given."`
	Cursor  wire.String `query:"cursor" json:"-" max:"2048" ours:"true" doc:"Where the page begins, as the Link header of the page before has it."`
	OwnedBy wire.String `query:"ownedBy" json:"-" enum:"org" doc:"Only those about everybody in the account."`
}

func (in *webhookListIn) paging() paging {
	p := paging{Max: in.Max, Cursor: in.Cursor}
	if p.Max == 0 {
		p.Max = muster.MaxWebhooks
	}
	return p
}

type webhooksOut struct {
	Items  []webhookOut `json:"items"`
	header http.Header
}

// Header implements op.Headed.
func (o *webhooksOut) Header() http.Header { return o.header }

func (a *API) webhooks(ctx context.Context, in *webhookListIn) (*webhooksOut, error) {
	p := in.paging()
	list, err := a.App.Webhooks(ctx, actor(ctx), in.OwnedBy == ofAccount, p.page())
	if err != nil {
		return nil, err
	}
	out := &webhooksOut{Items: make([]webhookOut, len(list.Items)), header: a.links(requestOf(ctx).url, p, list.Next)}
	for i := range list.Items {
		out.Items[i] = spellWebhook(&list.Items[i])
	}
	return out, nil
}

type webhookPath struct {
	ID wire.String `path:"webhookId" json:"-"`
}

func (a *API) getWebhookDetails() op.Operation {
	return op.Handle(op.Spec{
		ID: "getWebhookDetails", Group: webhooks, Title: "Get webhook details", Method: "GET", Path: "/webhooks/{webhookId}",
		Scopes: readMeetings, Rate: op.Light, Success: 200, Refuses: refuses(muster.WebhookNotFound),
	}, a.webhook)
}

func (a *API) webhook(ctx context.Context, in *webhookPath) (*webhookOut, error) {
	w, err := a.App.Webhook(ctx, actor(ctx), string(in.ID))
	if err != nil {
		return nil, err
	}
	out := spellWebhook(w)
	return &out, nil
}

func (a *API) updateWebhook() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateWebhook", Group: webhooks, Title: "Update a webhook", Method: "PUT", Path: "/webhooks/{webhookId}",
		Scopes: readMeetings, Rate: op.Light, Success: 200, Refuses: refuses(muster.Invalid, muster.WebhookNotFound),
	}, a.editWebhook)
}

// webhookPutIn is what can be changed; what else a webhook has is ignored, as
// the original says.
type webhookPutIn struct {
	webhookPath
	Name      wire.String                `json:"name" rule:"required" max:"256"`
	TargetURL wire.String                `json:"targetUrl" rule:"required" max:"2048" format:"uri"`
	Secret    wire.Optional[wire.String] `json:"secret" max:"256" doc:"The one that is there stays unless given."`
	OwnedBy   wire.String                `json:"ownedBy" enum:"org" doc:"Ignored: it is said when a webhook is created."`
	Status    wire.String                `json:"status" enum:"active" doc:"Taken, and the webhook stays inactive: Muster delivers none yet."`
}

func (a *API) editWebhook(ctx context.Context, in *webhookPutIn) (*webhookOut, error) {
	c := app.WebhookChange{Name: string(in.Name), TargetURL: string(in.TargetURL)}
	if in.Secret.Set {
		secret := string(in.Secret.Value)
		c.Secret = &secret
	}
	w, err := a.App.UpdateWebhook(ctx, actor(ctx), string(in.ID), c)
	if err != nil {
		return nil, err
	}
	out := spellWebhook(w)
	return &out, nil
}

func (a *API) deleteWebhook() op.Operation {
	return op.Handle(op.Spec{
		ID: "deleteWebhook", Group: webhooks, Title: "Delete a webhook", Method: "DELETE", Path: "/webhooks/{webhookId}",
		Scopes: readMeetings, Rate: op.Light, Success: 204, Refuses: refuses(muster.WebhookNotFound),
	}, a.removeWebhook)
}

func (a *API) removeWebhook(ctx context.Context, in *webhookPath) (*op.None, error) {
	return &op.None{}, a.App.RemoveWebhook(ctx, actor(ctx), string(in.ID))
}
