package webex

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"muster/internal/muster"
	"muster/internal/wire"
)

// formIn is a registration form as requests have it. First name, last name and
// email are always required, whatever is said of them. [semantics 8.2]
type formIn struct {
	AutoAcceptRequest    wire.Bool    `json:"autoAcceptRequest"`
	RequireFirstName     wire.Bool    `json:"requireFirstName" doc:"Always true, whatever is sent."`
	RequireLastName      wire.Bool    `json:"requireLastName" doc:"Always true, whatever is sent."`
	RequireEmail         wire.Bool    `json:"requireEmail" doc:"Always true, whatever is sent."`
	RequireJobTitle      wire.Bool    `json:"requireJobTitle"`
	RequireCompanyName   wire.Bool    `json:"requireCompanyName"`
	RequireAddress1      wire.Bool    `json:"requireAddress1"`
	RequireAddress2      wire.Bool    `json:"requireAddress2"`
	RequireCity          wire.Bool    `json:"requireCity"`
	RequireState         wire.Bool    `json:"requireState"`
	RequireZipCode       wire.Bool    `json:"requireZipCode"`
	RequireCountryRegion wire.Bool    `json:"requireCountryRegion"`
	RequireWorkPhone     wire.Bool    `json:"requireWorkPhone"`
	RequireFax           wire.Bool    `json:"requireFax"`
	MaxRegisterNum       wire.Int     `json:"maxRegisterNum" min:"1" max:"1000000" doc:"Places; as many as any meeting has unless given."`
	CustomizedQuestions  []questionIn `json:"customizedQuestions" max:"100"`
	Rules                []ruleIn     `json:"rules" max:"100" doc:"About standard fields; the lowest order is asked first, those of customized questions among them."`
}

type questionIn struct {
	Question  wire.String  `json:"question" rule:"required" max:"300"`
	Required  wire.Bool    `json:"required"`
	Type      wire.String  `json:"type" rule:"required" enum:"singleLineTextBox|multiLineTextBox|checkbox|dropdownList|radioButtons"`
	MaxLength wire.Int     `json:"maxLength" min:"0" max:"999"`
	Options   []optionIn   `json:"options" max:"200" schema:"RegistrationOption"`
	Rules     []answerRule `json:"rules" max:"100"`
}

// optionIn is an object with a value; a client in Go sends the value alone.
type optionIn struct {
	Value wire.String `json:"value" rule:"required" max:"300"`
}

// OptionSchema is the JSON Schema of an option in a request.
func OptionSchema() map[string]any {
	text := map[string]any{"type": "string", "minLength": 1, "maxLength": 300}
	return map[string]any{"anyOf": []any{
		map[string]any{"type": "object", "required": []string{"value"}, "properties": map[string]any{"value": text}}, text,
	}}
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (o *optionIn) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == '"' {
		return json.UnmarshalDecode(dec, &o.Value)
	}
	type object optionIn // without this method
	return json.UnmarshalDecode(dec, (*object)(o))
}

// answerRule is a rule inside a question, which it is about.
type answerRule struct {
	Condition wire.String `json:"condition" rule:"required" enum:"contains|notContains|beginsWith|endsWith|equals|notEquals"`
	Value     wire.String `json:"value" rule:"required" max:"1000"`
	Result    wire.String `json:"result" rule:"required" enum:"approve|reject"`
	MatchCase wire.Bool   `json:"matchCase"`
	Order     wire.Int    `json:"order" max:"1000000"`
}

type ruleIn struct {
	Question wire.String `json:"question" rule:"required" enum:"lastName|email|jobTitle|companyName|address1|address2|city|state|zipCode|countryRegion|workPhone|fax"`
	answerRule
}

// formOut is a registration form as answers have it.
type formOut struct {
	AutoAcceptRequest    bool          `json:"autoAcceptRequest"`
	RequireFirstName     bool          `json:"requireFirstName"`
	RequireLastName      bool          `json:"requireLastName"`
	RequireEmail         bool          `json:"requireEmail"`
	RequireJobTitle      bool          `json:"requireJobTitle"`
	RequireCompanyName   bool          `json:"requireCompanyName"`
	RequireAddress1      bool          `json:"requireAddress1"`
	RequireAddress2      bool          `json:"requireAddress2"`
	RequireCity          bool          `json:"requireCity"`
	RequireState         bool          `json:"requireState"`
	RequireZipCode       bool          `json:"requireZipCode"`
	RequireCountryRegion bool          `json:"requireCountryRegion"`
	RequireWorkPhone     bool          `json:"requireWorkPhone"`
	RequireFax           bool          `json:"requireFax"`
	MaxRegisterNum       int64         `json:"maxRegisterNum,omitzero"`
	CustomizedQuestions  []questionOut `json:"customizedQuestions,omitempty"`
	Rules                []ruleOut     `json:"rules,omitempty"`
}

type questionOut struct {
	ID        int64           `json:"id"`
	Question  string          `json:"question"`
	Required  bool            `json:"required"`
	Type      string          `json:"type"`
	MaxLength int64           `json:"maxLength,omitzero"`
	Options   []optionOfForm  `json:"options,omitempty"`
	Rules     []answerRuleOut `json:"rules,omitempty"`
}

type optionOfForm struct {
	ID    int64  `json:"id"`
	Value string `json:"value"`
}

type answerRuleOut struct {
	Condition string `json:"condition"`
	Value     string `json:"value"`
	Result    string `json:"result"`
	MatchCase bool   `json:"matchCase"`
	Order     int64  `json:"order"`
}

type ruleOut struct {
	Question string `json:"question"`
	answerRuleOut
}

// standardFields are this API's names of standard fields and ours.
var standardFields = []struct{ theirs, ours string }{
	{"lastName", "last_name"},
	{"email", "email"},
	{"jobTitle", "job_title"},
	{"companyName", "org"},
	{"address1", "address"},
	{"address2", "address2"},
	{"city", "city"},
	{"state", "state"},
	{"zipCode", "zip"},
	{"countryRegion", "country"},
	{"workPhone", "phone"},
	{"fax", "fax"},
}

func ours(theirs string) string {
	for _, f := range standardFields {
		if f.theirs == theirs {
			return f.ours
		}
	}
	return ""
}

func theirs(ours string) string {
	for _, f := range standardFields {
		if f.ours == ours {
			return f.theirs
		}
	}
	return ""
}

// questionTypes are this API's types of questions and ours, the first of
// several being the one that is stored.
var questionTypes = []struct{ theirs, ours string }{
	{"singleLineTextBox", "short"},
	{"multiLineTextBox", "long"},
	{"checkbox", "multiple"},
	{"dropdownList", "single_dropdown"},
	{"radioButtons", "single_radio"},
	{"radioButtons", "single"},
}

func ourType(theirs string) string {
	for _, t := range questionTypes {
		if t.theirs == theirs {
			return t.ours
		}
	}
	return ""
}

func theirType(ours string) string {
	for _, t := range questionTypes {
		if t.ours == ours {
			return t.theirs
		}
	}
	return ""
}

// value returns f in the domain's terms.
func (f *formIn) value() muster.Form {
	v := muster.Form{
		AutoAccept: bool(f.AutoAcceptRequest), MaxRegistrants: int64(f.MaxRegisterNum),
		Required: map[string]bool{
			"last_name": true, "job_title": bool(f.RequireJobTitle), "org": bool(f.RequireCompanyName), "address": bool(f.RequireAddress1),
			"address2": bool(f.RequireAddress2), "city": bool(f.RequireCity), "state": bool(f.RequireState), "zip": bool(f.RequireZipCode),
			"country": bool(f.RequireCountryRegion), "phone": bool(f.RequireWorkPhone), "fax": bool(f.RequireFax),
		},
	}
	for i := range f.CustomizedQuestions {
		q := &f.CustomizedQuestions[i]
		c := muster.CustomQuestion{Title: string(q.Question), Type: ourType(string(q.Type)), Required: bool(q.Required), MaxLength: int(q.MaxLength)}
		for _, o := range q.Options {
			c.Answers = append(c.Answers, string(o.Value))
		}
		for _, r := range q.Rules {
			c.Rules = append(c.Rules, r.value(""))
		}
		v.Custom = append(v.Custom, c)
	}
	for _, r := range f.Rules {
		v.Rules = append(v.Rules, r.value(ours(string(r.Question))))
	}
	return v
}

func (r answerRule) value(field string) muster.Rule {
	result := muster.Deny
	if r.Result == "approve" {
		result = muster.Approve
	}
	return muster.Rule{
		Field: field, Condition: muster.Condition(r.Condition), Value: string(r.Value), Result: result, MatchCase: bool(r.MatchCase), Order: int(r.Order),
	}
}

// spellForm spells the registration form of m.
func spellForm(m *muster.Meeting) *formOut {
	q := &m.Questions
	required := map[string]bool{}
	for _, s := range q.Standard {
		required[s.Field] = s.Required
	}
	out := &formOut{
		AutoAcceptRequest: m.Approval == muster.ApproveAutomatically, RequireFirstName: true, RequireLastName: true, RequireEmail: true,
		RequireJobTitle: required["job_title"], RequireCompanyName: required["org"], RequireAddress1: required["address"],
		RequireAddress2: required["address2"], RequireCity: required["city"], RequireState: required["state"], RequireZipCode: required["zip"],
		RequireCountryRegion: required["country"], RequireWorkPhone: required["phone"], RequireFax: required["fax"], MaxRegisterNum: q.MaxRegistrants,
	}
	for i := range q.Custom {
		c := &q.Custom[i]
		question := questionOut{ID: c.ID, Question: c.Title, Required: c.Required, Type: theirType(c.Type), MaxLength: int64(c.MaxLength)}
		for n, a := range c.Answers {
			question.Options = append(question.Options, optionOfForm{int64(n) + 1, a})
		}
		for _, r := range c.Rules {
			question.Rules = append(question.Rules, spellRule(r))
		}
		out.CustomizedQuestions = append(out.CustomizedQuestions, question)
	}
	for _, r := range q.Rules {
		out.Rules = append(out.Rules, ruleOut{theirs(r.Field), spellRule(r)})
	}
	return out
}

func spellRule(r muster.Rule) answerRuleOut {
	result := "reject"
	if r.Result == muster.Approve {
		result = "approve"
	}
	return answerRuleOut{string(r.Condition), r.Value, result, r.MatchCase, int64(r.Order)}
}
