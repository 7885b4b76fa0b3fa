package zoom_test

import (
	"strings"
	"testing"

	"muster/internal/mustertest"
)

// TestRequiredTrackingFields makes and changes meetings of an account that
// requires a field, and one from before.
func TestRequiredTrackingFields(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.Account("stranger")
	const with, without = `"tracking_fields":[{"field":"department","value":"Sales"}]`, `"tracking_fields":[{"field":"Site","value":"x"}]`
	before := s.Meeting("")
	had := s.Meeting(with)
	field := "/v2/tracking_fields/" + text(s.Must(201, "POST", "/v2/tracking_fields", `{"field":"Department","required":true}`)["id"])
	for _, body := range []string{`{"topic":"t"}`, `{"topic":"t",` + without + `}`, `{"topic":"t","tracking_fields":[{"field":"Department","value":""}]}`} {
		if told := s.Refused(400, 300, "POST", "/v2/users/me/meetings", body); !strings.Contains(told, "missing: Department") {
			t.Errorf("%s: the answer does not name the field: %s", body, told)
		}
	}
	made := s.Meeting(with)
	s.Must(204, "PATCH", before, `{"topic":"still without"}`)
	s.Must(204, "PATCH", before, `{`+without+`}`)
	s.Must(204, "PATCH", made, `{"topic":"nothing said of them"}`)
	s.Must(204, "PATCH", made, `{"tracking_fields":[{"field":"Department","value":"Research"},{"field":"Site","value":"x"}]}`)
	for _, m := range []string{made, had} {
		s.Refused(400, 300, "PATCH", m, `{`+without+`}`)
		s.Refused(400, 300, "PATCH", m, `{"tracking_fields":[]}`)
	}
	if a := s.As(s.TokenFor("stranger"), "POST", "/v2/users/me/meetings", `{"topic":"t"}`); a.Status != 201 {
		t.Errorf("another account: got %d %s", a.Status, a.Body)
	}
	s.Must(204, "PATCH", field, `{"required":false}`)
	s.Meeting("")
	s.Must(204, "PATCH", field, `{"required":true}`)
	s.Must(204, "DELETE", field, "")
	s.Meeting("")
	if got := s.Must(200, "GET", made, "")["tracking_fields"].([]any); len(got) != 2 {
		t.Errorf("the meeting's own values: got %v", got)
	}
}

// TestTrackingFieldsVisible shows what a meeting answers about its fields.
func TestTrackingFieldsVisible(t *testing.T) {
	t.Parallel()
	s := mustertest.New(t, mustertest.Options{})
	s.Must(201, "POST", "/v2/tracking_fields", `{"field":"Shown","visible":true}`)
	s.Must(201, "POST", "/v2/tracking_fields", `{"field":"Hidden"}`)
	made := s.Must(201, "POST", "/v2/users/me/meetings", `{"topic":"t","type":2,"tracking_fields":[
		{"field":"shown","value":"1"},{"field":"hidden","value":"2"},{"field":"of its own","value":"3"}]}`)
	for what, m := range map[string]map[string]any{"created": made, "read": s.Must(200, "GET", "/v2/meetings/"+text(made["id"]), "")} {
		for i, want := range []bool{true, false, true} {
			if f := m["tracking_fields"].([]any)[i].(map[string]any); f["visible"] != want {
				t.Errorf("%s: %v: want visible %v", what, f, want)
			}
		}
	}
}
