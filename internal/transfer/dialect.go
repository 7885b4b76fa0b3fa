package transfer

import (
	"context"
	"fmt"

	"muster/internal/client"
	"muster/internal/roster"
)

// A dialect is the API that one import or export speaks.
type dialect interface {
	// name is what --dialect has, "" for the usual one.
	name() string
	// meeting spells the meeting that a person names, or says what is wrong with it.
	meeting(text string) (string, error)
	// suits refuses options that the API has nothing for.
	suits(o *ImportOptions) error
	// size is how many people the API takes at once.
	size() int
	// longest is how many characters an answer to a question may have.
	longest() int
	// knows tells whether the API has a name for the field.
	knows(f roster.Field) bool

	// questions returns the titles of the questions that the meeting asks.
	questions(ctx context.Context, meeting string) ([]string, error)
	// anyTitle tells whether answers to questions that nobody asks are taken.
	anyTitle() bool
	// person spells a row, or says why it cannot be sent.
	person(row roster.Row) (p client.Person, problem string)
	// batch registers all people or none.
	batch(ctx context.Context, o *ImportOptions, people []client.Person, key string) ([]registration, error)
	// single registers one person.
	single(ctx context.Context, o *ImportOptions, p client.Person, key string) (registration, error)

	// judge says what an answer of batch or single means.
	judge(err error) verdict
	// hopeless tells that the meeting cannot be imported into if its questions cannot be read for that reason.
	hopeless(e *client.Error) bool
	// advice says what an import that ended with e needs, "" where the API's own codes do not tell.
	advice(e *client.Error, meeting string) string

	// registrants calls each with one page after the other of those with a status.
	registrants(ctx context.Context, o *ExportOptions, status string, each func(page []listed, total int) error) error
}

// A registration is what became of one person.
type registration struct {
	id, email, joinURL string
	outcome            roster.Outcome
	reason             string
}

// A listed is one row of an export, with the titles of its answers in their order.
type listed struct {
	roster.Registrant
	titles []string
}

// dialectOf returns the dialect of that name. Without c it can do all that needs no server.
func dialectOf(name string, c *client.Client) (dialect, error) {
	switch name {
	case "", "zoom":
		return zoom{c}, nil
	case "webex":
		return &webex{api: client.Webex{Client: c}}, nil
	}
	return nil, fmt.Errorf("there is no dialect %q: it is zoom or webex", name)
}
