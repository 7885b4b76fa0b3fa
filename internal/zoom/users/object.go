package users

import (
	"context"
	"slices"
	"strconv"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) users() op.Operation {
	return op.Handle(op.Spec{
		ID: "users", Group: group, Title: "List users", Method: "GET", Path: "/users",
		Scopes: readScopes("user:read:list_users"), Rate: op.Medium, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.PageTokenInvalid, muster.Forbidden),
	}, a.list)
}

type listIn struct {
	Status  wire.String `query:"status" json:"-" enum:"active|inactive|pending" doc:"active unless given."`
	Role    wire.String `query:"role_id" json:"-" max:"64"`
	Group   wire.String `query:"group_id" json:"-" ours:"true" max:"64" doc:"Only users who are in the group."`
	Include wire.List   `query:"include_fields" json:"-" enum:"custom_attributes|host_key" doc:"What is answered besides."`
	License wire.String `query:"license" json:"-" enum:"zoom_workforce_management|zoom_compliance_management|zoom_compliance_manager_for_contact_center" doc:"Nobody has any of these licences: the list is empty."`
	zoom.Paging
}

type listOut struct {
	zoom.Paged
	Users []userRow `json:"users"`
}

// A userRow is what a list and a single answer have in common.
type userRow struct {
	ID            string         `json:"id"`
	FirstName     string         `json:"first_name"`
	LastName      string         `json:"last_name"`
	DisplayName   string         `json:"display_name"`
	Email         string         `json:"email"`
	Type          int64          `json:"type"`
	PMI           int64          `json:"pmi"`
	Timezone      string         `json:"timezone"`
	Verified      int64          `json:"verified"`
	Dept          string         `json:"dept"`
	CreatedAt     string         `json:"created_at" format:"date-time"`
	UserCreatedAt string         `json:"user_created_at" format:"date-time"`
	Language      string         `json:"language"`
	Status        string         `json:"status"`
	RoleID        string         `json:"role_id"`
	GroupIDs      []string       `json:"group_ids"`
	IMGroupIDs    []string       `json:"im_group_ids"`
	Attributes    []attributeRow `json:"custom_attributes,omitempty"`
	HostKey       string         `json:"host_key,omitempty"`
}

type attributeRow struct {
	Key   wire.String `json:"key" rule:"required" max:"255"`
	Name  wire.String `json:"name" max:"255"`
	Value wire.String `json:"value" max:"255"`
}

func row(u *app.UserView) userRow {
	r := userRow{
		ID: u.ID, FirstName: u.FirstName, LastName: u.LastName, DisplayName: u.DisplayName, Email: u.Email, Type: int64(u.Type), PMI: u.PMI,
		Timezone: u.Timezone, CreatedAt: zoom.Time(u.CreatedAt), UserCreatedAt: zoom.Time(u.CreatedAt), Language: "en-US",
		Status: string(u.Status), RoleID: string(u.Role), Dept: u.Profile.Dept, GroupIDs: u.Groups, IMGroupIDs: append([]string{}, u.IMGroups...),
		HostKey: u.Profile.HostKey,
	}
	if u.Profile.Language != "" {
		r.Language = u.Profile.Language
	}
	if r.GroupIDs == nil {
		r.GroupIDs = []string{}
	}
	for _, t := range u.Profile.Attributes {
		r.Attributes = append(r.Attributes, attributeRow{wire.String(t.Key), wire.String(t.Name), wire.String(t.Value)})
	}
	return r
}

func (a *API) list(ctx context.Context, in *listIn) (*listOut, error) {
	f := app.UserFilter{Status: muster.UserActive, Role: muster.Role(in.Role), Group: string(in.Group)}
	if in.Status != "" {
		f.Status = muster.UserStatus(in.Status)
	}
	page := in.Page()
	list, err := a.App.Users(ctx, zoom.Actor(ctx), f, string(in.License), page)
	if err != nil {
		return nil, err
	}
	out := &listOut{Paged: zoom.Envelope(page, list.Total, list.Next), Users: make([]userRow, len(list.Items))}
	for i := range list.Items {
		r := row(&list.Items[i])
		if !slices.Contains(in.Include, "custom_attributes") {
			r.Attributes = nil
		}
		if !slices.Contains(in.Include, "host_key") {
			r.HostKey = ""
		}
		out.Users[i] = r
	}
	return out, nil
}

func (a *API) user() op.Operation {
	return op.Handle(op.Spec{
		ID: "user", Group: group, Title: "Get a user", Method: "GET", Path: "/users/{userId}",
		Scopes: append(readScopes("user:read:user"), "user_info:read"), Rate: op.Light, Success: 200,
		Refuses: zoom.Refuses(muster.Invalid, muster.UserNotFound, muster.WrongAccount),
	}, a.get)
}

// userPath is the user in a path.
type userPath struct {
	User wire.String `path:"userId" json:"-" max:"128" doc:"Id, email or me, the caller's own user."`
}

type getOut struct {
	userRow
	RoleName           string     `json:"role_name"`
	AccountID          string     `json:"account_id"`
	PersonalMeetingURL string     `json:"personal_meeting_url"`
	UsePMI             bool       `json:"use_pmi"`
	JobTitle           string     `json:"job_title"`
	Location           string     `json:"location"`
	Company            string     `json:"company"`
	CostCenter         string     `json:"cost_center"`
	Manager            string     `json:"manager"`
	Pronouns           string     `json:"pronouns"`
	PronounsOption     int64      `json:"pronouns_option,omitzero"`
	CMSUserID          string     `json:"cms_user_id,omitempty"`
	Picture            string     `json:"pic_url,omitempty" doc:"Where the picture is served, to whoever has this link."`
	PhoneNumber        string     `json:"phone_number"`
	PhoneCountry       string     `json:"phone_country"`
	PhoneNumbers       []phoneOut `json:"phone_numbers"`
}

type phoneOut struct {
	Code     string `json:"code"`
	Country  string `json:"country"`
	Label    string `json:"label"`
	Number   string `json:"number"`
	Verified bool   `json:"verified"`
}

func (a *API) get(ctx context.Context, in *userPath) (*getOut, error) {
	u, err := a.App.User(ctx, zoom.Actor(ctx), string(in.User))
	if err != nil {
		return nil, err
	}
	p := &u.Profile
	out := &getOut{
		userRow: row(u), RoleName: u.RoleName, AccountID: u.Account,
		PersonalMeetingURL: a.Base + "/j/" + strconv.FormatInt(u.PMI, 10), UsePMI: p.UsePMI, JobTitle: p.JobTitle, Location: p.Location,
		Company: p.Company, CostCenter: p.CostCenter, Manager: p.Manager, Pronouns: p.Pronouns, PronounsOption: int64(p.PronounsOption),
		CMSUserID: p.CMSUser, PhoneNumbers: []phoneOut{},
	}
	if u.Picture != "" {
		out.Picture = zoom.FileURL(a.Base, u.Picture)
	}
	for i, t := range p.Phones {
		if i == 0 {
			out.PhoneNumber, out.PhoneCountry = t.Number, t.Country
		}
		out.PhoneNumbers = append(out.PhoneNumbers, phoneOut{Code: t.Code, Country: t.Country, Label: t.Label, Number: t.Number})
	}
	return out, nil
}
