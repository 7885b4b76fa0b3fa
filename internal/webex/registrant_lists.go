package webex

import (
	"context"
	"net/http"
	"slices"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

func (a *API) listMeetingRegistrants() op.Operation {
	return op.Handle(op.Spec{
		ID: "listMeetingRegistrants", Group: registrants, Title: "List meeting registrants", Method: "GET", Path: "/meetings/{meetingId}/registrants",
		Scopes: readMeetings, Rate: op.Medium, Success: 200,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.RegistrationOff, muster.PageTokenInvalid})...),
	}, a.listRegistrants)
}

type listRegistrantsIn struct {
	series
	paging
	Email     wire.Email  `query:"email" json:"-" max:"128" doc:"Only who registered with it."`
	Status    wire.String `query:"status" json:"-" enum:"approved|pending|rejected" ours:"true" doc:"Only who stands so."`
	From      wire.String `query:"registrationTimeFrom" json:"-" max:"64" doc:"Registered then or later; 7 days before registrationTimeTo where only that is given. Without an offset it is in the meeting's zone, a date alone is midnight."`
	To        wire.String `query:"registrationTimeTo" json:"-" max:"64" doc:"Registered before; at most 90 days after registrationTimeFrom, 7 where only that is given."`
	OrderBy   wire.String `query:"orderBy" json:"-" enum:"registrationTime|firstName|lastName|status|email" ours:"true" doc:"registrationTime unless given."`
	OrderType wire.String `query:"orderType" json:"-" enum:"DESC|ASC" fold:"true" ours:"true" doc:"DESC unless given."`
}

// A registrantPage is a page of registrants with its Link header.
type registrantPage struct {
	Items  []registrantOut `json:"items"`
	header http.Header
}

// Header implements op.Headed.
func (p *registrantPage) Header() http.Header { return p.header }

// orders are this API's names of what lists can be sorted by and ours.
var orders = map[wire.String]app.OrderBy{
	"": app.ByRegistration, "registrationTime": app.ByRegistration, "firstName": app.ByFirstName, "lastName": app.ByLastName,
	"status": app.ByStatus, "email": app.ByEmail,
}

// orderOf returns the order of a list; the last come first unless said
// otherwise. [semantics 8.3]
func orderOf(by, direction wire.String) app.RegistrantOrder {
	return app.RegistrantOrder{By: orders[by], Descending: direction != "ASC" && direction != "asc"}
}

func (a *API) listRegistrants(ctx context.Context, in *listRegistrantsIn) (*registrantPage, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	f := app.RegistrantFilter{Statuses: statuses(string(in.Status)), Email: string(in.Email)}
	window := app.Window{From: string(in.From), To: string(in.To)}
	m, list, err := a.App.RegistrantsInOrder(ctx, actor(ctx), ref, f, window, orderOf(in.OrderBy, in.OrderType), in.page())
	if err != nil {
		return nil, err
	}
	return a.registrantPage(ctx, in.paging, m, list), nil
}

func (a *API) registrantPage(ctx context.Context, p paging, m *muster.Meeting, list app.Listed[muster.Registrant]) *registrantPage {
	return &registrantPage{Items: spellRegistrants(m, list.Items), header: a.links(requestOf(ctx).url, p, list.Next)}
}

func (a *API) queryMeetingRegistrants() op.Operation {
	return op.Handle(op.Spec{
		ID: "queryMeetingRegistrants", Group: registrants, Title: "Query meeting registrants", Method: "POST",
		Path: "/meetings/{meetingId}/registrants/query", Scopes: readMeetings, Rate: op.Medium, Success: 200,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.RegistrationOff, muster.PageTokenInvalid})...),
	}, a.queryRegistrants)
}

type queryRegistrantsIn struct {
	series
	paging
	Emails    []wire.Email `json:"emails" rule:"required" max:"100"`
	Status    wire.String  `json:"status" enum:"approved|pending|rejected"`
	OrderBy   wire.String  `json:"orderBy" enum:"registrationTime|firstName|lastName|status|email" doc:"registrationTime unless given."`
	OrderType wire.String  `json:"orderType" enum:"DESC|ASC" fold:"true" doc:"DESC unless given."`
}

func (a *API) queryRegistrants(ctx context.Context, in *queryRegistrantsIn) (*registrantPage, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	emails := make([]string, len(in.Emails))
	for i, e := range in.Emails {
		emails[i] = string(e)
	}
	f := app.RegistrantFilter{Statuses: statuses(string(in.Status))}
	m, list, err := a.App.RegistrantsByEmail(ctx, actor(ctx), ref, emails, f, orderOf(in.OrderBy, in.OrderType), in.page())
	if err != nil {
		return nil, err
	}
	return a.registrantPage(ctx, in.paging, m, list), nil
}

func (a *API) getRegistrant() op.Operation {
	return op.Handle(op.Spec{
		ID: "getRegistrant", Group: registrants, Title: "Get a meeting registrant", Method: "GET",
		Path: "/meetings/{meetingId}/registrants/{registrantId}", Scopes: readMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(slices.Concat(refusesAlways, []muster.Code{muster.RegistrationOff, muster.RegistrantNotFound})...),
	}, a.oneRegistrant)
}

// registrantIn is one registrant of a meeting.
type registrantIn struct {
	series
	Registrant wire.String `path:"registrantId" json:"-" max:"128"`
}

func (a *API) oneRegistrant(ctx context.Context, in *registrantIn) (*registrantOut, error) {
	ref, err := in.ref(actor(ctx))
	if err != nil {
		return nil, err
	}
	m, r, err := a.App.Registrant(ctx, actor(ctx), ref, string(in.Registrant), 0)
	if err != nil {
		return nil, err
	}
	out := spellRegistrant(m, r)
	return &out, nil
}
