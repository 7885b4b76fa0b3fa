package webex_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// wholeForm is a form with all that this API can say.
const wholeForm = `{"autoAcceptRequest":false,"requireJobTitle":true,"requireCompanyName":true,"requireAddress1":true,"requireAddress2":true,
	"requireCity":true,"requireState":true,"requireZipCode":true,"requireCountryRegion":true,"requireWorkPhone":true,"requireFax":true,"maxRegisterNum":9,
	"customizedQuestions":[
		{"question":"Line","required":true,"type":"singleLineTextBox","maxLength":10,"rules":[{"condition":"contains","value":"x","result":"reject","matchCase":true,"order":4}]},
		{"question":"Lines","type":"multiLineTextBox","maxLength":999},
		{"question":"Some","type":"checkbox","options":[{"value":"a"},{"value":"b, c"}],"rules":[{"condition":"notEquals","value":"a","result":"approve","order":2}]},
		{"question":"List","required":true,"type":"dropdownList","options":[{"value":"a"}]},
		{"question":"Buttons","type":"radioButtons","options":[{"value":"a"},{"value":"b"}]}],
	"rules":[{"question":"lastName","condition":"beginsWith","value":"L","result":"approve","matchCase":true,"order":3},
		{"question":"fax","condition":"endsWith","value":"0","result":"reject","order":1}]}`

// form returns the registration form as each dialect tells it.
func (r *room) form() (zoom, webex map[string]any) {
	r.t.Helper()
	return r.Must(200, "GET", r.zoom+"/registrants/questions", ""), r.Must(200, "GET", r.webex+"/registration", "")
}

// same fails unless got is the JSON of want.
func same(t *testing.T, what string, got any, want string) {
	t.Helper()
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var g, w any
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("%s\n got %s\nwant %s", what, b, want)
	}
}

// TestFormIsSeenThroughZoom: each type under Zoom's name, long texts as short
// ones, and nothing of what Zoom has no word for.
func TestFormIsSeenThroughZoom(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	r.Must(200, "PUT", r.webex+"/registration", wholeForm)
	zoom, _ := r.form()
	same(t, "questions", zoom["questions"], `[{"field_name":"last_name","required":true},{"field_name":"address","required":true},{"field_name":"city","required":true},
		{"field_name":"country","required":true},{"field_name":"zip","required":true},{"field_name":"state","required":true},{"field_name":"phone","required":true},
		{"field_name":"org","required":true},{"field_name":"job_title","required":true}]`)
	same(t, "custom questions", zoom["custom_questions"], `[{"title":"Line","type":"short","required":true,"answers":[]},{"title":"Lines","type":"short","required":false,"answers":[]},
		{"title":"Some","type":"multiple","required":false,"answers":["a","b, c"]},{"title":"List","type":"single_dropdown","required":true,"answers":["a"]},
		{"title":"Buttons","type":"single_radio","required":false,"answers":["a","b"]}]`)
	settings := r.Must(200, "GET", r.zoom, "")["settings"].(map[string]any)
	same(t, "approval", settings["approval_type"], "1")
}

// TestFormIsSeenThroughWebex: what Zoom set, under this API's names; fields that
// it does not have are not shown.
func TestFormIsSeenThroughWebex(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	r.Must(204, "PATCH", r.zoom+"/registrants/questions", `{"questions":[{"field_name":"city","required":true},{"field_name":"org","required":false},{"field_name":"industry","required":true}],
		"custom_questions":[{"title":"A","type":"short","required":true},{"title":"B","type":"single","answers":["x","y"]},{"title":"C","type":"single_radio","answers":["x"]},
		{"title":"D","type":"single_dropdown","answers":["x"]},{"title":"E","type":"multiple","answers":["x","y"]}]}`)
	_, webex := r.form()
	same(t, "form", webex, `{"autoAcceptRequest":true,"requireFirstName":true,"requireLastName":true,"requireEmail":true,"requireJobTitle":false,"requireCompanyName":false,
		"requireAddress1":false,"requireAddress2":false,"requireCity":true,"requireState":false,"requireZipCode":false,"requireCountryRegion":false,"requireWorkPhone":false,
		"requireFax":false,"customizedQuestions":[{"id":1,"question":"A","required":true,"type":"singleLineTextBox"},
		{"id":2,"question":"B","required":false,"type":"radioButtons","options":[{"id":1,"value":"x"},{"id":2,"value":"y"}]},
		{"id":3,"question":"C","required":false,"type":"radioButtons","options":[{"id":1,"value":"x"}]},
		{"id":4,"question":"D","required":false,"type":"dropdownList","options":[{"id":1,"value":"x"}]},
		{"id":5,"question":"E","required":false,"type":"checkbox","options":[{"id":1,"value":"x"},{"id":2,"value":"y"}]}]}`)
}

// TestFormSurvivesTheOtherDialect: who reads the form through one dialect and
// writes back what was read changes nothing that the other knows.
func TestFormSurvivesTheOtherDialect(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	r.Must(200, "PUT", r.webex+"/registration", wholeForm)
	zoom, webex := r.form()
	back, err := json.Marshal(zoom)
	if err != nil {
		t.Fatal(err)
	}
	r.Must(204, "PATCH", r.zoom+"/registrants/questions", string(back))
	zoomAfter, webexAfter := r.form()
	if !reflect.DeepEqual(zoom, zoomAfter) || !reflect.DeepEqual(webex, webexAfter) {
		t.Errorf("after Zoom wrote back what it read\n got %v\nand %v\nwant %v\nand %v", zoomAfter, webexAfter, zoom, webex)
	}
	r.Must(204, "PATCH", r.zoom+"/registrants/questions", `{"custom_questions":[{"title":"Lines","type":"short","required":true}]}`)
	r.Must(204, "PATCH", r.zoom, `{"topic":"Another","settings":{"approval_type":0}}`)
	_, webexAfter = r.form()
	same(t, "one question is left, and the rules, the ceiling and fax with it", webexAfter["customizedQuestions"],
		`[{"id":2,"question":"Lines","required":true,"type":"multiLineTextBox","maxLength":999}]`)
	for _, member := range []string{"rules", "maxRegisterNum", "requireFax", "requireAddress2"} {
		if !reflect.DeepEqual(webex[member], webexAfter[member]) {
			t.Errorf("%s: got %v, want %v", member, webexAfter[member], webex[member])
		}
	}
	if webexAfter["autoAcceptRequest"] != true {
		t.Error("how the host approves did not follow")
	}

	other := &room{r.Server, t, r.Meeting(""), ""}
	other.webex = asSeries(t, r.Server, other.zoom)
	other.Must(204, "PATCH", other.zoom+"/registrants/questions", `{"questions":[{"field_name":"industry","required":true},{"field_name":"comments"},{"field_name":"city"}],
		"custom_questions":[{"title":"B","type":"single","answers":["x","y"]},{"title":"C","type":"single_radio","answers":["x"]}]}`)
	zoom, webex = other.form()
	if back, err = json.Marshal(webex); err != nil {
		t.Fatal(err)
	}
	other.Must(200, "PUT", other.webex+"/registration", string(back))
	zoomAfter, webexAfter = other.form()
	same(t, "questions", zoomAfter["questions"], `[{"field_name":"industry","required":true},{"field_name":"comments","required":false},{"field_name":"city","required":false},{"field_name":"last_name","required":true}]`)
	if !reflect.DeepEqual(zoom["custom_questions"], zoomAfter["custom_questions"]) {
		t.Errorf("after Webex wrote back what it read\n got %v\nwant %v", zoomAfter, zoom)
	}
	renumbered := strings.NewReplacer(`"id":1,"options"`, `"id":3,"options"`, `"id":2,"options"`, `"id":4,"options"`).Replace(string(back))
	same(t, "renumbered and else the same", webexAfter, renumbered)
}

// TestFormThroughZoomAsksLess: a missing answer is refused here only, but the
// rules hold for both.
func TestFormThroughZoomAsksLess(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	r.Must(200, "PUT", r.webex+"/registration", `{"autoAcceptRequest":true,"requireCity":true,"customizedQuestions":[{"question":"Why","type":"singleLineTextBox","required":true,"maxLength":5,
		"rules":[{"condition":"equals","value":"so","result":"reject","order":2}]}],
		"rules":[{"question":"email","condition":"beginsWith","value":"boss","result":"approve","order":1},{"question":"city","condition":"equals","value":"rome","result":"reject","order":3}]}`)
	if text := r.refused(400, "POST", r.webex+"/registrants", person(ann, "")); text != "city: "+required+"\ncustomizedQuestions[Why]: must be answered: the registration form requires it" {
		t.Errorf("told %s", text)
	}
	if text := r.refused(400, "POST", r.webex+"/registrants/bulkInsert", `[`+person("fine@example.com", `"city":"Bonn","customizedQuestions":[{"questionId":1,"answers":[{"answer":"x"}]}]`)+`,`+person(ann, "")+`]`); text != "items[1].city: "+required+"\nitems[1].customizedQuestions[Why]: must be answered: the registration form requires it" {
		t.Errorf("told %s", text)
	}
	for email, tt := range map[string]struct{ more, want string }{
		"none@example.com":  {``, "approved"},
		"long@example.com":  {`,"custom_questions":[{"title":"Why","value":"much too long"}]`, "approved"},
		"so@example.com":    {`,"custom_questions":[{"title":"Why","value":"so"}]`, "denied"},
		"rome@example.com":  {`,"city":"Rome"`, "denied"},
		"boss@example.com":  {`,"city":"Rome","custom_questions":[{"title":"Why","value":"so"}]`, "approved"},
		"asked@example.com": {`,"city":"Rome","auto_approve":true`, "approved"},
	} {
		r.Must(201, "POST", r.zoom+"/registrants", `{"email":"`+email+`"`+tt.more+`}`)
		if zoom, _ := r.stands(email); zoom != tt.want {
			t.Errorf("%s: got %s, want %s", email, zoom, tt.want)
		}
	}
	for email, tt := range map[string]struct{ more, want string }{
		"so@webex.test":   {`"city":"Bonn","customizedQuestions":[{"questionId":1,"answers":[{"answer":"SO"}]}]`, "rejected"},
		"rome@webex.test": {`"city":"Rome","customizedQuestions":[{"questionId":1,"answers":[{"answer":"x"}]}]`, "rejected"},
		"boss@webex.test": {`"city":"Rome","customizedQuestions":[{"questionId":1,"answers":[{"answer":"x"}]}]`, "approved"},
		"fine@webex.test": {`"city":"Bonn","customizedQuestions":[{"questionId":1,"answers":[{"answer":"x"}]}]`, "approved"},
	} {
		if got := r.add(email, tt.more)["status"]; got != tt.want {
			t.Errorf("%s: got %s, want %s", email, got, tt.want)
		}
	}
}

const required = "is required by the registration form"

// TestFormThatThisAPICannotFillIn: a field that Zoom requires and this API does
// not have keeps nobody out.
func TestFormThatThisAPICannotFillIn(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	r.Must(204, "PATCH", r.zoom+"/registrants/questions", `{"questions":[{"field_name":"industry","required":true},{"field_name":"zip","required":true}]}`)
	if text := r.refused(400, "POST", r.webex+"/registrants", person(ann, "")); text != "zipCode: "+required {
		t.Errorf("told %s", text)
	}
	r.add(ann, `"zipCode":53113`)
}

// TestAnswersThroughBothDialects: what is answered by number here is read by
// title there, and back, also what no option is.
func TestAnswersThroughBothDialects(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":0`)
	r.Must(200, "PUT", r.webex+"/registration", `{"autoAcceptRequest":true,"customizedQuestions":[{"question":"Some","type":"checkbox","options":[{"value":"a"},{"value":"b"},{"value":"a, b"}]},
		{"question":"One","type":"radioButtons","options":[{"value":"x"},{"value":"y"}]}]}`)
	answers := func(email string) any {
		return r.Must(200, "GET", r.webex+"/registrants/"+r.id(email), "")["customizedQuestions"]
	}
	both := r.add(ann, `"customizedQuestions":[{"questionId":1,"answers":[{"optionId":1},{"optionId":2}]},{"questionId":2,"answers":[{"answer":"y"}]}]`)
	want := `[{"questionId":1,"answers":[{"optionId":1,"answer":"a"},{"optionId":2,"answer":"b"}]},{"questionId":2,"answers":[{"optionId":2,"answer":"y"}]}]`
	same(t, "answer", both["customizedQuestions"], want)
	same(t, "read again", answers(ann), want)
	r.add("bob@example.com", `"customizedQuestions":[{"questionId":1,"answers":[{"optionId":3}]}]`)
	same(t, "an option with a comma", answers("bob@example.com"), `[{"questionId":1,"answers":[{"optionId":3,"answer":"a, b"}]}]`)
	row := r.Must(200, "GET", r.zoom+"/registrants/"+r.id("bob@example.com"), "")
	same(t, "by title", row["custom_questions"], `[{"title":"Some","value":"a, b"}]`)
	r.Must(201, "POST", r.zoom+"/registrants", `{"email":"cy@example.com","custom_questions":[{"title":"Some","value":"b, a"},{"title":"One","value":"z"},{"title":"Not asked","value":"x"}]}`)
	same(t, "given through Zoom", answers("cy@example.com"), `[{"questionId":1,"answers":[{"optionId":2,"answer":"b"},{"optionId":1,"answer":"a"}]},{"questionId":2,"answers":[{"answer":"z"}]}]`)
}

// TestRegistrationTurnsOnAndOff: each dialect sees what the other did.
func TestRegistrationTurnsOnAndOff(t *testing.T) {
	t.Parallel()
	r := newRoom(t, mustertest.Options{}, `"approval_type":2`)
	r.refused(400, "GET", r.webex+"/registration", "")
	r.Must(204, "PATCH", r.zoom, `{"password":""}`)
	r.Must(200, "PUT", r.webex+"/registration", `{"autoAcceptRequest":true}`)
	if m := r.Must(200, "GET", r.zoom, ""); m["password"] == nil || m["password"] == "" || m["registration_url"] == nil {
		t.Errorf("a meeting that asks who comes has no password or no link: %v %v", m["password"], m["registration_url"])
	}
	r.add(ann, "")
	r.Must(204, "DELETE", r.webex+"/registration", "")
	r.Refused(404, 404, "GET", r.zoom+"/registrants", "")
	r.Must(204, "PATCH", r.zoom, `{"settings":{"approval_type":1}}`)
	if _, webex := r.stands(ann); webex != "approved" {
		t.Errorf("who was registered is %q when registration is on again", webex)
	}
	r.Must(204, "PATCH", r.zoom, `{"settings":{"approval_type":2}}`)
	r.refused(400, "DELETE", r.webex+"/registration", "")
}

// TestOptionsAlone has options as a client in Go sends them: without the object
// around the value.
func TestOptionsAlone(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	m := asSeries(t, s, s.Meeting(""))
	s.Must(200, "PUT", m+"/registration", `{"customizedQuestions":[{"question":"Diet?","type":"dropdownList","options":["any",{"value":"none"}]}]}`)
	if got := string(s.Do("GET", m+"/registration", "").Body); !strings.Contains(got, `"options":[{"id":1,"value":"any"},{"id":2,"value":"none"}]`) {
		t.Errorf("got %s", got)
	}
	if a := s.Do("PUT", m+"/registration", `{"customizedQuestions":[{"question":"Diet?","type":"dropdownList","options":[7]}]}`); a.Status != 400 {
		t.Errorf("a number for an option: got %d %s", a.Status, a.Body)
	}
}
