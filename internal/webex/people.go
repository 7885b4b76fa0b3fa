package webex

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

const people = "People"

func (a *API) peopleOperations() []op.Operation {
	return []op.Operation{a.listPeople(), a.getMyOwnDetails(), a.getPersonDetails()}
}

// What ids of people and organizations begin with, before they are encoded.
// Its own JavaScript client makes such an id of any other that it is given.
const (
	personURI       = "ciscospark://us/PEOPLE/"
	organizationURI = "ciscospark://us/ORGANIZATION/"
)

// personID spells the id of a user, as it is everywhere in this API.
func personID(user string) string { return hydra(personURI, user) }

func hydra(uri, id string) string { return base64.RawStdEncoding.EncodeToString([]byte(uri + id)) }

// userID reads the id of a person; Muster's own is taken, too.
func userID(person string) string { return unhydra(personURI, person) }

// unhydra returns what hydra was given or, where id does not come from there, id.
func unhydra(uri, id string) string {
	text, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(id, "="))
	own, ok := strings.CutPrefix(string(text), uri)
	if err != nil || !ok || !utf8.ValidString(own) || strings.ContainsRune(own, 0) { // bytes that are no text ask a database for nobody
		return id
	}
	return own
}

// A personOut is a user: what Muster knows of them, and nothing made up.
type personOut struct {
	ID            string   `json:"id"`
	Emails        []string `json:"emails"`
	DisplayName   string   `json:"displayName"`
	FirstName     string   `json:"firstName,omitempty"`
	LastName      string   `json:"lastName,omitempty"`
	OrgID         string   `json:"orgId" doc:"The account."`
	Created       string   `json:"created" format:"date-time"`
	LastModified  string   `json:"lastModified" format:"date-time"`
	Timezone      string   `json:"timezone"`
	Status        string   `json:"status,omitempty" enum:"unknown" doc:"Muster does not watch who is present."`
	InvitePending bool     `json:"invitePending"`
	LoginEnabled  bool     `json:"loginEnabled"`
	Type          string   `json:"type" enum:"person"`
}

func spellPerson(u *muster.User) personOut {
	return personOut{
		ID: personID(u.ID), Emails: []string{u.Email}, DisplayName: u.DisplayName, FirstName: u.FirstName, LastName: u.LastName, OrgID: hydra(organizationURI, u.Account),
		Created: stamp(u.CreatedAt), LastModified: stamp(u.UpdatedAt), Timezone: u.Timezone, Status: "unknown",
		InvitePending: u.Status == muster.UserPending, LoginEnabled: u.Status == muster.UserActive, Type: "person",
	}
}

// stamp spells a time as people have it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (a *API) listPeople() op.Operation {
	return op.Handle(op.Spec{
		ID: "listPeople", Group: people, Title: "List people", Method: "GET", Path: "/people", Scopes: readPeople, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.AccountNotFound, muster.PageTokenInvalid),
	}, a.people)
}

type peopleIn struct {
	Email         wire.Email  `query:"email" json:"-" max:"128"`
	DisplayName   wire.String `query:"displayName" json:"-" max:"128" doc:"How the display name begins; A to Z and a to z are alike."`
	ID            wire.List   `query:"id" json:"-" max:"85" doc:"Ids with commas between."`
	Org           wire.String `query:"orgId" json:"-" max:"128" doc:"The account of the token; there is no other."`
	Roles         wire.String `query:"roles" json:"-" doc:"Refused: Muster has no roles here."`
	Location      wire.String `query:"locationId" json:"-" doc:"Refused: Muster has no locations."`
	CallingData   wire.Bool   `query:"callingData" json:"-" doc:"Without effect: there is none."`
	ExcludeStatus wire.Bool   `query:"excludeStatus" json:"-"`
	Max           wire.Int    `query:"max" json:"-" min:"1" max:"1000" doc:"Items in a page, 100 unless given."`
	Cursor        wire.String `query:"cursor" json:"-" max:"8192" ours:"true" doc:"Where the page begins, as the Link header of the page before has it."`
}

// Validate refuses filters by what Muster does not have: to pass over them
// would answer people who do not match.
func (in *peopleIn) Validate() error {
	switch {
	case in.Roles != "":
		return op.Invalid("roles", "must be left out: Muster has no roles here")
	case in.Location != "":
		return op.Invalid("locationId", "must be left out: Muster has no locations")
	}
	return nil
}

const defaultPeople = 100

func (in *peopleIn) paging() paging {
	p := paging{Max: in.Max, Cursor: in.Cursor}
	if p.Max == 0 {
		p.Max = defaultPeople
	}
	return p
}

type peopleOut struct {
	Items       []personOut `json:"items"`
	NotFoundIDs []string    `json:"notFoundIds,omitempty"`
	header      http.Header
}

// Header implements op.Headed.
func (o *peopleOut) Header() http.Header { return o.header }

func (a *API) people(ctx context.Context, in *peopleIn) (*peopleOut, error) {
	by := actor(ctx)
	if in.Org != "" && unhydra(organizationURI, string(in.Org)) != by.Account {
		return nil, muster.Errorf(muster.AccountNotFound, string(in.Org), "The organization does not exist: %.100s.", in.Org)
	}
	asked := map[string]string{} // the ids as they were asked for, by Muster's own
	f := app.UserFilter{Email: string(in.Email), Name: string(in.DisplayName)}
	for _, id := range in.ID {
		asked[userID(id)] = id
		f.IDs = append(f.IDs, userID(id))
	}
	p := in.paging()
	list, missing, err := a.App.People(ctx, by, f, p.page())
	if err != nil {
		return nil, err
	}
	for i := range missing {
		missing[i] = asked[missing[i]]
	}
	out := &peopleOut{Items: make([]personOut, len(list.Items)), NotFoundIDs: missing, header: a.links(requestOf(ctx).url, p, list.Next)}
	for i := range list.Items {
		out.Items[i] = spellPerson(&list.Items[i])
		if in.ExcludeStatus || len(in.ID) > 0 {
			out.Items[i].Status = ""
		}
	}
	return out, nil
}

func (a *API) getMyOwnDetails() op.Operation {
	return op.Handle(op.Spec{
		ID: "getMyOwnDetails", Group: people, Title: "Get my own details", Method: "GET", Path: "/people/me", Scopes: readPeople, Rate: op.Light, Success: 200,
	}, a.me)
}

type meIn struct {
	CallingData wire.Bool `query:"callingData" json:"-" doc:"Without effect: there is none."`
}

func (a *API) me(ctx context.Context, _ *meIn) (*personOut, error) {
	return a.personNamed(ctx, app.Me)
}

func (a *API) getPersonDetails() op.Operation {
	return op.Handle(op.Spec{
		ID: "getPersonDetails", Group: people, Title: "Get person details", Method: "GET", Path: "/people/{personId}",
		Scopes: readPeople, Rate: op.Light, Success: 200, Refuses: refuses(muster.Invalid, muster.UserNotFound),
	}, a.person)
}

type personIn struct {
	ID wire.String `path:"personId" json:"-" max:"256"`
	meIn
}

func (a *API) person(ctx context.Context, in *personIn) (*personOut, error) {
	if strings.Contains(string(in.ID), "@") { // GET /people?email= finds these
		return nil, muster.Errorf(muster.UserNotFound, string(in.ID), "User does not exist: %.100s.", in.ID)
	}
	return a.personNamed(ctx, userID(string(in.ID)))
}

func (a *API) personNamed(ctx context.Context, ref string) (*personOut, error) {
	u, err := a.App.User(ctx, actor(ctx), ref)
	if err != nil {
		return nil, err
	}
	out := spellPerson(&u.User)
	return &out, nil
}
