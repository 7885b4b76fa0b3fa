package users

import (
	"context"

	"muster/internal/app"
	"muster/internal/muster"
	"muster/internal/op"
	"muster/internal/wire"
	"muster/internal/zoom"
)

func (a *API) userUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "userUpdate", Group: group, Title: "Update a user", Method: "PATCH", Path: "/users/{userId}",
		Scopes: writeScopes("user:update:user"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.UserTypeUnfit, muster.PaidHostNeeded, muster.UserNotFound, muster.WrongAccount),
	}, a.update)
}

type (
	optionalText = wire.Optional[wire.String]
	optionalInt  = wire.Optional[wire.Int]
)

type updateIn struct {
	userPath
	FirstName      optionalText                  `json:"first_name" max:"64"`
	LastName       optionalText                  `json:"last_name" max:"64"`
	DisplayName    optionalText                  `json:"display_name" max:"128" doc:"Made of the names where it is empty."`
	Type           optionalInt                   `json:"type" enum:"1|2|4|99" doc:"1 Basic, 2 Licensed, 4 unassigned, 99 none."`
	Timezone       optionalText                  `json:"timezone" max:"64"`
	PMI            optionalInt                   `json:"pmi" doc:"Ten digits, for Licensed users."`
	UsePMI         wire.Optional[wire.Bool]      `json:"use_pmi"`
	Company        optionalText                  `json:"company" max:"255"`
	Dept           optionalText                  `json:"dept" max:"255"`
	JobTitle       optionalText                  `json:"job_title" max:"128"`
	CostCenter     optionalText                  `json:"cost_center" max:"255"`
	Location       optionalText                  `json:"location" max:"256"`
	Manager        optionalText                  `json:"manager" max:"255"`
	Language       optionalText                  `json:"language" max:"35"`
	Pronouns       optionalText                  `json:"pronouns" max:"255"`
	PronounsOption optionalInt                   `json:"pronouns_option" enum:"1|2|3"`
	AboutMe        optionalText                  `json:"about_me" max:"150"`
	LinkedIn       optionalText                  `json:"linkedin_url" max:"255"`
	HostKey        optionalText                  `json:"host_key" max:"10"`
	CMSUserID      optionalText                  `json:"cms_user_id" max:"255"`
	PhoneCountry   optionalText                  `json:"phone_country" max:"16" doc:"Deprecated: use phone_numbers."`
	PhoneNumber    optionalText                  `json:"phone_number" max:"64" doc:"Deprecated: use phone_numbers."`
	PhoneNumbers   wire.Optional[[]phoneIn]      `json:"phone_numbers" max:"3" doc:"Replaces them all."`
	Attributes     wire.Optional[[]attributeRow] `json:"custom_attributes" max:"5" doc:"Replaces them all."`
	absentFeatures
}

type phoneIn struct {
	Code    wire.String `json:"code" max:"16"`
	Country wire.String `json:"country" max:"16"`
	Label   wire.String `json:"label" enum:"Mobile|Office|Home|Fax"`
	Number  wire.String `json:"number" rule:"required" max:"64"`
}

// absentFeatures are what the original can give a user and Muster has not:
// asking for one is refused.
type absentFeatures struct {
	GroupID     wire.String   `json:"group_id" max:"64"`
	VanityName  wire.String   `json:"vanity_name" max:"255"`
	ZoomOne     wire.Int      `json:"zoom_one_type"`
	PlanUnited  wire.String   `json:"plan_united_type" max:"64"`
	DivisionIDs wire.List     `json:"division_ids"`
	Feature     *phoneFeature `json:"feature"`
}

type phoneFeature struct {
	ZoomPhone wire.Bool `json:"zoom_phone"`
}

func (in *absentFeatures) Validate() error {
	var ps []muster.Problem
	for _, f := range []struct {
		name  string
		asked bool
		rule  string
	}{
		{"group_id", in.GroupID != "", "must be left out: it is for invited users, and nobody is invited; add members to the group instead"},
		{"vanity_name", in.VanityName != "", "must be left out: there are no personal link names"},
		{"zoom_one_type", in.ZoomOne != 0, "must be 0 or left out: there are no such plans"},
		{"plan_united_type", in.PlanUnited != "", "must be left out: there are no such plans"},
		{"division_ids", len(in.DivisionIDs) > 0, "must be left out: there are no divisions"},
		{"feature.zoom_phone", in.Feature != nil && bool(in.Feature.ZoomPhone), "must be false or left out: there are no telephones"},
	} {
		if f.asked {
			ps = append(ps, muster.Problem{Field: f.name, Rule: f.rule})
		}
	}
	return muster.InvalidFields(ps)
}

func text(o optionalText) *string {
	if !o.Set {
		return nil
	}
	s := string(o.Value)
	return &s
}

func (a *API) update(ctx context.Context, in *updateIn) (*op.None, error) {
	c := app.UserChange{
		FirstName: text(in.FirstName), LastName: text(in.LastName), DisplayName: text(in.DisplayName), Timezone: text(in.Timezone), Edit: in.edit,
	}
	if in.Type.Set {
		t := muster.UserType(in.Type.Value)
		c.Type = &t
	}
	if in.PMI.Set {
		n := int64(in.PMI.Value)
		c.PMI = &n
	}
	return &op.None{}, a.App.UpdateUser(ctx, zoom.Actor(ctx), string(in.User), c)
}

// edit sets what the body says of a profile.
func (in *updateIn) edit(p *muster.Profile) {
	for _, f := range []struct {
		to   *string
		from optionalText
	}{
		{&p.Company, in.Company},
		{&p.Dept, in.Dept},
		{&p.JobTitle, in.JobTitle},
		{&p.CostCenter, in.CostCenter},
		{&p.Location, in.Location},
		{&p.Manager, in.Manager},
		{&p.Language, in.Language},
		{&p.Pronouns, in.Pronouns},
		{&p.AboutMe, in.AboutMe},
		{&p.LinkedIn, in.LinkedIn},
		{&p.HostKey, in.HostKey},
		{&p.CMSUser, in.CMSUserID},
	} {
		if f.from.Set {
			*f.to = string(f.from.Value)
		}
	}
	if in.UsePMI.Set {
		p.UsePMI = bool(in.UsePMI.Value)
	}
	if in.PronounsOption.Set {
		p.PronounsOption = int(in.PronounsOption.Value)
	}
	if in.Attributes.Set {
		p.Attributes = nil
		for _, t := range in.Attributes.Value {
			p.Attributes = append(p.Attributes, muster.Attribute{Key: string(t.Key), Name: string(t.Name), Value: string(t.Value)})
		}
	}
	in.phones(p)
}

func (in *updateIn) phones(p *muster.Profile) {
	if in.PhoneNumbers.Set {
		p.Phones = nil
		for _, t := range in.PhoneNumbers.Value {
			p.Phones = append(p.Phones, muster.Phone{Country: string(t.Country), Code: string(t.Code), Number: string(t.Number), Label: string(t.Label)})
		}
		return
	}
	if !in.PhoneNumber.Set && !in.PhoneCountry.Set {
		return
	}
	if len(p.Phones) == 0 {
		p.Phones = []muster.Phone{{}}
	}
	first := &p.Phones[0]
	if in.PhoneNumber.Set {
		first.Number = string(in.PhoneNumber.Value)
	}
	if in.PhoneCountry.Set {
		first.Country = string(in.PhoneCountry.Value)
	}
	if first.Number == "" {
		p.Phones = p.Phones[1:]
	}
}

func (a *API) userEmailUpdate() op.Operation {
	return op.Handle(op.Spec{
		ID: "userEmailUpdate", Group: group, Title: "Update a user's email", Method: "PUT", Path: "/users/{userId}/email",
		Scopes: writeScopes("user:update:email"), Rate: op.Light, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AdministratorsEmail, muster.UserExists, muster.UserNotFound, muster.WrongAccount),
	}, a.updateEmail)
}

type emailIn struct {
	userPath
	Email wire.Email `json:"email" rule:"required" max:"128"`
}

func (a *API) updateEmail(ctx context.Context, in *emailIn) (*op.None, error) {
	return &op.None{}, a.App.SetUserEmail(ctx, zoom.Actor(ctx), string(in.User), string(in.Email))
}

func (a *API) userPassword() op.Operation {
	return op.Handle(op.Spec{
		ID: "userPassword", Group: group, Title: "Update a user's password", Method: "PUT", Path: "/users/{userId}/password",
		Scopes: writeScopes("user:update:password"), Rate: op.Medium, Success: 204,
		Refuses: zoom.Refuses(muster.Invalid, muster.Forbidden, muster.AdministratorKept, muster.PasswordNotKept, muster.PasswordTooShort, muster.PasswordNoLetter,
			muster.PasswordNoDigit, muster.PasswordNoSpecial, muster.PasswordOneCase, muster.PasswordRepeats, muster.PasswordSequence,
			muster.PasswordGuessable, muster.UserNotFound, muster.WrongAccount),
	}, a.updatePassword)
}

type passwordIn struct {
	userPath
	Password wire.String `json:"password" rule:"required" max:"32" doc:"Only a hash of it is kept; there is no signing in yet."`
}

func (a *API) updatePassword(ctx context.Context, in *passwordIn) (*op.None, error) {
	return &op.None{}, a.App.SetUserPassword(ctx, zoom.Actor(ctx), string(in.User), string(in.Password))
}
