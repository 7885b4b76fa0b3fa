package webex

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
)

const invitees = "Meetings: Invitees"

func (a *API) inviteeOperations() []op.Operation {
	return []op.Operation{
		a.listMeetingInvitees(), a.createMeetingInvitee(), a.createMeetingInvitees(), a.getMeetingInvitee(), a.updateMeetingInvitee(), a.deleteMeetingInvitee(),
	}
}

// inviteeIn is somebody to invite, alone, in a list or with a meeting.
type inviteeIn struct {
	Email       wire.Email  `json:"email" rule:"required" max:"128" format:"email"`
	DisplayName wire.String `json:"displayName" max:"128" doc:"The email unless given."`
	CoHost      wire.Bool   `json:"coHost" doc:"Kept, and gives no right in Muster."`
	SendEmail   wire.Bool   `json:"sendEmail" doc:"Taken and without effect: Muster sends no mail yet."`
	Panelist    wire.Bool   `json:"panelist" doc:"Must not be true: Muster has no webinars yet."`
}

// problems returns what is wrong with in beyond its tags, with the fields
// behind prefix.
func (in *inviteeIn) problems(prefix string) []op.Problem {
	if in.Panelist {
		return []op.Problem{{Field: prefix + "panelist", Rule: "must not be true: Muster has no webinars yet, and meetings have no panelists"}}
	}
	return nil
}

func (in *inviteeIn) value() muster.Invitee {
	return muster.Invitee{Email: string(in.Email), DisplayName: string(in.DisplayName), CoHost: bool(in.CoHost)}
}

type inviteeOut struct {
	ID          string `json:"id"`
	Email       string `json:"email"`
	DisplayName string `json:"displayName"`
	CoHost      bool   `json:"coHost"`
	Panelist    bool   `json:"panelist" doc:"Always false: Muster has no webinars yet."`
	MeetingID   string `json:"meetingId"`
}

type inviteesOut struct {
	Items []inviteeOut `json:"items"`
}

// An inviteePage is a part of a list.
type inviteePage struct {
	inviteesOut
	header http.Header
}

// Header implements op.Headed.
func (o *inviteePage) Header() http.Header { return o.header }

func spellInvitee(m *muster.Meeting, v *muster.Invitee) inviteeOut {
	id := seriesID(m)
	return inviteeOut{
		ID: id + "_" + strconv.FormatInt(v.Number, 10), Email: v.Email, DisplayName: v.DisplayName, CoHost: v.CoHost, MeetingID: id,
	}
}

func spellInvitees(m *muster.Meeting, list []muster.Invitee) []inviteeOut {
	out := make([]inviteeOut, len(list))
	for i := range list {
		out[i] = spellInvitee(m, &list[i])
	}
	return out
}

// inviteePath is the part of a call that names somebody who is invited.
type inviteePath struct {
	ID wire.String `path:"meetingInviteeId" json:"-"`
}

var inviteeShape = regexp.MustCompile(`^([0-9a-f]{32})_(\d{1,18})$`)

// ref returns whom the path names. The host is heeded for admins only.
func (p *inviteePath) ref(by muster.Actor, host wire.Email) (app.InviteeRef, error) {
	ref := app.InviteeRef{ID: string(p.ID)}
	parts := inviteeShape.FindStringSubmatch(ref.ID)
	if parts == nil {
		return ref, muster.NoSuchInvitee(ref.ID)
	}
	id, ok := anyMeeting(parts[1])
	number, err := strconv.ParseInt(parts[2], 10, 64)
	if !ok || err != nil {
		return ref, muster.NoSuchInvitee(ref.ID)
	}
	ref.MeetingRef, ref.Number = id.series, number
	if by.Admin {
		ref.Host = string(host)
	}
	return ref, nil
}

// invitingTo returns the meeting of an id, which must be a series id, for
// calls on its invitees. The host is heeded for admins only. [semantics 8.1]
func invitingTo(by muster.Actor, text wire.String, host wire.Email) (app.MeetingRef, error) {
	id, ok := anyMeeting(string(text))
	switch {
	case !ok:
		return id.series, noMeeting(text)
	case id.occurrence != 0 || id.instance:
		return id.series, muster.InvalidField("meetingId", "must be the id of a meeting series: in Muster people are invited to a series as a whole")
	}
	if by.Admin {
		id.series.Host = string(host)
	}
	return id.series, nil
}

// asIn gives the fields that a refusal names the names that they have in the
// request: the domain knows a list of invitees.
func asIn(err error, domain, request string) error {
	e, ok := errors.AsType[*muster.Error](err)
	if !ok {
		return err
	}
	told := *e
	told.Problems = slices.Clone(e.Problems)
	for i, p := range told.Problems {
		told.Problems[i].Field = strings.Replace(p.Field, domain, request, 1)
	}
	return &told
}

func (a *API) listMeetingInvitees() op.Operation {
	return op.Handle(op.Spec{
		ID: "listMeetingInvitees", Group: invitees, Title: "List meeting invitees", Method: "GET", Path: "/meetingInvitees",
		Scopes: readMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.MeetingNotFound, muster.PageTokenInvalid),
	}, a.invitees)
}

type inviteeListIn struct {
	Meeting   wire.String              `query:"meetingId" json:"-" rule:"required" doc:"Id of the meeting series."`
	HostEmail wire.Email               `query:"hostEmail" json:"-" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	Panelist  wire.Optional[wire.Bool] `query:"panelist" json:"-" doc:"For webinars, which Muster does not have yet: true finds nobody."`
	paging
}

func (a *API) invitees(ctx context.Context, in *inviteeListIn) (*inviteePage, error) {
	ref, err := invitingTo(actor(ctx), in.Meeting, in.HostEmail)
	if err != nil {
		return nil, err
	}
	m, list, err := a.App.Invitees(ctx, actor(ctx), ref, in.page())
	if err != nil {
		return nil, err
	}
	if in.Panelist.Value {
		return &inviteePage{inviteesOut: inviteesOut{[]inviteeOut{}}}, nil
	}
	return &inviteePage{inviteesOut{spellInvitees(m, list.Items)}, a.links(requestOf(ctx).url, in.paging, list.Next)}, nil
}

func (a *API) createMeetingInvitee() op.Operation {
	return op.Handle(op.Spec{
		ID: "createMeetingInvitee", Group: invitees, Title: "Create a meeting invitee", Method: "POST", Path: "/meetingInvitees",
		Scopes: writeMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.MeetingNotFound, muster.NotHost, muster.InviteeExists, muster.Full),
	}, a.inviteOne)
}

type inviteOneIn struct {
	Meeting   wire.String `json:"meetingId" rule:"required" doc:"Id of the meeting series."`
	HostEmail wire.Email  `json:"hostEmail" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	inviteeIn
}

// Excuse adds what tags cannot say.
func (in *inviteOneIn) Excuse(problems []op.Problem) []op.Problem {
	return append(problems, in.problems("")...)
}

func (a *API) inviteOne(ctx context.Context, in *inviteOneIn) (*inviteeOut, error) {
	ref, err := invitingTo(actor(ctx), in.Meeting, in.HostEmail)
	if err != nil {
		return nil, err
	}
	m, added, err := a.App.AddInvitees(ctx, actor(ctx), ref, []muster.Invitee{in.value()})
	if err != nil {
		return nil, asIn(err, "invitees[0].", "")
	}
	out := spellInvitee(m, &added[0])
	return &out, nil
}

func (a *API) createMeetingInvitees() op.Operation {
	return op.Handle(op.Spec{
		ID: "createMeetingInvitees", Group: invitees, Title: "Create meeting invitees", Method: "POST", Path: "/meetingInvitees/bulkInsert",
		Scopes: writeMeetings, Rate: op.Heavy, Success: 200,
		Refuses: refuses(muster.Invalid, muster.MeetingNotFound, muster.NotHost, muster.InviteeExists, muster.Full),
	}, a.inviteMany)
}

type inviteManyIn struct {
	Meeting   wire.String           `json:"meetingId" rule:"required" doc:"Id of the meeting series."`
	HostEmail wire.Email            `json:"hostEmail" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	Items     []wire.Row[inviteeIn] `json:"items" rule:"required" max:"100"`
}

// Excuse adds what tags cannot say.
func (in *inviteManyIn) Excuse(problems []op.Problem) []op.Problem {
	for i := range in.Items {
		problems = append(problems, in.Items[i].Value.problems(itemAt(i, ""))...)
	}
	slices.SortStableFunc(problems, func(x, y op.Problem) int {
		i, _ := itemOf(x.Field) // what is about no row comes first
		j, _ := itemOf(y.Field)
		return i - j
	})
	return problems
}

func (a *API) inviteMany(ctx context.Context, in *inviteManyIn) (*inviteesOut, error) {
	ref, err := invitingTo(actor(ctx), in.Meeting, in.HostEmail)
	if err != nil {
		return nil, err
	}
	list := make([]muster.Invitee, len(in.Items))
	for i := range in.Items {
		list[i] = in.Items[i].Value.value()
	}
	m, added, err := a.App.AddInvitees(ctx, actor(ctx), ref, list)
	if err != nil {
		return nil, asIn(err, "invitees[", "items[")
	}
	return &inviteesOut{Items: spellInvitees(m, added)}, nil
}

func (a *API) getMeetingInvitee() op.Operation {
	return op.Handle(op.Spec{
		ID: "getMeetingInvitee", Group: invitees, Title: "Get a meeting invitee", Method: "GET", Path: "/meetingInvitees/{meetingInviteeId}",
		Scopes: readMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.MeetingNotFound, muster.InviteeNotFound),
	}, a.invitee)
}

type inviteeGetIn struct {
	inviteePath
	HostEmail wire.Email `query:"hostEmail" json:"-" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
}

func (a *API) invitee(ctx context.Context, in *inviteeGetIn) (*inviteeOut, error) {
	ref, err := in.ref(actor(ctx), in.HostEmail)
	if err != nil {
		return nil, err
	}
	m, v, err := a.App.Invitee(ctx, actor(ctx), ref)
	if err != nil {
		return nil, err
	}
	out := spellInvitee(m, v)
	return &out, nil
}

func (a *API) updateMeetingInvitee() op.Operation {
	return op.Handle(op.Spec{
		ID: "updateMeetingInvitee", Group: invitees, Title: "Update a meeting invitee", Method: "PUT", Path: "/meetingInvitees/{meetingInviteeId}",
		Scopes: writeMeetings, Rate: op.Light, Success: 200,
		Refuses: refuses(muster.Invalid, muster.MeetingNotFound, muster.NotHost, muster.InviteeNotFound, muster.InviteeExists),
	}, a.editInvitee)
}

// inviteePutIn replaces all that is said of somebody.
type inviteePutIn struct {
	inviteePath
	HostEmail wire.Email `json:"hostEmail" max:"128" doc:"The host of the meeting; for admins only, else ignored."`
	inviteeIn
}

// Excuse adds what tags cannot say.
func (in *inviteePutIn) Excuse(problems []op.Problem) []op.Problem {
	return append(problems, in.problems("")...)
}

func (a *API) editInvitee(ctx context.Context, in *inviteePutIn) (*inviteeOut, error) {
	ref, err := in.ref(actor(ctx), in.HostEmail)
	if err != nil {
		return nil, err
	}
	m, v, err := a.App.EditInvitee(ctx, actor(ctx), ref, in.value())
	if err != nil {
		return nil, asIn(err, "invitees[0].", "")
	}
	out := spellInvitee(m, v)
	return &out, nil
}

func (a *API) deleteMeetingInvitee() op.Operation {
	return op.Handle(op.Spec{
		ID: "deleteMeetingInvitee", Group: invitees, Title: "Delete a meeting invitee", Method: "DELETE", Path: "/meetingInvitees/{meetingInviteeId}",
		Scopes: writeMeetings, Rate: op.Light, Success: 204,
		Refuses: refuses(muster.Invalid, muster.MeetingNotFound, muster.NotHost, muster.InviteeNotFound),
	}, a.removeInvitee)
}

type inviteeDeleteIn struct {
	inviteeGetIn
	SendEmail wire.Bool `query:"sendEmail" json:"-" doc:"Taken and without effect: Muster sends no mail yet."`
}

func (a *API) removeInvitee(ctx context.Context, in *inviteeDeleteIn) (*op.None, error) {
	ref, err := in.ref(actor(ctx), in.HostEmail)
	if err != nil {
		return nil, err
	}
	return &op.None{}, a.App.RemoveInvitee(ctx, actor(ctx), ref)
}
