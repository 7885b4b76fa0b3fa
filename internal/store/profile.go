package store

import (
	"encoding/json"
	"fmt"

	"muster/internal/muster"
)

// profileDoc is the format of the column profile: a field of the domain may
// be renamed, these may not.
type profileDoc struct {
	Company        string         `json:"company,omitempty"`
	Dept           string         `json:"dept,omitempty"`
	JobTitle       string         `json:"job_title,omitempty"`
	CostCenter     string         `json:"cost_center,omitempty"`
	Location       string         `json:"location,omitempty"`
	Manager        string         `json:"manager,omitempty"`
	Language       string         `json:"language,omitempty"`
	Pronouns       string         `json:"pronouns,omitempty"`
	PronounsOption int            `json:"pronouns_option,omitempty"`
	AboutMe        string         `json:"about_me,omitempty"`
	LinkedIn       string         `json:"linkedin_url,omitempty"`
	HostKey        string         `json:"host_key,omitempty"`
	CMSUser        string         `json:"cms_user_id,omitempty"`
	UsePMI         bool           `json:"use_pmi,omitempty"`
	Phones         []phoneDoc     `json:"phone_numbers,omitempty"`
	Attributes     []attributeDoc `json:"custom_attributes,omitempty"`
}

type phoneDoc struct {
	Country string `json:"country,omitempty"`
	Code    string `json:"code,omitempty"`
	Number  string `json:"number"`
	Label   string `json:"label,omitempty"`
}

type attributeDoc struct {
	Key   string `json:"key"`
	Name  string `json:"name,omitempty"`
	Value string `json:"value"`
}

// Profile reads the profile of u.
func Profile(u *muster.User) (p muster.Profile, err error) {
	if len(u.Profile) == 0 || string(u.Profile) == "{}" {
		return p, nil
	}
	var d profileDoc
	if err := json.Unmarshal(u.Profile, &d); err != nil {
		return p, fmt.Errorf("store: profile of user %s: %w", u.ID, err)
	}
	p = muster.Profile{
		Company: d.Company, Dept: d.Dept, JobTitle: d.JobTitle, CostCenter: d.CostCenter, Location: d.Location, Manager: d.Manager,
		Language: d.Language, Pronouns: d.Pronouns, PronounsOption: d.PronounsOption, AboutMe: d.AboutMe, LinkedIn: d.LinkedIn,
		HostKey: d.HostKey, CMSUser: d.CMSUser, UsePMI: d.UsePMI,
	}
	for _, t := range d.Phones {
		p.Phones = append(p.Phones, muster.Phone(t))
	}
	for _, t := range d.Attributes {
		p.Attributes = append(p.Attributes, muster.Attribute(t))
	}
	return p, nil
}

// SetProfile writes p into u.
func SetProfile(u *muster.User, p *muster.Profile) (err error) {
	d := profileDoc{
		Company: p.Company, Dept: p.Dept, JobTitle: p.JobTitle, CostCenter: p.CostCenter, Location: p.Location, Manager: p.Manager,
		Language: p.Language, Pronouns: p.Pronouns, PronounsOption: p.PronounsOption, AboutMe: p.AboutMe, LinkedIn: p.LinkedIn,
		HostKey: p.HostKey, CMSUser: p.CMSUser, UsePMI: p.UsePMI,
	}
	for _, t := range p.Phones {
		d.Phones = append(d.Phones, phoneDoc(t))
	}
	for _, t := range p.Attributes {
		d.Attributes = append(d.Attributes, attributeDoc(t))
	}
	if u.Profile, err = json.Marshal(d); err != nil {
		return fmt.Errorf("store: profile of user %s: %w", u.ID, err)
	}
	return nil
}
